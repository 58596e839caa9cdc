import uuid
from datetime import date
from functools import update_wrapper

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from agencies import services as agencies
from articles.filters import queues
from articles.models import PIECES, LinkFault
from notifications import services as notifications
from parcai.adminrequests import Held
from parcai.context import work_links
from parcai.signin import ask_again, has_typed


class PortalAdminSite(AdminSite):
    site_header = _("Quản trị cổng Cải cách hành chính")
    site_title = _("Quản trị")
    index_title = _("Việc cần làm")
    enable_nav_sidebar = True

    def register(self, model_or_iterable, admin_class=None, **options):
        """Every list and form holds against addresses written by hand, whoever wrote its admin."""
        plain = admin_class or ModelAdmin
        super().register(model_or_iterable, type(plain.__name__, (Held, plain), {}), **options)

    def admin_view(self, view, cacheable=False):
        """A form sent after the session had ended loses nothing; what scripts send in the background only learns of it."""
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            is_form = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and has_typed(request)
            if request.method == "POST" and is_form and not request.user.is_authenticated:
                return ask_again(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def login(self, request, extra_context=None):
        """One door for all officials: the portal's own sign-in page, then on to what was asked for."""
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ) or target.startswith(request.path):
            target = reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(target)

    def each_context(self, request):
        """Every page of the admin knows the way back to the desk and the inbox."""
        links = work_links(request.user) if self.has_permission(request) else []
        return {**super().each_context(request), "work_links": links}

    def tell(self, official, what: str, *, by, email: str = "") -> None:
        """Tell an official what an administrator changed in their account; `email` is their address before that."""
        context = {"what": str(what), "by": str(by), "path": reverse("start")}
        key = f"account_changed:{uuid.uuid4()}"
        notifications.notify_official(official, "account_changed", context, dedupe_key=key)
        if email and email != official.email:
            notifications.notify("account_changed", context, dedupe_key=f"{key}:before", recipient=email)

    def index(self, request, extra_context=None):
        for text in _notices(request.user):
            messages.warning(request, text)
        waiting = [
            each
            for each in (*_pieces(request.user), *_links(request.user), *_messages(request.user))
            if each["count"]
        ]
        return super().index(request, {**(extra_context or {}), "waiting": waiting})


def _pieces(official) -> list[dict]:
    """What waits for this official among what the board publishes: number, words, address."""
    found = []
    for model in PIECES:
        name = model._meta.model_name
        if official.has_perm(f"articles.change_{name}"):
            listed = reverse(f"admin:articles_{name}_changelist")
            found += [
                {"count": rows.count(), "text": words, "url": f"{listed}?viec={queue}"}
                for queue, (words, rows) in queues(model, official).items()
            ]
    return found


def _links(official) -> list[dict]:
    """Links of the portal's pages that lead nowhere, for the board."""
    if not official.has_perms(("articles.approve_article", "articles.view_linkfault")):
        return []
    listed = reverse("admin:articles_linkfault_changelist")
    count = LinkFault.objects.waiting().count()
    return [{"count": count, "text": _("liên kết hỏng cần sửa"), "url": f"{listed}?tinh_trang=hong"}]


CONTACTS = {
    "responsible": _("người chịu trách nhiệm (PUBLISHER_RESPONSIBLE)"),
    "address": _("địa chỉ (PUBLISHER_ADDRESS)"),
    "phone": _("điện thoại (PUBLISHER_PHONE)"),
    "email": _("thư điện tử (PUBLISHER_EMAIL)"),
}
NEXT_CALENDAR_FROM = 10  # the month in which next year's days off are usually decided


def _notices(official) -> list:
    """What those who run the portal still have to set, said until it is."""
    notices: list = []
    if official.has_perm("notifications.view_message"):
        if settings.PRODUCTION and not settings.MAIL_LEAVES:
            notices.append(_("Thư gửi đi đang ghi vào thư mục, chưa gửi cho ai: đặt EMAIL_URL."))
        missing = [str(words) for name, words in CONTACTS.items() if not settings.PUBLISHER[name]]
        if missing:
            notices.append(_("Chân trang còn thiếu: %s.") % ", ".join(missing))
    today = timezone.localdate()
    next_year = date(today.year + 1, 1, 1)
    if (
        official.has_perm("agencies.change_workcalendarday")
        and today.month >= NEXT_CALENDAR_FROM
        and agencies.years_without_calendar(next_year, next_year)
    ):
        notices.append(
            _(
                "Chưa có lịch làm việc năm %d: hạn trả lời sang năm sau mới tính theo ngày nghỉ cố định trong luật."
            )
            % next_year.year
        )
    return notices


def _messages(official) -> list[dict]:
    """What the outbox could not send, for those who run the portal."""
    if not official.has_perm("notifications.view_message"):
        return []
    counts, listed = notifications.waiting(), reverse("admin:notifications_message_changelist")
    return [
        {
            "count": counts["failed"],
            "text": _("thư không gửi được"),
            "url": f"{listed}?status__exact=failed",
        },
        {
            "count": counts["late"],
            "text": _("thư chờ gửi quá 15 phút"),
            "url": f"{listed}?status__exact=queued",
        },
    ]
