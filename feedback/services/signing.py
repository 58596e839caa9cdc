"""Who may sign for an agency today: its head, a deputy for whom a delegation holds, and how the signature reads."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import Role
from feedback.models import Case, Delegation
from feedback.services.steps import TransitionError, day_text, officials_of, require_words
from notifications.services import notify_official


def may_sign_for(case: Case, user: User) -> bool:
    """Whether the official signs answers of the agency of this case: for the screen; `power_to_sign` decides."""
    if not user.agency_id or case.agency_id not in user.agency_scope:
        return False
    return user.has_role(Role.HEAD) or is_deputy(user)


def is_deputy(user: User) -> bool:
    return user.has_role(Role.OFFICER) and Delegation.objects.in_force().filter(deputy=user).exists()


def was_deputy(user: User) -> bool:
    """Whether a signing page may have been open before them: they are told why it no longer signs."""
    return user.has_role(Role.OFFICER) and Delegation.objects.filter(deputy=user).exists()


def power_to_sign(case: Case, *, by: User) -> Delegation | None:
    """None for the head of the case's agency, the delegation for a deputy; anybody else gets a TransitionError."""
    theirs = Case.objects.visible_to(by).filter(pk=case.pk, agency__in=by.agency_scope)
    if not theirs.exists() or not by.has_role(Role.HEAD, Role.OFFICER):
        raise TransitionError(_("Bạn không có quyền làm bước này với hồ sơ."))
    if by.has_role(Role.HEAD):
        return None
    given = Delegation.objects.select_related("head").filter(deputy=by)
    found = given.in_force().select_for_update(of=("self",)).first()  # a revocation waits, or has been
    if found is None:
        ended = given.exists()
        raise TransitionError(
            _("Ủy quyền ký của bạn đã hết hạn hoặc bị thu hồi. Chưa có gì được ký.")
            if ended
            else _("Bạn không có quyền làm bước này với hồ sơ.")
        )
    return found


def signers_of(case: Case) -> list[User]:
    """Who is told that something waits for a signature: the heads, and deputies who sign today."""
    heads = officials_of(case.agency, Role.HEAD)
    scope = case.agency_id and {case.agency_id, *(head.agency_id for head in heads)}
    deputies = [each.deputy for each in Delegation.objects.in_force().filter(agency__in=scope or ())]
    return list({person.pk: person for person in (*heads, *deputies)}.values())


def signature(case: Case, *, by: User, drafted_by_id: int) -> dict[str, Any]:
    """The columns of a signature; raises TransitionError when this official may not sign this draft."""
    delegation = power_to_sign(case, by=by)
    is_own = drafted_by_id == by.pk
    if is_own and not is_sole_official(by):
        raise TransitionError(_("Người soạn không tự ký câu trả lời của mình."))
    return {
        "signed_by": by,
        "signed_at": timezone.now(),
        "signer_name": by.full_name,
        "signer_title": by.title,
        "signed_for": f"KT. {delegation.head.title or _('Thủ trưởng')}" if delegation else "",
        "delegation": delegation,
        "is_sole_signer": is_own,
        "agency_name": str(case.agency),
    }


def signed_how(fields: dict[str, Any]) -> str:
    """What history keeps about an unusual signature."""
    if delegation := fields["delegation"]:
        about = {"head": delegation.head, "ground": delegation.ground}
        return _("Ký thay %(head)s theo %(ground)s.") % about
    return _("Cơ quan chỉ có một cán bộ: người soạn tự ký.") if fields["is_sole_signer"] else ""


def signer_line(fields: dict[str, Any]) -> str:
    return ", ".join(filter(None, (fields["signer_name"], fields["signed_for"], fields["signer_title"])))


def is_sole_official(user: User) -> bool:
    """Whether the agency has nobody else who could write or sign."""
    if not user.agency_id:
        return False
    colleagues = User.objects.filter(agency=user.agency_id, is_active=True, is_machine=False)
    return not colleagues.exclude(pk=user.pk).exists()


def possible_deputies(head: User):
    """Officials of the agency who could sign in the head's stead."""
    if not head.agency_id:
        return User.objects.none()
    others = User.objects.filter(agency=head.agency_id, is_active=True, is_machine=False).exclude(pk=head.pk)
    return others.filter(groups__name=str(Role.OFFICER)).distinct().order_by("full_name")


@transaction.atomic
def delegate(*, by: User, deputy: User, valid_from: date, valid_until: date, ground: str) -> Delegation:
    """The head lets a deputy sign from one day to another; both days count."""
    if not by.has_role(Role.HEAD) or not by.agency_id:
        raise TransitionError(_("Chỉ thủ trưởng của cơ quan ủy quyền ký được."))
    require_words(ground, _("Ghi số quyết định hoặc văn bản ủy quyền."))
    if not possible_deputies(by).filter(pk=deputy.pk).exists():
        raise TransitionError(_("Người ký thay phải là cán bộ đang làm việc của cơ quan bạn."))
    if valid_until < valid_from or valid_until < timezone.localdate():
        raise TransitionError(_("Ngày kết thúc phải từ ngày bắt đầu trở đi và chưa qua."))
    User.objects.select_for_update().get(
        pk=deputy.pk
    )  # two delegations at once are checked one after the other
    overlapping = Delegation.objects.filter(
        deputy=deputy, revoked_at=None, valid_from__lte=valid_until, valid_until__gte=valid_from
    )
    if other := overlapping.first():
        words = _("%(deputy)s đã được ủy quyền từ %(start)s đến %(end)s. Hãy thu hồi lần đó trước.")
        raise TransitionError(
            words
            % {"deputy": deputy, "start": day_text(other.valid_from), "end": day_text(other.valid_until)}
        )
    made = Delegation.objects.create(
        agency_id=by.agency_id,
        head=by,
        deputy=deputy,
        valid_from=valid_from,
        valid_until=valid_until,
        ground=ground,
    )
    _tell(made, "case_delegation")
    return made


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, by: User) -> None:
    """The head takes the power back; it ends at once."""
    own = Delegation.objects.select_for_update().filter(pk=delegation.pk, agency=by.agency)
    if not by.has_role(Role.HEAD) or by.agency is None or not own.exists():
        raise TransitionError(_("Chỉ thủ trưởng của cơ quan thu hồi được ủy quyền."))
    if not own.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by):
        raise TransitionError(_("Ủy quyền này đã được thu hồi."))
    _tell(delegation, "case_delegation_revoked")


def _tell(delegation: Delegation, template: str) -> None:
    notify_official(
        delegation.deputy,
        template,
        {
            "by": str(delegation.head),
            "start": day_text(delegation.valid_from),
            "end": day_text(delegation.valid_until),
            "path": "/xu-ly/?hang=cho-ky",
        },
        dedupe_key=f"{template}:{delegation.pk}",
    )
