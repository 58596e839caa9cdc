import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, in_vietnamese_order
from feedback import notice
from feedback.forms.attachments import SortedFiles
from feedback.models import Case, Draft
from parcai.lib import personal, taxcode
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
    """What is asked of whoever writes; a screen shows a part of it (`part`). Bound to what the draft holds; `for_draft`
    are the answers to keep, `known` what the other screens hold."""

    kind: str = Case.Kind.QUESTION
    only: tuple[str, ...] = ()

    def __init__(self, *args, kind, known=None, **kwargs):
        self.kind = kind
        self.known = known or {}
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if self.only and name not in self.only]:
            del self.fields[name]
        self.prepare()

    def prepare(self) -> None:
        """Words and choices that hang on the kind of case and on what is known."""

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

    WORDS = ("title", "text")

    def prepare(self):
        self.before = dict(self.initial)  # what stood here last time, and whether it was confirmed
        self.findings: list[personal.Finding] = []
        if "personal_ok" in self.fields:
            self.initial = {**self.initial, "personal_ok": ""}
            self.fields["personal_ok"].hide_optional = True
        if agency := self.fields.get("agency"):
            agencies = Agency.objects.answering()
            agency.queryset = agencies
            chosen = in_vietnamese_order(agencies)
            agency.choices = [
                ("", agency.empty_label),
                *(
                    (label, [(each.pk, each.name) for each in chosen if each.level == level])
                    for level, label in LEVELS
                ),
            ]
            if self.kind == Case.Kind.FEEDBACK:
                agency.label = _("Việc này thuộc cơ quan nào?")
        if (title := self.fields.get("title")) and self.kind == Case.Kind.FEEDBACK:
            title.label = _("Điều bạn phản ánh, kiến nghị trong một câu")
            title.help_text = _("Ví dụ: Bộ phận một cửa yêu cầu nộp thêm giấy tờ không có trong quy định")
            title.error_messages["required"] = _("Viết điều bạn phản ánh trong một câu.")

    def clean(self):
        cleaned = super().clean()
        found = {name: personal.find(cleaned.get(name, "")) for name in self.WORDS if name in self.fields}
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
            for name in self.WORDS
            if name in self.fields
        )
        return bool(self.before.get("personal_ok")) and same

    def for_draft(self) -> dict:
        kept = super().for_draft()
        if (
            "personal_ok" in self.fields
            and self.is_bound
            and self._was_confirmed(getattr(self, "cleaned_data", {}))
        ):
            kept["personal_ok"] = "on"
        return kept


PERSONAL = _(
    "Có thông tin riêng tư (%(pieces)s). Hãy xóa nếu không cần cho việc trả lời, hoặc đánh dấu ô xác nhận bên dưới "
    "để gửi như vậy."
)
LEVELS = (("tinh", _("Cơ quan cấp tỉnh")), ("xa", _("UBND xã, phường")))


