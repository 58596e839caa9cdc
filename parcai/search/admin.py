from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from parcai.lib.addresses import validate_own_path
from parcai.lib.saving import SavedAmongOthers
from parcai.search import asked, bets, synonyms
from parcai.search.models import AskedWords, BestBet, Synonym
from parcai.search.terms import words

MOST_FORMS = 12


def forms_of(text: str) -> list[str]:
    return [form for part in text.split(";") if (form := part.strip())]


class SynonymForm(forms.ModelForm):
    def clean_words(self):
        found = forms_of(self.cleaned_data["words"])
        if len({tuple(words(form)) for form in found}) < 2:
            raise ValidationError(_("Viết ít nhất hai cách khác nhau, cách nhau bằng dấu chấm phẩy."))
        if len(found) > MOST_FORMS:
            raise ValidationError(_("Nhiều nhất %d cách viết.") % MOST_FORMS)
        if wordless := [form for form in found if not words(form)]:
            raise ValidationError(_("“%s” không có chữ nào.") % wordless[0])
        return "; ".join(found)


class BestBetForm(forms.ModelForm):
    def clean_words(self):
        found = forms_of(self.cleaned_data["words"])
        if not any(words(form) for form in found):
            raise ValidationError(_("Viết ít nhất một từ mà người đọc hay tìm."))
        return "; ".join(found)

    def clean_path(self):
        validate_own_path(self.cleaned_data["path"])
        return self.cleaned_data["path"]


@admin.register(Synonym)
class SynonymAdmin(SavedAmongOthers, admin.ModelAdmin):
    form = SynonymForm
    list_display = ("words", "note")
    search_fields = ("words",)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        synonyms.forget()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        synonyms.forget()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        synonyms.forget()


@admin.register(BestBet)
class BestBetAdmin(SavedAmongOthers, admin.ModelAdmin):
    form = BestBetForm
    list_display = ("title", "words", "path", "place", "shown_until")
    search_fields = ("title", "words")
    fields = ("words", "title", "path", "text", "place", ("shown_from", "shown_until"))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        bets.forget()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        bets.forget()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        bets.forget()


class InVainFilter(admin.SimpleListFilter):
    title = _("kết cục")
    parameter_name = "ket-cuc"

    def lookups(self, request, model_admin):
        return [("trong", _("không có kết quả")), ("khong-bam", _("có kết quả, không ai bấm"))]

    def queryset(self, request, queryset):
        if self.value() == "trong":
            return queryset.filter(empty__gt=0).order_by("-month", "-empty")
        if self.value() == "khong-bam":
            return queryset.filter(clicked=0, empty__lt=F("asked"))
        return queryset


@admin.register(AskedWords)
class AskedWordsAdmin(SavedAmongOthers, admin.ModelAdmin):
    """What readers look for, read only; words asked once or twice stay unseen."""

    list_display = ("shown", "month", "asked", "empty", "clicked")
    list_display_links = None
    list_filter = (InVainFilter, "month")
    search_fields = ("shown",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(asked__gte=asked.SEEN_FROM)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
