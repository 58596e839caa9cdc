from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from parcai.lib.fields import EncryptedField, LineField


class SavedFilter(models.Model):
    """A choice of cases an official comes back to. The words looked for may be a person's name: they are kept encrypted."""

    MOST = 12  # of one official

    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("cán bộ")
    )
    name = LineField(_("tên bộ lọc"), max_length=60)
    query = EncryptedField(_("điều kiện"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("bộ lọc đã lưu")
        verbose_name_plural = _("bộ lọc đã lưu")
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint(fields=("official", "name"), name="filter_name_once")]

    def __str__(self):
        return self.name
