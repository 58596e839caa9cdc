"""Finds what tells who somebody is in typed text, so that people are warned before sending and nothing is published
unmasked. Careful rather than clever: it may point at a number that is harmless, an official then decides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parcai.lib.vietnamese import fold, fold_letter

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
PATTERNS = {
    "thư điện tử": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # Twelve digits in groups, as people copy them from the card; before phones, which would take a part of them.
    "số CCCD hoặc CMND": re.compile(
        r"(?<![\d/-])(?<!\d[.,])(?:\d{12}|\d{9}|0\d{2}(?:[ .]\d{3}){3})(?![\d/-])(?![.,]\d)"
    ),
    "số điện thoại": re.compile(r"(?<![\d/-])(?<!\d[.,])(?:\+?84|\(?0)(?:[ .()-]{0,2}\d){8,10}(?!\d)"),
    "số tài khoản": re.compile(
        r"(?i)\b(?:stk|số tài khoản|so tai khoan|tài khoản(?: số)?|tai khoan(?: so)?)\D{0,12}(\d[\d .-]{5,18}\d)"
    ),
    "biển số xe": re.compile(r"(?i)(?<!\w)\d{2}[ -]?[A-Z]{1,2}\d?[ .-]{0,3}\d{3}[.]?\d{2}(?!\d)"),
    "địa chỉ nhà": re.compile(
        r"(?:(?i:số nhà|nhà số|so nha|nha so)\s+\d+[\w/]*"
        r"|(?i:số|so)\s+\d+[\w/]*,?\s+(?i:đường|duong|hẻm|hem|ngõ|phố)\b"
        rf"|(?i:số|nhà)\s+\d+[A-Za-z]?(?:/\d+[A-Za-z]?)*,?\s+[{UPPER}]\w+\s+[{UPPER}]\w+)"
    ),
}
MASK = "[đã che]"


@dataclass(frozen=True)
class Finding:
    kind: str
    text: str


HONORIFIC = "ông|bà|anh|chị|cô|chú|bác|em|cháu|dì|cậu"


def find(text: str, known: Iterable[tuple[str, str]] = ()) -> list[Finding]:
    """What looks like personal data in the text, in reading order, each piece once.

    `known` is what is known of the person, as (kind, value): a name is found without its accents too, and a given name
    after "ông", "bà" and the like.
    """
    found: dict[str, tuple[int, Finding]] = {}

    def add(kind: str, start: int, piece: str) -> None:
        if piece and not any(piece in seen.text for _start, seen in found.values()):
            found.setdefault(piece, (start, Finding(kind, piece)))

    folded = "".join(map(fold_letter, text))  # letter by letter, so that places agree
    for kind, value in known:
        for match in _spellings(kind, value).finditer(folded):
            add(kind, match.start(), text[match.start() : match.end()].strip())
        if kind == "tên người gửi" and (given := value.split()[-1:]):  # as written: "dì Lài" is not "đi lại"
            for match in re.finditer(rf"\b(?i:{HONORIFIC})\s+{re.escape(given[0])}\b", text):
                add(kind, match.start(), match.group())
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            add(kind, match.start(), match.group().strip())
    return [finding for _start, finding in sorted(found.values(), key=lambda pair: pair[0])]


def _spellings(kind: str, value: str) -> re.Pattern:
    """How a known value may be written, on folded text."""
    if kind == "số điện thoại":
        digits = re.sub(r"\D", "", value)
        return re.compile(r"[ .()-]{0,2}".join(digits) or r"(?!)")
    words = [re.escape(word) for word in fold(value).split()]
    if not words:
        return re.compile(r"(?!)")
    return re.compile(r"\b" + r"\W{1,3}".join(words) + r"\b")


def mask(text: str, known: Iterable[tuple[str, str]] = ()) -> str:
    """The text with every finding replaced, as a first proposal for the official who masks it."""
    for finding in find(text, known):
        text = text.replace(finding.text, MASK)
    return text


def differs_only_by_mask(shown: str, original: str) -> bool:
    """Whether `shown` is `original` with some pieces replaced by the mask and nothing else changed."""
    pieces = [" ".join(piece.split()) for piece in shown.split(MASK)]
    rest = " ".join(original.split())
    if len(pieces) == 1:
        return pieces[0] == rest
    first, *middle, last = pieces
    if not rest.startswith(first):
        return False
    rest = rest[len(first) :]
    for piece in middle:
        place = rest.find(piece)
        if place < 0:
            return False
        rest = rest[place + len(piece) :]
    return rest.endswith(last) and len(rest) >= len(last)
