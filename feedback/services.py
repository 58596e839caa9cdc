"""The steps of a case. Each changes the rows, adds the line of history and queues the messages, all or nothing.

`_move` is the only place a status changes. It names the old status and version in the UPDATE, so two people pressing
a button at once cannot both win; the loser gets TransitionError in words for the official.
"""

import re
import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import Agency, User
from agencies.roles import Role
from articles import citations
from feedback.models import Answer, Case, CaseEvent, Draft, Pause, Term, new_code
from notifications.services import cancel, forget, notify, notify_official
from parcai.lib import personal
from parcai.lib.html import hidden_words, plain_text
from parcai.search import services as search
from plan.models import Evidence
from plan.services import record_evidence, withdraw_evidence

Status = Case.Status

REOPEN_WITHIN = 15  # working days after the answer (DESIGN: a case)
DUE_SOON = 2  # working days
DRAFTS_KEPT = timedelta(days=7)
EXCERPT = 240
MAILS_BEFORE_ANSWER = (  # they carry the title
    "case_received",
    "case_assigned",
    "case_needs_info",
    "case_replied",
    "case_returned",
    "case_recalled",
    "case_reopened",
    "case_withdrawn",
    "case_due_soon",
    "case_overdue",
    "case_at_intake",
    "answer_waiting",
    "answer_sent_back",
)
# Ends that other steps reach too: these begin in one place only, or `route` would quietly reopen an answered case.
BEGINS = {
    "accept": Status.RECEIVED,
    "route": Status.ACCEPTED,
    "return": Status.ASSIGNED,
    "recall": Status.ASSIGNED,
    "send-back": Status.DRAFTED,
}
DEFAULT_TERMS = {Term.Step.SCREEN: 2, Term.Step.TRANSFER: 5, Term.Step.ANSWER: 15}


class TransitionError(Exception):
    """The step does not fit the case or the official; the text says why."""


class PersonalDataError(TransitionError):
    """Something that tells who a person is would become public."""

    def __init__(self, findings):
        self.findings = findings
        pieces = "; ".join(f"{finding.kind}: “{finding.text}”" for finding in findings)
        super().__init__(_("Cần che thông tin cá nhân trước khi công khai: %s.") % pieces)


# The mechanics ---------------------------------------------------------------------------------------------------


def _record(
    case: Case, step: str, *, from_status: str = "", by=None, public_note="", internal_note=""
) -> CaseEvent:
    previous = (
        CaseEvent.objects.filter(case=case).order_by("-pk").values_list("hash", flat=True).first() or ""
    )
    event = CaseEvent(
        case=case,
        at=timezone.now(),
        by=by,
        step=step,
        from_status=from_status,
        to_status=case.status,
        agency_id=case.agency_id,
        public_note=CaseEvent._meta.get_field("public_note").to_python(public_note),
        internal_note=CaseEvent._meta.get_field("internal_note").to_python(internal_note),
    )
    event.hash = event.hash_after(previous)
    event.save(force_insert=True)
    return event


def _change(case: Case, **changes) -> None:
    """Change a case that still is as it was read; raises TransitionError otherwise."""
    unchanged = Case.objects.filter(pk=case.pk, status=case.status, version=case.version)
    if not unchanged.update(version=F("version") + 1, **changes):
        raise TransitionError(_("Hồ sơ vừa được người khác xử lý. Hãy mở lại trang để xem tình trạng mới."))
    case.refresh_from_db()
    if not {"published_at", "is_confidential"}.isdisjoint(changes):
        search.refresh(case)
    if not {"status", "is_confidential", "title", "text"}.isdisjoint(changes):
        search.put(Case.INSIDE, case.pk, case.inside_entry())


def _move(
    case: Case, to: str, step: str, *, by=None, public_note="", internal_note="", **changes
) -> CaseEvent:
    if not case.can_become(to) or case.status != BEGINS.get(step, case.status):
        raise TransitionError(_("Bước này không còn phù hợp: hồ sơ đang “%s”.") % case.get_status_display())
    before = case.status
    _change(case, status=to, **changes)
    return _record(
        case, step, from_status=before, by=by, public_note=public_note, internal_note=internal_note
    )


