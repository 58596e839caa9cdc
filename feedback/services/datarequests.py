"""What askers want done with their own data, and doing it within the days the law gives."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import services as agencies
from agencies.models import User
from agencies.roles import Role
from feedback.models import Case, DataRequest
from feedback.services.asker import withdraw
from feedback.services.masking import drop_masks
from feedback.services.publishing import TO_BE_SEEN_BY_FEWER
from feedback.services.retention import anonymise
from feedback.services.steps import (
    TransitionError,
    change,
    day_text,
    intake_of,
    record,
    require,
    require_words,
)
from feedback.timeline import timeline
from notifications.services import notify, notify_official
from parcai.lib.html import plain_text
from parcai.search import services as search
from plan.models import Evidence
from plan.services import withdraw_evidence

Kind = DataRequest.Kind
WORDS_NEEDED = {Kind.CORRECT: gettext_lazy("Hãy viết điều cần sửa.")}


@transaction.atomic
def ask_about_data(case: Case, *, kind: str, note: str = "") -> DataRequest:
    """The asker, with code and PIN in hand, asks for a copy, a correction, deletion or less use of their data."""
    if kind in WORDS_NEEDED:
        require_words(note, str(WORDS_NEEDED[Kind(kind)]))
    if kind == Kind.WITHDRAW_CONSENT and case.publish_consent_at is None:
        raise TransitionError(_("Bạn không đồng ý công khai hồ sơ này nên không có gì để rút."))
    if case.anonymised_at is not None:
        raise TransitionError(_("Dữ liệu cá nhân của hồ sơ đã được xóa."))
    now = timezone.now()
    try:
        with transaction.atomic():
            asked = DataRequest.objects.create(
                case=case,
                kind=kind,
                note=note,
                asked_at=now,
                reply_by=agencies.due_on(now, DataRequest.REPLY_WITHIN),
                due_on=DataRequest.due_after(kind, timezone.localdate(now)),
            )
    except IntegrityError as error:
        raise TransitionError(_("Yêu cầu này của bạn đã được ghi nhận và đang chờ thực hiện.")) from error
    if kind in TO_BE_SEEN_BY_FEWER:  # who is about to publish looks again
        Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
        case.refresh_from_db()
    record(case, "data-ask", from_status=case.status)
    for official in intake_of(case):
        notify_official(
            official,
            "case_data_asked",
            {
                "code": case.code,
                "kind": asked.get_kind_display(),
                "reply_by": day_text(asked.reply_by),
                "due": day_text(asked.due_on),
                "path": case.get_desk_url(),
            },
            dedupe_key=f"case_data_asked:{case.pk}:{asked.pk}",
        )
    return asked


# What officials do with a request --------------------------------------------------------------------------------


@transaction.atomic
def accept_data_request(asked: DataRequest, *, by: User) -> None:
    """The first reply, within two working days: it will be done, and by when."""
    case = _locked(asked, by, DataRequest.State.ASKED)
    now = timezone.now()
    DataRequest.objects.filter(pk=asked.pk).update(
        state=DataRequest.State.ACCEPTED, replied_at=now, handled_by=by
    )
    record(case, "data-accept", from_status=case.status, by=by)
    _tell(asked, "case_data_accepted", case.asker_email, case.asker_phone, due=day_text(asked.due_on))


@transaction.atomic
def refuse_data_request(asked: DataRequest, *, by: User, ground: str, answer: str) -> None:
    """It cannot be done: on which legal ground, and in words the asker understands."""
    case = _locked(asked, by, *DataRequest.OPEN)
    require_words(ground, _("Hãy ghi căn cứ pháp luật không cho phép thực hiện."))
    require_words(answer, _("Hãy giải thích cho người gửi."))
    _close(asked, DataRequest.State.REFUSED, by=by, ground=ground[:300], answer=answer)
    record(case, "data-refuse", from_status=case.status, by=by)
    _tell(asked, "case_data_refused", case.asker_email, case.asker_phone, ground=ground, note=answer)


@transaction.atomic
def do_data_request(
    asked: DataRequest, *, by: User, changes: dict[str, str] | None = None, answer: str = ""
) -> None:
    """Do what was asked, for real. `changes` are the corrected words, by field."""
    case = _locked(asked, by, *DataRequest.OPEN)
    email, phone = case.asker_email, case.asker_phone
    _close(asked, DataRequest.State.DONE, by=by, answer=answer)
    note = ""
    if asked.kind == Kind.CORRECT:
        note = _correct(case, changes or {})
        email, phone = case.asker_email, case.asker_phone
    elif asked.kind == Kind.WITHDRAW_CONSENT:
        _take_back_consent(case)
    elif asked.kind == Kind.RESTRICT:
        _restrict(case)
    record(case, "data-do", from_status=case.status, by=by, internal_note=note)
    if asked.kind == Kind.DELETE:
        if case.is_open:
            withdraw(case)
        anonymise(case, by=by, asked=asked)
    _tell(asked, "case_data_done", email, phone, note=answer)


def _locked(asked: DataRequest, by: User, *states: str) -> Case:
    """The case of a request that still is in one of the states; nobody else acts on it meanwhile."""
    case = Case.objects.select_for_update().get(pk=asked.case_id)
    require(by, case, Role.COORDINATOR)
    if case.version != asked.case.version:  # what was decided was decided about another state of things
        raise TransitionError(_("Hồ sơ vừa được người khác xử lý. Hãy mở lại trang để xem tình trạng mới."))
    if not DataRequest.objects.filter(pk=asked.pk, state__in=states).exists():
        raise TransitionError(_("Yêu cầu này vừa được người khác xử lý."))
    return case


def _close(asked: DataRequest, state: str, *, by: User, answer: str, ground: str = "") -> None:
    now = timezone.now()
    DataRequest.objects.filter(pk=asked.pk).update(
        state=state,
        closed_at=now,
        replied_at=asked.replied_at or now,
        handled_by=by,
        answer=answer,
        ground=ground,
    )


MASKED_AS = {"title": "title", "text": "text", "asker_name": "name"}
CORRECTABLE = ("title", "text", "asker_name", "asker_email", "asker_phone", "asker_address")


def _correct(case: Case, changes: dict[str, str]) -> str:
    """Put the right words in place. Returns which fields changed, for history; never what they said."""
    new = {
        name: words for name, words in changes.items() if name in CORRECTABLE and words != getattr(case, name)
    }
    if not new:
        raise TransitionError(_("Chưa có chỗ nào được sửa."))
    change(case, **new)
    drop_masks(case, *(MASKED_AS[name] for name in new if name in MASKED_AS))
    return _("Đã sửa: %s.") % ", ".join(
        str(getattr(Case._meta.get_field(name), "verbose_name", name)) for name in new
    )


def _take_back_consent(case: Case) -> None:
    """Nothing of the case is public any more, and none of it will be."""
    was_public = case.published_at is not None
    change(
        case,
        published_at=None,
        publish_consent_at=None,
        show_name=False,
        public_title="",
        public_text="",
        public_excerpt="",
        public_name="",
    )
    case.answers.update(public_body="")
    if was_public:
        withdraw_evidence(kind=Evidence.Kind.CASE, key=case.pk)


def _restrict(case: Case) -> None:
    """The case is kept and answered, and used for nothing else: not public, not found among like cases."""
    was_public = case.published_at is not None
    change(case, published_at=None, restricted_at=timezone.now())
    search.put(Case.INSIDE, case.pk, case.inside_entry())
    if was_public:
        withdraw_evidence(kind=Evidence.Kind.CASE, key=case.pk)


def _tell(asked: DataRequest, template: str, email: str, phone: str, **context) -> None:
    """Tell the asker; where the data has just gone, by the address they had."""
    notify(
        template,
        {
            "code": asked.case.code,
            "kind": asked.get_kind_display(),
            "path": reverse("feedback:status"),
            **context,
        },
        dedupe_key=f"{template}:{asked.case_id}:{asked.pk}",
        recipient=email,
        phone=phone,
    )


def remind_data_requests() -> int:
    """Tell intake once a day of requests whose next step is due today, tomorrow or already late."""
    today = timezone.localdate()
    soon = today + timedelta(days=1)
    due = (
        DataRequest.objects.open()
        .exclude(reminded_on=today)
        .filter(Q(state=DataRequest.State.ASKED, reply_by__lte=soon) | Q(due_on__lte=soon))
    )
    return sum(_remind(asked, today) for asked in due.select_related("case").iterator(chunk_size=200))


@transaction.atomic
def _remind(asked: DataRequest, today: date) -> bool:
    unmarked = DataRequest.objects.open().filter(pk=asked.pk).exclude(reminded_on=today)
    if not unmarked.update(reminded_on=today):
        return False
    for official in intake_of(asked.case):
        notify_official(
            official,
            "case_data_due",
            {
                "code": asked.case.code,
                "kind": asked.get_kind_display(),
                "due": day_text(min(asked.next_on, asked.due_on)),
                "path": asked.case.get_desk_url(),
            },
            dedupe_key=f"case_data_due:{asked.case_id}:{asked.pk}-{today.isoformat()}",
        )
    return True


def moment_text(moment) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}" if moment else ""


def copy_of_data(case: Case) -> str:
    """Everything the portal keeps of the asker and their case, as plain text they can read and keep."""
    facts = [
        (_("Mã hồ sơ"), case.code),
        (_("Loại"), case.get_kind_display()),
        (_("Tình trạng"), case.get_status_display()),
        (_("Nhận lúc"), moment_text(case.received_at)),
        (_("Nguồn"), case.get_source_display()),
        (_("Người gửi là"), case.get_asker_kind_display()),
        (_("Họ và tên"), case.asker_name),
        (_("Thư điện tử"), case.asker_email),
        (_("Điện thoại"), case.asker_phone),
        (_("Nơi ở"), case.asker_address),
        (_("Đồng ý xử lý dữ liệu lúc"), moment_text(case.answer_consent_at)),
        (_("Đồng ý công khai lúc"), moment_text(case.publish_consent_at)),
        (_("Đồng ý nêu tên"), _("có") if case.show_name else _("không")),
        (_("Tiêu đề"), case.title),
        (_("Nội dung"), case.text),
        (_("Đánh giá"), f"{case.rating}/5 {case.rating_comment}".strip() if case.rating else ""),
    ]
    lines = [f"{name}: {value or '–'}" for name, value in facts]
    lines += ["", _("Diễn biến")]
    lines += [
        f"- {moment_text(line['at'])}: {line['title']}" + (f" – {line['note']}" if line["note"] else "")
        for line in timeline(case)
    ]
    for answer in case.answers.signed():
        head = _("Trả lời của %(agency)s, %(signer)s ký") % {
            "agency": answer.agency_name,
            "signer": answer.signer_name,
        }
        lines += ["", head, plain_text(answer.body)]
    lines += ["", _("Tệp đính kèm")]
    lines += [f"- {each.name} ({each.size} byte)" for each in case.files.all()] or ["–"]
    return "\n".join(lines) + "\n"
