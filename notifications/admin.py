from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from notifications import services
from notifications.models import Message

# What each template says, for those who watch the outbox; its words are in templates/messages/.
LABELS = {
    "account_changed": _("Tài khoản được thay đổi"),
    "answer_sent_back": _("Trả lời được trả lại để sửa"),
    "answer_waiting": _("Trả lời chờ thủ trưởng ký"),
    "article_approved": _("Bài đã được duyệt"),
    "article_comment": _("Trao đổi về một bài"),
    "article_emergency": _("Bài đăng khẩn cấp, chờ hậu kiểm"),
    "article_emergency_author": _("Bài của mình được đăng khẩn cấp"),
    "article_sent_back": _("Bài được trả lại để sửa"),
    "article_submitted": _("Bài chờ duyệt"),
    "article_withdrawn": _("Bài của mình được gỡ"),
    "case_answered": _("Hồ sơ đã có trả lời"),
    "case_added": _("Người gửi gửi thêm thông tin"),
    "case_assigned": _("Hồ sơ được giao cho cơ quan"),
    "case_at_intake": _("Hồ sơ chờ lâu ở bộ phận điều phối"),
    "case_consent_withdrawn": _("Người gửi rút đồng ý công khai"),
    "case_due_soon": _("Hồ sơ sắp đến hạn"),
    "case_due_today": _("Hồ sơ đến hạn hôm nay"),
    "case_delegation": _("Được ủy quyền ký thay"),
    "case_delegation_revoked": _("Ủy quyền ký thay kết thúc"),
    "case_duplicate": _("Hồ sơ trùng"),
    "case_duplicate_answered": _("Hồ sơ trùng đã có trả lời"),
    "case_duplicate_ended": _("Hồ sơ gốc kết thúc, mời gửi lại"),
    "case_extended": _("Hồ sơ được gia hạn"),
    "case_forwarded": _("Hồ sơ được chuyển nơi khác"),
    "case_interim": _("Trả lời tạm thời"),
    "case_interim_back": _("Trả lời tạm thời được trả lại để sửa"),
    "case_interim_waiting": _("Trả lời tạm thời chờ ký"),
    "case_mention": _("Được nhắc tên trong ghi chú"),
    "case_needs_info": _("Hồ sơ cần bổ sung"),
    "case_new": _("Hồ sơ mới"),
    "case_opinion_asked": _("Được xin ý kiến"),
    "case_opinion_due": _("Ý kiến sắp đến hạn"),
    "case_opinion_given": _("Cơ quan được hỏi đã cho ý kiến"),
    "case_overdue": _("Hồ sơ quá hạn"),
    "case_passed_on": _("Hồ sơ được chuyển người thụ lý"),
    "case_pin_asked": _("Liên kết lấy mã PIN mới"),
    "case_published": _("Trả lời được công khai"),
    "case_recalled": _("Hồ sơ được thu hồi để giao lại"),
    "case_received": _("Giấy biên nhận"),
    "case_recounted": _("Hạn trả lời được tính lại"),
    "case_rejected": _("Hồ sơ không được tiếp nhận"),
    "case_reopened": _("Hồ sơ được đề nghị xem lại"),
    "case_replied": _("Người gửi đã bổ sung"),
    "case_returned": _("Cơ quan trả lại hồ sơ"),
    "case_split": _("Hồ sơ được tách làm hai"),
    "case_taken_over": _("Hồ sơ được người khác nhận thụ lý"),
    "case_data_accepted": _("Nhận yêu cầu về dữ liệu cá nhân"),
    "case_data_asked": _("Có yêu cầu về dữ liệu cá nhân"),
    "case_data_done": _("Đã thực hiện yêu cầu về dữ liệu cá nhân"),
    "case_data_due": _("Yêu cầu về dữ liệu cá nhân sắp hết hạn"),
    "case_data_refused": _("Không thực hiện được yêu cầu về dữ liệu cá nhân"),
    "case_withdrawn": _("Người gửi rút hồ sơ"),
    "export_ready": _("Tệp xuất dữ liệu đã xong"),
    "follow_answered": _("Người theo dõi: có câu trả lời mới"),
    "follow_changed": _("Người theo dõi: nội dung được chỉnh sửa"),
    "follow_joined": _("Người theo dõi: gộp với mục cùng nội dung"),
    "follow_reopened": _("Người theo dõi: đang được xem lại"),
    "follow_withdrawn": _("Người theo dõi: không còn công khai"),
    "subscription_confirm": _("Xác nhận nhận tin qua thư"),
}


def label(template: str) -> str:
    return str(LABELS.get(template, template))


class TemplateFilter(admin.SimpleListFilter):
    title = _("nội dung thông báo")
    parameter_name = "template"

    def lookups(self, request, model_admin):
        used = Message.objects.order_by().values_list("template", flat=True).distinct()
        return sorted(((template, label(template)) for template in used), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(template=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """For watching and retrying; what a message says and to whom stays with the case."""

    list_display = ("created_at", "channel", "what", "status", "attempts", "last_error", "sent_at")
    list_filter = ("status", "channel", TemplateFilter)
    date_hierarchy = "created_at"
    fields = (
        "channel",
        "what",
        "status",
        "attempts",
        "next_attempt_at",
        "last_error",
        "created_at",
        "sent_at",
    )
    actions = ("retry",)

    @admin.display(description=_("nội dung thông báo"), ordering="template")
    def what(self, message):
        return label(message.template)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Gửi lại các thông báo không gửi được"), permissions=["view"])
    def retry(self, request, queryset):
        self.message_user(request, _("Sẽ gửi lại %d thông báo.") % services.retry(queryset), messages.SUCCESS)
