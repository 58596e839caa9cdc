"""The home page: the sections the board has switched on, in its order, each with what it shows."""

import statistics
from collections.abc import Callable

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles import arrangement
from articles.models import Article, Block, Document, HomeSection, Video
from feedback.models import Answer, Case
from plan.models import Evidence, Plan

MEDIAN_SAMPLE = 500
SMALLEST_SAMPLE = 5  # a figure over fewer cases could tell who asked
Kind = HomeSection.Kind


def parts() -> list[dict]:
    """What follows the three doors: one or two sections side by side, each with its template and rows."""
    rows = HomeSection.objects.filter(is_shown=True).select_related("campaign", "topic")
    return _laid_out([built for row in rows if (built := _build(row))])


def _laid_out(sections: list[dict]) -> list[dict]:
    """Answers and figures next to each other share a row, the campaigns stand on a band, the rest below each other."""
    found: list[dict] = []
    for section in sections:
        before = found[-1]["sections"] if found else []
        kinds = [each["kind"] for each in (*before, section)]
        if sorted(kinds) == [Kind.ANSWERS, Kind.NUMBERS]:
            found[-1] |= {"layout": "columns", "is_turned": kinds[0] == Kind.NUMBERS}
            before.append(section)
        else:
            layout = "band" if section["kind"] == Kind.CAMPAIGNS else section["kind"]
            found.append({"layout": layout, "sections": [section]})
    return found


def _build(section: HomeSection) -> dict | None:
    """What the section's template shows; None for one that has nothing to say when it is empty."""
    content = BUILDERS[section.kind](section)
    if not content.get("rows", True) and section.kind in {Kind.DOCUMENTS, Kind.VIDEOS, Kind.BLOCKS}:
        return None
    return {
        **content,
        "kind": section.kind,
        "id": f"phan-{section.pk}",
        "title": section.title or content["title"],
        "template": f"home/{section.kind}.html",
    }


def _answers(section: HomeSection) -> dict:
    rows = Case.objects.published().for_public_list()[: section.many]
    return {"title": _("Câu trả lời mới"), "rows": list(rows)}


def _numbers(section: HomeSection) -> dict:
    return {"title": _("Việc trả lời"), "counts": answering_counts()}


def _campaigns(section: HomeSection) -> dict:
    plan = Plan.objects.filter(year=settings.PLAN_YEAR).first() or Plan.objects.first()
    rows = campaigns_with_counts(plan) if plan else []
    title = _("%d nội dung của kế hoạch tuyên truyền") % len(rows) if rows else _("Kế hoạch tuyên truyền")
    return {"title": title, "plan": plan, "rows": rows[: section.many]}


def _articles(section: HomeSection) -> dict:
    rows = Article.objects.published().filter(**section.narrowed_by).for_cards()[: section.many]
    title, url = _("Tin bài mới"), reverse("articles:article-list")
    query: dict[str, str | int] = {}
    if section.article_kind:
        title, query = section.get_article_kind_display(), {"loai": section.article_kind}
    elif section.campaign:
        title, query = section.campaign.short_title, {"noi_dung": section.campaign.pk}
    elif section.topic:
        title, query = section.topic.name, {"chu_de": section.topic.slug}
    return {
        "title": title,
        "rows": list(rows),
        "all_url": f"{url}?{urlencode(query)}" if query else url,
        "all_title": _("Xem tất cả") if query else _("Tất cả tin bài"),
    }


def _documents(section: HomeSection) -> dict:
    rows = Document.objects.published().for_cards()[: section.many]
    return {"title": _("Văn bản mới"), "rows": list(rows)}


def _videos(section: HomeSection) -> dict:
    rows = Video.objects.published().for_cards()[: section.many]
    return {"title": _("Video mới"), "rows": list(rows)}


def _blocks(section: HomeSection) -> dict:
    return {
        "title": _("Thông tin thêm"),
        "rows": arrangement.blocks(Block.Place.HOME, section.many),
    }


BUILDERS: dict[str, Callable[[HomeSection], dict]] = {
    Kind.ANSWERS: _answers,
    Kind.NUMBERS: _numbers,
    Kind.CAMPAIGNS: _campaigns,
    Kind.ARTICLES: _articles,
    Kind.DOCUMENTS: _documents,
    Kind.VIDEOS: _videos,
    Kind.BLOCKS: _blocks,
}


# Figures ---------------------------------------------------------------------------------------------------------


def campaigns_with_counts(plan: Plan) -> list:
    counted = Count("evidence", filter=Q(evidence__withdrawn_at=None))
    by_kind = {
        f"{kind}_count": Count("evidence", filter=Q(evidence__withdrawn_at=None, evidence__kind=kind))
        for kind in Evidence.Kind.values
    }
    return list(plan.campaigns.select_related("plan", "owner").annotate(evidence_count=counted, **by_kind))


def answering_counts() -> dict:
    """How well questions are answered, from the first answers signed last; nothing over fewer than five.

    A first answer counts by its own due day: a case reopened later neither mends nor spoils the figure.
    """
    open_to_all = Case.objects.filter(is_confidential=False)
    first = Answer.objects.signed().filter(round=1, case__is_confidential=False).order_by("-signed_at")
    recent = list(first.values_list("signed_at", "due_on", "days_taken")[:MEDIAN_SAMPLE])
    counts = {
        "answered": open_to_all.filter(status=Case.Status.ANSWERED).count(),
        "on_time_percent": None,
        "median_days": None,
    }
    if len(recent) >= SMALLEST_SAMPLE:
        on_time = sum(timezone.localdate(signed_at) <= due_on for signed_at, due_on, _days in recent)
        counts["on_time_percent"] = round(100 * on_time / len(recent))
        counts["median_days"] = round(statistics.median(days for _at, _due, days in recent))
    return counts
