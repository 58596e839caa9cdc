from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from articles.filters import VideoFilter
from articles.models import Video
from articles.views.lists import NewestList
from articles.views.pieces import PieceDetail
from parcai.lib.headers import with_frames


class VideoList(NewestList):
    filterset_class = VideoFilter
    template_name = "articles/video_list.html"
    title = _("Video")

    def get_queryset(self):
        return Video.objects.published().for_cards()


class VideoDetail(PieceDetail):
    """One video: its own player may be framed here and no other, so links in the words spoken stay links."""

    queryset = Video.objects.select_related("agency", "poster")
    context_object_name = "video"
    list_name = "articles:video-list"
    list_title = _("các video")

    def get_context_data(self, **kwargs):
        video = self.object
        campaigns = list(video.campaigns.select_related("plan"))
        more = Video.objects.published().exclude(pk=video.pk).filter(campaigns__in=campaigns).distinct()
        return super().get_context_data(
            source=video.source,
            campaigns=campaigns,
            related=list(more.for_cards()[:3]),
            canonical=settings.SITE_URL + video.get_absolute_url(),
            site_url=settings.SITE_URL,
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        source = context["source"]
        return with_frames(response, [_origin(source.embed_url)]) if source else response


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
