import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.roles import Role
from parcai.lib.fields import BlockField, LineField, RichTextField
from parcai.lib.html import plain_text
from parcai.lib.publishing import Publishable, PublishableQuerySet
from parcai.lib.vietnamese import slug
from plan.models import Campaign

WORDS_A_MINUTE = 220  # Vietnamese writes syllables apart, so they count as words


class ImageQuerySet(models.QuerySet):
    def published(self):
        """Pictures that stand in something the public may read now."""
        articles = Article.objects.readable()
        return self.filter(Q(covers__in=articles) | Q(articles__in=articles)).distinct()

    def visible_to(self, user):
        if user.is_authenticated and user.is_staff and user.has_perm("articles.view_image"):
            return self
        return self.published()


class Image(models.Model):
    """A picture of the library, decoded and written anew, so that nothing but pixels is left of the upload."""

    WIDTHS = (480, 960, 1600)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alt = LineField(_("mô tả cho người không nhìn thấy ảnh"), max_length=250)
    credit = LineField(_("nguồn ảnh"), max_length=150, blank=True)
    width = models.PositiveIntegerField(_("rộng"), editable=False)
    height = models.PositiveIntegerField(_("cao"), editable=False)
    widths = models.JSONField(default=list, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người tải lên"),
        related_name="+",
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("ảnh")
        verbose_name_plural = _("thư viện ảnh")
        ordering = ("-uploaded_at",)

    def __str__(self):
        return self.alt or str(self.pk)

    def file_name(self, width: int) -> str:
        return f"anh/{str(self.pk)[:2]}/{self.pk}-{width}.webp"

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


class ArticleQuerySet(PublishableQuerySet):
    def visible_to(self, user):
        """Articles an official may see in the admin: all for the board, else own ones and those of one's agency."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser or user.has_role(Role.PUBLISHER, Role.OBSERVER):
            return self
        if user.has_role(Role.EDITOR):
            return (
                self
                if user.agency_id is None
                else self.filter(Q(author=user) | Q(agency__in=user.agency_scope))
            )
        return self.none()

    def for_cards(self):
        """With what a card shows and without the body, newest first."""
        return self.select_related("agency", "cover").defer("body").order_by("-publish_at", "-pk")


class Article(Publishable):
    class Kind(models.TextChoices):
        NEWS = "news", _("Tin tức")
        EXEMPLAR = "exemplar", _("Điển hình")
        INITIATIVE = "initiative", _("Sáng kiến")
        CRITICISM = "criticism", _("Phê bình")
        GUIDE = "guide", _("Hướng dẫn dịch vụ công")
        ANNOUNCEMENT = "announcement", _("Thông báo")

    kind = models.CharField(_("loại tin bài"), max_length=20, choices=Kind, default=Kind.NEWS)
    title = LineField(_("tiêu đề"), max_length=250)
    slug = models.SlugField(max_length=80, editable=False)
    summary = BlockField(
        _("tóm tắt"), max_length=500, help_text=_("Một, hai câu; hiện ở danh sách và đầu bài.")
    )
    body = RichTextField(_("nội dung"), config_name="article")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("cơ quan"), related_name="+")
    campaigns = models.ManyToManyField(
        Campaign, verbose_name=_("nội dung kế hoạch"), related_name="+", blank=True
    )
    cover = models.ForeignKey(
        Image, models.PROTECT, verbose_name=_("ảnh bìa"), related_name="covers", null=True, blank=True
    )
    images = models.ManyToManyField(
        Image, verbose_name=_("ảnh trong bài"), related_name="articles", editable=False
    )
    author_line = LineField(_("tên tác giả hiển thị"), max_length=120, blank=True)
    source_line = LineField(_("nguồn"), max_length=250, blank=True)

    objects: ClassVar = ArticleQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("tin bài")
        verbose_name_plural = _("tin bài")
        ordering = ("-publish_at", "-pk")
        permissions = [
            ("approve_article", _("Duyệt, đăng và gỡ tin bài")),
        ]
        indexes = [
            models.Index(fields=("status", "-publish_at", "-id"), name="article_newest"),
            models.Index(fields=("kind", "status", "-publish_at"), name="article_newest_of_kind"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:article-detail", args=[self.slug, self.pk])

    def save(self, *args, **kwargs):
        self.slug = slug(self.title)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "slug"}
        super().save(*args, **kwargs)

    @property
    def minutes(self) -> int:
        """How long the article takes to read, in whole minutes, at least one."""
        return max(1, round(len(plain_text(self.body).split()) / WORDS_A_MINUTE))

    @property
    def was_changed(self) -> bool:
        """Whether the public reads another text than on the day it appeared."""
        return bool(
            self.revised_at
            and self.publish_at
            and timezone.localdate(self.revised_at) > timezone.localdate(self.publish_at)
        )


class Rating(models.Model):
    """How readers rate an article: the sum of the stars and the number of votes, and nothing of who gave which."""

    article = models.OneToOneField(Article, models.CASCADE, verbose_name=_("tin bài"), related_name="rating")
    votes = models.PositiveIntegerField(_("số đánh giá"), default=0)
    stars = models.PositiveIntegerField(_("tổng số điểm"), default=0)

    class Meta:
        verbose_name = _("điểm đánh giá")
        verbose_name_plural = _("điểm đánh giá")
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=models.F("votes"), stars__lte=models.F("votes") * 5),
                name="rating_one_to_five_stars_a_vote",
            ),
        ]

    def __str__(self):
        return f"{self.stars} điểm trong {self.votes} đánh giá"


class Voter(models.Model):
    """That somebody rated an article, kept apart from their stars: a keyed hash that leads back to nobody."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("lượt đánh giá")
        verbose_name_plural = _("lượt đánh giá")
        constraints = [models.UniqueConstraint(fields=("article", "key"), name="voter_once_an_article")]

    def __str__(self):
        return str(self.article_id)
