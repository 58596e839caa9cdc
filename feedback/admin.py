from django.contrib import admin

from feedback.models import Term
from parcai.lib.saving import SavedAmongOthers


@admin.register(Term)
class TermAdmin(SavedAmongOthers, admin.ModelAdmin):
    """Deadlines as data with a legal ground and a first day; cases already received keep theirs."""

    list_display = ("kind", "step", "working_days", "valid_from", "basis")
    list_filter = ("kind", "step")
