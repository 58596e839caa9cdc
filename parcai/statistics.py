"""How cases are handled (/thong-ke/): numbers for everybody, as a page, as files, and as the report of a year."""

from dataclasses import dataclass
from tempfile import TemporaryFile

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from feedback.models import Figure
from parcai.lib.exports import csv_parts, write_workbook
from parcai.lib.vietnamese import sort_key
from parcai.opendata.models import FrozenVersion
from parcai.records.figures import CASE_FIGURES

By = Figure.By
PERIODS = {
    "year": gettext_lazy("Cả năm"),
    "q1": gettext_lazy("Quý I"),
    "q2": gettext_lazy("Quý II"),
    "q3": gettext_lazy("Quý III"),
    "q4": gettext_lazy("Quý IV"),
}
TABLES = {
    By.KIND: gettext_lazy("Theo loại hồ sơ"),
    By.TOPIC: gettext_lazy("Theo lĩnh vực"),
    By.AGENCY: gettext_lazy("Theo cơ quan"),
}
COLUMNS = (
    "received",
    "answered",
    "on_time_percent",
    "median_days",
    "rated",
    "satisfaction",
    "late",
)
UNSAID = gettext_lazy("không nêu")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Period:
    year: int
    part: str = "year"

    @property
    def key(self) -> str:
        return str(self.year) if self.part == "year" else f"{self.year}-{self.part}"

    def __str__(self):
        name = str(PERIODS[self.part])
        return _("Năm %d") % self.year if self.part == "year" else f"{name} {_('năm')} {self.year}"


def read_period(text: str) -> Period | None:
    """A period as addresses write it: 2026 or 2026-q3."""
    year, _dash, part = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4) or (part or "year") not in PERIODS:
        return None
    if text.endswith("-") or part == "year":
        return None
    return Period(int(year), part or "year")


def figures_of(period: Period) -> dict[str, list[Figure]]:
    """The figures of a period by what they are counted by, in the order people read them; months of a whole year too."""
    parts = [period.part] if period.part != "year" else None
    rows = Figure.objects.filter(year=period.year).order_by()
    rows = rows.filter(period__in=parts) if parts else rows.exclude(period__startswith="q")
    found: dict[str, list[Figure]] = {"month": []}
    for row in rows:
        found.setdefault("month" if row.period.startswith("m") else row.by, []).append(row)
    for name, each in found.items():
        each.sort(key=lambda row: row.period if name == "month" else sort_key(row.label))
    return found


@require_safe
def statistics(request):
    """Any year or quarter there are figures of; without a choice, this year or the newest there is."""
    years = list(Figure.objects.order_by("-year").values_list("year", flat=True).distinct())
    asked = request.GET.get("ky", "")
    period = read_period(asked) if asked else Period(years[0] if years else timezone.localdate().year)
    is_known = period is not None and (period.year in years or not asked)
    if period is None or not is_known:
        period = Period(years[0] if years else timezone.localdate().year)
    context = _shown(period) | {
        "years": [{"year": year, "url": f"?ky={year}", "is_current": year == period.year} for year in years],
        "periods": [
            {
                "title": title,
                "url": f"?ky={Period(period.year, part).key}",
                "is_current": part == period.part,
            }
            for part, title in PERIODS.items()
        ],
        "unknown": asked if not is_known else "",
    }
    return render(request, "statistics.html", context)


@require_safe
def report(request, year):
    """The report of a year that has ended, as it was counted then."""
    period = Period(year)
    context = _shown(period)
    if context["whole"] is None or not context["whole"].is_final:
        raise Http404
    frozen = FrozenVersion.objects.filter(kind=CASE_FIGURES.name, year=year).first()
    return render(request, "statistics_report.html", context | {"frozen": frozen})


def _shown(period: Period) -> dict:
    found = figures_of(period)
    whole = next(iter(found.get(By.ALL, [])), None)
    has_late = bool(whole and period.part == "year" and not whole.is_final)
    return {
        "period": period,
        "whole": whole,
        "has_late": has_late,
        "months": found["month"],
        "chart": chart(found["month"]),
        "chart_says": chart_says(found["month"]),
        "tables": [
            {"title": title, "name": str(By(by).label), "id": f"theo-{by}", "rows": found.get(by, [])}
            for by, title in TABLES.items()
        ],
        "files": [
            {"title": ending.upper(), "url": reverse("statistics-file", args=[f"{period.key}.{ending}"])}
            for ending in TYPES
        ],
        "open_data": reverse("open-data-set", args=[CASE_FIGURES.name]),
        "reports": [
            {"year": year, "url": reverse("statistics-report", args=[year])}
            for year in Figure.objects.filter(is_final=True, by=By.ALL, period="year")
            .order_by("-year")
            .values_list("year", flat=True)
        ],
    }


