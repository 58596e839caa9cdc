"""Who may come to the desk, and what of a case they may read."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.views.decorators.cache import never_cache

from agencies.roles import DESK_ROLES, Role
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
    return user.has_role(Role.COORDINATOR, Role.OFFICER, Role.HEAD)


def masked(case, text: str) -> str:
    """The text without what tells who asked, for those who watch over the work and not over people."""
    name = [] if not case.show_name else [("tên người gửi", case.asker_name)]
    return personal.mask(text, [*case.known_of_asker(), *name])
