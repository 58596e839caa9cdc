"""Published questions and results of feedback: the masked words everybody may read, and nothing else of a case."""

import django_filters
from django.db.models import DateTimeField, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import Answer, Case, CaseEvent
from parcai.lib.html import plain_text
from parcai.records.columns import (
    DOCUMENT_SHOWN,
    agency_column,
    documents_column,
    id_column,
    public_documents,
    to_campaign,
    to_document,
    to_topic,
    url_column,
    with_public,
)
from parcai.records.filters import AgencyFilter, CampaignFilter, SinceFilter, UntilFilter, after_start
from parcai.records.kinds import Card, Column, Kind, Search, Tab, Type, day_of


def _put_online():
    """Each time a case was put online, also again with other words."""
    return CaseEvent.objects.filter(case=OuterRef("pk"), step="publish").order_by("-pk")


class UpdatedSinceFilter(SinceFilter):
    def filter(self, qs, value):
        return qs.filter(Exists(_put_online().filter(after_start("at", value)))) if value else qs


class CaseFilters(django_filters.FilterSet):
    agency = AgencyFilter()
    campaign = CampaignFilter("campaign")
    since = SinceFilter("published_at", says=_("Công khai từ ngày hoặc thời điểm này."))
    until = UntilFilter("published_at", says=_("Công khai đến hết ngày, hoặc đến thời điểm này."))
    updated_since = UpdatedSinceFilter(
        "published_at",
        says=_("Công khai hoặc công khai lại từ ngày hoặc thời điểm này: để theo dõi thay đổi."),
    )


def _rows(kind: Case.Kind):
    def rows():
        answers = Answer.objects.for_public().prefetch_related(
            with_public("documents", public_documents(), *DOCUMENT_SHOWN)
        )
        return (
            Case.objects.for_public()
            .filter(kind=kind)
            .select_related("agency", "campaign__plan", "topic")
            .prefetch_related(Prefetch("answers", answers, to_attr="shown"))
            .annotate(online_at=Subquery(_put_online().values("at")[:1], output_field=DateTimeField()))
        )

    return rows


def _of_answer(name: str):
    """A value of the answer that stands: the last one signed."""
    return lambda case: getattr(case.shown[-1], name) if case.shown else None


