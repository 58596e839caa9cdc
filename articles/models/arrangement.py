"""What the board arranges by itself: menus, blocks, the order of the home page, notices on every page."""

from contextlib import suppress
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Topic
from articles.models.media import Image
from articles.models.page import Page
from parcai.lib.addresses import is_own, parse_links, validate_address, validate_outside, validate_own_path
from parcai.lib.fields import BlockField, LineField, RichTextField
from parcai.lib.publishing import readable_q
from parcai.lib.showing import shown_q
from plan.models import Campaign

ORDER_HELP = _("Số nhỏ đứng trước. Để cách nhau 10 thì sau này chen vào được.")
MOST_LINKS = 30


def order_field() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        _("thứ tự"), default=100, validators=[MaxValueValidator(9999)], help_text=ORDER_HELP
    )


# Menus -----------------------------------------------------------------------------------------------------------


class MenuItemQuerySet(models.QuerySet):
    def shown(self, now=None):
        """Links the public sees at `now`: switched on, and leading to a page of the board only while that is public."""
        now = now or timezone.now()
        page_lasts = Q(page__unpublish_at=None) | Q(page__unpublish_at__gt=now)
        there = Q(page=None) | (readable_q(now, through="page") & page_lasts)
        return self.filter(Q(is_shown=True) & there)


class MenuItem(models.Model):
    """One link of the main menu or the footer, with at most one level below it."""

    class Place(models.TextChoices):
        MAIN = "main", _("Danh mục chính")
        FOOTER = "footer", _("Chân trang")

    TARGETS = ("path", "page", "url")

    place = models.CharField(_("nơi hiện"), max_length=10, choices=Place, default=Place.MAIN)
    title = LineField(_("chữ hiện"), max_length=40)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        verbose_name=_("nằm trong mục"),
        related_name="children",
        null=True,
        blank=True,
        help_text=_("Để trống: đứng ở hàng đầu. Chỉ có một cấp con."),
    )
    path = LineField(
        _("địa chỉ trong cổng"),
        max_length=500,
        blank=True,
        validators=[validate_own_path],
        help_text=_("Bắt đầu bằng dấu /, ví dụ: /tin-bai/?loai=guide"),
    )
    page = models.ForeignKey(
        Page,
        models.CASCADE,
        verbose_name=_("hoặc trang cố định"),
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"amends": None},
        help_text=_("Mục chỉ hiện khi trang đang đăng."),
    )
    url = LineField(
        _("hoặc địa chỉ ngoài cổng"),
        max_length=500,
        blank=True,
        validators=[validate_outside],
        help_text=_("Bắt đầu bằng https://"),
    )
    order = order_field()
    is_shown = models.BooleanField(_("hiện"), default=True)

    objects: ClassVar = MenuItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("mục của danh mục")
        verbose_name_plural = _("danh mục và chân trang")
        ordering = ("-place", "order", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(~Q(path="") & Q(page=None) & Q(url=""))
                | (Q(path="") & Q(page__isnull=False) & Q(url=""))
                | (Q(path="") & Q(page=None) & ~Q(url="")),
                name="menu_item_one_target",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="menu_item_not_inside_itself"),
        ]

    def __str__(self):
        return self.title

    @property
    def address(self) -> str:
        return self.path or self.url or (self.page.get_absolute_url() if self.page else "")


# Blocks ----------------------------------------------------------------------------------------------------------


class BlockQuerySet(models.QuerySet):
    def shown(self, now=None):
        return self.filter(shown_q(now))

    def at(self, place: str):
        """Shown blocks of one place in their order, with what a page needs of them."""
        return self.shown().filter(place=place).select_related("image").order_by("order", "pk")


