"""A lost PIN: a link to a new one goes to the address given at asking, and to no other.

Asking changes nothing, so that whoever knows a code cannot make its PIN useless. A right pair of code and address and
a wrong one take the same questions to the database; of a wrong one nothing stays.
"""

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import Role
from feedback.models import Case, new_pin
from feedback.services.asker import normal_code
from feedback.services.steps import TransitionError, change, record, require
from notifications.services import notify
from parcai.lib.fields import decrypt, encrypt

SALT = "feedback.new-pin"
LINK_LASTS = 3600  # seconds from the sending
PATH = "/tra-cuu/pin-moi/"
NOBODY = "khong-co@khong-co.invalid"


@transaction.atomic
def ask_for_pin(code: str, email: str) -> None:
    """Send a link to a new PIN if code and address belong together. Says nothing, whatever happens."""
    fields = ("pk", "pin", "asker_email")
    found = Case.objects.filter(code=normal_code(code)).values_list(*fields).first()
    if found is None:
        found = (0, decrypt(encrypt("000000")), decrypt(encrypt(NOBODY)))
    key, pin, known = found
    same = constant_time_compare(_plain(known).encode(), _plain(email).encode())
    notify(
        "case_pin_asked",
        {"code": normal_code(code), "signed": {"path": [PATH, SALT, [key, _mark(key, pin)]]}},
        dedupe_key=f"case_pin_asked:{key}:{timezone.now():%Y%m%d%H}" + ("" if same else ":no"),
        recipient=known or NOBODY,
    )
    if not (same and key and known):
        transaction.set_rollback(True)  # the same work was done, and nothing of it stays


def _plain(email: str) -> str:
    return email.strip().casefold()


def _mark(key: int, pin: str) -> str:
    """What a link knows of the PIN it replaces: once that is another, the link has done its work."""
    return salted_hmac(SALT, f"{key}:{pin}", algorithm="sha256").hexdigest()[:16]


def opened_by_pin_link(token: str) -> Case | None:
    try:
        key, mark = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    case = Case.objects.filter(pk=key).first()
    return case if case and constant_time_compare(mark, _mark(case.pk, case.pin)) else None


@transaction.atomic
def renew_pin(case: Case) -> str:
    """A new PIN; the old one opens nothing any more, nor does the link. Returns it, to be shown once."""
    pin = _renew(case)
    record(case, "new-pin", from_status=case.status)
    return pin


@transaction.atomic
def reissue_pin(case: Case, *, by: User) -> str:
    """A new PIN for who has lost the slip from the counter; the old one opens nothing from now on."""
    require(by, case, Role.COORDINATOR)
    if case.source not in (Case.Source.COUNTER, Case.Source.PHONE):
        raise TransitionError(_("Chỉ cấp lại mã PIN cho hồ sơ nhập hộ tại quầy hoặc qua điện thoại."))
    if case.is_confidential:
        raise TransitionError(_("Hồ sơ này không cấp lại mã PIN."))
    pin = _renew(case)
    record(case, "pin-reissued", from_status=case.status, by=by)
    return pin


def _renew(case: Case) -> str:
    pin = case.pin
    while pin == case.pin:
        pin = new_pin()
    change(case, pin=pin)
    return pin
