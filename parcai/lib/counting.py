"""How long several lists are, asked in one question, and no further than a page wants to say."""

from collections.abc import Mapping

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def capped_counts(lists: Mapping[str, QuerySet], most: int) -> dict[str, int]:
    """The length of each list, at most `most` + 1."""
    counts = dict.fromkeys(lists, 0)
    names: list[str] = []
    parts: list[str] = []
    values: list = []
    for name, rows in lists.items():
        try:
            sql, params = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - what the ORM wrote
        values += params
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            counts |= dict(zip(names, cursor.fetchone(), strict=True))
    return counts
