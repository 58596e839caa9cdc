"""Fixed pages: about the portal, contact, accessibility, privacy, terms; reviewed like everything published."""

import secrets
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.base import Piece, PieceQuerySet
from articles.models.media import Image
from parcai.lib.fields import BlockField, LineField, RichTextField
from parcai.lib.html import plain_text
from parcai.search.entry import Entry


def provisional_slug() -> str:
    """What a copy, or the draft of a change, is called until somebody chooses; nobody guesses it."""
    return f"nhap-{secrets.token_hex(6)}"


class PageQuerySet(PieceQuerySet):
    def originals(self):
        """Pages themselves, without the drafts of their changes."""
        return self.filter(amends=None)


class Page(Piece):
    WORD = _("trang")
    CONTENT = ("title", "summary", "body")

    title = LineField(_("tiêu đề"), max_length=150)
    slug = models.CharField(
        _("địa chỉ trang"),
        max_length=80,
        unique=True,
        default=provisional_slug,
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
                _("Chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối, ví dụ: gioi-thieu"),
            )
        ],
        error_messages={"unique": _("Đã có trang ở địa chỉ này. Hãy chọn địa chỉ khác.")},
        help_text=_(
            "Phần cuối của địa chỉ /trang/…/, ví dụ gioi-thieu. Chọn một lần: trang đã đăng thì không đổi nữa."
        ),
    )
    summary = BlockField(
        _("tóm tắt"), max_length=300, blank=True, help_text=_("Một câu; hiện ở đầu trang và khi chia sẻ.")
    )
    body = RichTextField(_("nội dung"), config_name="article")
    images = models.ManyToManyField(
        Image, verbose_name=_("ảnh trong trang"), related_name="pages", editable=False
    )

    objects: ClassVar = PageQuerySet.as_manager()

    class Meta(Piece.Meta):
        verbose_name = _("trang cố định")
        verbose_name_plural = _("trang cố định")
        ordering = ("title", "pk")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:page-detail", args=[self.slug])

    def as_entry(self, **hours) -> Entry:
        return Entry(kind="page", title=self.title, body=f"{self.summary}\n{plain_text(self.body)}", **hours)
