"""Everything that can be found, gathered from the declarations of public records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from feedback.models import Case
from parcai.records import KINDS
from parcai.records.kinds import Card, Search, Tab
from parcai.search import services
from parcai.search.entry import Entry
from parcai.search.finding import Hit
from parcai.search.models import SearchDocument

BITE = 500  # rows read at once
SEARCHES = tuple(kind.search for kind in KINDS if kind.search)
RECORDS: dict[str, Search] = {search.record: search for search in SEARCHES}
ORDER = "question feedback guide article document campaign video agency page".split()  # of the tabs
_TABS = {tab.name: (tab, search) for search in SEARCHES for tab in search.tabs}
TABS: dict[str, Tab] = {name: _TABS[name][0] for name in dict.fromkeys((*ORDER, *_TABS))}
BY_SLUG = {tab.slug: tab for tab in TABS.values()}
FAVOURED = frozenset(tab.name for tab in TABS.values() if tab.is_favoured)


@dataclass(frozen=True)
class Indexed:
    """Rows that belong in the index, and what each says of itself there."""

    record: str
    rows: Callable[[], QuerySet]
    entry: services.Says = services.says


INDEXED = (
    *(Indexed(search.record, search.indexed) for search in RECORDS.values()),
    # What officials find like cases by; nothing of it is public.
    Indexed(Case.INSIDE, lambda: Case.objects.findable_inside(), Case.inside_entry),
)
# Addresses of single records: name of the address -> (record, the field its argument names).
PAGES = {
    "articles:article-detail": ("article", "pk"),
    "articles:document-detail": ("document", "pk"),
    "articles:video-detail": ("video", "pk"),
    "articles:page-detail": ("page", "slug"),
    "feedback:question-detail": ("case", "pk"),
    "feedback:feedback-detail": ("case", "pk"),
    "agency-detail": ("agency", "code"),
}


def is_public(path: str) -> bool:
    """Whether a path of the portal leads to something that may be shown now."""
    try:
        found = resolve(path.partition("?")[0].partition("#")[0])
    except Resolver404:
        return False
    if found.view_name not in PAGES:
        return True
    record, field = PAGES[found.view_name]
    return RECORDS[record].shown().filter(**{field: found.kwargs[field]}).exists()


def cards(hits: list[Hit]) -> list[tuple[Hit, Card]]:
    """Hits with how they look, in order; what is no longer public is left out."""
    found: dict[int, Card] = {}
    for search, mine in _by_record(hits):
        rows = search.shown().in_bulk(list(mine))
        found |= {mine[pk]: search.card(row) for pk, row in rows.items()}
    return [(hit, found[hit.key]) for hit in hits if hit.key in found]


def texts(hits: list[Hit]) -> dict[int, str]:
    """The whole text of what was found, as the index reads it."""
    found: dict[int, str] = {}
    for search, mine in _by_record(hits):
        rows = search.indexed().filter(pk__in=mine)
        found |= {mine[row.pk]: _said(entry) for row in rows if (entry := row.search_entry())}
    return found


def _by_record(hits: list[Hit]) -> Iterator[tuple[Search, dict[int, int]]]:
    """The hits of each record: key of the row -> key of the index."""
    for name in dict.fromkeys(_TABS[hit.kind][1].record for hit in hits):
        yield RECORDS[name], {hit.object_id: hit.key for hit in hits if _TABS[hit.kind][1].record == name}


def written(since: datetime | None = None) -> Iterator[str]:
    """The texts of everything public now, or of what was indexed since then."""
    for search in RECORDS.values():
        rows = search.indexed().filter(pk__in=search.shown().order_by().values("pk"))
        if since:
            new = SearchDocument.objects.filter(record=search.record, indexed_at__gte=since)
            rows = rows.filter(pk__in=new.values("object_id"))
        last = 0
        while bite := list(rows.filter(pk__gt=last).order_by("pk")[:BITE]):
            for row in bite:
                if entry := row.search_entry():
                    yield _said(entry)
            last = bite[-1].pk


def _said(entry: Entry) -> str:
    return f"{entry.number} {entry.title}\n{entry.body}"
