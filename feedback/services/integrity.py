"""Whether history and signed answers still say what was written."""

from itertools import groupby

from feedback.models import Answer, CaseEvent
from feedback.services.retention import digest_of_wiped


def verify_history() -> list[int]:
    """Ids of events that no longer say what they said when they were written.

    Events whose words were taken away with the asker's data cannot be read any more; the line that says so carries a
    fingerprint of what is left of them.
    """
    wrong: list[int] = []
    rows = CaseEvent.objects.order_by("case_id", "pk").iterator(chunk_size=1000)
    for _case, events in groupby(rows, key=lambda event: event.case_id):
        wrong += _wrong_of_case(list(events))
    return wrong


def _wrong_of_case(events: list[CaseEvent]) -> list[int]:
    wrong, previous, is_wiped_rightly = [], "", False
    wiped = [event.pk for event in events if event.wiped_at is not None]
    for event in events:
        if event.wiped_at is None and event.hash != event.hash_after(previous):
            wrong.append(event.pk)
        elif event.step == "anonymise" and wiped:
            is_wiped_rightly |= f"wiped {digest_of_wiped(events)}" in event.internal_note.splitlines()
        previous = event.hash
    return wrong if is_wiped_rightly else sorted({*wrong, *wiped})


def altered_answers() -> list[int]:
    """Ids of signed answers whose text is no longer the one that was signed."""
    signed = Answer.objects.signed().only("body", "content_hash").order_by("pk")
    return [
        each.pk for each in signed.iterator(chunk_size=500) if each.content_hash != each.hash_of_content()
    ]
