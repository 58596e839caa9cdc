"""Taking a case in, whatever door it came through, and deciding where it goes."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import Agency, User
from agencies.roles import Role
from articles.models import Topic
from feedback.models import Case, CaseFile, Draft, OutsideBody, Pause, RefusalReason, Term, new_code
from feedback.services import attachments
from feedback.services.following import join_followers
from feedback.services.looking import seal
from feedback.services.routing import Offer, note_routing
from feedback.services.steps import (
    TransitionError,
    coordinators,
    day_text,
    move,
    officials_of,
    record,
    require,
    require_words,
    tell_asker,
    tell_duplicates_of_the_end,
    tell_officials,
    term,
)
from notifications.services import cancel, forget, notify
from parcai.search import services as search

Status = Case.Status

DRAFTS_KEPT = timedelta(days=7)

MAILS_BEFORE_ANSWER = (  # they carry the title
    "case_received",
    "case_assigned",
    "case_needs_info",
    "case_replied",
    "case_returned",
    "case_recalled",
    "case_reopened",
    "case_split",
    "case_withdrawn",
    "case_due_soon",
    "case_overdue",
    "case_at_intake",
    "answer_waiting",
    "answer_sent_back",
)


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
    note: str = "",
    notice_version: str = "",
) -> Case:
    """Take a question or report in, whatever door it came through. The same `submission` gives the same case.

    `asker` holds kind, name, tax_code, email, phone, address. Having been called means the asker agreed to be answered;
    `may_publish` is the second, free consent. `shown_by` names the system where the asker follows the case, when they
    were given no PIN. `note` says, for officials, how the consent was given when an official typed for the asker.
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
        "tax_code": asker.get("tax_code", ""),
        "asker_email": asker.get("email", ""),
        "asker_phone": asker.get("phone", ""),
        "asker_address": asker.get("address", ""),
        "answer_consent_at": now,
        "notice_version": notice_version,
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
    record(case, "receive", by=by, internal_note=note)
    search.put(Case.INSIDE, case.pk, case.inside_entry())
    tell_asker(case, "case_received", key="received", due=day_text(case.due_on), system=shown_by)
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
    attachments.hand_over(draft, case)
    Draft.objects.filter(pk=draft.pk).update(case=case, data="")
    return case


def forget_drafts() -> int:
    """Delete what nobody came back to, and its files."""
    old = Draft.objects.filter(updated_at__lt=timezone.now() - DRAFTS_KEPT)
    attachments.drop(CaseFile.objects.filter(draft__in=old))
    return old.delete()[0]


@transaction.atomic
def accept(case: Case, *, by: User, note: str = "") -> None:
    """Enter the case in the register (vào sổ)."""
    require(by, case, Role.COORDINATOR)
    move(case, Status.ACCEPTED, "accept", by=by, internal_note=note)


@transaction.atomic
def reject(case: Case, *, by: User, note: str = "", reason: RefusalReason | None = None) -> None:
    """Refuse with a reason the asker is told: of the table, with words for this very case, or words alone."""
    require(by, case, Role.COORDINATOR)
    note = reason.in_full(note) if reason else note
    require_words(note, _("Hãy ghi lý do không tiếp nhận; người gửi sẽ đọc lý do này."))
    now = timezone.now()
    move(
        case,
        Status.REJECTED,
        "reject",
        by=by,
        public_note=note,
        refusal=reason,
        closed_at=now,
        paused_at=None,
    )
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=now)
    tell_asker(case, "case_rejected", note=note)
    tell_duplicates_of_the_end(case)


@transaction.atomic
def forward(case: Case, *, by: User, body: OutsideBody | Agency | str, note: str = "") -> None:
    """Hand over to a body outside the portal (NĐ 20/2008/NĐ-CP, Điều 9: within five working days).

    The asker is told where it went and how to reach that body.
    """
    require(by, case, Role.COORDINATOR)
    name = str(body).strip().rstrip(".")
    require_words(name, _("Hãy ghi tên cơ quan nhận."))
    contact = body.contact if isinstance(body, OutsideBody) else ""
    public_note = _("Đã chuyển đến %s.") % (f"{name} ({contact})" if contact else name)
    public_note += f" {note}" if note else ""
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=timezone.now())
    move(
        case,
        Status.FORWARDED,
        "forward",
        by=by,
        public_note=public_note,
        forwarded_to=body if isinstance(body, OutsideBody) else None,
        closed_at=timezone.now(),
        paused_at=None,
    )
    tell_asker(case, "case_forwarded", note=public_note)
    tell_duplicates_of_the_end(case)


