"""Finding: which records answer a question, in which order, and what was perhaps meant."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from parcai.search.engines import Engine, Scope, engine
from parcai.search.expression import Expression, Term, both
from parcai.search.models import SearchDocument
from parcai.search.query import Query
from parcai.search.terms import whole, words

WINDOW = 100  # hits of one tier that are put in order by how well they fit; what follows is in order of time
MOST = 1000  # hits that are counted and can be paged through


@dataclass(frozen=True)
class Hit:
    """A record that was found, by key of the index."""

    key: int
    kind: str
    object_id: int


Texts = Callable[[list[Hit]], dict[int, str]]  # keys with the whole text of their records


@dataclass
class Found:
    """The answer to a question within a scope; nothing is asked of the index before it is needed.

    `texts` reads the records themselves, which only phrases of three words and more need.
    """

    query: Query
    scope: Scope
    texts: Texts
    by_date: bool = False
    favoured: frozenset[str] = frozenset()  # kinds people mean when they type a name: agencies, campaigns
    engine: Engine = field(default_factory=engine)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Hits of each kind, counted to MOST."""
        if not self.query:
            return dict.fromkeys(self.scope.kinds, 0)
        return self.engine.counts(self.query.all_words, self.scope, MOST)

    @property
    def total(self) -> int:
        return min(sum(self.counts.values()), MOST)

    @property
    def is_capped(self) -> bool:
        return sum(self.counts.values()) >= MOST

    def page(self, start: int, length: int) -> list[Hit]:
        """Hits from place `start` (0 is the first), at most up to place MOST."""
        if not self.query or start >= MOST:
            return []
        wanted, keys = min(start + length, MOST), []
        for key in self._in_order():
            keys.append(key)
            if len(keys) >= wanted:
                break
        return hits(keys[start:wanted])

    # Order ----------------------------------------------------------------------------------------------------------

    def _tiers(self) -> list[Expression]:
        """The best first. Each holds what the ones before it hold, or less strict cousins of it."""
        query = self.query
        if self.by_date:
            return [query.all_words]
        same = both(Term(whole(query.text)), query.all_words) if not query.phrases else None
        tiers = [
            same,
            query.exact_in_title,
            both(query.exact_words, query.as_phrase) if query.exact_words and query.as_phrase else None,
            query.exact_words,
            query.all_in_title,
            query.as_phrase,
            query.all_words,
        ]
        return [tier for tier in dict.fromkeys(tiers) if tier is not None]

    def _in_order(self) -> Iterator[int]:
        seen: set[int] = set()
        for tier in self._tiers():
            if (
                not self.query.phrases
                and not self.query.forbidden
                and len(seen) >= sum(self.counts.values()) < MOST
            ):
                return  # every hit stands in a tier before
            for key in self._tier(tier):
                if key not in seen:
                    seen.add(key)
                    yield key

    def _tier(self, tier: Expression) -> Iterator[int]:
        below = None
        while True:
            window = self.engine.newest(tier, self.scope, WINDOW, below)
            kept = self._really_meant(window)
            yield from (self._by_fit(kept) if below is None and not self.by_date else kept)
            if len(window) < WINDOW:
                return
            below = window[-1]

    def _really_meant(self, keys: list[int]) -> list[int]:
        """Without records where the words of a longer phrase stand apart: the index knows neighbours only."""
        phrases = [" ".join(phrase) for phrase in self.query.phrases if len(phrase) > 2]
        forbidden = [" ".join(phrase) for phrase in self.query.forbidden]
        if not keys or not (phrases or forbidden):
            return keys
        texts = {key: f" {' '.join(words(text))} " for key, text in self.texts(hits(keys)).items()}
        return [
            key
            for key in keys
            if all(f" {phrase} " in texts.get(key, "") for phrase in phrases)
            and not any(f" {phrase} " in texts.get(key, "") for phrase in forbidden)
        ]

    def _by_fit(self, keys: list[int]) -> list[int]:
        """The closest titles first, the newest of equals first."""
        rows = SearchDocument.objects.filter(pk__in=keys).values_list("pk", "kind", "head")
        fit = {key: self._fit(kind, head) for key, kind, head in rows}
        return sorted(keys, key=lambda key: (-fit.get(key, 0), -key))

    def _fit(self, kind: str, head: str) -> float:
        asked, title = self.query.typed, head.split()
        whole_question, padded = " ".join(asked), f" {head} "
        share = sum(f" {word} " in padded for word in set(asked)) / len(set(asked))
        if share < 1:
            return share
        covered = len(set(asked)) / max(len(title), 1)
        is_phrase, is_start = f" {whole_question} " in padded, head.startswith(whole_question)
        return 1 + 4 * is_phrase + 2 * is_start + 2 * covered + 3 * (kind in self.favoured)


def hits(keys: list[int]) -> list[Hit]:
    rows = SearchDocument.objects.filter(pk__in=keys).values_list("pk", "kind", "object_id")
    found = {key: Hit(key, kind, object_id) for key, kind, object_id in rows}
    return [found[key] for key in keys if key in found]
