"""What the public lists share: filters kept in the address and shown as chips, pages that stay fast, true addresses."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django_filters.views import FilterView

from parcai.lib.paging import NewestPaginator


class NewestList(FilterView):
    """A list of published rows, newest first. `ordering` of its rows: a moment and the key, both descending."""

    paginator_class = NewestPaginator
    paginate_by = 12
    strict = False
    title: str | Promise = ""  # the heading while nothing, or more than one thing, is chosen
    search_names: tuple[str, ...] = (
        "q",
    )  # what narrows by words or days: such a page is for people, not for search engines

    def get_paginator(self, queryset, per_page, **kwargs):
        return super().get_paginator(queryset, per_page, name=self.address(), **kwargs)

    def paginate_queryset(self, queryset, page_size):
        """Any page number gets a page: nonsense the first, a number beyond the end the last."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def chosen(self) -> dict:
        """What the visitor chose and the list understood: name in the address -> value."""
        form = self.filterset.form
        if not form.is_bound:
            return {}
        form.is_valid()
        return {
            name: value
            for name, value in form.cleaned_data.items()
            if value and name in self.filterset.filters
        }

    def address(self, *, without: str = "", page: int = 1) -> str:
        """This list's own address: what is chosen, in one order, and the page unless it is the first."""
        fields = self.filterset.form.fields
        pairs = [
            (name, _written(fields[name], value)) for name, value in self.chosen().items() if name != without
        ]
        if page > 1:
            pairs.append(("page", str(page)))
        return self.request.path + (f"?{urlencode(pairs)}" if pairs else "")

    def chips(self) -> list[dict]:
        """Each choice in words, with the address of the list without it."""
        return [
            {
                "label": str(self.filterset.form.fields[name].label),
                "words": self.words(name, value),
                "url": self.address(without=name),
            }
            for name, value in self.chosen().items()
        ]

    def words(self, name: str, value) -> str:
        """A choice as people call it."""
        if isinstance(value, date):
            return date_format(value, "j/n/Y")
        if isinstance(value, str):
            return str(dict(getattr(self.filterset.form.fields[name], "choices", ())).get(value, value))
        return str(value)

    def heading(self) -> str:
        """What the page is about, for the one thing chosen."""
        return str(self.title)

    def feed(self) -> str:
        """The address of the feed with the same choice, or "" where there is none."""
        return ""

    def get_context_data(self, **kwargs):
        found = super().get_context_data(**kwargs)
        page, chosen = found["page_obj"], self.chosen()
        query = urlencode([pair for pair in self._pairs() if pair[0] != "page"])
        is_search = len(chosen) > 1 or any(name in self.search_names for name in chosen)
        return found | {
            "query": query,
            "is_filtered": any(value for name, value in self._pairs() if name != "page"),
            "chips": self.chips(),
            "heading": self.heading(),
            "feed": self.feed(),
            "canonical": settings.SITE_URL + self.address(page=page.number),
            "previous": self.address(page=page.number - 1) if page.has_previous() else "",
            "next": self.address(page=page.number + 1) if page.has_next() else "",
            "is_for_people_only": is_search,
        }

    def _pairs(self) -> list[tuple[str, str]]:
        """What the address says of the filters, understood or not."""
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values[-1:]
            if name in self.filterset.filters and value
        ]


def _written(field, value) -> str:
    """A cleaned value as the address says it."""
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    return str(field.prepare_value(value))