def _require(by: User, case: Case, *roles: Role) -> None:
    """The official holds one of the roles and the case is theirs: intake acts on all, others for their own agency."""
    theirs = Case.objects.visible_to(by).filter(pk=case.pk)
    if not (Role.COORDINATOR in roles and by.has_role(Role.COORDINATOR)):
        theirs = theirs.filter(agency__in=by.agency_scope)
    if not by.has_role(*roles) or not theirs.exists():
        raise TransitionError(_("Bạn không có quyền làm bước này với hồ sơ."))


def _words(text: str, message: str) -> str:
    if not text.strip():
        raise TransitionError(message)
    return text


def term(kind: str, step: str, on: date | None = None) -> int:
    """Working days a step may take by the rule in force on a day; DESIGN's defaults where none is set."""
    on = on or timezone.localdate()
    found = Term.objects.filter(kind=kind, step=step, valid_from__lte=on).order_by("-valid_from").first()
    return found.working_days if found else DEFAULT_TERMS[Term.Step(step)]


def _tell_asker(case: Case, template: str, key: str = "", **context) -> None:
    notify(
        template,
        {"code": case.code, "title": case.title, "path": reverse("feedback:status"), **context},
        dedupe_key=f"{template}:{case.pk}:{key or case.version}",
        recipient=case.asker_email,
        phone=case.asker_phone,
    )


def _tell_officials(officials, case: Case, template: str, key: str = "", **context) -> None:
    data = {
        "code": case.code,
        "title": case.title,
        "due": _day(case.due_on),
        "path": case.get_desk_url(),
        **context,
    }
    for official in officials:
        notify_official(official, template, data, dedupe_key=f"{template}:{case.pk}:{key or case.version}")


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def officials_of(agency: Agency | None, *roles: Role) -> list[User]:
    """Active officials with one of the roles in an agency; where it has ended or has nobody, in its successor."""
    seen: set[int] = set()
    while agency is not None and agency.pk not in seen:
        seen.add(agency.pk)
        found = list(agency.officials.filter(is_active=True, groups__name__in=roles).distinct())
        if found:
            return found
        agency = agencies.successor_of(agency)
    return []


def handlers(case: Case) -> list[User]:
    """Who has the case in hand: its officer while they may still see it, else the agency's officers, else intake."""
    if case.officer and Case.objects.visible_to(case.officer).filter(pk=case.pk).exists():
        return [case.officer]
    return officials_of(case.agency, Role.OFFICER) or list(coordinators())


def coordinators():
    return User.objects.filter(is_active=True, groups__name=Role.COORDINATOR).distinct()


# Intake ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def receive(
    *,
    kind: str,
    title: str,
    text: str,
    asker: dict,
    submission: uuid.UUID,
    asked_agency: Agency | None = None,
    may_publish: bool = False,
    show_name: bool = False,
    source: str = Case.Source.WEB,
    by: User | None = None,
    shown_by: str = "",
) -> Case:
    """Take a question or report in, whatever door it came through. The same `submission` gives the same case.

    `asker` holds kind, name, email, phone, address. Having been called means the asker agreed to be answered;
    `may_publish` is the second, free consent. `shown_by` names the system where the asker follows the case, when they
    were given no PIN.
    """
    if found := Case.objects.filter(submission=submission).first():
        return found
    now = timezone.now()
    days = term(kind, Term.Step.ANSWER, agencies.day_of_receipt(now))
    fields = {
        "kind": kind,
        "source": source,
        "title": title,
        "text": text,
        "asker_kind": asker.get("kind") or Case.AskerKind.CITIZEN,
        "asker_name": asker["name"],
        "asker_email": asker.get("email", ""),
        "asker_phone": asker.get("phone", ""),
        "asker_address": asker.get("address", ""),
        "answer_consent_at": now,
        "publish_consent_at": now if may_publish else None,
        "show_name": may_publish and show_name,
        "asked_agency": asked_agency,
        "submission": submission,
        "received_at": now,
        "clock_from": now,
        "term": days,
        "due_on": agencies.due_on(now, days),
    }
    case = _create_once(fields)
    if case.events.exists():
        return case
    _record(case, "receive", by=by)
    search.put(Case.INSIDE, case.pk, case.inside_entry())
    _tell_asker(case, "case_received", key="received", due=_day(case.due_on), system=shown_by)
    for coordinator in coordinators():
        notify(
            "case_new",
            {"code": case.code, "title": case.title, "path": case.get_desk_url()},
            dedupe_key=f"case_new:{case.pk}:{coordinator.pk}",
            official=coordinator,
        )
    return case


