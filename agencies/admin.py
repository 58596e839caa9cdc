from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User, WorkCalendarDay


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level", "kind")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    autocomplete_fields = ("parent", "successors")
    fieldsets = (
        (None, {"fields": ("name", "code", "gso_code", "kind", "level", "subtype", "parent")}),
        (
            _("Thời gian hoạt động"),
            {
                "fields": (
                    ("valid_from", "valid_from_precision"),
                    ("valid_to", "valid_to_precision"),
                    "successors",
                )
            },
        ),
        (_("Liên hệ"), {"fields": ("address", "phone", "email")}),
        (_("Nguồn"), {"fields": ("note", "confidence", "source")}),
    )


class OfficialCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "full_name", "email")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = OfficialCreationForm
    list_display = ("username", "full_name", "title", "agency", "is_active")
    list_filter = ("is_active", "groups", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency",)
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    autocomplete_fields = ("agency",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Cán bộ"), {"fields": ("full_name", "title", "agency", "email")}),
        (_("Quyền"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Thời điểm"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "email", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request, obj=None):
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_superuser")  # nobody makes themselves more than they are


@admin.register(WorkCalendarDay)
class WorkCalendarDayAdmin(admin.ModelAdmin):
    list_display = ("on", "name", "is_working", "basis")
    list_filter = ("is_working",)
    date_hierarchy = "on"
    search_fields = ("name",)
