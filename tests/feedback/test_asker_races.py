"""What askers and readers do at the same moment: the limits hold, and the chain of history stays whole."""

import pytest

from feedback import services
from feedback.models import Case
from tests.factories import make_agency, make_case, make_head, make_published_case
from tests.feedback.test_races import copy, race

pytestmark = pytest.mark.django_db(transaction=True)
Status = Case.Status


def won(outcomes) -> int:
    return sum(not isinstance(each, Exception) for each in outcomes)


def test_additions_at_once_stay_within_the_limit(monkeypatch):
    monkeypatch.setattr("feedback.services.asker.MOST_ADDITIONS", 2)
    case = make_case()
    rows = [copy(case) for _each in range(4)]
    outcomes = race(*(lambda row=row: services.add_more(row, text="Thêm") for row in rows))
    assert won(outcomes) == 2
    assert case.events.filter(step="add").count() == 2
    assert services.verify_history() == []


def test_an_addition_and_the_signature_leave_one_order():
    agency = make_agency()
    case, head = make_case(status=Status.DRAFTED, agency=agency), make_head(agency)
    one, two = copy(case), copy(case)
    outcomes = race(
        lambda: services.add_more(one, text="Thêm"), lambda: services.sign(two, by=head, version=1)
    )
    assert not isinstance(outcomes[1], Exception)
    steps = list(case.events.values_list("step", flat=True))
    assert steps.index("sign") == len(steps) - 1  # what came after the signature was refused
    assert services.verify_history() == []


def test_one_visitor_who_presses_often_at_once_has_one_vote():
    case = make_published_case()
    rows = [copy(case) for _each in range(4)]
    outcomes = race(*(lambda row=row: services.find_helpful(row, voter="một người") for row in rows))
    assert won(outcomes) == 1
    assert copy(case).helpful == 1


def test_the_link_to_a_new_pin_gives_one():
    case = make_case(email="dan@vidu.vn")
    rows = [copy(case) for _each in range(3)]
    outcomes = race(*(lambda row=row: services.renew_pin(row) for row in rows))
    assert won(outcomes) == 1
    pin = next(each for each in outcomes if isinstance(each, str))
    assert services.find_by_code(case.code, pin) == case


def test_taking_back_the_consent_and_publishing_never_leave_a_page():
    case = make_case(status=Status.ANSWERED)
    by, words = services.coordinators()[0], services.proposal_for_public(case)
    one, two = copy(case), copy(case)
    outcomes = race(lambda: services.publish(one, by=by, **words), lambda: services.withdraw_consent(two))
    left = copy(case)
    assert outcomes[1] is None
    assert (left.published_at, left.publish_consent_at) == (None, None)
    assert services.verify_history() == []
