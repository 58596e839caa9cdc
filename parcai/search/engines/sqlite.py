from django.db import connection

from parcai.search.engines.base import Scope
from parcai.search.expression import Expression, Grammar

# What is over is not found; there are few of those, and they leave the index at night.
SHOWN = """rowid >= %s AND rowid < %s AND rowid NOT IN
    (SELECT id FROM search_searchdocument WHERE shown_until IS NOT NULL AND shown_until <= %s)"""
FTS5 = Grammar(quote='"', prefix="*", all=" AND ", any=" OR ", without=" NOT ")


class SQLiteEngine:
    """FTS5: the lists of a term are read in the order of keys, so that it stops where enough is found."""

    def newest(self, expression: Expression, scope: Scope, limit: int, below: int | None = None) -> list[int]:
        match = FTS5.written(scope.narrowed(expression))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM search_fts WHERE search_fts MATCH %s AND {SHOWN} ORDER BY rowid DESC LIMIT %s",  # noqa: S608 (constant text)
                [match, scope.lowest, min(below or scope.below, scope.below), scope.now, limit],
            )
            return [key for (key,) in cursor.fetchall()]

    def counts(
        self, expression: Expression, scope: Scope, kinds: tuple[str, ...], most: int
    ) -> dict[str, int]:
        one = f"SELECT %s AS kind, count(*) FROM (SELECT 1 FROM search_fts WHERE search_fts MATCH %s AND {SHOWN} LIMIT %s)"  # noqa: S608 (constant text)
        values: list = []
        for kind in kinds:
            match = FTS5.written(scope.narrowed(expression, kind))
            values += [kind, match, scope.lowest, scope.below, scope.now, most]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(kinds)), values)
            return dict(cursor.fetchall())