@transaction.atomic
def mark_duplicate(case: Case, *, by: User, of: Case) -> None:
    """Join a case to another: its asker, and whoever was joined to it before, follows that one and is told."""
    require(by, case, Role.COORDINATOR)
    while of.duplicate_of is not None:
        of = of.duplicate_of
    if of.pk == case.pk:
        raise TransitionError(_("Hồ sơ không thể trùng với chính nó."))
    of = _held(case, of)
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
    move(
        case,
        Status.DUPLICATE,
        "duplicate",
        by=by,
        internal_note=note,
        duplicate_of=of,
        closed_at=timezone.now(),
    )
    record(
        of,
        "joined",
        from_status=of.status,
        by=by,
        internal_note=_("Hồ sơ %s gộp vào hồ sơ này.") % case.code,
    )
    joined = list(case.duplicates.all())
    join_followers(case, of)
    case.duplicates.update(duplicate_of=of)  # whoever was joined to this one follows it
    for each in (case, *joined):
        tell_asker(
            each,
            "case_duplicate",
            key=f"of-{of.pk}",
            public_path=of.get_absolute_url() if of.is_public else "",
        )


def _held(case: Case, of: Case) -> Case:
    """The case to join to as it is now, with both held until the end of the step: two officials who join each to the
    other at once, or who join while it closes, do not both win."""
    held = {
        each.pk: each
        for each in Case.objects.select_for_update().filter(pk__in=(case.pk, of.pk)).order_by("pk")
    }
    if of.pk not in held or held[of.pk].duplicate_of_id is not None:
        raise TransitionError(_("Hồ sơ gốc vừa được người khác xử lý. Hãy xem lại."))
    return held[of.pk]


@transaction.atomic
def set_aside(case: Case, *, by: User, note: str = "") -> None:
    """Khiếu nại or tố cáo that came through this door: handed over, shown to nobody, its text in no message."""
    require(by, case, Role.COORDINATOR, Role.OFFICER, Role.HEAD)
    public_note = _(
        "Nội dung thuộc quy định về khiếu nại, tố cáo nên được chuyển đến cơ quan có thẩm quyền, không xử lý qua cổng."
    )
    move(
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
    named = seal(case, by=by)
    for template in MAILS_BEFORE_ANSWER:
        cancel(dedupe_prefix=f"{template}:{case.pk}:")
        forget(dedupe_prefix=f"{template}:{case.pk}:", unless=named)
    tell_duplicates_of_the_end(case)


@transaction.atomic
def route(
    case: Case,
    *,
    by: User,
    agency: Agency,
    campaign=None,
    note: str = "",
    topic: Topic | None = None,
    offers: Iterable[Offer] | None = None,
) -> None:
    """Give the case to an agency; one that has ended passes it to its successor. A new case is accepted on the way.

    `offers` are the agencies that were suggested: they are kept with the one that was taken.
    """
    require(by, case, Role.COORDINATOR)
    today = agencies.successor_of(agency)
    if today is None:
        raise TransitionError(_("%s không còn hoạt động. Hãy chọn cơ quan kế thừa.") % agency)
    if case.status == Status.RECEIVED:
        accept(case, by=by)
    move(
        case,
        Status.ASSIGNED,
        "route",
        by=by,
        internal_note=note,
        agency=today,
        officer=None,
        campaign=campaign or case.campaign,
        topic=topic or case.topic,
    )
    if offers is not None:
        note_routing(case, offers, today, by=by)
    tell_officials(officials_of(today, Role.OFFICER), case, "case_assigned", agency=today.name)
