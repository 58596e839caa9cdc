from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.answer import Answer
from feedback.models.case import Case
from parcai.lib.fields import EncryptedField, LineField


class RedactionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(removed_at=None)


class Redaction(models.Model):
    """One place hidden from the public copy of a case: what, where, why, by whom. Taken off is not deleted."""

    class Field(models.TextChoices):
        TITLE = "title", _("Tiêu đề")
        TEXT = "text", _("Nội dung")
        ANSWER = "answer", _("Trả lời")
        NAME = "name", _("Tên người gửi")

    class Reason(models.TextChoices):
        PERSONAL = "personal", _("Thông tin cá nhân")
        PRIVATE_LIFE = "private_life", _("Bí mật đời tư")
        BUSINESS = "business", _("Bí mật kinh doanh")
        OTHER_PERSON = "other_person", _("Thông tin về người khác")
        OFFENCE = "offence", _("Lời xúc phạm")
        OTHER = "other", _("Lý do khác")

    case = models.ForeignKey(Case, models.CASCADE, verbose_name=_("hồ sơ"), related_name="redactions")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="redactions", null=True)
    field = models.CharField(_("ở phần"), max_length=10, choices=Field)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = EncryptedField(_("từ ngữ"))
    kind = LineField(_("loại"), max_length=60, blank=True)  # what the check found, for a proposal
    reason = models.CharField(_("lý do"), max_length=15, choices=Reason, default=Reason.PERSONAL)
    note = LineField(_("ghi thêm"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField(default=timezone.now)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    removed_at = models.DateTimeField(null=True)
    removed_why = LineField(_("lý do bỏ che"), max_length=200, blank=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("chỗ che")
        verbose_name_plural = _("chỗ che")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("case", "field", "start", "end"),
                condition=Q(removed_at=None, answer=None),
                name="redaction_once_a_place",
            ),
            models.UniqueConstraint(
                fields=("answer", "start", "end"),
                condition=Q(removed_at=None, answer__isnull=False),
                name="redaction_once_a_place_of_answer",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | ~Q(removed_why=""), name="redaction_removed_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.case_id} {self.field} {self.start}–{self.end}"

    @property
    def place(self) -> str:
        """How a form names this place, whether its row is written yet or not."""
        return f"{self.field}-{self.start}-{self.end}"


class OriginalView(models.Model):
    """Somebody who does not handle a case looked at what the public may not read of it, and said why."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("hồ sơ"), related_name="looks")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("ai xem"), related_name="+"
    )
    at = models.DateTimeField(_("xem lúc"), default=timezone.now)
    why = LineField(_("vì sao"), max_length=300)

    class Meta:
        verbose_name = _("lượt xem bản gốc")
        verbose_name_plural = _("lượt xem bản gốc")
        ordering = ("-at", "-pk")
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="look_with_reason")]
        indexes = [models.Index(fields=("case", "user", "-at"), name="look_of_case")]

    def __str__(self):
        return f"{self.case} {self.at:%d/%m/%Y %H:%M}"


class CaseReader(models.Model):
    """Somebody named to see one confidential case; nobody else does."""

    case = models.ForeignKey(Case, models.CASCADE, verbose_name=_("hồ sơ"), related_name="readers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cán bộ"), related_name="+"
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người nêu tên"), related_name="+", null=True
    )
    named_at = models.DateTimeField(_("từ lúc"), default=timezone.now)

    class Meta:
        verbose_name = _("người được xem hồ sơ kín")
        verbose_name_plural = _("người được xem hồ sơ kín")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("case", "user"), name="reader_once")]

    def __str__(self):
        return f"{self.case_id} {self.user}"
