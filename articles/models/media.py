"""What lies in the library: pictures, decoded and written anew, and files, kept byte by byte."""

import uuid
from pathlib import PurePath
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.roles import Role
from parcai.lib.fields import LineField
from parcai.lib.publishing import readable_q
from parcai.lib.showing import shown_q


def readable_through(relations, now=None) -> models.Q:
    """Rows that something the public may read shows through one of the relations."""
    found = models.Q(pk__in=())
    for relation in relations:
        found |= readable_q(now, through=relation)
    return found


def only_webp() -> list[str]:
    """What pictures were stored as before there were other formats."""
    return ["webp"]


def sees_all(user) -> bool:
    """The board, those who observe, and editors who write for no one agency."""
    if user.is_superuser or user.has_role(Role.PUBLISHER, Role.OBSERVER):
        return True
    return user.agency_id is None and user.has_role(Role.EDITOR)


class LibraryQuerySet(models.QuerySet):
    """Pictures or files. An agency's own are those its officials uploaded and those its texts show."""

    model: Any

    def published(self):
        """Rows that stand in something the public may read now."""
        shown = readable_through(self.model.SHOWN_IN)
        for relation in self.model.SWITCHED_IN:
            shown |= shown_q(through=relation)
        return self.filter(shown).distinct()

    def visible_to(self, user):
        """What the public may have; for officials who write also what is their agency's own, for the board all."""
        may_view = f"articles.view_{self.model._meta.model_name}"
        if not (user.is_authenticated and user.is_staff and user.has_perm(may_view)):
            return self.published()
        if sees_all(user):
            return self
        public = self.model._default_manager.published().order_by().values("pk")
        return self.filter(self._from(user) | self._in_texts_of(user) | models.Q(pk__in=public))

    known_to = visible_to  # the very rows a form accepts

    def changeable_by(self, user):
        """Rows whose words an official may change: what they uploaded, and what no other agency uses."""
        if sees_all(user):
            return self
        own = (self._from(user) | self._in_texts_of(user)) & ~self._in_texts_beyond(user)
        return self.filter(models.Q(uploaded_by=user) | own)

    def _from(self, user) -> models.Q:
        return models.Q(uploaded_by=user) | models.Q(uploaded_by__agency__in=user.agency_scope)

    def _in_texts_of(self, user) -> models.Q:
        found = models.Q(pk__in=())
        for field in self._shown_through(self.model.SHOWN_IN):
            texts = field.model._default_manager.visible_to(user)
            found |= models.Q(pk__in=texts.order_by().values(field.name))
        return found

    def _in_texts_beyond(self, user) -> models.Q:
        found = models.Q(pk__in=())
        for field in self._shown_through((*self.model.SHOWN_IN, *self.model.SWITCHED_IN)):
            uses = field.model._default_manager.filter(**{f"{field.name}__isnull": False})
            if hasattr(uses, "visible_to"):
                uses = uses.exclude(pk__in=uses.visible_to(user).order_by().values("pk"))
            found |= models.Q(pk__in=uses.order_by().values(field.name))
        return found

    def _shown_through(self, relations):
        return [self.model._meta.get_field(relation).field for relation in relations]


