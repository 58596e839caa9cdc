"""How long a case knows who asked: afterwards nothing tells it any more, and what was counted stays countable."""

import hashlib
import json
from datetime import UTC, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from feedback.models import Answer, AnswerVersion, Case, CaseEvent, DataRequest, Draft, Split
from feedback.services import attachments
from feedback.services.asker import may_reopen
from feedback.services.steps import TransitionError, change, record
from notifications.services import wipe
from parcai.lib import personal
from parcai.search import services as search

CHUNK = 200  # cases of one round
TEMPLATES = sorted(
    path.name.split(".")[0]
    for path in Path(settings.BASE_DIR, "templates", "messages").glob("*.subject.txt")
    if path.name.startswith(("case_", "answer_"))
)


def kept_long_enough(now=None):
    """Ended cases whose time is over, with nothing open that still needs to know who asked."""
    now = now or timezone.now()
    unanswered = now - timedelta(days=settings.RETENTION_UNANSWERED_DAYS)
    over = Q(closed_at__lt=now - timedelta(days=settings.RETENTION_DAYS)) | Q(
        answered_at=None, closed_at__lt=unanswered
    )
    return (
        Case.objects.filter(over, anonymised_at=None)
        .exclude(status__in=Case.OPEN)
        .exclude(pk__in=DataRequest.objects.open().values("case"))
    )


def anonymise_old(*, most: int = CHUNK) -> int:
    """One chunk of what has been kept long enough. Run again until it returns 0."""
    done = 0
    for case in kept_long_enough().order_by("closed_at", "pk")[:most]:
        try:
            anonymise(case)
        except TransitionError:  # reopened or asked about meanwhile: it waits for another night
            continue
        done += 1
    return done


@transaction.atomic
def anonymise(case: Case, *, by: User | None = None, asked: DataRequest | None = None) -> None:
    """Take out of an ended case whatever tells who asked and what they wrote; status, days and ratings stay.

    With `asked`, the asker's own request, neither the time that is kept nor a right to reopen stands against it.
    """
    if case.anonymised_at is not None:
        raise TransitionError(_("Dữ liệu cá nhân của hồ sơ đã được xóa."))
    if case.is_open:
        raise TransitionError(_("Hồ sơ đang được giải quyết nên chưa xóa dữ liệu được."))
    others = case.data_requests.open().exclude(pk=asked.pk if asked else None)
    if asked is None and (may_reopen(case) or others.exists()):
        raise TransitionError(
            _("Người gửi còn có thể đề nghị trả lời lại hoặc đang chờ một yêu cầu về dữ liệu.")
        )
    known = [*case.known_of_asker(), ("tên người gửi", case.asker_name)]
    is_public = case.published_at is not None
    now = timezone.now()
    title, text, excerpt = (  # a name the asker agreed to show goes too
        personal.mask(words, known) if is_public else ""
        for words in (case.public_title, case.public_text, case.public_excerpt)
    )
    change(
        case,
        title=title or _("Hồ sơ đã xóa dữ liệu cá nhân"),
        text=text,
        public_title=title,
        public_text=text,
        public_excerpt=excerpt,
        asker_name="",
        tax_code="",
        asker_email="",
        asker_phone="",
        asker_address="",
        pin="",
        rating_comment="",
        public_name="",
        anonymised_at=now,
    )
    altered = [_without_asker(answer, known) for answer in case.answers.all()]
    if is_public:
        search.refresh(case)
    AnswerVersion.objects.filter(answer__case=case).delete()
    case.opinions.update(question="", text="")
    case.interim_answers.update(body="")
    case.redactions.all().delete()
    case.pauses.update(reason="")
    Split.objects.filter(Q(case=case) | Q(part=case)).update(title="", text="")
    case.extensions.update(reason="")
    others.update(state=DataRequest.State.DONE, closed_at=now, replied_at=now)
    case.data_requests.update(note="", answer="")
    Draft.objects.filter(case=case).delete()
    files = case.files.all()
    attachments.drop(files.filter(is_public=False) if is_public and asked is None else files)
    wipe(dedupe_prefixes=[f"{template}:{case.pk}:" for template in TEMPLATES])
    CaseEvent.objects.filter(case=case, wiped_at=None).update(public_note="", internal_note="", wiped_at=now)
    said = [f"wiped {digest_of_wiped(case.events.all())}", *filter(None, altered)]
    record(case, "anonymise", from_status=case.status, by=by, internal_note="\n".join(said))


def _without_asker(answer: Answer, known) -> str:
    """Keep of an answer what tells nobody who asked. Returns the note that keeps the fingerprint of what was signed."""
    shown = personal.mask_html(answer.public_body, known)
    body, signed = shown or personal.mask_html(answer.body, known), answer.content_hash
    if (body, shown) == (answer.body, answer.public_body):
        return ""
    Answer.objects.filter(pk=answer.pk).update(body=body, public_body=shown)
    if signed:
        answer.refresh_from_db()
        Answer.objects.filter(pk=answer.pk).update(content_hash=answer.hash_of_content())
    return f"round {answer.round} signed {signed}" if signed else ""


def digest_of_wiped(events) -> str:
    """A fingerprint of the events whose words were taken away, as they stand now: who, when, which step."""
    rows = [
        (each.pk, each.at.astimezone(UTC).isoformat(), each.by_id, each.step, each.to_status, each.hash)
        for each in events
        if each.wiped_at is not None
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
