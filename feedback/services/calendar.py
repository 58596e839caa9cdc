"""An edit of the working calendar counts the deadlines of open cases again."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import WorkCalendarDay
from feedback.models import Case, CountedDay
from feedback.services.due import due_of
from feedback.services.steps import TransitionError, change, day_text, record, tell_asker

CHUNK = 200
MOST_NAMED = 3  # days a line of history names


def recount_deadlines() -> int:
    """Bring the due days of open cases in line with the calendar, wherever it was edited; returns how many moved.

    The days deadlines were last counted by are kept. They follow only when every case is done, so that a round that
    broke off is done again; what it had done already finds nothing to move.
    """
    counted = {day.on: day for day in CountedDay.objects.all()}
    calendar = {day.on: day for day in WorkCalendarDay.objects.all()}
    changed = [
        on
        for on in sorted(counted.keys() | calendar.keys())
        if (on in counted) != (on in calendar) or counted[on].is_working != calendar[on].is_working
    ]
    if not changed:
        return 0
    moved, is_whole = 0, True
    first = agencies.midnight(changed[-1] + timedelta(days=1))
    touched = Case.objects.open().filter(clock_from__lt=first, due_on__gte=changed[0])
    for pk in list(touched.order_by("pk").values_list("pk", flat=True)):
        try:
            moved += _recount(pk, changed, counted, calendar)
        except TransitionError:  # somebody works on it: next round
            is_whole = False
    if is_whole:
        _keep(changed, calendar)
    return moved


@transaction.atomic
def _keep(changed: list[date], calendar: dict[date, WorkCalendarDay]) -> None:
    CountedDay.objects.filter(on__in=changed).delete()
    now = [calendar[on] for on in changed if on in calendar]
    CountedDay.objects.bulk_create(
        [CountedDay(on=day.on, is_working=day.is_working, name=day.name) for day in now],
        ignore_conflicts=True,
    )


@transaction.atomic
def _recount(pk: int, changed: list[date], counted: dict, calendar: dict) -> bool:
    case = Case.objects.select_related("agency").get(pk=pk)
    if not case.is_open:
        return False
    start, before = agencies.day_of_receipt(case.clock_from), case.due_on
    within = [on for on in changed if start < on <= before]
    after = due_of(case) if within else before
    if after == before:
        return False
    change(case, due_on=after)
    why = "; ".join(_why(on, counted, calendar) for on in within[:MOST_NAMED])
    if len(within) > MOST_NAMED:
        why += _("; và %d ngày khác") % (len(within) - MOST_NAMED)
    dates = {"before": day_text(before), "after": day_text(after), "why": why}
    words = _("Hạn trả lời đổi từ ngày %(before)s sang ngày %(after)s. Lịch làm việc thay đổi: %(why)s.")
    record(case, "recount", from_status=case.status, public_note=words % dates)
    if after > before:
        tell_asker(
            case, "case_recounted", before=dates["before"], due=dates["after"], why=_("Thay đổi: %s.") % why
        )
    return True


def _why(on: date, counted: dict, calendar: dict) -> str:
    day = calendar.get(on)
    if day is None:
        return _("bỏ ngày %(day)s (%(name)s) khỏi lịch") % {"day": day_text(on), "name": counted[on].name}
    words = (
        _("ngày %(day)s làm việc (%(name)s)") if day.is_working else _("ngày %(day)s được nghỉ (%(name)s)")
    )
    return words % {"day": day_text(on), "name": ", ".join(filter(None, (day.name, day.basis)))}
