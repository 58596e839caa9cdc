from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from agencies.roles import DESK_ROLES
from articles import arrangement
from articles.models import Block, MenuItem
from notifications import services as notifications
from notifications.models import Message

CONTRASTS = ("thuong", "cao", "toi")
TEXT_SIZES = ("nho", "vua", "lon")


def _choice(request, cookie: str, choices: tuple[str, ...], default: str) -> str:
    value = request.COOKIES.get(cookie, "")
    return value if value in choices else default


def _official(request):
    """The signed-in official, without touching a session where there is none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "user"):
        return None
    return request.user if request.user.is_authenticated else None


class Arrangement:
    """What the board arranged around every page, asked once and only by a page that shows it."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def _menus(self) -> dict[str, list[dict]]:
        try:
            return arrangement.menus(self.request.path)
        except (DatabaseError, InterfaceError):
            return {}  # a page that refuses something is drawn also while the database is away

    @property
    def nav(self) -> list[dict]:
        return self._menus.get(MenuItem.Place.MAIN) or self._essential()

    @property
    def footer_links(self) -> list[dict]:
        return self._menus.get(MenuItem.Place.FOOTER, [])

    @cached_property
    def notices(self) -> list:
        return arrangement.notices()

    @cached_property
    def article_blocks(self) -> list:
        return arrangement.blocks(Block.Place.ARTICLE)

    @cached_property
    def list_blocks(self) -> list:
        return arrangement.blocks(Block.Place.LIST)

    def _essential(self) -> list[dict]:
        """What nobody may be without, whatever was taken off the menu."""
        links = (
            (_("Hỏi thủ trưởng"), "feedback:question-ask"),
            (_("Gửi phản ánh, kiến nghị"), "feedback:feedback-ask"),
            (_("Tra cứu hồ sơ"), "feedback:status"),
        )
        return [arrangement.link(title, reverse(name), self.request.path) for title, name in links]


def work_links(official) -> list[dict]:
    """Where an official works outside the admin."""
    links = []
    if official.has_role(*DESK_ROLES):
        links.append({"title": _("Bàn xử lý"), "url": reverse("feedback:desk")})
    unread = Message.objects.visible_to(official).filter(read_at=None).count()
    links.append({"title": _("Thông báo (%d)") % unread, "url": reverse("inbox")})
    return links


def _desk_links(official) -> list[dict]:
    links = work_links(official)
    if official.is_staff:
        links.insert(-1, {"title": _("Quản trị"), "url": reverse("admin:index")})
    links.append({"title": _("Đổi mật khẩu"), "url": reverse("password_change")})
    return links


def portal(request) -> dict:
    """What every page shows around its content."""
    official = None if "khung" in request.GET else _official(request)  # a preview shows what the reader sees
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "demonstration": settings.DEMONSTRATION,
            "contrast": _choice(request, "tuong_phan", CONTRASTS, "thuong"),
            "text_size": _choice(request, "co_chu", TEXT_SIZES, "vua"),
            "publisher": settings.PUBLISHER,
            "arranged": Arrangement(request),
            "official": official,
            "desk_links": _desk_links(official) if official else [],
            "is_late": bool(official) and notifications.is_late(),
        }
    }
