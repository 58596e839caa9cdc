"""Asking another agency for its opinion without giving the case up."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import Agency, User
from agencies.roles import Role
from feedback.models import Case, Opinion
from feedback.services.claims import keep_claim
from feedback.services.steps import (
    TransitionError,
    day_text,
    handlers,
    officials_of,
    record,
    require,
    require_words,
    tell_officials,
)

Status = Case.Status
ASKED_IN = (Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED)


@transaction.atomic
def ask_opinion(case: Case, *, by: User, agency: Agency, question: str, due_on: date) -> Opinion:
    """Ask an agency by a day; its officials get the question and the words of the case, not who asked."""
    require(by, case, Role.COORDINATOR, Role.OFFICER, Role.HEAD)
    require_words(question, _("Hãy viết điều cần xin ý kiến."))
    if case.status not in ASKED_IN or case.is_confidential:
        raise TransitionError(_("Chỉ xin ý kiến khi hồ sơ đang giải quyết và không thuộc diện giữ kín."))
    asked = agencies.successor_of(agency)
    if asked is None or asked.pk == case.agency_id:
        raise TransitionError(_("Chọn một cơ quan khác đang hoạt động."))
    if due_on < timezone.localdate():
        raise TransitionError(_("Ngày cần ý kiến không được ở quá khứ."))
    try:
        with transaction.atomic():
            opinion = Opinion.objects.create(
                case=case, agency=asked, question=question, due_on=due_on, asked_by=by
            )
    except IntegrityError as error:
        raise TransitionError(_("%s đang được xin ý kiến về hồ sơ này.") % asked) from error
    words = _("%(agency)s, trước ngày %(day)s: %(question)s")
    note = words % {"agency": asked, "day": day_text(due_on), "question": question}
    record(case, "opinion-ask", from_status=case.status, by=by, internal_note=note)
    keep_claim(case, by=by)
    _tell_asked(opinion, "case_opinion_asked", key=f"opinion-{opinion.pk}")
    return opinion


@transaction.atomic
def give_opinion(opinion: Opinion, *, by: User, text: str) -> None:
    """The asked agency answers, once; who has the case in hand is told."""
    if not Opinion.objects.visible_to(by).filter(pk=opinion.pk).exists():
        raise TransitionError(_("Bạn không có quyền làm bước này với hồ sơ."))
    require_words(text, _("Hãy viết ý kiến."))
    unanswered = Opinion.objects.filter(pk=opinion.pk, answered_at=None)
    if not unanswered.update(text=text, answered_by=by, answered_at=timezone.now()):
        raise TransitionError(_("Cơ quan bạn vừa trả lời ý kiến này rồi."))
    opinion.refresh_from_db()
    case = opinion.case
    if not case.is_open:
        raise TransitionError(_("Hồ sơ đã kết thúc, không cần ý kiến nữa."))
    note = f"{opinion.agency}: {text}"
    record(case, "opinion-give", from_status=case.status, by=by, internal_note=note)
    tell_officials(
        handlers(case), case, "case_opinion_given", key=f"opinion-{opinion.pk}", agency=str(opinion.agency)
    )


def remind_opinions() -> int:
    """Tell the asked agency when its day is tomorrow's working day at the latest, or past; each kind once."""
    today = timezone.localdate()
    soon = agencies.due_on(timezone.now(), 1)
    waiting = Opinion.objects.waiting().filter(due_on__lte=soon).select_related("case", "agency")
    told = 0
    for opinion in waiting.exclude(reminded_on=today).iterator(chunk_size=200):
        told += _remind(opinion, today)
    return told


@transaction.atomic
def _remind(opinion: Opinion, today: date) -> bool:
    unmarked = Opinion.objects.filter(pk=opinion.pk, answered_at=None).exclude(reminded_on=today)
    if not unmarked.update(reminded_on=today):
        return False
    state = "late" if opinion.is_late else "soon"
    _tell_asked(opinion, "case_opinion_due", key=f"opinion-{opinion.pk}-{state}")
    return True


def _tell_asked(opinion: Opinion, template: str, *, key: str) -> None:
    tell_officials(
        officials_of(opinion.agency, Role.OFFICER, Role.HEAD),
        opinion.case,
        template,
        key=key,
        agency=str(opinion.case.agency or _("Bộ phận điều phối")),
        title="",  # the asker's own words stay on the page
        due=day_text(opinion.due_on),
        path=opinion.get_absolute_url(),
    )
