"""The steps of the life of a piece (article, document, video, page). Each changes the row, names the old state in its
UPDATE, and raises StepError."""

from datetime import date
from typing import TypeVar, cast

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import Role
from articles import citations, content, images
from articles.models import Article, Autosave, Comment, Correction, Document, DocumentType, Merged, Piece
from notifications.services import notify_official
from parcai.lib.vietnamese import tidy
from parcai.search import services as search
from plan.services import record_evidence, withdraw_evidence

Status = Piece.Status
APPROVE = "articles.approve_article"
NO_BYPASS = {"bypassed_at": None, "bypassed_by": None, "bypass_reason": "", "reviewed_at": None}
MOST_COMMENT = 2000

Some = TypeVar("Some", bound=Piece)


class StepError(Exception):
    """The step does not fit; the text is for the official."""


def _move(piece: Piece, to: str, **changes) -> None:
    """The only place a status changes; what leaves the public's eyes keeps the moment it first met them."""
    if not piece.can_become(to):
        raise StepError(
            _("Bước này không còn phù hợp: %(what)s đang ở trạng thái “%(state)s”.")
            % {"what": piece.WORD, "state": piece.get_status_display()}
        )
    if piece.is_readable:
        changes.setdefault("first_published_at", piece.first_published_at or piece.publish_at)
    rows = type(piece).objects.filter(pk=piece.pk, status=piece.status, version=piece.version)
    if not rows.update(status=to, version=F("version") + 1, **changes):
        raise StepError(_changed(piece))
    piece.refresh_from_db()
    search.refresh(piece)


def _changed(piece: Piece) -> str:
    words = _("%s vừa được người khác thay đổi. Hãy mở lại trang rồi quyết định.")
    return words % str(piece.WORD).capitalize()


def _record(piece: Piece, by, step: str, note: str = "") -> None:
    """One line of the history: which step, who, and in which words."""
    note = tidy(note)
    LogEntry.objects.log_actions(
        by.pk, [piece], CHANGE, f"{step}: {note}" if note else f"{step}.", single_object=True
    )


# From draft to the public ----------------------------------------------------------------------------------------


@transaction.atomic
def submit(piece: Piece, *, by) -> None:
    """Draft to in review; the board is told."""
    _check(piece, by)
    _move(piece, Status.IN_REVIEW, submitted_at=timezone.now(), review_note="")
    _record(piece, by, _("Gửi duyệt"))
    told = _board().exclude(pk__in=[by.pk, piece.author_id]).exclude(pk__in=piece.editors.all())
    _tell(told, piece, "article_submitted", by)


@transaction.atomic
def approve(piece: Some, *, by) -> Some:
    """A second person approves; it appears at its hour, or now when none was chosen or it has passed.

    A change of something public is merged into it. Returns what the public reads.
    """
    _may_approve(by)
    if piece.status != Status.IN_REVIEW:
        raise StepError(_("Chỉ duyệt được %s đang chờ duyệt.") % piece.WORD)
    if by.pk == piece.author_id or piece.editors.filter(pk=by.pk).exists():
        raise StepError(
            _("Người soạn hoặc sửa bài không tự duyệt. Hãy nhờ một người khác trong Ban Biên tập.")
        )
    settled = {} if piece.awaits_review else NO_BYPASS
    author = piece.author
    piece = _publish(piece, by=by, **settled)
    if not piece.awaits_review:  # whoever wrote what an emergency published does not review it either
        piece.editors.clear()
    _record(piece, by, _("Duyệt"))
    _tell([author], piece, "article_approved", by)
    return piece


@transaction.atomic
def publish_in_emergency(piece: Some, *, by, reason: str) -> Some:
    """Publish without a second person; the rest of the board is told, and it is listed until one has reviewed it."""
    _may_approve(by)
    if not reason.strip():
        raise StepError(_("Hãy ghi lý do đăng khẩn cấp; cả Ban Biên tập sẽ thấy lý do này."))
    author = piece.author
    piece = _publish(
        piece,
        by=by,
        bypassed_at=timezone.now(),
        bypassed_by=by,
        bypass_reason=reason,
        reviewed_at=None,
        review_note="",
    )
    _record(piece, by, _("Đăng khẩn cấp"), reason)
    _tell(_board().exclude(pk=by.pk), piece, "article_emergency", by, note=reason)
    if author.pk != by.pk and not author.has_role(Role.PUBLISHER):  # the board has been told already
        _tell([author], piece, "article_emergency_author", by, note=reason)
    return piece


