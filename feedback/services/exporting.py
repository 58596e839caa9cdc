"""Lists of cases that officials take away: masked unless they may and say why, counted, logged, gone after some days."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import DESK_ROLES, Role
from feedback.models import Case, ExportJob
from feedback.services.steps import TransitionError
from notifications.services import notify_official
from parcai.lib import personal
from parcai.lib.exports import csv_parts, write_workbook

logger = logging.getLogger(__name__)
State = ExportJob.State

AT_ONCE = 2_000  # more rows are written by the worker
MOST = 50_000
KEPT = timedelta(days=7)
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
CHUNK = 500
HEADER = (
    "Mã hồ sơ",
    "Loại",
    "Tình trạng",
    "Tiêu đề",
    "Cơ quan",
    "Người thụ lý",
    "Nguồn",
    "Nhận lúc",
    "Hạn trả lời",
    "Trả lời lúc",
    "Quá hạn",
    "Đánh giá",
)
HEADER_OF_ASKER = ("Nội dung", "Người gửi là", "Họ và tên", "Thư điện tử", "Điện thoại", "Nơi ở")


def may_export_unmasked(user: User) -> bool:
    return user.has_role(Role.COORDINATOR, Role.HEAD)


def exports_left(user: User) -> int:
    """How many more lists an official may take away today."""
    since = timezone.now() - timedelta(days=1)
    return max(settings.EXPORTS_A_DAY - ExportJob.objects.filter(by=user, asked_at__gte=since).count(), 0)


def ask_for_export(
    ids: list[int], *, by: User, queue: str, ending: str, is_unmasked: bool = False, reason: str = ""
) -> ExportJob:
    """Note which cases are taken away and why. A short list is made at once, a long one by the worker."""
    if not by.has_role(*DESK_ROLES):
        raise TransitionError(_("Bạn không có quyền xuất hồ sơ."))
    if is_unmasked and not may_export_unmasked(by):
        raise TransitionError(_("Chỉ điều phối viên và thủ trưởng được xuất thông tin người gửi."))
    if is_unmasked and not reason.strip():
        raise TransitionError(_("Hãy ghi lý do cần thông tin người gửi."))
    if not ids:
        raise TransitionError(_("Không có hồ sơ nào để xuất."))
    if len(ids) > MOST:
        raise TransitionError(_("Mỗi lần xuất nhiều nhất %d hồ sơ. Hãy thu hẹp danh sách.") % MOST)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two presses are counted one after the other
        if not exports_left(by):
            raise TransitionError(
                _("Bạn đã xuất %d lần trong 24 giờ. Hãy chờ thêm.") % settings.EXPORTS_A_DAY
            )
        job = ExportJob.objects.create(
            by=by,
            agency=by.agency,
            queue=queue,
            ending=ending,
            is_unmasked=is_unmasked,
            reason=reason,
            count=len(ids),
            ids=ids,
        )
    if len(ids) <= AT_ONCE:
        _make(job)
    return job


def make_exports() -> int:
    """Write the lists that wait; each by one worker, and again when that worker died."""
    made = 0
    for job in list(_free().select_related("by")[:5]):
        made += _make(job, tell=True)
    return made


def _free():
    return ExportJob.objects.waiting().filter(Q(leased_until=None) | Q(leased_until__lt=timezone.now()))


def _make(job: ExportJob, *, tell: bool = False) -> bool:
    taken = _free().filter(pk=job.pk, attempts=job.attempts)
    if not taken.update(attempts=F("attempts") + 1, leased_until=timezone.now() + LEASE):
        return False
    job.refresh_from_db()
    try:
        count, name, digest = _write(job)
    except Exception:
        logger.exception("export %s failed", job.pk)
        if job.attempts >= MOST_ATTEMPTS:
            ExportJob.objects.filter(pk=job.pk).update(state=State.FAILED, ids=[])
        return False
    now = timezone.now()
    done = ExportJob.objects.waiting().filter(pk=job.pk, attempts=job.attempts)
    changes = {"state": State.READY, "ready_at": now, "expires_at": now + KEPT, "count": count, "ids": []}
    with transaction.atomic():
        if not done.update(stored_name=name, sha256=digest, leased_until=None, **changes):
            default_storage.delete(name)  # another worker was quicker
            return False
        if tell:
            notify_official(
                job.by,
                "export_ready",
                {"count": count, "path": reverse("feedback:export-list")},
                dedupe_key=f"export_ready:{job.pk}",
            )
    job.refresh_from_db()
    return True


def _write(job: ExportJob) -> tuple[int, str, str]:
    """Rows written, name in the storage, SHA-256. What the official may no longer see is left out."""
    is_unmasked = job.is_unmasked and may_export_unmasked(job.by)
    counter = [0]
    header = [*HEADER, *(HEADER_OF_ASKER if is_unmasked else ())]
    rows = _rows(job, counter, is_unmasked=is_unmasked)
    with TemporaryFile() as file:
        if job.ending == ExportJob.Ending.XLSX:
            write_workbook(file, [(_("Hồ sơ"), header, rows), (_("Về tệp này"), ["", ""], _about(job))])
        else:
            for part in csv_parts(header, rows):
                file.write(part)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        name = default_storage.save(f"{ExportJob.FOLDER}/{job.pk}.{job.ending}", File(file))
    return counter[0], name, digest


def _rows(job: ExportJob, counter: list[int], *, is_unmasked: bool) -> Iterator[list]:
    visible = Case.objects.visible_to(job.by).select_related("agency", "officer")
    today = timezone.localdate()
    for start in range(0, len(job.ids), CHUNK):
        part = job.ids[start : start + CHUNK]
        found = visible.in_bulk(part)
        for case in (found[pk] for pk in part if pk in found):
            counter[0] += 1
            yield _row(case, today, is_unmasked=is_unmasked)


def _row(case: Case, today, *, is_unmasked: bool) -> list:
    known = [*case.known_of_asker(), ("tên người gửi", case.asker_name)]
    title = case.title if is_unmasked else personal.mask(case.title, known)
    row = [
        case.code,
        case.get_kind_display(),
        case.get_status_display(),
        title,
        str(case.agency or ""),
        str(case.officer or ""),
        case.get_source_display(),
        timezone.localtime(case.received_at),
        case.due_on,
        timezone.localtime(case.answered_at) if case.answered_at else "",
        _("có") if case.is_open and not case.is_paused and case.due_on < today else "",
        case.rating if case.rating is not None else "",
    ]
    if is_unmasked:
        row += [
            case.text,
            case.get_asker_kind_display(),
            case.asker_name,
            case.asker_email,
            case.asker_phone,
            case.asker_address,
        ]
    return row


def _about(job: ExportJob) -> list[list]:
    """Who took the list away, in the file itself."""
    return [
        [_("Người xuất"), str(job.by)],
        [_("Lúc"), timezone.localtime(job.asked_at)],
        [_("Hàng việc"), job.queue],
        [_("Lý do"), job.reason],
        [_("Mã lượt xuất"), str(job.pk)],
    ]


def expire_exports() -> int:
    """Delete the files whose days are over; the row stays as the journal."""
    over = ExportJob.objects.filter(state=State.READY, expires_at__lte=timezone.now())
    gone = 0
    for job in over:
        default_storage.delete(job.stored_name)
        gone += ExportJob.objects.filter(pk=job.pk, state=State.READY).update(
            state=State.EXPIRED, stored_name=""
        )
    return gone


def may_fetch(job: ExportJob, user: User) -> bool:
    """Whoever asked for it, while they have the same agency and still hold the role it needs."""
    still_may = may_export_unmasked(user) if job.is_unmasked else user.has_role(*DESK_ROLES)
    return job.by_id == user.pk and job.agency_id == user.agency_id and still_may and job.may_be_fetched


def note_fetched(job: ExportJob) -> None:
    ExportJob.objects.filter(pk=job.pk, fetched_at=None).update(fetched_at=timezone.now())
