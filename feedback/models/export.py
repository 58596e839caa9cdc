import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from parcai.lib.fields import LineField


class ExportJobQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=ExportJob.State.WAITING)


class ExportJob(models.Model):
    """A list of cases an official took away: who, when, which, how many, and why where people stand in it by name.

    The row is the journal and stays; its file goes after some days.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ tạo")
        READY = "ready", _("Đã xong")
        FAILED = "failed", _("Không tạo được")
        EXPIRED = "expired", _("Đã hết hạn tải")

    class Ending(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người xuất"), related_name="+"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("cơ quan"), related_name="+", null=True)
    queue = models.SlugField(_("hàng việc"), max_length=40)
    ending = models.CharField(_("loại tệp"), max_length=4, choices=Ending)
    is_unmasked = models.BooleanField(_("có thông tin người gửi"), default=False)
    reason = LineField(_("lý do"), max_length=300, blank=True)
    count = models.PositiveIntegerField(_("số hồ sơ"), default=0)
    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("yêu cầu lúc"), default=timezone.now)
    ready_at = models.DateTimeField(_("xong lúc"), null=True)
    fetched_at = models.DateTimeField(_("tải lần đầu lúc"), null=True)
    expires_at = models.DateTimeField(_("hết hạn tải lúc"), null=True)
    # The cases, as they stood in the list; emptied when the file is there.
    ids = models.JSONField(default=list, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    stored_name = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(_("mã kiểm tra"), max_length=64, blank=True)

    FOLDER = "xuat"

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt xuất dữ liệu")
        verbose_name_plural = _("nhật ký xuất dữ liệu")
        ordering = ("-asked_at",)
        indexes = [models.Index(fields=("by", "-asked_at"), name="export_of_official")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_unmasked=False) | ~models.Q(reason=""), name="export_unmasked_says_why"
            )
        ]

    def __str__(self):
        return f"{self.by} {self.asked_at:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("feedback:export-file", args=[self.pk])

    @property
    def download_name(self) -> str:
        return f"ho-so-{self.queue}-{timezone.localtime(self.asked_at):%Y%m%d-%H%M}.{self.ending}"

    @property
    def may_be_fetched(self) -> bool:
        return (
            self.state == self.State.READY
            and self.expires_at is not None
            and self.expires_at > timezone.now()
        )
