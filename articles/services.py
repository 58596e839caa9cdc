"""The steps of an article's life. Each changes the row, names the old state in its UPDATE, and raises StepError."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import Role
from articles import images
from articles.models import Article, Image, Rating, Voter
from notifications.services import notify_official
from parcai.lib.html import image_ids
from plan.models import Evidence
from plan.services import record_evidence, withdraw_evidence

Status = Article.Status
NO_BYPASS = {"bypassed_at": None, "bypassed_by": None, "bypass_reason": "", "reviewed_at": None}


class StepError(Exception):
    """The step does not fit; the text is for the official."""


def _move(article: Article, to: str, **changes) -> None:
    """The only place a status changes; what leaves the public's eyes keeps the moment it first met them."""
    if not article.can_become(to):
        raise StepError(
            _("Bước này không còn phù hợp: bài đang ở trạng thái “%s”.") % article.get_status_display()
        )
    if article.is_readable:
        changes.setdefault("first_published_at", article.first_published_at or article.publish_at)
    unchanged = Article.objects.filter(pk=article.pk, status=article.status, version=article.version)
    if not unchanged.update(status=to, version=F("version") + 1, **changes):
        raise StepError(_("Bài vừa được người khác thay đổi. Hãy mở lại trang rồi quyết định."))
    article.refresh_from_db()


def _record(article: Article, by, step: str, note: str = "") -> None:
    """One line of the article's history: which step, who, and in which words."""
    LogEntry.objects.log_actions(
        by.pk, [article], CHANGE, f"{step}: {note}" if note else f"{step}.", single_object=True
    )


def note_images(article: Article) -> None:
    """Remember which pictures of the library the body shows, for their visibility and for "where used"."""
    article.images.set(Image.objects.filter(pk__in=image_ids(article.body)))
    images.learn_descriptions(article.body)


@transaction.atomic
def submit(article: Article, *, by) -> None:
    """Draft to in review; the board is told."""
    _check_pictures(article)
    _move(article, Status.IN_REVIEW, submitted_at=timezone.now(), review_note="")
    _record(article, by, _("Gửi duyệt"))
    told = _board().exclude(pk__in=[by.pk, article.author_id]).exclude(pk__in=article.editors.all())
    _tell(told, article, "article_submitted", by)


@transaction.atomic
def approve(article: Article, *, by) -> None:
    """A second person approves; the article appears at its hour, or now when none was chosen or it has passed."""
    _may_approve(by)
    if article.status != Status.IN_REVIEW:
        raise StepError(_("Chỉ duyệt được bài đang chờ duyệt."))
    if by.pk == article.author_id or article.editors.filter(pk=by.pk).exists():
        raise StepError(
            _("Người soạn hoặc sửa bài không tự duyệt. Hãy nhờ một người khác trong Ban Biên tập.")
        )
    settled = {} if article.awaits_review else NO_BYPASS
    _publish(article, by=by, **settled)
    article.editors.clear()
    _record(article, by, _("Duyệt"))
    _tell([article.author], article, "article_approved", by)


@transaction.atomic
def publish_in_emergency(article: Article, *, by, reason: str) -> None:
    """Publish without a second person; the rest of the board is told, and it is listed until one has reviewed it."""
    _may_approve(by)
    if not reason.strip():
        raise StepError(_("Hãy ghi lý do đăng khẩn cấp; cả Ban Biên tập sẽ thấy lý do này."))
    _publish(
        article,
        by=by,
        bypassed_at=timezone.now(),
        bypassed_by=by,
        bypass_reason=reason,
        reviewed_at=None,
        review_note="",
    )
    _record(article, by, _("Đăng khẩn cấp"), reason)
    _tell(_board().exclude(pk=by.pk), article, "article_emergency", by, note=reason)


@transaction.atomic
def review_afterwards(article: Article, *, by) -> None:
    """The second pair of eyes, after an emergency, whatever has become of the article since."""
    _may_approve(by)
    if by.pk in (article.bypassed_by_id, article.author_id):
        raise StepError(_("Người soạn và người đã đăng khẩn cấp không tự hậu kiểm."))
    waiting = Article.objects.awaiting_review().filter(pk=article.pk)
    if not waiting.update(reviewed_at=timezone.now()):
        raise StepError(_("Bài này không chờ hậu kiểm."))
    article.refresh_from_db()
    _record(article, by, _("Hậu kiểm"))


@transaction.atomic
def send_back(article: Article, *, by, note: str) -> None:
    """In review to draft, with words for the author."""
    _may_approve(by)
    if not note.strip():
        raise StepError(_("Hãy ghi ý kiến để người soạn biết cần sửa gì."))
    if article.status != Status.IN_REVIEW:
        raise StepError(_("Chỉ trả lại được bài đang chờ duyệt."))
    _move(article, Status.DRAFT, review_note=note)
    _record(article, by, _("Trả lại"), note)
    _tell([article.author], article, "article_sent_back", by, note=article.review_note)