@transaction.atomic
def review_afterwards(piece: Piece, *, by) -> None:
    """The second pair of eyes, after an emergency, whatever has become of the piece since."""
    _may_approve(by)
    # Once it is a draft again, its editors are those of the next text, which needs its own second person anyway.
    is_theirs = piece.status == Status.APPROVED and piece.editors.filter(pk=by.pk).exists()
    if is_theirs or by.pk in (piece.bypassed_by_id, piece.author_id):
        raise StepError(_("Người soạn, người sửa và người đã đăng khẩn cấp không tự hậu kiểm."))
    waiting = type(piece).objects.awaiting_review().filter(pk=piece.pk)
    if not waiting.update(reviewed_at=timezone.now()):
        raise StepError(_("%s này không chờ hậu kiểm.") % str(piece.WORD).capitalize())
    piece.refresh_from_db()
    if piece.status == Status.APPROVED:
        piece.editors.clear()
    _record(piece, by, _("Hậu kiểm"))


@transaction.atomic
def send_back(piece: Piece, *, by, note: str) -> None:
    """In review to draft, with words for the author."""
    _may_approve(by)
    if not note.strip():
        raise StepError(_("Hãy ghi ý kiến để người soạn biết cần sửa gì."))
    if piece.status != Status.IN_REVIEW:
        raise StepError(_("Chỉ trả lại được %s đang chờ duyệt.") % piece.WORD)
    _move(piece, Status.DRAFT, review_note=note)
    _record(piece, by, _("Trả lại"), note)
    _tell([piece.author], piece, "article_sent_back", by, note=piece.review_note)


@transaction.atomic
def take_back(piece: Piece, *, by) -> None:
    """Back to draft: the author before approval, the board also from approved or withdrawn (it goes offline)."""
    if piece.status != Status.IN_REVIEW or piece.author_id != by.pk:
        _may_approve(by)
    current, before = _locked(piece, piece.pk), piece.status
    amendment = current.amendments.select_for_update().first()
    if amendment and before != Status.WITHDRAWN:
        raise StepError(
            _("%s này đang có một bản sửa. Hãy duyệt hoặc xóa bản sửa trước.") % str(piece.WORD).capitalize()
        )
    _move(piece, Status.DRAFT, approved_by=None, approved_at=None, announced_at=None)
    _record(piece, by, _("Đưa về nháp"))
    _withdraw_evidence(piece)
    if before != Status.IN_REVIEW:
        end_previews(piece)
    if amendment:  # begun before the piece was withdrawn: its text is what one goes on with
        piece.editors.add(amendment.author, *amendment.editors.all())
        _take_over(piece, amendment, by=by)


@transaction.atomic
def withdraw(piece: Piece, *, by, reason: str) -> None:
    """Take an approved piece away; if the public knew its address, that says why."""
    _may_approve(by)
    if not reason.strip():
        raise StepError(_("Hãy ghi lý do gỡ bài; người đọc sẽ thấy lý do này."))
    _move(piece, Status.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason)
    _record(piece, by, _("Gỡ"), reason)
    _withdraw_evidence(piece)
    end_previews(piece)
    if piece.author_id != by.pk:
        _tell([piece.author], piece, "article_withdrawn", by, note=reason)


@transaction.atomic
def announce(piece: Piece) -> bool:
    """What follows a publication: evidence for the campaigns. Marks first, so a second run finds nothing to do."""
    now = timezone.now()
    first = Coalesce("first_published_at", "publish_at")
    rows = type(piece).objects.unannounced().filter(pk=piece.pk)
    if not rows.update(announced_at=now, first_published_at=first):
        return False
    piece.refresh_from_db(fields=["announced_at", "first_published_at"])
    _record_evidence(piece)
    return True


# Changing what is public -----------------------------------------------------------------------------------------


