"""What the public lists of questions and of feedback results are narrowed by; every choice stands in the address."""

from collections.abc import Callable

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models import Topic
from feedback import alike
from feedback.models import Case
from parcai.lib.listfilters import FromDayFilter, ToDayFilter
from plan.models import Campaign

LONGEST = 200
DAY = {
    "widget": forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "15/5/2026", "inputmode": "numeric"}),
    "error_messages": {"invalid": _("Viết ngày như 15/5/2026.")},
}
CHOICE = {
    "empty_label": _("Tất cả"),
    "error_messages": {"invalid_choice": _("Chọn một mục trong danh sách.")},
}
ORDERS = {
    "moi": (_("Mới công khai"), ("-published_at", "-pk")),
    "huu-ich": (_("Nhiều người thấy hữu ích"), ("-helpful", "-pk")),
}


RELATED: dict[str, tuple[str, Callable]] = {
    "linh_vuc": ("topic", Topic.objects.order_by),
    "co_quan": ("agency", lambda: Agency.objects.order_by("name")),
    "noi_dung": (
        "campaign",
        lambda: Campaign.objects.select_related("plan").order_by("-plan__year", "number"),
    ),
}


class CaseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="saying",
        label=_("Từ cần tìm"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"max_length": _("Viết ngắn hơn 200 ký tự.")},
    )
    linh_vuc = django_filters.ModelChoiceFilter(
        field_name="topic",
        label=_("Lĩnh vực"),
        queryset=None,  # of the kind, below
        to_field_name="slug",
        **CHOICE,
    )
    co_quan = django_filters.ModelChoiceFilter(
        field_name="agency",
        label=_("Cơ quan trả lời"),
        queryset=None,  # of the kind, below
        **CHOICE,
    )
    noi_dung = django_filters.ModelChoiceFilter(
        field_name="campaign",
        label=_("Nội dung kế hoạch"),
        queryset=None,  # of the kind, below
        **CHOICE,
    )
    tu_ngay = FromDayFilter(field_name="published_at", label=_("Công khai từ ngày"), **DAY)
    den_ngay = ToDayFilter(field_name="published_at", label=_("đến ngày"), **DAY)
    sap_xep = django_filters.ChoiceFilter(
        method="in_order",
        label=_("Sắp xếp"),
        choices=[(name, words) for name, (words, _fields) in ORDERS.items()],
        empty_label=None,
        error_messages={"invalid_choice": _("Chọn một cách sắp xếp trong danh sách.")},
    )

    class Meta:
        model = Case
        fields = ()

    def __init__(self, *args, kind: str = "", **kwargs):
        self.kind = kind
        super().__init__(*args, **kwargs)
        public = Case.objects.published().filter(kind=kind).order_by()
        for name, (relation, rows) in RELATED.items():  # only what some public case of the kind belongs to
            belongs = Exists(public.filter(**{relation: OuterRef("pk")}))
            self.filters[name].queryset = rows().filter(belongs)
        for field in self.form.fields.values():
            field.hide_optional = True

    def filter_queryset(self, queryset):
        """An agency, field or campaign nobody knows has no answers; showing all of them would mislead."""
        if not RELATED.keys().isdisjoint(self.form.errors):
            return queryset.none()
        return super().filter_queryset(queryset)

    def saying(self, queryset, _name, value):
        """Through the portal's search: without accents, abbreviations and synonyms too. Agency and campaign narrow
        the search itself, so that its limit falls on what is asked for."""
        agency, campaign = (self.form.cleaned_data.get(name) for name in ("co_quan", "noi_dung"))
        keys = alike.saying(
            value,
            kind=self.kind,
            agency=agency.pk if agency else None,
            campaign=campaign.pk if campaign else None,
        )
        return queryset.filter(pk__in=keys)

    def in_order(self, queryset, _name, value):
        return queryset.order_by(*ORDERS[value][1]) if value in ORDERS else queryset
