from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from parcai.search.engines.base import Engine, Scope, key_at
from parcai.search.engines.database import database_engine

__all__ = ["Engine", "Scope", "engine", "key_at", "outside_engine"]


@cache
def outside_engine():
    """OpenSearch where the installation names one, else None. Loaded only there: its client is large."""
    if not settings.OPENSEARCH_URL:
        return None
    return import_string("parcai.search.engines.opensearch.OpenSearchEngine")()


def engine() -> Engine:
    return outside_engine() or database_engine()
