"""Two texts side by side, line by line, the changed words marked."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

PIECE = re.compile(r"\s+|\w+|[^\w\s]")
MOST_LINES = 1500  # beyond it the comparison costs more than it says
ALIKE = 0.4  # of all words; below it a line was written anew
MOST_PAIRS = 1_000_000  # words of one line times words of the other


@dataclass
class Line:
    """One row of the comparison. Each side is a list of (words, whether they changed)."""

    before: list[tuple[str, bool]] = field(default_factory=list)
    after: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def compare_lines(before: str, after: str) -> list[Line]:
    """The lines of both texts beside each other."""
    old, new = before.splitlines()[:MOST_LINES], after.splitlines()[:MOST_LINES]
    found: list[Line] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Line([(line, False)], [(line, False)]) for line in old[i1:i2]]
            continue
        for at in range(max(i2 - i1, j2 - j1)):
            left = old[i1 + at] if i1 + at < i2 else None
            right = new[j1 + at] if j1 + at < j2 else None
            found.append(_compare(left, right))
    return found


def _compare(left: str | None, right: str | None) -> Line:
    if left is None or right is None:
        return Line([(left, True)] if left is not None else [], [(right, True)] if right is not None else [])
    old, new = PIECE.findall(left), PIECE.findall(right)
    if len(old) * len(new) > MOST_PAIRS:
        return Line([(left, True)], [(right, True)])
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return Line([(left, True)], [(right, True)])
    line = Line()
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        _add(line.before, "".join(old[i1:i2]), what != "equal")
        _add(line.after, "".join(new[j1:j2]), what != "equal")
    return line


def _add(side: list[tuple[str, bool]], words: str, is_changed: bool) -> None:
    """The next words of a side; a blank between changed words belongs to them."""
    if not words:
        return
    if is_changed and len(side) > 1 and side[-1][0].isspace() and side[-2][1]:
        blank = side.pop()[0]
        side[-1] = (side[-1][0] + blank + words, True)
    else:
        side.append((words, is_changed))
