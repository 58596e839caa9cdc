"""Who has a case in hand inside its agency: claiming, a claim that lapses, passing it on."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import User
from agencies.roles import Role
from feedback.models import Case
from feedback.services.steps import TransitionError, change, record, require, require_words, tell_officials

Status = Case.Status


LONGEST_CLAIM = timedelta(days=90)  # no setting lets a claim hold for longer, holidays and all


def claims_lapse_before(calendar: dict[date, bool] | None = None) -> date:
    """A claim on which nothing was written since before this day has lapsed today."""
    day = today = timezone.localdate()
    if calendar is None:
        calendar = agencies.work_calendar(today - LONGEST_CLAIM, today)
    for _step in range(LONGEST_CLAIM.days):
        if agencies.working_days_left(today, day, calendar) >= settings.CASE_CLAIM_DAYS:
            break
        day -= timedelta(days=1)
    return day


def has_lapsed(case: Case) -> bool:
    """Whether the officer wrote nothing for as many working days as a claim holds: another may take over."""
    if case.status != Status.ASSIGNED or case.officer is None or case.claimed_at is None:
        return False
    return timezone.localdate(case.claimed_at) < claims_lapse_before()


def may_take(case: Case, user: User) -> bool:
    """Whether an officer of the agency may claim the case as it stands."""
    if case.status != Status.ASSIGNED or case.officer_id == user.pk:
        return False
    return case.officer is None or _has_left(case) or has_lapsed(case)


def _has_left(case: Case) -> bool:
    return not Case.objects.visible_to(case.officer).filter(pk=case.pk).exists()


def keep_claim(case: Case, *, by: User) -> None:
    """The officer wrote something: the claim holds on. No other step becomes stale by that."""
    Case.objects.filter(pk=case.pk, officer=by).update(claimed_at=timezone.now())


@transaction.atomic
def claim(case: Case, *, by: User) -> None:
    """An officer takes the case on, or over from one who has let it lie."""
    require(by, case, Role.OFFICER)
    if case.status != Status.ASSIGNED:
        raise TransitionError(_("Chỉ nhận thụ lý hồ sơ đang giải quyết."))
    if case.officer_id == by.pk:
        raise TransitionError(_("Bạn đang thụ lý hồ sơ này rồi."))
    if not may_take(case, by):
        raise TransitionError(
            _("%s đang thụ lý hồ sơ này. Cần đổi người thì thủ trưởng hoặc điều phối viên chuyển.")
            % case.officer
        )
    before = case.officer
    change(case, officer=by, claimed_at=timezone.now())
    note = _("Nhận lại từ %s (quá thời hạn giữ hồ sơ).") % before if before else ""
    record(case, "claim", from_status=case.status, by=by, internal_note=note)
    if before:
        tell_officials([before], case, "case_taken_over", by=str(by))


def colleagues(case: Case, *, but: User | None = None):
    """Officers of the agency to whom the case can be passed."""
    if case.agency is None:
        return User.objects.none()
    found = User.objects.filter(
        is_active=True, is_machine=False, groups__name=str(Role.OFFICER), agency__isnull=False
    ).distinct()
    able = [each.pk for each in found.select_related("agency") if case.agency_id in each.agency_scope]
    if but is not None:
        able = [pk for pk in able if pk != but.pk]
    return found.filter(pk__in=able).order_by("full_name")


def may_pass_on(case: Case, user: User) -> bool:
    """Intake and the head always; an officer what they hold themselves."""
    if case.status not in (Status.ASSIGNED, Status.NEEDS_INFO) or case.agency_id is None:
        return False
    if user.has_role(Role.COORDINATOR, Role.HEAD):
        return True
    return user.has_role(Role.OFFICER) and case.officer_id == user.pk


@transaction.atomic
def pass_on(case: Case, *, by: User, to: User, note: str) -> None:
    """The case goes to another officer of the same agency; both are told."""
    require(by, case, Role.COORDINATOR, Role.HEAD, Role.OFFICER)
    require_words(note, _("Hãy ghi lý do chuyển."))
    if not may_pass_on(case, by):
        raise TransitionError(
            _("Chỉ người đang thụ lý, thủ trưởng hoặc điều phối viên chuyển được hồ sơ này.")
        )
    if to.pk == case.officer_id or not colleagues(case).filter(pk=to.pk).exists():
        raise TransitionError(_("Chọn một chuyên viên khác của cơ quan đang giải quyết."))
    before = case.officer
    change(case, officer=to, claimed_at=timezone.now())
    names = f"{before} → {to}" if before else f"→ {to}"
    record(case, "pass-on", from_status=case.status, by=by, internal_note=f"{names}. {note}")
    told = {person.pk: person for person in (before, to) if person and person.pk != by.pk}
    tell_officials(told.values(), case, "case_passed_on", by=str(by), to=str(to), note=note)
