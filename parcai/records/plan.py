"""Plans, their numbered items (campaigns), and the proof of what was done for them."""

import django_filters
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from parcai.records.columns import (
    CAMPAIGN_KEY,
    PLAN,
    agency_column,
    id_column,
    to_agency,
    to_campaign,
    to_plan,
    url_column,
)
from parcai.records.filters import (
    AgencyFilter,
    CampaignFilter,
    ChoiceFilter,
    NoFilter,
    PlanFilter,
    SinceFilter,
    UntilFilter,
)
from parcai.records.kinds import Card, Column, Kind, Search, Tab, Type
from plan.models import Campaign, Evidence, Plan


def _campaigns_of(plan: Plan) -> list:
    for campaign in plan.campaigns.all():
        campaign.plan = plan  # known already: nothing more is asked
    return [to_campaign(campaign) for campaign in plan.campaigns.all()]


PLANS = Kind(
    name="plans",
    model=Plan,
    one=_("Kế hoạch"),
    many=_("Kế hoạch"),
    says=_("Kế hoạch thông tin, tuyên truyền cải cách hành chính hằng năm của tỉnh."),
    rows=lambda: Plan.objects.prefetch_related("campaigns"),
    columns=(
        id_column(PLAN),
        url_column(),
        Column("year", Type.INTEGER, _("Năm"), _("Năm của kế hoạch.")),
        Column("number", Type.TEXT, _("Số, ký hiệu"), _("Số, ký hiệu của văn bản kế hoạch.")),
        Column("title", Type.TEXT, _("Tên"), _("Tên kế hoạch.")),
        Column("issuer", Type.TEXT, _("Cơ quan ban hành"), _("Cơ quan ban hành kế hoạch.")),
        Column("issued_on", Type.DATE, _("Ngày ban hành"), _("Ngày ban hành kế hoạch.")),
        Column("source", Type.TEXT, _("Nguồn"), _("Nơi lấy nội dung kế hoạch; trống khi không ghi.")),
        Column(
            "campaigns",
            Type.LIST,
            _("Nội dung"),
            _("Các nội dung của kế hoạch, theo số thứ tự."),
            get=_campaigns_of,
            of=Type.REFERENCE,
            to="campaigns",
        ),
    ),
    filters=NoFilter,
    order=("-year",),
    key=PLAN,
)


class CampaignFilters(django_filters.FilterSet):
    plan = PlanFilter()
    agency = AgencyFilter("owner", says=_("Chỉ những nội dung do cơ quan này phụ trách: mã của cơ quan."))


def _campaign_card(campaign) -> Card:
    text = f"{campaign.summary}\n{campaign.official_text}"
    return Card(campaign.short_title, campaign.get_absolute_url(), text, by=str(campaign.plan))


CAMPAIGNS = Kind(
    search=Search(
        record="campaign",
        indexed=lambda: Campaign.objects.select_related("plan"),
        shown=lambda: Campaign.objects.select_related("plan"),
        card=_campaign_card,
        tabs=(Tab("campaign", "ke-hoach", _("Nội dung kế hoạch"), _("Nội dung kế hoạch"), is_favoured=True),),
    ),
    name="campaigns",
    model=Campaign,
    one=_("Nội dung kế hoạch"),
    many=_("Nội dung kế hoạch"),
    says=_("Từng nội dung có số thứ tự của kế hoạch, với số minh chứng đã ghi nhận."),
    rows=lambda: Campaign.objects.select_related("plan", "owner").annotate(
        evidence_count=Count("evidence", filter=Q(evidence__withdrawn_at=None))
    ),
    columns=(
        id_column(CAMPAIGN_KEY),
        url_column(),
        Column(
            "plan",
            Type.REFERENCE,
            _("Kế hoạch"),
            _("Kế hoạch."),
            get=lambda row: to_plan(row.plan),
            to="plans",
        ),
        Column("number", Type.INTEGER, _("Số thứ tự"), _("Số thứ tự trong kế hoạch.")),
        Column(
            "title", Type.TEXT, _("Tên ngắn"), _("Tên ngắn của nội dung."), get=lambda row: row.short_title
        ),
        Column("summary", Type.TEXT, _("Tóm tắt"), _("Tóm tắt cho người dân.")),
        Column(
            "official_text", Type.TEXT, _("Nguyên văn"), _("Nguyên văn trong kế hoạch; trống khi chưa nhập.")
        ),
        agency_column(
            _("Cơ quan phụ trách nội dung này."), get=lambda row: to_agency(row.owner), may_be_null=True
        ),
        Column("evidence_count", Type.INTEGER, _("Số minh chứng"), _("Số việc đã làm có minh chứng.")),
    ),
    filters=CampaignFilters,
    order=("pk",),
    key=CAMPAIGN_KEY,
)


class EvidenceFilters(django_filters.FilterSet):
    kind = ChoiceFilter(choices=Evidence.Kind.choices, says=_("Minh chứng là loại gì."), example="article")
    campaign = CampaignFilter("campaign")
    agency = AgencyFilter()
    since = SinceFilter("happened_at", says=_("Làm từ ngày hoặc thời điểm này."))
    until = UntilFilter("happened_at", says=_("Làm đến hết ngày, hoặc đến thời điểm này."))


EVIDENCE = Kind(
    name="evidence",
    model=Evidence,
    one=_("Minh chứng"),
    many=_("Minh chứng"),
    says=_("Những việc đã làm cho từng nội dung kế hoạch: tin bài, văn bản, video, câu trả lời."),
    rows=lambda: Evidence.objects.counted().select_related("campaign__plan", "agency"),
    columns=(
        id_column(),
        Column(
            "url", Type.ADDRESS, _("Địa chỉ"), _("Trang của việc đã làm trên cổng."), get=lambda row: row.path
        ),
        Column("kind", Type.TEXT, _("Loại"), _("Minh chứng là loại gì."), choices=Evidence.Kind),
        Column("title", Type.TEXT, _("Tên"), _("Tên của việc đã làm.")),
        Column(
            "campaign",
            Type.REFERENCE,
            _("Nội dung kế hoạch"),
            _("Nội dung kế hoạch mà việc này phục vụ."),
            get=lambda row: to_campaign(row.campaign),
            to="campaigns",
        ),
        agency_column(_("Cơ quan đã làm."), may_be_null=True),
        Column("happened_at", Type.MOMENT, _("Thời điểm"), _("Thời điểm việc đó được đăng hoặc trả lời.")),
    ),
    filters=EvidenceFilters,
    order=("-happened_at", "-pk"),
    changed=("happened_at",),
)
