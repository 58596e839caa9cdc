"""Documents that texts cite, by link or by number: found when a text is saved and again when a document becomes public,
kept beside the text, and asked about once the document has ended."""

import re
from datetime import date
from html import escape

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone

from articles.models import ENDED, CitationReview, CitationScan, Document
from articles.models.document import force_on, number_key
from parcai.lib import html
from parcai.lib.publishing import readable_q
from parcai.lib.vietnamese import fold

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
SYMBOL = re.compile(r"(?<![\w/.,-])\d{1,5} ?(?:/ ?\d{4} ?)?/ ?[^\W\d_][\w&]*(?:-[\w&]+)*")
PAGE = re.compile(r"/van-ban/(\d{1,18})/(?:[?#].*)?")
DAYS = (
    re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b"),
    re.compile(r"\bngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})\b", re.IGNORECASE),
)
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
LOCAL_BODY = re.compile(
    r"\b(?:của|do)\s+(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân)\s+"
    r"(?:tỉnh|thành phố|TP|huyện|thị xã|xã|phường|thị trấn)\.?\s+"
    r"([^\W\d_]+)(?:\s+([^\W\d_]+))?"
)
OF_LOCAL_BODY = re.compile(r" (?:ubnd|hdnd)$")
NEARBY, DAY_WITHIN = 160, 40  # characters after a number in which its day, its issuer may stand
MOST_NUMBERS = 300  # of one text
MOST_TEXTS = 1000  # read again for one document


# Finding ---------------------------------------------------------------------------------------------------------


def cited_in(text: str) -> list[Document]:
    """The public documents a rich text cites; one that could be another document too is left out."""
    keys = {
        int(found[1])
        for address, _words in html.links(text)
        if (found := PAGE.fullmatch(address.removeprefix(settings.SITE_URL)))
    }
    mentions = _mentions(html.plain_text(text))
    candidates: dict[str, list[Document]] = {}
    numbers = sorted({key for key, _before, _after in mentions})[:MOST_NUMBERS]
    rows = Document.objects.readable().select_related("agency")
    for row in rows.filter(number_key__in=numbers) if numbers else ():
        candidates.setdefault(row.number_key, []).append(row)
    chosen = [_meant(candidates.get(key, []), before, after) for key, before, after in mentions]
    named = {row.pk: row for row in chosen if row}
    linked = Document.objects.readable().filter(pk__in=keys - set(named)) if keys else ()
    return [*named.values(), *linked]


def _mentions(words: str) -> list[tuple[str, str, str]]:
    """Numbers of documents with the words before and after, up to the next number."""
    words = words.translate(DASHES)
    places = list(SYMBOL.finditer(words))
    ends = [place.start() for place in places[1:]] + [len(words)]
    return [
        (
            number_key(place[0]),
            words[max(0, place.start() - NEARBY) : place.start()],
            words[place.end() : min(place.end() + NEARBY, end)],
        )
        for place, end in zip(places, ends, strict=False)
    ]


def _meant(candidates: list[Document], before: str, after: str) -> Document | None:
    """The one document those words can mean, or nothing."""
    if not candidates:
        return None
    if day := _day_in(after[:DAY_WITHIN]):
        candidates = [row for row in candidates if row.issued_on in (None, day)]
        candidates = [row for row in candidates if row.issued_on] or candidates
    if (place := LOCAL_BODY.search(after)) and place[1][0].isupper():  # "của UBND tỉnh về" names no province
        named = fold(" ".join(part for part in place.groups() if part and part[0].isupper()))
        candidates = [
            row
            for row in candidates
            if not OF_LOCAL_BODY.search(row.number_key) or f" {named} " in f" {fold(row.issuer_name)} "
        ]
    if len(candidates) > 1:
        around = fold(f"{before} {after}")
        years = set(YEAR.findall(after[:DAY_WITHIN]))
        candidates = (
            [row for row in candidates if fold(row.issuer_name) in around]
            or [row for row in candidates if row.issued_on and str(row.issued_on.year) in years]
            or candidates
        )
    return candidates[0] if len(candidates) == 1 else None


def _day_in(words: str) -> date | None:
    for pattern in DAYS:
        if found := pattern.search(words):
            day, month, year = (int(part) for part in found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


def note(row, *texts: str) -> None:
    """Remember beside an article or an answer which documents its texts cite."""
    row.documents.set({document for text in texts for document in cited_in(text)})


# A document that comes after the text ----------------------------------------------------------------------------


def unread(texts: str):
    """Public documents for whose number the texts of one kind were not searched since their last approval."""
    done = CitationScan.objects.filter(
        document=OuterRef("pk"), texts=texts, done_at__gte=OuterRef("approved_at")
    )
    return Document.objects.readable().filter(~Exists(done)).order_by("publish_at", "pk")


@transaction.atomic
def read_again(document: Document, rows, *, texts: str, field: str) -> int:
    """Look anew at the rows whose text may name the document, the newest first. Returns how many were looked at."""
    begun_at = timezone.now()
    naming = Q(documents=document) | Q(**{f"{field}__contains": document.get_absolute_url()})
    for spelling in _spellings(document.number):
        naming |= Q(**{f"{field}__icontains": escape(spelling)})
    found = list(rows.filter(pk__in=rows.filter(naming).values("pk")).order_by("-pk")[:MOST_TEXTS])
    for row in found:
        note(row, getattr(row, field))
    CitationScan.objects.update_or_create(
        document=document, texts=texts, defaults={"done_at": max(begun_at, document.approved_at or begun_at)}
    )
    return len(found)


def _spellings(number: str) -> set[str]:
    """How people write a number: with another dash, without Đ, with or without a leading zero."""
    plain = number.translate(DASHES)
    found = {plain, plain.lstrip("0"), f"0{plain}" if re.match(r"[1-9]/", plain) else plain}
    found |= {each.replace("Đ", "D").replace("đ", "d") for each in found}
    return found | {each.replace("-", dash) for each in found for dash in "–‑"}


# Documents that have ended ---------------------------------------------------------------------------------------


def ended(row) -> list[Document]:
    """The public documents a text cites that no longer bind; one query, and one more where there are some."""
    begun = Document.objects.readable().filter(effective_on__lte=timezone.localdate())
    return list(
        row.documents.readable()
        .ended()
        .select_related("agency", "kind")
        .prefetch_related(Prefetch("replaced_by", begun, to_attr="replacements"))
        .order_by("pk")
    )


def awaiting(rows):
    """Of these articles or answers, those that cite an ended document nobody has confirmed since."""
    model = rows.model
    own = model._meta.model_name
    reviewed = (
        CitationReview.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id=OuterRef(f"{own}_id"),
            document=OuterRef("document_id"),
        )
        .annotate(force_now=force_on(through="document"))
        .filter(force=F("force_now"))
    )
    cited = (
        model.documents.through.objects.filter(readable_q(through="document"))
        .annotate(force_found=force_on(through="document"))
        .filter(~Exists(reviewed), force_found__in=ENDED)
    )
    return rows.filter(pk__in=cited.values(own))


def is_awaiting(row) -> bool:
    return hasattr(row, "documents") and awaiting(type(row).objects.filter(pk=row.pk)).exists()


def confirm(row, *, by) -> list[Document]:
    """Write down that `by` has looked. Returns the ended documents the text cites; none when nothing waits."""
    if not awaiting(type(row).objects.filter(pk=row.pk)).exists():
        return []
    found = ended(row)
    for document in found:
        CitationReview.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(row),
            object_id=row.pk,
            document=document,
            force=document.force,
            defaults={"by": by, "replacement": next(iter(document.replacements), None)},
        )
    return found
