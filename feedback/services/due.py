"""When an answer is due: pauses that count, and a later day signed by the head."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import User
from agencies.roles import Role
from feedback.models import Case, Extension
from feedback.services.steps import (
    TransitionError,
    change,
    day_text,
    record,
    require,
    require_words,
    tell_asker,
)
from parcai.lib import workdays

Status = Case.Status


def counted_pauses(case: Case) -> list[tuple[date, date]]:
    """First and last day of each ended pause that moves the due day: what was late before a pause stays late."""
    counted: list[tuple[date, date]] = []
    ended = case.pauses.filter(ended_at__isnull=False).order_by("started_at")
    for started, first, end in ended.values_list("started_at", "not_counted_from", "ended_at"):
        due = agencies.due_on(case.clock_from, case.term, counted)
        if due >= timezone.localdate(started):
            counted.append((first, timezone.localdate(end)))
    return counted


def due_of(case: Case) -> date:
    """The due day by the calendar as it is now, from all that is written down of the case."""
    return agencies.due_on(case.clock_from, case.term, counted_pauses(case))


def explain(case: Case) -> list[dict]:
    """Why the answer is due when it is, day by day; what an extension added is said there."""
    days = agencies.explain_due(case.clock_from, case.term, counted_pauses(case))
    given = list(case.extensions.filter(at__gte=case.clock_from))
    first = given[0].from_term if given else None
    if first is not None:
        for day in days:
            if day["number"] and day["number"] > first:
                day["reason"] = _("gia hạn")
    return days


def latest_extension(case: Case) -> date:
    """The last day a case may be extended to today."""
    calendar = agencies.work_calendar(case.due_on)
    return workdays.add_working_days(case.due_on, settings.CASE_EXTENSION_DAYS, calendar)


def may_extend(case: Case) -> bool:
    """Whether its head may still give it a later day: in work, not late, and not extended as often as allowed."""
    return (
        case.status in (Status.ASSIGNED, Status.DRAFTED)
        and not case.is_overdue
        and case.extensions.filter(at__gte=case.clock_from).count() < settings.CASE_EXTENSIONS
    )


def check_later_day(case: Case, due_on: date) -> None:
    """Raises TransitionError, in words, unless the case may be due on that day instead."""
    if case.status not in (Status.ASSIGNED, Status.DRAFTED):
        raise TransitionError(_("Chỉ gia hạn hồ sơ đang giải quyết."))
    if case.is_overdue:
        raise TransitionError(_("Hồ sơ đã quá hạn, không gia hạn được nữa."))
    if not may_extend(case):
        raise TransitionError(_("Hồ sơ đã gia hạn %d lần, là mức cao nhất.") % settings.CASE_EXTENSIONS)
    last = latest_extension(case)
    if not case.due_on < due_on <= last:
        raise TransitionError(
            _("Chọn ngày sau hạn hiện tại (%(due)s) và không quá ngày %(last)s.")
            % {"due": day_text(case.due_on), "last": day_text(last)}
        )
    if not agencies.is_working_day(due_on):
        raise TransitionError(_("Ngày %s không phải ngày làm việc. Chọn ngày khác.") % day_text(due_on))


def set_later_day(case: Case, *, by: User, due_on: date, ground: str, note: str) -> Extension:
    """The new day and the row that says why; who may sign it was asked before."""
    check_later_day(case, due_on)
    before, term = case.due_on, case.term
    grown = agencies.days_taken(case.clock_from, agencies.midnight(due_on), case.paused_days())
    change(case, due_on=due_on, term=grown)
    return Extension.objects.create(
        case=case,
        from_due=before,
        to_due=due_on,
        from_term=term,
        to_term=grown,
        ground=ground,
        reason=note,
        signer=by,
        signer_name=by.full_name,
        signer_title=by.title,
        at=timezone.now(),
    )


@transaction.atomic
def extend(case: Case, *, by: User, due_on: date, ground: str, note: str) -> Extension:
    """The head gives the case a later day, on a legal ground and for a reason; the asker is told all three."""
    require(by, case, Role.HEAD)
    require_words(ground, _("Hãy ghi căn cứ gia hạn."))
    require_words(note, _("Hãy ghi lý do gia hạn để người gửi được biết."))
    before = case.due_on
    made = set_later_day(case, by=by, due_on=due_on, ground=ground, note=note)
    words = _(
        "Hạn trả lời đổi từ ngày %(before)s sang ngày %(after)s. Căn cứ: %(ground)s. Lý do: %(note)s"
    ) % {
        "before": day_text(before),
        "after": day_text(due_on),
        "ground": made.ground,
        "note": made.reason,
    }
    record(case, "extend", from_status=case.status, by=by, public_note=words)
    tell_asker(
        case,
        "case_extended",
        before=day_text(before),
        due=day_text(due_on),
        ground=made.ground,
        reason=made.reason,
        signer=", ".join(filter(None, (made.signer_name, made.signer_title))),
    )
    return made
