"""From the officer's first words to the signature of the head."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import User
from agencies.roles import Role
from articles import citations
from articles.models import Document
from feedback.models import Answer, AnswerVersion, Case
from feedback.services.attachments import Checked, attach
from feedback.services.claims import keep_claim
from feedback.services.signing import power_to_sign, signature, signed_how, signer_line, signers_of
from feedback.services.steps import (
    TransitionError,
    coordinators,
    day_text,
    handlers,
    move,
    require,
    require_words,
    tell_asker,
    tell_officials,
)
from notifications.services import notify_official
from parcai.lib.html import plain_text

Status = Case.Status


@transaction.atomic
def return_to_intake(case: Case, *, by: User, note: str) -> None:
    """The agency gives the case back: not its business."""
    require(by, case, Role.OFFICER, Role.HEAD)
    require_words(note, _("Hãy ghi lý do trả lại, nếu biết thì nêu cơ quan có thẩm quyền."))
    agency = case.agency
    move(case, Status.ACCEPTED, "return", by=by, internal_note=note, agency=None, officer=None)
    tell_officials(coordinators(), case, "case_returned", agency=str(agency), note=note)


@transaction.atomic
def recall(case: Case, *, by: User, note: str) -> None:
    """Intake takes a wrongly routed case back from an agency; the agency is told why."""
    require(by, case, Role.COORDINATOR)
    require_words(note, _("Hãy ghi lý do thu hồi để cơ quan được biết."))
    told, agency = handlers(case), case.agency
    move(case, Status.ACCEPTED, "recall", by=by, internal_note=note, agency=None, officer=None)
    for official in told:
        notify_official(
            official,
            "case_recalled",
            {
                "code": case.code,
                "title": case.title,
                "agency": str(agency),
                "note": note,
                "path": reverse("feedback:desk"),
            },
            dedupe_key=f"case_recalled:{case.pk}:{case.version}",
        )


@transaction.atomic
def save_draft(case: Case, *, by: User, body: str, version: int, files: Sequence[Checked] = ()) -> Answer:
    """Keep the officer's words. `version` is the one the officer saw; somebody else's newer words are never lost."""
    require(by, case, Role.OFFICER)
    if case.status != Status.ASSIGNED:
        raise TransitionError(_("Chỉ soạn trả lời khi hồ sơ đang giải quyết."))
    body = Answer._meta.get_field("body").to_python(body)
    require_words(plain_text(body), _("Hãy viết nội dung trả lời."))
    draft = case.answers.filter(signed_at=None).first()
    if draft is None:
        if version:
            raise TransitionError(_("Bản nháp đã thay đổi. Hãy chép lại phần vừa viết rồi mở lại trang."))
        last = case.answers.aggregate(last=Max("round"))["last"] or 0
        try:
            with transaction.atomic():
                draft = Answer.objects.create(case=case, round=last + 1, body=body, drafted_by=by)
                _keep_version(draft, case, by=by)
        except IntegrityError as error:
            raise TransitionError(_("Người khác vừa bắt đầu soạn trả lời cho hồ sơ này.")) from error
        attach(case, files, answer=draft, by=by)
        return draft
    seen = Answer.objects.filter(pk=draft.pk, version=version, signed_at=None)
    if not seen.update(body=body, drafted_by=by, drafted_at=timezone.now(), version=F("version") + 1):
        raise TransitionError(
            _("%s vừa lưu bản nháp này. Phần bạn viết vẫn còn bên dưới.") % draft.drafted_by
        )
    draft.refresh_from_db()
    _keep_version(draft, case, by=by)
    attach(case, files, answer=draft, by=by)
    return draft


def _keep_version(draft: Answer, case: Case, *, by: User) -> None:
    """Each different wording once, for the head to compare; and the officer has written."""
    keep_claim(case, by=by)
    last = draft.versions.last()
    if last is None or last.body != draft.body:
        AnswerVersion.objects.create(answer=draft, number=draft.version, body=draft.body, by=by)


def cited_in_draft(draft: Answer) -> list[Document]:
    """The public documents a draft cites, those that no longer bind (or not yet) among them."""
    keys = [document.pk for document in citations.cited_in(draft.body)]
    return list(Document.objects.readable().with_force().filter(pk__in=keys).select_related("kind", "agency"))


@transaction.atomic
def submit_answer(
    case: Case, *, by: User, body: str, version: int, note: str = "", files: Sequence[Checked] = ()
) -> Answer:
    """Save the draft and put it before the head. A system that hands one in does not take the case on."""
    draft = save_draft(case, by=by, body=body, version=version, files=files)
    officer = case.officer or (None if by.is_machine else by)
    move(
        case, Status.DRAFTED, "submit", by=by, internal_note=note, officer=officer, claimed_at=timezone.now()
    )
    tell_officials(signers_of(case), case, "answer_waiting", by=str(by))
    return draft


@transaction.atomic
def send_back(case: Case, *, by: User, note: str) -> None:
    """The head wants it better."""
    power_to_sign(case, by=by)
    require_words(note, _("Hãy ghi ý kiến để chuyên viên biết cần sửa gì."))
    draft = case.answers.filter(signed_at=None).first()
    move(case, Status.ASSIGNED, "send-back", by=by, internal_note=note, claimed_at=timezone.now())
    author = draft.drafted_by if draft and not draft.drafted_by.is_machine else None
    still_here = author and Case.objects.visible_to(author).filter(pk=case.pk).exists()
    told = [author] if author and still_here else handlers(case)
    tell_officials(told, case, "answer_sent_back", note=note, by=str(by))


@transaction.atomic
def sign(case: Case, *, by: User, version: int) -> Answer:
    """The head, or a deputy in their stead, approves the words they saw and signs; nobody signs their own draft
    unless the agency has a single official. The citizen is told."""
    power_to_sign(case, by=by)
    draft = case.answers.filter(signed_at=None).first()
    if draft is None or case.status != Status.DRAFTED:
        raise TransitionError(_("Hồ sơ không có dự thảo đang chờ ký."))
    fields = signature(case, by=by, drafted_by_id=draft.drafted_by_id)
    now = fields["signed_at"]
    seen = Answer.objects.filter(pk=draft.pk, version=version, signed_at=None)
    signed = seen.update(
        **fields,
        content_hash=draft.hash_of_content(),
        due_on=case.due_on,
        days_taken=agencies.days_taken(case.clock_from, now, case.paused_days()),
        version=F("version") + 1,
    )
    if not signed:
        raise TransitionError(_("Dự thảo vừa thay đổi. Hãy đọc lại trước khi ký."))
    move(
        case,
        Status.ANSWERED,
        "sign",
        by=by,
        internal_note=signed_how(fields),
        answered_at=now,
        closed_at=now,
        due_on=case.due_on,
    )
    draft.refresh_from_db()
    tell_asker(
        case,
        "case_answered",
        key=f"round-{draft.round}",
        agency=draft.agency_name,
        signer=signer_line(fields),
        on=day_text(timezone.localdate(now)),
        rich=draft.body,
    )
    return draft
