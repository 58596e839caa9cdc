"""Who sees the original of what is public or confidential: those who handle it; others say why, and it is written down."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import DESK_ROLES, Role
from feedback.models import Case, CaseReader, OriginalView
from feedback.services.steps import TransitionError, change, coordinators, record, require, require_words

LOOK_LASTS = timedelta(minutes=30)  # one reason opens the original for so long


def is_handling(case: Case, user: User) -> bool:
    """Whether the case went or goes through this official's hands."""
    if user.pk in (case.officer_id, case.published_by_id):
        return True
    if case.is_confidential:
        return case.readers.filter(user=user, named_by=user).exists()
    return case.answers.filter(Q(signed_by=user) | Q(drafted_by=user)).exists()


def has_original(case: Case) -> bool:
    """Whether there is more to read than others may."""
    return (case.published_at is not None or case.is_confidential) and case.anonymised_at is None


def is_behind_reason(case: Case, user: User) -> bool:
    """Whether this official has to say first why they want to read the original."""
    if not has_original(case) or is_handling(case, user):
        return False
    return not case.looks.filter(user=user, at__gte=timezone.now() - LOOK_LASTS).exists()


@transaction.atomic
def look_at_original(case: Case, *, by: User, why: str) -> OriginalView:
    """Say why; then the original opens for half an hour. The journal keeps who, which case, when and why."""
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists() or not by.has_perm(
        "feedback.view_original"
    ):
        raise TransitionError(_("Bạn không có quyền xem bản gốc của hồ sơ."))
    require_words(why, _("Hãy ghi vì sao cần xem bản gốc."))
    return OriginalView.objects.create(case=case, user=by, why=why[:300])


# Confidential cases ----------------------------------------------------------------------------------------------


def seal(case: Case, *, by: User) -> list[User]:
    """Name who goes on seeing a case that was just set aside: the coordinator who did it, or else all of intake."""
    named = [by] if by.has_role(Role.COORDINATOR) else list(coordinators()) or [by]
    CaseReader.objects.bulk_create(
        [CaseReader(case=case, user=user, named_by=by) for user in named], ignore_conflicts=True
    )
    return named


def may_be_named():
    """Officials who may be named to see a confidential case."""
    roles = [role for role in DESK_ROLES if role != Role.OBSERVER]
    return (
        User.objects.filter(is_active=True, is_machine=False, groups__name__in=roles)
        .distinct()
        .order_by("full_name")
    )


@transaction.atomic
def name_reader(case: Case, *, by: User, user: User) -> None:
    """One more official may see a confidential case."""
    require(by, case, Role.COORDINATOR)
    if not case.is_confidential:
        raise TransitionError(_("Chỉ nêu tên người xem ở hồ sơ không công khai."))
    change(case)
    _reader, is_new = CaseReader.objects.get_or_create(case=case, user=user, defaults={"named_by": by})
    if not is_new:
        raise TransitionError(_("%s đã được xem hồ sơ này.") % user)
    record(case, "reader-add", from_status=case.status, by=by, internal_note=str(user))


@transaction.atomic
def unname_reader(case: Case, *, by: User, user: User) -> None:
    """An official no longer sees a confidential case; somebody of intake always remains."""
    require(by, case, Role.COORDINATOR)
    if not case.readers.exclude(user=user).filter(user__in=coordinators()).exists():
        raise TransitionError(_("Phải còn ít nhất một điều phối viên xem được hồ sơ này."))
    change(case)  # of two who take each other off the list at once the slower one looks again
    if not case.readers.filter(user=user).delete()[0]:
        raise TransitionError(_("%s không có trong danh sách.") % user)
    record(case, "reader-remove", from_status=case.status, by=by, internal_note=str(user))


def keep_readers() -> int:
    """Where those named have left, all of intake is named, so that no confidential case is lost from sight."""
    lost = Case.objects.filter(is_confidential=True).exclude(readers__user__in=coordinators())
    intake, mended = list(coordinators()), 0
    for case in lost.iterator(chunk_size=200) if intake else ():
        with transaction.atomic():
            CaseReader.objects.bulk_create(
                [CaseReader(case=case, user=user) for user in intake], ignore_conflicts=True
            )
            record(
                case, "reader-add", from_status=case.status, internal_note=_("Người được nêu tên đã nghỉ.")
            )
        mended += 1
    return mended
