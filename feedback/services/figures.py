"""How cases are handled, in numbers everybody may read: counted ahead, small groups unsaid, past years left as they ended."""

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import ExtractMonth, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.services import midnight
from articles.models import Topic
from feedback.models import Answer, Case, Figure
from parcai.lib.suppression import hidden

LEAST = 5  # no figure below: whoever knows a few cases shall not recognise one
QUARTERS = {f"q{n + 1}": tuple(f"m{3 * n + m:02d}" for m in (1, 2, 3)) for n in range(4)}
YEAR = "year"
By = Figure.By
DIMENSIONS = (By.AGENCY, By.TOPIC, By.KIND)
MEASURES = ("received", "answered", "rated", "late")
Group = tuple[str, str]  # what a figure is by, and which one: ("agency", "12")


@dataclass
class Tally:
    """What is counted for one group in one period."""

    received: int = 0
    late: int = 0
    on_time: int = 0
    days: Counter = field(default_factory=Counter)
    stars: Counter = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        return self.days.total()

    @property
    def rated(self) -> int:
        return self.stars.total()


Tallies = dict[tuple[Group, str], Tally]


def count_figures(year: int) -> int:
    """Count one year anew, unless its figures are final; they are once counted after its end. Returns its rows."""
    if Figure.objects.filter(year=year, is_final=True).exists():
        return 0
    tallies = _tallies(year)
    rows = _rows(year, tallies)
    with transaction.atomic():
        Figure.objects.filter(year=year).exclude(code__in=[row.code for row in rows]).delete()
        Figure.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[
                each.name for each in Figure._meta.concrete_fields if each.name not in {"id", "code"}
            ],
        )
    return len(rows)


def count_current_figures() -> int:
    """This year, and the last one until it has been counted after its end."""
    year = timezone.localdate().year
    return count_figures(year - 1) + count_figures(year)


def _tallies(year: int) -> Tallies:
    """Every group in every period, from a few questions that the database groups."""
    found: Tallies = {}
    start, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    cases = Case.objects.filter(is_confidential=False, spam_at=None)
    by = ("agency", "topic", "kind", "month")
    received = cases.filter(received_at__gte=start, received_at__lt=end)
    for *group, month, count in _counted(received.annotate(month=ExtractMonth("received_at")), by):
        for tally in _each(found, group, month):
            tally.received += count
    rated = cases.filter(rated_at__gte=start, rated_at__lt=end, rating__isnull=False)
    for *group, month, stars, count in _counted(
        rated.annotate(month=ExtractMonth("rated_at")), (*by, "rating")
    ):
        for tally in _each(found, group, month):
            tally.stars[stars] += count
    answers = (
        Answer.objects.signed()
        .filter(
            signed_at__gte=start, signed_at__lt=end, days_taken__isnull=False, case__is_confidential=False
        )
        .annotate(
            agency=F("case__agency"),
            topic=F("case__topic"),
            kind=F("case__kind"),
            month=ExtractMonth("signed_at"),
            on=TruncDate("signed_at"),
        )
    )
    for *group, month, days, on, due, count in _counted(answers, (*by, "days_taken", "on", "due_on")):
        for tally in _each(found, group, month):
            tally.days[days] += count
            tally.on_time += count if due is None or on <= due else 0
    if year == timezone.localdate().year:
        for *group, count in _counted(cases.overdue(), by[:3]):
            for tally in _each(found, group, None):
                tally.late += count
    return found


def _counted(rows, names: tuple[str, ...]) -> Iterable[tuple]:
    return rows.order_by().values_list(*names).annotate(count=Count("pk"))


def _each(found: Tallies, group: list, month: int | None) -> Iterable[Tally]:
    """The tallies a row of the database belongs to: of everything and of its groups, in its periods."""
    agency, topic, kind = group
    groups = [(By.ALL, ""), (By.AGENCY, str(agency or 0)), (By.TOPIC, str(topic or 0)), (By.KIND, kind)]
    for each in groups:
        periods = [YEAR]
        if month:
            periods.append(f"q{(month + 2) // 3}")
            periods += [f"m{month:02d}"] if each[0] == By.ALL else []
        for period in periods:
            yield found.setdefault((each, period), Tally())


