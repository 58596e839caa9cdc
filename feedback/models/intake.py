"""The tables a coordinator works by: grounds for refusing, bodies outside, rules for routing, and what came of them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models import Topic
from feedback.models.case import Case
from parcai.lib.fields import BlockField, LineField
from parcai.lib.vietnamese import fold

LAST_PLACE = 9999


class RefusalReasonQuerySet(models.QuerySet):
    def usable_for(self, kind: str):
        return self.filter(Q(kind="") | Q(kind=kind), is_active=True)


class RefusalReason(models.Model):
    """Why a case is not accepted: the words its asker reads and the legal ground they rest on."""

    name = LineField(_("tên gọi"), max_length=120, unique=True)
    words = BlockField(
        _("lời cho người gửi"),
        max_length=1000,
        help_text=_("Người gửi đọc đúng những lời này, trong thư và ở trang tra cứu."),
    )
    basis = LineField(
        _("căn cứ"), max_length=300, help_text=_("Ví dụ: Nghị định 20/2008/NĐ-CP, Điều 7; Điều 9")
    )
    kind = models.CharField(
        _("dùng cho"),
        max_length=10,
        choices=Case.Kind,
        blank=True,
        help_text=_("Bỏ trống: dùng cho cả hai loại hồ sơ."),
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=100)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    objects = RefusalReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lý do không tiếp nhận")
        verbose_name_plural = _("lý do không tiếp nhận")
        ordering = ("order", "name")

    def __str__(self):
        return self.name

    def in_full(self, note: str = "") -> str:
        """What the asker reads: the words, the ground, and what the official adds for this very case."""
        ground = _("Căn cứ: %s.") % self.basis.rstrip(".")
        return "\n".join(filter(None, (self.words, ground, note)))


class OutsideBody(models.Model):
    """A body that does not answer on this portal and to which cases are handed over."""

    name = LineField(_("tên"), max_length=200, unique=True)
    address = LineField(_("địa chỉ"), max_length=250, blank=True)
    phone = LineField(_("điện thoại"), max_length=60, blank=True)
    website = models.URLField(
        _("trang thông tin điện tử"),
        blank=True,
        validators=[
            URLValidator(schemes=["http", "https"], message=_("Địa chỉ bắt đầu bằng https:// hoặc http://."))
        ],
    )
    note = LineField(_("nhận những việc gì"), max_length=300, blank=True)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("cơ quan ngoài cổng")
        verbose_name_plural = _("cơ quan ngoài cổng")
        ordering = ("name",)

    def __str__(self):
        return self.name

    @property
    def contact(self) -> str:
        parts = (
            _("địa chỉ: %s") % self.address if self.address else "",
            _("điện thoại: %s") % self.phone if self.phone else "",
            self.website,
        )
        return "; ".join(str(part) for part in parts if part)


def phrases(text: str) -> list[str]:
    """What somebody listed: single words, and phrases between quotes. Raises ValueError for a quote left open."""
    plain = text.translate(QUOTES)
    if plain.count('"') % 2:
        raise ValueError(text)
    pieces = plain.split('"')
    single = [word for piece in pieces[::2] for word in piece.replace(",", " ").replace(";", " ").split()]
    found = [" ".join(piece.split()) for piece in (*pieces[1::2], *single)]
    return list(dict.fromkeys(piece for piece in found if fold(piece)))


QUOTES = str.maketrans("“”„«»", '"""""')


def listed(text: str) -> None:
    """A check of the form for rules."""
    try:
        found = phrases(text)
    except ValueError:
        raise ValidationError(_("Có dấu ngoặc kép chưa đóng."), code="quotes") from None
    if text.strip() and not found:
        raise ValidationError(_("Hãy ghi ít nhất một từ có chữ hoặc số."), code="empty")


class RoutingRuleQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            is_active=True,
        )

    def current(self):
        return self.valid_on(timezone.localdate())


class RoutingRule(models.Model):
    """Cases with these words, of this field or from this place go to that agency. The first that fits comes first.

    Every condition that is filled in must hold; of words and of places, one is enough.
    """

    order = models.PositiveSmallIntegerField(
        _("thứ tự"), default=100, help_text=_("Số nhỏ được xét trước; quy tắc đầu tiên khớp đứng đầu gợi ý.")
    )
    name = LineField(_("tên gọi"), max_length=120, unique=True)
    words = BlockField(
        _("có một trong các từ"),
        max_length=2000,
        blank=True,
        validators=[listed],
        help_text=_(
            "Cách nhau bằng dấu phẩy hoặc khoảng trắng; cụm từ đặt trong ngoặc kép. "
            'Không phân biệt dấu và chữ hoa. Ví dụ: "sổ đỏ", "giấy chứng nhận quyền sử dụng đất", thửa'
        ),
    )
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        verbose_name=_("thuộc lĩnh vực"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Chỉ khớp hồ sơ đã được xếp vào lĩnh vực này."),
    )
    place = BlockField(
        _("ở một trong các nơi"),
        max_length=2000,
        blank=True,
        validators=[listed],
        help_text=_(
            'Tên xã, phường; viết như ô trên. Tìm trong nội dung và nơi ở. Ví dụ: "Tuy Hòa", "Sông Cầu"'
        ),
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("giao cho"), related_name="+")
    sets_topic = models.ForeignKey(
        Topic, models.PROTECT, verbose_name=_("xếp vào lĩnh vực"), related_name="+", null=True, blank=True
    )
    is_active = models.BooleanField(_("đang dùng"), default=True)
    valid_from = models.DateField(_("áp dụng từ"), null=True, blank=True)
    valid_to = models.DateField(_("áp dụng đến hết"), null=True, blank=True)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("quy tắc phân công")
        verbose_name_plural = _("quy tắc phân công")
        ordering = ("order", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(words="", place="", topic=None),
                name="rule_has_a_condition",
                violation_error_message=_("Cần ít nhất một điều kiện: từ, lĩnh vực hoặc nơi."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="rule_ends_after_it_begins",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return self.name


class Routing(models.Model):
    """One act of routing: which agencies the portal suggested and why, and which one was taken."""

    class Source(models.TextChoices):
        RULE = "rule", _("Theo quy tắc")
        LIKE = "like", _("Theo hồ sơ tương tự")
        ASKED = "asked", _("Người gửi muốn hỏi")
        OTHER = "other", _("Điều phối viên tự chọn")

    case = models.ForeignKey(Case, models.CASCADE, related_name="routings")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered = models.JSONField(
        _("đã gợi ý"), default=list
    )  # as `feedback.services.routing.Offer.kept` writes it
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("đã giao"), related_name="+")
    source = models.CharField(_("theo"), max_length=5, choices=Source)

    class Meta:
        verbose_name = _("căn cứ phân công")
        verbose_name_plural = _("căn cứ phân công")
        ordering = ("pk",)

    def __str__(self):
        return f"{self.case_id} {self.get_source_display()}"


class Split(models.Model):
    """Two matters in one case: what became of the words, and the words as they were sent."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="splits")
    part = models.OneToOneField(Case, models.CASCADE, related_name="split_from")
    title = LineField(_("tiêu đề trước khi tách"), max_length=200)
    text = BlockField(_("nội dung trước khi tách"), max_length=10_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("lần tách hồ sơ")
        verbose_name_plural = _("lần tách hồ sơ")
        ordering = ("pk",)

    def __str__(self):
        return f"{self.case_id} → {self.part_id}"
