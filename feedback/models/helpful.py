from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case
from parcai.lib.voting import OneVote


class HelpfulVote(OneVote):
    """That somebody found a public answer helpful: a keyed hash that leads back to nobody."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("lượt thấy hữu ích")
        verbose_name_plural = _("lượt thấy hữu ích")
        constraints = [models.UniqueConstraint(fields=("case", "key"), name="helpful_once_a_case")]

    def __str__(self):
        return str(self.case_id)
