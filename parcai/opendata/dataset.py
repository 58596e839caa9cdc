"""A kind of record as a data set: its dictionary, its rows in each format, and the words that go with them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import IO, Any

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcai.lib.exports import as_text, csv_parts, write_workbook, zip_parts
from parcai.records import Column, Kind, Reference, Type, kind_named
from parcai.records.kinds import absolute

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "zip": "application/zip",
}
TYPES = {
    Type.TEXT: gettext_lazy("chữ"),
    Type.HTML: gettext_lazy("HTML đã làm sạch"),
    Type.INTEGER: gettext_lazy("số nguyên"),
    Type.NUMBER: gettext_lazy("số"),
    Type.BOOLEAN: gettext_lazy("true hoặc false"),
    Type.DATE: gettext_lazy("ngày (năm-tháng-ngày)"),
    Type.MOMENT: gettext_lazy("thời điểm, giờ Việt Nam"),
    Type.ADDRESS: gettext_lazy("địa chỉ đầy đủ"),
    Type.LIST: gettext_lazy("danh sách"),
    Type.REFERENCE: gettext_lazy("mã của mục khác"),
}
Record = dict[str, Any]


def page_of(kind: Kind) -> str:
    return reverse("open-data-set", args=[kind.name])


def file_of(kind: Kind, ending: str) -> str:
    return reverse("open-data-file", args=[kind.name, f"{kind.name}.{ending}"])


# How much there is and since when ------------------------------------------------------------------------------


def summary(kind: Kind) -> dict[str, Any]:
    """How many rows everybody may read now, and when they last changed (None where nobody wrote it down)."""
    asked: dict[str, Any] = {"count": Count("pk")} | {f"newest_{name}": Max(name) for name in kind.changed}
    found = kind.rows().order_by().aggregate(**asked)
    moments = [found[f"newest_{name}"] for name in kind.changed if found[f"newest_{name}"]]
    return {"count": found["count"], "changed": max(moments) if moments else None}


def tag(kind: Kind, ending: str) -> str | None:
    """A weak ETag of a file made now; None for kinds that do not write down when they change.

    It covers the rows and, as far as they write it down, the records those rows name. The hour is in it for what
    changes without a trace, like the force of a document at midnight.
    """
    if not kind.changed:
        return None
    named = {column.to for column in kind.columns if column.to} - {kind.name}
    marks = [_mark(each) for each in (kind, *filter(None, map(kind_named, sorted(named))))]
    hour = timezone.localtime().strftime("%Y-%m-%d %H")
    mark = salted_hmac("open-data", f"{kind.name}.{ending} {marks} {hour}").hexdigest()[:32]
    return f'W/"{mark}"'


def _mark(kind: Kind) -> list[str]:
    asked: dict[str, Any] = {"count": Count("pk"), "sum": Sum("pk")}
    asked |= {f"newest_{name}": Max(name) for name in kind.changed}
    return [str(value) for value in kind.rows().order_by().aggregate(**asked).values()]


# Dictionary ----------------------------------------------------------------------------------------------------

DICTIONARY = ["cot", "ten", "kieu", "co_the_trong", "giai_thich"]


def dictionary(kind: Kind) -> list[list[str]]:
    """A line for each column: name, label, type, whether it may be empty, and what it says."""
    return [_entry(column) for column in kind.columns]


def _entry(column: Column) -> list[str]:
    type_, says = str(TYPES[column.type]), str(column.says)
    if isinstance(column.of, tuple):
        parts = "; ".join(f"{part.name} ({part.label})" for part in column.of)
        says += " " + _("Mỗi mục gồm: %s. Trong CSV và Excel các phần cách nhau bằng dấu |.") % parts
    elif column.of:
        type_ += f": {TYPES[column.of]}"
    if target := kind_named(column.to):
        says += " " + _("Mã tra trong bộ dữ liệu %s.") % target.name
    if column.choices:
        says += " " + "; ".join(f"{value}: {label}" for value, label in column.choices.choices) + "."
    if column.deprecated_on:
        says += " " + _("Không nên dùng nữa từ ngày %s.") % column.deprecated_on.isoformat()
        says += " " + _("Thay bằng %s.") % column.instead if column.instead else ""
    return [column.name, str(column.label), type_, _("có") if column.may_be_null else _("không"), says]


# Rows ----------------------------------------------------------------------------------------------------------


def records(kind: Kind, rows=None) -> Iterator[Record]:
    """What everybody may read at the moment each row is taken."""
    return (kind.record(row) for row in kind.walk(rows))


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Reference):
        return asdict(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def cells(kind: Kind, record: Record) -> list[Any]:
    """A record as one row of a table: references by their ids, lists in one cell."""
    return [_cell(column, record[column.name]) for column in kind.columns]


def _cell(column: Column, value: Any) -> Any:
    if column.type is Type.LIST:
        return "; ".join(_item(column, each) for each in value)
    return _id(value) if column.type is Type.REFERENCE else value


def _item(column: Column, value: Any) -> str:
    if isinstance(column.of, tuple):
        return " | ".join(as_text(value[part.name]) for part in column.of)
    return (_id(value) or "") if column.of is Type.REFERENCE else as_text(value)


def _id(value: Reference | dict | None) -> str | None:
    if value is None:
        return None
    return value["id"] if isinstance(value, dict) else value.id  # the first: read back from a frozen file


# Files ---------------------------------------------------------------------------------------------------------


def as_csv(kind: Kind, found: Iterable[Record]) -> Iterator[bytes]:
    return csv_parts([column.name for column in kind.columns], (cells(kind, each) for each in found))


def as_json(found: Iterable[Record]) -> Iterator[bytes]:
    """A list of records, one a line."""
    is_first = True
    for each in found:
        yield (b"[\n" if is_first else b",\n") + json.dumps(plain(each), ensure_ascii=False).encode()
        is_first = False
    yield b"[]\n" if is_first else b"\n]\n"


def write_xlsx(kind: Kind, file: IO[bytes]) -> None:
    names = [column.name for column in kind.columns]
    rows = (cells(kind, each) for each in records(kind))
    sheets = [(_("Dữ liệu"), names, rows), (_("Từ điển"), DICTIONARY, dictionary(kind))]
    write_workbook(file, sheets)


def as_zip(kind: Kind, *, at: datetime) -> Iterator[bytes]:
    """The rows as CSV and JSON, the dictionary and a word about them, made as it is sent."""
    return zip_parts(
        [
            ("README.txt", [readme(kind, at=at)]),
            ("tu-dien.csv", csv_parts(DICTIONARY, dictionary(kind))),
            (f"{kind.name}.csv", as_csv(kind, records(kind))),
            (f"{kind.name}.json", as_json(records(kind))),
        ],
        at=timezone.localtime(at),
    )


def licence_line() -> str:
    return " – ".join(filter(None, settings.DATA_LICENCE.values()))


def readme(kind: Kind, *, at: datetime, notes: Iterable[str] = ()) -> bytes:
    """What is in the package, for people."""
    lines = [
        str(kind.many).upper(),
        "",
        str(kind.says),
        "",
        *notes,
        _("Nguồn: %(agency)s, %(portal)s")
        % {"agency": settings.PUBLISHER["agency"], "portal": settings.PORTAL_NAME},
        _("Địa chỉ: %s") % absolute(page_of(kind)),
        _("Giấy phép: %s") % licence_line(),
        _("Tạo lúc: %s (giờ Việt Nam)") % timezone.localtime(at).strftime("%H:%M %d/%m/%Y"),
        "",
        _("CÁC TỆP"),
        _("%s.csv: bảng, mã chữ UTF-8, dòng đầu là tên cột, dấu phẩy ngăn cột.") % kind.name,
        _("%s.json: cùng nội dung, mỗi mục một dòng, danh sách và tham chiếu giữ nguyên.") % kind.name,
        _("tu-dien.csv: từ điển dữ liệu, mỗi cột một dòng."),
        "",
        _("CÁCH ĐỌC"),
        _("- Trong CSV, danh sách nằm trong một ô, cách nhau bằng dấu chấm phẩy; mục khác được ghi bằng mã."),
        _(
            "- Trong CSV, ô chữ bắt đầu bằng = + - @ có thêm một dấu ' ở đầu để phần mềm bảng tính không coi là"
        ),
        _("  công thức; ví dụ số +84 257 384 1234 được ghi là '+84 257 384 1234. Bỏ dấu ' đó khi dùng."),
        _("  JSON và Excel không có dấu này."),
        _("- Ngày theo dạng năm-tháng-ngày; thời điểm theo giờ Việt Nam (+07:00)."),
        "",
        _("CÁC CỘT"),
        *(f"- {name} ({label}): {type_}. {says}" for name, label, type_, _empty, says in dictionary(kind)),
    ]
    return ("\r\n".join(lines) + "\r\n").encode()
