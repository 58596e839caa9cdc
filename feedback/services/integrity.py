"""Whether history and signed answers still say what was written."""

from feedback.models import Answer, CaseEvent


def verify_history() -> list[int]:
    """Ids of events that no longer say what they said when they were written."""
    wrong, previous, case_id = [], "", None
    for event in CaseEvent.objects.order_by("case_id", "pk").iterator(chunk_size=1000):
        if event.case_id != case_id:
            case_id, previous = event.case_id, ""
        if event.hash != event.hash_after(previous):
            wrong.append(event.pk)
        previous = event.hash
    return wrong


def altered_answers() -> list[int]:
    """Ids of signed answers whose text is no longer the one that was signed."""
    signed = Answer.objects.signed().only("body", "content_hash").order_by("pk")
    return [
        each.pk for each in signed.iterator(chunk_size=500) if each.content_hash != each.hash_of_content()
    ]
