import hashlib
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, Subquery, Value
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from agencies import services as agencies
from articles import cards, citations, rating, reading, structured
from articles.filters import ArticleFilter
from articles.forms import RatingForm
from articles.models import Article
from articles.services import StepError
from articles.views.lists import NewestList
from articles.views.pieces import PieceDetail
from parcai.lib import html
from parcai.lib.listfilters import related_to
from parcai.lib.paging import after, before
from parcai.lib.remember import remembered
from parcai.lib.requests import is_own

CONTENTS_FROM = 3  # headings
RELATED = 3
A_DAY = 24 * 3600
MOST_KEY = 2**63 - 1  # beyond, no database has a row
RATINGS = {"limit": 60, "seconds": 3600}


class ArticleList(NewestList):
    filterset_class = ArticleFilter
    template_name = "articles/article_list.html"
    title = _("Tin bài cải cách hành chính")
    search_names = ("q", "tu_ngay", "den_ngay", "tu_khoa")

    def get_queryset(self):
        return Article.objects.published().for_cards()

    def words(self, name, value):
        if name == "tu_khoa":
            return ", ".join(str(tag) for tag in self.filterset.tags) or value
        return super().words(name, value)

    def heading(self):
        chosen = self.chosen()
        if len(chosen) != 1:
            return super().heading()
        [(name, value)] = chosen.items()
        words = {
            "loai": _("%s"),
            "noi_dung": _("Tin bài: %s"),
            "co_quan": _("Tin bài của %s"),
            "chu_de": _("Chủ đề: %s"),
            "tu_khoa": _("Từ khóa: %s"),
        }
        return str(words[name]) % self.words(name, value) if name in words else super().heading()

    def feed(self):
        chosen = self.chosen()
        if len(chosen) != 1:
            return ""
        [(name, value)] = chosen.items()
        keys = {"loai": "", "noi_dung": "pk", "co_quan": "code", "chu_de": "slug"}
        if name not in keys:
            return ""
        key = getattr(value, keys[name]) if keys[name] else value
        return reverse("feed-articles-by", args=[name.replace("_", "-"), key])

    def get_context_data(self, **kwargs):
        home, here = (_("Trang chủ"), reverse("home")), (_("Tin bài"), reverse("articles:article-list"))
        data = html.data_block(structured.breadcrumbs(home, here))
        return super().get_context_data(data=data, **kwargs)


class ArticleDetail(PieceDetail):
    queryset = Article.objects.select_related("agency", "cover", "rating").prefetch_related(
        "corrections", "files"
    )
    context_object_name = "article"
    list_name = "articles:article-list"
    list_title = _("tin bài")

    def get_context_data(self, **kwargs):
        article = self.object
        campaigns = list(article.campaigns.select_related("plan"))
        body, contents = html.with_contents(article.body)
        address = settings.SITE_URL + article.get_absolute_url()
        return super().get_context_data(
            campaigns=campaigns,
            labels=_labels(article),
            related=_related(article, campaigns),
            neighbours=_neighbours(article, campaigns),
            cited_ended=citations.ended(article),
            body=body,
            contents=contents if len(contents) >= CONTENTS_FROM else [],
            canonical=address,
            card=_card(article),
            data=_data(article, campaigns) if article.is_published else "",
            share=share_links(article.title, address),
            **kwargs,
        )


def _labels(article: Article) -> list[dict]:
    """Topics and then tags, each with the list of its articles; one question for both."""
    rows = [
        getattr(article, relation)
        .order_by()
        .annotate(place=Value(place))
        .values_list("place", "name", "slug")
        for place, relation in enumerate(("topics", "tags"))
    ]
    found = rows[0].union(rows[1], all=True).order_by("place", "name")
    path = reverse("articles:article-list")
    return [
        {"words": name, "is_topic": place == 0, "url": f"{path}?{('chu_de', 'tu_khoa')[place]}={slug}"}
        for place, name, slug in found
    ]


def _related(article: Article, campaigns) -> list[Article]:
    """Articles picked by hand first, then those that say something like it, else the newest of the same campaigns."""
    picked = list(article.related.published().for_cards()[:RELATED])
    if len(picked) < RELATED and article.alike:
        by_hand = {each.pk for each in picked}
        keys = [key for key in article.alike if key not in by_hand]
        rows = Article.objects.published().for_cards().in_bulk(keys)
        picked += [rows[key] for key in keys if key in rows][: RELATED - len(picked)]
    elif len(picked) < RELATED and campaigns:
        known = [article.pk, *(each.pk for each in picked)]
        same = related_to(Article.objects.published().exclude(pk__in=known), "campaigns", campaigns)
        picked += same.for_cards()[: RELATED - len(picked)]
    return picked


