"""Finds what tells who somebody is in typed text, so that people are warned before sending and nothing is published
unmasked. Careful rather than clever: it may point at a number that is harmless, an official then decides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parcai.lib import html
from parcai.lib.vietnamese import fold, fold_letter

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
PATTERNS = {
    "thư điện tử": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # Twelve digits in groups, as people copy them from the card; before phones, which would take a part of them.
    "số CCCD hoặc CMND": re.compile(
        r"(?<![\d/-])(?<!\d[.,])(?:\d{12}|\d{9}|0\d{2}(?:[ .]\d{3}){3}|0\d{3}(?: \d{4}){2})(?![\d/-])(?![.,]\d)"
    ),
    "số điện thoại": re.compile(r"(?<![\d/-])(?<!\d[.,])(?:\+?84|\(?0)(?:[ .()/-]{0,2}\d){8,10}(?!\d)"),
    "số tài khoản": re.compile(
        r"(?i)\b(?:stk|số tài khoản|so tai khoan|tài khoản(?: số)?|tai khoan(?: so)?)[^\d.;!?\n]{0,40}(\d[\d .-]{5,18}\d)"
    ),
    "biển số xe": re.compile(r"(?i)(?<!\w)\d{2}[ -]?[A-Z]{1,2}\d?[ .-]{0,3}\d{3}[.]?\d{2}(?!\d)"),
    "địa chỉ nhà": re.compile(
        r"(?:(?i:số nhà|nhà số|so nha|nha so)\s+\d+[\w/]*"
        r"|(?i:số|so)\s+\d+[\w/]*,?\s+(?i:đường|duong|hẻm|hem|ngõ|phố)\b"
        r"|\b(?i:K|kiệt|ngõ|ngách|hẻm)\s*\d+[\w/]*\s+(?i:đường\s+)?" + rf"[{UPPER}]\w+\s+[{UPPER}]\w+"
        rf"|(?i:số|nhà)\s+\d+[A-Za-z]?(?:/\d+[A-Za-z]?)*,?\s+[{UPPER}]\w+\s+[{UPPER}]\w+)"
    ),
}
MASK = "[đã che]"
INLINE_TAG = re.compile(r"</?(?:a|abbr|b|cite|code|em|i|q|s|small|span|strong|sub|sup|u)\b")


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
    found = {text[start:end]: Finding(kind, text[start:end]) for start, end, kind in places(text, known)}
    return list(found.values())


def places(text: str, known: Iterable[tuple[str, str]] = ()) -> list[tuple[int, int, str]]:
    """Where each finding stands, (start, end, kind); of two that overlap the longer stays."""
    found: list[tuple[int, int, str]] = []
    folded = "".join(map(fold_letter, text))  # letter by letter, so that places agree
    for kind, value in known:
        found += [(*match.span(), kind) for match in _spellings(kind, value).finditer(folded)]
        if kind == "tên người gửi" and (given := value.split()[-1:]):  # as written: "dì Lài" is not "đi lại"
            named = rf"\b(?i:{HONORIFIC})\s+{re.escape(given[0])}\b"
            found += [(*match.span(), kind) for match in re.finditer(named, text)]
    for kind, pattern in PATTERNS.items():
        found += [(*match.span(), kind) for match in pattern.finditer(text)]
    chosen: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found, key=lambda place: place[0] - place[1]):  # the longest first
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        if end > start and all(end <= other[0] or start >= other[1] for other in chosen):
            chosen.append((start, end, kind))
    return sorted(chosen)


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
    for start, end, _kind in reversed(places(text, known)):
        text = text[:start] + MASK + text[end:]
    return text


def mask_html(rich: str, known: Iterable[tuple[str, str]] = ()) -> str:
    """The same for rich text: words are masked, a link that leads to a finding loses its address."""
    return html_without(rich, [(start, end) for start, end, _kind in places_in_html(rich, known)])


def stream(rich: str) -> str:
    """The words of a rich text as its source writes them, one after the other without the tags: what places count on."""
    return "".join(piece for piece in html.ANY_TAG.split(html.clean(rich)) if not piece.startswith("<"))


def places_in_html(rich: str, known: Iterable[tuple[str, str]] = ()) -> list[tuple[int, int, str]]:
    """Where each finding stands in the stream of a rich text; the address of a link is a place without length."""
    known, found, at, block = list(known), [], 0, ""
    for piece in (*html.ANY_TAG.split(html.clean(rich)), "<p>"):
        if not piece.startswith("<"):
            block += piece  # a name half in bold is still one name
            continue
        if piece.startswith("<a ") and (hidden := find(html.hidden_words(piece + "</a>"), known)):
            found.append((at + len(block), at + len(block), hidden[0].kind))
        if not INLINE_TAG.match(piece):
            found += [(at + start, at + end, kind) for start, end, kind in places(block, known)]
            at, block = at + len(block), ""
    return sorted(found)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that touch or overlap as one; those without length left out."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def text_without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with the mask in these places."""
    for start, end in reversed(merged(spans)):
        text = text[:start] + MASK + text[end:]
    return text


def html_without(rich: str, spans: Iterable[tuple[int, int]]) -> str:
    """A rich text with the mask in these places of its stream; each piece of text between tags has its own."""
    spans, found, opened, at = list(spans), [], [], 0
    links = {start for start, end in spans if start == end}
    for piece in html.ANY_TAG.split(html.clean(rich)):
        if piece.startswith("<a "):
            opened.append(at not in links)
            found.append(piece if opened[-1] else "")
        elif piece == "</a>":
            found.append(piece if not opened or opened.pop() else "")
        elif piece.startswith("<"):
            found.append(piece)
        else:
            here = [(max(start - at, 0), min(end - at, len(piece))) for start, end in spans]
            found.append(text_without(piece, [span for span in here if piece[slice(*span)].strip()]))
            at += len(piece)
    return "".join(found)


def says_the_same(shown: str, original: str) -> bool:
    """Whether one rich text is the other with words masked and links taken off, and nothing else changed.

    Tags, pictures and their order must agree; a link that stays leads where it led, on the words it stood on.
    """
    ours, theirs = html.pieces(shown), html.pieces(original)
    if len(ours) != len(theirs) or not all(
        one == other if other.startswith("<") or one.startswith("<") else differs_only_by_mask(one, other)
        for one, other in zip(ours, theirs, strict=True)
    ):
        return False
    signed = iter(html.links(original))
    return all(
        any(address == known and differs_only_by_mask(words, said) for known, said in signed)
        for address, words in html.links(shown)
    )


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