# Files ---------------------------------------------------------------------------------------------------------


@require_safe
def statistics_file(request, file):
    """All figures of a period as one table."""
    name, _dot, ending = file.rpartition(".")
    period = read_period(name)
    if period is None or ending not in TYPES:
        raise Http404
    found = figures_of(period)
    rows = [row for by in (By.ALL, "month", *TABLES) for row in found.get(by, [])]
    if not rows:
        raise Http404
    titles = {each.name: str(each.verbose_name) for each in Figure._meta.concrete_fields}
    header = [titles[name] for name in ("by", "label", "starts_on", "ends_on", *COLUMNS, "counted_at")]
    cells = [_cells(row) for row in rows]
    headers = {
        "Content-Disposition": f'attachment; filename="thong-ke-{file}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
    if ending == "csv":
        return StreamingHttpResponse(csv_parts(header, cells), headers=headers, content_type=TYPES[ending])
    book = TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_workbook(book, [(_("Số liệu"), header, cells), (_("Cách tính"), [_("Cách tính")], METHOD)])
    book.seek(0)
    return FileResponse(book, headers=headers, content_type=TYPES[ending])


def _cells(row: Figure) -> list:
    counts = [_said(row, name) for name in COLUMNS]
    return [
        row.get_by_display(),
        row.label,
        row.starts_on,
        row.ends_on,
        *counts,
        timezone.localtime(row.counted_at),
    ]


def _said(row: Figure, name: str):
    if name == "late" and (row.period != "year" or row.is_final):
        return ""
    value = getattr(row, name)
    return str(UNSAID) if value is None else value


METHOD = [
    [_line]
    for _line in (
        "Tiếp nhận: hồ sơ cổng nhận trong kỳ, mọi nguồn. Đã trả lời: câu trả lời thủ trưởng ký trong kỳ, kể cả lần trả lời lại.",
        "Đúng hạn: ký không muộn hơn hạn của hồ sơ lúc ký, đã tính thời gian tạm dừng và gia hạn.",
        "Số ngày ở giữa: một nửa số câu trả lời cần không quá chừng đó ngày làm việc.",
        "Hài lòng: điểm trung bình từ 1 đến 5 sao do người gửi đánh giá trong kỳ.",
        "Không nêu con số ít hơn 5, và không nêu thêm những số mà lấy tổng trừ đi sẽ ra con số ít hơn 5. Tỷ lệ, số ngày và điểm chỉ nêu khi có từ 5 câu trả lời hoặc lượt đánh giá.",
        "Hồ sơ không công khai (khiếu nại, tố cáo chuyển cơ quan có thẩm quyền) không tính vào đây.",
        "Số của năm đã hết được chốt và không đổi nữa.",
    )
]


# Chart ---------------------------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 240, 44, 26, 12
MOST_BARS = 12


def chart(months: list[Figure]) -> dict | None:
    """Received and answered by month as bars, drawn from numbers that are said; None where there are none."""
    most = max([row.received or 0 for row in months] + [row.answered or 0 for row in months], default=0)
    if not most:
        return None
    step = (WIDTH - LEFT) / MOST_BARS
    room = HEIGHT - BOTTOM - TOP
    bars = []
    for row in months:
        at = LEFT + (int(row.period[1:]) - 1) * step
        for place, name in enumerate(("received", "answered")):
            value = getattr(row, name) or 0
            tall = round(room * value / most, 1)
            bars.append(
                {
                    "kind": name,
                    "x": round(at + step * (0.14 + 0.37 * place)),
                    "y": round(HEIGHT - BOTTOM - tall),
                    "width": round(step * 0.33),
                    "height": max(round(tall), 1 if value else 0),
                }
            )
    labels = [{"x": round(LEFT + (n + 0.5) * step), "text": f"T{n + 1}"} for n in range(MOST_BARS)]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "base": HEIGHT - BOTTOM,
        "left": LEFT,
        "top": TOP,
        "most": most,
        "bars": bars,
        "labels": labels,
    }


def chart_says(months: list[Figure]) -> str:
    """What the chart shows, in a sentence."""
    said = [row for row in months if row.received]
    if not said:
        return ""
    top = max(said, key=lambda row: row.received or 0)
    low = min(said, key=lambda row: row.received or 0)
    words = _("Tháng %(top)d nhận nhiều nhất (%(most)d hồ sơ), tháng %(low)d ít nhất (%(least)d hồ sơ).")
    return words % {
        "top": top.starts_on.month,
        "most": top.received,
        "low": low.starts_on.month,
        "least": low.received,
    }
