"""Masking and publishing at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import Case, Redaction
from parcai.lib.forms import BlockInput, LineInput


class MaskForm(forms.Form):
    field = forms.ChoiceField(
        label=_("Ở phần"), choices=Redaction.Field.choices, initial=Redaction.Field.TEXT
    )
    words = BlockInput(
        label=_("Từ ngữ cần che"),
        help_text=_(
            "Chọn chữ ở bản gốc, hoặc chép lại đúng những chữ đó. Mọi chỗ có những chữ này đều được che."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
        error_messages={"required": _("Hãy chọn hoặc chép lại những từ cần che.")},
    )
    reason = forms.ChoiceField(label=_("Lý do"), choices=Redaction.Reason.choices)
    note = LineInput(label=_("Ghi thêm"), required=False, max_length=200)


class UnmaskForm(forms.Form):
    place = forms.CharField(widget=forms.HiddenInput, max_length=40)
    why = LineInput(
        label=_("Vì sao không cần che?"),
        max_length=200,
        error_messages={"required": _("Hãy ghi vì sao không cần che chỗ này.")},
    )


class PublishForm(forms.Form):
    title = LineInput(
        label=_("Tiêu đề công khai"),
        max_length=200,
        error_messages={"required": _("Hãy ghi tiêu đề công khai.")},
    )
    name = LineInput(label=_("Tên người gửi khi công khai"), required=False, max_length=150)

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        if not case.show_name:
            del self.fields["name"]
