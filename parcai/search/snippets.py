"""The piece of a text that shows why it was found, with the words marked as they are written there."""

from collections.abc import Iterator

from parcai.lib.vietnamese import fold_text
from parcai.search.query import Query
from parcai.search.terms import WORD, accented

LENGTH = 220  # characters
READ = 60_000  # characters of a text that are looked through

Piece = tuple[str, bool]  # words and whether they are marked


def marked(text: str, query: Query) -> list[Piece]:
    """The whole text, cut where marks begin and end."""
    return _cut(text, 0, len(text), _places(text, query))


def snippet(text: str, query: Query) -> list[Piece]:
    """About LENGTH characters around the words, cut at words; the beginning when none is found."""
    text = " ".join(text[:READ].split())
    places = _places(text, query)
    start = _best_start(text, places)
    end = min(start + LENGTH, len(text))
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LENGTH // 2)
    pieces = _cut(text, start, end, places)
    return [*([("… ", False)] if start else []), *pieces, *([(" …", False)] if end < len(text) else [])]


def _places(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the words of the question stand: (start, end), in order, apart."""
    found = [(match.start(), match.end(), match[0]) for match in WORD.finditer(fold_text(text))]
    exact = {spelt for part in query.parts for spelt in part.exact}
    places = set(_matches(found, query))
    if exact:  # accents were typed: where the very words stand, their look-alikes are not marked
        spelt = {(start, end) for start, end in places if _is_exact(text[start:end], exact)}
        places = spelt or places
    return sorted(places)


def _is_exact(said: str, exact: set[str]) -> bool:
    words = [accented(word) for word in WORD.findall(said)]
    return all(not word or word in exact for word in words) and (
        any(words) or said.isdigit() or said.isupper()
    )


def _matches(found: list[tuple[int, int, str]], query: Query) -> Iterator[tuple[int, int]]:
    first: dict[str, list[tuple[str, ...]]] = {}
    open_words = {part.typed[0] for part in query.parts if part.is_open}
    for part in query.parts:
        for way in part.ways:
            first.setdefault(way[0], []).append(way)
    for at, (start, _end, word) in enumerate(found):
        for way in first.get(word, ()):
            run = found[at : at + len(way)]
            if tuple(said for _start, _stop, said in run) == way:
                yield start, run[-1][1]
        for beginning in open_words:
            if word.startswith(beginning):
                yield start, start + len(beginning)


def _best_start(text: str, places: list[tuple[int, int]]) -> int:
    """Where a window holds the most different words, as early as possible; a little before the first of them."""
    if not places or places[-1][1] <= LENGTH:
        return 0
    best, most = 0, 0
    for start, _end in places[:200]:
        inside = {fold_text(text[a:b]) for a, b in places if start <= a and b <= start + LENGTH - 40}
        if len(inside) > most:
            best, most = start, len(inside)
    if best < 60:
        return 0
    return text.rfind(" ", 0, max(best - 30, 0)) + 1


def _cut(text: str, start: int, end: int, places: list[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], start
    for begins, ends in places:
        if begins < at or ends > end:
            continue
        if begins > at:
            pieces.append((text[at:begins], False))
        pieces.append((text[begins:ends], True))
        at = ends
    if at < end:
        pieces.append((text[at:end], False))
    return pieces
