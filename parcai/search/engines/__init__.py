from django.db import connection

from parcai.search.engines.base import Engine, Scope, key_at, moment_of
from parcai.search.engines.postgres import PostgresEngine
from parcai.search.engines.sqlite import SQLiteEngine

__all__ = ["Engine", "Scope", "engine", "key_at", "moment_of"]


def engine() -> Engine:
    return SQLiteEngine() if connection.vendor == "sqlite" else PostgresEngine()
