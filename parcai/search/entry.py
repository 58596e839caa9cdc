"""What a record says of itself to the index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Entry:
    """`kind` is what readers know it as; `shown_from` and `shown_until` are aware moments outside of which it is not found."""

    kind: str
    title: str
    body: str
    shown_from: datetime
    shown_until: datetime | None = None
    number: str = ""
    agency: int | None = None
    campaigns: tuple[int, ...] = ()
    is_inside: bool = False  # found by officials alone, and only as something similar


class Findable(Protocol):
    """A model whose rows can be found. None: not this one, not now."""

    pk: int

    @property
    def SEARCH_RECORD(self) -> str: ...  # noqa: N802 (mostly a constant)

    def search_entry(self) -> Entry | None: ...
