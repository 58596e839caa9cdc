"""What the asker may do with code and PIN in hand."""

from collections.abc import Sequence
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.roles import Role
from feedback.models import Case, HelpfulVote, Pause, Term
from feedback.services.attachments import Checked, attach
from feedback.services.following import tell_followers
from feedback.services.steps import (
    TransitionError,
    change,
    coordinators,
    handlers,
    move,
    officials_of,
    record,
    require_words,
    tell_duplicates_of_the_end,
    tell_officials,
    term,
)
from parcai.lib.fields import decrypt, encrypt
from plan.models import Evidence
from plan.services import withdraw_evidence

Status = Case.Status

ADDABLE = (Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.DRAFTED)
MOST_ADDITIONS = 10  # over the whole life of a case
REOPEN_WITHIN = 15  # working days after the answer (DESIGN: a case)


def find_by_code(code: str, pin: str) -> Case | None:
    """The case behind code and PIN. A wrong code takes the same work as a wrong PIN: one question, one decryption."""
    found = Case.objects.filter(code=normal_code(code)).values_list("pk", "pin").first()
    key, known = found or (None, decrypt(_nobodys_pin()))
    matches = constant_time_compare(known.encode(), "".join(pin.split()).encode())
    return Case.objects.get(pk=key) if key and matches and known else None


@cache
def _nobodys_pin() -> str:
    return encrypt("000000")


def normal_code(code: str) -> str:
    """PY26-7KQ4-M2XD however it was typed: blanks, dashes and case do not matter."""
    letters = "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
    return "-".join((letters[:4], letters[4:8], letters[8:12])) if len(letters) == 12 else letters[:14]


@transaction.atomic
def add_more(case: Case, *, text: str, files: Sequence[Checked] = ()) -> None:
    """The asker adds to an open case unasked; the clock goes on, and whoever has the case in hand is told."""
    require_words(text, _("Hãy viết điều bạn muốn gửi thêm."))
    case = Case.objects.select_for_update().get(
        pk=case.pk
    )  # two sendings at once are counted one after the other
    if case.status not in ADDABLE:
        raise TransitionError(_("Hồ sơ này không nhận thêm thông tin được nữa."))
    if additions_left(case) < 1:
        raise TransitionError(
            _("Hồ sơ này đã nhận đủ %d lần gửi thêm. Cần nói thêm điều gì, bạn gọi cơ quan giải quyết.")
            % MOST_ADDITIONS
        )
    event = record(case, "add", from_status=case.status, public_note=text)
    attach(case, files, event=event)
    told = {person.pk: person for person in handlers(case)}
    if case.status == Status.DRAFTED:  # the head should know before signing
        told |= {person.pk: person for person in officials_of(case.agency, Role.HEAD)}
    tell_officials(told.values(), case, "case_added", key=f"event-{event.pk}")


def additions_left(case: Case) -> int:
    return max(MOST_ADDITIONS - case.events.filter(step="add").count(), 0)


@transaction.atomic
def withdraw_consent(case: Case) -> None:
    """The asker no longer agrees to publication: the page is gone at once, the name is shown nowhere any more."""
    case = Case.objects.select_for_update().get(pk=case.pk)  # it holds against whoever publishes just now
    if case.publish_consent_at is None:
        raise TransitionError(_("Bạn không đồng ý công khai hồ sơ này nên không có gì để rút."))
    was_public = case.published_at is not None
    change(case, publish_consent_at=None, published_at=None, show_name=False, public_name="")
    record(case, "consent-withdraw", from_status=case.status)
    if was_public:
        withdraw_evidence(kind=Evidence.Kind.CASE, key=case.pk)
        tell_followers(case, "follow_withdrawn")
    tell_officials(coordinators(), case, "case_consent_withdrawn")


@transaction.atomic
def withdraw(case: Case) -> None:
    """The asker takes the case back before it is answered."""
    move(case, Status.WITHDRAWN, "withdraw", closed_at=timezone.now(), paused_at=None)
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=timezone.now())
    if case.agency:
        tell_officials(handlers(case), case, "case_withdrawn")
    tell_followers(case, "follow_withdrawn")
    tell_duplicates_of_the_end(case)


@transaction.atomic
def rate(case: Case, *, rating: int, comment: str = "") -> None:
    """The asker says whether the answer helped, 1 to 5, once."""
    if case.status != Status.ANSWERED or case.rated_at:
        raise TransitionError(_("Hồ sơ này không chờ đánh giá."))
    if not 1 <= rating <= 5:
        raise TransitionError(_("Chọn từ 1 đến 5 sao."))
    change(case, rating=rating, rating_comment=comment, rated_at=timezone.now())
    record(case, "rate", from_status=case.status)


def may_reopen(case: Case) -> bool:
    if case.status != Status.ANSWERED or case.reopened_at or case.answered_at is None:
        return False
    return agencies.due_on(case.answered_at, REOPEN_WITHIN) >= timezone.localdate()


@transaction.atomic
def reopen(case: Case, *, note: str) -> None:
    """The asker is not satisfied: once, within 15 working days. A new term begins; a public page goes offline."""
    require_words(note, _("Hãy viết điều câu trả lời chưa giải quyết."))
    if not may_reopen(case):
        raise TransitionError(
            _("Hồ sơ chỉ được mở lại một lần, trong 15 ngày làm việc kể từ khi có trả lời.")
        )
    now, was_public = timezone.now(), case.published_at is not None
    days = term(case.kind, Term.Step.ANSWER)
    today = agencies.successor_of(case.agency) if case.agency else None
    move(
        case,
        Status.ASSIGNED,
        "reopen",
        public_note=note,
        agency=today or case.agency,
        reopened_at=now,
        claimed_at=now,
        closed_at=None,
        published_at=None,
        rating=None,
        rating_comment="",
        rated_at=None,
        helpful=0,  # readers judged the answer that is taken back
        clock_from=now,
        term=days,
        due_on=agencies.due_on(now, days),
        reminded_on=None,
    )
    withdraw_evidence(kind=Evidence.Kind.CASE, key=case.pk)
    HelpfulVote.objects.filter(case=case).delete()
    if was_public:
        tell_followers(case, "follow_reopened")
    told = {person.pk: person for person in (*handlers(case), *officials_of(case.agency, Role.HEAD))}
    tell_officials(told.values(), case, "case_reopened")
