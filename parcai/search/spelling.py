"""What was perhaps meant: words that are in no public record, replaced by the likeliest ones that are."""

import re
from collections import Counter
from itertools import chain

from parcai.lib.vietnamese import fold
from parcai.search.models import SearchWord
from parcai.search.query import Query
from parcai.search.terms import WORD

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
MOST_WORDS = 8  # of one question are looked at
LONG = 6  # letters; a longer word may have two mistakes
KEYS = re.compile(r"[sfrxj]+$")  # tones as typed where the Vietnamese keyboard was off: "cachs" for cách
DOUBLED = re.compile(r"(aa|ee|oo|dd)")


def untyped(word: str) -> str:
    """A word as it would read had the Telex keyboard been on: "caari" gives cai, "phuwowng" gives phuong."""
    return DOUBLED.sub(lambda found: found[0][0], KEYS.sub("", word)).replace("w", "")


def near(word: str) -> set[str]:
    """Words one mistake away: a letter too many, missing, wrong, or two exchanged."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + letter + right[1:] for left, right in cuts if right for letter in LETTERS),
        *(left + letter + right for left, right in cuts for letter in LETTERS),
    } - {word}


def _shortened(words: set[str]) -> set[str]:
    return {word[:at] + word[at + 1 :] for word in words for at in range(len(word))}


def meant(query: Query) -> str:
    """The question with its unknown words replaced; empty when nothing likely is known."""
    asked = [word for word in dict.fromkeys(query.typed) if not word.isdigit() and len(word) > 1][:MOST_WORDS]
    known = set(SearchWord.objects.filter(word__in=asked).values_list("word", flat=True))
    better = {word: found for word in asked if word not in known and (found := _likeliest(word))}
    if not better:
        return ""
    has_accents = any(part.exact for part in query.parts) or query.text.lower() != fold(query.text)
    return WORD.sub(lambda found: _in_place(found[0], better, has_accents), query.text)


def _in_place(said: str, better: dict[str, SearchWord], has_accents: bool) -> str:
    found = better.get(fold(said))
    if found is None:
        return said
    return found.shown if has_accents else found.word


def _likeliest(word: str) -> SearchWord | None:
    """The most frequent word with the fewest mistakes."""
    steps = [{untyped(word)} - {word}, near(word)]
    if len(word) > LONG:
        steps.append(_shortened(near(word)))
    for candidates in steps:
        usable = sorted(candidate for candidate in candidates if len(candidate) > 1)
        rows = chain.from_iterable(
            SearchWord.objects.filter(word__in=usable[at : at + 500]) for at in range(0, len(usable), 500)
        )
        best = max(rows, key=lambda row: (row.records, row.word), default=None)
        if best:
            return best
    return None


# The list of words -----------------------------------------------------------------------------------------------


def count(texts) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """In how many of the texts each folded word stands, and how it is written there."""
    records: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for text in texts:
        spelt = {(fold(word), word.lower()) for word in WORD.findall(text) if len(word) <= 60}
        records.update({folded for folded, _word in spelt})
        for folded, word in spelt:
            if folded.isalpha():
                written.setdefault(folded, Counter())[word] += 1
    return records, written
