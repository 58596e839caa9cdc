"""Videos: kept on another site, told about here, with their words for those who cannot hear them."""

import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models.base import Piece, PieceQuerySet
from articles.models.media import Image
from parcai.lib import video
from parcai.lib.fields import BlockField, LineField, RichTextField
from parcai.lib.html import plain_text
from parcai.lib.vietnamese import fold, slug
from parcai.search.entry import Entry
from plan.models import Campaign, Evidence

DURATION = re.compile(r"(?:(\d{1,2}):(?=\d{2}:))?(\d{1,3}):([0-5]\d)")  # 5:07, 75:30 or 1:15:30


def validate_link(value: str) -> None:
    if video.parse(value) is None:
        raise ValidationError(
            _(
                "Đây không phải đường dẫn của một video trên %(hosts)s. "
                "Hãy mở video ở trang đó rồi chép đường dẫn trên thanh địa chỉ."
            )
            % {"hosts": _(" hoặc ").join((video.YOUTUBE, video.VIMEO))},
            code="video_link",
        )


def validate_duration(value: str) -> None:
    found = DURATION.fullmatch(value)
    if not found or (found[1] and int(found[2]) > 59) or not any(int(part or 0) for part in found.groups()):
        raise ValidationError(
            _("Viết thời lượng theo phút và giây, ví dụ 5:07; dài hơn một giờ thì viết 1:15:30."),
            code="duration",
        )


class VideoQuerySet(PieceQuerySet):
    def for_cards(self):
        """With what a card shows and without the words spoken, newest first."""
        return self.select_related("agency", "poster").defer("transcript").order_by("-publish_at", "-pk")

    def saying(self, words: str):
        """Videos whose title or summary has each of the words, written with accents or without."""
        found = self
        for word in fold(words).split():
            found = found.filter(folded__contains=word)
        return found


class Video(Piece):
    EVIDENCE = Evidence.Kind.VIDEO
    WORD = _("video")
    CONTENT = (
        "title",
        "link",
        "summary",
        "agency",
        "campaigns",
        "poster",
        "duration",
        "recorded_on",
        "transcript",
    )

    title = LineField(_("tên video"), max_length=250)
    slug = models.SlugField(max_length=80, editable=False)
    folded = models.TextField(editable=False)  # title and summary as a hurried person types them
    link = LineField(
        _("đường dẫn video"),
        max_length=300,
        validators=[validate_link],
        help_text=_(
            "Địa chỉ của video trên YouTube hoặc Vimeo. Trang chỉ nối tới đó khi người xem bấm phát."
        ),
    )
    summary = BlockField(
        _("tóm tắt"), max_length=500, help_text=_("Một, hai câu; hiện ở danh sách và trên trang video.")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("cơ quan"), related_name="+")
    campaigns = models.ManyToManyField(
        Campaign, verbose_name=_("nội dung kế hoạch"), related_name="+", blank=True
    )
    poster = models.ForeignKey(
        Image,
        models.PROTECT,
        verbose_name=_("ảnh đại diện"),
        related_name="videos",
        null=True,
        blank=True,
        help_text=_("Ảnh của cổng, hiện trước khi người xem bấm phát. Có thể để trống."),
    )
    images = models.ManyToManyField(
        Image, verbose_name=_("ảnh trong lời thoại"), related_name="transcripts", editable=False
    )
    duration = LineField(
        _("thời lượng"),
        max_length=8,
        blank=True,
        validators=[validate_duration],
        help_text=_("Phút và giây, ví dụ 5:07."),
    )
    recorded_on = models.DateField(_("quay ngày"), null=True, blank=True)
    transcript = RichTextField(
        _("lời thoại"),
        config_name="default",
        blank=True,
        help_text=_(
            "Nên có: người không nghe được, người không xem được video và người tìm kiếm đọc lời thoại. "
            "Ghi ai nói, nói gì và điều gì đáng kể hiện trên màn hình."
        ),
    )

    objects: ClassVar = VideoQuerySet.as_manager()

    class Meta(Piece.Meta):
        verbose_name = _("video tuyên truyền")
        verbose_name_plural = _("video tuyên truyền")
        ordering = ("-publish_at", "-pk")
        indexes = [models.Index(fields=("status", "-publish_at", "-id"), name="video_newest")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:video-detail", args=[self.slug, self.pk])

    def as_entry(self, **hours) -> Entry:
        return Entry(
            kind="video",
            title=self.title,
            body=f"{self.summary}\n{plain_text(self.transcript)}",
            agency=self.agency_id,
            campaigns=tuple(each.pk for each in self.campaigns.all()),
            **hours,
        )

    def save(self, *args, **kwargs):
        self.slug = slug(self.title)
        self.folded = fold(f"{self.title} {self.summary}")
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "slug", "folded"}
        super().save(*args, **kwargs)

    @property
    def source(self) -> video.VideoLink | None:
        """Where the video is; None only when the rule about links changed after the row was written."""
        return video.parse(self.link)

    @property
    def seconds(self) -> int:
        """How long it plays; 0 when nobody said."""
        found = DURATION.fullmatch(self.duration)
        if not found:
            return 0
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds

    @property
    def iso_duration(self) -> str:
        """The length as machines read it: PT1H15M30S; empty when nobody said."""
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
        said = "".join(f"{number}{letter}" for number, letter in parts if number)
        return f"PT{said}" if said else ""

    @property
    def has_transcript(self) -> bool:
        return bool(plain_text(self.transcript))