@transaction.atomic
def amend(piece: Some, *, by) -> Some:
    """A draft of the changed piece, while the public goes on reading the old one. Returns the draft there is."""
    if not by.has_perm(f"articles.change_{piece._meta.model_name}"):
        raise StepError(_("Bạn không có quyền sửa %s này.") % piece.WORD)
    if piece.status != Status.APPROVED:
        raise StepError(_("Chỉ làm bản sửa cho %s đã duyệt.") % piece.WORD)
    current = _locked(piece, piece.pk)
    if current.status != Status.APPROVED:
        raise StepError(_changed(piece))
    if draft := current.amendments.first():
        return draft
    kept = {"unpublish_at": current.unpublish_at, "review_on": current.review_on}
    draft = duplicate(current, by=by, amends=current, **kept)
    _record(current, by, _("Bắt đầu một bản sửa"))
    return draft


@transaction.atomic
def copy(piece: Some, *, by) -> Some:
    """A new draft with the content of another piece."""
    draft = duplicate(piece, by=by)
    draft.editors.add(
        *({piece.author, *piece.editors.all()} - {by})
    )  # it is their text that will be approved
    _record(draft, by, _("Chép từ “%s”") % piece)
    return draft


def duplicate(piece: Some, *, by, **fields) -> Some:
    """A new draft row of the same content, hours left out."""
    model = type(piece)
    plain = {
        name: getattr(piece, name) for name in model.CONTENT if not model._meta.get_field(name).many_to_many
    }
    draft = cast(Some, model.objects.create(author=by, **plain, **fields))
    content.put(draft, content.snapshot(piece))
    content.keep_revision(draft, by=by, note=_("Chép từ “%s”") % piece)
    return draft


@transaction.atomic
def restore(piece: Piece, number: int, *, by) -> list[str]:
    """Give a draft the content of one of its revisions. Returns the names of what no longer exists to be restored."""
    if piece.status != Status.DRAFT:
        raise StepError(_("Chỉ khôi phục được khi %s là bản nháp.") % piece.WORD)
    current = _locked(piece, piece.pk)
    if current.status != Status.DRAFT:
        raise StepError(_changed(piece))
    revision = current.revisions.filter(number=number).first()
    if revision is None:
        raise StepError(_("Không có lần sửa này."))
    content.keep_revision(current, by=by, note=_("Trước khi khôi phục"))
    current.version += 1
    current.edited_at = timezone.now()
    missing = _put(current, revision.content)
    if by.pk != current.author_id:
        current.editors.add(by)
    note = _("Khôi phục lần %d") % number
    content.keep_revision(current, by=by, note=note)
    _record(current, by, note)
    piece.refresh_from_db()
    return missing


def _merge(draft: Some, *, by, **changes) -> Some:
    """The changed content takes the place of the old; the public reads it from this moment on."""
    piece = _locked(draft, draft.amends_id)  # first the piece, then its change: two who approve meet here
    rows = type(draft).objects.select_for_update()
    current = rows.filter(pk=draft.pk, status=draft.status, version=draft.version).first()
    if current is None:
        raise StepError(_changed(draft))
    draft, is_emergency = cast(Some, current), bool(changes.get("bypassed_at"))
    if piece.status != Status.APPROVED:
        raise StepError(
            _("Bản gốc không còn đăng. Hãy đưa bản gốc về nháp: nội dung bản sửa này sẽ được giữ ở đó.")
        )
    if by.pk == piece.author_id and not is_emergency:
        raise StepError(_("Người soạn bản gốc không tự duyệt bản sửa. Hãy nhờ một người khác."))
    if is_emergency:
        piece.editors.add(draft.author, *draft.editors.all())
    elif piece.awaits_review:  # the emergency before it still waits for its second pair of eyes
        changes = {name: value for name, value in changes.items() if name not in NO_BYPASS}
    if piece.is_readable:
        piece.first_published_at = piece.first_published_at or piece.publish_at
    now = timezone.now()
    _check_end(draft.unpublish_at, max(piece.publish_at or now, now))
    for name, value in {
        **changes,
        "approved_by": by,
        "approved_at": now,
        "edited_at": now,
        "review_on": draft.review_on,
        "unpublish_at": draft.unpublish_at,
        "version": piece.version + 1,
    }.items():
        setattr(piece, name, value)
    _correct(piece, draft)
    _take_over(piece, draft, by=by)
    if piece.announced_at:
        _record_evidence(piece)
    search.refresh(piece)
    return piece


