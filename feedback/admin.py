from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from feedback import services
from feedback.models import (
    AnswerTemplate,
    Case,
    Delegation,
    ExportJob,
    OriginalView,
    OutsideBody,
    RefusalReason,
    RoutingRule,
    Term,
)
from parcai.lib.saving import SavedAmongOthers


@admin.register(Term)
class TermAdmin(SavedAmongOthers, admin.ModelAdmin):
    """Deadlines as data with a legal ground and a first day; cases already received keep theirs."""

    list_display = ("kind", "step", "working_days", "valid_from", "basis")
    list_filter = ("kind", "step")


class DryRunForm(forms.Form):
    so = forms.IntegerField(
        label=_("Số hồ sơ gần nhất"),
        min_value=1,
        max_value=services.DRY_RUN_MOST,
        initial=services.DRY_RUN_CASES,
        help_text=_("Nhiều nhất %d.") % services.DRY_RUN_MOST,
    )
    tat = forms.BooleanField(
        label=_("Tính cả quy tắc đang tắt hoặc ngoài thời hạn"), required=False, initial=False
    )


@admin.register(RefusalReason)
class RefusalReasonAdmin(SavedAmongOthers, admin.ModelAdmin):
    """One that was used is not deleted but switched off: cases go on naming it."""

    list_display = ("name", "kind", "basis", "order", "is_active")
    list_filter = ("is_active", "kind")
    search_fields = ("name", "words", "basis")
    fields = ("name", "words", "basis", "kind", "order", "is_active")


@admin.register(OutsideBody)
class OutsideBodyAdmin(SavedAmongOthers, admin.ModelAdmin):
    """What the asker of a forwarded case reads of the body is what stands here."""

    list_display = ("name", "phone", "website", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "note")
    fields = ("name", "address", "phone", "website", "note", "is_active")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "website":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(RoutingRule)
class RoutingRuleAdmin(SavedAmongOthers, admin.ModelAdmin):
    """Rules in the order they are tried, and a trial of all of them on past cases."""

    list_display = ("order", "name", "agency_today", "is_active", "valid_from", "valid_to")
    list_display_links = ("name",)
    list_filter = ("is_active", "sets_topic")
    search_fields = ("name", "words", "place", "agency__name")
    fieldsets = (
        (None, {"fields": ("order", "name", "is_active", ("valid_from", "valid_to"))}),
        (_("Khi hồ sơ"), {"fields": ("words", "place", "topic")}),
        (_("Thì"), {"fields": ("agency", "sets_topic")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("agency").prefetch_related("agency__successors")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "agency":  # those of today, and the one the rule already names
            named = request.resolver_match.kwargs.get("object_id") or ""
            kept = RoutingRule.objects.filter(pk=named) if named.isdecimal() and len(named) < 19 else ()
            rows = Agency.objects.answering() | Agency.objects.filter(
                pk__in=[each.agency_id for each in kept]
            )
            field.queryset = rows.distinct()
        return field

    @admin.display(description=_("giao cho"), ordering="agency__name")
    def agency_today(self, rule):
        heirs = services.heirs_of(rule.agency)
        if heirs == [rule.agency]:
            return rule.agency
        now = ", ".join(str(each) for each in heirs) or _("không có cơ quan kế thừa")
        return _("%(agency)s (nay: %(now)s)") % {"agency": rule.agency, "now": now}

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path("chay-thu/", guard(self.dry_run_view), name="feedback_routingrule_dry_run"),
            *super().get_urls(),
        ]

    def dry_run_view(self, request):
        """Where the rules would have sent the last cases; reads, and changes nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = DryRunForm(request.GET if "so" in request.GET else None)
        run = None
        if not form.is_bound:
            run = services.dry_run()
        elif form.is_valid():
            run = services.dry_run(many=form.cleaned_data["so"], with_inactive=form.cleaned_data["tat"])
        seen = set()
        if run:
            codes = [each["code"] for each in run.missed]
            visible = Case.objects.visible_to(request.user).filter(code__in=codes)
            seen = set(visible.values_list("code", flat=True))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Chạy thử quy tắc phân công"),
            "opts": self.opts,
            "form": form,
            "run": run,
            "missed": [each for each in run.missed if each["code"] in seen] if run else [],
        }
        return render(request, "admin/feedback/routingrule/dry_run.html", context)


@admin.register(ExportJob)
class ExportJobAdmin(admin.ModelAdmin):
    """The journal of exports: read by those who watch over the work, changed by nobody."""

    list_display = (
        "asked_at",
        "by",
        "agency",
        "queue",
        "count",
        "is_unmasked",
        "reason",
        "state",
        "fetched_at",
    )
    list_filter = ("is_unmasked", "state")
    date_hierarchy = "asked_at"
    list_select_related = ("by", "agency")
    fields = (*list_display, "ending", "ready_at", "expires_at", "sha256")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OriginalView)
class OriginalViewAdmin(admin.ModelAdmin):
    """The journal of looks at originals: read by those who watch over the work, changed by nobody."""

    list_display = ("at", "user", "case", "why")
    list_select_related = ("user", "case")
    search_fields = ("case__code", "user__full_name", "user__username")
    date_hierarchy = "at"
    list_display_links = None

    def get_queryset(self, request):
        """Code and names alone: the journal tells nothing of what the case says."""
        return (
            super().get_queryset(request).only("at", "why", "case__code", "user__full_name", "user__username")
        )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(SavedAmongOthers, admin.ModelAdmin):
    """Words to answer with, of one agency or of the whole province."""

    list_display = ("title", "agency", "kind", "topic", "is_active", "updated_at")
    list_filter = ("kind", "is_active", "topic")
    list_select_related = ("agency", "topic")
    search_fields = ("title", "body")


@admin.register(Delegation)
class DelegationAdmin(admin.ModelAdmin):
    """Who may sign for whom and until when; heads make and revoke them at the desk."""

    list_display = ("agency", "head", "deputy", "valid_from", "valid_until", "ground", "revoked_at")
    list_select_related = ("agency", "head", "deputy")
    date_hierarchy = "valid_from"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
