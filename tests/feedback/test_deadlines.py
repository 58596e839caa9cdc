"""More than sixty deadlines over Tết, days swapped and Saturdays worked (deadlines.csv), against the code and a slow counter.

The expected days were counted one by one along the printed calendar, by a program of its own and some by hand.
"""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from agencies import services as agencies
from feedback import services
from feedback.models import Pause
from tests.factories import make_case

pytestmark = pytest.mark.django_db
with (Path(__file__).parent / "deadlines.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def pauses_of(row) -> list[tuple[date, date]]:
    pairs = [pair.split("/") for pair in row["paused"].split(";") if pair]
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs]


def counted_slowly(row) -> date:
    """A calendar in text, a day at a time: nothing of the portal's counting."""
    with (agencies.DATA / "work_calendar_2023_2026.csv").open(encoding="utf-8", newline="") as calendar:
        days = {line["date"]: line["is_working"] for line in csv.DictReader(calendar)}
    day, left = date.fromisoformat(row["received"]), int(row["working_days"])
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        usual = "0" if day.strftime("%a") in {"Sat", "Sun"} else "1"
        stands_still = any(first <= day <= last for first, last in pauses_of(row))
        left -= days.get(day.isoformat(), usual) == "1" and not stands_still
    return day


def test_the_table_is_long_and_knows_every_year():
    assert len(ROWS) >= 60
    assert {row["received"][:4] for row in ROWS} >= {"2023", "2024", "2025", "2026"}


def test_every_deadline_of_the_table():
    agencies.load_calendar()
    case = make_case()
    wrong = []
    for row in ROWS:
        due, days = date.fromisoformat(row["due"]), int(row["working_days"])
        received = agencies.midnight(date.fromisoformat(row["received"])) + timedelta(hours=16)
        paused = pauses_of(row)
        case.pauses.all().delete()
        for first, last in paused:
            asked = agencies.midnight(first - timedelta(days=1)) + timedelta(hours=10)
            replied = timezone.make_aware(datetime.combine(last, time(15)))
            Pause.objects.create(
                case=case, started_at=asked, ended_at=replied, not_counted_from=first, reason="Hỏi lại"
            )
        case.clock_from, case.term = received, days
        answers = {
            "slow counter": counted_slowly(row),
            "due_on": agencies.due_on(received, days, paused),
            "its rows": services.due_of(case),
            "explained": services.explain(case)[-1]["on"],
        }
        taken = agencies.days_taken(received, agencies.midnight(due) + timedelta(hours=9), paused)
        wrong += [(row["what"], name, found) for name, found in answers.items() if found != due]
        wrong += [(row["what"], "days taken", taken)] if taken != days else []
    assert wrong == []
