from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case


class Reminder(models.Model):
    """A rung of the ladder of reminders that is done with for one due day: told, or passed over because a higher one
    was due already when the worker came back. One row a rung, so that two workers tell once."""

    class Rung(models.TextChoices):
        SOON = "soon", _("Còn hai ngày làm việc")
        TODAY = "today", _("Hết hạn hôm nay")
        OVERDUE = "overdue", _("Quá hạn")
        SCREEN = "screen", _("Chậm vào sổ")
        TRANSFER = "transfer", _("Chậm chuyển cơ quan")

    case = models.ForeignKey(Case, models.CASCADE, related_name="reminders")
    due_on = models.DateField(_("hạn"))
    rung = models.CharField(_("bậc nhắc"), max_length=10, choices=Rung)
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    is_told = models.BooleanField(_("đã nhắc"), default=True)

    class Meta:
        verbose_name = _("lần nhắc hạn")
        verbose_name_plural = _("lần nhắc hạn")
        ordering = ("at",)
        constraints = [
            models.UniqueConstraint(fields=("case", "due_on", "rung"), name="reminder_each_rung_once")
        ]

    def __str__(self):
        return f"{self.case_id} {self.get_rung_display()}"


class CountedDay(models.Model):
    """A special day as deadlines of open cases were last counted by; what differs from the calendar is yet to be counted."""

    on = models.DateField(_("ngày"), primary_key=True)
    is_working = models.BooleanField(_("là ngày làm việc"))
    name = models.CharField(_("tên ngày"), max_length=120)

    class Meta:
        verbose_name = _("ngày đã tính vào hạn")
        verbose_name_plural = _("ngày đã tính vào hạn")
        ordering = ("on",)

    def __str__(self):
        return f"{self.on:%d/%m/%Y}"
