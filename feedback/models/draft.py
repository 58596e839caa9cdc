import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case
from parcai.lib.fields import EncryptedField


class Draft(models.Model):
    """What somebody has typed so far, on the way to a case; forgotten after a week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Case.Kind)
    data = EncryptedField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("bản đang viết")
        verbose_name_plural = _("bản đang viết")
        indexes = [models.Index(fields=("updated_at",), name="draft_age")]

    def __str__(self):
        return str(self.pk)