class AskerForm(StepForm):
    needs_tax_code = False  # other systems and counters may not have it at hand

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
    tax_code = LineInput(
        label=_("Mã số thuế"),
        required=False,
        max_length=30,
        help_text=_(
            "10 chữ số trên giấy đăng ký kinh doanh; chi nhánh thêm 3 số cuối, ví dụ 0100109106-001."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={
            "required": _("Viết mã số thuế của doanh nghiệp."),
            "max_length": _("Mã số thuế có 10 chữ số; mã của chi nhánh có 13."),
        },
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

    def prepare(self):
        self._call_by_door(self.known.get("asker_kind") if self.only else "")
        if self.kind == Case.Kind.FEEDBACK:  # one of the two is needed: Nghị định 20/2008/NĐ-CP, Điều 7
            for name in ("phone", "address"):
                if name in self.fields:
                    self.fields[name].help_text = _("Cần ít nhất một trong hai: điện thoại hoặc nơi ở.")
                    self.fields[name].hide_optional = True

    def _call_by_door(self, asker_kind) -> None:
        """On a screen of its own the name is asked for as the door calls it, and only a business has a tax code."""
        if asker_kind and asker_kind != Case.AskerKind.BUSINESS:
            self.fields.pop("tax_code", None)
        if "tax_code" in self.fields and asker_kind:
            self.fields["tax_code"].required = self.needs_tax_code
        if "name" in self.fields and asker_kind in NAMES_BY_DOOR:
            label, required = NAMES_BY_DOOR[asker_kind]
            self.fields["name"].label = label
            self.fields["name"].error_messages["required"] = required
            if asker_kind != Case.AskerKind.CITIZEN:
                self.fields["name"].widget.attrs["autocomplete"] = "organization"
        if "address" in self.fields and asker_kind in ORGANISED:
            self.fields["address"].label = _("Địa chỉ trụ sở")

    def clean_tax_code(self):
        code = taxcode.normal(self.cleaned_data["tax_code"])
        if not code:
            return ""
        if taxcode.is_personal(code):
            raise ValidationError(
                _(
                    "Đây là số định danh cá nhân (12 số). Cá nhân, hộ kinh doanh hãy quay lại chọn “Công dân”; "
                    "doanh nghiệp dùng mã 10 số."
                ),
                code="tax_person",
            )
        if not taxcode.is_valid(code):
            raise ValidationError(
                _("Mã số thuế chưa đúng: chữ số kiểm tra không khớp. Hãy xem lại giấy đăng ký kinh doanh."),
                code="tax_code",
            )
        return code

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
        if "address" not in self.fields:  # the next screen asks for it
            return cleaned
        phone = cleaned.get("phone") or self.known.get("phone")
        reachable = phone or cleaned.get("address") or "phone" in self.errors
        if self.kind == Case.Kind.FEEDBACK and not reachable:
            self.add_error(
                "phone" if "phone" in self.fields else "address",
                _(
                    "Phản ánh, kiến nghị cần số điện thoại hoặc nơi ở để cơ quan liên hệ "
                    "(Nghị định 20/2008/NĐ-CP, Điều 7)."
                ),
            )
        return cleaned


NAMES_BY_DOOR = {
    Case.AskerKind.CITIZEN: (_("Họ và tên"), _("Viết họ và tên của bạn.")),
    Case.AskerKind.BUSINESS: (_("Tên doanh nghiệp"), _("Viết tên doanh nghiệp.")),
    Case.AskerKind.ORGANISATION: (_("Tên cơ quan, tổ chức"), _("Viết tên cơ quan, tổ chức.")),
}
ORGANISED = (Case.AskerKind.BUSINESS, Case.AskerKind.ORGANISATION)


class FilesForm(StepForm):
    """The screen of attachments. Good files of a batch are kept though another is refused: `checked`."""

    tep = SortedFiles(label=_("Chọn ảnh, giấy tờ"))

    def prepare(self):
        self.checked: list = []

    def clean_tep(self):
        self.checked, problems = self.cleaned_data["tep"]
        if problems:
            raise ValidationError([ValidationError(problem, code="file") for problem in problems])
        return self.checked

    def for_draft(self) -> dict:
        return dict(OPTIONAL["tep"])


class ConsentForm(StepForm):
    notice = forms.CharField(required=False, widget=forms.HiddenInput, initial=notice.VERSION)
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

    def prepare(self):
        self.older: dict = {}
        if "notice" in self.fields:
            self.initial = {**self.initial, "notice": notice.VERSION}

    def clean(self):
        cleaned = super().clean()
        if "notice" in self.fields and self.only and cleaned.get("notice") != notice.VERSION:
            self._ask_anew()
        cleaned["show_name"] = bool(cleaned.get("show_name") and cleaned.get("publish_consent"))
        return cleaned

    def _ask_anew(self) -> None:
        """The agreement was to an older notice: shown once more, without the tick, beside today's."""
        self.older = {"notice": self.cleaned_data.get("notice", ""), "answer_consent": ""}
        self.data = (
            {**self.data.dict(), **self.older} if hasattr(self.data, "dict") else {**self.data, **self.older}
        )
        self.data["notice"] = notice.VERSION
        self.errors.pop("answer_consent", None)
        words = _("Thông báo về dữ liệu cá nhân vừa được sửa. Xin đọc lại và đánh dấu đồng ý lần nữa.")
        self.add_error("answer_consent", ValidationError(words, code="notice"))

    def for_draft(self) -> dict:
        return {**super().for_draft(), **self.older}


def part(form: type[StepForm], *names: str, **more) -> type[StepForm]:
    """The screen that shows some fields of a form."""
    return type(f"{form.__name__}Part", (form,), {"only": names, **more})


# One or two answers a screen: what it is about, then who asks, then what they agree to.
ASK_STEPS: dict[str, type[StepForm]] = {
    "cau-hoi": part(ContentForm, "title", "personal_ok"),
    "noi-dung": part(ContentForm, "text", "personal_ok"),
    "tep": FilesForm,
    "co-quan": part(ContentForm, "agency"),
    "tu-cach": part(AskerForm, "asker_kind"),
    "nguoi-gui": part(AskerForm, "name", "tax_code", needs_tax_code=True),
    "lien-he": part(AskerForm, "email", "phone"),
    "noi-o": part(AskerForm, "address"),
    "dong-y": part(ConsentForm, "answer_consent", "notice"),
    "cong-khai": part(ConsentForm, "publish_consent", "show_name"),
}
OPTIONAL = {"tep": {"seen": "1"}}  # screens that may be passed over


def read_draft(draft: Draft) -> dict:
    """What the draft holds, by screen."""
    data = json.loads(draft.data) if draft.data else {}
    return _by_screen(data) if "title" in data.get("noi-dung", {}) else data


def _by_screen(data: dict) -> dict:
    """A draft from when three screens asked for everything, laid out as today's ask."""
    typed = {name: value for answers in data.values() for name, value in answers.items()}
    screens = {
        step: {name: typed[name] for name in form.only if name in typed} for step, form in ASK_STEPS.items()
    }
    return {step: answers for step, answers in screens.items() if answers} | OPTIONAL


def known_of(data: dict, but: str = "") -> dict:
    """Every answer of the draft, for a screen that hangs on those of others."""
    return {name: value for step, answers in data.items() if step != but for name, value in answers.items()}


def write_draft(draft: Draft, data: dict) -> None:
    """Keep what was typed; a draft that was sent meanwhile, from another tab, keeps nothing any more."""
    draft.data = json.dumps(data, ensure_ascii=False)
    if draft._state.adding:
        draft.save()
        return
    rows = Draft.objects.filter(pk=draft.pk)
    kept = rows.filter(case=None).update(data=draft.data, updated_at=timezone.now())
    if not kept and not rows.exists():  # thrown away in another tab: what is typed here goes on
        draft.save(force_insert=True)
