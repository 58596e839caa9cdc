"""Articles: what they say, what they belong to, and how readers rate them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models.base import Named, Piece, PieceQuerySet
from articles.models.media import File, Image
from parcai.lib.fields import BlockField, LineField, RichTextField
from parcai.lib.html import plain_text
from parcai.lib.vietnamese import fold, slug, tidy
from parcai.lib.voting import OneVote
from parcai.search.entry import Entry
from plan.models import Campaign, Evidence

WORDS_A_MINUTE = 220  # Vietnamese writes syllables apart, so they count as words


class Topic(Named):
    """A subject the board keeps a list of."""

    name = LineField(_("tên"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("chủ đề")
        verbose_name_plural = _("chủ đề")
        ordering = ("name",)

    def get_absolute_url(self):
        return f"{reverse('articles:article-list')}?chu_de={self.slug}"


def tag_key(name: str) -> str:
    """What makes two words one tag: capitals and blanks do not count; tones and signs do ("báo", "bão", "C++", "C#")."""
    return " ".join(tidy(name).split()).casefold()


class TagQuerySet(models.QuerySet["Tag"]):
    def named(self, names) -> "list[Tag]":
        """The tags of these names, made where there is none; one tag however its capitals and blanks are written."""
        found: dict[str, Tag] = {}
        for name in names:
            key = tag_key(name)
            if key and key not in found:
                found[key] = self.get_or_create(key=key, defaults={"name": name[:60], "slug": slug(name)})[0]
        return list(found.values())


class Tag(models.Model):
    """A word editors put on articles as they write."""

    name = LineField(_("từ khóa"), max_length=60)
    key = models.CharField(max_length=200, unique=True, editable=False)  # see `tag_key`
    slug = models.SlugField(max_length=80, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("từ khóa")
        verbose_name_plural = _("từ khóa")
        ordering = ("name",)

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('articles:article-list')}?tu_khoa={self.slug}"


class ArticleQuerySet(PieceQuerySet):
    def for_cards(self):
        """With what a card shows and without the body, newest first."""
        return self.select_related("agency", "cover").defer("body", "folded").order_by("-publish_at", "-pk")


class Article(Piece):
    EVIDENCE = Evidence.Kind.ARTICLE
    CONTENT = (
        "kind",
        "title",
        "summary",
        "body",
        "agency",
        "campaigns",
        "topics",
        "tags",
        "cover",
        "files",
        "related",
        "author_line",
        "sources",
        "has_rating",
        "has_share",
        "has_read_aloud",
    )

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
    documents = models.ManyToManyField(
        "articles.Document", verbose_name=_("văn bản được dẫn"), related_name="articles", editable=False
    )
    author_line = LineField(_("tên tác giả hiển thị"), max_length=120, blank=True)
    sources = BlockField(
        _("nguồn"),
        blank=True,
        max_length=2000,
        help_text=_("Mỗi dòng một nguồn; có địa chỉ thì viết ở cuối dòng: Báo Phú Yên https://…"),
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("chủ đề"), related_name="+", blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("từ khóa"), related_name="articles", blank=True)
    files = models.ManyToManyField(File, verbose_name=_("tệp đính kèm"), related_name="articles", blank=True)
    related = models.ManyToManyField(
        "self",
        verbose_name=_("bài liên quan"),
        symmetrical=False,
        related_name="+",
        blank=True,
        help_text=_("Chọn tay; còn chỗ thì cổng thêm bài mới cùng nội dung kế hoạch."),
    )
    has_rating = models.BooleanField(_("cho đánh giá sao"), default=True)
    has_share = models.BooleanField(_("hiện nút chia sẻ"), default=True)
    has_read_aloud = models.BooleanField(_("cho nghe đọc bài"), default=True)
    correction_note = BlockField(
        _("lời đính chính"),
        blank=True,
        max_length=1000,
        help_text=_(
            "Nếu bản đã đăng có sai sót: viết sai gì, đã sửa thế nào. Hiện trên trang cùng ngày duyệt."
        ),
    )
    views = models.PositiveIntegerField(_("lượt xem"), default=0, editable=False)
    alike = models.JSONField(default=list, editable=False)  # keys of articles that say something like it
    folded = models.CharField(max_length=800, default="", editable=False)  # what the list's word search reads

    objects: ClassVar = ArticleQuerySet.as_manager()

    class Meta(Piece.Meta):
        verbose_name = _("tin bài")
        verbose_name_plural = _("tin bài")
        ordering = ("-publish_at", "-pk")
        permissions = [
            ("approve_article", _("Duyệt, đăng và gỡ tin bài")),
        ]
        indexes = [
            # The order of the public lists, with all that decides who stands in them: pages are found in it alone.
            models.Index(fields=("status", "-publish_at", "-id", "unpublish_at"), name="article_newest"),
            models.Index(
                fields=("kind", "status", "-publish_at", "-id", "unpublish_at"), name="article_newest_of_kind"
            ),
            models.Index(
                fields=("agency", "status", "-publish_at", "-id", "unpublish_at"),
                name="article_newest_of_agency",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:article-detail", args=[self.slug, self.pk])

    def save(self, *args, **kwargs):
        self.slug = slug(self.title)
        self.folded = fold(f"{self.title} {self.summary}")[:800]
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "slug", "folded"}
        super().save(*args, **kwargs)

    def as_entry(self, **hours) -> Entry:
        named = [str(each) for each in (*self.topics.all(), *self.tags.all())]
        return Entry(
            kind="guide" if self.kind == self.Kind.GUIDE else "article",
            title=self.title,
            body="\n".join([self.summary, plain_text(self.body), self.author_line, *named]),
            agency=self.agency_id,
            campaigns=tuple(each.pk for each in self.campaigns.all()),
            **hours,
        )

    @property
    def words(self) -> int:
        return len(plain_text(self.body).split())

    @property
    def minutes(self) -> int:
        """How long the article takes to read, in whole minutes, at least one."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def source_list(self) -> list[tuple[str, str]]:
        """Sources as (words, address or "")."""
        found = []
        for line in self.sources.splitlines():
            words, _blank, last = line.strip().rpartition(" ")
            is_link = last.startswith(("https://", "http://"))
            if line.strip():
                found.append((words or last, last) if is_link else (line.strip(), ""))
        return found

    @property
    def was_changed(self) -> bool:
        """Whether the public reads another text than the one that appeared."""
        return bool(self.revised_at and self.publish_at and self.revised_at > self.publish_at)


class Correction(models.Model):
    """A mistake readers may have read, said openly with the day it was mended."""

    article = models.ForeignKey(
        Article, models.CASCADE, verbose_name=_("tin bài"), related_name="corrections"
    )
    text = BlockField(_("lời đính chính"), max_length=1000)
    made_at = models.DateTimeField(_("đính chính lúc"))

    class Meta:
        verbose_name = _("đính chính")
        verbose_name_plural = _("đính chính")
        ordering = ("-made_at", "-pk")

    def __str__(self):
        return self.text[:60]


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


class Voter(OneVote):
    """That somebody rated an article, kept apart from their stars: a keyed hash that leads back to nobody."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("lượt đánh giá")
        verbose_name_plural = _("lượt đánh giá")
        constraints = [models.UniqueConstraint(fields=("article", "key"), name="voter_once_an_article")]

    def __str__(self):
        return str(self.article_id)
