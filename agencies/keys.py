"""Keys of other systems: making, renewing and revoking them, checking what they signed, and answering a call once.

A call is signed as the portal signs its own (notifications/webhook.py), with the verb and the address added:

    X-Signature: v1=<hex of HMAC-SHA256(secret, "<X-Timestamp>.<METHOD>.<path?query>.<sha256 of the body, hex>")>
"""

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from agencies.models import ApiKey, KeptAnswer, UsedSignature, User
from parcai.lib.fields import decrypt, encrypt

KEY_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CLOCKS_MAY_DIFFER = 5 * 60  # seconds
KEY_ID = re.compile(r"[A-Z0-9-]{1,20}")
TIMESTAMP = re.compile(r"[0-9]{1,12}")
IDEMPOTENCY_KEY = r"[\x21-\x7e]{8,128}"
SIGNATURES_KEPT = timedelta(days=1)  # longer than a signature may be used
ANSWERS_KEPT = timedelta(days=30)
OVERLAPS = (0, 1, 7, 30)  # days both secrets may open after a renewal
USED_AT_MOST_EVERY = timedelta(minutes=1)


class KeyStepError(Exception):
    """The step does not fit the key; the text says why."""


class ReusedSignatureError(Exception):
    """The signature has carried another call already."""


class ReusedCallError(Exception):
    """The Idempotency-Key has been used for something else."""


# Life of a key ---------------------------------------------------------------------------------------------------


def new_secret() -> str:
    return secrets.token_urlsafe(32)


@transaction.atomic
def make(key: ApiKey, *, by: User | None, secret: str = "", key_id: str = "") -> str:
    """Save a new key with the account that stands for it in history; returns the secret, to be shown once."""
    secret = secret or new_secret()
    key.key_id = key_id or "PYK-" + "".join(secrets.choice(KEY_LETTERS) for _place in range(10))
    account = User(
        username=f"may.{key.key_id.lower()}",
        full_name=key.name,
        title=_("Hệ thống kết nối"),
        is_machine=True,
        is_demonstration=key.is_demonstration,
    )
    account.set_unusable_password()
    account.save()
    key.account, key.made_by, key.secret = account, by, secret
    key.save()
    return secret


@transaction.atomic
def renew(key: ApiKey, *, overlap: int) -> str:
    """A new secret; the one before still opens for `overlap` days. Returns the new one, to be shown once."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at:
        raise KeyStepError(_("Khóa đã thu hồi."))
    if key.is_rotating:
        raise KeyStepError(
            _("Bí mật cũ còn dùng được. Hãy chờ hết hạn hoặc ngừng bí mật cũ rồi mới đổi lần nữa.")
        )
    until = timezone.now() + timedelta(days=overlap)
    key.former_secret, key.former_until = (key.secret, until) if overlap else ("", None)
    key.secret = new_secret()
    key.save(update_fields=["secret", "former_secret", "former_until"])
    return key.secret


def end_former(key: ApiKey) -> None:
    """The secret before the present one opens nothing from now on."""
    ApiKey.objects.filter(pk=key.pk).update(former_secret="", former_until=None)


@transaction.atomic
def revoke(key: ApiKey) -> None:
    """Closes the key for good: its secrets are forgotten and its account rests."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(
        revoked_at=timezone.now(), secret="", former_secret="", former_until=None
    ):
        raise KeyStepError(_("Khóa đã thu hồi."))
    User.objects.filter(pk=key.account_id).update(is_active=False)


# Signatures ------------------------------------------------------------------------------------------------------


def signature(secret: str, moment: str, method: str, address: str, body: bytes) -> str:
    signed = f"{moment}.{method}.{address}.{hashlib.sha256(body).hexdigest()}"
    return "v1=" + hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def is_in_time(moment: str) -> bool:
    """Whether the sender's clock agrees with ours."""
    return bool(TIMESTAMP.fullmatch(moment)) and abs(int(moment) - time.time()) <= CLOCKS_MAY_DIFFER


@lru_cache(maxsize=1)
def _nobodys_secret() -> str:
    return encrypt(new_secret())


def opened_by(
    key_id: str, signed: str, *, moment: str, method: str, address: str, body: bytes, caller
) -> ApiKey | None:
    """The key that signed a call; None, after the same work, for an unknown, revoked or expired one, a wrong signature
    and a wrong caller."""
    asked = key_id if KEY_ID.fullmatch(key_id) else ""
    known = ApiKey.objects.select_related("account").filter(key_id=asked).first()
    candidates = known.secrets() if known else []
    while len(candidates) < 2:
        candidates.append(decrypt(_nobodys_secret()))
    matches = [
        constant_time_compare(signed.encode(), signature(secret, moment, method, address, body).encode())
        for secret in candidates
    ]
    is_right = any(matches) and known is not None
    if known is None or not is_right or not known.is_live or not known.answers_from(caller):
        return None
    return known


def note_use(key: ApiKey) -> None:
    """Remembers that the key is in use, at most once a minute."""
    before = timezone.now() - USED_AT_MOST_EVERY
    if key.last_used_at is None or key.last_used_at < before:
        unnoted = ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=before), pk=key.pk)
        unnoted.update(last_used_at=timezone.now())


# Calls that write ------------------------------------------------------------------------------------------------


def _kept(what: str, text: str | bytes) -> str:
    return salted_hmac(f"api-key:{what}", text, algorithm="sha256").hexdigest()


def note_signature(key: ApiKey, signed: str, call: str) -> None:
    """Remembers which call (Idempotency-Key) a signature carried. Raises ReusedSignatureError if it was another."""
    signed, call = _kept("signature", signed), _kept("call", call)
    used, _created = UsedSignature.objects.get_or_create(key=key, signature=signed, defaults={"call": call})
    if used.call != call:
        raise ReusedSignatureError


def once(key: ApiKey, call: str, request: bytes, make_answer: Callable[[], dict]) -> tuple[dict, bool]:
    """The answer to a call that writes, and whether it was given before.

    What `make_answer` writes and the answer are saved together or not at all: a call that broke off is made again, and
    of two at once one waits for the other. Raises ReusedCallError when the call was another one before.
    """
    call, asked = _kept("call", call), _kept("request", request)
    kept, _created = KeptAnswer.objects.get_or_create(key=key, call=call, defaults={"request": asked})
    with transaction.atomic():
        kept = KeptAnswer.objects.select_for_update().get(pk=kept.pk)
        if kept.answer:
            if kept.request != asked:
                raise ReusedCallError
            return json.loads(kept.answer), True
        answer = make_answer()
        kept.request, kept.answer, kept.at = asked, json.dumps(answer), timezone.now()
        kept.save(update_fields=["request", "answer", "at"])
    return answer, False


def forget() -> int:
    """Deletes what no call can ask for any more."""
    now: datetime = timezone.now()
    gone = UsedSignature.objects.filter(at__lt=now - SIGNATURES_KEPT).delete()[0]
    gone += KeptAnswer.objects.filter(at__lt=now - ANSWERS_KEPT).delete()[0]
    ApiKey.objects.filter(former_until__lt=now).update(former_secret="", former_until=None)
    return gone
