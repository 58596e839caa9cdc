from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.base import PieceAdmin, PieceForm
from articles.filters import QueueFilter
from articles.models import Page


class PageForm(PieceForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].widget = forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false"})
            if self.instance.pk is None and self.autosaved is None:
                self.initial["slug"] = ""  # the official chooses; only copies begin with a name of their own


@admin.register(Page)
class PageAdmin(PieceAdmin):
    form = PageForm
    list_display = ("title", "address_shown", "state", "author")
    list_filter = (QueueFilter, "status")
    search_fields = ("title", "summary", "slug")
    content = ("title", "slug", "summary", "body")
    shown = ("title", "address_shown", "summary", "body_shown")

    def _has_its_address(self, page) -> bool:
        """Whether the address is settled: that of what was public, and of a change of it."""
        return page is not None and (page.was_public or page.amends_id is not None)

    def parts(self, piece, *, locked):
        if locked or not self._has_its_address(piece):
            return super().parts(piece, locked=locked)
        return [(None, tuple("address_shown" if name == "slug" else name for name in self.content))]

    def always_shown(self):
        return ("address_shown",)

    def _text_changed(self, form):
        return super()._text_changed(form) or "slug" in form.changed_data

    @admin.display(description=_("địa chỉ"), ordering="slug")
    def address_shown(self, page):
        if page is None or page.pk is None:
            return ""
        return (page.amends or page).get_absolute_url()
