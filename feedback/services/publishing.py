"""A signed answer becomes public: masked, with the consent of the asker."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, User
from agencies.roles import Role
from articles import citations
from feedback.models import Answer, Case, CaseFile, DataRequest
from feedback.services.following import tell_followers
from feedback.services.masking import keep_masks, proposal_for_public
from feedback.services.steps import (
    PersonalDataError,
    TransitionError,
    change,
    record,
    require,
    require_words,
    tell_asker,
)
from parcai.lib import personal
from parcai.lib.html import hidden_words, plain_text
from parcai.lib.vietnamese import tidy
from plan.models import Evidence
from plan.services import record_evidence, withdraw_evidence

Status = Case.Status

EXCERPT = 240
TO_BE_SEEN_BY_FEWER = (
    DataRequest.Kind.DELETE,
    DataRequest.Kind.WITHDRAW_CONSENT,
    DataRequest.Kind.RESTRICT,
)


@transaction.atomic
def publish(
    case: Case,
    *,
    by: User,
    title: str,
    text: str | None = None,
    answer: str | None = None,
    name: str | None = None,
) -> None:
    """Put the masked question and the signed answer online, if the asker agreed. Raises PersonalDataError.

    What is not given follows from the masks (`services.masks`). The answer stands under the head's name: it may differ from the signed one in masked pieces and in nothing else.
    """
    require(by, case, Role.COORDINATOR)
    signed = case.answers.signed().last()
    if case.status != Status.ANSWERED or signed is None:
        raise TransitionError(_("Chỉ công khai được hồ sơ đã có câu trả lời được ký."))
    if case.is_confidential:
        raise TransitionError(_("Hồ sơ này không được công khai."))
    if case.publish_consent_at is None:
        raise TransitionError(_("Người gửi không đồng ý công khai."))
    if case.is_kept_out_of_use or case.data_requests.open().filter(kind__in=TO_BE_SEEN_BY_FEWER).exists():
        raise TransitionError(_("Người gửi đã yêu cầu xóa hoặc hạn chế dùng dữ liệu của mình."))
    require_words(title, _("Hãy ghi tiêu đề công khai."))
    copy = proposal_for_public(case)
    text = copy["text"] if text is None else text
    answer = copy["answer"] if answer is None else answer
    name = copy["name"] if name is None else name
    body = Answer._meta.get_field("public_body").to_python(answer)
    require_words(plain_text(body), _("Hãy ghi câu trả lời công khai."))
    if not personal.says_the_same(body, signed.body):
        raise TransitionError(
            _(
                "Câu trả lời công khai phải giữ nguyên lời thủ trưởng đã ký; chỉ được thay chỗ riêng tư bằng “%s”."
            )
            % personal.MASK
        )
    shown_name = name if case.show_name else ""
    shown = "\n".join((title, text, plain_text(body), hidden_words(body)))
    findings = [*personal.find(shown, case.known_of_asker()), *personal.find(shown_name)]
    if findings := [each for each in findings if not _is_of_an_agency(each)]:
        raise PersonalDataError(findings)
    now, is_new = timezone.now(), not signed.public_body
    is_changed = not is_new and _reads_otherwise(case, signed, title, text, body, shown_name)
    was_offline = case.published_at is None
    Answer.objects.filter(pk=signed.pk).update(public_body=body)
    citations.note(signed, body)
    change(
        case,
        published_at=case.published_at or now,
        published_by=by,
        public_title=title,
        public_text=text,
        public_excerpt=_excerpt(body),
        public_name=shown_name,
        public_changed_at=now if is_changed else None if is_new else case.public_changed_at,
    )
    keep_masks(case)  # after the one place where of two who publish one loses
    record(case, "publish", from_status=case.status, by=by)
    record_evidence(
        [case.campaign] if case.campaign else [],
        kind=Evidence.Kind.CASE,
        key=case.pk,
        title=case.public_title,
        path=case.get_absolute_url(),
        agency=case.agency,
        happened_at=case.published_at,
    )
    if is_new or is_changed or was_offline:
        tell_followers(case, "follow_answered" if is_new else "follow_changed")
    public_path = case.get_absolute_url()
    tell_asker(case, "case_published", key=f"round-{signed.round}", public_path=public_path)
    for other in case.duplicates.filter(status=Status.DUPLICATE):
        tell_asker(other, "case_duplicate_answered", key=f"of-{signed.pk}", public_path=public_path)


def _reads_otherwise(case: Case, signed: Answer, title: str, text: str, body: str, name: str) -> bool:
    """Whether what becomes public differs from what readers of this answer have seen."""
    before = (case.public_title, case.public_text, case.public_name, signed.public_body)
    after = (" ".join(tidy(title).split()), tidy(text), name, body)
    return before != after


def _is_of_an_agency(finding: personal.Finding) -> bool:
    """Whether a finding is the public contact of an agency and no person's: it may stand in an answer."""
    if finding.kind == "thư điện tử":
        return finding.text.casefold().endswith(".gov.vn")
    if finding.kind == "số điện thoại":
        digits = re.sub(r"\D", "", finding.text)
        phones = Agency.objects.exclude(phone="").values_list("phone", flat=True)
        return any(digits == re.sub(r"\D", "", phone) for phone in phones)
    if finding.kind == "địa chỉ nhà":
        return Agency.objects.filter(address__icontains=finding.text).exists()
    return False


