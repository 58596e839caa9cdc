"""What officials do with an asker's request about their data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import Case, DataRequest
from parcai.lib.forms import BlockInput, LineInput


class _OfOneRequest(forms.Form):
    """A form about one of the open requests of a case."""

    asked = forms.ModelChoiceField(
        label=_("Yêu cầu"), queryset=DataRequest.objects.none(), empty_label=None, widget=forms.Select
    )

    def __init__(self, *args, requests, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked"].queryset = requests
        self.fields["asked"].label_from_instance = lambda each: each.get_kind_display()


class AcceptDataForm(_OfOneRequest):
    """The first reply."""


class DoDataForm(_OfOneRequest):
    answer = BlockInput(
        label=_("Lời cho người gửi"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
    )


class RefuseDataForm(_OfOneRequest):
    ground = LineInput(
        label=_("Căn cứ pháp luật"),
        max_length=300,
        error_messages={"required": _("Hãy ghi căn cứ pháp luật không cho phép thực hiện.")},
    )
    answer = BlockInput(
        label=_("Giải thích cho người gửi"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
        error_messages={"required": _("Hãy giải thích cho người gửi.")},
    )


class CorrectDataForm(_OfOneRequest):
    title = LineInput(label=_("Tiêu đề"), max_length=200)
    text = BlockInput(label=_("Nội dung"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))
    asker_name = LineInput(label=_("Họ và tên"), max_length=120)
    asker_email = forms.EmailField(label=_("Thư điện tử"), required=False, max_length=254)
    asker_phone = LineInput(label=_("Điện thoại"), required=False, max_length=20)
    asker_address = LineInput(label=_("Nơi ở"), required=False, max_length=200)
    answer = BlockInput(
        label=_("Lời cho người gửi"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
    )

    def __init__(self, *args, case: Case, **kwargs):
        words = ("title", "text", "asker_name", "asker_email", "asker_phone", "asker_address")
        super().__init__(*args, initial={name: getattr(case, name) for name in words}, **kwargs)

    def changes(self) -> dict[str, str]:
        return {name: words for name, words in self.cleaned_data.items() if name not in ("asked", "answer")}
