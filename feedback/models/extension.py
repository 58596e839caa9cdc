from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case
from parcai.lib.fields import BlockField, LineField


class Extension(models.Model):
    """A later day for the answer: on which ground, why, and which head signed it. The case's term grows with it, so
    that pauses and changes of the calendar go on being counted as before."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions", verbose_name=_("hồ sơ"))
    from_due = models.DateField(_("hạn trước"))
    to_due = models.DateField(_("hạn mới"))
    from_term = models.PositiveSmallIntegerField(_("số ngày làm việc trước"))
    to_term = models.PositiveSmallIntegerField(_("số ngày làm việc mới"))
    ground = LineField(_("căn cứ"), max_length=300)
    reason = BlockField(_("lý do"), max_length=2000)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ký")
    )
    signer_name = LineField(_("tên người ký"), max_length=120)
    signer_title = LineField(_("chức vụ người ký"), max_length=120, blank=True)
    at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("lần gia hạn")
        verbose_name_plural = _("lần gia hạn")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(to_due__gt=F("from_due")), name="extension_is_later"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.from_due:%d/%m/%Y} – {self.to_due:%d/%m/%Y}"