def _create_once(fields: dict) -> Case:
    """A new case; another request with the same submission may have been quicker, and a code may be taken."""
    for _attempt in range(5):
        try:
            with transaction.atomic():
                return Case.objects.create(code=new_code(), **fields)
        except IntegrityError:
            if found := Case.objects.filter(submission=fields["submission"]).first():
                return found
    raise TransitionError(_("Chưa tạo được mã hồ sơ. Xin bấm gửi lần nữa."))


@transaction.atomic
def send_draft(draft: Draft, **fields) -> Case:
    """Turn a finished draft into a case, once; what was typed is then no longer kept beside it."""
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.case is not None:
        return draft.case
    case = receive(submission=draft.pk, **fields)
    Draft.objects.filter(pk=draft.pk).update(case=case, data="")
    return case


def forget_drafts() -> int:
    """Delete what nobody came back to."""
    return Draft.objects.filter(updated_at__lt=timezone.now() - DRAFTS_KEPT).delete()[0]


@transaction.atomic
def accept(case: Case, *, by: User, note: str = "") -> None:
    """Enter the case in the register (vào sổ)."""
    _require(by, case, Role.COORDINATOR)
    _move(case, Status.ACCEPTED, "accept", by=by, internal_note=note)


@transaction.atomic
def reject(case: Case, *, by: User, note: str) -> None:
    """Refuse with a reason the asker is told."""
    _require(by, case, Role.COORDINATOR)
    _words(note, _("Hãy ghi lý do không tiếp nhận; người gửi sẽ đọc lý do này."))
    now = timezone.now()
    _move(case, Status.REJECTED, "reject", by=by, public_note=note, closed_at=now, paused_at=None)
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=now)
    _tell_asker(case, "case_rejected", note=note)
    _tell_duplicates_of_the_end(case)


@transaction.atomic
def forward(case: Case, *, by: User, body: str, note: str = "") -> None:
    """Hand over to a body outside the portal (NĐ 20/2008/NĐ-CP, Điều 9: within five working days)."""
    _require(by, case, Role.COORDINATOR)
    _words(body, _("Hãy ghi tên cơ quan nhận."))
    public_note = _("Đã chuyển đến %s.") % body.strip().rstrip(".") + (f" {note}" if note else "")
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=timezone.now())
    _move(
        case,
        Status.FORWARDED,
        "forward",
        by=by,
        public_note=public_note,
        closed_at=timezone.now(),
        paused_at=None,
    )
    _tell_asker(case, "case_forwarded", note=public_note)
    _tell_duplicates_of_the_end(case)


