import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.attachments import AttachmentsField
from feedback.models import DataRequest
from feedback.services import normal_code
from parcai.lib.forms import BlockInput, LineInput

CODE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}")
CODE_IN_TEXT = re.compile(r"\bPY\d{2}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4}\b")
PIN_IN_TEXT = re.compile(r"(?i)pin\D{0,5}(\d{6})\b")


class LookupForm(forms.Form):
    code = LineInput(
        label=_("Mã hồ sơ"),
        max_length=80,
        help_text=_("Ví dụ: PY26-7KQ4-M2XD. Viết hoa, viết thường, có gạch hay không đều được."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Nhập mã hồ sơ ghi trên giấy biên nhận hoặc trong thư.")},
    )
    pin = LineInput(
        label=_("Mã PIN"),
        max_length=12,
        help_text=_("Sáu chữ số ghi trên giấy biên nhận."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Nhập mã PIN gồm sáu chữ số.")},
    )

    def clean_code(self):
        """The code, also out of a longer text such as the portal itself copies; a PIN beside it is taken too."""
        typed = self.cleaned_data["code"]
        found = CODE_IN_TEXT.search(typed.upper())
        code = normal_code(found.group() if found else typed)
        if not CODE.fullmatch(code):
            raise ValidationError(
                _("Mã hồ sơ gồm 12 chữ và số, dạng PY26-7KQ4-M2XD. Hãy xem lại giấy biên nhận."), code="shape"
            )
        return code

    def clean(self):
        cleaned = super().clean()
        beside = PIN_IN_TEXT.search(self.data.get("code", ""))
        if not cleaned.get("pin") and beside:
            cleaned["pin"] = beside.group(1)
            self.errors.pop("pin", None)
        return cleaned


class WordsForm(forms.Form):
    """A step that needs words and nothing else."""

    note = BlockInput(
        label=_("Nội dung"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4, "maxlength": 3000})
    )

    def __init__(self, *args, label=None, help_text="", required=True, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["note"]
        field.label, field.help_text, field.required = label or field.label, help_text, required
        field.error_messages["required"] = _("Hãy viết vài lời ở ô này.")


class RatingForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("Bạn hài lòng với câu trả lời ở mức nào?"),
        coerce=int,
        choices=[
            (5, _("5 sao – rất hài lòng")),
            (4, _("4 sao – hài lòng")),
            (3, _("3 sao – bình thường")),
            (2, _("2 sao – chưa hài lòng")),
            (1, _("1 sao – rất không hài lòng")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn số sao.")},
    )
    comment = BlockInput(
        label=_("Bạn muốn nói thêm điều gì?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )


def _email(label, **more) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Nhập địa chỉ thư."),
            "invalid": _("Địa chỉ thư chưa đúng, ví dụ đúng: ten@vidu.vn."),
        },
        **more,
    )


class InformationForm(WordsForm):
    """Words of the asker, with files."""

    attachments = AttachmentsField()


class LostPinForm(forms.Form):
    code = LineInput(
        label=_("Mã hồ sơ"),
        max_length=80,
        help_text=_("Ví dụ: PY26-7KQ4-M2XD."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Nhập mã hồ sơ ghi trên giấy biên nhận hoặc trong thư.")},
    )
    email = _email(_("Thư điện tử đã cho khi gửi hồ sơ"))
    clean_code = LookupForm.clean_code


class FollowForm(forms.Form):
    email = _email(
        _("Thư điện tử của bạn"),
        help_text=_("Địa chỉ được mã hóa, chỉ dùng để báo tin về mục này và xóa khi bạn ngừng nhận."),
    )


class DataRequestForm(forms.Form):
    """What the asker wants done with their data; taking back the consent to publish needs nobody's yes."""

    kind = forms.ChoiceField(
        label=_("Bạn muốn gì?"),
        choices=[
            (kind.value, kind.label)
            for kind in DataRequest.Kind
            if kind not in {DataRequest.Kind.WITHDRAW_CONSENT, DataRequest.Kind.ACCESS}
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một yêu cầu.")},
    )
    note = BlockInput(
        label=_("Nói rõ thêm"),
        required=False,
        max_length=2000,
        help_text=_("Xin sửa thì viết chỗ sai và thông tin đúng."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )
