from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.roles import DESK_ROLES
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


def _navigation(request) -> list[dict]:
    links = (
        (_("Hỏi đáp"), "feedback:question-list"),
        (_("Phản ánh, kiến nghị"), "feedback:feedback-list"),
        (_("Tra cứu hồ sơ"), "feedback:status"),
        (_("Kế hoạch"), "plan:plan-list"),
        (_("Tin bài"), "articles:article-list"),
    )
    return [
        {"title": title, "url": (url := reverse(name)), "is_current": request.path.startswith(url)}
        for title, name in links
    ]


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
    official = _official(request)
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "demonstration": settings.DEMONSTRATION,
            "contrast": _choice(request, "tuong_phan", CONTRASTS, "thuong"),
            "text_size": _choice(request, "co_chu", TEXT_SIZES, "vua"),
            "publisher": settings.PUBLISHER,
            "nav": _navigation(request),
            "footer_links": [
                {"title": _("Lịch làm việc và cách tính hạn"), "url": reverse("calendar")},
                {"title": _("Nhận tin mới bằng RSS"), "url": reverse("feed-articles")},
                {"title": _("Cán bộ đăng nhập"), "url": reverse("login")},
            ],
            "official": official,
            "desk_links": _desk_links(official) if official else [],
            "is_late": bool(official) and notifications.is_late(),
        }
    }
