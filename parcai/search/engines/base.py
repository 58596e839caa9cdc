"""What every engine does, whatever it runs on: find keys, newest first, and count."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from parcai.search.expression import Expression, Term, both

SHIFT = 20  # bits below the second: they tell apart what was published in the same one


def key_at(moment: datetime) -> int:
    """The lowest key of what was published at `moment` (aware)."""
    return max(int(moment.timestamp()), 0) << SHIFT


@dataclass(frozen=True)
class Scope:
    """Where is looked: one kind, agency or campaign, a time; `now` decides what is public."""

    now: datetime
    kind: str = ""
    agency: int | None = None
    campaign: int | None = None
    since: datetime | None = None
    until: datetime | None = None  # up to, not with

    @property
    def lowest(self) -> int:
        return key_at(self.since) if self.since else 0

    @property
    def below(self) -> int:
        """The first key that is not public yet, or no longer in the time asked for."""
        below = key_at(self.now) + (1 << SHIFT)
        return min(below, key_at(self.until)) if self.until else below

    def narrowed(self, expression: Expression, kind: str = "") -> Expression:
        kind = kind or self.kind
        return both(
            expression,
            Term(f"k={kind}") if kind else None,
            Term(f"a={self.agency}") if self.agency else None,
            Term(f"c={self.campaign}") if self.campaign else None,
        )


class Engine(Protocol):
    def newest(self, expression: Expression, scope: Scope, limit: int, below: int | None = None) -> list[int]:
        """Keys of what matches, highest first, at most `limit`, all under `below`."""

    def counts(
        self, expression: Expression, scope: Scope, kinds: tuple[str, ...], most: int
    ) -> dict[str, int]:
        """How many of each of the kinds match, counted to `most`."""