# "Sở X trả lời câu hỏi “…” như sau:", "Kính gửi bà …:": what stands before the answer begins.
OPENINGS = (
    re.compile(r"(?:[^.:!?“]|“[^”]*”){3,120}?\btrả lời\b(?:[^.:!?“]|“[^”]*”){0,120}:\s*", re.IGNORECASE),
    re.compile(r"Kính gửi [^.:!?]{2,80}[:,]\s*", re.IGNORECASE),
)


def _excerpt(body: str) -> str:
    """The beginning of an answer without the courtesies every answer opens with."""
    text = " ".join(plain_text(body).split())
    for opening in OPENINGS:
        found = opening.match(text)
        text = text[found.end() :] if found and len(text) > found.end() else text
    text = text[:1].upper() + text[1:]
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + "…"


@transaction.atomic
def release_file(case: Case, *, by: User, file: CaseFile, has_looked: bool) -> None:
    """Let a file be public with the case, after the coordinator has looked into it; none is by itself."""
    require(by, case, Role.COORDINATOR)
    if not has_looked:
        raise TransitionError(_("Hãy mở xem tệp rồi đánh dấu là đã xem."))
    if case.is_confidential or case.is_kept_out_of_use or case.publish_consent_at is None:
        raise TransitionError(_("Tệp của hồ sơ này không được công khai."))
    if file.answer is not None and file.answer.signed_at is None:
        raise TransitionError(_("Tệp này thuộc một dự thảo chưa ký."))
    change(case)
    if not CaseFile.objects.filter(pk=file.pk, case=case, is_public=False).update(is_public=True):
        raise TransitionError(_("Tệp này đã công khai hoặc không còn."))
    record(case, "release-file", from_status=case.status, by=by, internal_note=str(file.pk))


@transaction.atomic
def withhold_file(case: Case, *, by: User, file: CaseFile) -> None:
    """A file is public no longer."""
    require(by, case, Role.COORDINATOR)
    change(case)
    if not CaseFile.objects.filter(pk=file.pk, case=case, is_public=True).update(is_public=False):
        raise TransitionError(_("Tệp này không công khai."))
    record(case, "withhold-file", from_status=case.status, by=by, internal_note=str(file.pk))


def citing_ended(cases):
    """Public cases whose answer cites a document that has ended, and nobody has confirmed it since."""
    answers = citations.awaiting(Answer.objects.signed())
    return cases.published().filter(pk__in=answers.order_by().values("case"))


@transaction.atomic
def confirm_citations(case: Case, *, by: User, note: str = "") -> None:
    """Somebody has looked: the public answer is still right although a document it cites has ended."""
    require(by, case, Role.COORDINATOR)
    found = [each for answer in case.answers.signed() for each in citations.confirm(answer, by=by)]
    if case.published_at is None or not found:
        raise TransitionError(_("Câu trả lời này không chờ xem lại lời dẫn văn bản."))
    numbers = ", ".join(each.number for each in found)
    record(
        case,
        "citations",
        from_status=case.status,
        by=by,
        internal_note=f"{numbers}. {note}" if note else numbers,
    )


@transaction.atomic
def unpublish(case: Case, *, by: User, note: str) -> None:
    """Take a public case offline; the case itself stays."""
    require(by, case, Role.COORDINATOR)
    require_words(note, _("Hãy ghi lý do gỡ."))
    if case.published_at is None:
        raise TransitionError(_("Hồ sơ chưa công khai."))
    change(case, published_at=None)
    record(case, "unpublish", from_status=case.status, by=by, internal_note=note)
    withdraw_evidence(kind=Evidence.Kind.CASE, key=case.pk)
    tell_followers(case, "follow_withdrawn")
