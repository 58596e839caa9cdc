"""OOXML and ODF: archives of a sane size without locks, macros, programs or parts from elsewhere."""

import re
import struct
import zipfile
from html import unescape
from tempfile import SpooledTemporaryFile
from typing import IO

from django.utils.translation import gettext_lazy as _

from parcai.lib.documents import words

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PART = {
    "docx": f"{OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{OFFICE}presentationml.presentation.main+xml",
}
ODF = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
CHUNK = 1024 * 1024
MOST_ENTRIES = 5_000
MOST_DIRECTORY = 2 * 1024 * 1024  # bytes of the list of entries, read before anything else
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 250  # the deflate of empty table cells reaches a hundred
SMALL = 8 * 1024 * 1024  # what may be packed as tightly as it likes
DESCRIPTOR = 24  # bytes that may follow an entry
DIRECTORY_END = 22  # bytes of the record every archive ends with
PROGRAMS = frozenset(
    "exe com scr pif cpl dll sys msi msp bat cmd ps1 vbs vbe js jse wsf wsh hta jar lnk reg scf url sh php py pl rb "
    "docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam".split()
)
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_PARTS = re.compile(
    r"(^|/)(vbaproject|vbadata)[^/]*$|^(basic|scripts)/|(^|/)(activex|macrosheets)/", re.IGNORECASE
)
# In an OLE file, where names are UTF-16: the project of macros, and a packed file of any kind.
OLE_MACRO, OLE_FILE = (word.encode("utf-16-le") for word in ("_VBA_PROJECT", "Ole10Native"))
MACRO_TYPE = re.compile(r"macroEnabled|macrosheet|vbaProject", re.IGNORECASE)
DOCTYPE = (b"<!DOCTYPE", b"<!ENTITY")
SCRIPT_MARKS = (b"vnd.sun.star.script", b"ddeService=")  # an event of ODF; a cell that starts a program
OUTSIDE_PART = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
LOADED = re.compile(
    r"""Type\s*=\s*["'][^"']*/(?:attachedTemplate|oleObject|frame|subDocument)["']""", re.IGNORECASE
)
FAR = re.compile(
    r"""Target\s*=\s*["']\s*(?:https?:|ftp:|mhtml:|\\\\|//|file:/{0,4}\\\\|file://[^/])""", re.IGNORECASE
)