@transaction.atomic
def mark_duplicate(case: Case, *, by: User, of: Case) -> None:
    """Join a case to another; its asker is told where to follow."""
    _require(by, case, Role.COORDINATOR)
    while of.duplicate_of is not None:
        of = of.duplicate_of
    if of.pk == case.pk:
        raise TransitionError(_("Hồ sơ không thể trùng với chính nó."))
    if of.is_confidential:
        raise TransitionError(_("Không gộp vào hồ sơ không công khai."))
    if of.publish_consent_at is None:
        raise TransitionError(
            _(
                "Người gửi hồ sơ gốc không đồng ý công khai, nên người gửi hồ sơ này sẽ không đọc được câu trả lời."
            )
        )
    if not of.is_open and of.status != Status.ANSWERED:
        raise TransitionError(_("Hồ sơ gốc đã kết thúc mà không có câu trả lời."))
    note = _("Nội dung trùng với hồ sơ %s.") % of.code
    _move(
        case,
        Status.DUPLICATE,
        "duplicate",
        by=by,
        internal_note=note,
        duplicate_of=of,
        closed_at=timezone.now(),
    )
    case.duplicates.update(duplicate_of=of)  # whoever was joined to this one follows it
    _tell_asker(case, "case_duplicate", public_path=of.get_absolute_url() if of.is_public else "")


def _tell_duplicates_of_the_end(case: Case) -> None:
    """The case others were joined to ends without an answer: their askers may send theirs again."""
    for other in case.duplicates.filter(status=Status.DUPLICATE):
        _tell_asker(other, "case_duplicate_ended", key=f"of-{case.pk}")


@transaction.atomic
def set_aside(case: Case, *, by: User, note: str = "") -> None:
    """Khiếu nại or tố cáo that came through this door: handed over, shown to nobody, its text in no message."""
    _require(by, case, Role.COORDINATOR, Role.OFFICER, Role.HEAD)
    public_note = _(
        "Nội dung thuộc quy định về khiếu nại, tố cáo nên được chuyển đến cơ quan có thẩm quyền, không xử lý qua cổng."
    )
    _move(
        case,
        Status.FORWARDED,
        "set-aside",
        by=by,
        public_note=public_note,
        internal_note=note,
        is_confidential=True,
        published_at=None,
        closed_at=timezone.now(),
        paused_at=None,
    )
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=timezone.now())
    for template in MAILS_BEFORE_ANSWER:
        cancel(dedupe_prefix=f"{template}:{case.pk}:")
        forget(dedupe_prefix=f"{template}:{case.pk}:", unless=coordinators())
    _tell_duplicates_of_the_end(case)


@transaction.atomic
def route(case: Case, *, by: User, agency: Agency, campaign=None, note: str = "") -> None:
    """Give the case to an agency; one that has ended passes it to its successor. A new case is accepted on the way."""
    _require(by, case, Role.COORDINATOR)
    today = agencies.successor_of(agency)
    if today is None:
        raise TransitionError(_("%s không còn hoạt động. Hãy chọn cơ quan kế thừa.") % agency)
    if case.status == Status.RECEIVED:
        accept(case, by=by)
    _move(
        case,
        Status.ASSIGNED,
        "route",
        by=by,
        internal_note=note,
        agency=today,
        officer=None,
        campaign=campaign or case.campaign,
    )
    _tell_officials(officials_of(today, Role.OFFICER), case, "case_assigned", agency=today.name)


# Asking back -----------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_back(case: Case, *, by: User, note: str) -> None:
    """Ask the citizen for more; the clock stands still until the reply."""
    _require(by, case, Role.COORDINATOR, Role.OFFICER)
    _words(note, _("Hãy ghi rõ cần người gửi bổ sung điều gì."))
    now = timezone.now()
    _move(
        case,
        Status.NEEDS_INFO,
        "ask-back",
        by=by,
        public_note=note,
        paused_at=now,
        resumes_to=case.status,
    )
    today = timezone.localdate(now)
    Pause.objects.create(
        case=case,
        started_at=now,
        not_counted_from=today if case.due_on == today else today + timedelta(days=1),
        reason=note,
    )
    _tell_asker(case, "case_needs_info", note=note)


@transaction.atomic
def add_information(case: Case, *, text: str) -> None:
    """The citizen's reply: the clock goes on with the working days that were left."""
    _words(text, _("Hãy viết phần bổ sung."))
    _resume(case, "reply", public_note=text)
    _tell_officials(handlers(case), case, "case_replied")


