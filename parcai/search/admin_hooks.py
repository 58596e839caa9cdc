from typing import TYPE_CHECKING

from parcai.search import services

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _Admin
else:
    _Admin = object


class KeptFindable(_Admin):
    """For the admin of a kind that is public as soon as it is saved: the index follows in the same transaction."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        services.refresh(form.instance)

    def delete_model(self, request, obj):
        services.forget(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            services.forget(row)
        super().delete_queryset(request, queryset)
