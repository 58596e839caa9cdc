"""The steps of an article's life. Each changes the row, names the old state in its UPDATE, and raises StepError."""

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Image
from notifications.services import notify_official
from parcai.lib.html import image_ids
from plan.models import Evidence
from plan.services import record_evidence, withdraw_evidence

Status = Article.Status


class StepError(Exception):
    """The step does not fit; the text is for the official."""


def _move(article: Article, to: str, **changes) -> None:
    if not article.can_become(to):
        raise StepError(
            _("Bước này không còn phù hợp: bài đang ở trạng thái “%s”.") % article.get_status_display()
        )
    unchanged = Article.objects.filter(pk=article.pk, status=article.status, version=article.version)
    if not unchanged.update(status=to, version=F("version") + 1, **changes):
        raise StepError(_("Bài vừa được người khác thay đổi. Hãy mở lại trang rồi quyết định."))
    article.refresh_from_db()


def note_images(article: Article) -> None:
    """Remember which pictures of the library the body shows, for their visibility and for "where used"."""
    article.images.set(Image.objects.filter(pk__in=image_ids(article.body)))


@transaction.atomic
def submit(article: Article, *, by) -> None:
    """Draft to in review."""
    _move(article, Status.IN_REVIEW, submitted_at=timezone.now(), review_note="")


@transaction.atomic
def approve(article: Article, *, by) -> None:
    """A second person approves; the article appears at its hour, or now when none was chosen or it has passed."""
    _may_approve(by)
    if article.status != Status.IN_REVIEW:
        raise StepError(_("Chỉ duyệt được bài đang chờ duyệt."))
    if by.pk in (article.author_id, article.edited_by_id):
        raise StepError(
            _("Người soạn hoặc sửa bài không tự duyệt. Hãy nhờ một người khác trong Ban Biên tập.")
        )
    _publish(article, by=by)
    _tell_author(article, "article_approved", by)


@transaction.atomic
def publish_in_emergency(article: Article, *, by) -> None:
    """Publish without a second person; recorded, and listed until somebody else has reviewed it."""
    _may_approve(by)
    _publish(article, by=by, bypassed_at=timezone.now())


@transaction.atomic
def review_afterwards(article: Article, *, by) -> None:
    """The second pair of eyes, after an emergency."""
    _may_approve(by)
    if article.approved_by_id == by.pk:
        raise StepError(_("Người đã đăng khẩn cấp không tự hậu kiểm."))
    waiting = Article.objects.awaiting_review().filter(pk=article.pk)
    if not waiting.update(reviewed_at=timezone.now()):
        raise StepError(_("Bài này không chờ hậu kiểm."))
    article.refresh_from_db()


@transaction.atomic
def send_back(article: Article, *, by, note: str) -> None:
    """In review to draft, with words for the author."""
    _may_approve(by)
    if not note.strip():
        raise StepError(_("Hãy ghi ý kiến để người soạn biết cần sửa gì."))
    if article.status != Status.IN_REVIEW:
        raise StepError(_("Chỉ trả lại được bài đang chờ duyệt."))
    _move(article, Status.DRAFT, review_note=note)
    _tell_author(article, "article_sent_back", by)


@transaction.atomic
def take_back(article: Article, *, by) -> None:
    """Back to draft: the author before approval, the board also from approved or withdrawn (the article goes offline)."""
    if article.status != Status.IN_REVIEW or article.author_id != by.pk:
        _may_approve(by)
    _move(
        article,
        Status.DRAFT,
        approved_by=None,
        approved_at=None,
        announced_at=None,
        bypassed_at=None,
        reviewed_at=None,
    )
    withdraw_evidence(kind=Evidence.Kind.ARTICLE, key=article.pk)


@transaction.atomic
def withdraw(article: Article, *, by, reason: str) -> None:
    """Take a published article away; its address then says why."""
    _may_approve(by)
    if not reason.strip():
        raise StepError(_("Hãy ghi lý do gỡ bài; người đọc sẽ thấy lý do này."))
    _move(article, Status.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_reason=reason)
    withdraw_evidence(kind=Evidence.Kind.ARTICLE, key=article.pk)


@transaction.atomic
def announce(article: Article) -> bool:
    """What follows a publication: evidence for the campaigns. Marks first, so a second run finds nothing to do."""
    now = timezone.now()
    if not Article.objects.unannounced().filter(pk=article.pk).update(announced_at=now):
        return False
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


def _may_approve(by) -> None:
    if not by.has_perm("articles.approve_article"):
        raise StepError(_("Việc này thuộc quyền của Ban Biên tập."))


def _publish(article: Article, *, by, **changes) -> None:
    now = timezone.now()
    _move(
        article,
        Status.APPROVED,
        approved_by=by,
        approved_at=now,
        publish_at=max(article.publish_at or now, now),
        **changes,
    )


def _tell_author(article: Article, template: str, by) -> None:
    context = {
        "title": article.title,
        "by": str(by),
        "path": reverse("admin:articles_article_change", args=[article.pk]),
        "note": article.review_note,
    }
    notify_official(
        article.author, template, context, dedupe_key=f"{template}:{article.pk}:{article.version}"
    )
