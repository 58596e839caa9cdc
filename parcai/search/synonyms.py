"""Abbreviations and other wordings of one thing, as editors keep them."""

from collections import defaultdict
from collections.abc import Sequence

from django.core.cache import cache

from parcai.search.models import Synonym
from parcai.search.terms import accents, words

KEPT = 60  # seconds
CACHE_KEY = "search:forms"


class Forms:
    """Every wording with the others of its group. A wording typed with accents is only met by the same accents."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self.by_words: dict[tuple[str, ...], list[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]] = (
            defaultdict(list)
        )
        for group in groups:
            wordings = [(tuple(words(form)), tuple(accents(form))) for form in group]
            for folded, spelt in wordings:
                others = tuple(
                    dict.fromkeys(other for other, _accents in wordings if other and other != folded)
                )
                if folded and others:
                    self.by_words[folded].append((spelt, others))
        self.longest_form = max((len(form) for form in self.by_words), default=0)

    def of(self, folded: Sequence[str], spelt: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
        """Other wordings of these folded words; `spelt` are the accented ones among what was typed."""
        found: list[tuple[str, ...]] = []
        for accents_of_form, others in self.by_words.get(tuple(folded), ()):
            if not spelt or tuple(spelt) == accents_of_form:
                found += others
        return tuple(dict.fromkeys(found))

    def longest(self, plain: Sequence[tuple[str, str]]) -> tuple[int, tuple[tuple[str, ...], ...]]:
        """The longest wording the words begin with: how many words it takes and what else it is called."""
        for length in range(min(self.longest_form, len(plain)), 0, -1):
            run = plain[:length]
            if known := self.of(
                [word for word, _said in run], accents(" ".join(said for _word, said in run))
            ):
                return length, known
        return 0, ()


NONE = Forms(())


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
