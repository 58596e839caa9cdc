import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, in_vietnamese_order
from feedback.models import Case, Draft
from parcai.lib import personal
from parcai.lib.forms import BlockInput, LineInput

COMPLAINTS = ("khieu-nai", "to-cao")


class MatterForm(forms.Form):
    """The first question of every door: what kind of matter is it. Nothing is stored by answering."""

    viec = forms.ChoiceField(
        label=_("Bạn muốn làm việc gì?"),
        widget=forms.RadioSelect,
        choices=[
            ("hoi", _("Hỏi thủ trưởng một cơ quan về thủ tục, chính sách, cách làm việc")),
            ("phan-anh", _("Phản ánh việc chậm trễ, gây khó hoặc kiến nghị về quy định, thủ tục hành chính")),
            ("khieu-nai", _("Khiếu nại một quyết định hoặc hành vi hành chính xâm phạm quyền lợi của tôi")),
            ("to-cao", _("Tố cáo hành vi vi phạm pháp luật của một người hoặc cơ quan")),
        ],
        error_messages={"required": _("Chọn một việc để chúng tôi dẫn bạn đúng nơi.")},
    )


LONGEST_KEPT = (
    40_000  # characters of one answer in a draft: more than any field takes, so that it can be shortened
)


class StepForm(forms.Form):
    """One screen of asking. Bound to what the draft holds; `for_draft` are the answers to keep."""

    kind: str = Case.Kind.QUESTION

    def __init__(self, *args, kind, **kwargs):
        self.kind = kind
        super().__init__(*args, **kwargs)

    def for_draft(self) -> dict:
        """What was typed, right or wrong, without outer blanks and not without end."""
        typed = {name: self.data.get(self.add_prefix(name), "") for name in self.fields}
        return {name: value.strip()[:LONGEST_KEPT] for name, value in typed.items()}


