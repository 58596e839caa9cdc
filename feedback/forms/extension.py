from django import forms
from django.utils.translation import gettext_lazy as _

from feedback import services
from feedback.services.steps import day_text
from parcai.lib.forms import BlockInput, LineInput


class ExtensionForm(forms.Form):
    """A later day for the answer, signed by the head."""

    due_on = forms.DateField(
        label=_("Hạn trả lời mới"),
        widget=forms.DateInput(format="%d/%m/%Y"),
        error_messages={"required": _("Viết hạn mới."), "invalid": _("Viết ngày như 15/5/2026.")},
    )
    ground = LineInput(
        label=_("Căn cứ"),
        max_length=300,
        help_text=_("Văn bản, điều khoản cho phép gia hạn. Người gửi đọc được."),
        error_messages={"required": _("Ghi căn cứ gia hạn.")},
    )
    note = BlockInput(
        label=_("Lý do"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Người gửi đọc đúng những lời này."),
        error_messages={"required": _("Ghi lý do gia hạn.")},
    )

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = _("Sau ngày %(due)s, không quá ngày %(last)s.") % {
            "due": day_text(case.due_on),
            "last": day_text(services.latest_extension(case)),
        }
