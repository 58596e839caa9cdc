from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _


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
