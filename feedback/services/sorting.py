"""Sorting what came in: spam, two matters in one letter, fields, and agencies that end."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, User
from agencies.roles import Role
from articles.models import Topic
from feedback.models import Case, Pause, Split, new_code, new_pin
from feedback.services.routing import heirs_of
from feedback.services.steps import (
    TransitionError,
    change,
    move,
    officials_of,
    record,
    require,
    require_words,
    tell_asker,
    tell_duplicates_of_the_end,
    tell_officials,
)
from parcai.search import services as search

Status = Case.Status

SPAM_UNDO = timedelta(days=30)


@transaction.atomic
def mark_spam(case: Case, *, by: User, note: str = "") -> None:
    """Not meant for any agency: closed with a neutral word, out of search and lists. Nobody is written to."""
    require(by, case, Role.COORDINATOR)
    if case.status not in (Status.RECEIVED, Status.ACCEPTED):
        raise TransitionError(_("Chỉ đánh dấu rác hồ sơ chưa giao cơ quan nào."))
    now = timezone.now()
    move(
        case,
        Status.REJECTED,
        "spam",
        by=by,
        public_note=_("Nội dung không thuộc phạm vi tiếp nhận của cổng."),
        internal_note=note,
        spam_at=now,
        closed_at=now,
    )
    tell_duplicates_of_the_end(case)


def may_undo_spam(case: Case) -> bool:
    return case.spam_at is not None and timezone.now() - case.spam_at <= SPAM_UNDO


@transaction.atomic
def undo_spam(case: Case, *, by: User) -> None:
    """It was no spam after all: back where it stood; the term has run on."""
    require(by, case, Role.COORDINATOR)
    if not may_undo_spam(case):
        raise TransitionError(_("Chỉ khôi phục được trong %d ngày kể từ khi đánh dấu rác.") % SPAM_UNDO.days)
    before = case.events.filter(step="spam").order_by("-pk").values_list("from_status", flat=True).first()
    move(case, before or Status.RECEIVED, "unspam", by=by, spam_at=None, closed_at=None)


@transaction.atomic
def set_topic(case: Case, *, by: User, topic: Topic | None) -> None:
    """Sort the case into another field."""
    require(by, case, Role.COORDINATOR)
    if case.topic_id == (topic.pk if topic else None):
        raise TransitionError(_("Hồ sơ đang ở lĩnh vực này rồi."))
    none = _("chưa xếp")
    note = f"{case.topic or none} → {topic or none}"
    change(case, topic=topic)
    record(case, "topic", from_status=case.status, by=by, internal_note=note)


COPIED = (
    "source",
    "asker_kind",
    "asker_name",
    "tax_code",
    "asker_email",
    "asker_phone",
    "asker_address",
    "answer_consent_at",
    "notice_version",
    "publish_consent_at",
    "show_name",
    "received_at",
    "clock_from",
    "term",
)


@transaction.atomic
def split(case: Case, *, by: User, kind: str, title: str, text: str, part_title: str, part_text: str) -> Case:
    """One letter with two matters becomes two cases (Luật Tiếp công dân 2013, Điều 25): `title` and `text` stay here,
    the part gets its own code, PIN and course. Both run from the same receipt; what was first sent is kept."""
    require(by, case, Role.COORDINATOR)
    if case.status not in (Status.RECEIVED, Status.ACCEPTED):
        raise TransitionError(_("Chỉ tách được hồ sơ chưa giao cơ quan nào."))
    if case.is_confidential:
        raise TransitionError(_("Hồ sơ này không tách được."))
    for words in (title, text, part_title, part_text):
        require_words(words, _("Mỗi phần cần có tiêu đề và nội dung."))
    whole = (case.title, case.text)
    change(case, title=title, text=text)
    part = Case.objects.create(
        **{name: getattr(case, name) for name in COPIED},
        kind=kind,
        code=new_code(),
        pin=new_pin(),
        title=part_title,
        text=part_text,
        due_on=case.due_on,
    )
    Pause.objects.bulk_create(
        Pause(
            case=part,
            started_at=each.started_at,
            ended_at=each.ended_at,
            not_counted_from=each.not_counted_from,
            reason=each.reason,
        )
        for each in case.pauses.filter(ended_at__isnull=False)
    )
    Split.objects.create(case=case, part=part, title=whole[0], text=whole[1], by=by)
    record(
        case,
        "split",
        from_status=case.status,
        by=by,
        public_note=_("Thư có hai việc. Việc “%(title)s” được theo dõi riêng ở hồ sơ %(code)s.")
        % {"title": part.title, "code": part.code},
    )
    record(part, "split-off", by=by, public_note=_("Tách từ hồ sơ %s, cùng ngày nhận.") % case.code)
    search.put(Case.INSIDE, part.pk, part.inside_entry())
    tell_asker(case, "case_split", part_title=part.title, part_code=part.code)
    return part


@transaction.atomic
def hand_over(case: Case, *, by: User, to: Agency) -> None:
    """The agency has ended: its open case goes on with whoever took over its work, from where it stands."""
    require(by, case, Role.COORDINATOR)
    agency = case.agency
    if agency is None or not case.is_open:
        raise TransitionError(_("Hồ sơ không còn ở cơ quan nào để chuyển giao."))
    if agency.is_current:
        raise TransitionError(_("%s còn hoạt động; hãy thu hồi để giao lại.") % agency)
    if to not in heirs_of(agency):
        raise TransitionError(_("%(to)s không kế thừa %(agency)s.") % {"to": to, "agency": agency})
    change(case, agency=to, officer=None)
    record(case, "hand-over", from_status=case.status, by=by, internal_note=f"{agency} → {to}")
    told = {each.pk: each for each in officials_of(to, Role.OFFICER)}
    if case.status == Status.DRAFTED:
        told |= {each.pk: each for each in officials_of(to, Role.HEAD)}
    tell_officials(told.values(), case, "case_assigned", agency=to.name)
