"""Everything that can be found: which rows stand in the index, and how each kind looks on the page of results."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models import Article, Document, Page, Video
from feedback.models import Answer, Case
from parcai.lib.html import plain_text
from parcai.search.finding import Hit
from plan.models import Campaign


@dataclass(frozen=True)
class Card:
    """One result: `text` is read for the words that were looked for, `on` is the day it is known by."""

    title: str
    url: str
    text: str
    on: date | None = None
    by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Record:
    """A model whose rows can be found. `rows` belong in the index, `public` may be shown now."""

    name: str
    rows: Callable[[], QuerySet]
    public: Callable[[], QuerySet]
    card: Callable[..., Card]


@dataclass(frozen=True)
class Kind:
    """What readers know things as; the tabs of the page of results."""

    name: str
    record: str
    slug: str
    one: str
    many: str


def _day(moment) -> date | None:
    return timezone.localdate(moment) if moment else None


def _article(article) -> Card:
    return Card(
        title=article.title,
        url=article.get_absolute_url(),
        text=f"{article.summary}\n{plain_text(article.body)}",
        on=_day(article.publish_at),
        by=article.agency.name,
        note="" if article.kind == Article.Kind.GUIDE else str(article.get_kind_display()),
    )


def _document(document) -> Card:
    return Card(
        title=f"{document.kind} {document.number}",
        url=document.get_absolute_url(),
        text=f"{document.title}\n{document.summary}",
        on=document.issued_on or _day(document.publish_at),
        by=document.issuer_name,
        note=str(document.force.label),
    )


def _video(video) -> Card:
    text = f"{video.summary}\n{plain_text(video.transcript)}"
    return Card(
        video.title,
        video.get_absolute_url(),
        text,
        _day(video.publish_at),
        video.agency.name if video.agency else "",
    )


def _page(page) -> Card:
    return Card(page.title, page.get_absolute_url(), f"{page.summary}\n{plain_text(page.body)}")


def _case(case) -> Card:
    answer = case.shown[-1] if case.shown else None
    return Card(
        title=case.public_title,
        url=case.get_absolute_url(),
        text=f"{plain_text(answer.public_body) if answer else ''}\n{case.public_text}",
        on=_day(case.published_at),
        by=case.agency.name if case.agency else "",
    )


def _campaign(campaign) -> Card:
    return Card(
        title=campaign.short_title,
        url=campaign.get_absolute_url(),
        text=f"{campaign.summary}\n{campaign.official_text}",
        by=str(campaign.plan),
    )


def _agency(agency) -> Card:
    today = timezone.localdate()
    ended = _("không còn hoạt động") if agency.valid_to and agency.valid_to < today else ""
    text = "\n".join(each for each in (agency.duties, agency.reception, agency.address) if each)
    return Card(agency.name, agency.get_absolute_url(), text, note=str(ended))


def _cases_with_answers() -> QuerySet:
    signed = Prefetch("answers", Answer.objects.signed().order_by("round"), to_attr="shown")
    return Case.objects.published().select_related("agency").defer("title", "text").prefetch_related(signed)


RECORDS = {
    each.name: each
    for each in (
        Record(
            "article",
            lambda: Article.objects.findable().prefetch_related("topics", "tags", "campaigns"),
            lambda: Article.objects.published().select_related("agency"),
            _article,
        ),
        Record(
            "document",
            lambda: (
                Document.objects.findable().select_related("kind", "agency").prefetch_related("campaigns")
            ),
            lambda: Document.objects.published().select_related("kind", "agency").with_force(),
            _document,
        ),
        Record(
            "video",
            lambda: Video.objects.findable().prefetch_related("campaigns"),
            lambda: Video.objects.published().select_related("agency"),
            _video,
        ),
        Record("page", lambda: Page.objects.findable(), lambda: Page.objects.published(), _page),
        Record(
            "case",
            lambda: Case.objects.findable().select_related("agency").prefetch_related("answers"),
            _cases_with_answers,
            _case,
        ),
        Record(
            "campaign",
            lambda: Campaign.objects.select_related("plan"),
            lambda: Campaign.objects.select_related("plan"),
            _campaign,
        ),
        Record(
            "agency",
            lambda: Agency.objects.prefetch_related("leaders"),
            lambda: Agency.objects.all(),
            _agency,
        ),
    )
}
KINDS = (
    Kind("question", "case", "hoi-dap", _("Hỏi đáp"), _("Câu hỏi đã trả lời")),
    Kind("feedback", "case", "phan-anh", _("Phản ánh"), _("Phản ánh đã trả lời")),
    Kind("guide", "article", "huong-dan", _("Hướng dẫn"), _("Hướng dẫn dịch vụ công")),
    Kind("article", "article", "tin-bai", _("Tin bài"), _("Tin bài")),
    Kind("document", "document", "van-ban", _("Văn bản"), _("Văn bản")),
    Kind("campaign", "campaign", "ke-hoach", _("Nội dung kế hoạch"), _("Nội dung kế hoạch")),
    Kind("video", "video", "video", _("Video"), _("Video")),
    Kind("agency", "agency", "co-quan", _("Cơ quan"), _("Cơ quan")),
    Kind("page", "page", "trang", _("Trang"), _("Trang giới thiệu")),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_SLUG = {kind.slug: kind for kind in KINDS}
FAVOURED = frozenset({"agency", "campaign"})  # whoever types such a name means the thing itself


def rows_of(hits: list[Hit]) -> dict[int, object]:
    """The public rows behind hits, by key of the index; what is no longer public is left out."""
    found: dict[int, object] = {}
    for name in dict.fromkeys(BY_NAME[hit.kind].record for hit in hits):
        mine = [hit for hit in hits if BY_NAME[hit.kind].record == name]
        rows = RECORDS[name].public().in_bulk([hit.object_id for hit in mine])
        found |= {hit.key: rows[hit.object_id] for hit in mine if hit.object_id in rows}
    return found


def cards(hits: list[Hit]) -> list[tuple[Hit, Card]]:
    rows = rows_of(hits)
    return [(hit, RECORDS[BY_NAME[hit.kind].record].card(rows[hit.key])) for hit in hits if hit.key in rows]


def texts(hits: list[Hit]) -> dict[int, str]:
    """The whole text of what was found, as the index reads it."""
    entries = {key: row.search_entry() for key, row in rows_of(hits).items()}  # type: ignore[attr-defined]
    return {key: f"{entry.number} {entry.title}\n{entry.body}" for key, entry in entries.items() if entry}
