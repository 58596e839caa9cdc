from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case


class Helped(models.Model):
    """How many people, on a day, found in a published answer what they were about to ask; who they were is kept nowhere."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="helped", verbose_name=_("hồ sơ"))
    on = models.DateField(_("ngày"))
    count = models.PositiveIntegerField(_("số lượt"), default=0)

    class Meta:
        verbose_name = _("lượt câu trả lời giúp được")
        verbose_name_plural = _("lượt câu trả lời giúp được")
        ordering = ("-on", "-count")
        constraints = [models.UniqueConstraint(fields=("case", "on"), name="helped_one_row_a_day")]

    def __str__(self):
        return f"{self.case_id} {self.on:%d/%m/%Y}: {self.count}"
