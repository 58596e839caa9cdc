"""Frozen versions of data sets: what a year looked like, as a file that is named by its checksum."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class FrozenVersion(models.Model):
    """One data set of one year. What was withdrawn since is taken out (docs/decisions/0010-frozen-data.md)."""

    kind = models.CharField(_("bộ dữ liệu"), max_length=40)
    year = models.PositiveSmallIntegerField(_("năm"))
    frozen_at = models.DateTimeField(_("đóng băng lúc"))
    read_at = models.DateTimeField(_("đọc lúc"))  # what changed later is not in the file
    stored_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(_("dung lượng"))
    sha256 = models.CharField(_("mã kiểm tra"), max_length=64)
    rows = models.PositiveIntegerField(_("số dòng"))
    held = models.JSONField()  # ids of its rows, and by kind the ids of the records they name
    changes = models.JSONField(
        default=list
    )  # each time it was written again: when, why, and the checksum before

    class Meta:
        verbose_name = _("bản đóng băng")
        verbose_name_plural = _("bản đóng băng")
        ordering = ("kind", "-year")
        constraints = [models.UniqueConstraint(fields=("kind", "year"), name="frozen_once_a_year")]

    def __str__(self):
        return self.download_name

    def get_absolute_url(self):
        return reverse("open-data-frozen", args=[self.kind, self.download_name])

    @property
    def download_name(self) -> str:
        return f"{self.kind}-{self.year}.zip"
