"""Following one thing by e-mail: asked for, confirmed through a link, ended by one press.

An address nobody confirmed is written to once per asking and forgotten after a week. Whoever asks learns nothing of
who follows already: the answer is always the same. The address itself is encrypted; a keyed hash tells equal ones.
"""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from notifications.models import Message, Subscription
from notifications.services import cancel, notify

CONFIRM_SALT = "notifications.subscription.confirm"
LEAVE_SALT = "notifications.subscription.leave"
CONFIRM_WITHIN = timedelta(days=7)
CHUNK = 500


def email_key(address: str) -> str:
    return salted_hmac(
        "notifications.subscription", address.strip().casefold(), algorithm="sha256"
    ).hexdigest()


@transaction.atomic
def ask(kind: str, target: int, *, path: str, email: str) -> None:
    """Write to the address that somebody wants to follow with it; nothing else is sent before its owner agrees."""
    row, _made = Subscription.objects.get_or_create(
        kind=kind, target=target, email_key=email_key(email), defaults={"email": email, "path": path}
    )
    now = timezone.now()
    Subscription.objects.filter(pk=row.pk).update(asked_at=now)
    notify(
        "subscription_confirm",
        {
            "about": path,
            "signed": {
                "path": [reverse("notifications:confirm", args=["x"])[:-2], CONFIRM_SALT, str(row.pk)],
                "leave": leave_link(row),
            },
        },
        dedupe_key=f"sub-{row.pk}:confirm:{now:%Y%m%d%H}",  # once an hour, however often it is asked for
        recipient=row.email,
    )


def leave_link(row: Subscription) -> list[str]:
    return [reverse("notifications:leave", args=["x"])[:-2], LEAVE_SALT, str(row.pk)]


def found_by(token: str, salt: str) -> Subscription | None:
    """The subscription a link speaks of; links to confirm end after a week, those to leave never do."""
    most = CONFIRM_WITHIN if salt == CONFIRM_SALT else None
    try:
        key = signing.loads(token, salt=salt, max_age=most)
    except signing.BadSignature:
        return None
    return Subscription.objects.filter(pk=key).first()


def confirm(row: Subscription) -> None:
    Subscription.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=timezone.now())


@transaction.atomic
def leave(row: Subscription) -> None:
    """The address is forgotten, and what was waiting to be sent to it is not sent."""
    Subscription.objects.filter(pk=row.pk).delete()
    cancel(dedupe_prefix=f"sub-{row.pk}:")


def tell(kind: str, target: int, template: str, *, key: str, **context) -> None:
    """Queue one message to each who follows, in the caller's transaction and in chunks."""
    rows = Subscription.objects.of(kind, target).confirmed().order_by("pk")
    batch: list[Message] = []
    for row in rows.iterator(chunk_size=CHUNK):
        batch.append(
            Message(
                channel=Message.Channel.EMAIL,
                recipient=row.email,
                template=template,
                context={"path": row.path, **context, "signed": {"leave": leave_link(row)}},
                dedupe_key=f"email:sub-{row.pk}:{template}:{key}",
            )
        )
        if len(batch) == CHUNK:
            Message.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    Message.objects.bulk_create(batch, ignore_conflicts=True)


def move(kind: str, target: int, *, to: int, path: str) -> None:
    """Whoever followed one thing follows another instead; nobody follows it twice."""
    rows = Subscription.objects.of(kind, target)
    already = Subscription.objects.of(kind, to).values("email_key")
    rows.filter(email_key__in=already).delete()
    rows.update(target=to, path=path)


def forget_unconfirmed() -> int:
    """Addresses whose owners did not agree within a week."""
    waiting = Subscription.objects.filter(confirmed_at=None, asked_at__lt=timezone.now() - CONFIRM_WITHIN)
    return waiting.delete()[0]
