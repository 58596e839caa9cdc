"""Mã số thuế of businesses and organisations: ten digits, the last one checking the others (Thông tư 86/2024/TT-BTC,
Điều 5); a branch adds a dash and three. Twelve digits are a person's (số định danh cá nhân, from 1/7/2025)."""

import re

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
SHAPE = re.compile(r"(\d{10})(?:-?(\d{3}))?")
DIVIDERS = re.compile(r"[\s.\u2010-\u2015-]+")


def normal(typed: str) -> str:
    """The code as it is written in the register, however it was typed; what is no code stays without its dividers."""
    digits = DIVIDERS.sub("", typed)
    found = SHAPE.fullmatch(digits) if digits.isascii() else None
    return "-".join(part for part in found.groups() if part) if found else digits


def is_valid(code: str) -> bool:
    """Whether a code in its normal form is one the register can have given."""
    found = SHAPE.fullmatch(code) if code.isascii() else None
    if not found or found[2] == "000" or found[1][2:9] == "0000000":
        return False
    digits = [int(digit) for digit in found[1]]
    total = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=False))
    return 10 - total % 11 == digits[9]


def is_personal(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) == 12
