from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from agencies import services
from agencies.forms import (
    AgencyForm,
    LeaderForm,
    LeaderFormSet,
    LeaderOfAgencyForm,
    NewPasswordForm,
    OfficialChangeForm,
    OfficialCreationForm,
)
from agencies.models import Agency, Leader, User, WorkCalendarDay
from parcai.lib.saving import SavedAmongOthers
from parcai.lib.widgets import NAMED_SEARCH, KeyedSearch
from parcai.search import services as search
from parcai.search.admin_hooks import KeptFindable

ABOUT_A_LEADER = (
    "full_name",
    "position",
    "is_head",
    "order",
    "field",
    ("phone", "email"),
    ("valid_from", "valid_to"),
    "source",
)


class LeaderInline(admin.StackedInline):
    model = Leader
    form = LeaderOfAgencyForm
    formset = LeaderFormSet
    fields = ABOUT_A_LEADER
    extra = 0
    verbose_name = _("lãnh đạo")
    verbose_name_plural = _("Lãnh đạo")


@admin.register(Agency)
class AgencyAdmin(KeptFindable, SavedAmongOthers, KeyedSearch, admin.ModelAdmin):
    form = AgencyForm
    inlines = (LeaderInline,)
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
        (
            _("Danh bạ"),
            {
                "fields": ("website", "duties", "reception", "order"),
                "description": _("Hiện ở trang danh bạ của cơ quan. Chỗ để trống hiện là “chưa công bố”."),
            },
        ),
        (_("Nguồn"), {"fields": ("note", "confidence", "source")}),
    )

    class Media:
        js = NAMED_SEARCH

    def view_on_site(self, agency):
        return agency.get_absolute_url()


class InOfficeFilter(admin.SimpleListFilter):
    title = _("thời gian giữ chức")
    parameter_name = "giu-chuc"

    def lookups(self, request, model_admin):
        return [("dang", _("đang hiện trên cổng")), ("khong", _("không hiện"))]

    def queryset(self, request, queryset):
        shown = Leader.objects.current().values("pk")
        if self.value() == "dang":
            return queryset.filter(pk__in=shown)
        if self.value() == "khong":
            return queryset.exclude(pk__in=shown)
        return queryset


@admin.register(Leader)
class LeaderAdmin(SavedAmongOthers, KeyedSearch, admin.ModelAdmin):
    form = LeaderForm
    list_display = ("full_name", "position", "agency", "is_head", "valid_to")
    list_filter = (InOfficeFilter, "is_head", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency",)
    search_fields = ("full_name", "position", "agency__name")
    autocomplete_fields = ("agency",)
    fields = ("agency", *ABOUT_A_LEADER)
    list_per_page = 50

    class Media:
        js = NAMED_SEARCH

    def save_model(self, request, leader, form, change):
        super().save_model(request, leader, form, change)
        before = form.initial.get("agency")
        for agency in Agency.objects.filter(pk__in={leader.agency_id, before} - {None}):
            search.refresh(agency)

    def delete_model(self, request, leader):
        super().delete_model(request, leader)
        search.refresh(leader.agency)

    def delete_queryset(self, request, queryset):
        agencies = list(Agency.objects.filter(leaders__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for agency in agencies:
            search.refresh(agency)


@admin.register(User)
class UserAdmin(SavedAmongOthers, KeyedSearch, DjangoUserAdmin):
    """Accounts of officials. Nobody raises themselves, and who has every right is changed only by their like."""

    add_form_template = None
    add_form = OfficialCreationForm
    form = OfficialChangeForm
    change_password_form = NewPasswordForm
    list_display = ("username", "full_name", "title", "agency", "is_active")
    list_filter = ("is_active", "groups", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency",)
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    autocomplete_fields = ("agency",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Cán bộ"), {"fields": ("full_name", "title", "agency", "email")}),
        (_("Quyền"), {"fields": ("is_active", "groups")}),
        (_("Thời điểm"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (_("Cán bộ"), {"fields": ("full_name", "title", "agency", "email")}),
        (_("Quyền"), {"fields": ("groups",)}),
        (_("Đăng nhập"), {"fields": ("username", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    class Media:
        js = NAMED_SEARCH

    their_own = ("agency", "is_active", "is_superuser", "groups")  # what nobody changes in their own account

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not request.user.is_superuser:
            return fieldsets
        return (
            *fieldsets[:-1],
            (_("Toàn quyền"), {"fields": ("is_superuser",)}),
            fieldsets[-1],
        )

    def get_readonly_fields(self, request, obj=None):
        if obj is not None and obj.pk == request.user.pk:
            return (*self.readonly_fields, *self.their_own)
        return self.readonly_fields

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_within_reach(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return (
            super().has_delete_permission(request, obj)
            and self._is_within_reach(request.user, obj)
            and obj != request.user
        )

    def _is_within_reach(self, user, obj) -> bool:
        return obj is None or user.is_superuser or not obj.is_superuser

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            services.end_sessions(obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        services.settle_entry(form.instance)
        if not change:
            return
        before = form.initial.get("email") or ""
        told = []
        if "groups" in form.changed_data:
            told.append(_("vai trò của bạn nay là: %s.") % self._names(form.cleaned_data["groups"]))
        if "email" in form.changed_data:
            told.append(_("địa chỉ thư điện tử nhận thông báo."))
        for what in told:
            self.admin_site.tell(form.instance, what, by=request.user, email=before)

    def construct_change_message(self, request, form, formsets, add=False):
        """The history of the admin says which roles came and went, not only that they changed."""
        message: list[dict] = super().construct_change_message(request, form, formsets, add)
        if "groups" in form.changed_data:
            before, after = (
                self._names(form.initial.get("groups") or ()),
                self._names(form.cleaned_data["groups"]),
            )
            if add:
                message.append({"added": {"name": "vai trò", "object": after}})
            else:
                message.append({"changed": {"fields": [f"vai trò: {before} → {after}"]}})
        return message

    def _names(self, groups) -> str:
        return ", ".join(sorted(group.name for group in groups)) or "–"

    def user_change_password(self, request, id, form_url=""):
        person = self.get_object(request, unquote(id))
        if person == request.user:
            return redirect("password_change")  # where the old password is asked for
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if person and not User.objects.filter(pk=person.pk, password=person.password).exists():
                self.admin_site.tell(person, _("mật khẩu được đặt lại."), by=request.user)
        return response


@admin.register(WorkCalendarDay)
class WorkCalendarDayAdmin(SavedAmongOthers, admin.ModelAdmin):
    list_display = ("on", "name", "is_working", "basis")
    list_filter = ("is_working",)
    date_hierarchy = "on"
    search_fields = ("name",)
