from datetime import datetime, time

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from parcai.lib.fields import BlockField, LineField
from parcai.search.entry import Entry


class Plan(models.Model):
    """A yearly communications plan of the province."""

    year = models.PositiveSmallIntegerField(_("năm"), unique=True)
    number = LineField(_("số, ký hiệu"), max_length=60)
    issued_on = models.DateField(_("ngày ban hành"))
    issuer = LineField(_("cơ quan ban hành"), max_length=150)
    title = LineField(_("tên kế hoạch"), max_length=300)
    source = LineField(_("nguồn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("kế hoạch")
        verbose_name_plural = _("kế hoạch")
        ordering = ("-year",)

    def __str__(self):
        return f"Kế hoạch {self.number}"

    def get_absolute_url(self):
        return reverse("plan:plan-detail", args=[self.year])


class Campaign(models.Model):
    """One numbered item (nội dung) of a plan."""

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("kế hoạch"), related_name="campaigns")
    number = models.PositiveSmallIntegerField(_("số thứ tự"))
    short_title = LineField(_("tên ngắn"), max_length=150)
    official_text = BlockField(
        _("nguyên văn trong kế hoạch"), blank=True, help_text=_("Giữ đúng như văn bản, kể cả dấu câu.")
    )
    summary = BlockField(_("tóm tắt cho người dân"))
    topic_tags = LineField(_("mã chủ đề"), max_length=120, blank=True)
    owner = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("cơ quan phụ trách"), related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("nội dung kế hoạch")
        verbose_name_plural = _("nội dung kế hoạch")
        ordering = ("plan", "number")
        constraints = [
            models.UniqueConstraint(fields=("plan", "number"), name="campaign_number_once_a_plan"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="campaign_number_from_one"),
        ]

    def __str__(self):
        return f"{self.number}. {self.short_title}"

    def get_absolute_url(self):
        return reverse("plan:campaign-detail", args=[self.plan.year, self.number])

    SEARCH_RECORD = "campaign"

    def search_entry(self) -> Entry:
        issued = datetime.combine(self.plan.issued_on, time.min)
        return Entry(
            kind="campaign",
            title=self.short_title,
            body="\n".join([self.summary, self.official_text, f"{self.plan} năm {self.plan.year}"]),
            shown_from=timezone.make_aware(issued),
            agency=self.owner_id,
            campaigns=(self.pk,),
        )


class EvidenceQuerySet(models.QuerySet):
    def counted(self):
        """Evidence that stands: recorded and not taken back."""
        return self.filter(withdrawn_at=None)


class Evidence(models.Model):
    """Proof that something was done for a campaign, pushed here by the app that did it."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Tin bài")
        CASE = "case", _("Câu trả lời")
        DOCUMENT = "document", _("Văn bản")
        VIDEO = "video", _("Video")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, verbose_name=_("nội dung kế hoạch"), related_name="evidence"
    )
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    key = models.CharField(_("khóa"), max_length=80)
    title = LineField(_("tên"), max_length=300)
    path = models.CharField(_("địa chỉ"), max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("cơ quan"), related_name="+", null=True)
    happened_at = models.DateTimeField(_("thời điểm"))
    withdrawn_at = models.DateTimeField(_("gỡ lúc"), null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("minh chứng")
        verbose_name_plural = _("minh chứng")
        ordering = ("-happened_at",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "kind", "key"), name="evidence_once_a_campaign"),
        ]

    def __str__(self):
        return self.title
