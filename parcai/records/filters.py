"""How a program chooses records: filters by name, each declared; a value that is none is refused, never passed over."""

import re
from datetime import date, datetime, timedelta

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from parcai.lib.listfilters import FIRST_YEAR, LAST_YEAR, midnight, related_to
from parcai.records.kinds import by_number
from plan.models import Campaign, Plan

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
CAMPAIGN = re.compile(r"(\d{4})-([1-9]\d{0,4})", re.ASCII)


class DayField(forms.CharField):
    """A day as ISO 8601 writes it."""

    default_error_messages = {"invalid": _("Viết ngày theo ISO 8601, ví dụ 2026-05-15.")}

    def to_python(self, value) -> date | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            found = parse_date(text) if DAY.fullmatch(text) else None
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class MomentField(DayField):
    """A moment as ISO 8601 writes it; a day alone means the whole of it, an hour without zone is that of Việt Nam."""

    default_error_messages = {
        "invalid": _(
            "Viết ngày hoặc thời điểm theo ISO 8601, ví dụ 2026-05-15 hoặc 2026-05-15T08:00:00+07:00."
        )
    }

    def to_python(self, value) -> date | None:
        text = forms.CharField.to_python(self, value)
        if not text or DAY.fullmatch(text):
            return super().to_python(text)
        try:
            found = parse_datetime(
                re.sub(r" (?=\d{2}:?\d{2}$)", "+", text)
            )  # "+" of an address is read as a blank
            if found and not FIRST_YEAR <= found.year <= LAST_YEAR:
                found = None
            if found and timezone.is_naive(found):
                found = timezone.make_aware(found)
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class NumberField(forms.CharField):
    """An id that is a number of the database."""

    default_error_messages = {"invalid": _("Viết mã là một số.")}

    def to_python(self, value) -> int | None:
        text = super().to_python(value)
        found = by_number(text) if text else None
        if text and found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found["pk"] if found else None


class YesNoField(forms.CharField):
    """true or false, as JSON writes them."""

    default_error_messages = {"invalid": _("Viết true hoặc false.")}

    def to_python(self, value) -> bool | None:
        text = super().to_python(value)
        if text not in {"", "true", "false"}:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text == "true" if text else None


class AgencyField(forms.CharField):
    """An agency by its id."""

    default_error_messages = {"invalid_choice": _("Không có cơ quan nào mang mã này.")}

    def to_python(self, value) -> Agency | None:
        text = super().to_python(value)
        found = Agency.objects.filter(code=text).first() if text and "\x00" not in text else None
        if text and found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class CampaignField(forms.CharField):
    """An item of a plan by its id: year and number, such as 2023-1."""

    default_error_messages = {"invalid_choice": _("Không có nội dung kế hoạch nào mang mã này.")}

    def to_python(self, value) -> Campaign | None:
        text = super().to_python(value)
        named = CAMPAIGN.fullmatch(text)
        found = (
            Campaign.objects.filter(plan__year=int(named[1]), number=int(named[2])).first() if named else None
        )
        if text and found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class PlanField(forms.CharField):
    """A plan by its id: the year."""

    default_error_messages = {"invalid_choice": _("Không có kế hoạch nào của năm này.")}

    def to_python(self, value) -> Plan | None:
        text = super().to_python(value)
        named = re.fullmatch(r"\d{4}", text, re.ASCII)
        found = Plan.objects.filter(year=int(text)).first() if named else None
        if text and found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class Said(django_filters.Filter):
    """A filter with words for those who read how to use it: what it chooses, and a value as an example."""

    def __init__(self, *args, says, example="", **kwargs):
        self.says, self.example = says, example
        super().__init__(*args, label=says, **kwargs)


class ChoiceFilter(Said, django_filters.ChoiceFilter):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("error_messages", {"invalid_choice": _("Giá trị này không có trong danh sách.")})
        super().__init__(*args, **kwargs)


class NumberFilter(Said):
    """By the id of another record that is a number."""

    field_class = NumberField


class BooleanFilter(Said):
    field_class = YesNoField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, example="true", **kwargs)


class AgencyFilter(Said):
    field_class = AgencyField

    def __init__(self, field_name="agency", **kwargs):
        kwargs.setdefault("says", _("Chỉ những mục của cơ quan này: mã của cơ quan."))
        super().__init__(field_name=field_name, example="PY-SNV", **kwargs)


class CampaignFilter(Said):
    """By one item of a plan; rows that belong to many are asked by `related_to`."""

    field_class = CampaignField

    def __init__(self, field_name="campaigns", **kwargs):
        says = _("Chỉ những mục thuộc nội dung kế hoạch này: mã gồm năm và số thứ tự.")
        super().__init__(field_name=field_name, says=says, example="2023-1", **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        if qs.model._meta.get_field(self.field_name).many_to_many:
            return related_to(qs, self.field_name, [value])
        return qs.filter(**{self.field_name: value})


class PlanFilter(Said):
    field_class = PlanField

    def __init__(self, field_name="plan", **kwargs):
        says = _("Chỉ những mục của kế hoạch này: năm của kế hoạch.")
        super().__init__(field_name=field_name, says=says, example="2023", **kwargs)


def after_start(field_name: str, value: date) -> Q:
    """Moments from the beginning of a day, or from a moment on."""
    start = value if isinstance(value, datetime) else midnight(value)
    return Q(**{f"{field_name}__gte": start})


class SinceFilter(Said):
    """Rows whose moment is that or later; of several fields, any."""

    field_class = MomentField

    def __init__(self, *field_names, says, **kwargs):
        self.field_names = field_names
        super().__init__(field_name=field_names[0], says=says, example="2026-05-01", **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        found = Q()
        for name in self.field_names:
            found |= after_start(name, value)
        return qs.filter(found)


class UntilFilter(Said):
    """Rows whose moment is that or earlier; a day is meant to its end."""

    field_class = MomentField

    def __init__(self, field_name, *, says, **kwargs):
        super().__init__(field_name=field_name, says=says, example="2026-05-31", **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        if isinstance(value, datetime):
            return qs.filter(**{f"{self.field_name}__lte": value})
        return qs.filter(**{f"{self.field_name}__lt": midnight(value + timedelta(days=1))})


class FromDay(Said):
    """Rows whose day is that or later."""

    field_class = DayField

    def __init__(self, field_name, *, says, **kwargs):
        super().__init__(field_name=field_name, lookup_expr="gte", says=says, example="2026-05-01", **kwargs)


class ToDay(Said):
    field_class = DayField

    def __init__(self, field_name, *, says, **kwargs):
        super().__init__(field_name=field_name, lookup_expr="lte", says=says, example="2026-05-31", **kwargs)


class NoFilter(django_filters.FilterSet):
    """For short lists that are read whole."""
