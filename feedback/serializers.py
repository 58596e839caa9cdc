"""What other systems send and get, field by field; the rules for the words themselves are those of the web's forms."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.models import Agency
from feedback.models import Case

REQUIRED = {"required": _("Cần có trường này."), "null": _("Không nhận null.")}


class Text(serializers.CharField):
    """A string and nothing that could be read as one."""

    default_error_messages = {**REQUIRED, "invalid": _("Cần một chuỗi ký tự.")}

    def __init__(self, **kwargs):
        super().__init__(allow_blank=True, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """true or false; a consent is not guessed from "yes" or 1."""

    default_error_messages = {**REQUIRED, "invalid": _("Cần true hoặc false.")}

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    default_error_messages = {**REQUIRED, "invalid_choice": _("Không có lựa chọn này.")}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    default_error_messages = {
        **REQUIRED,
        "invalid": _("Cần ngày dạng 2026-05-15."),
        "datetime": _("Cần ngày dạng 2026-05-15."),
    }

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Strict(serializers.Serializer):
    """An object with these fields; one more is an error, so that a misspelt consent is not lost in silence."""

    default_error_messages = {
        **REQUIRED,
        "invalid": _("Cần một đối tượng JSON."),
        "unknown": _("Không có trường này."),
    }

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                words = [self.error_messages["unknown"]]
                raise serializers.ValidationError({name[:50]: words for name in unknown[:20]})
        return super().to_internal_value(data)


KINDS = {
    "question": _("câu hỏi cho thủ trưởng cơ quan"),
    "feedback": _("phản ánh, kiến nghị"),
    "complaint": _("khiếu nại: luôn bị từ chối, kèm nơi nhận"),
    "denunciation": _("tố cáo: luôn bị từ chối, kèm nơi nhận"),
}
KIND_CHOICES = list(KINDS.items())
ASKER_KINDS = {"citizen": "cong_dan", "business": "doanh_nghiep", "organisation": "to_chuc"}
ASKER_KIND_CHOICES = list(ASKER_KINDS)
CHANNELS = (Case.Source.IMPORT, Case.Source.PHONE, Case.Source.COUNTER)


class AskerSerializer(Strict):
    kind = Choice(choices=ASKER_KIND_CHOICES, default="citizen", help_text=_("Người gửi là ai."))
    name = Text(help_text=_("Họ tên hoặc tên đơn vị, 2–120 ký tự."))
    tax_code = Text(
        required=False, default="", help_text=_("Mã số thuế của doanh nghiệp: 10 số, chi nhánh 13 số.")
    )
    email = Text(required=False, default="", help_text=_("Để cổng gửi biên nhận và trả lời."))
    phone = Text(
        required=False,
        default="",
        help_text=_("8–15 chữ số. Phản ánh, kiến nghị cần điện thoại hoặc nơi ở (NĐ 20/2008/NĐ-CP, Điều 7)."),
    )
    address = Text(required=False, default="", help_text=_("Xã, phường là đủ; không quá 200 ký tự."))


class ConsentsSerializer(Strict):
    answer = Flag(help_text=_("Người gửi đồng ý để cổng dùng thông tin nhằm trả lời; phải là true."))
    publish = Flag(help_text=_("Người gửi đồng ý công khai câu hỏi và trả lời, đã che thông tin riêng."))
    show_name = Flag(default=False, help_text=_("Khi công khai, được nêu tên."))


class NewCaseSerializer(Strict):
    kind = Choice(choices=KIND_CHOICES, help_text=_("Loại nội dung."))
    title = Text(help_text=_("Nội dung trong một câu, 10–200 ký tự."))
    text = Text(help_text=_("Nội dung chi tiết, 20–10.000 ký tự, văn bản thuần."))
    agency = Text(
        required=False,
        default="",
        help_text=_("Mã cơ quan được hỏi (ví dụ PY-SNV); trống thì bộ phận điều phối chọn."),
    )
    asker = AskerSerializer()
    consents = ConsentsSerializer()
    channel = Choice(
        choices=[(value, Case.Source(value).label) for value in CHANNELS],
        default=Case.Source.IMPORT.value,
        help_text=_("Người dân gửi bằng cách nào."),
    )
    personal_data_confirmed = Flag(
        default=False,
        help_text=_("Người gửi đã được báo là nội dung có thông tin riêng và vẫn muốn gửi như vậy."),
    )
    hand_out_pin = Flag(
        default=False, help_text=_("true khi hệ thống đưa mã PIN cho người gửi để tự tra cứu trên cổng.")
    )


class ReceiptSerializer(serializers.Serializer):
    code = serializers.CharField(help_text=_("Mã hồ sơ."))
    pin = serializers.CharField(required=False, help_text=_("Chỉ có khi hand_out_pin là true."))
    kind = serializers.ChoiceField(choices=Case.Kind.choices)
    status = serializers.ChoiceField(choices=[(Case.Status.RECEIVED, Case.Status.RECEIVED.label)])
    received_at = serializers.DateTimeField()
    due_on = serializers.DateField(help_text=_("Hạn trả lời: hết ngày này."))
    term = serializers.IntegerField(help_text=_("Số ngày làm việc của hạn."))
    url = serializers.URLField(help_text=_("Địa chỉ API của hồ sơ."))
    status_url = serializers.URLField(help_text=_("Trang người gửi tra cứu bằng mã và PIN."))


class AgencyNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = Agency
        fields = ("code", "name")


class EventSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    step = serializers.CharField()
    title = serializers.CharField(help_text=_("Như người gửi đọc trên trang tra cứu."))
    note = serializers.CharField(allow_blank=True, help_text=_("Lời của cơ quan cho người gửi."))


class SignedAnswerSerializer(serializers.Serializer):
    body = serializers.CharField(help_text=_("HTML đã làm sạch."))
    agency = serializers.CharField(source="agency_name")
    signer = serializers.CharField(source="signer_name")
    signer_title = serializers.CharField(source="signed_as", allow_blank=True)
    signed_at = serializers.DateTimeField()


class CaseSerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=Case.Kind.choices)
    status = serializers.ChoiceField(choices=Case.Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    agency = AgencyNameSerializer(allow_null=True, help_text=_("Cơ quan đang giữ hồ sơ."))
    received_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    is_paused = serializers.BooleanField(help_text=_("Đang chờ người gửi bổ sung, hạn tạm dừng."))
    is_overdue = serializers.BooleanField()
    answered_at = serializers.DateTimeField(allow_null=True)
    timeline = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField(help_text=_("Trả lời đã ký; chỉ cho hệ thống đã gửi hồ sơ."))

    @extend_schema_field(EventSerializer(many=True))
    def get_timeline(self, case):
        return EventSerializer(self.context["timeline"], many=True).data

    @extend_schema_field(SignedAnswerSerializer(allow_null=True))
    def get_answer(self, case):
        answer = self.context["answer"]
        return SignedAnswerSerializer(answer).data if answer else None


class SignedDocumentSerializer(Strict):
    number = Text(help_text=_("Số, ký hiệu, không quá 80 ký tự."))
    issued_on = Day(help_text=_("Ngày ký."))
    signer = Text(help_text=_("Người ký, không quá 120 ký tự."))


class DraftAnswerSerializer(Strict):
    body = Text(help_text=_("Dự thảo trả lời: văn bản thuần hoặc HTML; cổng làm sạch HTML."))
    document = SignedDocumentSerializer(
        required=False, help_text=_("Văn bản đã ký ngoài cổng, để thủ trưởng đối chiếu; không thay chữ ký.")
    )


class SubmittedAnswerSerializer(serializers.Serializer):
    code = serializers.CharField()
    status = serializers.ChoiceField(choices=[(Case.Status.DRAFTED, Case.Status.DRAFTED.label)])
    status_label = serializers.CharField()
    round = serializers.IntegerField(help_text=_("Lần trả lời; hồ sơ mở lại thì là lần 2."))
