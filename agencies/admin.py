from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from agencies import keys, services
from agencies.forms import (
    AgencyForm,
    ApiKeyForm,
    LeaderForm,
    LeaderFormSet,
    LeaderOfAgencyForm,
    NewPasswordForm,
    OfficialChangeForm,
    OfficialCreationForm,
    RenewalForm,
)
from agencies.models import Agency, ApiKey, Leader, User, WorkCalendarDay
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

    def get_queryset(self, request):
        """Accounts of people; what stands for another system in history is kept with its key."""
        return super().get_queryset(request).filter(is_machine=False)

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


@admin.register(ApiKey)
class ApiKeyAdmin(SavedAmongOthers, KeyedSearch, admin.ModelAdmin):
    """Keys of other systems. A secret is shown in the answer to the press that made it, and nowhere else."""

    form = ApiKeyForm
    change_form_template = "admin/agencies/apikey/change_form.html"
    list_display = ("name", "key_id", "rights", "scope", "valid_to", "last_used_at", "state")
    search_fields = ("name", "key_id")
    autocomplete_fields = ("agencies",)
    facts = ("key_id", "state", "made_by", "made_at", "last_used_at", "former_until", "revoked_at")
    fieldsets = (
        (None, {"fields": ("name",)}),
        (
            _("Được làm gì"),
            {
                "fields": ("may_create", "may_read", "may_answer", "agencies"),
                "description": _("Chỉ cấp quyền hệ thống ấy thật sự cần."),
            },
        ),
        (
            _("Giới hạn"),
            {"fields": (("valid_from", "valid_to"), "networks", "calls_a_minute")},
        ),
    )

    class Media:
        js = NAMED_SEARCH

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("agencies").select_related("made_by")

    def get_fieldsets(self, request, obj=None):
        about = ((_("Khóa"), {"fields": self.facts}),) if obj else ()
        return (*self.fieldsets, *about)

    def get_readonly_fields(self, request, obj=None):
        return (*self.facts, "name") if obj else ()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.revoked_at is None)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("được làm"))
    def rights(self, key):
        names = ("may_create", "may_read", "may_answer")
        return ", ".join(
            str(ApiKey._meta.get_field(name).verbose_name) for name in names if getattr(key, name)
        )

    @admin.display(description=_("cơ quan"))
    def scope(self, key):
        names = [each.name for each in key.agencies.all()]
        return ", ".join(names[:3]) + (f" (+{len(names) - 3})" if len(names) > 3 else "") if names else "–"

    @admin.display(description=_("tình trạng"))
    def state(self, key):
        if key.revoked_at:
            return _("đã thu hồi")
        if not key.is_live:
            return _("ngoài thời gian dùng")
        return _("đang dùng hai bí mật") if key.is_rotating else _("đang dùng")

    def save_model(self, request, key, form, change):
        if change:
            super().save_model(request, key, form, change)
        else:
            keys.make(key, by=request.user)

    def add_view(self, request, form_url="", extra_context=None):
        """One way to save: whichever is pressed, the secret is what comes next."""
        one_way = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **one_way})

    def response_add(self, request, obj, post_url_continue=None):
        return self._show_secret(request, obj, obj.secret)

    def _show_secret(self, request, key, secret):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bí mật của khóa – chỉ hiện một lần"),
            "opts": self.opts,
            "key": key,
            "secret": secret,
        }
        response = render(request, "admin/agencies/apikey/secret.html", context)
        response["Cache-Control"] = "no-store, private"
        return response

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/doi-bi-mat/", guard(self.renew_view), name="agencies_apikey_renew"),
            path("<int:pk>/ngung-bi-mat-cu/", guard(self.end_former_view), name="agencies_apikey_end_former"),
            path("<int:pk>/thu-hoi/", guard(self.revoke_view), name="agencies_apikey_revoke"),
            *super().get_urls(),
        ]

    def renew_view(self, request, pk):
        key = self._key(request, pk)
        form = RenewalForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            overlap = form.cleaned_data["overlap"]
            with transaction.atomic():
                try:
                    secret = keys.renew(key, overlap=overlap)
                except keys.KeyStepError as error:
                    return self._back(request, key, str(error), messages.ERROR)
                words = _("Đổi bí mật; bí mật cũ dùng được thêm %d ngày.") % overlap
                self.log_change(request, key, str(words))
            return self._show_secret(request, key, secret)
        words = _("Hệ thống kia phải thay bí mật mới trước khi bí mật cũ hết hạn.")
        return self._ask(request, key, _("Đổi bí mật"), words, form)

    def end_former_view(self, request, pk):
        key = self._key(request, pk)
        if request.method == "POST":
            with transaction.atomic():
                keys.end_former(key)
                self.log_change(request, key, str(_("Ngừng bí mật cũ.")))
            return self._back(request, key, _("Bí mật cũ không dùng được nữa."))
        words = _("Từ lúc bấm, lời gọi ký bằng bí mật cũ bị từ chối.")
        return self._ask(request, key, _("Ngừng bí mật cũ"), words)

    def revoke_view(self, request, pk):
        key = self._key(request, pk)
        if request.method == "POST":
            with transaction.atomic():
                try:
                    keys.revoke(key)
                except keys.KeyStepError as error:
                    return self._back(request, key, str(error), messages.ERROR)
                self.log_change(request, key, str(_("Thu hồi khóa.")))
            return self._back(request, key, _("Đã thu hồi khóa."))
        words = _("Hệ thống này không gọi được nữa, ngay từ lúc bấm. Khóa đã thu hồi không dùng lại được.")
        return self._ask(request, key, _("Thu hồi khóa"), words, is_final=True)

    def _key(self, request, pk):
        key = self.get_queryset(request).filter(pk=pk).first()
        if key is None or not self.has_change_permission(request, key):
            raise Http404
        return key

    def _ask(self, request, key, title, words, form=None, *, is_final=False):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "key": key,
            "words": words,
            "form": form,
            "is_final": is_final,
        }
        return render(request, "admin/agencies/apikey/ask.html", context)

    def _back(self, request, key, words, level=messages.SUCCESS):
        self.message_user(request, words, level)
        return redirect(reverse("admin:agencies_apikey_change", args=[key.pk]))
