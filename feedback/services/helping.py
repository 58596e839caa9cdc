"""Journeys that end because the answer was already there."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from feedback.models import Case, Helped


def note_helped(case: Case) -> None:
    """Somebody about to ask says a published answer was enough: one more, on this day."""
    today = timezone.localdate()
    rows = Helped.objects.filter(case=case, on=today)
    if rows.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            Helped.objects.create(case=case, on=today, count=1)
    except IntegrityError:  # another was quicker to open the day
        rows.update(count=F("count") + 1)
