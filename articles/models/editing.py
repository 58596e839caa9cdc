"""What belongs to the making of a piece and never to its readers: revisions, drafts, talk, who has it open."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parcai.lib.fields import BlockField, LineField

SEEN_FOR = timedelta(seconds=90)  # a page that still stands open says so every 30 seconds


class AboutPiece(models.Model):
    """A row that belongs to one piece of any kind."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    piece = GenericForeignKey()

    class Meta:
        abstract = True


class Revision(AboutPiece):
    """The content of a piece as it stood after one saving; what one reads side by side and restores from."""

    number = models.PositiveIntegerField(_("lần"))
    content = models.JSONField(_("nội dung"))
    note = LineField(_("việc"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người lưu"), related_name="+"
    )
    at = models.DateTimeField(_("lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("lần sửa")
        verbose_name_plural = _("các lần sửa")
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("content_type", "object_id", "number"), name="revision_number_once_a_piece"
            )
        ]

    def __str__(self):
        return f"Lần {self.number}"


class Merged(models.Model):
    """Where the draft of a change has gone: links to it in messages lead on to the piece."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    into = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("bản sửa đã nhập vào bản gốc")
        verbose_name_plural = _("bản sửa đã nhập vào bản gốc")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("content_type", "object_id"), name="merged_once")
        ]

    def __str__(self):
        return f"{self.object_id} → {self.into}"


class Autosave(models.Model):
    """What an official typed and did not save yet, apart from revisions: one slot for each official and piece, and one
    for each form a new piece was begun in."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(default=0)  # 0: a piece that was never saved
    form_key = models.CharField(max_length=32, default="")  # of a piece that was never saved
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fields = models.JSONField(_("phần đã gõ"))
    seen_version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("giữ lúc"), auto_now=True)

    class Meta:
        verbose_name = _("phần soạn chưa lưu")
        verbose_name_plural = _("phần soạn chưa lưu")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("content_type", "object_id", "form_key", "by"), name="autosave_one_slot_a_form"
            )
        ]

    def __str__(self):
        return str(self.object_id)

    @property
    def title(self) -> str:
        """How an official tells one begun piece from another."""
        found = [value for name in ("title", "number") for value in self.fields.get(name, ())]
        return next((value.strip()[:120] for value in found if value.strip()), "")

    @property
    def typed(self) -> QueryDict:
        """The form as it stood."""
        found = QueryDict(mutable=True)
        for name, values in self.fields.items():
            found.setlist(name, values)
        return found


class Presence(AboutPiece):
    """That an official has a piece open in the admin right now."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(_("thấy lúc"))

    class Meta:
        verbose_name = _("người đang mở")
        verbose_name_plural = _("người đang mở")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("content_type", "object_id", "by"), name="presence_once_an_official"
            )
        ]

    def __str__(self):
        return str(self.by)


class Comment(AboutPiece):
    """A word between author and reviewers; the public never sees it."""

    text = BlockField(_("trao đổi"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người viết"), related_name="+"
    )
    at = models.DateTimeField(_("lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("trao đổi")
        verbose_name_plural = _("trao đổi")
        ordering = ("at", "pk")

    def __str__(self):
        return self.text[:60]


class PreviewLink(AboutPiece):
    """A link that shows a piece before it is public to whoever holds it, until it expires or is taken back."""

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người tạo"), related_name="+"
    )
    created_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True)

    class Meta:
        verbose_name = _("đường dẫn xem thử")
        verbose_name_plural = _("đường dẫn xem thử")
        ordering = ("-created_at",)

    def __str__(self):
        return str(self.expires_at)

    @property
    def is_alive(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
