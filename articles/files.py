"""Uploaded files for download: checked by content (parcai/lib/documents), kept byte by byte under a name of our own."""

import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File as Upload
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from articles.models import File
from parcai.lib import documents, html
from parcai.lib.vietnamese import tidy

LONGEST_NAME = 200
NOT_IN_A_NAME = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
# Names a Windows machine keeps for its devices, whatever the ending.
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Examined:
    """An upload that passed: what is written down about it, and the open file itself."""

    upload: Upload
    name: str
    ending: str
    size: int
    sha256: str


def allowed() -> str:
    """What is taken, in words for the form."""
    return _("PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), ODF (.odt, .ods, .odp); tối đa %s.") % (
        filesizeformat(settings.FILE_MAX_BYTES)
    )


def tidy_name(name: str, ending: str) -> str:
    """The name for the reader's machine: no folder, no marks that cannot be seen, nothing a system stumbles over."""
    name = NOT_IN_A_NAME.sub(" ", tidy(re.split(r"[/\\]", name)[-1].replace("\n", " ")))
    stem = " ".join(name[: -len(ending) - 1].split()).strip(". ") if "." in name else ""
    stem = stem[: LONGEST_NAME - len(ending) - 1].rstrip(". ")
    if not stem or DEVICE.match(stem):
        stem = f"tep {stem}".strip()
    return f"{stem}.{ending}"


def examine(upload, *, most: int | None = None) -> Examined:
    """Raises ValidationError (in words for people) unless the upload is a clean document of at most `most` bytes."""
    most = most or settings.FILE_MAX_BYTES
    ending = documents.ending_of(tidy(upload.name))
    if not upload.size:
        raise ValidationError(str(_("Tệp trống. Hãy kiểm tra lại tệp trên máy.")), code="empty")
    if upload.size > most:
        limit = filesizeformat(most)
        raise ValidationError(
            str(_("Tệp nặng quá %s. Hãy nén ảnh bên trong hoặc chia nhỏ.") % limit), code="too_big"
        )
    documents.check(upload.file, ending)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return Examined(upload, tidy_name(upload.name, ending), ending, upload.size, digest.hexdigest())


def store(upload, *, title: str, by) -> File:
    """Add an uploaded file to the library. Raises ValidationError as `examine` does."""
    return keep(examine(upload), title=title, by=by)


def keep(examined: Examined, *, title: str, by) -> File:
    """Add an examined file to the library: its bytes and its row, or nothing."""
    found = File(
        title=title,
        original_name=examined.name,
        ending=examined.ending,
        size=examined.size,
        sha256=examined.sha256,
        uploaded_by=by,
    )
    examined.upload.seek(0)
    try:
        default_storage.save(found.stored_name, examined.upload)
        with transaction.atomic():
            found.save()
    except Exception:
        default_storage.delete(found.stored_name)
        raise
    return found


def no_longer_kept(body: str) -> list[str]:
    """The words of a body's links to files the library does not have, or has no more."""
    kept = {str(pk) for pk in File.objects.filter(pk__in=html.file_ids(body)).values_list("pk", flat=True)}
    return [words for address, words in html.links(body) if not html.file_ids(address) <= kept]


@transaction.atomic
def remove(file: File) -> None:
    """Take a file out of the library. Raises ValidationError while something offers it, published or not."""
    File.objects.select_for_update().get(pk=file.pk)
    if file.used_in():
        raise ValidationError(str(_("Tệp đang được dùng nên chưa xóa được.")), code="in_use")
    name = file.stored_name
    file.delete()
    transaction.on_commit(lambda: default_storage.delete(name))
