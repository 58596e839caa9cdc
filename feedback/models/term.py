from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case
from parcai.lib.fields import LineField


class Term(models.Model):
    """How many working days a step may take, from a day on; what holds today is the newest that has begun."""

    class Step(models.TextChoices):
        SCREEN = "screen", _("Xem xét, vào sổ")
        TRANSFER = "transfer", _("Chuyển cơ quan có thẩm quyền")
        ANSWER = "answer", _("Trả lời")

    kind = models.CharField(_("loại hồ sơ"), max_length=10, choices=Case.Kind)
    step = models.CharField(_("bước"), max_length=10, choices=Step)
    working_days = models.PositiveSmallIntegerField(_("số ngày làm việc"))
    valid_from = models.DateField(_("áp dụng từ"))
    basis = LineField(_("căn cứ"), max_length=300)

    class Meta:
        verbose_name = _("thời hạn")
        verbose_name_plural = _("thời hạn")
        ordering = ("kind", "step", "-valid_from")
        constraints = [
            models.UniqueConstraint(fields=("kind", "step", "valid_from"), name="term_once_a_day"),
            models.CheckConstraint(condition=Q(working_days__range=(1, 120)), name="term_1_to_120_days"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_step_display()} {self.working_days} ngày"