class Block(models.Model):
    """A text, a list of links or a banner beside what the portal shows by itself."""

    class Place(models.TextChoices):
        HOME = "home", _("Trang chủ (phần “Khối liên kết, biểu ngữ”)")
        ARTICLE = "article", _("Dưới mỗi bài viết")
        LIST = "list", _("Dưới các danh sách")

    class Kind(models.TextChoices):
        TEXT = "text", _("Chữ")
        LINKS = "links", _("Danh sách liên kết")
        BANNER = "banner", _("Biểu ngữ (ảnh)")

    place = models.CharField(_("nơi hiện"), max_length=10, choices=Place, default=Place.HOME)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.LINKS)
    title = LineField(
        _("tiêu đề"), max_length=120, blank=True, help_text=_("Biểu ngữ có thể không cần tiêu đề.")
    )
    text = RichTextField(_("chữ"), blank=True, help_text=_("Cho khối chữ. Ảnh thì dùng biểu ngữ."))
    links = BlockField(
        _("các liên kết"),
        blank=True,
        max_length=8000,
        help_text=_(
            "Mỗi dòng một liên kết: tên | địa chỉ. Ví dụ: Cổng Dịch vụ công quốc gia | https://dichvucong.gov.vn"
        ),
    )
    image = models.ForeignKey(
        Image,
        models.PROTECT,
        verbose_name=_("ảnh của biểu ngữ"),
        related_name="blocks",
        null=True,
        blank=True,
        help_text=_("Ảnh trong thư viện phải có mô tả: người không nhìn thấy ảnh nghe mô tả này."),
    )
    address = LineField(
        _("bấm vào biểu ngữ thì mở"),
        max_length=500,
        blank=True,
        validators=[validate_address],
        help_text=_("Địa chỉ trong cổng (bắt đầu bằng /) hoặc ngoài cổng (https://). Để trống: chỉ là ảnh."),
    )
    order = order_field()
    is_shown = models.BooleanField(_("hiện"), default=True)
    shown_from = models.DateTimeField(
        _("hiện từ"), null=True, blank=True, help_text=_("Giờ Việt Nam. Để trống: hiện ngay.")
    )
    shown_until = models.DateTimeField(
        _("hiện đến"), null=True, blank=True, help_text=_("Giờ Việt Nam. Để trống: không hết hạn.")
    )

    objects: ClassVar = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("khối liên kết, biểu ngữ")
        verbose_name_plural = _("khối liên kết, biểu ngữ")
        ordering = ("place", "order", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shown_from=None)
                | Q(shown_until=None)
                | Q(shown_until__gt=models.F("shown_from")),
                name="block_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(kind="banner") | Q(image__isnull=False), name="block_banner_has_image"
            ),
        ]

    def __str__(self):
        return self.title or (self.image.alt if self.image else "") or str(self.get_kind_display())

    @property
    def link_list(self) -> list[dict]:
        """The links of the block, without those to pages the portal no longer has."""
        rows: list[tuple[str, str]] = []
        for line in self.links.splitlines():
            with suppress(ValidationError):
                rows += parse_links(line, most=1)
        return [{"title": name, "url": url, "is_outside": not is_own(url)} for name, url in rows]

    @property
    def is_outside(self) -> bool:
        return bool(self.address) and not is_own(self.address)


# Home page -------------------------------------------------------------------------------------------------------


class HomeSection(models.Model):
    """One part of the home page below the three doors, which always come first."""

    class Kind(models.TextChoices):
        ANSWERS = "answers", _("Câu trả lời mới")
        NUMBERS = "numbers", _("Việc trả lời và đường đi của câu hỏi")
        CAMPAIGNS = "campaigns", _("Nội dung của kế hoạch")
        ARTICLES = "articles", _("Tin bài")
        DOCUMENTS = "documents", _("Văn bản mới")
        VIDEOS = "videos", _("Video")
        BLOCKS = "blocks", _("Khối liên kết, biểu ngữ")

    kind = models.CharField(_("phần"), max_length=12, choices=Kind)
    title = LineField(
        _("tiêu đề"), max_length=80, blank=True, help_text=_("Để trống: dùng tiêu đề có sẵn của phần.")
    )
    many = models.PositiveSmallIntegerField(
        _("số mục hiện"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("Từ 1 đến 12. Phần số liệu không dùng số này."),
    )
    article_kind = models.CharField(_("chỉ loại tin bài"), max_length=20, choices=Article.Kind, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        models.CASCADE,
        verbose_name=_("hoặc chỉ nội dung kế hoạch"),
        related_name="+",
        null=True,
        blank=True,
    )
    topic = models.ForeignKey(
        Topic, models.CASCADE, verbose_name=_("hoặc chỉ chủ đề"), related_name="+", null=True, blank=True
    )
    order = order_field()
    is_shown = models.BooleanField(_("hiện"), default=True)

    NARROWING = ("article_kind", "campaign", "topic")

    class Meta:
        verbose_name = _("phần của trang chủ")
        verbose_name_plural = _("bố cục trang chủ")
        ordering = ("order", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(many__range=(1, 12)), name="home_section_1_to_12"),
        ]

    def __str__(self):
        return self.title or str(self.get_kind_display())

    @property
    def narrowed_by(self) -> dict:
        """What an article must be to stand in this section."""
        if self.article_kind:
            return {"kind": self.article_kind}
        if self.campaign_id:
            return {"campaigns": self.campaign_id}
        return {"topics": self.topic_id} if self.topic_id else {}


