from contextlib import contextmanager

from django.db import connection, transaction

from parcai.search.engines.base import Scope
from parcai.search.expression import Expression, Grammar

SHOWN = "id >= %s AND id < %s AND (shown_until IS NULL OR shown_until > %s)"
TSQUERY = Grammar(quote="'", prefix=":*", all=" & ", any=" | ", without=" & !")


@contextmanager
def _by_terms():
    """The lists of terms are always the way in: the planner thinks reading every row cheap, and it is not."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL jit = off"
        )
        yield cursor


class PostgresEngine:
    def newest(self, expression: Expression, scope: Scope, limit: int, below: int | None = None) -> list[int]:
        match = TSQUERY.written(scope.narrowed(expression))
        with _by_terms() as cursor:
            cursor.execute(
                f"SELECT id FROM search_searchdocument WHERE found_by @@ %s::tsquery AND {SHOWN} ORDER BY id DESC LIMIT %s",  # noqa: S608 (constant text)
                [match, scope.lowest, min(below or scope.below, scope.below), scope.now, limit],
            )
            return [key for (key,) in cursor.fetchall()]

    def counts(
        self, expression: Expression, scope: Scope, kinds: tuple[str, ...], most: int
    ) -> dict[str, int]:
        match = TSQUERY.written(scope.narrowed(expression))
        with _by_terms() as cursor:
            cursor.execute(
                f"SELECT kind, least(count(*), %s) FROM search_searchdocument WHERE found_by @@ %s::tsquery AND {SHOWN} GROUP BY kind",  # noqa: S608 (constant text)
                [most, match, scope.lowest, scope.below, scope.now],
            )
            return dict.fromkeys(kinds, 0) | dict(cursor.fetchall())
