"""What every step of a case is made of: changing a row that still is as it was read, its line of history, whom to tell.

`move` is the only place a status changes. It names the old status and version in the UPDATE, so two people pressing
a button at once cannot both win; the loser gets TransitionError in words for the official.
"""

from datetime import date

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import Agency, User
from agencies.roles import Role
from feedback.models import Case, CaseEvent, Term
from notifications.services import notify, notify_official
from parcai.search import services as search

Status = Case.Status

# Ends that other steps reach too: these begin in one place only, or `route` would quietly reopen an answered case.
BEGINS = {
    "accept": Status.RECEIVED,
    "route": Status.ACCEPTED,
    "return": Status.ASSIGNED,
    "recall": Status.ASSIGNED,
    "send-back": Status.DRAFTED,
    "unspam": Status.REJECTED,
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


def record(
    case: Case, step: str, *, from_status: str = "", by=None, public_note="", internal_note=""
) -> CaseEvent:
    Case.objects.select_for_update().only("pk").get(
        pk=case.pk
    )  # one writes after the other: each names the one before
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


def change(case: Case, **changes) -> None:
    """Change a case that still is as it was read; raises TransitionError otherwise."""
    unchanged = Case.objects.filter(pk=case.pk, status=case.status, version=case.version)
    if not unchanged.update(version=F("version") + 1, **changes):
        raise TransitionError(_("Hồ sơ vừa được người khác xử lý. Hãy mở lại trang để xem tình trạng mới."))
    case.refresh_from_db()
    if not {"published_at", "is_confidential"}.isdisjoint(changes):
        search.refresh(case)
    if not {"status", "is_confidential", "title", "text"}.isdisjoint(changes):
        search.put(Case.INSIDE, case.pk, case.inside_entry())


def move(
    case: Case, to: str, step: str, *, by=None, public_note="", internal_note="", **changes
) -> CaseEvent:
    if not case.can_become(to) or case.status != BEGINS.get(step, case.status):
        raise TransitionError(_("Bước này không còn phù hợp: hồ sơ đang “%s”.") % case.get_status_display())
    before = case.status
    change(case, status=to, **changes)
    return record(case, step, from_status=before, by=by, public_note=public_note, internal_note=internal_note)


def require(by: User, case: Case, *roles: Role) -> None:
    """The official holds one of the roles and the case is theirs: intake acts on all, others for their own agency."""
    theirs = Case.objects.visible_to(by).filter(pk=case.pk)
    if not (Role.COORDINATOR in roles and by.has_role(Role.COORDINATOR)):
        theirs = theirs.filter(agency__in=by.agency_scope)
    if not by.has_role(*roles) or not theirs.exists():
        raise TransitionError(_("Bạn không có quyền làm bước này với hồ sơ."))


def require_words(text: str, message: str) -> str:
    if not text.strip():
        raise TransitionError(message)
    return text


def term(kind: str, step: str, on: date | None = None) -> int:
    """Working days a step may take by the rule in force on a day; DESIGN's defaults where none is set."""
    on = on or timezone.localdate()
    found = Term.objects.filter(kind=kind, step=step, valid_from__lte=on).order_by("-valid_from").first()
    return found.working_days if found else DEFAULT_TERMS[Term.Step(step)]


def tell_asker(case: Case, template: str, key: str = "", **context) -> None:
    notify(
        template,
        {"code": case.code, "title": case.title, "path": reverse("feedback:status"), **context},
        dedupe_key=f"{template}:{case.pk}:{key or case.version}",
        recipient=case.asker_email,
        phone=case.asker_phone,
    )


def tell_officials(officials, case: Case, template: str, key: str = "", **context) -> None:
    data = {
        "code": case.code,
        "title": _("Hồ sơ không công khai") if case.is_confidential else case.title,
        "due": day_text(case.due_on),
        "path": case.get_desk_url(),
        **context,
    }
    for official in officials:
        notify_official(official, template, data, dedupe_key=f"{template}:{case.pk}:{key or case.version}")


def day_text(day: date) -> str:
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
    return officials_of(case.agency, Role.OFFICER) or intake_of(case)


def coordinators():
    return User.objects.filter(is_active=True, groups__name=Role.COORDINATOR).distinct()


def intake_of(case: Case) -> list[User]:
    """Coordinators who see the case: all, or for a confidential one those named."""
    named = {"pk__in": case.readers.values("user")} if case.is_confidential else {}
    return list(coordinators().filter(**named))


def tell_duplicates_of_the_end(case: Case) -> None:
    """The case others were joined to ends without an answer: their askers may send theirs again."""
    for other in case.duplicates.filter(status=Status.DUPLICATE):
        tell_asker(other, "case_duplicate_ended", key=f"of-{case.pk}")
