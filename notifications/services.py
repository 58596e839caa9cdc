"""The outbox: `notify` writes, `deliver_due` sends.

A message is claimed by an UPDATE that names its old state and leaves a lease with an end; a worker that dies or
freezes loses the lease, and its late commit is refused (the lease is a fencing token). While a slow mail server
takes its time the lease is renewed; one that was lost stops the dialogue before the mail is handed over.
"""

import logging
import random
import smtplib
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from notifications import webhook
from notifications.models import Heartbeat, Message
from parcai.lib.html import plain_text

logger = logging.getLogger("parcai.notifications")

LEASE = timedelta(seconds=settings.MESSAGE_LEASE)
CHUNK = 50
ROUND = 20  # seconds of one round: a heartbeat and the reminders wait in the same worker
MOST_ATTEMPTS = 12  # with the pauses below: more than a day
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=4)
LATE_AFTER = timedelta(minutes=3)
LEAVE_WORDS = "Không muốn nhận những thư này nữa"


class PermanentError(Exception):
    """The recipient's server said this message will never be taken."""


class LostLeaseError(Exception):
    """Another worker has taken the message over."""


def notify(
    template: str, context: dict, *, dedupe_key: str, recipient: str = "", phone: str = "", official=None
) -> None:
    """Queue one message, in the caller's transaction; a second one with the same key is not written.

    `template` names templates/messages/<template>.{subject.txt,txt}; `context` is JSON: codes, titles and paths, and
    for the asker alone the signed answer (`rich`); never what a citizen typed about themselves. A link that opens
    something by itself is given as `signed`: {name: [path, salt, value]} and made when the message leaves, so that
    none lies in the outbox and its time runs from the sending. Give `official` for
    in-app, `recipient` (an address) for e-mail; without either, `phone` for a short message where the province has a
    gateway. Nobody to write to: nothing is written.
    """
    if official:
        channel, to = Message.Channel.IN_APP, ""
    elif recipient:
        channel, to = Message.Channel.EMAIL, recipient
    elif phone and webhook.is_set():
        channel, to = Message.Channel.WEBHOOK, phone
    else:
        return
    Message.objects.bulk_create(
        [
            Message(
                channel=channel,
                recipient=to,
                official=official,
                template=template,
                context=context,
                dedupe_key=f"{channel}:{dedupe_key}",
                # An in-app message has arrived when its row is there.
                status=Message.Status.SENT if official else Message.Status.QUEUED,
                sent_at=timezone.now() if official else None,
            )
        ],
        ignore_conflicts=True,
    )


def notify_official(official, template: str, context: dict, *, dedupe_key: str) -> None:
    """Tell an official in the portal and, if an address is known, by e-mail."""
    key = f"{dedupe_key}:{official.pk}"
    notify(template, context, dedupe_key=key, official=official)
    notify(template, context, dedupe_key=key, recipient=official.email)


def cancel(*, dedupe_prefix: str) -> int:
    """Messages not yet sent that no longer apply."""
    waiting = Message.objects.filter(
        Q(dedupe_key__startswith=f"email:{dedupe_prefix}")
        | Q(dedupe_key__startswith=f"webhook:{dedupe_prefix}"),
        status=Message.Status.QUEUED,
    )
    return waiting.update(status=Message.Status.CANCELLED)


def forget(*, dedupe_prefix: str, unless) -> int:
    """Take in-app messages away from all officials but those of `unless`: what they told of is no longer for them."""
    rows = Message.objects.filter(dedupe_key__startswith=f"in_app:{dedupe_prefix}")
    return rows.exclude(official__in=unless).delete()[0]


def wipe(*, dedupe_prefixes: list[str]) -> int:
    """Take out of messages whom they went to and what they said; that something was sent stays. In-app ones go."""
    keys = Q()
    for prefix in dedupe_prefixes:
        for channel in Message.Channel.values:
            keys |= Q(dedupe_key__startswith=f"{channel}:{prefix}")
    return _empty(Message.objects.filter(keys)) if dedupe_prefixes else 0