def _take_over(piece: Piece, draft: Piece, *, by) -> None:
    """Give a piece the content, talk and history of the draft of its change, which then is no more."""
    content.keep_revision(piece, by=by, note=_("Trước khi nhận bản sửa"))
    _put(piece, content.snapshot(draft))
    content.keep_revision(piece, by=draft.author, note=_("Nhận bản sửa"))
    kind = ContentType.objects.get_for_model(piece)
    Comment.objects.filter(content_type=kind, object_id=draft.pk).update(object_id=piece.pk)
    LogEntry.objects.filter(content_type=kind, object_id=str(draft.pk)).update(object_id=str(piece.pk))
    Autosave.objects.filter(content_type=kind, object_id=draft.pk).delete()
    Merged.objects.create(content_type=kind, object_id=draft.pk, into=piece.pk)
    draft.delete()


def _put(piece: Piece, kept: dict) -> list[str]:
    """Give a piece that content, unless another took its place meanwhile. Returns the names of what no longer exists."""
    try:
        with transaction.atomic():
            return content.put(piece, kept)
    except IntegrityError as error:
        raise StepError(
            _("Không làm được: nay đã có một %s khác như vậy. Hãy xem lại rồi làm tiếp.") % piece.WORD
        ) from error


def _correct(piece: Piece, draft: Piece) -> None:
    """Words about a mistake go onto the page with their day."""
    if isinstance(draft, Article) and isinstance(piece, Article) and draft.correction_note:
        Correction.objects.create(article=piece, text=draft.correction_note, made_at=timezone.now())
        Article.objects.filter(pk=draft.pk).update(correction_note="")


def end_previews(piece: Piece) -> int:
    """Take back every link that shows the piece to people without an account. Returns how many there were."""
    return piece.preview_links.filter(revoked_at=None).update(revoked_at=timezone.now())


# Talk and care ---------------------------------------------------------------------------------------------------


@transaction.atomic
def comment(piece: Piece, *, by, text: str) -> Comment:
    """A word between those who make a piece; the others who took part, or the board, are told."""
    text = tidy(text)
    if not text:
        raise StepError(_("Hãy viết lời trao đổi."))
    if len(text) > MOST_COMMENT:
        raise StepError(_("Lời trao đổi dài quá %d ký tự. Hãy viết gọn lại.") % MOST_COMMENT)
    said = Comment.objects.create(piece=piece, by=by, text=text)
    people = {piece.author, *piece.editors.all(), *User.objects.filter(pk__in=piece.comments.values("by"))}
    if piece.status == Status.IN_REVIEW:
        people |= set(_board())
    told = [each for each in people if each.pk != by.pk and each.is_active]
    _tell(told, piece, "article_comment", by, note=said.text, once=str(said.pk))
    return said


@transaction.atomic
def look_again(piece: Piece, *, by, review_on: date) -> None:
    """Somebody has looked: what the public reads is still right until `review_on`."""
    if not by.has_perm(f"articles.change_{piece._meta.model_name}"):
        raise StepError(_("Bạn không có quyền xác nhận bài này."))
    if review_on <= timezone.localdate():
        raise StepError(_("Ngày xem lại tiếp theo phải sau hôm nay."))
    if not piece.is_stale:
        raise StepError(_("Bài này không chờ xem lại."))
    type(piece).objects.filter(pk=piece.pk).update(review_on=review_on)
    piece.refresh_from_db()
    _record(piece, by, _("Đã xem lại, còn đúng; xem tiếp ngày %s") % f"{review_on:%d/%m/%Y}")


