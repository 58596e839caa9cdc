"""Who may come to the desk, and what of a case they may read."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from agencies.roles import DESK_ROLES, Role
from feedback.models import Case
from parcai.lib import personal


def official_required(view):
    @never_cache
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_role(*DESK_ROLES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def may_see_asker(user) -> bool:
    return user.has_perm("feedback.view_original")


def title_for(case, user) -> str:
    """What a list of the desk calls a case: what is public is called as everybody reads it, what is confidential not at all."""
    if case.is_confidential:
        return _("Hồ sơ không công khai")
    if case.published_at is not None:
        return case.public_title
    return case.title if may_see_asker(user) else masked(case, case.title)


def show_public_only(case, events, answers) -> None:
    """What the page shows before an official has said why they want the original; the rows are never saved from here."""
    case.title = title_for(case, None)
    case.text = case.public_text if case.published_at else _("Nội dung chỉ mở khi có lý do.")
    case.rating_comment = ""
    for answer in answers:
        answer.body = answer.public_body
    for event in events:
        event.public_note = event.internal_note = ""


def masked(case, text: str) -> str:
    """The text without what tells who asked, for those who watch over the work and not over people."""
    name = [] if not case.show_name else [("tên người gửi", case.asker_name)]
    return personal.mask(text, [*case.known_of_asker(), *name])


def may_publish(case, user) -> bool:
    """Whether this official masks and publishes the case now, or again with other masks."""
    return (
        user.has_role(Role.COORDINATOR)
        and case.status == Case.Status.ANSWERED
        and case.publish_consent_at is not None
        and not case.is_confidential
        and not case.is_kept_out_of_use
    )