@transaction.atomic
def take_back(article: Article, *, by) -> None:
    """Back to draft: the author before approval, the board also from approved or withdrawn (the article goes offline)."""
    if article.status != Status.IN_REVIEW or article.author_id != by.pk:
        _may_approve(by)
    _move(article, Status.DRAFT, approved_by=None, approved_at=None, announced_at=None)
    _record(article, by, _("Đưa về nháp"))
    withdraw_evidence(kind=Evidence.Kind.ARTICLE, key=article.pk)


@transaction.atomic
def withdraw(article: Article, *, by, reason: str) -> None:
    """Take an approved article away; if the public knew its address, that says why."""
    _may_approve(by)
    if not reason.strip():
        raise StepError(_("Hãy ghi lý do gỡ bài; người đọc sẽ thấy lý do này."))
    _move(article, Status.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason)
    _record(article, by, _("Gỡ"), reason)
    withdraw_evidence(kind=Evidence.Kind.ARTICLE, key=article.pk)


@transaction.atomic
def announce(article: Article) -> bool:
    """What follows a publication: evidence for the campaigns. Marks first, so a second run finds nothing to do."""
    now = timezone.now()
    first = Coalesce("first_published_at", "publish_at")
    if (
        not Article.objects.unannounced()
        .filter(pk=article.pk)
        .update(announced_at=now, first_published_at=first)
    ):
        return False
    article.refresh_from_db(fields=["announced_at", "first_published_at"])
    record_evidence(
        article.campaigns.all(),
        kind=Evidence.Kind.ARTICLE,
        key=article.pk,
        title=article.title,
        path=article.get_absolute_url(),
        agency=article.agency,
        happened_at=article.publish_at,
    )
    return True


@transaction.atomic
def rate(article: Article, *, stars: int, voter: str) -> None:
    """A reader gives 1 to 5 stars, once. `voter` tells one reader from another and is kept as a keyed hash only."""
    if not article.is_published:
        raise StepError(_("Bài này không còn nhận đánh giá."))
    if stars not in range(1, 6):
        raise StepError(_("Chọn từ 1 đến 5 sao."))
    key = salted_hmac("articles.rating", f"{article.pk}:{voter}", algorithm="sha256").hexdigest()
    if not _is_first_vote(article, key):
        raise StepError(_("Bài này đã được đánh giá từ thiết bị của bạn."))
    Rating.objects.get_or_create(article=article)
    Rating.objects.filter(article=article).update(votes=F("votes") + 1, stars=F("stars") + stars)


def _is_first_vote(article: Article, key: str) -> bool:
    try:
        with transaction.atomic():
            Voter.objects.create(article=article, key=key)
    except IntegrityError:
        return False
    return True


def _may_approve(by) -> None:
    if not by.has_perm("articles.approve_article"):
        raise StepError(_("Việc này thuộc quyền của Ban Biên tập."))


def _publish(article: Article, *, by, **changes) -> None:
    _check_pictures(article)
    now = timezone.now()
    publish_at = _hour_of(article, now)
    if article.unpublish_at and article.unpublish_at <= publish_at:
        raise StepError(
            _("Giờ hết hạn đã qua hoặc đến trước giờ đăng. Hãy sửa hoặc bỏ giờ hết hạn rồi làm lại.")
        )
    if publish_at <= now:
        changes["first_published_at"] = article.first_published_at or publish_at
    _move(article, Status.APPROVED, approved_by=by, approved_at=now, publish_at=publish_at, **changes)


def _hour_of(article: Article, now):
    """The chosen hour when it lies ahead; else now, or the first hour of what the public already knew."""
    if article.publish_at and article.publish_at > now:
        return article.publish_at
    return article.first_published_at or now


def _check_pictures(article: Article) -> None:
    if nameless := images.without_description(article.body):
        raise StepError(
            _(
                "Ảnh trong nội dung chưa có mô tả cho người không nhìn thấy: %s. "
                "Bấm đúp vào ảnh trong khung soạn để viết mô tả."
            )
            % "; ".join(nameless)
        )


def _board():
    return User.objects.filter(is_active=True, groups__name=Role.PUBLISHER).distinct()


def _tell(officials, article: Article, template: str, by, note: str = "") -> None:
    context = {
        "title": article.title,
        "by": str(by),
        "path": reverse("admin:articles_article_change", args=[article.pk]),
        "note": note,
    }
    for official in officials:
        notify_official(official, template, context, dedupe_key=f"{template}:{article.pk}:{article.version}")