def _unsaid(tallies: Tallies, measure: str) -> set:
    """Cells of one measure that stay unsaid."""
    groups = {group for group, _period in tallies} | {(By.ALL, "")}
    counts: dict = {}
    for group in groups:
        for period in (YEAR, *QUARTERS, *(m for ms in QUARTERS.values() for m in ms if group[0] == By.ALL)):
            counts[group, period] = getattr(tallies.get((group, period), Tally()), measure)
    whole = (By.ALL, "")
    equations: list = []
    for dimension in DIMENSIONS:
        members = sorted(group for group in groups if group[0] == dimension)
        for period in (YEAR, *QUARTERS):
            equations.append(((whole, period), [(group, period) for group in members]))
        if measure != "late":
            equations += [((group, YEAR), [(group, quarter) for quarter in QUARTERS]) for group in members]
    if measure != "late":
        equations.append(((whole, YEAR), [(whole, quarter) for quarter in QUARTERS]))
        equations += [
            ((whole, quarter), [(whole, month) for month in months]) for quarter, months in QUARTERS.items()
        ]
    return hidden(counts, equations, LEAST)


def _rows(year: int, tallies: Tallies) -> list[Figure]:
    unsaid = {measure: _unsaid(tallies, measure) for measure in MEASURES}
    agencies = {str(each.pk): each for each in Agency.objects.only("name")}
    topics = {str(each.pk): each for each in Topic.objects.all()}
    now, today = timezone.now(), timezone.localdate()
    rows = []
    for (group, period), tally in sorted(tallies.items(), key=lambda each: str(each[0])):
        by, key = group
        starts_on, ends_on = bounds(year, period)
        said = {
            measure: None if (group, period) in unsaid[measure] else getattr(tally, measure)
            for measure in MEASURES
        }
        rows.append(
            Figure(
                code="-".join(filter(None, (str(year), period, str(by), key))),
                year=year,
                period=period,
                starts_on=starts_on,
                ends_on=ends_on,
                by=by,
                agency=agencies.get(key) if by == By.AGENCY else None,
                topic=topics.get(key) if by == By.TOPIC else None,
                kind=key if by == By.KIND else "",
                label=_label(by, key, agencies, topics),
                is_final=today.year > year,
                counted_at=now,
                **said,
                **_of_answers(tally, said["answered"]),
                satisfaction=_mean(tally.stars) if (said["rated"] or 0) >= LEAST else None,
            )
        )
    return rows


def _label(by: str, key: str, agencies: dict, topics: dict) -> str:
    if by == By.AGENCY:
        return str(agencies.get(key) or _("Chưa giao cơ quan"))
    if by == By.TOPIC:
        return str(topics.get(key) or _("Chưa xếp lĩnh vực"))
    return str(Case.Kind(key).label if by == By.KIND else By.ALL.label)


def _of_answers(tally: Tally, said: int | None) -> dict:
    if (said or 0) < LEAST:
        return {"on_time_percent": None, "median_days": None}
    return {
        "on_time_percent": round(100 * tally.on_time / tally.answered),
        "median_days": float(statistics.median(tally.days.elements())),
    }


def _mean(counts: Counter) -> float:
    return round(sum(value * count for value, count in counts.items()) / counts.total(), 1)


def bounds(year: int, period: str) -> tuple[date, date]:
    """First and last day of a period."""
    if period == YEAR:
        first, months = 1, 12
    elif period.startswith("q"):
        first, months = 3 * int(period[1:]) - 2, 3
    else:
        first, months = int(period[1:]), 1
    end = first + months
    after = date(year + 1, 1, 1) if end > 12 else date(year, end, 1)
    return date(year, first, 1), after - timedelta(days=1)