@transaction.atomic
def note_information(case: Case, *, by: User, note: str) -> None:
    """The citizen replied by phone or at the counter: an official writes it down and the clock goes on."""
    _require(by, case, Role.COORDINATOR, Role.OFFICER)
    _words(note, _("Hãy ghi lại điều người gửi đã bổ sung."))
    _resume(case, "reply-noted", by=by, public_note=note)


def _resume(case: Case, step: str, **event) -> None:
    """Back to where the case stood; the clock goes on with the working days that were left, at least one."""
    if case.status != Status.NEEDS_INFO:
        raise TransitionError(_("Hồ sơ không còn chờ bổ sung."))
    now, due_on = timezone.now(), case.due_on
    pause = case.pauses.filter(ended_at=None).first()
    if pause and due_on >= timezone.localdate(pause.started_at):  # what was late before the pause stays late
        paused = [*case.paused_days(), (pause.not_counted_from, timezone.localdate(now))]
        due_on = agencies.due_on(case.clock_from, case.term, paused)
    _move(case, case.resumes_to, step, paused_at=None, resumes_to="", due_on=due_on, **event)
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=now)


# Answering -------------------------------------------------------------------------------------------------------


@transaction.atomic
def claim(case: Case, *, by: User) -> None:
    """An officer takes the case on."""
    _require(by, case, Role.OFFICER)
    if case.status != Status.ASSIGNED:
        raise TransitionError(_("Chỉ nhận thụ lý hồ sơ đang giải quyết."))
    _change(case, officer=by)
    _record(case, "claim", from_status=case.status, by=by)


@transaction.atomic
def return_to_intake(case: Case, *, by: User, note: str) -> None:
    """The agency gives the case back: not its business."""
    _require(by, case, Role.OFFICER, Role.HEAD)
    _words(note, _("Hãy ghi lý do trả lại, nếu biết thì nêu cơ quan có thẩm quyền."))
    agency = case.agency
    _move(case, Status.ACCEPTED, "return", by=by, internal_note=note, agency=None, officer=None)
    _tell_officials(coordinators(), case, "case_returned", agency=str(agency), note=note)


@transaction.atomic
def recall(case: Case, *, by: User, note: str) -> None:
    """Intake takes a wrongly routed case back from an agency; the agency is told why."""
    _require(by, case, Role.COORDINATOR)
    _words(note, _("Hãy ghi lý do thu hồi để cơ quan được biết."))
    told, agency = handlers(case), case.agency
    _move(case, Status.ACCEPTED, "recall", by=by, internal_note=note, agency=None, officer=None)
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
def save_draft(case: Case, *, by: User, body: str, version: int) -> Answer:
    """Keep the officer's words. `version` is the one the officer saw; somebody else's newer words are never lost."""
    _require(by, case, Role.OFFICER)
    if case.status != Status.ASSIGNED:
        raise TransitionError(_("Chỉ soạn trả lời khi hồ sơ đang giải quyết."))
    body = Answer._meta.get_field("body").to_python(body)
    _words(plain_text(body), _("Hãy viết nội dung trả lời."))
    draft = case.answers.filter(signed_at=None).first()
    if draft is None:
        if version:
            raise TransitionError(_("Bản nháp đã thay đổi. Hãy chép lại phần vừa viết rồi mở lại trang."))
        last = case.answers.aggregate(last=Max("round"))["last"] or 0
        try:
            with transaction.atomic():
                return Answer.objects.create(case=case, round=last + 1, body=body, drafted_by=by)
        except IntegrityError as error:
            raise TransitionError(_("Người khác vừa bắt đầu soạn trả lời cho hồ sơ này.")) from error
    seen = Answer.objects.filter(pk=draft.pk, version=version, signed_at=None)
    if not seen.update(body=body, drafted_by=by, drafted_at=timezone.now(), version=F("version") + 1):
        raise TransitionError(
            _("%s vừa lưu bản nháp này. Phần bạn viết vẫn còn bên dưới.") % draft.drafted_by
        )
    draft.refresh_from_db()
    return draft


