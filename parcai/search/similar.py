"""Records that speak of the same thing as a text: for whoever is about to ask, for routing, duplicates, further reading."""

import math
from itertools import combinations

from parcai.search.engines import Scope, engine
from parcai.search.expression import Expression, Term, both, either
from parcai.search.finding import Hit
from parcai.search.models import SearchDocument, SearchWord
from parcai.search.query import EMPTY
from parcai.search.terms import pairs, words

READ = 4_000  # characters of the text
RAREST = 5  # words of it that say most
CANDIDATES = 150
LEAST = 0.3  # share of the weight of the text a record must hold
PAIR = 1.5  # weight of two words next to each other, against one of them


def similar(
    text: str,
    scope: Scope,
    *,
    many: int,
    least: float = LEAST,
    inside: bool = False,
    kinds: tuple[str, ...] = (),
    but: tuple[str, int] | None = None,
) -> list[Hit]:
    """The closest first, at most `many`, of some kinds or of all; `but` is a record left out, as (record, key)."""
    said = [word for word in words(text[:READ]) if len(word) > 1]
    weights = _weights(said)
    if not weights:
        return []
    prefix = "i:" if inside else ""
    wanted = _candidates(said, weights, prefix)
    if kinds:
        wanted = both(wanted, either(*(Term(f"k={kind}") for kind in kinds)))
    keys = engine().newest(wanted, scope, CANDIDATES)
    rows = SearchDocument.objects.filter(pk__in=keys).values_list(
        "pk", "record", "kind", "object_id", "terms"
    )
    total, scored = sum(weights.values()), []
    for key, record, kind, object_id, terms in rows:
        held = set(terms.split(" "))
        score = sum(weight for term, weight in weights.items() if prefix + term in held) / total
        if score >= least and (record, object_id) != but:
            scored.append((score, Hit(key, kind, object_id)))
    scored.sort(key=lambda pair: (-pair[0], -pair[1].key))
    return [hit for _score, hit in scored[:many]]


def _weights(said: list[str]) -> dict[str, float]:
    """How much each word and each pair of neighbours says: rare ones much, common ones little, courtesies nothing."""
    telling = list(dict.fromkeys(word for word in said if word not in EMPTY))
    records = dict(SearchWord.objects.filter(word__in=telling).values_list("word", "records"))
    most = max(records.values(), default=1)
    weights = {word: math.log(1 + most / records.get(word, 1)) for word in telling}
    for pair in pairs(said):
        first, second = pair.split(".")
        if first in weights and second in weights:
            weights[pair] = PAIR * (weights[first] + weights[second]) / 2
    return weights


def _candidates(said: list[str], weights: dict[str, float], prefix: str) -> Expression:
    """Records that share two of the rarest words, or a pair of neighbours among them."""
    rarest = sorted((term for term in weights if "." not in term), key=lambda term: -weights[term])[:RAREST]
    near = [pair for pair in pairs(said) if pair in weights and set(pair.split(".")) & set(rarest)][
        : 2 * RAREST
    ]
    together = [both(Term(prefix + one), Term(prefix + other)) for one, other in combinations(rarest, 2)]
    return either(
        *(Term(prefix + pair) for pair in near),
        *together,
        *([Term(prefix + rarest[0])] if len(rarest) == 1 else []),
    )
