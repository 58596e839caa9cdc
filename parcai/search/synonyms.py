"""Abbreviations and other wordings of one thing, as editors keep them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache

from parcai.search.models import Synonym
from parcai.search.terms import accents, words

KEPT = 60  # seconds
CACHE_KEY = "search:forms"


@dataclass(frozen=True)
class Wording:
    """One way to say it: folded words, and those of them that have accents, spelt in full."""

    folded: tuple[str, ...]
    spelt: tuple[str, ...]


class Forms:
    """Every wording with the others of its group. A wording typed with accents is only met by the same accents."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self.by_words: dict[tuple[str, ...], list[tuple[Wording, tuple[Wording, ...]]]] = defaultdict(list)
        for group in groups:
            wordings = [Wording(tuple(words(form)), tuple(accents(form))) for form in group]
            for wording in wordings:
                others = tuple(
                    other for other in dict.fromkeys(wordings) if other.folded and other != wording
                )
                if wording.folded and others:
                    self.by_words[wording.folded].append((wording, others))
        self.longest_form = max((len(form) for form in self.by_words), default=0)

    def of(self, folded: Sequence[str], spelt: Sequence[str] = ()) -> tuple[Wording, ...]:
        """Other wordings of these folded words; `spelt` are the accented ones among what was typed."""
        found: list[Wording] = []
        for wording, others in self.by_words.get(tuple(folded), ()):
            if not spelt or tuple(spelt) == wording.spelt:
                found += others
        return tuple(dict.fromkeys(found))

    def longest(self, plain: Sequence[tuple[str, str]]) -> tuple[int, tuple[Wording, ...]]:
        """The longest wording the words begin with: how many words it takes and what else it is called."""
        for length in range(min(self.longest_form, len(plain)), 0, -1):
            run = plain[:length]
            if known := self.of(
                [word for word, _said in run], accents(" ".join(said for _word, said in run))
            ):
                return length, known
        return 0, ()


def forms() -> Forms:
    """What editors keep now, at most a minute old."""
    groups = cache.get(CACHE_KEY)
    if groups is None:
        groups = [each.forms for each in Synonym.objects.all()]
        cache.set(CACHE_KEY, groups, KEPT)
    return Forms(groups)


def forget() -> None:
    """What editors changed counts from now on."""
    cache.delete(CACHE_KEY)
