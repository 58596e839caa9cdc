import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from feedback.models.case import Case
from parcai.lib.fields import BlockField


class CaseEvent(models.Model):
    """What happened to a case, in order. Never changed, never deleted: a trigger in the database sees to it.

    Each event carries a hash over itself and the one before, so that a change behind the portal's back shows
    (`manage.py verify_history`).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    step = models.SlugField(max_length=30)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12, choices=Case.Status)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", null=True)
    public_note = BlockField(blank=True)
    internal_note = BlockField(blank=True)
    hash = models.CharField(max_length=64, editable=False)
    wiped_at = models.DateTimeField(
        null=True, editable=False
    )  # the one change the guard lets through: see history

    class Meta:
        verbose_name = _("diễn biến")
        verbose_name_plural = _("diễn biến")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=("case", "id"), name="event_of_case"),
            models.Index(fields=("at",), condition=Q(step="return"), name="event_returned"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.step}"

    def hash_after(self, previous: str) -> str:
        """SHA-256 over the event before and everything this one says."""
        said = [
            previous,
            self.case_id,
            self.at.astimezone(UTC).isoformat(),
            self.by_id,
            self.step,
            self.from_status,
            self.to_status,
            self.agency_id,
            self.public_note,
            self.internal_note,
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


class Pause(models.Model):
    """Time that does not count because the citizen was asked for more: from the day after asking to the day of the
    reply. Asking on the last day takes that day out too, so that one is left for the answer."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField(_("từ"))
    ended_at = models.DateTimeField(_("đến"), null=True)
    not_counted_from = models.DateField(_("không tính từ ngày"))
    reason = BlockField(_("lý do"))

    class Meta:
        verbose_name = _("khoảng tạm dừng")
        verbose_name_plural = _("khoảng tạm dừng")
        ordering = ("started_at",)
        constraints = [
            models.UniqueConstraint(fields=("case",), condition=Q(ended_at=None), name="pause_one_at_a_time"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.started_at:%d/%m/%Y}"
