"""An edit of the calendar counts the deadlines of open cases again."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from agencies.models import WorkCalendarDay
from feedback import services
from feedback.models import Case, CountedDay
from notifications.models import Message
from parcai.demo.clock import at
from tests.factories import make_agency, make_case, make_head, make_officer

pytestmark = pytest.mark.django_db
Status = Case.Status


def moment(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def received(month: int, day: int, status=Status.ASSIGNED, **fields) -> Case:
    with at(moment(month, day)):
        return make_case(status=status, email="dan@vidu.vn", **fields)


def day_off(day: date) -> WorkCalendarDay:
    return WorkCalendarDay.objects.create(on=day, name="Nghỉ tránh bão", basis="Công điện 01")


def test_a_new_day_off_moves_the_cases_it_touches_and_tells_their_askers():
    touched = received(3, 2)
    ended, before, behind = received(3, 2, Status.ANSWERED), received(2, 9), received(3, 17)
    waiting = received(3, 2, Status.NEEDS_INFO)
    day_off(date(2026, 3, 17))  # the day of receipt itself is not counted

    with at(moment(3, 10)):
        assert (services.recount_deadlines(), services.recount_deadlines()) == (2, 0)

    moved = {case.pk: case.due_on for case in Case.objects.all()}
    assert moved[touched.pk] == moved[waiting.pk] == date(2026, 3, 24)
    assert (moved[before.pk], moved[behind.pk]) == (before.due_on, behind.due_on)
    assert moved[ended.pk] == ended.due_on
    event = touched.events.last()
    assert (event.step, event.by) == ("recount", None)
    for words in ("23/3/2026", "24/3/2026", "17/3/2026", "Nghỉ tránh bão", "Công điện 01"):
        assert words in event.public_note
    assert Message.objects.filter(template="case_recounted").count() == 2
    assert services.verify_history() == []


def test_a_worked_saturday_or_a_day_taken_back_moves_it_earlier_without_a_message():
    row = day_off(date(2026, 3, 11))
    services.recount_deadlines()
    case = received(3, 2)
    assert case.due_on == date(2026, 3, 24)

    row.delete()
    services.recount_deadlines()
    case.refresh_from_db()
    assert case.due_on == date(2026, 3, 23)
    assert "bỏ ngày 11/3/2026 (Nghỉ tránh bão)" in case.events.last().public_note
    WorkCalendarDay.objects.create(on=date(2026, 3, 14), is_working=True, name="Làm bù", basis="Thông báo")
    services.recount_deadlines()
    case.refresh_from_db()

    assert case.due_on == date(2026, 3, 20)
    assert not Message.objects.filter(template="case_recounted").exists()


def test_paused_and_extended_cases_are_counted_again_by_their_own_rows():
    agency = make_agency()
    officer, head, case = make_officer(agency), make_head(agency), received(3, 2, agency=agency)
    with at(moment(3, 4)):
        services.ask_back(case, by=officer, note="Nơi đăng ký?")
    with at(moment(3, 6)):
        services.add_information(case, text="Phường 1")
    with at(moment(3, 12)):
        services.extend(case, by=head, due_on=date(2026, 4, 3), ground="Quy chế", note="Xác minh")
    day_off(date(2026, 3, 5))  # stood still anyway
    day_off(date(2026, 3, 30))

    assert services.recount_deadlines() == 1
    case.refresh_from_db()
    assert case.due_on == services.due_of(case) == date(2026, 4, 6)
    assert services.explain(case)[-1]["on"] == date(2026, 4, 6)


def test_a_case_somebody_changes_meanwhile_is_counted_in_the_next_round():
    case = received(3, 2)
    day_off(date(2026, 3, 11))
    refuse = pytest.MonkeyPatch()
    refuse.setattr("feedback.services.calendar.change", _lost)
    assert services.recount_deadlines() == 0
    refuse.undo()
    assert not CountedDay.objects.exists()

    assert services.recount_deadlines() == 1
    assert Case.objects.get(pk=case.pk).due_on == date(2026, 3, 24)
    assert [day.on for day in CountedDay.objects.all()] == [date(2026, 3, 11)]


def _lost(case, **changes):
    raise services.TransitionError("Hồ sơ vừa được người khác xử lý.")
