from ckeditor.widgets import CKEditorWidget
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.models import Answer, Case
from feedback.services import normal_code
from parcai.lib import html
from parcai.lib.forms import BlockInput, LineInput


class ConfirmForm(forms.Form):
    """A step that needs nothing but the button."""


class DuplicateForm(forms.Form):
    of = LineInput(
        label=_("Mã hồ sơ gốc"),
        max_length=30,
        error_messages={"required": _("Ghi mã hồ sơ mà hồ sơ này trùng.")},
    )

    def __init__(self, *args, cases, **kwargs):
        self.cases = cases
        super().__init__(*args, **kwargs)

    def clean_of(self):
        found = self.cases.filter(code=normal_code(self.cleaned_data["of"])).first()
        if found is None:
            raise ValidationError(_("Không có hồ sơ nào mang mã này."), code="unknown")
        return found


class AnswerForm(forms.Form):
    body = forms.CharField(
        label=_("Nội dung trả lời"),
        widget=CKEditorWidget(),
        max_length=html.MAX_LENGTH,
        error_messages={"required": _("Hãy viết nội dung trả lời.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_body(self):
        body = self.cleaned_data["body"]
        if html.is_too_heavy(body):
            raise ValidationError(
                _("Nội dung có quá nhiều lớp định dạng. Hãy dán lại dưới dạng văn bản thuần.")
            )
        if "<" not in body:  # typed without the editor
            body = html.text_to_html(body)
        return body


class SignForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class PublishForm(forms.Form):
    title = LineInput(label=_("Tiêu đề công khai"), max_length=200)
    text = BlockInput(
        label=_("Câu hỏi công khai"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    answer = forms.CharField(
        label=_("Câu trả lời công khai"), widget=CKEditorWidget(), max_length=html.MAX_LENGTH
    )
    name = LineInput(label=_("Tên người gửi khi công khai"), required=False, max_length=150)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        if not case.show_name:
            del self.fields["name"]


def draft_of(case: Case) -> Answer | None:
    return case.answers.filter(signed_at=None).first()
