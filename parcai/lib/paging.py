"""Pages of a long list, newest first: page 5,000 costs about what page 1 costs, and nothing is counted twice a minute.

A page is found in the index alone (keys), its rows are read by their keys; the first pages come in one question. A short list is counted exactly each time.
Of a long one a map is kept for a minute: how many rows there are and the key of every `STRIDE`-th. A page deep in the
list starts at the mark before it, so that it never walks further than `STRIDE` rows. The map is a minute old at most;
the rows themselves are read anew each time, with all that decides whether they are public.
"""

import hashlib

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.functional import cached_property

from parcai.lib.remember import keep, kept

STRIDE = 600  # rows; up to so many a list is short
NEAR = 120  # rows; up to so many are skipped with all that a card shows, to save a question
KEPT = 60  # seconds


class NewestPaginator(Paginator):
    """For a queryset ordered by a moment and then the key, both descending: `order_by("-publish_at", "-pk")`.

    `name` tells one list from another where their maps are kept: the kind of row and what was chosen.
    """

    def __init__(self, object_list: QuerySet, per_page, *args, name: str = "", **kwargs):
        super().__init__(object_list, per_page, *args, **kwargs)
        self.rows = object_list
        self.moment = str(object_list.query.order_by[0]).removeprefix("-")
        digest = hashlib.sha256(f"{object_list.model._meta.label}?{name}".encode()).hexdigest()
        self.key = f"pages:{digest[:32]}"

    @cached_property
    def count(self) -> int:
        if self._map is not None:
            return self._map["count"]
        return self._exact

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        if first < NEAR:
            return Page(list(self.rows[first : first + self.per_page]), number, self)
        rows = self.rows
        if self._map is not None:
            marks = self._map["marks"]
            place = min(first // STRIDE, len(marks) - 1)
            if place:
                rows, first = after(rows, marks[place], moment=self.moment), first - place * STRIDE
        keys = rows.select_related(None).values_list("pk", flat=True)
        wanted = list(keys[first : first + self.per_page])
        # The rows come by key, but only if they still belong to the list.
        found = {row.pk: row for row in self.rows.order_by().filter(pk__in=wanted)} if wanted else {}
        return Page([found[key] for key in wanted if key in found], number, self)

    @cached_property
    def _exact(self) -> int:
        """The number of rows, counted no further than one beyond a short list."""
        return self.rows.order_by().values("pk")[: STRIDE + 1].count()

    @cached_property
    def _map(self) -> dict | None:
        """Of a long list: how many rows, and the (moment, key) before every `STRIDE`-th; None for a short one."""
        found = kept(self.key)
        if found is None and self._exact > STRIDE:
            found = self._draw()
            keep(self.key, found, KEPT)
        return found

    def _draw(self) -> dict:
        plain = self.rows.order_by().select_related(None)
        order = [F(self.moment).desc(), F("pk").desc()]
        marked = (
            plain.annotate(place=Window(RowNumber(), order_by=order))
            .annotate(rest=F("place") % STRIDE)
            .filter(rest=0)
            .order_by("place")
        )
        marks = list(marked.values_list(self.moment, "pk"))
        return {"count": plain.values("pk").count(), "marks": [None, *marks]}


# The mark stands first in the question: of two bounds of one moment ("not later than now" is the other) SQLite walks
# its index from the one it reads first.


def after(rows: QuerySet, mark: tuple, *, moment: str) -> QuerySet:
    """Of `rows` those that follow the one with this (moment, key), newest first."""
    at, key = mark
    older = Q(**{f"{moment}__lte": at}) & (Q(**{f"{moment}__lt": at}) | Q(pk__lt=key))
    return rows.model._default_manager.filter(older) & rows


def before(rows: QuerySet, mark: tuple, *, moment: str) -> QuerySet:
    """Of `rows` those that stand in front of the one with this (moment, key), newest first."""
    at, key = mark
    newer = Q(**{f"{moment}__gte": at}) & (Q(**{f"{moment}__gt": at}) | Q(pk__gt=key))
    return rows.model._default_manager.filter(newer) & rows
