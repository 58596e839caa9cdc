"""How often articles are read, counted beside the page: reading itself writes nothing.

A page that stood open for some seconds sends a beacon. Each web process gathers what comes in and writes it at most once
in ten seconds, with the beacon that finds the time has come, and when it ends. A process that is killed loses what it
had gathered since, never more. Who read what is a keyed hash in memory, for an hour, so that one reader counts once;
nothing of it is stored. Several processes remember apart: the page's own script keeps a reader from counting in each.

A flood is bounded: so many readers are remembered, no more are counted until some are forgotten; an article has to be
readable to be gathered at all; and writing waits for its time whatever comes in.
"""

import atexit
import contextlib
import time
from collections import Counter, defaultdict
from threading import Lock

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from articles.models import Article

FLUSH_EVERY = 10  # seconds
ONCE_IN = 3600  # seconds in which one reader counts once
MOST_READERS = 20_000  # remembered by one process: some megabytes
MOST_OF_A_NETWORK = 300  # views counted from one network within the hour, whatever devices it claims to have
MOST_ARTICLES = 1_000  # gathered until they are written


class Tally:
    """Views of one web process since they were last written."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.counts: Counter[int] = Counter()
        self.readers: dict[str, tuple[float, str]] = {}  # oldest first: key -> (when it ends, network)
        self.networks: Counter[str] = Counter()
        self.flushed_at = time.monotonic()

    def count(self, pk: int, *, network: str, device: str) -> bool:
        """One view of article `pk`; False when it is not counted: seen within the hour, not readable, or a flood."""
        now = time.monotonic()
        reader, neighbourhood = _hash(f"{pk}:{network}:{device}"), _hash(network)
        with self.lock:
            self._forget(now)
            is_flood = len(self.readers) >= MOST_READERS or self.networks[neighbourhood] >= MOST_OF_A_NETWORK
            if is_flood or reader in self.readers:
                return False
            is_known = pk in self.counts
        if not is_known and not Article.objects.readable().filter(pk=pk).exists():
            return False
        with self.lock:
            if reader in self.readers or (pk not in self.counts and len(self.counts) >= MOST_ARTICLES):
                return False
            self.readers[reader] = (now + ONCE_IN, neighbourhood)
            self.networks[neighbourhood] += 1
            self.counts[pk] += 1
        return True

    def flush_when_due(self) -> None:
        with self.lock:
            is_due = bool(self.counts) and time.monotonic() - self.flushed_at >= FLUSH_EVERY
        if is_due:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered; when the database is away or busy it waits for the next time."""
        with self.lock:
            waiting, self.counts, self.flushed_at = self.counts, Counter(), time.monotonic()
        try:
            _write(waiting)
        except DatabaseError:
            with self.lock:
                self.counts += waiting

    def _forget(self, now: float) -> None:
        while self.readers:
            reader = next(iter(self.readers))
            ends, network = self.readers[reader]
            if ends > now:
                return
            del self.readers[reader]
            self.networks[network] -= 1
            if not self.networks[network]:
                del self.networks[network]


def _hash(text: str) -> str:
    return salted_hmac("articles.reading", text, algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def _write(counts: Counter[int]) -> None:
    """One UPDATE for all articles that were read the same number of times."""
    same: dict[int, list[int]] = defaultdict(list)
    for pk, views in counts.items():
        same[views].append(pk)
    for views, keys in sorted(same.items()):
        Article.objects.filter(pk__in=sorted(keys)).update(views=F("views") + views)


def _flush_at_the_end() -> None:
    with contextlib.suppress(Exception):  # nobody is left to be told
        if tally.counts:
            tally.flush()


tally = Tally()
atexit.register(_flush_at_the_end)
