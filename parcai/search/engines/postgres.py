from django.db import connection

from parcai.search.engines.base import Scope
from parcai.search.expression import Expression, Grammar

SHOWN = "id >= %s AND id < %s AND (shown_until IS NULL OR shown_until > %s)"
TSQUERY = Grammar(quote="'", prefix=":*", all=" & ", any=" | ", without=" & !")


# The lists of terms are always the way in: the planner thinks reading every row cheap, and it is not. Sent together with
# the question: statements of one message are one transaction, so nothing is left behind and nothing is waited for twice.
BY_TERMS = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL jit = off; "


def _rows(statement: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(BY_TERMS + statement, values)
        return cursor.fetchall()


class PostgresEngine:
    """tsvector: the list of a term is read whole, so that rows are fetched no further than they are counted."""

    def newest(self, expression: Expression, scope: Scope, limit: int, below: int | None = None) -> list[int]:
        match = TSQUERY.written(scope.narrowed(expression))
        rows = _rows(
            f"SELECT id FROM search_searchdocument WHERE found_by @@ %s::tsquery AND {SHOWN} ORDER BY id DESC LIMIT %s",  # noqa: S608 (constant text)
            [match, scope.lowest, min(below or scope.below, scope.below), scope.now, limit],
        )
        return [key for (key,) in rows]

    def counts(
        self, expression: Expression, scope: Scope, kinds: tuple[str, ...], most: int
    ) -> dict[str, int]:
        one = f"SELECT %s AS kind, count(*) FROM (SELECT 1 FROM search_searchdocument WHERE found_by @@ %s::tsquery AND {SHOWN} LIMIT %s) AS counted"  # noqa: S608 (constant text)
        values: list = []
        for kind in kinds:
            match = TSQUERY.written(scope.narrowed(expression, kind))
            values += [kind, match, scope.lowest, scope.below, scope.now, most]
        return dict(_rows(" UNION ALL ".join([one] * len(kinds)), values))
