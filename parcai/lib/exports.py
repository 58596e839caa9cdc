"""Tables as files: CSV, workbooks and ZIP, written row by row, so that a hundred thousand rows need no more memory than one."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

BOM = "\ufeff".encode()  # tells Excel that the letters are UTF-8
STARTS_FORMULA = frozenset("=+-@\t\r\n")
INVISIBLE = " \u00a0\u200b\u200c\u200d\u2060\ufeff"  # spreadsheets skip them
LONGEST_CELL = 32_767  # characters; a workbook takes no more
CUT = " … (ô bị cắt; toàn văn ở tệp CSV hoặc JSON)"
Row = list[Any]


def guarded(text: str) -> str:
    """Text no spreadsheet takes for a formula: ' in front of what could begin one, also in full-width letters."""
    first = unicodedata.normalize("NFKC", text.lstrip(INVISIBLE)[:1])
    return f"'{text}" if first in STARTS_FORMULA and first else text


def as_text(value: Any) -> str:
    """A value as it stands in a text file: days and moments in ISO 8601, yes and no as true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


class _Line:
    """What csv.writer writes into: keeps the last line."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def csv_parts(header: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """A CSV file (RFC 4180, UTF-8 with its mark), a line at a time."""
    line = _Line()
    writer = csv.writer(line)
    yield BOM
    for row in chain([header], rows):
        writer.writerow([guarded(value) if isinstance(value, str) else as_text(value) for value in row])
        yield line.text.encode()


def write_workbook(file: IO[bytes], sheets: Iterable[tuple[str, Row, Iterable[Row]]]) -> None:
    """A workbook of (name, header, rows); text stays text, whatever it looks like."""
    book = Workbook(write_only=True)
    for name, header, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        titles = [_text_cell(sheet, title) for title in header]
        for title in titles:
            title.font = Font(bold=True)
        sheet.append(titles)
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def _cell(sheet, value: Any):
    if isinstance(value, str):
        return _text_cell(sheet, value)
    return (
        value.replace(tzinfo=None) if isinstance(value, datetime) else value
    )  # workbooks know no time zones


def _text_cell(sheet, value: str) -> Cell:
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(CUT)] + CUT
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # else "=1+1" would be a formula
    return cell


class _Sink:
    """What ZipFile writes into without going back: hands out what has come since."""

    def __init__(self):
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        found, self.parts = b"".join(self.parts), []
        return found


def zip_parts(members: Iterable[tuple[str, Iterable[bytes]]], *, at: datetime) -> Iterator[bytes]:
    """A ZIP file of (name, content), a part at a time."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as package:  # type: ignore[call-overload]
        for name, parts in members:
            entry = ZipInfo(name, at.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            with package.open(entry, "w", force_zip64=True) as member:
                for part in parts:
                    member.write(part)
                    if taken := sink.taken():
                        yield taken
    yield sink.taken()
