from ckeditor.widgets import CKEditorWidget
from csp.constants import UNSAFE_INLINE
from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _

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
