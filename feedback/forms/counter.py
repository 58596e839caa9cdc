"""Typing for somebody at the counter or on the phone: the forms the asker would fill in, on one page."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback import complaints, notice
from feedback.forms.asking import COMPLAINTS, AskerForm, ConsentForm, ContentForm
from feedback.models import Case

KINDS: dict[str, str] = {"hoi": Case.Kind.QUESTION, "phan-anh": Case.Kind.FEEDBACK}


class DoorForm(forms.Form):
    """Which door the person came through, and with what kind of matter."""

    source = forms.ChoiceField(
        label=_("Người gửi"),
        widget=forms.RadioSelect,
        choices=[(Case.Source.COUNTER, _("Đang ở quầy")), (Case.Source.PHONE, _("Gọi điện thoại"))],
        initial=Case.Source.COUNTER,
        error_messages={"required": _("Chọn một mục.")},
    )
    matter = forms.ChoiceField(
        label=_("Việc gì"),
        widget=forms.RadioSelect,
        choices=[
            ("hoi", _("Hỏi thủ trưởng một cơ quan")),
            ("phan-anh", _("Phản ánh, kiến nghị")),
            ("khieu-nai", _("Khiếu nại")),
            ("to-cao", _("Tố cáo")),
        ],
        error_messages={"required": _("Chọn một mục.")},
    )
    no_complaint = forms.BooleanField(
        label=_("Đã hỏi lại: người gửi không khiếu nại, không tố cáo"),
        required=False,
        widget=forms.HiddenInput,
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_matter(self):
        matter = self.cleaned_data["matter"]
        if matter in COMPLAINTS:
            raise forms.ValidationError(
                _(
                    "Khiếu nại, tố cáo không nhận qua cổng; cổng chưa lưu gì. Hãy đưa người dân trang hướng dẫn nơi "
                    "nhận, mở ở đầu trang này."
                ),
                code="complaint",
            )
        return matter

    def look_at(self, content: dict) -> None:
        """Words that say khiếu nại or tố cáo make the portal ask once more, as it asks whoever writes by themselves."""
        said = f"{content.get('title', '')}\n{content.get('text', '')}"
        if (
            self.cleaned_data.get("no_complaint")
            or "matter" in self.errors
            or not complaints.looks_like(said)
        ):
            return
        self.fields["no_complaint"].widget = forms.CheckboxInput()
        self.fields["no_complaint"].hide_optional = True
        self.add_error(
            "no_complaint",
            _(
                "Lời người gửi có vẻ là khiếu nại hoặc tố cáo. Hãy hỏi lại trước khi gửi như câu hỏi, phản ánh."
            ),
        )

    @property
    def kind(self) -> str:
        return KINDS.get(self.data.get("matter", ""), Case.Kind.QUESTION)

    @property
    def complaint(self) -> str:
        """The matter that is shown another door, if it is one."""
        matter = self.data.get("matter", "")
        return matter if matter in COMPLAINTS else ""


class CounterContentForm(ContentForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Câu hỏi hoặc điều phản ánh, trong một câu")
        self.fields["title"].help_text = ""
        self.fields["text"].help_text = _(
            "Ghi đúng lời người gửi. Không cần số CCCD, số điện thoại hay địa chỉ nhà ở đây."
        )
        self.fields["agency"].label = _("Người gửi muốn hỏi cơ quan nào?")
        agency = self.fields["agency"]
        agency.choices = [("", _("Chưa rõ – điều phối viên chọn sau")), *list(agency.choices)[1:]]
        self.fields["personal_ok"].label = _("Người gửi đã nghe đọc lại và muốn gửi nội dung như trên")


class CounterAskerForm(AskerForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asker_kind"].label = _("Gửi với tư cách")
        for name in ("name", "email", "phone", "address"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # the official's own would be filled in


class SpokenConsentForm(ConsentForm):
    consent_given = forms.ChoiceField(
        label=_("Người gửi đồng ý bằng cách nào?"),
        widget=forms.RadioSelect,
        choices=[("loi-noi", _("Bằng lời")), ("giay", _("Ký trên giấy"))],
        error_messages={"required": _("Chọn một mục.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer_consent"].label = _(
            "Người gửi đồng ý để cổng dùng thông tin trên nhằm chuyển, trả lời và báo kết quả cho họ"
        )
        self.fields["answer_consent"].error_messages["required"] = _(
            "Hãy hỏi người gửi: không có sự đồng ý này thì cơ quan không được dùng thông tin để trả lời."
        )
        self.fields["publish_consent"].label = _("Người gửi đồng ý công khai câu hỏi và câu trả lời")
        self.fields["publish_consent"].help_text = _("Hỏi riêng; không đồng ý vẫn được trả lời.")
        self.fields["show_name"].label = _("Khi công khai, được nêu tên người gửi")
        self.order_fields(["consent_given"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("notice") != notice.VERSION:  # the page stood open while the notice was changed
            self._ask_anew()
        return cleaned


COUNTER_PARTS = {"content": CounterContentForm, "asker": CounterAskerForm, "consent": SpokenConsentForm}
