"""How cases are handled, as numbers: each row one agency, field or kind in one period."""

import django_filters
from django.utils.translation import gettext_lazy as _

from feedback.models import Figure
from parcai.records.columns import agency_column, id_column, to_agency, to_topic, url_column
from parcai.records.filters import AgencyFilter, ChoiceFilter, FromDay, ToDay
from parcai.records.kinds import Column, Key, Kind, Type


class FigureFilters(django_filters.FilterSet):
    by = ChoiceFilter(choices=Figure.By.choices, says=_("Tính theo gì."), example="agency")
    agency = AgencyFilter()
    since = FromDay("starts_on", says=_("Kỳ bắt đầu từ ngày này."))
    until = ToDay("ends_on", says=_("Kỳ kết thúc không sau ngày này."))


def _count(name: str, label, says) -> Column:
    return Column(name, Type.INTEGER, label, says, may_be_null=True)


def _find(code: str) -> dict | None:
    return {"code": code} if code.isascii() and len(code) <= 40 and "\x00" not in code else None


CODE = Key(of=lambda row: row.code, find=_find)
CASE_FIGURES = Kind(
    name="case-figures",
    model=Figure,
    one=_("Số liệu giải quyết"),
    many=_("Số liệu giải quyết hồ sơ"),
    says=_(
        "Số hồ sơ tiếp nhận, trả lời, đúng hạn, số ngày và mức hài lòng theo kỳ, cơ quan, lĩnh vực, loại; không nêu số ít hơn 5, cả khi tính được từ các số khác."
    ),
    rows=lambda: Figure.objects.select_related("agency", "topic"),
    columns=(
        id_column(CODE),
        url_column(),
        Column("starts_on", Type.DATE, _("Từ ngày"), _("Ngày đầu của kỳ.")),
        Column("ends_on", Type.DATE, _("Đến ngày"), _("Ngày cuối của kỳ.")),
        Column("by", Type.TEXT, _("Tính theo"), _("Tính theo gì."), choices=Figure.By),
        Column("label", Type.TEXT, _("Tên"), _("Tên cơ quan, lĩnh vực hoặc loại hồ sơ lúc tính.")),
        agency_column(
            _("Cơ quan; trống khi tính theo thứ khác."),
            get=lambda row: to_agency(row.agency),
            may_be_null=True,
        ),
        Column(
            "topic",
            Type.REFERENCE,
            _("Lĩnh vực"),
            _("Lĩnh vực; trống khi tính theo thứ khác."),
            get=lambda row: to_topic(row.topic) if row.topic else None,
            to="topics",
            may_be_null=True,
        ),
        _count("received", _("Tiếp nhận"), _("Số hồ sơ nhận trong kỳ. Trống khi không nêu.")),
        _count("answered", _("Đã trả lời"), _("Số câu trả lời ký trong kỳ. Trống khi không nêu.")),
        _count(
            "on_time_percent",
            _("Đúng hạn (%)"),
            _("Phần trăm câu trả lời ký trước hoặc đúng hạn; trống khi ít hơn 5 câu."),
        ),
        Column(
            "median_days",
            Type.NUMBER,
            _("Số ngày ở giữa"),
            _("Một nửa số câu trả lời cần không quá chừng này ngày làm việc; trống khi ít hơn 5 câu."),
            may_be_null=True,
        ),
        _count("rated", _("Lượt đánh giá"), _("Số lượt đánh giá trong kỳ. Trống khi không nêu.")),
        Column(
            "satisfaction",
            Type.NUMBER,
            _("Điểm hài lòng"),
            _("Điểm trung bình từ 1 đến 5; trống khi ít hơn 5 lượt."),
            may_be_null=True,
        ),
        _count(
            "late",
            _("Đang quá hạn"),
            _("Hồ sơ quá hạn lúc tính, chỉ có ở kỳ cả năm nay. Trống khi không nêu."),
        ),
        Column("is_final", Type.BOOLEAN, _("Đã chốt"), _("true: năm đã hết, số không đổi nữa.")),
        Column("counted_at", Type.MOMENT, _("Tính lúc"), _("Thời điểm tính số liệu.")),
    ),
    filters=FigureFilters,
    order=("-starts_on", "pk"),
    key=CODE,
    changed=("counted_at",),
)
