from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from notifications import services
from notifications.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """For watching and retrying; what a message says and to whom stays with the case."""

    list_display = ("created_at", "channel", "template", "status", "attempts", "last_error", "sent_at")
    list_filter = ("status", "channel", "template")
    date_hierarchy = "created_at"
    fields = (
        "channel",
        "template",
        "status",
        "attempts",
        "next_attempt_at",
        "last_error",
        "created_at",
        "sent_at",
    )
    actions = ("retry",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Gửi lại các thông báo không gửi được"), permissions=["view"])
    def retry(self, request, queryset):
        self.message_user(request, _("Sẽ gửi lại %d thông báo.") % services.retry(queryset), messages.SUCCESS)