@transaction.atomic
def submit_answer(case: Case, *, by: User, body: str, version: int, note: str = "") -> Answer:
    """Save the draft and put it before the head. A system that hands one in does not take the case on."""
    draft = save_draft(case, by=by, body=body, version=version)
    officer = case.officer or (None if by.is_machine else by)
    _move(case, Status.DRAFTED, "submit", by=by, internal_note=note, officer=officer)
    _tell_officials(officials_of(case.agency, Role.HEAD), case, "answer_waiting", by=str(by))
    return draft


@transaction.atomic
def send_back(case: Case, *, by: User, note: str) -> None:
    """The head wants it better."""
    _require(by, case, Role.HEAD)
    _words(note, _("Hãy ghi ý kiến để chuyên viên biết cần sửa gì."))
    draft = case.answers.filter(signed_at=None).first()
    _move(case, Status.ASSIGNED, "send-back", by=by, internal_note=note)
    author = draft.drafted_by if draft and not draft.drafted_by.is_machine else None
    still_here = author and Case.objects.visible_to(author).filter(pk=case.pk).exists()
    told = [author] if author and still_here else handlers(case)
    _tell_officials(told, case, "answer_sent_back", note=note, by=str(by))


@transaction.atomic
def sign(case: Case, *, by: User, version: int) -> Answer:
    """The head approves the words they saw and signs; nobody signs their own draft. The citizen is told."""
    _require(by, case, Role.HEAD)
    draft = case.answers.filter(signed_at=None).first()
    if draft is None or case.status != Status.DRAFTED:
        raise TransitionError(_("Hồ sơ không có dự thảo đang chờ ký."))
    if draft.drafted_by_id == by.pk:
        raise TransitionError(_("Người soạn không tự ký câu trả lời của mình."))
    now = timezone.now()
    seen = Answer.objects.filter(pk=draft.pk, version=version, signed_at=None)
    signed = seen.update(
        signed_by=by,
        signed_at=now,
        signer_name=by.full_name,
        signer_title=by.title,
        agency_name=str(case.agency),
        content_hash=draft.hash_of_content(),
        due_on=case.due_on,
        days_taken=agencies.days_taken(case.clock_from, now, case.paused_days()),
        version=F("version") + 1,
    )
    if not signed:
        raise TransitionError(_("Dự thảo vừa thay đổi. Hãy đọc lại trước khi ký."))
    _move(case, Status.ANSWERED, "sign", by=by, answered_at=now, closed_at=now, due_on=case.due_on)
    draft.refresh_from_db()
    _tell_asker(
        case,
        "case_answered",
        key=f"round-{draft.round}",
        agency=draft.agency_name,
        signer=", ".join(filter(None, (draft.signer_name, draft.signer_title))),
        on=_day(timezone.localdate(now)),
        rich=draft.body,
    )
    return draft


# Becoming public -------------------------------------------------------------------------------------------------


def proposal_for_public(case: Case) -> dict[str, str]:
    """A masked first version of title, text, answer and name for the official who publishes."""
    answer, known = case.answers.signed().last(), case.known_of_asker()
    return {
        "title": personal.mask(case.title, known),
        "text": personal.mask(case.text, known),
        "answer": personal.mask_html(answer.body, known) if answer else "",
        "name": case.asker_name if case.show_name else "",
    }


