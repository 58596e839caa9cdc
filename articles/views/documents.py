from django.conf import settings
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.filters import DocumentFilter
from articles.models import Article, Document
from articles.views.lists import NewestList
from articles.views.pieces import PieceDetail

CITING = 10  # articles named on the page of a document they cite


class DocumentList(NewestList):
    filterset_class = DocumentFilter
    template_name = "articles/document_list.html"
    title = _("Văn bản")
    paginate_by = 20
    search_names = ("q", "tu_ngay", "den_ngay", "sap_xep")

    def get_queryset(self):
        return Document.objects.published().for_cards().prefetch_related("files")

    def get_paginator(self, queryset, per_page, **kwargs):
        """Newest first by marks; another order, asked for by name, by Django's own pages."""
        if self.chosen().get("sap_xep") in (None, "dang"):
            return super().get_paginator(queryset, per_page, **kwargs)
        return Paginator(queryset, per_page, **kwargs)

    def chips(self):
        return [chip for chip in super().chips() if chip["label"] != str(_("Sắp xếp"))]

    def heading(self):
        chosen = self.chosen()
        if set(chosen) == {"loai"}:
            return str(chosen["loai"])
        if set(chosen) == {"co_quan"}:
            return str(_("Văn bản của %s")) % self.words("co_quan", chosen["co_quan"])
        return super().heading()


class DocumentDetail(PieceDetail):
    context_object_name = "document"
    list_name = "articles:document-list"
    list_title = _("văn bản")

    def get_queryset(self):
        """Made anew for each visit: whether a document is in force depends on the day and the hour."""
        return Document.objects.with_force().select_related("agency", "kind").prefetch_related("files")

    def get_context_data(self, **kwargs):
        document, today = self.object, timezone.localdate()
        replacements = list(document.public_replacements())
        return super().get_context_data(
            replacements=replacements,
            in_its_place=[row for row in replacements if row.effective_on and row.effective_on <= today],
            replaced=list(document.replaces.readable().with_force().order_by("pk")),
            campaigns=list(document.campaigns.select_related("plan")),
            citing=list(Article.objects.published().filter(documents=document).for_cards()[:CITING]),
            canonical=settings.SITE_URL + document.get_absolute_url(),
            **kwargs,
        )
