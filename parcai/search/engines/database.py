from django.db import connection

from parcai.search.engines.base import Engine
from parcai.search.engines.postgres import PostgresEngine
from parcai.search.engines.sqlite import SQLiteEngine


def database_engine() -> Engine:
    """The index in the portal's own database."""
    return SQLiteEngine() if connection.vendor == "sqlite" else PostgresEngine()
