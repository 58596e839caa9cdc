from typing import ClassVar

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.base import PieceAdmin
from articles.filters import QueueFilter
from articles.models import Video
from parcai.lib import html


@admin.register(Video)
class VideoAdmin(PieceAdmin):
    list_display = ("title", "state", "agency", "author", "is_heard")
    list_filter = (QueueFilter, "status", "campaigns", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency", "author", "amends")
    search_fields = ("title", "summary")
    date_hierarchy = "publish_at"
    autocomplete_fields = ("poster",)
    text: ClassVar = ("title", "link", "summary", "duration", "recorded_on")
    spoken: ClassVar = ("transcript",)
    place: ClassVar = ("agency", "campaigns", "poster")
    shown = (
        "title",
        "link_shown",
        "summary",
        "duration",
        "recorded_on",
        "transcript_shown",
        "agency_name",
        "campaigns",
        "poster_shown",
    )

    def parts(self, piece, *, locked):
        if locked:
            return [(None, self.shown)]
        return [
            (None, self.text),
            (_("Cho người không nghe được"), self.spoken),
            (_("Thuộc về"), self.place),
        ]

    @admin.display(description=_("lời thoại"), boolean=True)
    def is_heard(self, video):
        return video.has_transcript

    @admin.display(description=_("đường dẫn video"))
    def link_shown(self, video):
        found = video.source
        if found is None:
            return video.link
        return format_html(
            '<a href="{}" rel="noopener noreferrer">{}</a> ({})', found.watch_url, video.link, found.host
        )

    @admin.display(description=_("lời thoại"))
    def transcript_shown(self, video):
        return (
            format_html('<div class="rich">{}</div>', html.show(video.transcript)) if video.transcript else ""
        )

    @admin.display(description=_("ảnh đại diện"))
    def poster_shown(self, video):
        if not video.poster:
            return ""
        return format_html('<img src="{}" alt="{}" width="320">', video.poster.url_small, video.poster.alt)
