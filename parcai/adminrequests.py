"""What every list and form of the admin has in common: it holds against addresses written by hand, and says what is wrong."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.db import models

from parcai.lib.lookups import is_beyond
from parcai.lib.widgets import EditorWidget, is_key

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _Admin
    from django.contrib.admin.views.main import ChangeList as _List
else:
    _Admin = _List = object

MOMENTS: dict[type[models.Field], type[forms.Field]] = {
    models.DateTimeField: forms.DateTimeField,
    models.DateField: forms.DateField,
    models.TimeField: forms.TimeField,
}


class _HeldList(_List):
    def get_queryset(self, request, exclude_parameters=None):
        """The rows; a question that cannot be put into SQL is refused here, where the list answers with all its rows."""
        found = super().get_queryset(request, exclude_parameters)
        try:
            _sql, values = found.query.get_compiler(found.db).as_sql()
            if any(is_beyond(each) for each in values):
                raise OverflowError
        except EmptyResultSet:
            pass
        except (OverflowError, TypeError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error
        return found

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error


def refusals(context: dict) -> list[dict]:
    """Why a form was not saved: what is wrong, the name of the field and where it stands on the page."""
    formsets = [each.formset for each in context.get("inline_admin_formsets", ())]
    inlines = [form for formset in formsets for form in formset.forms]
    found = [{"text": text} for formset in formsets for text in formset.non_form_errors()]
    for form in (context["adminform"].form, *inlines):
        found += [{"text": text} for text in form.non_field_errors()]
        found += [
            {"text": text, "label": field.label, "place": "" if field.is_hidden else _place(field)}
            for field in form
            for text in field.errors
        ]
    return found


def _place(field) -> str:
    if isinstance(field.field.widget, EditorWidget):
        return f"cke_{field.auto_id}"  # the editor stands in the place of its box
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label or field.auto_id


class Held(_Admin):
    """Mixed into every ModelAdmin by the site itself."""

    def render_change_form(self, request, context, *args, **kwargs):
        """A refused form says on top what is wrong and where, in the place of Django's one line."""
        if context.get("errors"):
            context |= {"errors": None, "refused": refusals(context)}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changelist(self, request, **kwargs):
        found = super().get_changelist(request, **kwargs)
        return type(found.__name__, (_HeldList, found), {})

    def get_changeform_initial_data(self, request):
        """What the address fills in beforehand, without what its field cannot hold."""
        given = super().get_changeform_initial_data(request)
        held = {}
        for name, value in given.items():
            try:
                held[name] = self._held(name, value)
            except ValidationError:
                continue
        return held

    def _held(self, name: str, value):
        try:
            field: Any = self.opts.get_field(name)
        except FieldDoesNotExist:
            return value
        if field.is_relation and not isinstance(value, models.Model):
            key = field.related_model._meta.pk
            if isinstance(value, list):
                return [each for each in value if is_key(key, each)]
            key.to_python(value)
            return value
        moment = MOMENTS.get(type(field))
        return moment(required=False).to_python(value) if moment and isinstance(value, str) else value
