"""Watching the clock: a ladder of reminders, each rung once for each due day."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agencies import services as agencies
from agencies.roles import Role
from feedback.models import Case, Reminder, Term
from feedback.services.due import counted_pauses
from feedback.services.steps import coordinators, day_text, handlers, officials_of, tell_officials, term

Status = Case.Status
Rung = Reminder.Rung

DUE_SOON = 2  # working days
LADDER = (Rung.SOON, Rung.TODAY, Rung.OVERDUE)
TEMPLATES = {Rung.SOON: "case_due_soon", Rung.TODAY: "case_due_today", Rung.OVERDUE: "case_overdue"}
CHUNK = 200


def remind_deadlines() -> int:
    """Tell, on the highest rung that is due, who answers for a case: its officer when two working days are left, the
    head too on the last day, the office of the committee (intake) too when it is late.

    Each rung is taken once for each due day. Whoever comes back after a missed day takes the highest rung alone. What
    waits too long at intake is told to intake once for each of its two terms.
    """
    today = timezone.localdate()
    soon = agencies.due_on(agencies.midnight(today), DUE_SOON)
    running = Case.objects.running().select_related("agency", "officer")
    in_hand = running.filter(agency__isnull=False)
    told = 0
    for rung, due in (
        (Rung.OVERDUE, in_hand.filter(due_on__lt=today)),
        (Rung.TODAY, in_hand.filter(due_on=today)),
        (Rung.SOON, in_hand.filter(due_on__gt=today, due_on__lte=soon)),
    ):
        waiting = due.exclude(_taken(rung, due_on=OuterRef("due_on"))).order_by("pk")
        told += sum(_remind(case, rung, today) for case in waiting.iterator(chunk_size=CHUNK))
    for status, rung in ((Status.RECEIVED, Rung.SCREEN), (Status.ACCEPTED, Rung.TRANSFER)):
        waiting = running.filter(agency=None, status=status).exclude(
            _taken(rung, at__gte=OuterRef("clock_from"))
        )
        told += sum(
            _remind_intake(case, rung, today) for case in waiting.order_by("pk").iterator(chunk_size=CHUNK)
        )
    return told


def _taken(rung: str, **fields) -> Exists:
    return Exists(Reminder.objects.filter(case=OuterRef("pk"), rung=rung, **fields))


def _take(case: Case, rung: str, due_on: date) -> bool:
    """Whether this worker is the one that takes the rung; the lower rungs are passed over for good."""
    try:
        with transaction.atomic():
            Reminder.objects.create(case=case, due_on=due_on, rung=rung)
    except IntegrityError:
        return False
    if rung in LADDER:
        passed = LADDER[: LADDER.index(Rung(rung))]
        Reminder.objects.bulk_create(
            [Reminder(case=case, due_on=due_on, rung=each, is_told=False) for each in passed],
            ignore_conflicts=True,
        )
    return True


@transaction.atomic
def _remind(case: Case, rung: str, today: date) -> bool:
    as_read = Case.objects.filter(pk=case.pk, status=case.status, due_on=case.due_on, agency=case.agency)
    if not as_read.update(reminded_on=today) or not _take(case, rung, case.due_on):
        return False
    told = {person.pk: person for person in handlers(case)}
    if (
        rung != Rung.SOON or case.status == Status.DRAFTED
    ):  # what waits for a signature is in the head's hands
        told |= {person.pk: person for person in officials_of(case.agency, Role.HEAD)}
    if rung == Rung.OVERDUE:
        told |= {person.pk: person for person in coordinators()}
    tell_officials(told.values(), case, TEMPLATES[Rung(rung)], key=case.due_on.isoformat())
    return True


@transaction.atomic
def _remind_intake(case: Case, rung: str, today: date) -> bool:
    """Screening (vào sổ) and transfer to an agency have terms of their own, counted from receipt."""
    step = Term.Step.SCREEN if rung == Rung.SCREEN else Term.Step.TRANSFER
    days = term(case.kind, step, agencies.day_of_receipt(case.clock_from))
    should_be_done = agencies.due_on(case.clock_from, days, counted_pauses(case))
    if should_be_done >= today:
        return False
    as_read = Case.objects.filter(pk=case.pk, status=case.status)
    if not as_read.update(reminded_on=today) or not _take(case, rung, should_be_done):
        return False
    tell_officials(
        coordinators(), case, "case_at_intake", key=f"{rung}-{should_be_done}", until=day_text(should_be_done)
    )
    return True