# Notices ---------------------------------------------------------------------------------------------------------


class SiteNoticeQuerySet(models.QuerySet):
    def shown(self, now=None):
        """Notices every page carries at `now`, maintenance first."""
        now = now or timezone.now()
        rank = models.Case(
            models.When(kind=SiteNotice.Kind.MAINTENANCE, then=0),
            models.When(kind=SiteNotice.Kind.WARNING, then=1),
            default=2,
        )
        return self.filter(starts_at__lte=now, ends_at__gt=now).order_by(rank, "-starts_at", "pk")


class SiteNotice(models.Model):
    """Words on every page for a while; for planned downtime with the hours in which the portal stands still.

    Planned downtime is announced at least seven working days ahead, with the hour of return (Nghị định
    224/2026/NĐ-CP, Điều 13); what cannot wait is marked urgent, with a reason and the name of who said so.
    """

    class Kind(models.TextChoices):
        INFO = "info", _("Thông tin")
        WARNING = "warning", _("Cảnh báo")
        MAINTENANCE = "maintenance", _("Bảo trì theo kế hoạch")

    kind = models.CharField(_("loại"), max_length=12, choices=Kind, default=Kind.INFO)
    text = LineField(_("lời thông báo"), max_length=300)
    address = LineField(
        _("xem thêm ở"),
        max_length=500,
        blank=True,
        validators=[validate_address],
        help_text=_("Địa chỉ trong cổng (bắt đầu bằng /) hoặc ngoài cổng (https://). Có thể để trống."),
    )
    starts_at = models.DateTimeField(_("hiện từ"), help_text=_("Giờ Việt Nam."))
    ends_at = models.DateTimeField(_("hiện đến"), help_text=_("Giờ Việt Nam."))
    down_from = models.DateTimeField(
        _("ngừng từ"), null=True, blank=True, help_text=_("Chỉ cho bảo trì: giờ cổng bắt đầu ngừng.")
    )
    down_until = models.DateTimeField(
        _("đến"), null=True, blank=True, help_text=_("Giờ dự kiến hoạt động trở lại.")
    )
    is_urgent = models.BooleanField(
        _("bảo trì khẩn cấp"),
        default=False,
        help_text=_("Khi không thể báo trước 7 ngày làm việc. Phải ghi lý do."),
    )
    urgent_reason = BlockField(_("lý do khẩn cấp"), blank=True, max_length=500)
    urgent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người quyết định khẩn cấp"),
        related_name="+",
        null=True,
        editable=False,
    )

    objects: ClassVar = SiteNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo toàn cổng")
        verbose_name_plural = _("thông báo toàn cổng")
        ordering = ("-starts_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="notice_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(kind="maintenance")
                | Q(down_from__isnull=False, down_until__gt=models.F("down_from")),
                name="notice_maintenance_has_hours",
            ),
            models.CheckConstraint(
                condition=Q(is_urgent=False) | (~Q(urgent_reason="") & Q(urgent_by__isnull=False)),
                name="notice_urgent_has_reason",
            ),
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def is_maintenance(self) -> bool:
        return self.kind == self.Kind.MAINTENANCE

    @property
    def is_outside(self) -> bool:
        return bool(self.address) and not is_own(self.address)
