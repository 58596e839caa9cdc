from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView
from django_filters.views import FilterView

from agencies import services as agencies
from articles import images, services
from articles.filters import ArticleFilter
from articles.forms import RatingForm
from articles.models import Article, Image
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


class ArticleDetail(DetailView):
    """An article the public may read; to officials who may see it also at other times, plainly marked."""

    context_object_name = "article"

    def get_queryset(self):
        return Article.objects.select_related("agency", "cover", "rating")

    def get(self, request, *args, **kwargs):
        self.object = article = self.get_object()
        if not article.is_readable and not self._may_preview(article):
            if article.was_public:
                return render(request, "articles/article_gone.html", {"article": article}, status=410)
            raise Http404
        if kwargs["slug"] != article.slug:
            return redirect(article, permanent=article.is_readable)
        return self.render_to_response(self.get_context_data(is_preview=not article.is_readable))

    def _may_preview(self, article) -> bool:
        return Article.objects.visible_to(self.request.user).filter(pk=article.pk).exists()

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
    article = get_object_or_404(Article.objects.published(), pk=pk)
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
        services.rate(article, stars=form.cleaned_data["stars"], voter=voter)
    except services.StepError as error:
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


def image(request, pk, width):
    """A picture, only to those who may see a page that shows it."""
    found = Image.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None or width not in found.widths:
        raise Http404
    try:
        with default_storage.open(found.file_name(width)) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@login_required
@permission_required("articles.view_image", raise_exception=True)
@require_GET
def library(request):
    """Pictures the editor offers: the newest, or those whose description or source has the words."""
    words = request.GET.get("q", "").strip()[:100]
    found = (
        Image.objects.filter(Q(alt__icontains=words) | Q(credit__icontains=words)) if words else Image.objects
    )
    return JsonResponse({"images": [_for_editor(each) for each in found.order_by("-uploaded_at")[:24]]})


@login_required
@permission_required("articles.add_image", raise_exception=True)
@require_POST
def upload_image(request):
    """The editor's upload: answers as CKEditor expects."""
    upload = request.FILES.get("upload")
    if upload is None:
        return JsonResponse({"uploaded": 0, "error": {"message": "Chưa chọn tệp ảnh."}}, status=422)
    alt, credit = request.POST.get("alt", "")[:250], request.POST.get("credit", "")[:150]
    try:
        stored = images.store(upload, alt=alt, credit=credit, by=request.user)
    except ValidationError as error:
        return JsonResponse({"uploaded": 0, "error": {"message": error.messages[0]}}, status=422)
    return JsonResponse({"uploaded": 1, "fileName": f"{stored.pk}.webp", **_for_editor(stored)})


def _for_editor(image: Image) -> dict:
    width = min(image.width, 960)
    return {
        "url": image.url_medium,
        "small": image.url_small,
        "alt": image.alt,
        "width": width,
        "height": round(image.height * width / image.width),
    }
