"""What is published: decided when it is asked, by state and clock, never by whether a worker ran in time."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parcai.lib.fields import BlockField


def readable_q(now: datetime | None = None, *, through: str = "") -> Q:
    """What the public may read at its address at `now` (aware); `through` names a relation that leads there."""
    prefix = f"{through}__" if through else ""
    return Q(
        **{
            f"{prefix}status": Publishable.Status.APPROVED,
            f"{prefix}publish_at__lte": now or timezone.now(),
        }
    )


class PublishableQuerySet(models.QuerySet):
    def readable(self, now: datetime | None = None):
        """Rows the public may read at their address at `now`: published ones and, marked, those whose time is over."""
        return self.filter(readable_q(now))

    def published(self, now: datetime | None = None):
        """Rows the public sees in lists at `now` (aware; default: this moment)."""
        now = now or timezone.now()
        return self.readable(now).filter(Q(unpublish_at=None) | Q(unpublish_at__gt=now))

    def scheduled(self):
        """Approved rows whose hour has not come yet."""
        return self.filter(status=Publishable.Status.APPROVED, publish_at__gt=timezone.now())

    def unannounced(self):
        """Rows that became public and whose follow-up work (messages, evidence) has not been done yet."""
        return self.readable().filter(announced_at=None)

    def stale(self):
        """What the public reads although the day came by which somebody should have looked at it again."""
        return self.published().filter(review_on__lte=timezone.localdate())

    def reviewable_by(self, official):
        """Rows in review that this official neither wrote nor edited."""
        return (
            self.filter(status=Publishable.Status.IN_REVIEW)
            .exclude(author=official)
            .exclude(editors=official)
        )

    def returned_to(self, official):
        """This official's drafts that came back with words of the reviewer."""
        return self.filter(author=official, status=Publishable.Status.DRAFT).exclude(review_note="")

    def awaiting_review(self):
        """Rows somebody published without a second pair of eyes, until one has looked."""
        return self.filter(bypassed_at__isnull=False, reviewed_at=None)


class Publishable(models.Model):
    """Draft, in review, approved (published from `publish_at`), withdrawn with a reason."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        IN_REVIEW = "in_review", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt")
        WITHDRAWN = "withdrawn", _("Đã gỡ")

    TRANSITIONS = {
        Status.DRAFT: {Status.IN_REVIEW, Status.APPROVED},
        Status.IN_REVIEW: {Status.DRAFT, Status.APPROVED},
        Status.APPROVED: {Status.WITHDRAWN, Status.DRAFT},
        Status.WITHDRAWN: {Status.DRAFT},
    }

    status = models.CharField(
        _("trạng thái"), max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người soạn"),
        related_name="+",
        editable=False,
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đã sửa từ lần duyệt trước"),
        related_name="+",
        editable=False,
    )
    edited_at = models.DateTimeField(_("sửa nội dung lúc"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("gửi duyệt lúc"), null=True, editable=False)
    review_note = BlockField(_("ý kiến của người duyệt"), blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người duyệt"),
        related_name="+",
        null=True,
        editable=False,
    )
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, editable=False)
    publish_at = models.DateTimeField(
        _("đăng lúc"), null=True, blank=True, help_text=_("Giờ Việt Nam. Để trống: đăng ngay khi được duyệt.")
    )
    unpublish_at = models.DateTimeField(
        _("hết hạn lúc"),
        null=True,
        blank=True,
        help_text=_("Sau giờ này bài chuyển vào lưu trữ, không bị xóa."),
    )
    review_on = models.DateField(
        _("xem lại vào ngày"),
        null=True,
        blank=True,
        help_text=_("Đến ngày này bài vào danh sách cần xem lại còn đúng không. Để trống: không nhắc."),
    )
    amends = models.ForeignKey(
        "self",
        models.CASCADE,
        verbose_name=_("là bản sửa của"),
        related_name="amendments",
        null=True,
        editable=False,
    )
    first_published_at = models.DateTimeField(_("đăng lần đầu lúc"), null=True, editable=False)
    bypassed_at = models.DateTimeField(_("đăng khẩn cấp lúc"), null=True, editable=False)
    bypassed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người đăng khẩn cấp"),
        related_name="+",
        null=True,
        editable=False,
    )
    bypass_reason = BlockField(_("lý do đăng khẩn cấp"), blank=True, editable=False)
    reviewed_at = models.DateTimeField(_("hậu kiểm lúc"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("gỡ lúc"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người gỡ"),
        related_name="+",
        null=True,
        editable=False,
    )
    withdrawn_reason = BlockField(_("lý do gỡ"), blank=True, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    updated_at = models.DateTimeField(_("sửa lúc"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar = PublishableQuerySet.as_manager()

    if TYPE_CHECKING:
        author_id: int
        bypassed_by_id: int | None
        amends_id: int | None

    WORD = _("bài")  # what officials call one of these
    READS_SINCE = (
        "publish_at",
        "first_published_at",
        "edited_at",
        "approved_at",
    )  # what `reads_since` asks of a row
    CONTENT: ClassVar[tuple[str, ...]] = ()  # fields and relations that make up what the reader gets

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(publish_at__isnull=False),
                name="%(app_label)s_%(class)s_approved_has_hour",
            ),
            models.CheckConstraint(
                condition=Q(unpublish_at=None)
                | Q(publish_at=None)
                | Q(unpublish_at__gt=models.F("publish_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
            # Four eyes, kept by the database itself; an emergency leaves its mark in bypassed_at.
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | ~Q(approved_by=models.F("author"))
                | Q(bypassed_at__isnull=False),
                name="%(app_label)s_%(class)s_four_eyes",
            ),
            models.UniqueConstraint(fields=("amends",), name="%(app_label)s_%(class)s_amended_once_a_time"),
            # A change of something published is merged into it when it is approved, and never public itself.
            models.CheckConstraint(
                condition=Q(amends=None) | Q(status__in=("draft", "in_review")),
                name="%(app_label)s_%(class)s_amendment_is_not_public",
            ),
        ]

    def can_become(self, status: str) -> bool:
        return status in self.TRANSITIONS.get(self.Status(self.status), ())

    @property
    def is_readable(self) -> bool:
        return (
            self.status == self.Status.APPROVED
            and self.publish_at is not None
            and self.publish_at <= timezone.now()
        )

    @property
    def is_published(self) -> bool:
        return self.is_readable and not self.is_over

    @property
    def is_archived(self) -> bool:
        """Still read at its address, marked as such, and in no list."""
        return self.is_readable and self.is_over

    @property
    def is_scheduled(self) -> bool:
        return (
            self.status == self.Status.APPROVED
            and self.publish_at is not None
            and self.publish_at > timezone.now()
        )

    @property
    def is_over(self) -> bool:
        return self.unpublish_at is not None and self.unpublish_at <= timezone.now()

    @property
    def was_public(self) -> bool:
        """Whether the public may have read it at any time, also when no worker was awake to note it."""
        return self.first_published_at is not None or self.is_readable

    @property
    def is_stale(self) -> bool:
        return self.is_published and self.review_on is not None and self.review_on <= timezone.localdate()

    @property
    def awaits_review(self) -> bool:
        return self.bypassed_at is not None and self.reviewed_at is None

    @property
    def revised_at(self) -> datetime | None:
        """When a text the public already knew was approved anew with changes."""
        first, edited = self.first_published_at, self.edited_at
        return self.approved_at if first and edited and edited > first else None

    @property
    def reads_since(self) -> datetime | None:
        """Since when the public reads what it reads now."""
        moments = [each for each in (self.publish_at, self.revised_at) if each]
        return max(moments, default=None)