def _neighbours(article: Article, campaigns) -> dict[str, Article]:
    """What came before and what comes next in the first campaign of an article."""
    if not campaigns or not article.is_published:
        return {}
    mark = (article.publish_at, article.pk)
    rows = related_to(Article.objects.published(), "campaigns", campaigns[:1])
    older = after(rows, mark, moment="publish_at").order_by("-publish_at", "-pk")
    newer = before(rows, mark, moment="publish_at").order_by("publish_at", "pk")
    either = Q(pk=Subquery(older.values("pk")[:1])) | Q(pk=Subquery(newer.values("pk")[:1]))
    found = Article.objects.filter(either).only("title", "slug", "publish_at")
    return {"older" if (row.publish_at, row.pk) < mark else "newer": row for row in found}


def _card(article: Article) -> dict:
    """The picture other sites show: the cover, or one drawn from the title."""
    if article.cover:
        path = article.cover.url_plain
        return {"url": settings.SITE_URL + path, "alt": article.cover.alt}
    path = reverse("articles:article-card", args=[article.pk])
    return {
        "url": settings.SITE_URL + path,
        "alt": article.title,
        "width": cards.WIDTH,
        "height": cards.HEIGHT,
    }


def _data(article: Article, campaigns) -> str:
    way = [(_("Trang chủ"), reverse("home")), (_("Tin bài"), reverse("articles:article-list"))]
    return html.data_block(
        structured.article(article, image=_card(article)["url"]),
        structured.breadcrumbs(*way, (article.title, article.get_absolute_url())),
    )


@require_safe
def card(request, pk):
    """The generated picture of an article, for whoever shares it."""
    article = get_object_or_404(Article.objects.readable().select_related("agency"), pk=pk)
    words = {"title": article.title, "kind": str(article.get_kind_display()), "agency": str(article.agency)}
    key = f"card:{article.pk}:{hashlib.sha256(repr(words).encode()).hexdigest()[:16]}"
    drawn = remembered(key, A_DAY, lambda: cards.draw(**words))
    response = HttpResponse(drawn, content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = (
        "private, max-age=3600"  # as the portal's other pictures: gone when it is withdrawn
    )
    return response


@csrf_exempt  # changes one counter and nothing of the visitor's; no token stands in a page everybody shares
@require_POST
def seen(request, pk):
    """The beacon of a page that stood open: counts one view. The answer is the same whether it counted or not."""
    if is_own(request) and pk <= MOST_KEY:
        network = agencies.network(agencies.client_address(request))
        reading.tally.count(pk, network=network, device=request.headers.get("User-Agent", "")[:300])
        reading.tally.flush_when_due()
    return HttpResponse(status=204)


@never_cache
def rate(request, pk):
    """A page of its own, so that the article's page stays the same for everybody and can be kept.

    One vote for a network and a kind of device: clearing cookies gives no second one, and nothing of it is stored but
    a keyed hash. Families behind one address with the same phone share a vote; that is the price.
    """
    article = get_object_or_404(Article.objects.published().filter(has_rating=True), pk=pk)
    form = RatingForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(
            request, "articles/article_rate.html", {"article": article, "form": form}, status=status
        )
    address = agencies.client_address(request)
    if not agencies.is_allowed("rate-article", [address], **RATINGS):
        messages.warning(request, _("Từ mạng này đã có nhiều lượt đánh giá. Xin thử lại sau một giờ."))
        return redirect(article)
    try:
        rating.rate(article, stars=form.cleaned_data["stars"], voter=agencies.visitor(request))
    except StepError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("Cảm ơn bạn đã đánh giá bài viết."))
    return redirect(article)


def share_links(title: str, address: str) -> list[dict]:
    """Plain links: nothing of another site is loaded until somebody presses one."""
    return [
        {
            "title": "Facebook",
            "url": "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address}),
        },
        {
            "title": _("Gửi qua thư"),
            "url": "mailto:?" + urlencode({"subject": title, "body": address}, quote_via=quote),
        },
    ]
