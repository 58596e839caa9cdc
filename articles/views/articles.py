from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_filters.views import FilterView

from agencies import services as agencies
from articles import rating
from articles.filters import ArticleFilter
from articles.forms import RatingForm
from articles.models import Article
from articles.services import StepError
from articles.views.pieces import PieceDetail
from parcai.lib import html

CONTENTS_FROM = 3  # headings
RATINGS = {"limit": 60, "seconds": 3600}


class ArticleList(FilterView):
    filterset_class = ArticleFilter
    template_name = "articles/article_list.html"
    paginate_by = 12
    strict = False

    def get_queryset(self):
        return Article.objects.published().for_cards()

    def get_context_data(self, **kwargs):
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(query=query.urlencode(), is_filtered=any(query.values()), **kwargs)


class ArticleDetail(PieceDetail):
    queryset = Article.objects.select_related("agency", "cover", "rating")
    context_object_name = "article"
    list_name = "articles:article-list"
    list_title = _("tin bài")

    def get_context_data(self, **kwargs):
        article = self.object
        campaigns = list(article.campaigns.select_related("plan"))
        body, contents = html.with_contents(article.body)
        address = settings.SITE_URL + article.get_absolute_url()
        more = Article.objects.published().exclude(pk=article.pk).filter(campaigns__in=campaigns).distinct()
        return super().get_context_data(
            campaigns=campaigns,
            related=list(more.for_cards()[:3]),
            body=body,
            contents=contents if len(contents) >= CONTENTS_FROM else [],
            canonical=address,
            site_url=settings.SITE_URL,
            share=_share_links(article.title, address),
            **kwargs,
        )


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
    voter = f"{agencies.network(address)}|{request.headers.get('User-Agent', '')[:300]}"
    try:
        rating.rate(article, stars=form.cleaned_data["stars"], voter=voter)
    except StepError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("Cảm ơn bạn đã đánh giá bài viết."))
    return redirect(article)


def _share_links(title: str, address: str) -> list[dict]:
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
