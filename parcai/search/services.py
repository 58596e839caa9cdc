"""Keeping the index: each step that changes what the public reads says so in its own transaction; a sweep mends the rest."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from parcai.search import terms
from parcai.search.engines import key_at
from parcai.search.engines.base import SHIFT
from parcai.search.entry import Entry, Findable
from parcai.search.models import SearchDocument, WaitingChange

BITE = 500  # records read and written at once
MENDED = "search:mended-at"


def refresh(row: Findable) -> None:
    """Bring the index to what the record says now."""
    put(row.SEARCH_RECORD, row.pk, row.search_entry())


def put(record: str, pk: int, entry: Entry | None) -> bool:
    """Write, change or take out one record. Returns whether anything had to change."""
    mine = SearchDocument.objects.filter(record=record, object_id=pk)
    if entry is None:
        return _take_out(mine) > 0
    document = _document(record, pk, entry)
    known = mine.values_list("pk", "digest", "shown_until").first()
    if known and known[1:] == (document.digest, entry.shown_until):
        return False
    if known and known[0] >> SHIFT == key_at(entry.shown_from) >> SHIFT:
        document.pk = known[0]
        document.save(force_update=True)
        _note([document.pk])
        return True
    _take_out(mine)
    _insert(document, entry.shown_from)
    return True


def _take_out(rows) -> int:
    """Delete rows of the index. Returns how many."""
    if settings.OPENSEARCH_URL:
        _note(rows.values_list("pk", flat=True))
    return rows.delete()[0]


def _note(keys: Iterable[int]) -> None:
    """What OpenSearch has to be told of, where there is one, in the transaction of the change itself."""
    if settings.OPENSEARCH_URL:
        WaitingChange.objects.bulk_create((WaitingChange(key=key) for key in keys), batch_size=BITE)


def _document(record: str, pk: int, entry: Entry) -> SearchDocument:
    """The row of an entry, without its key."""
    if entry.is_inside:
        found, head = terms.of_inside(entry.title, entry.body), ""
    else:
        found = terms.of_record(entry.title, entry.body, number=entry.number, marks=_marks(entry))
        head = " ".join(terms.words(f"{entry.number} {entry.title}"))[:600]
    return SearchDocument(
        record=record,
        object_id=pk,
        kind=entry.kind,
        head=head,
        terms=found,
        digest=_digest(found, entry),
        shown_until=entry.shown_until,
        indexed_at=timezone.now(),
    )


def forget(row: Findable) -> None:
    """Take a record out; for rows that are deleted."""
    _take_out(SearchDocument.objects.filter(record=row.SEARCH_RECORD, object_id=row.pk))


def _marks(entry: Entry) -> tuple[str, ...]:
    agency = (f"a={entry.agency}",) if entry.agency else ()
    return (f"k={entry.kind}", *agency, *(f"c={campaign}" for campaign in entry.campaigns))


def _digest(found: str, entry: Entry) -> str:
    said = f"{found}|{entry.shown_from.timestamp()}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _insert(document: SearchDocument, shown_from: datetime) -> None:
    """At its moment, in the first free place of that second; two who write at once meet there and one goes on."""
    for key in _places(document, shown_from):
        document.pk = key
        try:
            with transaction.atomic():
                document.save(force_insert=True)
                _note([key])
            return
        except IntegrityError:
            if SearchDocument.objects.filter(record=document.record, object_id=document.object_id).exists():
                return  # somebody wrote the same record at the same moment
    raise RuntimeError("no free place in the index")


def _places(document: SearchDocument, shown_from: datetime) -> Iterator[int]:
    """Keys of the second it is published in, each record's own order."""
    digest = hashlib.sha256(f"{document.record} {document.object_id}".encode()).digest()
    first = int.from_bytes(digest[:3], "big")
    return (key_at(shown_from) + (first + step * 7919) % (1 << SHIFT) for step in range(100))


Says = Callable[[Any], Entry | None]


def says(row: Findable) -> Entry | None:
    """What a row says of itself to everybody."""
    return row.search_entry()


def compare(record: str, rows, entry: Says = says) -> tuple[int, int]:
    """Mend what differs: `rows` are all records that belong in the index (a queryset). Returns (written, taken out)."""
    indexed = SearchDocument.objects.filter(record=record)
    removed = _take_out(indexed.exclude(object_id__in=rows.order_by().values("pk")))
    return _put_all(record, rows.exclude(pk__in=indexed.values("object_id")), entry), removed


def rebuild(record: str, rows, entry: Says = says) -> tuple[int, int]:
    """Read every record anew, online: each takes its own place, so that nothing is missing meanwhile."""
    written = _put_all(record, rows, entry)
    gone = SearchDocument.objects.filter(record=record).exclude(object_id__in=rows.order_by().values("pk"))
    return written, _take_out(gone)


def _put_all(record: str, rows, entry: Says) -> int:
    written = last = 0
    while bite := list(rows.filter(pk__gt=last).order_by("pk")[:BITE]):
        with transaction.atomic():
            written += _put_bite(record, bite, entry)
        last = bite[-1].pk
    return written


def _put_bite(record: str, bite, entry: Says) -> int:
    """Rows that are not in the index yet are written in one statement; the others one by one, where they changed."""
    entries = {row.pk: entry(row) for row in bite}
    indexed = SearchDocument.objects.filter(record=record, object_id__in=list(entries))
    known = set(indexed.values_list("object_id", flat=True))
    new: dict[int, SearchDocument] = {}
    for pk, said in entries.items():
        if said is not None and pk not in known:
            document = _document(record, pk, said)
            document.pk = next(key for key in _places(document, said.shown_from) if key not in new)
            new[document.pk] = document
    taken = SearchDocument.objects.filter(pk__in=list(new)).values_list("pk", flat=True)
    single = known | {new.pop(key).object_id for key in list(taken)}
    SearchDocument.objects.bulk_create(new.values())
    _note(new)
    return len(new) + sum(put(record, pk, entries[pk]) for pk in single)


def drop_ended() -> int:
    """Take out what is over for more than a day."""
    a_day_ago = timezone.now() - timedelta(days=1)
    return _take_out(SearchDocument.objects.filter(shown_until__isnull=False, shown_until__lt=a_day_ago))


def mended_at() -> datetime:
    """When the sweep last ran; an hour ago when nobody remembers."""
    return cache.get(MENDED) or timezone.now() - timedelta(hours=1)


def note_mended(at: datetime) -> None:
    cache.set(MENDED, at, timeout=24 * 3600)
