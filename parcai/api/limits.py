"""How often one address may ask: counted in the cache, so that reading writes nothing into the database."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

LIMIT = 300  # answers to one address within a window; a network of an office shares one
SECONDS = 60


@dataclass(frozen=True)
class Allowance:
    """What is left of a window: `reset` is the number of seconds until the next one."""

    limit: int
    remaining: int
    reset: int
    is_over: bool

    @property
    def headers(self) -> dict[str, str]:
        found = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return found | {"Retry-After": str(self.reset)} if self.is_over else found


def take(address: str) -> Allowance:
    """Counts one question of an address. Where the cache is away nobody is turned away."""
    now = time.time()
    count = _count(address, int(now // SECONDS)) if settings.RATE_LIMITS else 1
    reset = SECONDS - int(now % SECONDS)
    return Allowance(LIMIT, max(0, LIMIT - count), reset, is_over=count > LIMIT)


def _count(address: str, window: int) -> int:
    key = "api:" + salted_hmac("api", f"{window}:{address}", algorithm="sha256").hexdigest()[:40]
    try:
        if cache.add(key, 1, 2 * SECONDS):
            return 1
        return cache.incr(key)
    except Exception:  # whatever the cache's client raises; also a key that went between the two
        return 1