COLUMNS = (
    id_column(),
    url_column(),
    Column("title", Type.TEXT, _("Tiêu đề"), _("Tiêu đề đã công khai."), get=lambda case: case.public_title),
    Column(
        "text",
        Type.TEXT,
        _("Nội dung"),
        _("Nội dung đã công khai; chỗ riêng tư đã được che."),
        get=lambda case: case.public_text,
    ),
    Column(
        "asker",
        Type.TEXT,
        _("Người gửi"),
        _("Tên người gửi, chỉ khi người đó đồng ý nêu tên; nếu không thì trống."),
        get=lambda case: case.public_name,
    ),
    Column(
        "received_on",
        Type.DATE,
        _("Ngày gửi"),
        _("Ngày cổng nhận được."),
        get=lambda case: timezone.localdate(case.received_at),
    ),
    agency_column(_("Cơ quan giải quyết."), may_be_null=True),
    Column(
        "campaign",
        Type.REFERENCE,
        _("Nội dung kế hoạch"),
        _("Nội dung kế hoạch mà việc này thuộc về, nếu có."),
        get=lambda case: to_campaign(case.campaign),
        to="campaigns",
        may_be_null=True,
    ),
    Column(
        "topic",
        Type.REFERENCE,
        _("Lĩnh vực"),
        _("Lĩnh vực của nội dung, nếu đã được phân loại."),
        get=lambda case: to_topic(case.topic) if case.topic else None,
        to="topics",
        may_be_null=True,
    ),
    Column(
        "answer",
        Type.HTML,
        _("Trả lời"),
        _("Câu trả lời như đã công khai."),
        get=lambda case: _of_answer("public_body")(case) or "",
    ),
    Column(
        "answered_by",
        Type.TEXT,
        _("Cơ quan trả lời"),
        _("Tên cơ quan vào ngày ký."),
        get=lambda case: _of_answer("agency_name")(case) or "",
    ),
    Column(
        "signer_name",
        Type.TEXT,
        _("Người ký"),
        _("Tên người ký trả lời."),
        get=lambda case: _of_answer("signer_name")(case) or "",
    ),
    Column(
        "signer_title",
        Type.TEXT,
        _("Chức vụ người ký"),
        _("Chức vụ người ký trả lời."),
        get=lambda case: _of_answer("signed_as")(case) or "",
    ),
    Column(
        "answered_at",
        Type.MOMENT,
        _("Ký lúc"),
        _("Thời điểm câu trả lời được ký."),
        get=_of_answer("signed_at"),
        may_be_null=True,
    ),
    Column(
        "days_taken",
        Type.INTEGER,
        _("Số ngày làm việc"),
        _("Số ngày làm việc từ lúc nhận đến lúc trả lời, không tính thời gian chờ bổ sung."),
        get=_of_answer("days_taken"),
        may_be_null=True,
    ),
    Column(
        "helpful",
        Type.INTEGER,
        _("Lượt thấy hữu ích"),
        _("Số người đọc cho biết câu trả lời hữu ích; mỗi mạng và loại thiết bị được tính một lượt."),
    ),
    documents_column(
        _("Các văn bản mà câu trả lời dẫn, trong số đang đăng trên cổng."),
        get=lambda case: [to_document(each) for each in case.shown[-1].documents.all()] if case.shown else [],
    ),
    Column("published_at", Type.MOMENT, _("Công khai lúc"), _("Thời điểm được công khai.")),
    Column(
        "updated_at",
        Type.MOMENT,
        _("Cập nhật lúc"),
        _("Thời điểm công khai lần cuối, kể cả khi sửa chỗ che. Hỏi bằng updated_since."),
        get=lambda case: max(case.online_at or case.published_at, case.published_at),
    ),
)
ORDER = ("-published_at", "-pk")


def _case_card(case) -> Card:
    answer = case.shown[-1] if case.shown else None
    return Card(
        title=case.public_title,
        url=case.get_absolute_url(),
        text=f"{plain_text(answer.public_body) if answer else ''}\n{case.public_text}",
        on=day_of(case.published_at),
        by=case.agency.name if case.agency else "",
    )


def _shown_cases() -> QuerySet:
    signed = Prefetch("answers", Answer.objects.for_public(), to_attr="shown")
    return Case.objects.for_public().prefetch_related(signed)


def _indexed_cases() -> QuerySet:
    return Case.objects.findable().prefetch_related(Prefetch("answers", Answer.objects.for_public()))


def _search(*tabs: Tab) -> Search:
    return Search(
        record="case",
        indexed=_indexed_cases,
        shown=_shown_cases,
        card=_case_card,
        tabs=tabs,
    )


QUESTIONS = Kind(
    search=_search(Tab("question", "hoi-dap", _("Hỏi đáp"), _("Câu hỏi đã trả lời"))),
    name="questions",
    model=Case,
    one=_("Câu hỏi đã trả lời"),
    many=_("Câu hỏi đã trả lời"),
    says=_("Câu hỏi gửi thủ trưởng cơ quan đã được trả lời và công khai khi người hỏi đồng ý."),
    rows=_rows(Case.Kind.QUESTION),
    columns=COLUMNS,
    filters=CaseFilters,
    order=ORDER,
    changed=("online_at", "published_at"),
)
FEEDBACK_RESULTS = Kind(
    search=_search(Tab("feedback", "phan-anh", _("Phản ánh"), _("Phản ánh đã trả lời"))),
    name="feedback-results",
    model=Case,
    one=_("Kết quả phản ánh, kiến nghị"),
    many=_("Kết quả phản ánh, kiến nghị"),
    says=_("Phản ánh, kiến nghị đã được giải quyết và công khai khi người gửi đồng ý."),
    rows=_rows(Case.Kind.FEEDBACK),
    columns=COLUMNS,
    filters=CaseFilters,
    order=ORDER,
    changed=("online_at", "published_at"),
)
