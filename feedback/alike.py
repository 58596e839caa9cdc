"""Cases that speak of the same thing: answers for whoever is about to ask, precedents and doubles for officials."""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from agencies.models import Agency
from feedback.models import Case
from feedback.services import normal_code
from feedback.services.routing import heirs_of
from parcai.search.engines import Scope, engine
from parcai.search.expression import Term, both
from parcai.search.finding import MOST, hits
from parcai.search.models import SearchDocument
from parcai.search.query import understand
from parcai.search.similar import similar
from parcai.search.synonyms import forms as wordings
from parcai.search.terms import words

ANSWERED = 3  # answers shown to whoever asks
PRECEDENTS = 12  # answered cases looked at for a suggestion
DOUBLES = 5
FOUND = 500  # cases that hold some words, the newest first
MOST_WORDS = 12
SAME_THING = 0.45  # share of the weight of a text from which another case may be the very same


@dataclass(frozen=True)
class Suggestion:
    """An agency that may be the right one, and how many like cases it has answered."""

    agency: Agency
    cases: int
    instead_of: Agency | None = None  # an ended one that answered some of them


def answered(text: str, *, many: int = ANSWERED, but: Case | None = None) -> list[Case]:
    """Published cases that may already answer a text, the closest first."""
    left_out = (Case.SEARCH_RECORD, but.pk) if but else None
    hits = similar(text, Scope(timezone.now()), many=many, kinds=tuple(Case.Kind.values), but=left_out)
    rows = Case.objects.published().for_public_list().in_bulk([hit.object_id for hit in hits])
    return [rows[hit.object_id] for hit in hits if hit.object_id in rows]


def saying(text: str, *, kind: str, agency: int | None = None, campaign: int | None = None) -> list[int]:
    """Keys of published cases of a kind that hold all the words, the newest thousand."""
    query = understand(text, wordings())
    if not query:
        return []
    scope = Scope(timezone.now(), kind=kind, agency=agency, campaign=campaign)
    return [hit.object_id for hit in hits(engine().newest(query.all_words, scope, MOST))]


def doubles(case: Case, *, user) -> list[Case]:
    """Other cases an official may see that seem to say the very same, the closest first."""
    hits = similar(
        f"{case.title}\n{case.text}",
        Scope(timezone.now()),
        many=DOUBLES,
        least=SAME_THING,
        inside=True,
        but=(Case.INSIDE, case.pk),
    )
    rows = Case.objects.visible_to(user).exclude(pk=case.pk).select_related("agency")
    found = rows.in_bulk([hit.object_id for hit in hits])
    return [found[hit.object_id] for hit in hits if hit.object_id in found]


def holding(text: str) -> list[int]:
    """Keys of the newest cases that hold every one of the words, or bear the code; for officials alone."""
    by_code = list(Case.objects.filter(code=normal_code(text)).values_list("pk", flat=True))
    said = words(text)[:MOST_WORDS]
    if by_code or not said:
        return by_code
    wanted = both(*(Term(f"i:{word}") for word in said))
    keys = engine().newest(wanted, Scope(timezone.now()), FOUND)
    found = SearchDocument.objects.filter(pk__in=keys, record=Case.INSIDE)
    return list(found.values_list("object_id", flat=True))


def agencies_for(case: Case, *, user) -> list[Suggestion]:
    """Agencies of today that have answered like cases, those with the most first."""
    hits = similar(
        f"{case.title}\n{case.text}",
        Scope(timezone.now()),
        many=PRECEDENTS,
        inside=True,
        but=(Case.INSIDE, case.pk),
    )
    rows = Case.objects.visible_to(user).filter(
        pk__in=[hit.object_id for hit in hits], status=Case.Status.ANSWERED, agency__isnull=False
    )
    by_agency = Counter(row.agency for row in rows.select_related("agency"))
    today: Counter[Agency] = Counter()
    former: dict[Agency, Agency] = {}
    for agency, cases in by_agency.items():
        for heir in heirs_of(agency) if agency else ():
            today[heir] += cases
            if heir != agency and agency:
                former[heir] = agency
    return [Suggestion(agency, cases, former.get(agency)) for agency, cases in today.most_common(3)]
