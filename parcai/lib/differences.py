"""Two texts side by side, line by line, the changed words marked."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

PIECE = re.compile(
    r"\w+\s*|[^\w\s]\s*|\s+"
)  # a word with the blank behind it: blanks alone would all be alike
MOST_LINES = 1500  # shown of one text
ALIKE = 0.4  # of all words; below it a line was written anew
MOST_PAIRS = 400_000  # pairs of alike pieces one comparison may look at; ordinary prose needs a few thousand


@dataclass
class Line:
    """One row of the comparison. Each side is a list of (words, whether they changed)."""

    before: list[tuple[str, bool]] = field(default_factory=list)
    after: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


class _Purse:
    """What a whole comparison may still cost. Text of few words over and over would keep a process busy for long."""

    def __init__(self) -> None:
        self.left = MOST_PAIRS

    def pays(self, old: Sequence[str], new: Sequence[str]) -> bool:
        counts = Counter(new)
        cost = sum(counts[piece] for piece in old)
        if cost > self.left:
            return False
        self.left -= cost
        return True


def is_cut(before: str, after: str) -> bool:
    """Whether the texts have more lines than are compared."""
    return max(before.count("\n"), after.count("\n")) >= MOST_LINES


def compare_lines(before: str, after: str) -> list[Line]:
    """The lines of both texts beside each other."""
    old, new = before.splitlines()[:MOST_LINES], after.splitlines()[:MOST_LINES]
    purse, found = _Purse(), []
    for is_same, left_lines, right_lines in _blocks(old, new, purse):
        if is_same:
            found += [Line([(line, False)], [(line, False)]) for line in left_lines]
            continue
        for at in range(max(len(left_lines), len(right_lines))):
            left = left_lines[at] if at < len(left_lines) else None
            right = right_lines[at] if at < len(right_lines) else None
            found.append(_compare(left, right, purse))
    return found


def _blocks(old: list[str], new: list[str], purse: _Purse) -> list[tuple[bool, list[str], list[str]]]:
    """Both lists in stretches that are the same or differ: (same, of the old, of the new)."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    blocks = [(True, old[:head], new[:head])]
    if purse.pays(before, after):
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        blocks += [
            (what == "equal", before[i1:i2], after[j1:j2]) for what, i1, i2, j1, j2 in matcher.get_opcodes()
        ]
    else:
        blocks.append((False, before, after))
    return [*blocks, (True, old[len(old) - tail :], new[len(new) - tail :])]


def _compare(left: str | None, right: str | None, purse: _Purse) -> Line:
    if left is None or right is None:
        return Line([(left, True)] if left is not None else [], [(right, True)] if right is not None else [])
    if left == right:
        return Line([(left, False)], [(right, False)])
    blocks = _blocks(PIECE.findall(left), PIECE.findall(right), purse)
    same = sum(len("".join(words)) for is_same, words, _after in blocks if is_same)
    if same < ALIKE * max(len(left), len(right)):
        return Line([(left, True)], [(right, True)])
    line = Line()
    for is_same, before, after in blocks:
        _add(line.before, "".join(before), not is_same)
        _add(line.after, "".join(after), not is_same)
    return line


def _add(side: list[tuple[str, bool]], words: str, is_changed: bool) -> None:
    """The next words of a side; what is alike stands together."""
    if not words:
        return
    if side and side[-1][1] == is_changed:
        side[-1] = (side[-1][0] + words, is_changed)
    else:
        side.append((words, is_changed))
