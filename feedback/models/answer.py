import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models import Document
from feedback.models.case import Case
from feedback.models.delegation import Delegation
from parcai.lib.fields import LineField, RichTextField
from parcai.lib.html import plain_text

# What everybody may read of an answer: the public copy and who signed, not the words that were signed.
PUBLIC = (
    "case",
    "round",
    "public_body",
    "signed_at",
    "signer_name",
    "signer_title",
    "signed_for",
    "agency_name",
    "days_taken",
)


class AnswerQuerySet(models.QuerySet):
    def for_public(self):
        return self.signed().only(*PUBLIC).order_by("round")

    def signed(self):
        return self.filter(signed_at__isnull=False)


class Answer(models.Model):
    """One round of answering: drafted by an officer, signed by the head. A reopened case gets a new round."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    round = models.PositiveSmallIntegerField(_("lần"), default=1)
    body = RichTextField(_("nội dung trả lời"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(auto_now=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    signed_at = models.DateTimeField(null=True)
    signer_name = LineField(_("người ký"), max_length=120, blank=True)
    signer_title = LineField(_("chức vụ người ký"), max_length=120, blank=True)
    signed_for = LineField(_("ký thay"), max_length=130, blank=True)
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+", null=True, editable=False)
    is_sole_signer = models.BooleanField(_("cơ quan chỉ có một cán bộ"), default=False, editable=False)
    agency_name = LineField(_("cơ quan trả lời"), max_length=200, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    public_body = RichTextField(_("nội dung công khai"), blank=True)
    documents = models.ManyToManyField(
        Document, verbose_name=_("văn bản được dẫn"), related_name="answers", editable=False
    )
    due_on = models.DateField(_("hạn khi ký"), null=True)
    days_taken = models.PositiveSmallIntegerField(_("số ngày làm việc đã dùng"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("trả lời")
        verbose_name_plural = _("trả lời")
        ordering = ("round",)
        indexes = [
            models.Index(fields=("signed_at",), condition=Q(signed_at__isnull=False), name="answer_signed")
        ]
        constraints = [
            models.UniqueConstraint(fields=("case", "round"), name="answer_one_a_round"),
            models.UniqueConstraint(fields=("case",), condition=Q(signed_at=None), name="answer_one_draft"),
            # Nobody signs their own draft; where an agency has a single official, that is marked.
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("drafted_by")) | Q(is_sole_signer=True),
                name="answer_signed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.case} ({self.round})"

    def hash_of_content(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def signed_as(self) -> str:
        """The title under the signature, “KT.” of the head first where a deputy signed."""
        return ", ".join(filter(None, (self.signed_for, self.signer_title)))

    @property
    def excerpt(self) -> str:
        return " ".join(plain_text(self.public_body or self.body).split())
