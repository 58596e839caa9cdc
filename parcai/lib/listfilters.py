"""Filters of the public lists, asked so that an index answers: by days of Việt Nam, by words, by what a row belongs to."""

from datetime import date, datetime, time, timedelta

import django_filters
from django.db.models import Exists, OuterRef
from django.utils import timezone

from parcai.lib.vietnamese import fold

MOST_WORDS = 8
FIRST_YEAR, LAST_YEAR = 1900, 2900  # beyond, moments leave the range databases know


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class FromDayFilter(django_filters.DateFilter):
    """Rows whose moment lies on that day or later."""

    def filter(self, qs, value):
        if not value or value.year < FIRST_YEAR:
            return qs
        return (
            qs.filter(**{f"{self.field_name}__gte": midnight(value)}) if value.year < LAST_YEAR else qs.none()
        )


class ToDayFilter(django_filters.DateFilter):
    """Rows whose moment lies on that day or earlier."""

    def filter(self, qs, value):
        if not value or value.year > LAST_YEAR:
            return qs
        if value.year < FIRST_YEAR:
            return qs.none()
        return qs.filter(**{f"{self.field_name}__lt": midnight(value + timedelta(days=1))})


def related_to(qs, relation: str, rows):
    """Rows of `qs` that one of `rows` belongs to by a many-to-many relation.

    EXISTS instead of a join: the list stays in the order of its own index and no row comes twice.
    """
    field = qs.model._meta.get_field(relation)
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    links = field.remote_field.through._default_manager.filter(**{own: OuterRef("pk"), f"{other}__in": rows})
    return qs.filter(Exists(links))


class RelatedFilter(django_filters.ModelChoiceFilter):
    def filter(self, qs, value):
        return related_to(qs, self.field_name, [value]) if value else qs


class WordsFilter(django_filters.CharFilter):
    """Rows whose folded column holds every word, with or without accents."""

    def filter(self, qs, value):
        for word in fold(value or "").split()[:MOST_WORDS]:
            qs = qs.filter(**{f"{self.field_name}__contains": word})
        return qs
