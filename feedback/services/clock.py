"""Watching the clock."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agencies import services as agencies
from agencies.roles import Role
from feedback.models import Case, Term
from feedback.services.steps import coordinators, day_text, handlers, officials_of, tell_officials, term

Status = Case.Status

DUE_SOON = 2  # working days


def remind_deadlines() -> int:
    """Tell once a day who has a case in hand that is due within two working days, late, or waits too long at intake.

    Marks first: a second run finds nothing.
    """
    today = timezone.localdate()
    soon = agencies.due_on(
        datetime.combine(today, datetime.min.time(), timezone.get_current_timezone()), DUE_SOON
    )
    running = Case.objects.running().exclude(reminded_on=today).select_related("agency", "officer")
    due = running.filter(due_on__lte=soon, agency__isnull=False)
    told = sum(_remind(case, today) for case in due.iterator(chunk_size=200))
    at_intake = running.filter(agency=None, status__in=(Status.RECEIVED, Status.ACCEPTED))
    return told + sum(_remind_intake(case, today) for case in at_intake.iterator(chunk_size=200))


def _mark_reminded(case: Case, today: date) -> bool:
    unmarked = Case.objects.filter(pk=case.pk, status=case.status).exclude(reminded_on=today)
    return bool(unmarked.update(reminded_on=today))


@transaction.atomic
def _remind(case: Case, today: date) -> bool:
    if not _mark_reminded(case, today):
        return False
    late = case.due_on < today
    told = {person.pk: person for person in handlers(case)}
    if late or case.status == Status.DRAFTED:  # what waits for a signature is in the head's hands
        told |= {person.pk: person for person in officials_of(case.agency, Role.HEAD)}
    tell_officials(told.values(), case, "case_overdue" if late else "case_due_soon", key=today.isoformat())
    return True


@transaction.atomic
def _remind_intake(case: Case, today: date) -> bool:
    """Screening (vào sổ) and transfer to an agency have terms of their own, counted from receipt."""
    step = Term.Step.SCREEN if case.status == Status.RECEIVED else Term.Step.TRANSFER
    days = term(case.kind, step, agencies.day_of_receipt(case.clock_from))
    should_be_done = agencies.due_on(case.clock_from, days, case.paused_days())
    if should_be_done >= today or not _mark_reminded(case, today):
        return False
    tell_officials(
        coordinators(), case, "case_at_intake", key=today.isoformat(), until=day_text(should_be_done)
    )
    return True
