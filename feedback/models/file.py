import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.models.answer import Answer
from feedback.models.case import Case
from feedback.models.course import CaseEvent
from feedback.models.draft import Draft
from parcai.lib.fields import EncryptedField


class CaseFileQuerySet(models.QuerySet):
    def released(self):
        """Looked at and released for everybody, of the public copy; nothing of the original is read with them."""
        return self.filter(is_public=True).only("ending", "size", "is_public", "case")

    def for_asker(self):
        """What the asker may have: their own, and those of answers that are signed."""
        return self.filter(Q(side=CaseFile.Side.ASKER) | Q(answer__signed_at__isnull=False))


class CaseFile(models.Model):
    """A file beside a case: the asker's own (with the question, or with an event of theirs) or one of an answer.

    While the question is being written it hangs on the draft. Nobody but the asker and the officials of the case gets
    it: the bytes lie under a name of our own and leave only through a view that asks who may see the case.
    """

    class Side(models.TextChoices):
        ASKER = "asker", _("Người gửi")
        OFFICIAL = "official", _("Cơ quan")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="files", null=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files", null=True)
    event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="files", null=True)
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="files", null=True)
    side = models.CharField(_("bên gửi"), max_length=10, choices=Side)
    name = EncryptedField(_("tên tệp"))  # people name files after themselves
    ending = models.CharField(_("loại tệp"), max_length=8)
    size = models.PositiveBigIntegerField(_("dung lượng (byte)"))
    sha256 = models.CharField("SHA-256", max_length=64)
    is_public = models.BooleanField(_("công khai"), default=False)
    uploaded_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người tải lên"),
        related_name="+",
        null=True,
    )

    FOLDER = "ho-so"

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp của hồ sơ")
        verbose_name_plural = _("tệp của hồ sơ")
        ordering = ("uploaded_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, draft=None) | Q(case=None, draft__isnull=False),
                name="case_file_of_case_or_draft",
            ),
            models.CheckConstraint(
                condition=Q(event=None) | Q(answer=None), name="case_file_of_event_or_answer"
            ),
            models.CheckConstraint(
                condition=Q(side="asker", answer=None) | Q(side="official", uploaded_by__isnull=False),
                name="case_file_of_one_side",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        if self.case is None:
            raise ValueError("a file of a draft is on no page")
        name = "question-file" if self.case.kind == Case.Kind.QUESTION else "feedback-file"
        return reverse(f"feedback:{name}", args=[self.case.pk, self.pk])

    @property
    def public_name(self) -> str:
        return f"tep-{str(self.pk)[:8]}.{self.ending}"

    @property
    def stored_name(self) -> str:
        return f"{self.FOLDER}/{str(self.pk)[:2]}/{self.pk}.{self.ending}"

    @property
    def stored_names(self) -> list[str]:
        return [self.stored_name]

    def get_asker_url(self) -> str:
        return reverse("feedback:status-file", args=[self.pk])

    def get_desk_url(self) -> str:
        if self.case is None:
            raise ValueError("a file of a draft is on no desk")
        return reverse("feedback:desk-file", args=[self.case.code, self.pk])
