"""Working days: Monday to Friday, less days off, plus days worked in exchange.

Pure: the calendar comes in as a mapping of dates to True (worked) or False (off), read by `agencies.services`.
Counting follows Bộ luật Dân sự 2015, Điều 147 and 148: the first day is not counted, the last runs to its end.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

Calendar = Mapping[date, bool]
SATURDAY = 5
LONGEST = 2000  # days looked through before a count is given up: a calendar cannot be all days off


@dataclass(frozen=True)
class Day:
    """One day of a count: `number` is its place in the count, None when it was skipped."""

    on: date
    number: int | None


def is_working_day(day: date, calendar: Calendar) -> bool:
    return calendar.get(day, day.weekday() < SATURDAY)


def count_days(
    start: date, working_days: int, calendar: Calendar, paused: Iterable[tuple[date, date]] = ()
) -> Iterator[Day]:
    """Every day from the one after `start` to the last counted one, counted or skipped.

    Days of a pause, its first and last included, are not counted. Raises ValueError when `working_days` is negative
    or the calendar has too few working days.
    """
    if working_days < 0:
        raise ValueError("working_days must not be negative")
    pauses = list(paused)
    number, day = 0, start
    while number < working_days:
        day += timedelta(days=1)
        if (day - start).days > LONGEST:
            raise ValueError("the calendar has too few working days")
        stands_still = any(first <= day <= last for first, last in pauses)
        if is_working_day(day, calendar) and not stands_still:
            number += 1
            yield Day(day, number)
        else:
            yield Day(day, None)


def add_working_days(
    start: date, working_days: int, calendar: Calendar, paused: Iterable[tuple[date, date]] = ()
) -> date:
    """The last day of a term of `working_days` that begins on `start`; days of a pause are not counted."""
    last = start
    for day in count_days(start, working_days, calendar, paused):
        last = day.on
    return last


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, calendar) for day in days)
