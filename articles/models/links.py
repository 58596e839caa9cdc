"""What the nightly look at the portal's links remembers: which page when, which outside address, what is broken."""

from datetime import datetime, time

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parcai.lib.fields import LineField

LONGEST_PATH, LONGEST_ADDRESS, LONGEST_WORDS = 300, 1000, 200
NIGHTS_TO_TELL = 2  # another site may be away for an hour


def midnight() -> datetime:
    """When the present day of the portal began: what was looked at since then is not looked at again."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


class ListedPageQuerySet(models.QuerySet):
    def next_to_check(self, count: int) -> list[str]:
        """Paths not looked at today: those with something broken, then new and changed ones, then the longest unseen."""
        waiting = self.filter(Q(checked_at=None) | Q(checked_at__lt=midnight()))
        broken = LinkFault.objects.filter(fixed_at=None).order_by().values("page")
        changed = Q(checked_at=None) | Q(changed_at__gt=models.F("checked_at"))
        # What stays broken for long takes at most half of the places, so that the round goes on.
        rows = (
            waiting.filter(path__in=broken).order_by("checked_at", "pk")[: max(1, count // 2)],
            waiting.filter(changed).order_by(models.F("changed_at").desc(nulls_first=True), "-pk")[:count],
            waiting.order_by(models.F("checked_at").asc(nulls_first=True), "pk")[:count],
        )
        found: dict[str, None] = {}
        for each in rows:
            if len(found) < count:
                found |= dict.fromkeys(each.values_list("path", flat=True))
        return list(found)[:count]

    def checked_today(self) -> int:
        return self.filter(checked_at__gte=midnight()).count()


class ListedPage(models.Model):
    """A page of the portal's own map and when its links were last looked at."""

    path = models.CharField(_("trang"), max_length=LONGEST_PATH, unique=True)
    changed_at = models.DateTimeField(_("sửa lúc"), null=True)
    listed_at = models.DateTimeField(_("có trong bản đồ lúc"))
    checked_at = models.DateTimeField(_("kiểm lúc"), null=True, db_index=True)

    objects = ListedPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("trang được kiểm liên kết")
        verbose_name_plural = _("trang được kiểm liên kết")

    def __str__(self):
        return self.path


class OutsideAddress(models.Model):
    """What another site answered last, so that it is asked once a night however many pages link to it."""

    address = models.CharField(_("địa chỉ"), max_length=LONGEST_ADDRESS, unique=True)
    checked_at = models.DateTimeField(_("kiểm lúc"), db_index=True)
    status = models.PositiveSmallIntegerField(_("mã trả lời"), null=True)
    reason = LineField(_("lý do"), max_length=200, blank=True)
    failed_nights = models.PositiveSmallIntegerField(_("số đêm hỏng liên tiếp"), default=0)

    class Meta:
        verbose_name = _("địa chỉ ngoài")
        verbose_name_plural = _("địa chỉ ngoài")

    def __str__(self):
        return self.address


class LinkFaultQuerySet(models.QuerySet):
    def reported(self):
        """Rows people are shown: an outside address only once it failed on enough nights in a row."""
        return self.filter(~Q(kind=LinkFault.Kind.OUTSIDE) | Q(nights__gte=NIGHTS_TO_TELL))

    def waiting(self):
        """What somebody should mend."""
        return self.reported().filter(fixed_at=None, is_note=False)


class LinkFault(models.Model):
    """A link or picture of one page that does not lead where it says."""

    class Kind(models.TextChoices):
        OWN = "own", _("Trang của cổng")
        OUTSIDE = "outside", _("Trang ngoài")

    page = models.CharField(_("ở trang"), max_length=LONGEST_PATH)
    address = models.CharField(_("dẫn tới"), max_length=LONGEST_ADDRESS, db_index=True)
    words = LineField(_("chữ của liên kết"), max_length=LONGEST_WORDS, blank=True)
    kind = models.CharField(_("dẫn tới đâu"), max_length=10, choices=Kind)
    status = models.PositiveSmallIntegerField(_("mã trả lời"), null=True)
    reason = LineField(_("hỏng thế nào"), max_length=200)
    is_note = models.BooleanField(_("chỉ để biết"), default=False)
    nights = models.PositiveSmallIntegerField(_("số đêm liên tiếp"), default=1)
    first_seen_at = models.DateTimeField(_("thấy lần đầu"))
    last_seen_at = models.DateTimeField(_("thấy lần cuối"))
    fixed_at = models.DateTimeField(_("đã hết lỗi"), null=True, db_index=True)

    objects = LinkFaultQuerySet.as_manager()

    class Meta:
        verbose_name = _("liên kết hỏng")
        verbose_name_plural = _("liên kết hỏng")
        ordering = ("-last_seen_at", "page", "address")
        constraints = [
            models.UniqueConstraint(fields=("page", "address"), name="link_fault_once_a_page_and_address")
        ]

    def __str__(self):
        return f"{self.page} → {self.address}"
