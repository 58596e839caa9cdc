"""What stands in the index, and what editors add to it: other wordings, best bets, and which words were asked."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parcai.lib.fields import BlockField, LineField
from parcai.lib.vietnamese import fold


class SearchDocument(models.Model):
    """One record anybody may find, as the set of its terms (parcai/search/terms.py).

    The key is made from the moment it was published: the newest is the highest, so that engines read the newest first
    without sorting, and what has not been published yet lies above the key of this moment.
    """

    id = models.BigIntegerField(primary_key=True)
    record = models.CharField(max_length=20)  # the model: "article"
    object_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)  # what readers know it as: "guide"
    head = models.CharField(max_length=600)  # number and title, folded: tells how well a title fits
    terms = models.TextField()
    shown_until = models.DateTimeField(null=True)
    digest = models.CharField(
        max_length=32
    )  # of all that is indexed: what did not change is not written again
    indexed_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("mục trong chỉ mục tìm kiếm")
        verbose_name_plural = _("chỉ mục tìm kiếm")
        constraints = [models.UniqueConstraint(fields=("record", "object_id"), name="search_record_once")]
        indexes = [
            models.Index(fields=("shown_until",), condition=Q(shown_until__isnull=False), name="search_ends")
        ]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class WaitingChange(models.Model):
    """A key of the index that OpenSearch has not been told of yet; only where there is one."""

    key = models.BigIntegerField()

    class Meta:
        verbose_name = _("thay đổi chờ báo cho OpenSearch")
        verbose_name_plural = _("thay đổi chờ báo cho OpenSearch")

    def __str__(self):
        return str(self.key)


class SearchWord(models.Model):
    """A word of public records, for the spelling of questions."""

    word = models.CharField(max_length=60, primary_key=True)  # folded
    shown = models.CharField(max_length=60)  # as it is mostly written
    records = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("từ trong chỉ mục")
        verbose_name_plural = _("từ trong chỉ mục")

    def __str__(self):
        return self.shown


class Synonym(models.Model):
    """Wordings of one thing; who asks for one finds the others."""

    words = LineField(
        _("các cách viết"),
        max_length=300,
        help_text=_(
            "Cách nhau bằng dấu chấm phẩy: CCHC; cải cách hành chính. Ai tìm một cách viết thì thấy cả bài dùng cách viết kia."
        ),
    )
    note = LineField(_("ghi chú"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("từ đồng nghĩa, viết tắt")
        verbose_name_plural = _("từ đồng nghĩa, viết tắt")
        ordering = ("words",)

    def __str__(self):
        return self.words

    @property
    def forms(self) -> list[str]:
        return [form for part in self.words.split(";") if (form := part.strip())]


class BestBetQuerySet(models.QuerySet):
    def current(self):
        """Those whose days have come and not gone."""
        today = timezone.localdate()
        return self.filter(
            Q(shown_from=None) | Q(shown_from__lte=today), Q(shown_until=None) | Q(shown_until__gte=today)
        )


class BestBet(models.Model):
    """A page editors put above the results of certain words."""

    words = LineField(
        _("khi người đọc tìm"),
        max_length=300,
        help_text=_(
            "Cách nhau bằng dấu chấm phẩy: đường dây nóng; hotline. Đúng cả cụm từ, có dấu hay không đều được."
        ),
    )
    title = LineField(_("tên hiện trên trang kết quả"), max_length=150)
    path = LineField(
        _("địa chỉ trong cổng"), max_length=200, help_text=_("Bắt đầu bằng dấu gạch chéo, ví dụ /co-quan/")
    )
    text = BlockField(_("một câu giải thích"), max_length=300, blank=True)
    place = models.PositiveSmallIntegerField(_("thứ tự"), default=10)
    shown_from = models.DateField(_("hiện từ ngày"), null=True, blank=True)
    shown_until = models.DateField(_("hiện đến hết ngày"), null=True, blank=True)

    objects = BestBetQuerySet.as_manager()

    class Meta:
        verbose_name = _("kết quả nên xem trước")
        verbose_name_plural = _("kết quả nên xem trước")
        ordering = ("place", "title")
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_from=None)
                | Q(shown_until=None)
                | Q(shown_until__gte=models.F("shown_from")),
                name="best_bet_ends_after_it_begins",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def keys(self) -> set[str]:
        return {key for part in self.words.split(";") if (key := fold(part))}


class AskedWords(models.Model):
    """How often some words were looked for in a month, and how often in vain; nothing of who did.

    Words that could name or reach a person are never written here (`parcai.search.asked`).
    """

    month = models.DateField(_("tháng"))
    key = models.CharField(max_length=100, editable=False)
    shown = models.CharField(_("từ được tìm"), max_length=100)
    asked = models.PositiveIntegerField(_("số lần tìm"), default=0)
    empty = models.PositiveIntegerField(_("không có kết quả"), default=0)
    clicked = models.PositiveIntegerField(_("có bấm vào kết quả"), default=0)

    class Meta:
        verbose_name = _("từ người đọc tìm")
        verbose_name_plural = _("từ người đọc tìm")
        ordering = ("-month", "-asked")
        constraints = [models.UniqueConstraint(fields=("month", "key"), name="asked_once_a_month")]

    def __str__(self):
        return self.shown
