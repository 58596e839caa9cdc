import csv
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.services import DATA
from parcai.lib.workdays import add_working_days, count_days, is_working_day, working_days_between

with (DATA / "work_calendar_2023_2026.csv").open(encoding="utf-8", newline="") as file:
    CALENDAR = {date.fromisoformat(row["date"]): row["is_working"] == "1" for row in csv.DictReader(file)}

DEADLINES = [
    # start, working days, last day: counted by hand on the official calendar
    ("2023-01-16", 1, "2023-01-17"),
    ("2023-01-16", 3, "2023-01-19"),
    ("2023-01-19", 1, "2023-01-27"),  # Tết Quý Mão 20-26/1
    ("2023-01-16", 15, "2023-02-13"),
    ("2023-04-28", 1, "2023-05-04"),  # Giỗ Tổ, 30/4, 1/5 and two days in lieu
    ("2023-04-24", 15, "2023-05-18"),
    ("2023-08-31", 1, "2023-09-05"),
    ("2023-08-30", 5, "2023-09-08"),
    ("2023-12-29", 1, "2024-01-02"),
    ("2024-02-07", 1, "2024-02-15"),  # Tết Giáp Thìn 8-14/2
    ("2024-02-05", 15, "2024-03-04"),
    ("2024-04-17", 1, "2024-04-19"),
    ("2024-04-26", 1, "2024-05-02"),  # 29/4 off for Saturday 4/5
    ("2024-05-03", 1, "2024-05-04"),  # the worked Saturday counts
    ("2024-04-26", 3, "2024-05-04"),
    ("2024-04-22", 10, "2024-05-08"),
    ("2024-08-30", 1, "2024-09-04"),
    ("2025-01-24", 1, "2025-02-03"),  # Tết Ất Tỵ 27-31/1
    ("2025-01-20", 15, "2025-02-17"),
    ("2025-04-04", 1, "2025-04-08"),
    ("2025-04-25", 1, "2025-04-26"),  # worked for 2/5
    ("2025-04-25", 4, "2025-05-05"),
    ("2025-04-29", 1, "2025-05-05"),
    ("2025-08-29", 1, "2025-09-03"),
    ("2025-12-31", 1, "2026-01-05"),  # 2/1 off for Saturday 10/1
    ("2026-01-09", 1, "2026-01-10"),
    ("2026-01-05", 5, "2026-01-10"),
    ("2026-02-13", 1, "2026-02-23"),  # Tết Bính Ngọ 16-20/2
    ("2026-02-10", 15, "2026-03-10"),
    ("2026-04-24", 1, "2026-04-28"),
    ("2026-04-29", 1, "2026-05-04"),
    ("2026-08-21", 1, "2026-08-22"),  # worked for 31/8
    ("2026-08-28", 1, "2026-09-03"),
    ("2026-11-23", 1, "2026-11-25"),  # Ngày Văn hóa Việt Nam
    ("2026-11-20", 15, "2026-12-14"),
]


@pytest.mark.parametrize(("start", "term", "last"), DEADLINES)
def test_deadlines_counted_by_hand(start, term, last):
    assert add_working_days(date.fromisoformat(start), term, CALENDAR) == date.fromisoformat(last)


def test_a_term_of_no_days_ends_where_it_begins():
    assert add_working_days(date(2026, 2, 16), 0, CALENDAR) == date(2026, 2, 16)


def test_every_day_of_a_count_is_named():
    days = list(count_days(date(2024, 5, 2), 3, CALENDAR))
    assert [(day.on.day, day.number) for day in days] == [(3, 1), (4, 2), (5, None), (6, 3)]


def test_a_negative_term_is_refused():
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 5), -1, CALENDAR)


def test_a_calendar_without_working_days_does_not_run_for_ever():
    never = {date(2026, 1, 1) + timedelta(days=n): False for n in range(3000)}
    with pytest.raises(ValueError, match="too few"):
        add_working_days(date(2026, 1, 1), 1, never)


DAYS = st.dates(date(2023, 1, 1), date(2026, 6, 30))


@given(DAYS, st.integers(1, 60))
def test_counting_back_gives_the_term(start, term):
    last = add_working_days(start, term, CALENDAR)
    assert working_days_between(start, last, CALENDAR) == term
    assert working_days_between(last, start, CALENDAR) == -term
    assert is_working_day(last, CALENDAR)


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_longer_term_never_ends_earlier(start, term, more):
    assert add_working_days(start, term, CALENDAR) <= add_working_days(start, term + more, CALENDAR)


def test_the_calendar_agrees_with_a_second_source():
    """Every weekday the holidays package knows as off is off in our file; the file may know more."""
    known = holidays.country_holidays("VN", years=range(2023, 2027), language="vi")
    assert [day for day in known if day.weekday() < 5 and is_working_day(day, CALENDAR)] == []
