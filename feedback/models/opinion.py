from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.roles import Role
from feedback.models.case import Case
from parcai.lib.fields import BlockField


class OpinionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What an agency was asked; nothing of a case set aside, nor one that ended without its words."""
        if not user.is_authenticated or not user.has_role(Role.OFFICER, Role.HEAD) or user.is_machine:
            return self.none()
        still = Q(answered_at__isnull=False) | Q(case__status__in=Case.OPEN)
        return self.filter(still, agency__in=user.agency_scope, case__is_confidential=False)

    def waiting(self):
        return self.filter(answered_at=None, case__status__in=Case.OPEN, case__is_confidential=False)


class Opinion(models.Model):
    """What another agency is asked about a case, without giving the case up."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("cơ quan được hỏi ý kiến"), related_name="+"
    )
    question = BlockField(_("điều xin ý kiến"), max_length=3000)
    due_on = models.DateField(_("trả lời trước ngày"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("hỏi lúc"), default=timezone.now)
    text = BlockField(_("ý kiến"), max_length=10_000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True)
    reminded_on = models.DateField(null=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần xin ý kiến")
        verbose_name_plural = _("lần xin ý kiến")
        ordering = ("asked_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("case", "agency"), condition=Q(answered_at=None), name="opinion_asked_once"
            )
        ]
        indexes = [models.Index(fields=("agency", "answered_at"), name="opinion_of_agency")]

    def __str__(self):
        return f"{self.case} – {self.agency}"

    def get_absolute_url(self):
        return reverse("feedback:desk-opinion", args=[self.pk])

    @property
    def is_late(self) -> bool:
        return self.answered_at is None and self.due_on < timezone.localdate()
