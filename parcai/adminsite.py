from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from notifications import services as notifications


class PortalAdminSite(AdminSite):
    site_header = _("Quản trị cổng Cải cách hành chính")
    site_title = _("Quản trị")
    index_title = _("Việc cần làm")
    enable_nav_sidebar = True

    def login(self, request, extra_context=None):
        """One door for all officials: the portal's own sign-in page."""
        return redirect_to_login(request.get_full_path())

    def index(self, request, extra_context=None):
        waiting = [each for each in (*_articles(request.user), *_messages(request.user)) if each["count"]]
        return super().index(request, {**(extra_context or {}), "waiting": waiting})


def _articles(official) -> list[dict]:
    """What waits for this official among the articles they may see: number, words, address."""
    if not official.has_perm("articles.change_article"):
        return []
    visible, listed = Article.objects.visible_to(official), reverse("admin:articles_article_changelist")
    in_review = visible.filter(status=Article.Status.IN_REVIEW)
    mine = visible.filter(author=official, status=Article.Status.DRAFT)
    scheduled = visible.filter(status=Article.Status.APPROVED, publish_at__gt=timezone.now())
    found = [
        {
            "count": mine.exclude(review_note="").count(),
            "text": _("bài của bạn được trả lại để sửa"),
            "url": f"{listed}?status__exact=draft&author__id__exact={official.pk}",
        },
        {
            "count": scheduled.count(),
            "text": _("bài đã duyệt, đang chờ đến giờ đăng"),
            "url": f"{listed}?status__exact=approved&publish_at__gt={timezone.now():%Y-%m-%dT%H:%MZ}",
        },
    ]
    if official.has_perm("articles.approve_article"):
        found += [
            {
                "count": in_review.exclude(author=official).exclude(edited_by=official).count(),
                "text": _("bài chờ bạn duyệt"),
                "url": f"{listed}?status__exact=in_review",
            },
            {
                "count": visible.awaiting_review().count(),
                "text": _("bài đăng khẩn cấp chờ hậu kiểm"),
                "url": f"{listed}?status__exact=approved&bypassed_at__isnull=False&reviewed_at__isnull=True",
            },
        ]
    return found


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
