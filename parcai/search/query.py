"""What a person typed, understood: words, phrases in quotes, words left out with a minus, abbreviations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parcai.lib.vietnamese import tidy
from parcai.search.expression import Expression, Term, Without, both, either
from parcai.search.synonyms import Forms, Wording
from parcai.search.terms import accents, pairs, split_number, ways_of, words

LONGEST = 200  # characters
QUOTES = str.maketrans("“”„«»〝〞＂", '""""""""')
CHUNK = re.compile(r'(?P<minus>(?<!\S)-(?=[\w"]))?(?:"(?P<phrase>[^"]*)"?|(?P<plain>[^\s"]+))')
SYMBOL = re.compile(r"\w+(?:[/&.\-–]\w+)+")  # 113/KH-UBND, KH&CN: one name, not two words
# Words that carry a question, not its matter; left out when nothing has all the words.
EMPTY = frozenset(
    "ai anh bang bi boi cac can chi cho chua co con cua cung da dang de den di do duoc em gi gio giup ha hay hoi khi khong la lai "
    "minh mot nao nay neu nhe nhu nhung o phai qua ra rang roi sao se the thi thoi toi tren trong tu tui va vao vay ve vi viec voi "
    "vua xin".split()
)


@dataclass(frozen=True)
class Part:
    """One thing looked for: a word, a phrase, or an abbreviation with what it stands for."""

    typed: tuple[str, ...]  # folded words as they were typed
    anywhere: Expression
    in_title: Expression
    exact: tuple[str, ...] = ()  # accented words, when accents were typed
    ways: tuple[tuple[str, ...], ...] = ()  # every wording, for marking in the text
    is_open: bool = False  # the beginning of a word that is still being typed


@dataclass(frozen=True)
class Query:
    text: str  # as typed, tidied
    parts: tuple[Part, ...] = ()
    unwanted: tuple[Expression, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()  # in quotes: their words have to follow each other
    forbidden: tuple[tuple[str, ...], ...] = ()  # phrases after a minus
    typed: tuple[str, ...] = field(default=())  # all folded words in order

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def is_open(self) -> bool:
        """Whether the last word is still being typed."""
        return bool(self.parts) and self.parts[-1].is_open

    @property
    def key(self) -> str:
        """The same for the same words, however they were typed."""
        return " ".join(self.typed)

    def _without(self, wanted: Expression) -> Expression:
        return Without(wanted, either(*self.unwanted)) if self.unwanted else wanted

    @property
    def all_words(self) -> Expression:
        return self._without(both(*(part.anywhere for part in self.parts)))

    @property
    def all_in_title(self) -> Expression:
        return self._without(both(*(part.in_title for part in self.parts)))

    @property
    def exact_words(self) -> Expression | None:
        spelt = [Term(f"e:{word}") for part in self.parts for word in part.exact]
        return self._without(both(*(part.anywhere for part in self.parts), *spelt)) if spelt else None

    @property
    def exact_in_title(self) -> Expression | None:
        spelt = [Term(f"x:{word}") for part in self.parts for word in part.exact]
        return self._without(both(*(part.in_title for part in self.parts), *spelt)) if spelt else None

    @property
    def as_phrase(self) -> Expression | None:
        """The words of the question one after another."""
        neighbours = pairs([word for part in self.parts for word in part.typed])
        if not neighbours or self.phrases:
            return None
        return self._without(both(*(Term(pair) for pair in neighbours)))


def understand(text: str, forms: Forms, *, is_unfinished: bool = False) -> Query:
    """The question in `text`. With `is_unfinished` its last word may be the beginning of a longer one."""
    text = " ".join(tidy(text[: LONGEST * 4]).split())[:LONGEST].strip()
    found: list[Part] = []
    plain: list[tuple[str, str]] = []  # (folded, as typed) of words that wait for an abbreviation among them
    unwanted, phrases, forbidden, typed = [], [], [], []
    chunks = list(CHUNK.finditer(text.translate(QUOTES)))
    for number, chunk in enumerate(chunks):
        said = chunk["phrase"] if chunk["phrase"] is not None else chunk["plain"]
        folded = words(said)
        if not folded:
            continue
        is_phrase = chunk["phrase"] is not None or _is_symbol(said)
        if chunk["minus"]:
            unwanted.append(_phrase(folded))
            if len(folded) > 2:
                forbidden.append(tuple(folded))
            continue
        typed += folded
        if is_phrase:
            found += _resolve(plain, forms)
            plain = []
            known = forms.of(folded) if chunk["phrase"] is None else ()
            found.append(_part(folded, said, known, is_phrase=True))
            if chunk["phrase"] is not None and len(folded) > 1:
                phrases.append(tuple(folded))
        else:
            is_last = is_unfinished and number == len(chunks) - 1
            plain += [
                (word, word if is_last else spelt)
                for word, spelt in zip(folded, _spelt(said, folded), strict=True)
            ]
    is_open = is_unfinished and bool(plain) and not text.endswith('"')
    found += _resolve(plain, forms, is_open=is_open)
    parts = tuple({part.typed: part for part in found}.values())
    return Query(text, parts, tuple(unwanted), tuple(phrases), tuple(forbidden), tuple(typed))


def _is_symbol(said: str) -> bool:
    bare = said.strip(".,;:!?()[]")
    return bool(SYMBOL.fullmatch(bare)) and (any(letter.isdigit() for letter in bare) or bare.isupper())


def _spelt(said: str, folded: list[str]) -> list[str]:
    """The words of a chunk as they were typed, one for each folded word."""
    typed = re.findall(r"[^\W_]+", said)
    return typed if len(typed) == len(folded) else folded


def _phrase(folded: Sequence[str], prefix: str = "") -> Expression:
    """The words one after another; `prefix` "t:" asks the title."""
    if len(folded) == 1:
        return Term(prefix + folded[0])
    return both(*(Term(prefix + pair) for pair in pairs(list(folded))))


def _word(word: str, prefix: str = "", *, is_open: bool = False) -> Expression:
    split = split_number(word)
    ways: list[Expression] = [Term(prefix + word, is_prefix=is_open)]
    ways += [Term(prefix + way) for way in ways_of(word)]
    if split:
        ways.append(_phrase(_bare([word]), prefix))
    return either(*ways)


def _part(
    folded: list[str],
    said: str,
    known: Sequence[Wording] = (),
    *,
    is_phrase: bool = False,
    is_open: bool = False,
) -> Part:
    """`said` is what was typed, `known` are other wordings of the same thing."""
    spelt = list(dict.fromkeys(accents(said)))
    ways, titles = (
        either(*_ways(folded, spelt, known, is_phrase, is_open, prefix, exact))
        for prefix, exact in (("", "e:"), ("t:", "x:"))
    )
    single = [(way,) for word in folded for way in (word, *ways_of(word))]
    split = [tuple(split_number(word)) for word in folded if split_number(word)]
    typed = [tuple(folded), tuple(_bare(folded))] if is_phrase else [*single, *split]
    wordings = (*dict.fromkeys(typed), *(wording.folded for wording in known))
    # Another wording has other letters: then nobody is asked for the accents of the one that was typed.
    return Part(tuple(folded), ways, titles, () if known else tuple(spelt), wordings, is_open)


def _ways(folded, spelt, known, is_phrase, is_open, prefix, exact) -> Iterator[Expression]:
    """Each way to meet the part: as it was typed, then every other wording of it."""
    if is_phrase:
        yield _phrase(folded, prefix)
        yield _phrase(_bare(folded), prefix)
    elif known and spelt:  # "sổ đỏ" is the paper; "số đo" is something else
        yield both(*(Term(exact + word) for word in spelt), *(Term(prefix + word) for word in folded))
    else:
        yield both(*(_word(word, prefix, is_open=is_open) for word in folded))
    for wording in known:
        yield both(_phrase(wording.folded, prefix), *(Term(exact + word) for word in wording.spelt))


def _bare(folded: Sequence[str]) -> list[str]:
    """ "08kh" as 8, kh: numbers without leading zeros and apart from letters."""
    split = [part for word in folded for part in (split_number(word) or [word])]
    return [part.lstrip("0") or "0" if part.isdigit() else part for part in split]


def _resolve(plain: list[tuple[str, str]], forms: Forms, *, is_open: bool = False) -> list[Part]:
    """Single words, and runs of them that are an abbreviation or its long form."""
    found, at = [], 0
    while at < len(plain):
        run, known = forms.longest(plain[at:])
        if known:
            folded = [word for word, _spelt_as in plain[at : at + run]]
            found.append(_part(folded, " ".join(said for _word, said in plain[at : at + run]), known))
            at += run
            continue
        word, said = plain[at]
        is_last = is_open and at == len(plain) - 1
        found.append(_part([word], said, is_open=is_last))
        at += 1
    return found


def relaxed(query: Query) -> Query | None:
    """The question without the words that carry no matter; None when nothing would be left out or left over."""
    kept = tuple(part for part in query.parts if len(part.typed) > 1 or part.typed[0] not in EMPTY)
    if not kept or len(kept) == len(query.parts):
        return None
    return Query(query.text, kept, query.unwanted, query.phrases, query.forbidden, query.typed)
