"""What a visitor may choose on pages that join several apps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from parcai import findable
from parcai.lib.forms import LineInput
from parcai.lib.listfilters import FIRST_YEAR, LAST_YEAR
from parcai.search.query import LONGEST
from plan.models import Campaign


class SearchForm(forms.Form):
    q = LineInput(label=_("Từ cần tìm"), required=False, strip=False)
    loai = forms.ChoiceField(
        required=False,
        choices=[("", _("Tất cả")), *((kind.slug, kind.many) for kind in findable.TABS.values())],
    )
    co_quan = forms.ModelChoiceField(
        label=_("Cơ quan"),
        queryset=Agency.objects.order_by("name"),
        required=False,
        empty_label=_("Tất cả"),
        to_field_name="code",
    )
    noi_dung = forms.ModelChoiceField(
        label=_("Nội dung kế hoạch"),
        queryset=Campaign.objects.select_related("plan").order_by("-plan__year", "number"),
        required=False,
        empty_label=_("Tất cả"),
    )
    tu_ngay = forms.DateField(
        label=_("Từ ngày"),
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y"),
        error_messages={"invalid": _("Viết ngày như 15/5/2026.")},
    )
    den_ngay = forms.DateField(
        label=_("Đến ngày"),
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y"),
        error_messages={"invalid": _("Viết ngày như 15/5/2026.")},
    )
    sap_xep = forms.ChoiceField(
        label=_("Sắp xếp"),
        required=False,
        choices=[("", _("Sát với từ tìm nhất")), ("moi", _("Mới nhất trước"))],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.hide_optional = True

    def clean_q(self) -> str:
        return self.cleaned_data["q"][:LONGEST]

    def clean(self):
        found = super().clean()
        first, last = found.get("tu_ngay"), found.get("den_ngay")
        for name, day in (("tu_ngay", first), ("den_ngay", last)):
            if day and not FIRST_YEAR <= day.year < LAST_YEAR:
                self.add_error(name, _("Năm này ngoài khoảng tìm được."))
        if first and last and first > last and not self.errors:
            self.add_error("den_ngay", _("Ngày cuối phải từ ngày đầu trở đi."))
        return found
