from django.contrib import admin

from parcai.lib.saving import SavedAmongOthers
from parcai.lib.widgets import NAMED_SEARCH, KeyedSearch
from parcai.search.admin_hooks import KeptFindable
from plan.models import Campaign, Plan


@admin.register(Plan)
class PlanAdmin(SavedAmongOthers, admin.ModelAdmin):
    list_display = ("number", "year", "issued_on", "issuer")
    search_fields = ("number", "title")


@admin.register(Campaign)
class CampaignAdmin(KeptFindable, SavedAmongOthers, KeyedSearch, admin.ModelAdmin):
    list_display = ("number", "short_title", "plan", "owner")
    list_filter = ("plan",)
    list_select_related = ("plan", "owner")
    search_fields = ("short_title", "summary")
    autocomplete_fields = ("owner",)

    class Media:
        js = NAMED_SEARCH