def check(file: IO[bytes], ending: str) -> None:
    file.seek(0)
    if file.read(len(OLE)) == OLE:  # Word keeps a document with a password, and its old kind, in this shape
        raise words.refusal(
            _(
                "Tệp đang đặt mật khẩu hoặc là kiểu Word, Excel, PowerPoint cũ. Hãy bỏ mật khẩu, lưu thành .%s rồi tải lại."
            )
            % ending,
            "locked",
        )
    with _opened(file) as package:
        _look_into(package, left=[MOST_UNPACKED], depth=0)
        names = package.namelist()
        if ending in MAIN_PART:
            types = _text(package, "[Content_Types].xml")
            if f'"{MAIN_PART[ending]}"' not in types.replace("'", '"'):
                raise words.other_content()
        else:
            if names[0] != "mimetype" or _text(package, "mimetype") != ODF[ending]:
                raise words.other_content()
            if "content.xml" not in names or "META-INF/manifest.xml" not in names:
                raise words.other_content()
            if "encryption-data" in _text(package, "META-INF/manifest.xml"):
                raise words.locked()


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive, after its list of entries was found to be of a sane size and to end the file."""
    size = file.seek(0, 2)
    file.seek(0)
    starts = file.read(4)
    file.seek(max(0, size - DIRECTORY_END - 20))
    locator, end = file.read(20), file.read()
    if (
        starts != b"PK\x03\x04"
        or len(end) != DIRECTORY_END
        or end[:4] != b"PK\x05\x06"
        or end[20:] != b"\0\0"
    ):
        raise words.other_content()
    length, begin = int.from_bytes(end[12:16], "little"), int.from_bytes(end[16:20], "little")
    if length > MOST_DIRECTORY:
        raise words.bomb()
    # Anything before, between or behind would be another file in the same bytes; nor do we need the form for giants.
    if begin + length + DIRECTORY_END != size or locator[:4] == b"PK\x06\x07":
        raise words.other_content()
    package = zipfile.ZipFile(file)
    if package.start_dir != begin:
        raise words.other_content()
    return package


def _look_into(package: zipfile.ZipFile, *, left: list[int], depth: int) -> None:
    """Reads every entry once. `left` is what may still be unpacked, shared with packages inside."""
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES:
        raise words.bomb()
    if any(entry.flag_bits & 0x41 for entry in entries):
        raise words.locked()
    _check_places(package)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise words.other_content()
    for entry in entries:
        _check_name(entry)
        if entry.file_size > SMALL and entry.file_size > entry.compress_size * MOST_RATIO:
            raise words.bomb()
        left[0] -= entry.file_size
        if left[0] < 0:
            raise words.bomb()
    for entry in entries:
        _check_entry(package, entry, left=left, depth=depth)


def _check_places(package: zipfile.ZipFile) -> None:
    """Entries lie one behind the other: neither over one another (a bomb) nor with something else in between."""
    end, file = 0, package.fp
    if file is None:
        raise ValueError("the package is closed")
    for entry in sorted(package.infolist(), key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise words.bomb()
        if entry.header_offset > end + DESCRIPTOR:
            raise words.other_content()
        file.seek(entry.header_offset + 26)
        name, extra = struct.unpack("<HH", file.read(4))
        end = entry.header_offset + 30 + name + extra + entry.compress_size
    if not end <= package.start_dir <= end + DESCRIPTOR:
        raise words.other_content()


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if (
        entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        or re.search(r"[\x00-\x1f\\:]", name)
        or name.startswith("/")
        or ".." in name.split("/")
    ):
        raise words.other_content()
    if MACRO_PARTS.search(name):
        raise words.macro()
    if name.rsplit(".", 1)[-1].lower() in PROGRAMS:
        raise words.program()


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, *, left: list[int], depth: int) -> None:
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    if entry.filename.lower().endswith(".rels"):
        _check_relations(_text(package, entry.filename))
    elif entry.filename == "[Content_Types].xml" and MACRO_TYPE.search(_text(package, entry.filename)):
        raise words.macro()
    with package.open(entry) as content, SpooledTemporaryFile(max_size=2 * CHUNK) as inner:
        first = kept = b""
        while chunk := content.read(CHUNK):
            first = first or chunk[:8]
            if first.startswith(PROGRAM_STARTS):
                raise words.program()
            seen = kept + chunk
            if is_xml:
                text = seen.replace(b"\0", b"")  # UTF-16 hides no word either
                if any(word in text for word in DOCTYPE):
                    raise words.other_content()
                if any(mark in text for mark in SCRIPT_MARKS):
                    raise words.macro()
            if first == OLE and OLE_MACRO in seen:
                raise words.macro()
            if first == OLE and OLE_FILE in seen:
                raise words.program()
            if first.startswith(b"PK\x03\x04"):
                if depth:  # a chart brings its table along; more layers than that is no document
                    raise words.bomb()
                inner.write(chunk)
            kept = seen[-64:]
        if first.startswith(b"PK\x03\x04"):
            with _opened(inner) as package_inside:
                _look_into(package_inside, left=left, depth=depth + 1)


def _text(package: zipfile.ZipFile, name: str) -> str:
    """A small part as text, its character references read as any reader of XML would."""
    if package.getinfo(name).file_size > 4 * CHUNK:
        raise words.bomb()
    return unescape(package.read(name).decode("utf-8-sig"))


def _check_relations(text: str) -> None:
    if "vbaproject" in text.lower():
        raise words.macro()
    for relation in OUTSIDE_PART.findall(text):
        if LOADED.search(relation) and FAR.search(relation):
            raise words.refusal(
                _("Tệp tự tải mẫu hoặc đối tượng từ địa chỉ khác khi mở. Hãy bỏ liên kết đó rồi tải lại."),
                "outside",
            )
