from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.answer import Answer
from parcai.lib.fields import RichTextField


class AnswerVersion(models.Model):
    """A draft as it was saved once: who wrote what when, for the head to compare."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("bản"))
    body = RichTextField(_("nội dung"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("bản dự thảo")
        verbose_name_plural = _("bản dự thảo")
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("answer", "number"), name="answer_version_once")]

    def __str__(self):
        return f"{self.answer} {self.number}"