def wipe_old(*, sent_before) -> int:
    """The same for everything that left, or was given up, before a moment."""
    old = Message.objects.filter(created_at__lt=sent_before).exclude(context={})
    return _empty(old.exclude(status=Message.Status.QUEUED).exclude(channel=Message.Channel.IN_APP))


def _empty(rows) -> int:
    gone = rows.filter(channel=Message.Channel.IN_APP).delete()[0]
    rows = rows.exclude(channel=Message.Channel.IN_APP)
    rows.exclude(status=Message.Status.SENT).update(status=Message.Status.CANCELLED)
    return gone + rows.update(recipient="", context={}, last_error="")


def mark_read(official) -> None:
    Message.objects.visible_to(official).filter(read_at=None).update(read_at=timezone.now())


# Sending ---------------------------------------------------------------------------------------------------------


def subject_of(message: Message) -> str:
    text = render_to_string(f"messages/{message.template}.subject.txt", _context(message), using="text")
    return " ".join(text.split())


def text_of(message: Message) -> str:
    return render_to_string(f"messages/{message.template}.txt", _context(message), using="text").strip()


def _context(message: Message) -> dict:
    signed = {
        name: f"{path}{signing.dumps(value, salt=salt)}/"
        for name, (path, salt, value) in message.context.get("signed", {}).items()
    }
    return {**message.context, **signed, "site_url": settings.SITE_URL, "portal_name": settings.PORTAL_NAME}


def as_email(message: Message, connection=None) -> EmailMultiAlternatives:
    """The e-mail as it leaves, text and HTML; its Message-ID follows from the row, so that a copy can be told."""
    subject = subject_of(message)
    text = text_of(message)
    known = _context(message)
    link = settings.SITE_URL + known["path"] if known.get("path") else ""
    leave = settings.SITE_URL + known["leave"] if known.get("leave") else ""  # one press ends these messages
    rich = message.context.get("rich", "")  # a signed answer on its way to the one who asked
    host = settings.SITE_URL.split("://")[-1].split(":")[0] or "localhost"
    email = EmailMultiAlternatives(
        subject=subject,
        body="\n\n".join(
            filter(
                None,
                (text, plain_text(rich), link, settings.PORTAL_NAME, leave and f"{LEAVE_WORDS}: {leave}"),
            )
        )
        + "\n",
        to=[message.recipient],
        connection=connection,
        headers={
            "Message-ID": f"<{message.pk}@{host}>",
            "Date": message.created_at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "Auto-Submitted": "auto-generated",
            **(
                {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
                if leave
                else {}
            ),
        },
    )
    context = {
        "subject": subject,
        "text": text,
        "rich": rich,
        "link": link,
        "leave": leave,
        "leave_words": LEAVE_WORDS,
        "portal_name": settings.PORTAL_NAME,
    }
    email.attach_alternative(render_to_string("messages/layout.html", context, using="django"), "text/html")
    return email


def deliver_due(within: float = ROUND) -> int:
    """Send what is due, at most one chunk and for about `within` seconds; returns how many left.

    Safe to run in any number of workers. When the mail server cannot be talked to, the round ends: the rest waits
    without spending an attempt, instead of asking a dead server once for each.
    """
    sent, end = 0, time.monotonic() + within
    connection = get_connection()
    try:
        for pk in list(
            Message.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:CHUNK]
        ):
            sent += _deliver_one(pk, connection)
            if time.monotonic() > end:
                break
    except ConnectionError as error:
        waiting = Message.objects.due().update(next_attempt_at=timezone.now() + FIRST_PAUSE)
        logger.warning("mail server away (%s): %s messages wait", type(error.__cause__).__name__, waiting)
    finally:
        _reopen(connection)
    return sent


