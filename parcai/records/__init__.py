"""Every kind of record everybody may read, declared once for the API, open data and whatever else shows records."""

from parcai.records.agencies import AGENCIES, CALENDAR_DAYS
from parcai.records.articles import ARTICLES, DOCUMENT_TYPES, DOCUMENTS, PAGES, TOPICS, VIDEOS
from parcai.records.feedback import FEEDBACK_RESULTS, QUESTIONS
from parcai.records.figures import CASE_FIGURES
from parcai.records.kinds import Column, Key, Kind, Reference, Type
from parcai.records.plan import CAMPAIGNS, EVIDENCE, PLANS

KINDS: tuple[Kind, ...] = (
    PLANS,
    CAMPAIGNS,
    EVIDENCE,
    ARTICLES,
    DOCUMENTS,
    VIDEOS,
    PAGES,
    QUESTIONS,
    FEEDBACK_RESULTS,
    AGENCIES,
    TOPICS,
    DOCUMENT_TYPES,
    CALENDAR_DAYS,
    CASE_FIGURES,
)


def kind_named(name: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.name == name), None)


__all__ = ["ARTICLES", "KINDS", "Column", "Key", "Kind", "Reference", "Type", "kind_named"]
