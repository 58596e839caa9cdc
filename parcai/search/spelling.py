"""What was perhaps meant: words that are in no public record, replaced by the likeliest ones that are."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain

from django.db import transaction

from parcai.lib.vietnamese import fold
from parcai.search.engines import Scope, engine
from parcai.search.expression import Term
from parcai.search.models import SearchWord
from parcai.search.query import Query
from parcai.search.terms import LONGEST_WORD, WORD

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
MOST_WORDS = 8  # of one question are looked at
MOST_CANDIDATES = 6  # are looked at beside their neighbours
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


def meant(query: Query, scope: Scope) -> str:
    """The question with its unknown words replaced by words of the scope; empty when nothing likely is known."""
    asked = [word for word in dict.fromkeys(query.typed) if not word.isdigit() and len(word) > 1][:MOST_WORDS]
    known = set(SearchWord.objects.filter(word__in=asked).values_list("word", flat=True))
    better: dict[str, SearchWord] = {}
    for place, word in enumerate(asked):
        if word not in known and (found := _likeliest(word, _neighbours(asked, place), scope)):
            better[word] = found
    if not better:
        return ""
    has_accents = any(part.exact for part in query.parts) or query.text.lower() != fold(query.text)
    return WORD.sub(lambda found: _in_place(found[0], better, has_accents), query.text)


def _in_place(said: str, better: dict[str, SearchWord], has_accents: bool) -> str:
    found = better.get(fold(said))
    if found is None:
        return said
    return found.shown if has_accents else found.word


def _neighbours(asked: list[str], place: int) -> tuple[str, str]:
    """The word before and the word after, "" where there is none."""
    return asked[place - 1] if place else "", asked[place + 1] if place + 1 < len(asked) else ""


def _likeliest(word: str, beside: tuple[str, str], scope: Scope) -> SearchWord | None:
    """The word with the fewest mistakes that stands beside its neighbours somewhere, else the most frequent one."""
    steps = [{untyped(word)} - {word}, near(word)]
    if len(word) > LONG:
        steps.append(_shortened(near(word)))
    for candidates in steps:
        usable = sorted(candidate for candidate in candidates if len(candidate) > 1)
        bites = (usable[at : at + 500] for at in range(0, len(usable), 500))
        rows = list(chain.from_iterable(SearchWord.objects.filter(word__in=bite) for bite in bites))
        if rows:
            rows.sort(key=lambda row: (-row.records, row.word))
            fitting = (row for row in rows[:MOST_CANDIDATES] if _stands_beside(row.word, beside, scope))
            return next(fitting, rows[0])
    return None


def _stands_beside(word: str, beside: tuple[str, str], scope: Scope) -> bool:
    before, after = beside
    pairs = [Term(f"{before}.{word}")] * bool(before) + [Term(f"{word}.{after}")] * bool(after)
    return any(engine().newest(pair, scope, 1) for pair in pairs)


# The list of words -----------------------------------------------------------------------------------------------


def learn(texts: Iterable[str]) -> int:
    """Make the list anew from the texts of all public records. Returns how many words it has."""
    found = _words(texts)
    with transaction.atomic():
        SearchWord.objects.all().delete()
        SearchWord.objects.bulk_create(found, batch_size=2_000)
    return len(found)


def add(texts: Iterable[str]) -> int:
    """Words of new records the list has not got yet; how often the others stand is counted at night."""
    found = _words(texts)
    SearchWord.objects.bulk_create(found, batch_size=2_000, ignore_conflicts=True)
    return len(found)


def _words(texts: Iterable[str]) -> list[SearchWord]:
    written: Counter[str] = Counter()  # words as they are written, in how many texts
    for text in texts:
        written.update({word.lower() for word in WORD.findall(text) if 1 < len(word) <= LONGEST_WORD})
    records: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for word, times in sorted(written.items(), key=lambda pair: -pair[1]):
        folded = fold(word)
        if folded.isalpha():
            records[folded] += times
            shown.setdefault(folded, word)
    return [SearchWord(word=word, shown=shown[word], records=times) for word, times in records.items()]
