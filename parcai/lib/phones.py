"""Telephone numbers as people type them, made into something a telephone can dial."""

import re
from typing import NamedTuple

PARTS = re.compile(r"[;,/]|\bhoặc\b")
NUMBER = re.compile(r"[+(]?\d[\d\s.()\-–]*\d")
SHORTEST, LONGEST = 3, 15  # 113; ITU-T E.164


class Phone(NamedTuple):
    text: str
    dial: str  # empty when no number can be read in it


def split(typed: str) -> list[Phone]:
    """ "(0257) 3841 234; 0257 3841 235 máy lẻ 12" gives two, dialled 02573841234 and 02573841235."""
    parts = (part.strip() for part in PARTS.split(typed))
    return [Phone(part, _dial(part)) for part in parts if part]


def _dial(part: str) -> str:
    found = NUMBER.search(part)
    digits = re.sub(r"[^0-9]", "", found.group()) if found else ""
    if not SHORTEST <= len(digits) <= LONGEST:
        return ""
    return f"+{digits}" if found and found.group().startswith("+") else digits
