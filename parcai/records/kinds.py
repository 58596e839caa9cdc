"""One declaration for each kind of public record; the API, open data sets and their dictionary are drawn from it.

A kind says which rows everybody may read now, what each column holds, in words, and how rows are chosen and ordered.
What else it is asked for (a serialiser, a CSV file, a schema) is derived where it is needed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django_filters import FilterSet

from parcai.lib.html import show, with_whole_addresses

Words = str | Promise
MOST_KEY = 2**63 - 1  # beyond, no database has a row
CHUNK = 500  # rows read at once


class Type(StrEnum):
    """What a column holds."""

    TEXT = "text"
    HTML = "html"  # cleaned rich text
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"  # a date with its hour, in Việt Nam
    ADDRESS = "address"  # whole, with the portal's name
    LIST = "list"
    REFERENCE = "reference"  # another record


@dataclass(frozen=True)
class Reference:
    """Another record that may be read: its kind's name, its id there, and how people know it."""

    kind: str
    id: str
    title: str
    url: str


@dataclass(frozen=True)
class Column:
    """One value of a record. `get` reads it from the row (default: the attribute of that name)."""

    name: str
    type: Type
    label: Words
    says: Words
    get: Callable[[Any], Any] | None = None
    may_be_null: bool = False
    choices: Any = None  # a TextChoices: the values there are, with their words
    of: "Type | tuple[Column, ...] | None" = None  # what a list holds: values, references or small records
    to: str = ""  # name of the kind a reference leads to
    deprecated_on: date | None = None  # since then nobody new should rely on it
    ends_on: date | None = None  # from then on it may be missing
    instead: str = ""  # name of the column that takes its place

    def read(self, row) -> Any:
        """The value as Python has it: str, int, date, aware moment, `Reference`, list or dict of such, or None."""
        value = self.get(row) if self.get else attrgetter(self.name)(row)
        if self.type is Type.LIST:
            return [self._item(each) for each in value]
        return typed(self.type, value)

    def _item(self, value) -> Any:
        if isinstance(self.of, tuple):
            return {column.name: column.read(value) for column in self.of}
        return typed(self.of, value)


def typed(type_: Type | None, value) -> Any:
    """A value in the one form of its type."""
    if value is None or type_ in {None, Type.REFERENCE}:
        return value
    if type_ is Type.MOMENT:
        return timezone.localtime(value)
    if type_ is Type.HTML:
        return with_whole_addresses(show(value), settings.SITE_URL)
    if type_ is Type.ADDRESS:
        return absolute(str(value)) if value else None
    return str(value) if type_ is Type.TEXT else value


def day_of(moment) -> date | None:
    """The day of a moment in Việt Nam."""
    return timezone.localdate(moment) if moment else None


def absolute(path: str) -> str:
    """A whole address; one that is whole already stays."""
    return settings.SITE_URL + path if path.startswith("/") else path


def behind(order: tuple[str, ...], at: tuple) -> Q:
    """Rows that in this order come after the one with the values `at`."""
    name, value = order[0].lstrip("-"), at[0]
    step = "lt" if order[0].startswith("-") else "gt"
    beyond = Q(**{f"{name}__{step}": value})
    if len(order) == 1:
        return beyond
    # The bound on the first column alone lets the database enter its index there.
    return Q(**{f"{name}__{step}e": value}) & (beyond | behind(order[1:], at[1:]))


@dataclass(frozen=True)
class Key:
    """How a record is called for good: `of` gives the id of a row, `find` what an id asks of the rows (None: no id)."""

    of: Callable[[Any], str]
    find: Callable[[str], dict | None]


def by_number(text: str) -> dict | None:
    """Rows known by their number in the database."""
    is_number = text.isascii() and text.isdigit() and len(text) < 20 and text == str(int(text))
    return {"pk": int(text)} if is_number and int(text) <= MOST_KEY else None


NUMBER = Key(of=lambda row: str(row.pk), find=by_number)


def no_reason(_id: str) -> None:
    """For kinds whose rows never were public and are no longer."""
    return None


@dataclass(frozen=True)
class Card:
    """One result of a search: `text` is read for the words that were looked for, `on` is the day it is known by."""

    title: str
    url: str
    text: str
    on: date | None = None
    by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Tab:
    """What readers know things as on the page of results. `name` is what `Entry.kind` says, `slug` stands in addresses."""

    name: str
    slug: str
    one: Words
    many: Words
    is_favoured: bool = False  # whoever types such a name means the thing itself


@dataclass(frozen=True)
class Search:
    """How a kind is found: `indexed` rows belong in the index under the name `record`, `shown` may be shown now."""

    record: str
    indexed: Callable[[], QuerySet]
    shown: Callable[[], QuerySet]
    card: Callable[[Any], Card]
    tabs: tuple[Tab, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of record everybody may read.

    `name` is stable: it stands in addresses and file names. `rows` gives anew, at each call, what may be read at that
    moment with all that the columns need, so that one row costs as many queries as a hundred. `order` is the keyset
    of a list: model fields that are never null, the last one unique. `gone` tells why a record that was public is no
    longer there, in words for everybody. `changed` names the moments in `rows` the newest of which says when the rows
    last changed; none where that is not written down.
    """

    name: str
    model: type[Model]
    one: Words
    many: Words
    says: Words
    rows: Callable[[], QuerySet]
    columns: tuple[Column, ...]
    filters: type[FilterSet]
    order: tuple[str, ...]
    key: Key = NUMBER
    gone: Callable[[str], Words | None] = field(default=no_reason)
    search: Search | None = None  # None: nobody looks for one of these alone
    changed: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def ordered(self) -> QuerySet:
        """All rows everybody may read now, in the kind's order."""
        return self.rows().order_by(*self.order)

    def chosen(self, data: Mapping[str, str]) -> QuerySet:
        """Of all rows those the filters choose. Raises ValidationError with words for each value that is none."""
        found = self.filters(data, self.ordered())
        if not found.is_valid():
            raise ValidationError(found.form.errors.as_data())
        return found.qs

    def walk(self, rows: QuerySet | None = None) -> Iterator[Any]:
        """All rows everybody may read, or those of `rows`, some hundred at a time: each is asked for when it is its turn."""
        rows = self.ordered() if rows is None else rows.order_by(*self.order)
        part = list(rows[:CHUNK])
        while part:
            yield from part
            at = tuple(getattr(part[-1], name.lstrip("-")) for name in self.order)
            part = list(rows.filter(behind(self.order, at))[:CHUNK]) if len(part) == CHUNK else []

    def find(self, id_: str):
        """The row of that id, or None when nobody may read it."""
        wanted = self.key.find(id_)
        return self.rows().filter(**wanted).first() if wanted else None

    def record(self, row, names=None) -> dict[str, Any]:
        """The values of a row by column; of `names` only, where given."""
        return {each.name: each.read(row) for each in self.columns if names is None or each.name in names}
