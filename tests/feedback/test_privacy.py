"""The asker's own data: what they may ask for, how long it is kept, who may see it."""

from datetime import date

import pytest
from django.utils import timezone

from agencies import services as agencies
from feedback import services
from feedback.models import DataRequest
from notifications.models import Message
from tests.factories import make_case, make_coordinator

pytestmark = pytest.mark.django_db
Kind = DataRequest.Kind


def test_each_kind_of_request_has_the_days_the_law_gives():
    make_coordinator()
    case = make_case()

    asked = {kind: services.ask_about_data(case, kind=kind, note="Sửa tên tôi") for kind in Kind}

    today = timezone.localdate()
    assert {kind: (each.due_on - today).days for kind, each in asked.items()} == {
        "access": 10,
        "correct": 10,
        "delete": 20,
        "withdraw_consent": 15,
        "restrict": 15,
    }
    assert {each.reply_by for each in asked.values()} == {agencies.due_on(timezone.now(), 2)}
    assert Message.objects.filter(template="case_data_asked", channel="in_app").count() == 5
    assert DataRequest.due_after("delete", date(2026, 2, 10)) == date(2026, 3, 2)


def test_a_request_is_not_taken_twice_nor_without_what_it_needs():
    case = make_case(may_publish=False)
    services.ask_about_data(case, kind="delete")

    for kind in ("delete", "correct", "withdraw_consent"):
        with pytest.raises(services.TransitionError):
            services.ask_about_data(case, kind=kind)

    assert DataRequest.objects.count() == 1
    assert list(case.events.values_list("step", flat=True)) == ["receive", "data-ask"]
