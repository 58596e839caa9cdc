"""What a step would do, before it is done: it is really done, looked at, and undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from feedback.models import Case
from notifications.models import Message
from notifications.services import as_email, subject_of, text_of

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Letter:
    """One message to the asker as it would leave; `html` is empty for a short message."""

    is_email: bool
    subject: str
    text: str
    html: str = ""


def rehearse(act: Callable[[], object], look: Callable[[], Seen]) -> Seen:
    """Run a step, look at everything it changed, take it back. Nothing leaves: what waits for the commit never runs."""
    with transaction.atomic():
        act()
        seen = look()
        transaction.set_rollback(True)
    return seen


def letters_to_asker(case: Case, *, since: datetime) -> list[Letter]:
    """What was queued for the one who asked since a moment, drawn as the outbox draws it."""
    queued = Message.objects.filter(created_at__gte=since, official=None).order_by("created_at")
    own = [
        message
        for message in queued.filter(dedupe_key__contains=f":{case.pk}:")
        if message.recipient in {case.asker_email, case.asker_phone}
    ]
    return [_letter(message) for message in own]


def _letter(message: Message) -> Letter:
    if message.channel != Message.Channel.EMAIL:
        return Letter(is_email=False, subject=subject_of(message), text=text_of(message))
    mail = as_email(message)
    return Letter(True, str(mail.subject), str(mail.body), str(mail.alternatives[0][0]))
