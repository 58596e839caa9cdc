"""Whether an uploaded document is what its name says and brings nothing that runs by itself.

What is looked for: another kind of content, a lock or a password, macros and scripts, programs inside, parts loaded
from outside, and archives made to fill a disk. Nothing is unpacked to disk and no XML is parsed: entities of a DOCTYPE
are refused unread.

What is not promised: this is no virus scanner. A document may still carry a trap for one particular reader program,
hide a script in a part of a PDF that only such a program decodes (a stream inside an object stream, say), or attach a
file inside a PDF.
"""

from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parcai.lib.documents import package, pdf, words

ENDINGS = ("pdf", *package.MAIN_PART, *package.ODF)

# What people try most, with the way out.
HINTS = {
    "doc": _(
        "Tệp .doc kiểu cũ chưa nhận. Hãy mở bằng Word, chọn Lưu thành (Save As) “Word Document (.docx)”."
    ),
    "xls": _(
        "Tệp .xls kiểu cũ chưa nhận. Hãy mở bằng Excel, chọn Lưu thành (Save As) “Excel Workbook (.xlsx)”."
    ),
    "ppt": _(
        "Tệp .ppt kiểu cũ chưa nhận. Hãy mở bằng PowerPoint, chọn Lưu thành (Save As) “PowerPoint Presentation (.pptx)”."
    ),
    "rtf": _("Tệp .rtf chưa nhận. Hãy mở bằng Word, chọn Lưu thành (Save As) “Word Document (.docx)”."),
    **dict.fromkeys(
        ("docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm", "ppam"),
        _("Tệp có macro không được nhận. Hãy lưu thành .docx, .xlsx hoặc .pptx rồi tải lại."),
    ),
    **dict.fromkeys(
        ("zip", "rar", "7z", "gz", "tar"),
        _("Không nhận tệp nén. Hãy tải từng tệp bên trong, để người đọc thấy tên và mở được ngay."),
    ),
    **dict.fromkeys(
        ("jpg", "jpeg", "png", "webp", "heic", "gif"),
        _("Đây là ảnh. Hãy thêm ở Thư viện ảnh thay vì ở Kho tệp."),
    ),
}


def ending_of(name: str) -> str:
    """The ending of a kind we take. Raises ValidationError in words for anything else."""
    ending = name.rsplit(".", 1)[-1].strip().lower() if "." in name else ""
    if ending not in ENDINGS:
        hint = HINTS.get(ending) or _(
            "Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx) và ODF (.odt, .ods, .odp)."
        )
        raise words.refusal(hint, "kind")
    return ending


def check(file: IO[bytes], ending: str) -> None:
    """Raises ValidationError in words unless the open file is a clean document of that kind."""
    try:
        if ending == "pdf":
            pdf.check(file)
        else:
            package.check(file, ending)
    except ValidationError:
        raise
    except Exception as error:  # zipfile and zlib raise anything: BadZipFile, struct.error, KeyError …
        raise words.other_content() from error
