"""Forms of the officer and the head: passing on, opinions, interim answers, signing, delegations, filters."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User, in_vietnamese_order
from feedback import alike, services
from feedback.models import Case, SavedFilter
from feedback.services.steps import day_text
from parcai.lib import html
from parcai.lib.forms import BlockInput, LineInput

DAY_WORDS = {"required": _("Viết ngày."), "invalid": _("Viết ngày như 15/5/2026.")}


def day_field(label, **kwargs) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y"), error_messages=DAY_WORDS, **kwargs
    )


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.full_name} – {obj.title}" if obj.title else obj.full_name


class PassOnForm(forms.Form):
    to = PersonChoice(
        label=_("Chuyên viên nhận"),
        queryset=User.objects.none(),
        empty_label=_("Chọn người"),
        error_messages={"required": _("Chọn chuyên viên nhận hồ sơ.")},
    )
    note = BlockInput(
        label=_("Lý do"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Hai chuyên viên đều đọc được."),
        error_messages={"required": _("Hãy ghi lý do chuyển.")},
    )

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = services.colleagues(case, but=case.officer)


class OpinionForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=_("Xin ý kiến của"),
        queryset=Agency.objects.none(),
        empty_label=_("Chọn cơ quan"),
        error_messages={"required": _("Chọn cơ quan.")},
    )
    question = BlockInput(
        label=_("Điều cần ý kiến"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Cơ quan kia đọc lời này và nội dung câu hỏi, không thấy người gửi là ai."),
        error_messages={"required": _("Hãy viết điều cần xin ý kiến.")},
    )
    due_on = day_field(_("Cần trước ngày"))

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.answering().exclude(pk=case.agency_id)
        self.fields["agency"].queryset = agencies
        self.fields["agency"].choices = [
            ("", self.fields["agency"].empty_label),
            *((each.pk, each.name) for each in in_vietnamese_order(agencies)),
        ]

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("Ngày cần ý kiến không được ở quá khứ."), code="past")
        return day


class GiveOpinionForm(forms.Form):
    text = BlockInput(
        label=_("Ý kiến của cơ quan bạn"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Hãy viết ý kiến.")},
    )


class InterimForm(forms.Form):
    body = forms.CharField(
        label=_("Lời gửi người hỏi"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Việc đang đến đâu, còn chờ gì. Thủ trưởng ký rồi mới gửi."),
        error_messages={"required": _("Hãy viết nội dung trả lời tạm thời.")},
    )
    due_on = day_field(_("Hạn trả lời mới"))
    ground = LineInput(
        label=_("Căn cứ"),
        max_length=300,
        help_text=_("Văn bản, điều khoản cho phép lùi hạn. Người gửi đọc được."),
        error_messages={"required": _("Ghi căn cứ.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = _("Sau ngày %(due)s, không quá ngày %(last)s.") % {
            "due": day_text(case.due_on),
            "last": day_text(services.latest_extension(case)),
        }

    def clean_body(self):
        return html.text_to_html(self.cleaned_data["body"].replace("\x00", ""))


class SignForm(forms.Form):
    """The words that were read, and the password once more: an open screen signs nothing by itself."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    password = forms.CharField(
        label=_("Mật khẩu của bạn"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Nhập lại để ký."),
        error_messages={"required": _("Nhập mật khẩu để ký.")},
    )


class DelegationForm(forms.Form):
    deputy = PersonChoice(
        label=_("Người ký thay"),
        queryset=User.objects.none(),
        empty_label=_("Chọn cán bộ"),
        help_text=_("Chọn cấp phó trong cơ quan có vai trò chuyên viên trên cổng."),
        error_messages={"required": _("Chọn người ký thay.")},
    )
    valid_from = day_field(_("Từ ngày"))
    valid_until = day_field(_("Đến hết ngày"))
    ground = LineInput(
        label=_("Căn cứ"),
        max_length=300,
        help_text=_("Số, ngày của quyết định hoặc văn bản ủy quyền."),
        error_messages={"required": _("Ghi số quyết định hoặc văn bản ủy quyền.")},
    )

    def __init__(self, *args, head, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = services.possible_deputies(head)
        self.initial.setdefault("valid_from", timezone.localdate())

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        return cleaned


class SavedFilterForm(forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ("name",)
        error_messages = {"name": {"required": _("Đặt tên cho bộ lọc.")}}


class QueueFilterForm(forms.Form):
    """What narrows a queue; every choice stands in the address. What cannot be read narrows nothing."""

    q = LineInput(label=_("Từ trong hồ sơ, hoặc mã"), max_length=200, required=False)
    loai = forms.ChoiceField(label=_("Loại"), choices=[("", _("Cả hai")), *Case.Kind.choices], required=False)
    tt = forms.ChoiceField(
        label=_("Tình trạng"), choices=[("", _("Mọi tình trạng")), *Case.Status.choices], required=False
    )
    co_quan = forms.ModelChoiceField(
        label=_("Cơ quan"), queryset=Agency.objects.none(), required=False, empty_label=_("Mọi cơ quan")
    )
    nguoi = PersonChoice(
        label=_("Người thụ lý"), queryset=User.objects.none(), required=False, empty_label=_("Mọi người")
    )
    tu = day_field(_("Hạn từ ngày"), required=False)
    den = day_field(_("Hạn đến ngày"), required=False)

    def __init__(self, data, *, user, sees_all: bool):
        super().__init__({name: value for name, value in data.items() if name in self.base_fields})
        people = User.objects.filter(is_active=True, groups__name="Chuyên viên", is_machine=False)
        if sees_all:
            agencies = Agency.objects.answering()
            self.fields["co_quan"].queryset = agencies
            self.fields["co_quan"].choices = [
                ("", self.fields["co_quan"].empty_label),
                *((each.pk, each.name) for each in in_vietnamese_order(agencies)),
            ]
        else:
            del self.fields["co_quan"]
            people = people.filter(agency__in=user.agency_scope)
        self.fields["nguoi"].queryset = people.distinct().order_by("full_name")
        for field in self.fields.values():
            field.hide_optional = True

    def narrow(self, cases):
        self.is_valid()  # a choice that cannot be read is said beside its field and narrows nothing
        chosen = self.cleaned_data
        for name, lookup in (
            ("loai", "kind"),
            ("tt", "status"),
            ("co_quan", "agency"),
            ("nguoi", "officer"),
            ("tu", "due_on__gte"),
            ("den", "due_on__lte"),
        ):
            if chosen.get(name):
                cases = cases.filter(**{lookup: chosen[name]})
        if words := chosen.get("q"):
            cases = cases.filter(pk__in=alike.holding(words))
        return cases

    @property
    def query(self) -> dict[str, str]:
        """The choices as they stand in an address: only those that were understood."""
        self.is_valid()
        return {
            name: str(self.data[name]).strip()
            for name in self.fields
            if self.cleaned_data.get(name) not in (None, "") and name in self.data
        }