@transaction.atomic
def publish(case: Case, *, by: User, title: str, text: str, answer: str, name: str = "") -> None:
    """Put the masked question and the signed answer online, if the asker agreed. Raises PersonalDataError.

    The answer stands under the head's name: it may differ from the signed one in masked pieces and in nothing else.
    """
    _require(by, case, Role.COORDINATOR)
    signed = case.answers.signed().last()
    if case.status != Status.ANSWERED or signed is None:
        raise TransitionError(_("Chỉ công khai được hồ sơ đã có câu trả lời được ký."))
    if case.is_confidential:
        raise TransitionError(_("Hồ sơ này không được công khai."))
    if case.publish_consent_at is None:
        raise TransitionError(_("Người gửi không đồng ý công khai."))
    _words(title, _("Hãy ghi tiêu đề công khai."))
    body = Answer._meta.get_field("public_body").to_python(answer)
    _words(plain_text(body), _("Hãy ghi câu trả lời công khai."))
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
    now = timezone.now()
    Answer.objects.filter(pk=signed.pk).update(public_body=body)
    citations.note(signed, body)
    _change(
        case,
        published_at=case.published_at or now,
        published_by=by,
        public_title=title,
        public_text=text,
        public_excerpt=_excerpt(body),
        public_name=shown_name,
    )
    _record(case, "publish", from_status=case.status, by=by)
    record_evidence(
        [case.campaign] if case.campaign else [],
        kind=Evidence.Kind.CASE,
        key=case.pk,
        title=case.public_title,
        path=case.get_absolute_url(),
        agency=case.agency,
        happened_at=case.published_at,
    )
    public_path = case.get_absolute_url()
    _tell_asker(case, "case_published", key=f"round-{signed.round}", public_path=public_path)
    for other in case.duplicates.filter(status=Status.DUPLICATE):
        _tell_asker(other, "case_duplicate_answered", key=f"of-{signed.pk}", public_path=public_path)


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


def citing_ended(cases):
    """Public cases whose answer cites a document that has ended, and nobody has confirmed it since."""
    answers = citations.awaiting(Answer.objects.signed())
    return cases.published().filter(pk__in=answers.order_by().values("case"))


@transaction.atomic
def confirm_citations(case: Case, *, by: User, note: str = "") -> None:
    """Somebody has looked: the public answer is still right although a document it cites has ended."""
    _require(by, case, Role.COORDINATOR)
    found = [each for answer in case.answers.signed() for each in citations.confirm(answer, by=by)]
    if case.published_at is None or not found:
        raise TransitionError(_("Câu trả lời này không chờ xem lại lời dẫn văn bản."))
    numbers = ", ".join(each.number for each in found)
    _record(
        case,
        "citations",
        from_status=case.status,
        by=by,
        internal_note=f"{numbers}. {note}" if note else numbers,
    )


@transaction.atomic
def unpublish(case: Case, *, by: User, note: str) -> None:
    """Take a public case offline; the case itself stays."""
    _require(by, case, Role.COORDINATOR)
    _words(note, _("Hãy ghi lý do gỡ."))
    if case.published_at is None:
        raise TransitionError(_("Hồ sơ chưa công khai."))
    _change(case, published_at=None)
    _record(case, "unpublish", from_status=case.status, by=by, internal_note=note)
    withdraw_evidence(kind=Evidence.Kind.CASE, key=case.pk)


# What the asker may do -------------------------------------------------------------------------------------------


def find_by_code(code: str, pin: str) -> Case | None:
    """The case behind code and PIN. A wrong code takes the same work as a wrong PIN."""
    case = Case.objects.filter(code=normal_code(code)).first()
    known = case.pin if case else "000000"
    matches = constant_time_compare(known.encode(), "".join(pin.split()).encode())
    return case if case and matches and known else None


def normal_code(code: str) -> str:
    """PY26-7KQ4-M2XD however it was typed: blanks, dashes and case do not matter."""
    letters = "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
    return "-".join((letters[:4], letters[4:8], letters[8:12])) if len(letters) == 12 else letters[:14]


@transaction.atomic
def withdraw(case: Case) -> None:
    """The asker takes the case back before it is answered."""
    _move(case, Status.WITHDRAWN, "withdraw", closed_at=timezone.now(), paused_at=None)
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=timezone.now())
    if case.agency:
        _tell_officials(handlers(case), case, "case_withdrawn")
    _tell_duplicates_of_the_end(case)


