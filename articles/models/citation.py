"""Texts that cite documents: who looked at them after a document ended, and which were read for a new document."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.document import Document, Force
from articles.models.editing import AboutPiece


class CitationReview(AboutPiece):
    """Somebody looked: what an article or an answer says is still right although the document it cites has ended."""

    document = models.ForeignKey(
        Document, models.CASCADE, verbose_name=_("văn bản được dẫn"), related_name="+"
    )
    force = models.CharField(_("hiệu lực khi xem"), max_length=12, choices=Force)
    replacement = models.ForeignKey(
        Document, models.SET_NULL, verbose_name=_("văn bản thay thế"), related_name="+", null=True
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("người xem"), related_name="+"
    )
    at = models.DateTimeField(_("lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("lần xem lại lời dẫn")
        verbose_name_plural = _("các lần xem lại lời dẫn")
        constraints = [
            models.UniqueConstraint(
                fields=("content_type", "object_id", "document", "force"), name="citation_reviewed_once"
            )
        ]

    def __str__(self):
        return f"{self.document_id} {self.get_force_display()}"


class CitationScan(models.Model):
    """That the texts of one kind were searched for the number of a document since it was last approved."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="scans")
    texts = models.SlugField(max_length=20)
    done_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lần tìm lời dẫn")
        verbose_name_plural = _("các lần tìm lời dẫn")
        constraints = [
            models.UniqueConstraint(fields=("document", "texts"), name="citation_scan_once_a_document")
        ]

    def __str__(self):
        return f"{self.document_id} {self.texts}"
