"""Files beside a case: checked before anything is kept, stored out of everybody's reach, deleted with what they hang on.

Pictures are decoded under a limit and written anew, so that neither the place they were taken nor anything hidden is
left; documents are checked by content and kept byte by byte (articles.images, articles.files).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.base import File as Upload
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from articles import files, images, sweeping
from feedback.models import Answer, Case, CaseEvent, CaseFile, Draft
from feedback.services.steps import TransitionError
from parcai.lib import documents
from parcai.lib.vietnamese import tidy

MOST_FILES = 5  # with one question, one reply, one answer
MOST_BYTES = 10 * 1024 * 1024
MOST_OF_ASKER = 20  # over the whole life of a case
ENDINGS = (*images.ACCEPTED, *documents.ENDINGS)


@dataclass(frozen=True)
class Checked:
    """An upload that passed, as it will be stored."""

    content: Upload
    name: str
    ending: str
    size: int
    sha256: str


def check(upload) -> Checked:
    """Raises ValidationError, in words for people, unless the upload is a picture or a clean document of a kind we take."""
    ending = upload.name.rsplit(".", 1)[-1].strip().lower() if "." in upload.name else ""
    if ending in {*images.ACCEPTED, "heic", "heif"}:
        return _picture(upload)
    if ending == "gif" or (ending not in ENDINGS and ending not in documents.HINTS):
        words = _(
            "Chỉ nhận ảnh JPEG, PNG, WebP; tệp PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx) và ODF."
        )
        raise ValidationError(words, code="kind")
    found = files.examine(upload, most=MOST_BYTES)
    return Checked(found.upload, found.name, found.ending, found.size, found.sha256)


def _picture(upload) -> Checked:
    content = images.encode(images.decode(upload, most=MOST_BYTES).pixels, "jpg")
    stem = tidy(upload.name).rsplit(".", 1)[0]
    name = files.tidy_name(f"{stem}.jpg", "jpg")
    return Checked(ContentFile(content), name, "jpg", len(content), hashlib.sha256(content).hexdigest())


@transaction.atomic
def attach(
    case: Case,
    checked: Sequence[Checked],
    *,
    event: CaseEvent | None = None,
    answer: Answer | None = None,
    by=None,
    side: str = "",
) -> list[CaseFile]:
    """Keep checked files with a case: the asker's (beside an event of theirs), or with `by` an official's. An official
    who keeps what the asker brought along to the counter says so by `side`.

    Raises TransitionError, in words, when they are too many; then none is kept.
    """
    if not checked:
        return []
    Case.objects.select_for_update().get(pk=case.pk)  # two sendings at once are counted one after the other
    side = side or (CaseFile.Side.OFFICIAL if by else CaseFile.Side.ASKER)
    others = CaseFile.objects.filter(case=case, side=side)
    _count(others.filter(event=event, answer=answer).count(), checked)
    if side == CaseFile.Side.ASKER:
        _count(others.count(), checked, most=MOST_OF_ASKER)
    return _keep(checked, case=case, event=event, answer=answer, side=side, uploaded_by=by)


@transaction.atomic
def attach_to_draft(draft: Draft, checked: Sequence[Checked]) -> list[CaseFile]:
    """Keep checked files with a question that is being written. Raises TransitionError when they are too many."""
    if not checked:
        return []
    found = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None or found.case_id is not None:  # thrown away or sent from another tab
        raise TransitionError(_("Câu này đã gửi hoặc đã xóa rồi nên không kèm thêm tệp ở đây được."))
    _count(found.files.count(), checked)
    return _keep(checked, draft=found, side=CaseFile.Side.ASKER)


def hand_over(draft: Draft, case: Case) -> None:
    """What hung on the draft hangs on the case now."""
    CaseFile.objects.filter(draft=draft).update(draft=None, case=case)


@transaction.atomic
def drop(found) -> int:
    """Delete files, given as a queryset: the rows now, the bytes once that is certain."""
    rows = list(found)
    names = [row.stored_name for row in rows]
    CaseFile.objects.filter(pk__in=[row.pk for row in rows]).delete()

    def forget() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(forget)
    return len(rows)


def sweep_files() -> int:
    """Delete bytes no row knows of: left where a transaction was rolled back or the process died."""
    return sweeping.sweep_folder(CaseFile, CaseFile.FOLDER)


def _count(so_far: int, checked: Sequence[Checked], most: int = MOST_FILES) -> None:
    if so_far + len(checked) > most:
        raise TransitionError(_("Kèm được tối đa %d tệp. Hãy bỏ bớt tệp không cần.") % most)


def _keep(checked: Sequence[Checked], **fields) -> list[CaseFile]:
    """Bytes and rows of all, or nothing."""
    kept: list[CaseFile] = []
    try:
        for each in checked:
            row = CaseFile(name=each.name, ending=each.ending, size=each.size, sha256=each.sha256, **fields)
            kept.append(row)
            each.content.seek(0)
            default_storage.save(row.stored_name, each.content)
            row.save(force_insert=True)
    except Exception:
        for row in kept:
            default_storage.delete(row.stored_name)
        raise
    return kept
