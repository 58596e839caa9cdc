"""Pages editors put above the results of certain words."""

from django.core.cache import cache

from parcai.search.models import BestBet

KEPT = 60  # seconds
CACHE_KEY = "search:bets"


def for_words(key: str) -> list[BestBet]:
    """Best bets of these folded words, in the order editors gave them."""
    if not key:
        return []
    current = cache.get(CACHE_KEY)
    if current is None:
        current = list(BestBet.objects.current())
        cache.set(CACHE_KEY, current, KEPT)
    return [bet for bet in current if key in bet.keys]


def forget() -> None:
    """What editors changed counts from now on."""
    cache.delete(CACHE_KEY)
