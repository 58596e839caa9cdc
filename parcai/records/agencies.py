"""Agencies with who leads them and how to reach them, and the calendar deadlines are counted by."""

from datetime import date

import django_filters
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Leader, WorkCalendarDay, by_rank
from parcai.lib.listfilters import FIRST_YEAR, LAST_YEAR
from parcai.records.columns import AGENCY, id_column, to_agency, url_column
from parcai.records.filters import DAY, AgencyFilter, BooleanFilter, ChoiceFilter, FromDay, ToDay
from parcai.records.kinds import Card, Column, Key, Kind, Search, Tab, Type


class AgencyFilters(django_filters.FilterSet):
    kind = ChoiceFilter(choices=Agency.Kind.choices, says=_("Loại cơ quan."), example="so")
    level = ChoiceFilter(choices=Agency.Level.choices, says=_("Cấp."), example="tinh")
    parent = AgencyFilter("parent", says=_("Chỉ những cơ quan trực thuộc cơ quan này: mã của cơ quan."))
    is_current = BooleanFilter(
        method="still_there", says=_("true: đang hoạt động hôm nay; false: đã thôi hoặc chưa hoạt động.")
    )

    def still_there(self, queryset, _name, value):
        current = Agency.objects.current().values("pk")
        return queryset.filter(pk__in=current) if value else queryset.exclude(pk__in=current)


def _while_current(name: str):
    """What an agency's page shows only while the agency works: nobody shall call a number of before."""
    return lambda row: getattr(row, name) or None if row.is_current else None


def _contact(name: str, label, says, type_: Type = Type.TEXT) -> Column:
    return Column(name, type_, label, says, get=_while_current(name), may_be_null=True)


def _related(name: str, label, says) -> Column:
    return Column(
        name,
        Type.LIST,
        label,
        says,
        get=lambda row: [to_agency(each) for each in getattr(row, name).all()],
        of=Type.REFERENCE,
        to="agencies",
    )


def _agency_card(agency) -> Card:
    text = "\n".join(each for each in (agency.duties, agency.reception, agency.address) if each)
    note = _("không còn hoạt động") if agency.has_ended else ""
    return Card(agency.name, agency.get_absolute_url(), text, note=str(note))


