"""Two coordinators at once, and one sheet sent several times: one wins, and the rows agree."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from feedback import notice, services
from feedback.models import Case, CaseEvent, Routing, Split
from tests.factories import make_agency, make_case, make_coordinator
from tests.feedback.test_races import copy, race

pytestmark = pytest.mark.django_db(transaction=True)
Status = Case.Status
ROUNDS = 3


def lost(outcomes) -> list[bool]:
    return sorted(isinstance(each, services.TransitionError) for each in outcomes)


def test_two_cases_are_not_joined_each_to_the_other():
    for _round in range(ROUNDS):
        one, two = make_case(), make_case()
        first, second = make_coordinator(), make_coordinator()
        mine, theirs = (copy(one), copy(two)), (copy(two), copy(one))

        outcomes = race(
            lambda mine=mine, by=first: services.mark_duplicate(mine[0], by=by, of=mine[1]),
            lambda theirs=theirs, by=second: services.mark_duplicate(theirs[0], by=by, of=theirs[1]),
        )

        assert lost(outcomes) == [False, True]
        assert sorted(copy(case).status for case in (one, two)) == [Status.DUPLICATE, Status.RECEIVED]
        assert services.verify_history() == []


def test_nobody_is_joined_to_a_case_that_has_just_ended():
    for _round in range(ROUNDS):
        main, double, by = make_case(), make_case(email="dan@vidu.vn"), make_coordinator()
        one, two, target = copy(double), copy(main), copy(main)

        outcomes = race(
            lambda one=one, target=target, by=by: services.mark_duplicate(one, by=by, of=target),
            lambda two=two: services.withdraw(two),
        )

        assert outcomes[1] is None
        assert (copy(double).status == Status.DUPLICATE) is (outcomes[0] is None)
        assert services.verify_history() == []


def test_a_case_is_routed_put_away_or_cut_once():
    for _round in range(ROUNDS):
        case, agency = make_case(), make_agency()
        rows = [copy(case) for _each in range(4)]
        people = [make_coordinator() for _each in range(4)]
        halves = {"kind": "question", "title": "a", "text": "b", "part_title": "c", "part_text": "d"}

        outcomes = race(
            lambda r=rows, p=people, a=agency: services.route(r[0], by=p[0], agency=a, offers=[]),
            lambda r=rows, p=people, a=agency: services.route(r[1], by=p[1], agency=a, offers=[]),
            lambda r=rows, p=people: services.mark_spam(r[2], by=p[2]),
            lambda r=rows, p=people, h=halves: services.split(r[3], by=p[3], **h),
        )

        assert lost(outcomes) == [False, True, True, True]
        after = copy(case)
        assert Routing.objects.filter(case=case).count() == (after.status == Status.ASSIGNED)
        assert (after.spam_at is not None) is (after.status == Status.REJECTED)
        assert Split.objects.filter(case=case).count() == (after.status == Status.RECEIVED)
        assert services.verify_history() == []


def test_one_sheet_sent_five_times_at_once_is_one_case():
    coordinator, submission = make_coordinator(), str(uuid.uuid4())
    data = {
        "source": "counter",
        "matter": "hoi",
        "submission": submission,
        "title": "Làm lại sổ đỏ bị mất ra sao?",
        "text": "Nhà tôi bị mất sổ đỏ, xin hỏi phải làm gì.",
        "asker_kind": "cong_dan",
        "name": "Trần Văn Quầy",
        "consent_given": "giay",
        "answer_consent": "on",
        "notice": notice.VERSION,
    }
    clients = [Client() for _each in range(5)]
    for client in clients:
        client.force_login(coordinator, backend="agencies.auth.OfficialBackend")
    url = reverse("feedback:desk-counter")

    answers = race(*[lambda client=client: client.post(url, data) for client in clients])

    case = Case.objects.get()
    assert {answer.status_code for answer in answers} == {200}
    assert all(case.code in answer.content.decode() for answer in answers)
    assert list(CaseEvent.objects.values_list("step", flat=True)) == ["receive"]


def test_two_new_pins_at_once_leave_one_that_opens():
    case = make_case()
    Case.objects.filter(pk=case.pk).update(source=Case.Source.COUNTER)
    one, two = copy(case), copy(case)
    first, second = make_coordinator(), make_coordinator()

    outcomes = race(lambda: services.reissue_pin(one, by=first), lambda: services.reissue_pin(two, by=second))

    assert lost(outcomes) == [False, True]
    pin = next(each for each in outcomes if isinstance(each, str))
    assert services.find_by_code(case.code, pin) == case
