from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models import Topic
from feedback.models.case import Case
from parcai.lib.fields import LineField


class Figure(models.Model):
    """How cases were handled in one period, for one agency, field or kind, as everybody may read it.

    Counted by the worker, not while somebody waits. A count that is left unsaid is None: it is below the least number,
    or would let such a one be worked out. What a year ended with stays as it is (`is_final`).
    """

    class By(models.TextChoices):
        ALL = "all", _("Toàn tỉnh")
        AGENCY = "agency", _("Cơ quan")
        TOPIC = "topic", _("Lĩnh vực")
        KIND = "kind", _("Loại hồ sơ")

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("năm"))
    period = models.CharField(_("kỳ"), max_length=4)  # year, q1 to q4, m01 to m12
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến ngày"))
    by = models.CharField(_("theo"), max_length=10, choices=By)
    agency = models.ForeignKey(
        Agency, models.SET_NULL, verbose_name=_("cơ quan"), related_name="+", null=True
    )
    topic = models.ForeignKey(Topic, models.SET_NULL, verbose_name=_("lĩnh vực"), related_name="+", null=True)
    kind = models.CharField(_("loại hồ sơ"), max_length=10, choices=Case.Kind, blank=True)
    label = LineField(_("tên"), max_length=200)
    received = models.PositiveIntegerField(_("tiếp nhận"), null=True)
    answered = models.PositiveIntegerField(_("đã trả lời"), null=True)
    on_time_percent = models.PositiveSmallIntegerField(_("đúng hạn (%)"), null=True)
    median_days = models.FloatField(_("số ngày làm việc ở giữa"), null=True)
    rated = models.PositiveIntegerField(_("lượt đánh giá"), null=True)
    satisfaction = models.FloatField(_("điểm hài lòng"), null=True)
    late = models.PositiveIntegerField(_("đang quá hạn"), null=True)
    is_final = models.BooleanField(_("đã chốt"), default=False)
    counted_at = models.DateTimeField(_("tính lúc"))

    class Meta:
        verbose_name = _("số liệu giải quyết")
        verbose_name_plural = _("số liệu giải quyết")
        ordering = ("-year", "period", "by", "label")
        indexes = [models.Index(fields=("year", "period"), name="figure_period")]

    def __str__(self):
        return f"{self.label}, {self.period} {self.year}"

    def get_absolute_url(self):
        return f"/thong-ke/?ky={self.year}" + ("" if self.period == "year" else f"-{self.period}")
