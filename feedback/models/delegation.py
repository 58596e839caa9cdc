from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from parcai.lib.fields import LineField


class DelegationQuerySet(models.QuerySet):
    def in_force(self):
        """What holds today: begun, neither ended nor revoked, and both still officials of the agency."""
        today = timezone.localdate()
        return self.filter(
            revoked_at=None,
            valid_from__lte=today,
            valid_until__gte=today,
            head__is_active=True,
            head__agency=F("agency"),
            deputy__is_active=True,
            deputy__agency=F("agency"),
        )


class Delegation(models.Model):
    """The head lets a deputy of the agency sign in their stead (KT.) from one day to another."""

    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("cơ quan"), related_name="+")
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("thủ trưởng"),
        related_name="delegations_given",
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người ký thay"), related_name="delegations"
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến hết ngày"))
    ground = LineField(_("căn cứ"), max_length=300)
    made_at = models.DateTimeField(_("lập lúc"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người thu hồi"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("ủy quyền ký")
        verbose_name_plural = _("ủy quyền ký")
        ordering = ("-valid_from", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(head=F("deputy")), name="delegation_to_another"),
        ]

    def __str__(self):
        return f"{self.head} → {self.deputy}"

    @property
    def state(self) -> str:
        today = timezone.localdate()
        if self.revoked_at:
            return str(_("Đã thu hồi"))
        if self.valid_until < today:
            return str(_("Đã hết hạn"))
        return str(_("Đang hiệu lực") if self.valid_from <= today else _("Chưa đến ngày"))

    @property
    def may_end(self) -> bool:
        return self.revoked_at is None and self.valid_until >= timezone.localdate()
