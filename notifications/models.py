import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parcai.lib.fields import EncryptedField


class MessageQuerySet(models.QuerySet):
    def due(self):
        """Messages whose time has come and which no living worker holds."""
        now = timezone.now()
        return self.filter(status=Message.Status.QUEUED, next_attempt_at__lte=now).filter(
            Q(leased_until=None) | Q(leased_until__lte=now)
        )

    def visible_to(self, user):
        """In-app messages of this official."""
        return self.filter(channel=Message.Channel.IN_APP, official=user)


class Message(models.Model):
    """One message to one recipient. Written with the change it tells of, sent later by a worker."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("Thư điện tử")
        IN_APP = "in_app", _("Trong cổng")
        WEBHOOK = "webhook", _("Tin nhắn qua cổng trung gian")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Chờ gửi")
        SENT = "sent", _("Đã gửi")
        FAILED = "failed", _("Không gửi được")
        CANCELLED = "cancelled", _("Đã hủy")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(_("kênh"), max_length=10, choices=Channel)
    recipient = EncryptedField(_("người nhận"), blank=True)  # an address or a phone, for nobody to list
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("cán bộ nhận"),
        related_name="messages",
        null=True,
        blank=True,
    )
    template = models.SlugField(_("mẫu"), max_length=60)
    context = models.JSONField(_("dữ liệu"), default=dict)
    dedupe_key = models.CharField(_("khóa chống gửi trùng"), max_length=150, unique=True)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    next_attempt_at = models.DateTimeField(_("lần thử tới"), default=timezone.now)
    lease = models.UUIDField(_("lượt giữ để gửi"), null=True)
    leased_until = models.DateTimeField(_("giữ đến"), null=True)
    last_error = models.CharField(_("lỗi gần nhất"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    sent_at = models.DateTimeField(_("gửi lúc"), null=True)
    read_at = models.DateTimeField(_("đọc lúc"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="in_app", official__isnull=False)
                | ~Q(channel="in_app") & Q(official=None),
                name="message_has_one_recipient",
            ),
        ]
        indexes = [
            models.Index(fields=("next_attempt_at",), condition=Q(status="queued"), name="message_due"),
            models.Index(
                fields=("official", "-created_at"), condition=Q(channel="in_app"), name="message_inbox"
            ),
        ]

    def __str__(self):
        return f"{self.template} ({self.get_status_display()})"


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self):
        """Those whose owners opened the link sent to them: nobody else is written to."""
        return self.filter(confirmed_at__isnull=False)

    def of(self, kind: str, target: int):
        return self.filter(kind=kind, target=target)


class Subscription(models.Model):
    """Somebody wants to be told by e-mail about one thing of a kind, such as one published case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SlugField(_("loại"), max_length=30)
    target = models.BigIntegerField(_("mục"))
    path = models.CharField(_("trang"), max_length=200)
    email = EncryptedField(_("thư điện tử"))
    email_key = models.CharField(max_length=64, editable=False)  # a keyed hash: equal for equal addresses
    asked_at = models.DateTimeField(_("đăng ký lúc"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("đăng ký nhận tin")
        verbose_name_plural = _("đăng ký nhận tin")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(fields=("kind", "target", "email_key"), name="subscription_once"),
        ]
        indexes = [
            models.Index(fields=("asked_at",), condition=Q(confirmed_at=None), name="subscription_waiting")
        ]

    def __str__(self):
        return f"{self.kind} {self.target}"


class Heartbeat(models.Model):
    """When a part of the machinery last showed that it lives."""

    name = models.SlugField(primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("nhịp hoạt động")
        verbose_name_plural = _("nhịp hoạt động")

    def __str__(self):
        return self.name
