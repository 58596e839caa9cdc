"""Vietnamese text: one form for storing, one for searching, one for sorting, one for addresses."""

import re
import unicodedata

WORD = re.compile(r"\w+")
# Controls except tab and line feed, zero-width marks, marks that turn the writing direction, halves of characters and
# what is no character at all (a feed with one of those cannot be read by anybody).
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
TONE_MARKS = re.compile("[" + "".join(TONES) + "]")


def tidy(text: str) -> str:
    """Typed text as it is stored: NFC, line ends as \\n, without invisible marks and outer blanks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return UNSEEN.sub("", text).strip()


def fold_letter(letter: str) -> str:
    """One letter of NFC text without its marks, in lower case: always exactly one character."""
    if letter in "đĐ":  # NFD does not split it
        return "d"
    return unicodedata.normalize("NFD", letter)[0].lower()[0]


class _Folding(dict):
    """`fold_letter` remembered for `str.translate`: a long text is folded in one pass."""

    def __missing__(self, code: int) -> str:
        folded = fold_letter(chr(code))
        if code < 0x3000:  # other scripts are rare: remembering all of them would cost more than it saves
            self[code] = folded
        return folded


FOLDING = _Folding()


def fold_text(text: str) -> str:
    """Text without marks and in lower case, letter for letter of its NFC form, so that places in it stay the same."""
    return unicodedata.normalize("NFC", text).translate(FOLDING)


def fold(text: str) -> str:
    """Words as a hurried person types them: no marks, lower case, single blanks. "113/KH-UBND" gives "113 kh ubnd"."""
    return " ".join(WORD.findall(fold_text(text)))


def sort_key(text: str) -> tuple[list[int], list[int]]:
    """The order of a Vietnamese dictionary: letters of the alphabet first (a ă â … d đ), then tones."""
    letters, tones = [], []
    for letter in unicodedata.normalize("NFC", text).lower():
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", TONE_MARKS.sub("", parts))
        place = ALPHABET.find(base)
        letters.append(100 + place if place >= 0 else min(ord(base[0]), 99))
        tones.append(next((TONES[mark] for mark in parts if mark in TONES), 0))
    return letters, tones


def slug(text: str, length: int = 80) -> str:
    """An address part without accents, cut at a word: "Một cửa liên thông" gives "mot-cua-lien-thong"."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    result = ""
    for word in words:
        if len(result) + len(word) >= length:
            break
        result = f"{result}-{word}" if result else word
    return result or (words[0][:length] if words else "bai")


def free_slug(text: str, taken, length: int = 80) -> str:
    """The address part of a text, with a number when `taken` says another has it: "bao", "bao-2"."""
    plain, number = slug(text, length), 1
    found = plain
    while taken(found):
        number += 1
        found = f"{plain[: length - 1 - len(str(number))]}-{number}"
    return found
