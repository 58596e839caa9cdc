from typing import TYPE_CHECKING

from ckeditor.widgets import CKEditorWidget
from csp.constants import UNSAFE_INLINE
from django import forms
from django.conf import settings
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin as _Admin
else:
    _Admin = object  # the admin itself cannot be imported while models load

# The editor writes style attributes and one event handler of its own; only the pages that show it allow them.
EDITOR_POLICY = {"script-src-attr": [UNSAFE_INLINE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"]}


# Gives the admin's boxes with a search the name of their field; after the scripts they are made of.
NAMED_SEARCH = ("admin/js/jquery.init.js", "js/search_select.js")


class DayAndHour(AdminSplitDateTime):
    """The admin's two boxes for a moment, each with a name a screen reader can say."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], (_("Ngày"), _("Giờ")), strict=True):
            part["attrs"]["aria-label"] = label
        return context


class CheckGrid(forms.CheckboxSelectMultiple):
    """Check boxes in as many columns as fit, for a handful of choices with long names."""

    template_name = "admin/widgets/check_grid.html"


class EditorWidget(CKEditorWidget):
    """The rich-text editor with the portal's own additions, which must come after the editor itself."""

    @property
    def media(self):
        base = super().media
        return forms.Media(css=base._css, js=[*base._js, "js/editor.js"])  # one list keeps its order


class SearchSelect(forms.Select):
    """A long list one can type into, with or without accents; without JavaScript an ordinary list."""

    def __init__(self, attrs=None, choices=()):
        super().__init__({"data-search-select": "", **(attrs or {})}, choices)

    @property
    def media(self):
        size = "" if settings.DEBUG else ".min"  # the very files the admin loads for its own lists
        return forms.Media(
            css={"screen": [f"admin/css/vendor/select2/select2{size}.css", "admin/css/autocomplete.css"]},
            js=[
                f"admin/js/vendor/jquery/jquery{size}.js",
                f"admin/js/vendor/select2/select2.full{size}.js",
                "admin/js/vendor/select2/i18n/vi.js",
                "admin/js/jquery.init.js",
                "js/search_select.js",
            ],
        )


class _KnownKeys(AutocompleteMixin, forms.Select):
    """Django draws a refused form anew by asking the database for what was chosen; what is no key cannot be asked for."""

    def optgroups(self, name, value, attrs=None):
        key = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [each for each in value if is_key(key, each)], attrs)


def is_key(field, value) -> bool:
    """Whether a row could have the value as its key."""
    try:
        field.to_python(value)
    except ValidationError:
        return False
    return True


class _SearchOne(_KnownKeys, AutocompleteSelect):
    pass


class _SearchMany(_KnownKeys, AutocompleteSelectMultiple):
    pass


class KeyedSearch(_Admin):
    """For a ModelAdmin with `autocomplete_fields`: nonsense sent in one of them is refused in words."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", _SearchOne(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", _SearchMany(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
