"""Finds what tells who somebody is in typed text, so that people are warned before sending and nothing is published
unmasked. Careful rather than clever: it may point at a number that is harmless, an official then decides."""

import re
from dataclasses import dataclass

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


def find(text: str) -> list[Finding]:
    """What looks like personal data in the text, in reading order, each piece once."""
    found: dict[str, tuple[int, Finding]] = {}
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            piece = match.group().strip()
            if not any(piece in seen.text for _start, seen in found.values()):
                found.setdefault(piece, (match.start(), Finding(kind, piece)))
    return [finding for _start, finding in sorted(found.values(), key=lambda pair: pair[0])]


def mask(text: str) -> str:
    """The text with every finding replaced, as a first proposal for the official who masks it."""
    for finding in find(text):
        text = text.replace(finding.text, MASK)
    return text
