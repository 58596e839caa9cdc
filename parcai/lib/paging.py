"""Pages of a long list, newest first: page 5,000 costs about what page 1 costs, and nothing is counted twice a minute.

A page is found in the index alone (keys), its rows are read by their keys. A short list is counted exactly each time.
Of a long one a map is kept for a minute: how many rows there are and the key of every `STRIDE`-th. A page deep in the
list starts at the mark before it, so that it never walks further than `STRIDE` rows. The map is a minute old at most;
the rows themselves are read anew each time, with all that decides whether they are public.
"""

import hashlib

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.functional import cached_property

STRIDE = 600  # rows; up to so many a list is short
KEPT = 60  # seconds


class NewestPaginator(Paginator):
    """For a queryset ordered by a moment and then the key, both descending: `order_by("-publish_at", "-pk")`.

    `name` tells one list from another where their maps are kept: the kind of row and what was chosen.
    """

    def __init__(self, object_list: QuerySet, per_page, *args, name: str = "", **kwargs):
        super().__init__(object_list, per_page, *args, **kwargs)
        self.rows = object_list
        self.moment = object_list.query.order_by[0].removeprefix("-")
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
        keys = self.rows.select_related(None).values_list("pk", flat=True)
        mark = self._map["marks"][first // STRIDE] if self._map is not None else None
        if mark is not None:
            keys, first = keys.filter(after(mark, moment=self.moment)), first % STRIDE
        wanted = list(keys[first : first + self.per_page])
        # The rows come by key, but only if they still belong to the list.
        found = {row.pk: row for row in self.rows.order_by().filter(pk__in=wanted)} if wanted else {}
        return self._get_page([found[key] for key in wanted if key in found], number, self)

    @cached_property
    def _exact(self) -> int:
        """The number of rows, counted no further than one beyond a short list."""
        return self.rows.order_by().values("pk")[: STRIDE + 1].count()

    @cached_property
    def _map(self) -> dict | None:
        """Of a long list: how many rows, and the (moment, key) before every `STRIDE`-th; None for a short one."""
        found = _kept(self.key)
        if found is None and self._exact > STRIDE:
            found = self._draw()
            _keep(self.key, found)
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


def after(mark: tuple, *, moment: str) -> Q:
    """Rows that follow the one with this (moment, key), newest first."""
    at, key = mark
    return Q(**{f"{moment}__lte": at}) & (Q(**{f"{moment}__lt": at}) | Q(pk__lt=key))


def before(mark: tuple, *, moment: str) -> Q:
    """Rows that stand in front of the one with this (moment, key), newest first."""
    at, key = mark
    return Q(**{f"{moment}__gte": at}) & (Q(**{f"{moment}__gt": at}) | Q(pk__gt=key))


def _kept(key: str):
    try:
        return cache.get(key)
    except Exception:  # a cache that is away costs time, never the page
        return None


def _keep(key: str, value) -> None:
    try:
        cache.set(key, value, KEPT)
    except Exception:  # as above
        return
