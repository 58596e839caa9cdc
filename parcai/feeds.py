"""Feeds (/rss/…) and sitemaps: what the public may read now, newest first, with addresses built from SITE_URL alone."""

from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch
from django.http import Http404
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.models import Agency
from articles.models import Article, Document, Page, Topic, Video
from feedback.models import Answer, Case
from parcai.lib.html import show
from parcai.lib.listfilters import related_to
from parcai.lib.publishing import Publishable
from plan.models import Campaign, Plan

FEED_LENGTH = 30
SITEMAP_LENGTH = 10_000  # addresses in one file; the protocol allows 50,000
NEWS_LENGTH, NEWS_DAYS = 1000, 2  # what a news sitemap may hold
KEPT = "public, no-cache"  # by whoever stands between, and asked about each time: what is withdrawn is gone at once


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def _asked_each_time(request, response):
    """With a mark of its content, and the short answer for who still holds the same."""
    response["Cache-Control"] = KEPT
    return ConditionalGetMiddleware(lambda _request: response)(request)


# Feeds -----------------------------------------------------------------------------------------------------------


class PortalFeed(Feed):
    """Atom; who holds it asks each time whether it has changed."""

    feed_type = Atom1Feed
    language = "vi"
    author_name = settings.PORTAL_NAME

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        # A day alone cannot tell that the newest entry was withdrawn: what is left is older. The content's own mark can.
        del response["Last-Modified"]
        return _asked_each_time(request, response)

    def item_link(self, item) -> str:
        return absolute(item.get_absolute_url())

    item_guid = item_link


class ArticleFeed(PortalFeed):
    """All articles, or those of one kind, one campaign, one agency or one topic."""

    def get_object(self, request, by="", key=""):
        """What the feed is about: (words for its title, filter, its own address)."""
        path = reverse("feed-articles-by", args=[by, key]) if by else reverse("feed-articles")
        if by == "loai" and key in Article.Kind.values:
            return Article.Kind(key).label, {"kind": key}, path
        if by == "noi-dung" and key.isascii() and key.isdigit() and len(key) < 10:
            campaign = get_object_or_404(Campaign, pk=int(key))
            return campaign.short_title, {"campaigns": campaign}, path
        if by == "co-quan":
            agency = get_object_or_404(Agency, code=key)
            return agency.name, {"agency": agency}, path
        if by == "chu-de":
            topic = get_object_or_404(Topic, slug=key)
            return topic.name, {"topics": topic}, path
        if by:
            raise Http404
        return _("Tin bài"), {}, path

    def title(self, about):
        return f"{about[0]} – {settings.PORTAL_NAME}"

    def link(self, about):
        return absolute(reverse("articles:article-list"))

    def feed_url(self, about):
        return absolute(about[2])

    def items(self, about):
        rows = Article.objects.published()
        for name, value in about[1].items():
            is_many = Article._meta.get_field(name).many_to_many
            rows = related_to(rows, name, [value]) if is_many else rows.filter(**{name: value})
        newest = rows.select_related("agency").prefetch_related("corrections").defer("folded")
        return newest.order_by("-publish_at", "-pk")[:FEED_LENGTH]

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        corrections = format_html_join(
            "", "<p><strong>Đính chính:</strong> {}</p>", ([each.text] for each in article.corrections.all())
        )
        return format_html("<p>{}</p>{}{}", article.summary, corrections, show(article.body))

    def item_pubdate(self, article):
        return article.publish_at

    def item_updateddate(self, article):
        return article.reads_since

    def item_author_name(self, article):
        return article.author_line or str(article.agency)

    def item_categories(self, article):
        return [str(article.get_kind_display())]


class VideoFeed(PortalFeed):
    """The newest videos: what they are about and the words spoken, never the player of another site."""

    title = f"Video – {settings.PORTAL_NAME}"

    def link(self):
        return absolute(reverse("articles:video-list"))

    def feed_url(self):
        return absolute(reverse("feed-videos"))

    def items(self):
        newest = Video.objects.published().select_related("agency")
        return newest.order_by("-publish_at", "-pk")[:FEED_LENGTH]

    def item_title(self, video):
        return video.title

    def item_description(self, video):
        return format_html("<p>{}</p>{}", video.summary, show(video.transcript))

    def item_pubdate(self, video):
        return video.publish_at

    def item_updateddate(self, video):
        return video.reads_since

    def item_author_name(self, video):
        return str(video.agency)


class DocumentFeed(PortalFeed):
    """The newest documents, with what they say to people."""

    title = f"Văn bản – {settings.PORTAL_NAME}"

    def link(self):
        return absolute(reverse("articles:document-list"))

    def feed_url(self):
        return absolute(reverse("feed-documents"))

    def items(self):
        return (
            Document.objects.published()
            .select_related("agency", "kind")
            .order_by("-publish_at", "-pk")[:FEED_LENGTH]
        )

    def item_title(self, document):
        return str(document)

    def item_description(self, document):
        return format_html(
            "<p>{} {}: {}</p><p>{}</p>", document.kind, document.number, document.title, document.summary
        )

    def item_pubdate(self, document):
        return document.publish_at

    def item_updateddate(self, document):
        return document.reads_since

    def item_author_name(self, document):
        return document.issuer_name


