"""From text to terms: what of a record stands in the index, and what of a question is looked up there.

A record is a set of terms, so every engine finds the same rows. A term is one of
- a folded word ("cach"), a pair of neighbours ("cai.cach"), which makes phrases cheap to look up,
- "t:cach", a word of the title, and "t:cai.cach", a pair of it,
- "e:cach4", a word with its accents, and "x:cach4", such a word in the title: accents typed are honoured in the order,
- "i:cach" and "i:cai.cach", what is inside: of a case nobody but officials may find, which has terms of this sort alone,
- "k=article", "a=12", "c=3": its kind, agency and campaigns; "q=…": its whole title or number.
Folding never gives ".", ":" or "=", so that nothing a person types meets a term of another sort.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from parcai.lib.vietnamese import TONES, fold, fold_text

WORD = re.compile(r"[^\W_]+")
PARTS = re.compile(r"\d+|[^\W\d_]+")
LONGEST_WORD = 60  # characters; what is longer is no word anybody types
MOST_TEXT = 200_000  # characters of one record


def words(text: str) -> list[str]:
    """The words of a text, folded and in order: "113/KH-UBND" gives 113, kh, ubnd."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold_text(text[:MOST_TEXT]))]


def pairs(folded: list[str]) -> list[str]:
    return [f"{first}.{second}" for first, second in pairwise(folded)]


@lru_cache(maxsize=50_000)
def accented(word: str) -> str:
    """A word with its accents in one spelling, wherever the tone is placed: "hoà" and "hòa" give "hoa1".

    Empty for a word without accents.
    """
    letters, tone = "", 0
    for part in unicodedata.normalize("NFD", word.lower()):
        if part in TONES:
            tone = TONES[part]
        else:
            letters += part
    letters = unicodedata.normalize("NFC", letters)[:LONGEST_WORD]
    plain = letters == fold(letters)
    return "" if plain and not tone else f"{letters}{tone or ''}"


def accents(text: str) -> list[str]:
    """The accented words of a text, in order."""
    found = WORD.findall(unicodedata.normalize("NFC", text[:MOST_TEXT]))
    return [spelt for word in found if (spelt := accented(word))]


def whole(text: str) -> str:
    """The term of a whole title or number."""
    return "q=" + hashlib.sha256(" ".join(words(text)).encode()).hexdigest()[:16]


def ways_of(word: str) -> list[str]:
    """Other ways to write one folded word: without leading zeros, "113kh" as two words, i for y ("quan ly", "quan li")."""
    found = []
    if word.isdigit() and word.startswith("0") and word.strip("0"):
        found.append(word.lstrip("0"))
    if len(word) > 1 and word[-1] in "iy" and word[:-1] in {"h", "k", "l", "m", "s", "t", "qu"}:
        found.append(word[:-1] + ("i" if word[-1] == "y" else "y"))
    return found


def split_number(word: str) -> list[str]:
    """ "113kh" as people mean it: 113, kh. Empty when there is nothing to split."""
    parts = PARTS.findall(word)
    return parts if len(parts) > 1 else []


def of_number(number: str) -> set[str]:
    """Further terms of the number of a document, for those who write it in another way: 8 for 08, khubnd for KH-UBND."""
    folded = words(number)
    letters = "".join(word for word in folded if not word.isdigit())
    bare = [word.lstrip("0") or "0" if word.isdigit() else word for word in folded]
    split = [part for word in bare for part in (split_number(word) or [word])]
    found = {*bare, *split, letters, "".join(split)} - {""}
    terms = {*found, *pairs(bare), *pairs(split)}
    return terms | {f"t:{term}" for term in terms} | {whole(number), whole(" ".join(bare))}


def of_record(title: str, body: str, *, number: str = "", marks: tuple[str, ...] = ()) -> str:
    """All terms of a record, apart by blanks."""
    head = f"{number} {title}" if number else title
    in_title, in_body = words(head), words(body)
    found = {*in_title, *in_body, *pairs(in_title), *pairs(in_body)}
    found |= {f"t:{term}" for term in (*in_title, *pairs(in_title))}
    exact = accents(head)
    found |= {f"x:{spelt}" for spelt in exact} | {f"e:{spelt}" for spelt in (*exact, *accents(body))}
    found |= {whole(title), *marks}
    if number:
        found |= of_number(number)
    return " ".join(sorted(found))


def of_inside(title: str, body: str) -> str:
    """All terms of a record that only officials may find; no question of the public meets them."""
    found = words(f"{title}\n{body}")
    return " ".join(sorted({f"i:{term}" for term in (*found, *pairs(found))}))