class ContentForm(StepForm):
    title = LineInput(
        label=_("Câu hỏi của bạn trong một câu"),
        min_length=10,
        max_length=200,
        help_text=_("Ví dụ: Làm lại sổ đỏ bị mất cần những giấy tờ gì?"),
        error_messages={
            "required": _("Viết câu hỏi của bạn trong một câu."),
            "min_length": _("Câu này ngắn quá. Hãy viết rõ hơn một chút (ít nhất 10 ký tự)."),
            "max_length": _("Câu này dài quá 200 ký tự. Phần chi tiết hãy viết ở ô bên dưới."),
        },
    )
    text = BlockInput(
        label=_("Nội dung chi tiết"),
        min_length=20,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 9, "maxlength": 10_000}),
        help_text=_(
            "Kể rõ sự việc: ở đâu, khi nào, bạn đã làm gì. Không cần ghi số CCCD, số điện thoại hay địa chỉ nhà ở đây."
        ),
        error_messages={
            "required": _("Viết nội dung để cơ quan hiểu và trả lời đúng việc."),
            "min_length": _("Nội dung ngắn quá. Hãy kể rõ hơn (ít nhất 20 ký tự)."),
            "max_length": _("Nội dung dài quá 10.000 ký tự. Hãy rút gọn hoặc tách thành nhiều câu hỏi."),
        },
    )
    personal_ok = forms.BooleanField(
        label=_("Tôi đã xem lại và vẫn muốn gửi nội dung như trên"), required=False, widget=forms.HiddenInput
    )
    agency = forms.ModelChoiceField(
        label=_("Bạn muốn hỏi cơ quan nào?"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("Tôi không biết hỏi ai – nhờ cổng chuyển giúp"),
        error_messages={
            "invalid_choice": _("Chọn một cơ quan trong danh sách, hoặc chọn “Tôi không biết hỏi ai”.")
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.answering()
        self.fields["agency"].queryset = agencies
        chosen = in_vietnamese_order(agencies)
        self.fields["agency"].choices = [
            ("", self.fields["agency"].empty_label),
            *(
                (label, [(each.pk, each.name) for each in chosen if each.level == level])
                for level, label in LEVELS
            ),
        ]
        self.before = dict(self.initial)  # what stood here last time, and whether it was confirmed
        self.initial = {**self.initial, "personal_ok": ""}
        self.fields["personal_ok"].hide_optional = True
        self.findings: list[personal.Finding] = []
        if self.kind == Case.Kind.FEEDBACK:
            self.fields["title"].label = _("Điều bạn phản ánh, kiến nghị trong một câu")
            self.fields["title"].help_text = _(
                "Ví dụ: Bộ phận một cửa yêu cầu nộp thêm giấy tờ không có trong quy định"
            )
            self.fields["agency"].label = _("Việc này thuộc cơ quan nào?")
            self.fields["title"].error_messages["required"] = _("Viết điều bạn phản ánh trong một câu.")

    def clean(self):
        cleaned = super().clean()
        found = {name: personal.find(cleaned.get(name, "")) for name in ("title", "text")}
        self.findings = [finding for findings in found.values() for finding in findings]
        if self.findings and not cleaned.get("personal_ok") and not self._was_confirmed(cleaned):
            self.fields["personal_ok"].widget = forms.CheckboxInput()
            for name, findings in found.items():
                if findings:
                    pieces = "; ".join(f"{each.kind}: “{each.text}”" for each in findings)
                    self.add_error(
                        name, ValidationError(PERSONAL, code="personal", params={"pieces": pieces})
                    )
        return cleaned

    def _was_confirmed(self, cleaned) -> bool:
        """A confirmation holds for the words it stood beside, not for new ones."""
        same = all(
            self.fields[name].to_python(self.before.get(name)) == cleaned.get(name)
            for name in ("title", "text")
        )
        return bool(self.before.get("personal_ok")) and same

    def for_draft(self) -> dict:
        kept = super().for_draft()
        if self.is_bound and self._was_confirmed(getattr(self, "cleaned_data", {})):
            kept["personal_ok"] = "on"
        return kept


PERSONAL = _(
    "Có thông tin riêng tư (%(pieces)s). Hãy xóa nếu không cần cho việc trả lời, hoặc đánh dấu ô xác nhận bên dưới "
    "để gửi như vậy."
)
LEVELS = (("tinh", _("Cơ quan cấp tỉnh")), ("xa", _("UBND xã, phường")))


class AskerForm(StepForm):
    asker_kind = forms.ChoiceField(
        label=_("Bạn gửi với tư cách"),
        choices=Case.AskerKind.choices,
        widget=forms.RadioSelect,
        initial=Case.AskerKind.CITIZEN,
        error_messages={"required": _("Chọn một mục.")},
    )
    name = LineInput(
        label=_("Họ và tên, hoặc tên đơn vị"),
        min_length=2,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Viết họ và tên của bạn."), "min_length": _("Tên này ngắn quá.")},
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        max_length=150,
        help_text=_("Để nhận mã hồ sơ và báo tin khi có trả lời. Có thể bỏ trống."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Địa chỉ này chưa đúng. Ví dụ đúng: ten@vidu.vn")},
    )
    phone = LineInput(
        label=_("Điện thoại"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    address = LineInput(
        label=_("Nơi ở"),
        required=False,
        max_length=200,
        help_text=_("Xã, phường là đủ."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.kind == Case.Kind.FEEDBACK:  # one of the two is needed: Nghị định 20/2008/NĐ-CP, Điều 7
            self.fields["phone"].help_text = _("Cần ít nhất một trong hai: điện thoại hoặc nơi ở.")
            self.fields["phone"].hide_optional = self.fields["address"].hide_optional = True

    def clean_phone(self):
        digits = "".join(letter for letter in self.cleaned_data["phone"] if letter not in " .-()")
        if digits and not (
            digits.removeprefix("+").isascii()
            and digits.removeprefix("+").isdigit()
            and 8 <= len(digits) <= 15
        ):
            raise ValidationError(_("Số điện thoại chưa đúng. Ví dụ đúng: 0912 345 678"), code="phone")
        return self.cleaned_data["phone"]

    def clean(self):
        cleaned = super().clean()
        reachable = cleaned.get("phone") or cleaned.get("address") or "phone" in self.errors
        if self.kind == Case.Kind.FEEDBACK and not reachable:
            self.add_error(
                "phone",
                _(
                    "Phản ánh, kiến nghị cần số điện thoại hoặc nơi ở để cơ quan liên hệ "
                    "(Nghị định 20/2008/NĐ-CP, Điều 7)."
                ),
            )
        return cleaned


class ConsentForm(StepForm):
    answer_consent = forms.BooleanField(
        label=_("Tôi đồng ý để cổng dùng thông tin tôi đã điền nhằm chuyển, trả lời và báo kết quả cho tôi"),
        error_messages={
            "required": _("Cần có sự đồng ý này thì cơ quan mới được dùng thông tin để trả lời bạn.")
        },
    )
    publish_consent = forms.BooleanField(
        label=_("Tôi đồng ý công khai câu hỏi và câu trả lời để nhiều người cùng biết"),
        required=False,
        help_text=_(
            "Cổng che thông tin riêng tư trước khi công khai, và chỉ nêu tên nếu bạn đánh dấu ô dưới."
        ),
    )
    show_name = forms.BooleanField(label=_("Khi công khai, được nêu tên tôi"), required=False)

    def clean(self):
        cleaned = super().clean()
        cleaned["show_name"] = bool(cleaned.get("show_name") and cleaned.get("publish_consent"))
        return cleaned


ASK_STEPS = {"noi-dung": ContentForm, "nguoi-gui": AskerForm, "dong-y": ConsentForm}


def read_draft(draft: Draft) -> dict:
    return json.loads(draft.data) if draft.data else {}


def write_draft(draft: Draft, data: dict) -> None:
    draft.data = json.dumps(data, ensure_ascii=False)
    draft.save()
