"""Keeping the index: each step that changes what the public reads says so in its own transaction; a sweep mends the rest."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from parcai.search import terms
from parcai.search.engines import key_at
from parcai.search.engines.base import SHIFT
from parcai.search.entry import Entry, Findable
from parcai.search.models import SearchDocument

BITE = 500  # records read and written at once


def refresh(row: Findable) -> None:
    """Bring the index to what the record says now."""
    put(row.SEARCH_RECORD, row.pk, row.search_entry())


def put(record: str, pk: int, entry: Entry | None) -> bool:
    """Write, change or take out one record. Returns whether anything had to change."""
    mine = SearchDocument.objects.filter(record=record, object_id=pk)
    if entry is None:
        return bool(mine.delete()[0])
    found = terms.of_record(entry.title, entry.body, number=entry.number, marks=_marks(entry))
    head = " ".join(terms.words(f"{entry.number} {entry.title}"))[:600]
    digest = _digest(found, entry)
    known = mine.values_list("pk", "digest", "shown_until").first()
    if known and known[1:] == (digest, entry.shown_until):
        return False
    now = timezone.now()
    if known and known[0] >> SHIFT == key_at(entry.shown_from) >> SHIFT:
        mine.update(
            kind=entry.kind,
            head=head,
            terms=found,
            digest=digest,
            shown_until=entry.shown_until,
            indexed_at=now,
        )
        return True
    mine.delete()
    document = SearchDocument(
        record=record,
        object_id=pk,
        kind=entry.kind,
        head=head,
        terms=found,
        digest=digest,
        shown_until=entry.shown_until,
        indexed_at=now,
    )
    _insert(document, entry.shown_from)
    return True


def forget(row: Findable) -> None:
    """Take a record out; for rows that are deleted."""
    SearchDocument.objects.filter(record=row.SEARCH_RECORD, object_id=row.pk).delete()


def _marks(entry: Entry) -> tuple[str, ...]:
    agency = (f"a={entry.agency}",) if entry.agency else ()
    return (f"k={entry.kind}", *agency, *(f"c={campaign}" for campaign in entry.campaigns))


def _digest(found: str, entry: Entry) -> str:
    said = f"{found}|{entry.shown_from.timestamp()}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _insert(document: SearchDocument, shown_from: datetime) -> None:
    """At its moment, in the first free place of that second; two who write at once meet there and one goes on."""
    place = hashlib.sha256(f"{document.record} {document.object_id}".encode()).digest()
    low, lowest = int.from_bytes(place[:3], "big") % (1 << SHIFT), key_at(shown_from)
    for step in range(100):
        document.pk = lowest + (low + step * 7919) % (1 << SHIFT)
        try:
            with transaction.atomic():
                document.save(force_insert=True)
            return
        except IntegrityError:
            if SearchDocument.objects.filter(record=document.record, object_id=document.object_id).exists():
                return  # somebody wrote the same record at the same moment
    raise RuntimeError("no free place in the index")


def compare(record: str, rows) -> tuple[int, int]:
    """Mend what differs: `rows` are all records that belong in the index (a queryset). Returns (written, taken out)."""
    indexed = SearchDocument.objects.filter(record=record)
    removed = indexed.exclude(object_id__in=rows.order_by().values("pk")).delete()[0]
    return _put_all(record, rows.exclude(pk__in=indexed.values("object_id"))), removed


def rebuild(record: str, rows) -> tuple[int, int]:
    """Read every record anew, online: each takes its own place, so that nothing is missing meanwhile."""
    written = _put_all(record, rows)
    gone = SearchDocument.objects.filter(record=record).exclude(object_id__in=rows.order_by().values("pk"))
    return written, gone.delete()[0]


def _put_all(record: str, rows) -> int:
    written = last = 0
    while bite := list(rows.filter(pk__gt=last).order_by("pk")[:BITE]):
        with transaction.atomic():
            written += sum(put(record, row.pk, row.search_entry()) for row in bite)
        last = bite[-1].pk
    return written


def drop_ended() -> int:
    """Take out what is over for more than a day."""
    return SearchDocument.objects.filter(
        Q(shown_until__isnull=False), shown_until__lt=timezone.now() - timedelta(days=1)
    ).delete()[0]