@transaction.atomic
def confirm_citations(piece: Piece, *, by) -> None:
    """Somebody has looked: what the piece says is still right although a document it cites has ended."""
    if not by.has_perm(f"articles.change_{piece._meta.model_name}"):
        raise StepError(_("Bạn không có quyền xác nhận bài này."))
    documents = citations.confirm(piece, by=by) if hasattr(piece, "documents") else []
    if not documents:
        raise StepError(_("Bài này không chờ xem lại lời dẫn văn bản."))
    _record(piece, by, _("Đã xem lời dẫn, còn đúng"), ", ".join(each.number for each in documents))


@transaction.atomic
def read_kind_again(kind: DocumentType) -> None:
    """Documents of a kind are found by its name: after it changed, each of them follows."""
    rows = Document.objects.filter(kind=kind).select_related("agency").prefetch_related("campaigns")
    for document in rows.iterator(chunk_size=500):
        document.kind = kind
        document.save(update_fields=["search_key"])
        search.refresh(document)


# Inside ----------------------------------------------------------------------------------------------------------


def _locked(like: Some, pk) -> Some:
    """The row of that key, of the kind of `like`, locked for this transaction."""
    return cast(Some, type(like).objects.select_for_update().get(pk=pk))


def _may_approve(by) -> None:
    if not by.has_perm(APPROVE):
        raise StepError(_("Việc này thuộc quyền của Ban Biên tập."))


def _publish(piece: Some, *, by, **changes) -> Some:
    _check(piece, by)
    if piece.amends_id:
        return _merge(piece, by=by, **changes)
    now = timezone.now()
    publish_at = _hour_of(piece, now)
    _check_end(piece.unpublish_at, publish_at)
    if publish_at <= now:
        changes["first_published_at"] = piece.first_published_at or publish_at
    _move(piece, Status.APPROVED, approved_by=by, approved_at=now, publish_at=publish_at, **changes)
    _correct(piece, piece)
    return piece


def _check_end(ends_at, begins_at) -> None:
    if ends_at and ends_at <= begins_at:
        raise StepError(
            _("Giờ hết hạn đã qua hoặc đến trước giờ đăng. Hãy sửa hoặc bỏ giờ hết hạn rồi làm lại.")
        )


def _hour_of(piece: Piece, now):
    """The chosen hour when it lies ahead; else now, or the first hour of what the public already knew."""
    if piece.publish_at and piece.publish_at > now:
        return piece.publish_at
    return piece.first_published_at or now


def _check(piece: Piece, by) -> None:
    """What a piece must have before anybody else reads it."""
    nameless = [words for body in content.bodies(piece) for words in images.without_description(body)]
    if nameless:
        raise StepError(
            _(
                "Ảnh trong nội dung chưa có mô tả cho người không nhìn thấy: %s. "
                "Bấm đúp vào ảnh trong khung soạn để viết mô tả."
            )
            % "; ".join(nameless)
        )
    if lost := content.no_longer_kept(piece):
        raise StepError(
            _("Thư viện không còn: %s. Hãy bỏ chỗ đó khỏi nội dung hoặc chọn cái khác.") % "; ".join(lost)
        )
    if wrong := piece.what_is_wrong(by):
        raise StepError(wrong)


def _record_evidence(piece: Piece) -> None:
    if piece.EVIDENCE:
        record_evidence(
            piece.campaigns.all(),
            kind=piece.EVIDENCE,
            key=piece.pk,
            title=str(piece),
            path=piece.get_absolute_url(),
            agency=piece.agency,
            happened_at=piece.publish_at,
        )


def _withdraw_evidence(piece: Piece) -> None:
    if piece.EVIDENCE:
        withdraw_evidence(kind=piece.EVIDENCE, key=piece.pk)


def _board():
    return User.objects.filter(is_active=True, groups__name=Role.PUBLISHER).distinct()


def _tell(officials, piece: Piece, template: str, by, note: str = "", once: str = "") -> None:
    model = piece._meta.model_name
    context = {
        "title": str(piece),
        "by": str(by),
        "what": str(piece.WORD),
        "path": reverse(f"admin:articles_{model}_change", args=[piece.pk]),
        "note": tidy(note),
    }
    about = f"{piece.pk}" if model == "article" else f"{model}:{piece.pk}"
    for official in officials:
        if not official.is_active:
            continue
        notify_official(official, template, context, dedupe_key=f"{template}:{about}:{once or piece.version}")
