"""Which counts of a table stay unsaid, so that none below a least number can be read there, nor worked out from the rest.

Pure. Counts are cells; equations say which cells make up which total. Hidden are the small ones, and of others the
smallest that keep every hidden one from being the only unknown.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)
Equation = tuple[Cell, Sequence[Cell]]
PRIME = 2_147_483_647  # sums are solved modulo this; coefficients are 1 and -1


def hidden(counts: Mapping[Cell, int], equations: Sequence[Equation], least: int) -> set[Cell]:
    """Cells to leave unsaid: those from 1 to below `least`, and what keeps them from being worked out."""
    found = {cell for cell, count in counts.items() if 0 < count < least}
    while True:
        more = _too_thin(found, counts, equations, least) or _solved(found, counts, equations)
        if not more:
            return found
        found |= more


def _too_thin(found: set, counts: Mapping, equations: Sequence[Equation], least: int) -> set:
    """One more cell for each equation whose unknowns are one alone, or together below `least`."""
    more: set = set()
    for total, parts in equations:
        unknown = [cell for cell in parts if cell in found]
        if total in found:
            is_thin = not unknown and counts[total]
        else:
            is_thin = unknown and (len(unknown) == 1 or sum(counts[cell] for cell in unknown) < least)
        cell = _smallest(total, parts, found | more, counts) if is_thin else None
        if cell is not None:
            more.add(cell)
    return more


def _smallest(total: Cell, parts: Collection[Cell], found: set, counts: Mapping) -> Cell | None:
    """The smallest count an equation still says; the total last."""
    said = sorted((counts[cell], str(cell), cell) for cell in parts if counts[cell] and cell not in found)
    if said:
        return said[0][2]
    return total if counts[total] and total not in found else None


def _solved(found: set, counts: Mapping, equations: Sequence[Equation]) -> set:
    """One more cell beside each hidden one that all equations together give away."""
    rows: dict = {}  # pivot -> row, each pivot in no other row
    for total, parts in equations:
        row = {cell: 1 for cell in parts if cell in found}
        if total in found:
            row[total] = PRIME - 1
        for pivot in [cell for cell in row if cell in rows]:
            _subtract(row, rows[pivot], row[pivot])
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, PRIME)
        row = {cell: value * inverse % PRIME for cell, value in row.items()}
        for other in rows.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        rows[pivot] = row
    known = {pivot for pivot, row in rows.items() if len(row) == 1}
    if not known:
        return set()
    # Beside the known ones first, then where others are hidden, then anywhere: with all unsaid nothing is known.
    for near in (known, found, counts.keys()):
        for total, parts in equations:
            if total in near or any(cell in near for cell in parts):
                cell = _smallest(total, parts, found, counts)
                if cell is not None:
                    return {cell}
    return set()


def _subtract(row: dict, other: dict, times: int) -> None:
    for cell, value in other.items():
        left = (row.get(cell, 0) - times * value) % PRIME
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
