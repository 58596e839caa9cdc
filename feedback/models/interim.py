import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case
from feedback.models.delegation import Delegation
from parcai.lib.fields import LineField, RichTextField


class InterimAnswer(models.Model):
    """What the asker hears before the answer is ready: how far the matter is, until when, on which ground, who signed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="interim_answers")
    body = RichTextField(_("nội dung"))
    due_on = models.DateField(_("hạn mới"))
    ground = LineField(_("căn cứ"), max_length=300)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(auto_now=True)
    is_waiting = models.BooleanField(_("đang chờ ký"), default=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    signed_at = models.DateTimeField(null=True)
    signer_name = LineField(_("người ký"), max_length=120, blank=True)
    signer_title = LineField(_("chức vụ người ký"), max_length=120, blank=True)
    signed_for = LineField(_("ký thay"), max_length=130, blank=True)
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+", null=True, editable=False)
    is_sole_signer = models.BooleanField(_("cơ quan chỉ có một cán bộ"), default=False, editable=False)
    agency_name = LineField(_("cơ quan trả lời"), max_length=200, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("trả lời tạm thời")
        verbose_name_plural = _("trả lời tạm thời")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("case",), condition=Q(signed_at=None), name="interim_one_draft"),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("drafted_by")) | Q(is_sole_signer=True),
                name="interim_signed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.case} {self.due_on:%d/%m/%Y}"

    def hash_of_content(self) -> str:
        return hashlib.sha256(f"{self.body}\n{self.due_on}\n{self.ground}".encode()).hexdigest()
