"""Values kept for a while; a cache that is away costs time, never the page."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache


def kept(key: str) -> Any:
    """What is kept under `key`, or None."""
    try:
        return cache.get(key)
    except Exception:  # whatever the cache's client raises
        return None


def keep(key: str, value: Any, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except Exception:  # as above
        return


def remembered(key: str, seconds: int, make: Callable[[], Any]) -> Any:
    """What is kept under `key`, made and kept when there is nothing."""
    found = kept(key)
    if found is None:
        found = make()
        keep(key, found, seconds)
    return found
