"""Forms of the coordinator: where a case goes, why it goes nowhere, and what it is about."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, in_vietnamese_order
from agencies.services import due_on
from articles.models import Topic
from feedback import services
from feedback.models import Case, OutsideBody, RefusalReason, Term
from parcai.lib.forms import BlockInput, LineInput
from plan.models import Campaign

LABEL = '<span><span class="choice__name">{}</span> <span class="choice__why small muted">{}</span></span>'


def _note(label, help_text="", rows=2):
    return BlockInput(
        label=label,
        help_text=help_text,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _topic():
    return forms.ModelChoiceField(
        label=_("Lĩnh vực"), queryset=Topic.objects.all(), required=False, empty_label=_("Chưa xếp")
    )


class RouteForm(forms.Form):
    """Where the case goes. What the portal suggests stands first with its reason; any other agency can be chosen."""

    suggested = forms.ChoiceField(
        label=_("Gợi ý cơ quan giải quyết"), required=False, widget=forms.RadioSelect
    )
    agency = forms.ModelChoiceField(
        label=_("Cơ quan giải quyết"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("Chọn cơ quan"),
    )
    topic = _topic()
    campaign = forms.ModelChoiceField(
        label=_("Thuộc nội dung kế hoạch"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=_("Chưa gắn"),
    )
    note = _note(_("Ghi chú nội bộ"))

    def __init__(self, *args, case, offers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offers = list(offers)
        agencies = Agency.objects.answering()
        self.fields["agency"].queryset = agencies
        self.fields["agency"].hide_optional = True
        self.fields["agency"].choices = [
            ("", self.fields["agency"].empty_label),
            *((each.pk, each.name) for each in in_vietnamese_order(agencies)),
        ]
        if self.offers:
            self.fields["suggested"].choices = [
                (str(offer.agency.pk), format_html(LABEL, offer.agency.name, offer.why))
                for offer in self.offers
            ]
            self.fields["suggested"].hide_optional = True
            self.fields["agency"].label = _("Hoặc chọn cơ quan khác")
        else:
            del self.fields["suggested"]
        self.fields["campaign"].queryset = Campaign.objects.order_by("-plan__year", "number")
        self.fields["campaign"].initial = case.campaign
        self.fields["topic"].initial = case.topic or next(
            (offer.topic for offer in self.offers if offer.topic), None
        )

    def clean(self):
        cleaned = super().clean()
        chosen, picked = cleaned.get("agency"), cleaned.get("suggested")
        by_key = {str(offer.agency.pk): offer.agency for offer in self.offers}
        if chosen and picked and by_key[picked] != chosen:
            self.add_error(
                "agency", _("Bạn đã chọn hai cơ quan khác nhau. Giữ một: bỏ chọn ở đây nếu theo gợi ý.")
            )
        elif not chosen and not picked and not {"agency", "suggested"} & set(self.errors):
            self.add_error("agency", _("Chọn cơ quan giải quyết."))
        cleaned["agency"] = chosen or by_key.get(picked or "")
        cleaned["offers"] = self.offers
        return cleaned


class RefuseForm(forms.Form):
    reason = forms.ModelChoiceField(
        label=_("Lý do"),
        queryset=RefusalReason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Chọn một lý do.")},
    )
    note = _note(_("Lời thêm cho người gửi"), _("Người gửi đọc đúng những lời này, sau lý do và căn cứ."))

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = RefusalReason.objects.usable_for(case.kind)
        self.fields["reason"].label_from_instance = lambda each: format_html(
            LABEL, each.name, f"{each.words} ({each.basis})"
        )


class ForwardForm(forms.Form):
    to = forms.ChoiceField(label=_("Cơ quan nhận"), required=False)
    body = LineInput(label=_("Hoặc ghi tên cơ quan khác"), required=False, max_length=200)
    note = _note(_("Lời nhắn cho người gửi"))

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        days = services.term(case.kind, Term.Step.TRANSFER)
        until = due_on(case.received_at, days)
        self.fields["to"].help_text = _(
            "Chuyển chậm nhất hết ngày %(day)s: %(days)d ngày làm việc từ khi nhận."
        ) % {
            "day": f"{until.day}/{until.month}/{until.year}",
            "days": days,
        }
        bodies = OutsideBody.objects.filter(is_active=True)
        agencies = in_vietnamese_order(Agency.objects.current().exclude(kind__in=Agency.ANSWERING_KINDS))
        self.known = {f"b{each.pk}": each for each in bodies} | {f"a{each.pk}": each for each in agencies}
        groups = (
            (_("Ngoài cổng"), [(f"b{each.pk}", _named(each)) for each in bodies]),
            (
                _("Có trong danh bạ, không trả lời trên cổng"),
                [(f"a{each.pk}", each.name) for each in agencies],
            ),
        )
        self.fields["to"].choices = [("", _("Chọn cơ quan")), *(group for group in groups if group[1])]
        for name in ("to", "body"):
            self.fields[name].hide_optional = True

    def clean(self):
        cleaned = super().clean()
        listed, written = cleaned.get("to"), cleaned.get("body")
        if listed and written:
            self.add_error("body", _("Chọn trong danh sách hoặc ghi tên, không cả hai."))
        elif not listed and not written and not {"to", "body"} & set(self.errors):
            self.add_error("to", _("Chọn hoặc ghi tên cơ quan nhận."))
        cleaned["body"] = self.known[listed] if listed else written
        return cleaned


def _named(body: OutsideBody) -> str:
    return f"{body.name} – {body.note}" if body.note else body.name


class TopicForm(forms.Form):
    topic = _topic()

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].initial = case.topic


class SplitForm(forms.Form):
    """Both halves of a letter, to be cut out of the words it was sent with."""

    title = LineInput(label=_("Ở lại hồ sơ này: việc gì"), max_length=200)
    text = BlockInput(label=_("Nội dung ở lại"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))
    kind = forms.ChoiceField(label=_("Hồ sơ mới là"), choices=Case.Kind.choices)
    part_title = LineInput(label=_("Hồ sơ mới: việc gì"), max_length=200)
    part_text = BlockInput(
        label=_("Nội dung chuyển sang hồ sơ mới"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Cắt từ lời người gửi, đừng viết lại. Nguyên văn thư được giữ cùng hồ sơ."),
    )

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("title", "text", "kind"):
            self.fields[name].initial = getattr(case, name)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("text") and cleaned.get("text") == cleaned.get("part_text"):
            self.add_error(
                "part_text", ValidationError(_("Hai phần đang giống hệt nhau. Hãy cắt mỗi việc về một bên."))
            )
        return cleaned