AGENCIES = Kind(
    search=Search(
        record="agency",
        indexed=lambda: Agency.objects.prefetch_related("leaders"),
        shown=lambda: Agency.objects.all(),
        card=_agency_card,
        tabs=(Tab("agency", "co-quan", _("Cơ quan"), _("Cơ quan"), is_favoured=True),),
    ),
    name="agencies",
    model=Agency,
    one=_("Cơ quan"),
    many=_("Cơ quan"),
    says=_("Danh bạ cơ quan hôm nay và trước đây: nhiệm vụ, lãnh đạo, liên hệ, cơ quan kế thừa."),
    rows=lambda: Agency.objects.select_related("parent").prefetch_related(
        "successors", "predecessors", Prefetch("leaders", Leader.objects.current(), to_attr="in_office")
    ),
    columns=(
        id_column(AGENCY),
        url_column(),
        Column("name", Type.TEXT, _("Tên"), _("Tên cơ quan.")),
        Column("kind", Type.TEXT, _("Loại"), _("Loại cơ quan."), choices=Agency.Kind),
        Column("level", Type.TEXT, _("Cấp"), _("Cấp hành chính."), choices=Agency.Level),
        Column(
            "unit_code",
            Type.TEXT,
            _("Mã đơn vị hành chính"),
            _("Mã đơn vị hành chính theo danh mục thống kê; trống khi không có."),
            get=lambda row: row.gso_code,
        ),
        Column(
            "parent",
            Type.REFERENCE,
            _("Trực thuộc"),
            _("Cơ quan cấp trên trực tiếp."),
            get=lambda row: to_agency(row.parent),
            to="agencies",
            may_be_null=True,
        ),
        Column(
            "valid_from",
            Type.DATE,
            _("Hoạt động từ"),
            _("Ngày bắt đầu hoạt động, nếu biết."),
            may_be_null=True,
        ),
        Column(
            "valid_from_precision",
            Type.TEXT,
            _("Độ chính xác ngày bắt đầu"),
            _("Biết rõ ngày hay chỉ biết năm (khi đó ngày và tháng không có nghĩa)."),
            choices=Agency.Precision,
        ),
        Column(
            "valid_to",
            Type.DATE,
            _("Hoạt động đến hết"),
            _("Ngày cuối hoạt động; trống khi chưa thôi."),
            may_be_null=True,
        ),
        Column(
            "valid_to_precision",
            Type.TEXT,
            _("Độ chính xác ngày kết thúc"),
            _("Biết rõ ngày hay chỉ biết năm (khi đó ngày và tháng không có nghĩa)."),
            choices=Agency.Precision,
        ),
        Column("is_current", Type.BOOLEAN, _("Đang hoạt động"), _("Hôm nay có hoạt động không.")),
        Column(
            "is_answering",
            Type.BOOLEAN,
            _("Nhận câu hỏi"),
            _("Người dân có hỏi được thủ trưởng cơ quan này hôm nay không."),
        ),
        Column(
            "duties", Type.TEXT, _("Chức năng, nhiệm vụ"), _("Chức năng, nhiệm vụ; trống khi chưa công bố.")
        ),
        _contact("address", _("Trụ sở"), _("Địa chỉ trụ sở; chỉ khi đang hoạt động.")),
        _contact("phone", _("Điện thoại"), _("Điện thoại; chỉ khi đang hoạt động.")),
        _contact("email", _("Thư điện tử"), _("Thư điện tử; chỉ khi đang hoạt động.")),
        _contact(
            "website",
            _("Trang thông tin"),
            _("Trang thông tin điện tử; chỉ khi đang hoạt động."),
            Type.ADDRESS,
        ),
        _contact("reception", _("Lịch tiếp công dân"), _("Lịch tiếp công dân; chỉ khi đang hoạt động.")),
        Column(
            "leaders",
            Type.LIST,
            _("Lãnh đạo"),
            _("Lãnh đạo đang giữ chức, người đứng đầu trước; chỉ khi cơ quan đang hoạt động."),
            get=lambda row: by_rank(row.in_office) if row.is_current else [],
            of=(
                Column("full_name", Type.TEXT, _("Họ và tên"), _("Họ và tên.")),
                Column("position", Type.TEXT, _("Chức vụ"), _("Chức vụ.")),
                Column("is_head", Type.BOOLEAN, _("Người đứng đầu"), _("Có phải người đứng đầu không.")),
                Column("field", Type.TEXT, _("Phụ trách"), _("Lĩnh vực phụ trách; trống khi chưa công bố.")),
                Column("phone", Type.TEXT, _("Điện thoại"), _("Điện thoại công vụ đã công bố.")),
                Column("email", Type.TEXT, _("Thư điện tử"), _("Thư công vụ đã công bố.")),
                Column("source", Type.TEXT, _("Nguồn"), _("Văn bản hoặc trang đã công bố.")),
            ),
        ),
        _related("successors", _("Cơ quan kế thừa"), _("Các cơ quan tiếp nhận công việc của cơ quan này.")),
        _related("predecessors", _("Tiếp nhận từ"), _("Các cơ quan mà cơ quan này tiếp nhận công việc.")),
        Column("source", Type.TEXT, _("Nguồn"), _("Nơi lấy thông tin về cơ quan; trống khi chưa công bố.")),
    ),
    filters=AgencyFilters,
    order=("code",),
    key=AGENCY,
)


def _by_day(text: str) -> dict | None:
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None
    return {"on": day} if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


DAY_KEY = Key(of=lambda row: row.on.isoformat(), find=_by_day)


class CalendarFilters(django_filters.FilterSet):
    since = FromDay("on", says=_("Từ ngày này."))
    until = ToDay("on", says=_("Đến hết ngày này."))
    is_working = BooleanFilter(field_name="is_working", says=_("true: ngày làm bù; false: ngày nghỉ."))


CALENDAR_DAYS = Kind(
    name="calendar-days",
    model=WorkCalendarDay,
    one=_("Ngày trong lịch làm việc"),
    many=_("Lịch làm việc"),
    says=_(
        "Những ngày khác với tuần làm việc thường: ngày nghỉ lễ và ngày làm bù, dùng để tính hạn trả lời."
    ),
    rows=lambda: WorkCalendarDay.objects.all(),
    columns=(
        id_column(DAY_KEY),
        Column("on", Type.DATE, _("Ngày"), _("Ngày theo dương lịch.")),
        Column("is_working", Type.BOOLEAN, _("Làm việc"), _("Là ngày làm việc hay ngày nghỉ.")),
        Column("name", Type.TEXT, _("Tên ngày"), _("Ngày gì.")),
        Column("basis", Type.TEXT, _("Căn cứ"), _("Văn bản quy định.")),
    ),
    filters=CalendarFilters,
    order=("on",),
    key=DAY_KEY,
)