class Image(models.Model):
    """A picture of the library, decoded and written anew, so that nothing but pixels is left of the upload."""

    WIDTHS = (480, 960, 1600)
    PLAIN_WIDTH = 960  # of the one JPEG, for what knows neither AVIF nor WebP
    TYPES: ClassVar = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg"}
    SHOWN_IN = ("covers", "articles", "videos", "transcripts", "pages")  # relations from what is published
    SWITCHED_IN = ("blocks",)  # relations from what is switched on for a while

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alt = LineField(_("mô tả cho người không nhìn thấy ảnh"), max_length=250)
    credit = LineField(_("nguồn ảnh"), max_length=150, blank=True)
    width = models.PositiveIntegerField(_("rộng"), editable=False)
    height = models.PositiveIntegerField(_("cao"), editable=False)
    widths = models.JSONField(default=list, editable=False)
    formats = models.JSONField(default=only_webp, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người tải lên"),
        related_name="+",
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ảnh")
        verbose_name_plural = _("thư viện ảnh")
        ordering = ("-uploaded_at",)

    def __str__(self):
        return self.alt or str(self.pk)

    def file_name(self, width: int, ending: str = "webp") -> str:
        return f"anh/{str(self.pk)[:2]}/{self.pk}-{width}.{ending}"

    @property
    def plain_width(self) -> int:
        return min(self.PLAIN_WIDTH, self.width)

    def copies(self) -> list[tuple[int, str]]:
        """Every stored copy: (width, ending)."""
        found = [(width, ending) for ending in self.formats if ending != "jpg" for width in self.widths]
        return [*found, (self.plain_width, "jpg")] if "jpg" in self.formats else found

    @property
    def stored_names(self) -> list[str]:
        return [self.file_name(width, ending) for width, ending in self.copies()]

    def url(self, width: int) -> str:
        """Address of the narrowest copy that is at least `width` pixels wide, or of the widest there is."""
        fitting = [each for each in self.widths if each >= width] or self.widths[-1:]
        return reverse("articles:image", args=[self.pk, fitting[0]])

    @property
    def url_small(self) -> str:
        return self.url(480)

    @property
    def url_medium(self) -> str:
        return self.url(960)

    @property
    def url_large(self) -> str:
        return self.url(1600)

    @property
    def url_plain(self) -> str:
        """For what may know neither AVIF nor WebP (old browsers, mails, link previews): a JPEG where there is one."""
        if "jpg" in self.formats:
            return reverse("articles:image", args=[self.pk, self.plain_width, "jpg"])
        return self.url_medium

    def _srcset(self, ending: str) -> str:
        return ", ".join(
            f"{reverse('articles:image', args=[self.pk, width, ending])} {width}w"
            for width, found in self.copies()
            if found == ending
        )

    @property
    def srcset_webp(self) -> str:
        return self._srcset("webp")

    @property
    def srcset_avif(self) -> str:
        """Empty for a picture without AVIF copies."""
        return self._srcset("avif")

    def used_in(self) -> list:
        """What shows the picture, published or not."""
        return _used_through(self, (*self.SHOWN_IN, *self.SWITCHED_IN))


def _used_through(row, relations) -> list:
    found: dict = {}
    for relation in relations:
        for each in getattr(row, relation).all():
            found[each._meta.label, each.pk] = each
    return list(found.values())


class File(models.Model):
    """A file offered for download, kept byte by byte as it came, under a name of our own."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word (.docx)"
        XLSX = "xlsx", "Excel (.xlsx)"
        PPTX = "pptx", "PowerPoint (.pptx)"
        ODT = "odt", _("Văn bản ODF (.odt)")
        ODS = "ods", _("Bảng tính ODF (.ods)")
        ODP = "odp", _("Trình chiếu ODF (.odp)")

    SHOWN_IN = ("articles", "documents")  # relations from what is published
    SWITCHED_IN: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = LineField(_("tên hiện cho người đọc"), max_length=250)
    original_name = LineField(_("tên tệp khi tải lên"), max_length=250, editable=False)
    ending = models.CharField(_("loại tệp"), max_length=8, choices=Kind, editable=False)
    size = models.PositiveBigIntegerField(_("dung lượng (byte)"), editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người tải lên"),
        related_name="+",
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp đính kèm")
        verbose_name_plural = _("kho tệp")
        ordering = ("title", "uploaded_at")

    def __str__(self):
        return self.title or self.original_name

    def get_absolute_url(self):
        return reverse("articles:file", args=[self.pk, self.ending])

    @property
    def stored_name(self) -> str:
        return f"tep/{str(self.pk)[:2]}/{self.pk}.{self.ending}"

    @property
    def stored_names(self) -> list[str]:
        return [self.stored_name]

    @property
    def download_name(self) -> str:
        """The name the reader's machine gets; its ending always is that of the checked kind."""
        return f"{PurePath(self.original_name).stem or 'tep'}.{self.ending}"

    def used_in(self) -> list:
        """What offers the file, published or not."""
        return _used_through(self, (*self.SHOWN_IN, *self.SWITCHED_IN))