@transaction.atomic
def rate(case: Case, *, rating: int, comment: str = "") -> None:
    """The asker says whether the answer helped, 1 to 5, once."""
    if case.status != Status.ANSWERED or case.rated_at:
        raise TransitionError(_("Hồ sơ này không chờ đánh giá."))
    if not 1 <= rating <= 5:
        raise TransitionError(_("Chọn từ 1 đến 5 sao."))
    _change(case, rating=rating, rating_comment=comment, rated_at=timezone.now())
    _record(case, "rate", from_status=case.status)


def may_reopen(case: Case) -> bool:
    if case.status != Status.ANSWERED or case.reopened_at or case.answered_at is None:
        return False
    return agencies.due_on(case.answered_at, REOPEN_WITHIN) >= timezone.localdate()


@transaction.atomic
def reopen(case: Case, *, note: str) -> None:
    """The asker is not satisfied: once, within 15 working days. A new term begins; a public page goes offline."""
    _words(note, _("Hãy viết điều câu trả lời chưa giải quyết."))
    if not may_reopen(case):
        raise TransitionError(
            _("Hồ sơ chỉ được mở lại một lần, trong 15 ngày làm việc kể từ khi có trả lời.")
        )
    now = timezone.now()
    days = term(case.kind, Term.Step.ANSWER)
    today = agencies.successor_of(case.agency) if case.agency else None
    _move(
        case,
        Status.ASSIGNED,
        "reopen",
        public_note=note,
        agency=today or case.agency,
        reopened_at=now,
        closed_at=None,
        published_at=None,
        rating=None,
        rating_comment="",
        rated_at=None,
        clock_from=now,
        term=days,
        due_on=agencies.due_on(now, days),
        reminded_on=None,
    )
    withdraw_evidence(kind=Evidence.Kind.CASE, key=case.pk)
    told = {person.pk: person for person in (*handlers(case), *officials_of(case.agency, Role.HEAD))}
    _tell_officials(told.values(), case, "case_reopened")


# Watching the clock ----------------------------------------------------------------------------------------------


def remind_deadlines() -> int:
    """Tell once a day who has a case in hand that is due within two working days, late, or waits too long at intake.

    Marks first: a second run finds nothing.
    """
    today = timezone.localdate()
    soon = agencies.due_on(
        datetime.combine(today, datetime.min.time(), timezone.get_current_timezone()), DUE_SOON
    )
    running = Case.objects.running().exclude(reminded_on=today).select_related("agency", "officer")
    due = running.filter(due_on__lte=soon, agency__isnull=False)
    told = sum(_remind(case, today) for case in due.iterator(chunk_size=200))
    at_intake = running.filter(agency=None, status__in=(Status.RECEIVED, Status.ACCEPTED))
    return told + sum(_remind_intake(case, today) for case in at_intake.iterator(chunk_size=200))


def _mark_reminded(case: Case, today: date) -> bool:
    unmarked = Case.objects.filter(pk=case.pk, status=case.status).exclude(reminded_on=today)
    return bool(unmarked.update(reminded_on=today))


@transaction.atomic
def _remind(case: Case, today: date) -> bool:
    if not _mark_reminded(case, today):
        return False
    late = case.due_on < today
    told = {person.pk: person for person in handlers(case)}
    if late or case.status == Status.DRAFTED:  # what waits for a signature is in the head's hands
        told |= {person.pk: person for person in officials_of(case.agency, Role.HEAD)}
    _tell_officials(told.values(), case, "case_overdue" if late else "case_due_soon", key=today.isoformat())
    return True


@transaction.atomic
def _remind_intake(case: Case, today: date) -> bool:
    """Screening (vào sổ) and transfer to an agency have terms of their own, counted from receipt."""
    step = Term.Step.SCREEN if case.status == Status.RECEIVED else Term.Step.TRANSFER
    days = term(case.kind, step, agencies.day_of_receipt(case.clock_from))
    should_be_done = agencies.due_on(case.clock_from, days, case.paused_days())
    if should_be_done >= today or not _mark_reminded(case, today):
        return False
    _tell_officials(coordinators(), case, "case_at_intake", key=today.isoformat(), until=_day(should_be_done))
    return True


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
