from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import ExportJob
from parcai.lib.forms import LineInput


class ExportForm(forms.Form):
    """Which list, as what, and with or without who asked."""

    hang = forms.ChoiceField(
        label=_("Hàng việc"), error_messages={"invalid_choice": _("Chọn một hàng việc có trong danh sách.")}
    )
    ending = forms.ChoiceField(
        label=_("Loại tệp"),
        choices=ExportJob.Ending,
        initial=ExportJob.Ending.XLSX,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Chọn CSV hoặc Excel.")},
    )
    is_unmasked = forms.BooleanField(
        label=_("Kèm nội dung và thông tin người gửi"),
        required=False,
        help_text=_("Chỉ chọn khi thật cần; lý do được ghi vào nhật ký xuất dữ liệu."),
    )
    reason = LineInput(
        label=_("Lý do cần thông tin người gửi"),
        required=False,
        max_length=300,
        error_messages={"max_length": _("Viết ngắn hơn: nhiều nhất %(limit_value)d chữ.")},
    )

    def __init__(self, *args, queues, may_unmask: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hang"].choices = queues
        if not may_unmask:
            del self.fields["is_unmasked"]
            del self.fields["reason"]

    def clean(self):
        data = super().clean()
        if data.get("is_unmasked") and not data.get("reason"):
            self.add_error("reason", _("Ghi lý do cần thông tin người gửi."))
        return data