def _deliver_one(pk: uuid.UUID, connection) -> bool:
    """Whether the message left. Raises ConnectionError when the mail server cannot be talked to."""
    lease = uuid.uuid4()
    claimed = Message.objects.due().filter(pk=pk)
    if not claimed.update(lease=lease, leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1):
        return False  # another worker was quicker
    message = Message.objects.get(pk=pk)
    held = Message.objects.filter(pk=pk, lease=lease, status=Message.Status.QUEUED)
    try:
        _send(message, connection, _renewal(held))
    except PermanentError as error:
        held.update(status=Message.Status.FAILED, last_error=str(error)[:250], leased_until=None)
        logger.error("message %s refused for good", pk)
        return False
    except LostLeaseError:
        _reopen(connection)
        logger.warning("message %s was taken over by another worker", pk)
        return False
    except Exception as error:  # a broken template or a sleeping server must not stop the others
        _postpone(message, held, error)
        _reopen(connection)
        if _is_away(error):
            raise ConnectionError from error
        return False
    return bool(
        held.update(
            status=Message.Status.SENT, sent_at=timezone.now(), lease=None, leased_until=None, last_error=""
        )
    )


def _renewal(held):
    """Called around every reply of the mail server: the lease outlives a slow dialogue, or the dialogue ends."""
    renewed = time.monotonic()

    def still_ours() -> None:
        nonlocal renewed
        if time.monotonic() - renewed < LEASE.total_seconds() / 6:
            return
        if not held.update(leased_until=timezone.now() + LEASE):
            raise LostLeaseError
        renewed = time.monotonic()

    return still_ours


def _is_away(error: Exception) -> bool:
    """Whether the server could not be reached or hung up, so that the next message would fare no better."""
    if isinstance(error, smtplib.SMTPResponseException):
        return isinstance(
            error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError
        )
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def _send(message: Message, connection, still_ours) -> None:
    if message.channel == Message.Channel.WEBHOOK:
        return _send_short(message)
    connection.still_ours = still_ours
    try:
        as_email(message, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if all(code >= 500 for code in codes):
            raise PermanentError(f"SMTP {codes[0]}") from error
        raise
    except smtplib.SMTPResponseException as error:
        if error.smtp_code in (550, 551, 552, 553, 554):
            raise PermanentError(f"SMTP {error.smtp_code}") from error
        raise
    finally:
        connection.still_ours = _nobody_asks


def _send_short(message: Message) -> None:
    """Subject and link only: a short message opens nothing and tells little."""
    text = f"{subject_of(message)}. {settings.SITE_URL}{message.context.get('path', '')}"
    try:
        webhook.post(str(message.pk), message.recipient, text)
    except webhook.RefusedError as error:
        raise PermanentError(str(error)) from error


def _nobody_asks() -> None:
    """Between two messages there is no lease to keep."""


def _postpone(message: Message, held, error: Exception) -> None:
    """Try again later, each pause twice the last, with a little chance so that retries do not come in step."""
    reason = f"{type(error).__name__}: {getattr(error, 'smtp_code', '')}".strip(": ")
    if message.attempts >= MOST_ATTEMPTS:
        held.update(status=Message.Status.FAILED, last_error=reason, leased_until=None)
        logger.error("message %s given up after %s attempts", message.pk, message.attempts)
        return
    pause = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
    held.update(next_attempt_at=timezone.now() + pause, leased_until=None, lease=None, last_error=reason)
    logger.warning("message %s postponed: %s", message.pk, reason)


def _reopen(connection) -> None:
    try:
        connection.close()
    except Exception:  # the connection was broken, which is why we are here
        connection.connection = None


def retry(messages) -> int:
    """Give failed messages a new life, from the admin."""
    return messages.filter(status=Message.Status.FAILED).update(
        status=Message.Status.QUEUED, attempts=0, next_attempt_at=timezone.now(), last_error=""
    )


# Is the machinery alive? -----------------------------------------------------------------------------------------


def beat(name: str = "worker") -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def is_late() -> bool:
    """Whether the worker has not been seen for `LATE_AFTER`, so that officials are told before citizens notice."""
    seen = Heartbeat.objects.filter(name="worker").values_list("seen_at", flat=True).first()
    return seen is None or seen < timezone.now() - LATE_AFTER


def waiting() -> dict[str, int]:
    """Messages that wait too long or failed, for the people who run the portal."""
    late = Q(status=Message.Status.QUEUED, created_at__lt=timezone.now() - timedelta(minutes=15))
    return {
        "late": Message.objects.filter(late).count(),
        "failed": Message.objects.filter(status=Message.Status.FAILED).count(),
    }
