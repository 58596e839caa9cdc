from ckeditor.widgets import CKEditorWidget
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from feedback.forms.attachments import AttachmentsField
from feedback.models import Answer, Case
from feedback.services import normal_code
from parcai.lib import html
from parcai.lib.forms import LineInput


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
    attachments = AttachmentsField(label=_("Tệp kèm câu trả lời"))
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


class ReaderForm(forms.Form):
    user = forms.ModelChoiceField(
        label=_("Cán bộ"),
        queryset=User.objects.none(),
        empty_label=_("Chọn cán bộ"),
        error_messages={"required": _("Chọn một cán bộ.")},
    )

    def __init__(self, *args, users, of: Case | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if of:
            users = User.objects.filter(pk__in=of.readers.values("user")).order_by("full_name")
        self.fields["user"].queryset = users.select_related("agency")


def draft_of(case: Case) -> Answer | None:
    return case.answers.filter(signed_at=None).first()
