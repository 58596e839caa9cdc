from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case
from parcai.lib.fields import EncryptedField, LineField


class DataRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=DataRequest.OPEN)

    def visible_to(self, user):
        """Those about cases the official may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class DataRequest(models.Model):
    """What an asker wants done with their own data (Luật Bảo vệ dữ liệu cá nhân 2025; NĐ 356/2025/NĐ-CP, Điều 5)."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Xin bản sao dữ liệu của tôi")
        CORRECT = "correct", _("Sửa dữ liệu của tôi")
        DELETE = "delete", _("Xóa dữ liệu của tôi")
        WITHDRAW_CONSENT = "withdraw_consent", _("Rút đồng ý công khai")
        RESTRICT = "restrict", _("Hạn chế xử lý dữ liệu của tôi")

    class State(models.TextChoices):
        ASKED = "asked", _("Chờ trả lời")
        ACCEPTED = "accepted", _("Đang thực hiện")
        DONE = "done", _("Đã thực hiện")
        REFUSED = "refused", _("Không thực hiện được")

    OPEN = (State.ASKED, State.ACCEPTED)
    REPLY_WITHIN = 2  # working days to the first reply
    # Days from the request. Counted by the calendar, though the law may mean more: rather early than late.
    DONE_WITHIN = {
        Kind.ACCESS: 10,
        Kind.CORRECT: 10,
        Kind.DELETE: 20,
        Kind.WITHDRAW_CONSENT: 15,
        Kind.RESTRICT: 15,
    }

    case = models.ForeignKey(
        Case, models.PROTECT, verbose_name=_("hồ sơ"), related_name="data_requests", editable=False
    )
    kind = models.CharField(_("yêu cầu"), max_length=20, choices=Kind)
    note = EncryptedField(_("lời người gửi"), blank=True)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("yêu cầu lúc"), default=timezone.now)
    reply_by = models.DateField(_("hạn trả lời lần đầu"))
    due_on = models.DateField(_("hạn thực hiện"))
    replied_at = models.DateTimeField(_("trả lời lần đầu lúc"), null=True)
    closed_at = models.DateTimeField(_("kết thúc lúc"), null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người xử lý"), related_name="+", null=True
    )
    answer = EncryptedField(_("trả lời người gửi"), blank=True)
    ground = LineField(_("căn cứ không thực hiện"), max_length=300, blank=True)
    reminded_on = models.DateField(null=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("yêu cầu về dữ liệu")
        verbose_name_plural = _("yêu cầu về dữ liệu")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("case", "kind"),
                condition=Q(state__in=["asked", "accepted"]),
                name="datarequest_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(ground=""), name="datarequest_refused_on_a_ground"
            ),
        ]
        indexes = [
            models.Index(
                fields=("due_on",), condition=Q(state__in=["asked", "accepted"]), name="datarequest_due"
            )
        ]

    def __str__(self):
        return f"{self.case} {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def next_on(self) -> date:
        """The day by which the next thing has to happen: the first reply, then the deed."""
        return self.reply_by if self.state == self.State.ASKED else self.due_on

    @property
    def is_late(self) -> bool:
        return self.is_open and self.next_on < timezone.localdate()

    @classmethod
    def due_after(cls, kind: str, asked_on: date) -> date:
        return asked_on + timedelta(days=cls.DONE_WITHIN[cls.Kind(kind)])
