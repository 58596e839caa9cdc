"""Two people press a button at once: one wins, the other is told, and status, history and messages agree.

Every competitor holds its own copy of the case, read before the start, and its own database connection.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from agencies import services as agencies
from feedback import forms, services
from feedback.models import Answer, Case, CaseEvent, CaseFile, DataRequest, Draft, Pause
from notifications.models import Message
from tests.factories import (
    ANSWER,
    PDF,
    make_agency,
    make_case,
    make_coordinator,
    make_head,
    make_officer,
    make_published_case,
)

pytestmark = pytest.mark.django_db(transaction=True)
Status = Case.Status
ROUNDS = 3


def race(*acts) -> list:
    """Run all at the same moment; for each its result, or the TransitionError it got."""
    gate = threading.Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=30)
            return act()
        except services.TransitionError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_files_put_on_a_draft_while_it_is_sent_come_along_or_are_refused_and_never_more_than_five():
    draft = Draft.objects.create(kind=Case.Kind.QUESTION, data="đã gõ")
    fields = {"kind": "question", "title": "Một câu hỏi", "text": "Nội dung", "asker": {"name": "Dân"}}

    def put():
        checked = [services.check(SimpleUploadedFile("don.pdf", PDF)) for _each in range(3)]
        return services.attach_to_draft(draft, checked)

    def send():
        return services.send_draft(draft, **fields)

    ends = race(put, put, send, send)

    assert ends[2] == ends[3] == Case.objects.get()
    taken = [end for end in ends[:2] if not isinstance(end, services.TransitionError)]
    assert len(taken) <= 1
    assert CaseFile.objects.filter(case=ends[2]).count() == CaseFile.objects.count() == 3 * len(taken)
    forms.write_draft(draft, {"cau-hoi": {"title": "gõ ở thẻ khác"}})
    draft.refresh_from_db()
    assert (draft.case, draft.data) == (ends[2], "")


def copy(case: Case) -> Case:
    return Case.objects.select_related("agency", "officer", "campaign", "duplicate_of").get(pk=case.pk)


def test_forty_sendings_of_one_draft_give_one_case():
    make_coordinator()
    draft = Draft.objects.create(kind=Case.Kind.QUESTION, data="đã gõ")
    fields = {
        "kind": Case.Kind.QUESTION,
        "title": "Một câu hỏi đủ dài",
        "text": "Nội dung đủ dài của câu hỏi.",
        "asker": {"name": "Dân", "email": "dan@vidu.vn"},
    }

    cases = race(*[lambda: services.send_draft(draft, **fields)] * 40)

    assert {case.pk for case in cases} == {Case.objects.get().pk}
    assert list(CaseEvent.objects.values_list("step", flat=True)) == ["receive"]
    assert Message.objects.filter(template="case_received").count() == 1
    assert Message.objects.filter(template="case_new").count() == 1
    draft.refresh_from_db()
    assert (draft.case, draft.data) == (cases[0], "")


def test_twenty_receivings_of_one_submission_give_one_case():
    submission = Draft().pk

    def receive():
        return services.receive(
            kind=Case.Kind.QUESTION,
            title="Một câu hỏi đủ dài",
            text="Nội dung đủ dài của câu hỏi.",
            asker={"name": "Dân"},
            submission=submission,
        )

    cases = race(*[receive] * 20)

    assert {case.pk for case in cases} == {Case.objects.get().pk}
    assert CaseEvent.objects.count() == 1


# Each pair: the case, and two competitors as (act, status afterwards, steps it adds to the history).


def two_heads_sign():
    case = make_case(status=Status.DRAFTED, email="dan@vidu.vn")

    def competitor():
        mine, head = copy(case), make_head(case.agency)
        return lambda: services.sign(mine, by=head, version=1), Status.ANSWERED, ["sign"]

    return case, competitor(), competitor()


def sign_and_withdraw():
    case = make_case(status=Status.DRAFTED)
    one, two, head = copy(case), copy(case), make_head(case.agency)
    return (
        case,
        (lambda: services.sign(one, by=head, version=1), Status.ANSWERED, ["sign"]),
        (lambda: services.withdraw(two), Status.WITHDRAWN, ["withdraw"]),
    )


def two_coordinators_route():
    case = make_case()

    def competitor():
        mine, by, agency = copy(case), make_coordinator(), make_agency()
        make_officer(agency)
        return lambda: services.route(mine, by=by, agency=agency), Status.ASSIGNED, ["accept", "route"]

    return case, competitor(), competitor()


def accept_and_reject():
    case = make_case(email="dan@vidu.vn")
    one, two, by = copy(case), copy(case), make_coordinator()
    return (
        case,
        (lambda: services.accept(one, by=by), Status.ACCEPTED, ["accept"]),
        (lambda: services.reject(two, by=by, note="Lý do"), Status.REJECTED, ["reject"]),
    )


def two_officers_save_a_first_draft():
    case = make_case(status=Status.ASSIGNED)

    def competitor(words):
        mine, officer = copy(case), make_officer(case.agency)
        return lambda: services.save_draft(mine, by=officer, body=words, version=0), Status.ASSIGNED, []

    return case, competitor("<p>Một</p>"), competitor("<p>Hai</p>")


def two_publish():
    case = make_case(status=Status.ANSWERED)

    def competitor(title):
        mine, by = copy(case), make_coordinator()
        words = {"title": title, "text": "Câu hỏi", "answer": ANSWER}
        return lambda: services.publish(mine, by=by, **words), Status.ANSWERED, ["publish"]

    return case, competitor("Một"), competitor("Hai")


def ask_back_and_submit():
    case = make_case(status=Status.ASSIGNED, email="dan@vidu.vn")
    one, two = copy(case), copy(case)
    asking, writing = make_officer(case.agency), make_officer(case.agency)
    return (
        case,
        (lambda: services.ask_back(one, by=asking, note="Cần thêm"), Status.NEEDS_INFO, ["ask-back"]),
        (
            lambda: services.submit_answer(two, by=writing, body=ANSWER, version=0),
            Status.DRAFTED,
            ["submit"],
        ),
    )


def two_reopen():
    case = make_case(status=Status.ANSWERED)

    def competitor(note):
        mine = copy(case)
        return lambda: services.reopen(mine, note=note), Status.ASSIGNED, ["reopen"]

    return case, competitor("Một"), competitor("Hai")


def two_rate():
    case = make_case(status=Status.ANSWERED)

    def competitor(rating):
        mine = copy(case)
        return lambda: services.rate(mine, rating=rating), Status.ANSWERED, ["rate"]

    return case, competitor(1), competitor(5)


def mark_duplicate_and_route():
    case, original, agency = make_case(email="dan@vidu.vn"), make_case(), make_agency()
    make_officer(agency)
    one, two, by = copy(case), copy(case), make_coordinator()
    return (
        case,
        (lambda: services.mark_duplicate(one, by=by, of=original), Status.DUPLICATE, ["duplicate"]),
        (lambda: services.route(two, by=by, agency=agency), Status.ASSIGNED, ["accept", "route"]),
    )


def unpublish_and_publish():
    case = make_published_case()
    one, two, by = copy(case), copy(case), make_coordinator()
    words = {"title": "Tiêu đề đã sửa", "text": "Câu hỏi", "answer": ANSWER}
    return (
        case,
        (lambda: services.unpublish(one, by=by, note="Lý do"), Status.ANSWERED, ["unpublish"]),
        (lambda: services.publish(two, by=by, **words), Status.ANSWERED, ["publish"]),
    )


def return_and_submit():
    case = make_case(status=Status.ASSIGNED)
    one, two = copy(case), copy(case)
    head, officer = make_head(case.agency), make_officer(case.agency)
    make_coordinator()
    return (
        case,
        (lambda: services.return_to_intake(one, by=head, note="Lý do"), Status.ACCEPTED, ["return"]),
        (
            lambda: services.submit_answer(two, by=officer, body=ANSWER, version=0),
            Status.DRAFTED,
            ["submit"],
        ),
    )


def deletion_of(case: Case):
    """An official deletes what the asker asked to have deleted, from their own copy."""
    asked = services.ask_about_data(case, kind="delete")
    by = make_coordinator()
    return lambda: services.do_data_request(asked, by=by)


def reopen_and_anonymise():
    case = make_case(status=Status.ANSWERED)
    act, one = deletion_of(case), copy(case)
    return (
        case,
        (lambda: services.reopen(one, note="Chưa rõ"), Status.ASSIGNED, ["reopen"]),
        (act, Status.ANSWERED, ["data-do", "anonymise"]),
    )


def publish_and_deletion():
    case = make_case(status=Status.ANSWERED)
    one, two, by = copy(case), copy(case), make_coordinator()
    words = {"title": "Tiêu đề", "text": "Câu hỏi", "answer": ANSWER}
    return (
        case,
        (lambda: services.publish(one, by=by, **words), Status.ANSWERED, ["publish"]),
        (lambda: services.anonymise(two, asked=DataRequest()), Status.ANSWERED, ["anonymise"]),
    )


def unpublish_and_taking_back_consent():
    case = make_published_case()
    asked, by = services.ask_about_data(case, kind="withdraw_consent"), make_coordinator()
    one = copy(case)
    return (
        case,
        (lambda: services.unpublish(one, by=by, note="Lý do"), Status.ANSWERED, ["unpublish"]),
        (lambda: services.do_data_request(asked, by=by), Status.ANSWERED, ["data-do"]),
    )


def two_do_one_request():
    case = make_case(status=Status.ANSWERED)
    asked = services.ask_about_data(case, kind="restrict")

    def competitor():
        by = make_coordinator()
        return lambda: services.do_data_request(asked, by=by), Status.ANSWERED, ["data-do"]

    return case, competitor(), competitor()


def do_and_refuse_one_request():
    case = make_case(status=Status.ANSWERED)
    asked, by = services.ask_about_data(case, kind="access"), make_coordinator()
    refusal = {"ground": "Điều luật", "answer": "Vì…"}
    return (
        case,
        (lambda: services.do_data_request(asked, by=by), Status.ANSWERED, ["data-do"]),
        (lambda: services.refuse_data_request(asked, by=by, **refusal), Status.ANSWERED, ["data-refuse"]),
    )


def two_anonymise():
    case = make_case(status=Status.ANSWERED)

    def competitor():
        mine = copy(case)
        return lambda: services.anonymise(mine, asked=DataRequest()), Status.ANSWERED, ["anonymise"]

    return case, competitor(), competitor()


def route_and_withdraw():
    case, agency = make_case(), make_agency()
    make_officer(agency)
    one, two, by = copy(case), copy(case), make_coordinator()
    return (
        case,
        (lambda: services.route(one, by=by, agency=agency), Status.ASSIGNED, ["accept", "route"]),
        (lambda: services.withdraw(two), Status.WITHDRAWN, ["withdraw"]),
    )


def two_officers_claim():
    case = make_case(status=Status.ASSIGNED)

    def competitor():
        mine, by = copy(case), make_officer(case.agency)
        return lambda: services.claim(mine, by=by), Status.ASSIGNED, ["claim"]

    return case, competitor(), competitor()


def mark_duplicate_and_answer():
    case, original = make_case(status=Status.DRAFTED, email="dan@vidu.vn"), make_case()
    services.send_back(copy(case), by=make_head(case.agency), note="Sửa")
    one, two, by, officer = copy(case), copy(case), make_coordinator(), make_officer(case.agency)
    return (
        case,
        (lambda: services.mark_duplicate(one, by=by, of=original), Status.DUPLICATE, ["duplicate"]),
        (
            lambda: services.submit_answer(two, by=officer, body=ANSWER, version=1),
            Status.DRAFTED,
            ["submit"],
        ),
    )


def extension_and_sign():
    case = make_case(status=Status.DRAFTED, email="dan@vidu.vn")
    one, two = copy(case), copy(case)
    head, other = make_head(case.agency), make_head(case.agency)
    later = agencies.due_on(timezone.now(), case.term + 5)
    return (
        case,
        (
            lambda: services.extend(one, by=other, due_on=later, ground="Điều luật", note="Vì…"),
            Status.DRAFTED,
            ["extend"],
        ),
        (lambda: services.sign(two, by=head, version=1), Status.ANSWERED, ["sign"]),
    )


def two_mask_the_same_words():
    case = make_case(status=Status.ANSWERED)

    def competitor():
        mine, by = copy(case), make_coordinator()
        words = {"field": "text", "words": "giấy khai sinh", "reason": "personal"}
        return lambda: services.mask(mine, by=by, **words), Status.ANSWERED, []

    return case, competitor(), competitor()


def set_aside_and_submit():
    case = make_case(status=Status.ASSIGNED)
    one, two, by, officer = copy(case), copy(case), make_coordinator(), make_officer(case.agency)
    return (
        case,
        (lambda: services.set_aside(one, by=by), Status.FORWARDED, ["set-aside"]),
        (
            lambda: services.submit_answer(two, by=officer, body=ANSWER, version=0),
            Status.DRAFTED,
            ["submit"],
        ),
    )


PAIRS = [
    two_heads_sign,
    sign_and_withdraw,
    two_coordinators_route,
    accept_and_reject,
    two_officers_save_a_first_draft,
    two_publish,
    ask_back_and_submit,
    two_reopen,
    two_rate,
    mark_duplicate_and_route,
    unpublish_and_publish,
    return_and_submit,
    reopen_and_anonymise,
    publish_and_deletion,
    unpublish_and_taking_back_consent,
    two_do_one_request,
    do_and_refuse_one_request,
    two_anonymise,
    route_and_withdraw,
    two_officers_claim,
    mark_duplicate_and_answer,
    extension_and_sign,
    two_mask_the_same_words,
    set_aside_and_submit,
]
TOLD_BY = {  # messages only this step queues
    "sign": "case_answered",
    "reject": "case_rejected",
    "ask-back": "case_needs_info",
    "duplicate": "case_duplicate",
    "route": "case_assigned",
    "submit": "answer_waiting",
    "return": "case_returned",
    "withdraw": "case_withdrawn",
    "reopen": "case_reopened",
    "data-do": "case_data_done",
    "data-refuse": "case_data_refused",
    "extend": "case_extended",
}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_exactly_one_of_two_wins(pair):
    for _round in range(ROUNDS):
        case, *competitors = pair()
        before = list(case.events.values_list("step", flat=True))
        already_told = set(Message.objects.values_list("pk", flat=True))

        outcomes = race(*[act for act, _status, _steps in competitors])

        lost = [isinstance(outcome, services.TransitionError) for outcome in outcomes]
        assert sorted(lost) == [False, True], outcomes
        _act, status, steps = competitors[lost.index(False)]
        after = copy(case)
        assert after.status == status
        assert list(case.events.values_list("step", flat=True)) == before + steps
        assert case.events.last().to_status == status
        assert services.verify_history() == []
        new = Message.objects.exclude(pk__in=already_told).values_list("template", flat=True)
        assert set(new) <= {TOLD_BY[step] for step in steps if step in TOLD_BY}
        assert_rows_agree(after)


def assert_rows_agree(case: Case) -> None:
    """What hangs on a case says the same as its status."""
    unsigned = Answer.objects.filter(case=case, signed_at=None).count()
    assert (Answer.objects.filter(case=case).signed().exists()) is (case.answered_at is not None)
    if case.status == Status.DRAFTED:
        assert unsigned == 1
    if case.status in {Status.ACCEPTED, Status.NEEDS_INFO, Status.ANSWERED}:
        assert unsigned == 0
    assert Pause.objects.filter(case=case, ended_at=None).exists() is (case.status == Status.NEEDS_INFO)
    if case.status not in {Status.DUPLICATE, Status.WITHDRAWN}:  # with an agency before, or not
        assert (case.agency is None) is (case.status in {Status.RECEIVED, Status.ACCEPTED, Status.REJECTED})


def test_the_words_of_the_winner_stand():
    case, *competitors = two_officers_save_a_first_draft()

    outcomes = race(*[act for act, _status, _steps in competitors])

    winner = next(each for each in outcomes if isinstance(each, Answer))
    draft = Answer.objects.get(case=case)
    assert (draft.body, draft.drafted_by, draft.version) == (winner.body, winner.drafted_by, 1)


def test_ten_readers_of_one_reminder_tell_each_official_once():
    agency = make_agency()
    officer, head = make_officer(agency), make_head(agency)
    case = make_case(
        status=Status.ASSIGNED, agency=agency
    )  # sorted by a coordinator, who is told of what is late too
    Case.objects.filter(pk=case.pk).update(due_on="2026-01-05")

    outcomes = race(*[services.remind_deadlines] * 10)

    assert sorted(outcomes) == [0] * 9 + [1]
    told = Message.objects.filter(template="case_overdue", channel="in_app").values_list(
        "official", flat=True
    )
    [coordinator] = services.coordinators()
    assert sorted(told) == sorted([officer.pk, head.pk, coordinator.pk])


def test_history_stays_one_chain_when_several_write_at_once():
    agency = make_agency()
    officer, head = make_officer(agency), make_head(agency)
    case = make_case(status=Status.ASSIGNED, agency=agency)

    race(*[partial(services.add_note, copy(case), by=by, text="Ghi chú") for by in (officer, head) * 5])

    assert case.events.filter(step="note").count() == 10
    assert services.verify_history() == []


def test_of_two_who_take_each_other_off_the_list_one_remains():
    one, two = make_coordinator(), make_coordinator()
    case = make_case()
    services.set_aside(case, by=one)
    services.name_reader(case, by=one, user=two)
    mine, theirs = copy(case), copy(case)

    outcomes = race(
        lambda: services.unname_reader(mine, by=one, user=two),
        lambda: services.unname_reader(theirs, by=two, user=one),
    )

    assert sum(isinstance(each, services.TransitionError) for each in outcomes) == 1
    assert case.readers.count() == 1


# The officer and the head ----------------------------------------------------------------------------------------


def test_head_and_deputy_sign_at_once_and_one_of_them_has_signed():
    case = make_case(status=Status.DRAFTED)
    head, deputy = make_head(case.agency), make_officer(case.agency)
    today = timezone.localdate()
    services.delegate(by=head, deputy=deputy, valid_from=today, valid_until=today, ground="QĐ 1")
    first, second = copy(case), copy(case)

    results = race(
        lambda: services.sign(first, by=head, version=1), lambda: services.sign(second, by=deputy, version=1)
    )

    assert sum(isinstance(each, Answer) for each in results) == 1
    assert case.events.filter(step="sign").count() == 1
    assert case.answers.get().signed_by in (head, deputy)


def test_a_delegation_is_revoked_while_the_deputy_signs():
    case = make_case(status=Status.DRAFTED)
    head, deputy = make_head(case.agency), make_officer(case.agency)
    today = timezone.localdate()
    given = services.delegate(by=head, deputy=deputy, valid_from=today, valid_until=today, ground="QĐ 1")
    mine = copy(case)

    _signed, revoked = race(
        lambda: services.sign(mine, by=deputy, version=1),
        lambda: services.revoke_delegation(given, by=head),
    )

    assert revoked is None
    answer = case.answers.get()
    given.refresh_from_db()
    assert answer.signed_at is None or answer.signed_at <= given.revoked_at


def test_two_take_a_lapsed_case_over_and_one_has_it():
    case = make_case(status=Status.ASSIGNED)
    services.claim(case, by=make_officer(case.agency))
    Case.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - timedelta(days=20))
    officers = [make_officer(case.agency), make_officer(case.agency)]
    copies = [copy(case), copy(case)]

    results = race(*[lambda at=at: services.claim(copies[at], by=officers[at]) for at in (0, 1)])

    assert sum(each is None for each in results) == 1
    assert case.events.filter(step="claim").count() == 2
