"""A word to the asker before the answer is ready: drafted by an officer, signed by the head, with a later day."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import Role
from feedback.models import Case, InterimAnswer
from feedback.services.claims import keep_claim
from feedback.services.due import check_later_day, set_later_day
from feedback.services.signing import power_to_sign, signature, signed_how, signer_line, signers_of
from feedback.services.steps import (
    TransitionError,
    day_text,
    handlers,
    record,
    require,
    require_words,
    tell_asker,
    tell_officials,
)
from parcai.lib.html import plain_text

Status = Case.Status


def waiting_interim(case: Case) -> InterimAnswer | None:
    return case.interim_answers.filter(signed_at=None, is_waiting=True).first()


def unsigned_interim(case: Case) -> InterimAnswer | None:
    return case.interim_answers.filter(signed_at=None).first()


@transaction.atomic
def propose_interim(
    case: Case, *, by: User, body: str, due_on: date, ground: str, version: int
) -> InterimAnswer:
    """Put an interim answer before the head; `version` is the one the officer saw, 0 for none."""
    require(by, case, Role.OFFICER)
    body = InterimAnswer._meta.get_field("body").to_python(body)
    require_words(plain_text(body), _("Hãy viết nội dung trả lời tạm thời."))
    require_words(ground, _("Hãy ghi căn cứ gia hạn."))
    if case.status != Status.ASSIGNED:
        raise TransitionError(_("Chỉ trả lời tạm thời khi hồ sơ đang giải quyết."))
    check_later_day(case, due_on)
    words = {"body": body, "due_on": due_on, "ground": ground, "drafted_by": by, "is_waiting": True}
    row = unsigned_interim(case)
    if row is None and not version:
        try:
            with transaction.atomic():
                row = InterimAnswer.objects.create(case=case, **words)
        except IntegrityError as error:
            raise TransitionError(_("Người khác vừa soạn trả lời tạm thời cho hồ sơ này.")) from error
    else:
        seen = InterimAnswer.objects.filter(case=case, version=version, signed_at=None)
        if not seen.update(**words, drafted_at=timezone.now(), version=F("version") + 1):
            raise TransitionError(_("Bản tạm thời vừa thay đổi. Phần bạn viết vẫn còn bên dưới."))
        row = unsigned_interim(case)
    if row is None:
        raise TransitionError(_("Bản tạm thời vừa thay đổi. Phần bạn viết vẫn còn bên dưới."))
    record(case, "interim-submit", from_status=case.status, by=by)
    keep_claim(case, by=by)
    tell_officials(signers_of(case), case, "case_interim_waiting", key=f"{row.pk}-{row.version}", by=str(by))
    return row


@transaction.atomic
def return_interim(case: Case, *, by: User, note: str) -> None:
    """The head wants it otherwise."""
    power_to_sign(case, by=by)
    require_words(note, _("Hãy ghi ý kiến để chuyên viên biết cần sửa gì."))
    waiting = InterimAnswer.objects.filter(case=case, signed_at=None, is_waiting=True)
    if not waiting.update(is_waiting=False, version=F("version") + 1):
        raise TransitionError(_("Không có bản trả lời tạm thời đang chờ ký."))
    event = record(case, "interim-back", from_status=case.status, by=by, internal_note=note)
    tell_officials(handlers(case), case, "case_interim_back", key=f"{event.pk}", note=note, by=str(by))


@transaction.atomic
def sign_interim(case: Case, *, by: User, version: int) -> InterimAnswer:
    """Signed: the asker hears how far it is, and the answer is due on the new day."""
    power_to_sign(case, by=by)
    row = waiting_interim(case)
    if row is None or case.status != Status.ASSIGNED:
        raise TransitionError(_("Không có bản trả lời tạm thời đang chờ ký."))
    fields = signature(case, by=by, drafted_by_id=row.drafted_by_id)
    seen = InterimAnswer.objects.filter(pk=row.pk, version=version, signed_at=None, is_waiting=True)
    signed = seen.update(
        **fields, is_waiting=False, content_hash=row.hash_of_content(), version=F("version") + 1
    )
    if not signed:
        raise TransitionError(_("Bản tạm thời vừa thay đổi. Hãy đọc lại trước khi ký."))
    row.refresh_from_db()
    set_later_day(case, by=by, due_on=row.due_on, ground=row.ground, note=plain_text(row.body)[:2000])
    words = _("%(text)s\nHạn trả lời mới: %(day)s. Căn cứ: %(ground)s. Người ký: %(signer)s.") % {
        "signer": signer_line(fields),
        "text": plain_text(row.body),
        "day": day_text(row.due_on),
        "ground": row.ground,
    }
    record(
        case, "interim", from_status=case.status, by=by, public_note=words, internal_note=signed_how(fields)
    )
    tell_asker(
        case,
        "case_interim",
        key=f"interim-{row.pk}",
        agency=row.agency_name,
        signer=signer_line(fields),
        on=day_text(timezone.localdate(row.signed_at)),
        due=day_text(row.due_on),
        ground=row.ground,
        rich=row.body,
    )
    return row