class AnswerFeed(PortalFeed):
    """Published questions with their answers, or published results of feedback."""

    def get_object(self, request, kind):
        return Case.Kind(kind)

    def title(self, kind):
        about = _("Câu hỏi đã trả lời") if kind == Case.Kind.QUESTION else _("Kết quả phản ánh, kiến nghị")
        return f"{about} – {settings.PORTAL_NAME}"

    def link(self, kind):
        return absolute(reverse(f"feedback:{kind}-list"))

    def feed_url(self, kind):
        return absolute(reverse(f"feed-{kind}"))

    def items(self, kind):
        newest = (
            Case.objects.for_public()
            .filter(kind=kind)
            .prefetch_related(Prefetch("answers", Answer.objects.for_public()))
        )
        return newest.order_by("-published_at", "-pk")[:FEED_LENGTH]

    def item_title(self, case):
        return case.public_title

    def item_description(self, case):
        answers = list(case.answers.all())
        return format_html("<p>{}</p>{}", case.public_text, show(answers[-1].public_body if answers else ""))

    def item_pubdate(self, case):
        return case.published_at

    def item_author_name(self, case):
        return str(case.agency)


# Sitemaps --------------------------------------------------------------------------------------------------------


def _articles():
    return Article.objects.published().only("slug", *Publishable.READS_SINCE).order_by("pk")


def _answers():
    return Case.objects.for_public().select_related(None).only("kind", "published_at").order_by("pk")


def _documents():
    return Document.objects.published().only(*Publishable.READS_SINCE).order_by("pk")


def _videos():
    return Video.objects.published().only("slug", *Publishable.READS_SINCE).order_by("pk")


def _pages() -> list[tuple[str, None]]:
    names = (
        "home",
        "plan:plan-list",
        "articles:article-list",
        "articles:document-list",
        "articles:video-list",
        "feedback:question-list",
        "feedback:feedback-list",
        "feedback:question-ask",
        "feedback:feedback-ask",
        "feedback:status",
        "calendar",
        "agency-list",
        "api:docs",
        "open-data",
        "statistics",
    )
    fixed = [reverse(name) for name in names]
    agencies = [agency.get_absolute_url() for agency in Agency.objects.current().only("code")]
    plans = [plan.get_absolute_url() for plan in Plan.objects.all()]
    campaigns = [each.get_absolute_url() for each in Campaign.objects.select_related("plan")]
    pages = [page.get_absolute_url() for page in Page.objects.published().only("slug")]
    return [(path, None) for path in (*fixed, *pages, *agencies, *plans, *campaigns)]


def _parts(rows) -> int:
    return max(1, -(-rows.count() // SITEMAP_LENGTH))


@require_safe
def sitemap_index(request):
    """/sitemap.xml: one file for the fixed pages and one for every ten thousand articles, answers and videos."""
    files = [reverse("sitemap-part", args=["trang", 1]), reverse("sitemap-news")]
    for name, rows in (
        ("tin-bai", _articles()),
        ("tra-loi", _answers()),
        ("van-ban", _documents()),
        ("video", _videos()),
    ):
        files += [reverse("sitemap-part", args=[name, part + 1]) for part in range(_parts(rows))]
    return _xml(request, "sitemap_index.xml", {"files": [absolute(path) for path in files]})


@require_safe
def sitemap_part(request, name, part):
    part = int(part)
    if name == "trang":
        found = _pages() if part == 1 else []
    else:
        rows = {"tin-bai": _articles, "tra-loi": _answers, "van-ban": _documents, "video": _videos}[name]()
        start = (part - 1) * SITEMAP_LENGTH
        found = [(row.get_absolute_url(), _changed(row)) for row in rows[start : start + SITEMAP_LENGTH]]
        if not found and part > 1:
            raise Http404
    if name == "trang" and not found:
        raise Http404
    return _xml(request, "sitemap.xml", {"pages": [(absolute(path), at) for path, at in found]})


def _changed(row):
    return row.published_at if isinstance(row, Case) else row.reads_since


@require_safe
def sitemap_news(request):
    """What appeared in the last two days, for news services."""
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    newest = Article.objects.published().filter(publish_at__gte=since).order_by("-publish_at")
    articles = list(islice(newest.only("slug", "title", "publish_at"), NEWS_LENGTH))
    context = {
        "name": settings.PORTAL_NAME,
        "items": [(absolute(each.get_absolute_url()), each) for each in articles],
    }
    return _xml(request, "sitemap_news.xml", context)


def _xml(request, template: str, context: dict):
    response = render(request, template, context, content_type="application/xml; charset=utf-8")
    return _asked_each_time(request, response)
