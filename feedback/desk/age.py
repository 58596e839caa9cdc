"""How long new cases have waited at intake, in working days, and the order they are shown in."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import services as agencies
from feedback import services
from feedback.models import Term

OLDEST, NEWEST = "cu", "moi"
SORTINGS = {OLDEST: (_("Cũ nhất trước"), "received_at"), NEWEST: (_("Mới nhất trước"), "-received_at")}
OWED = {Term.Step.SCREEN: _("xem xét"), Term.Step.TRANSFER: _("giao cơ quan")}


def order_of(queue, asked: str) -> tuple[tuple[str, ...], list[dict]]:
    """The order of a queue, and the ways to order it where it can be turned round."""
    if not queue.waits_for:
        return queue.order, []
    chosen = asked if asked in SORTINGS else OLDEST
    links = [
        {
            "label": label,
            "url": f"?hang={queue.name}&xep={name}",
            "is_current": name == chosen,
            "query": f"&xep={asked}" if asked in SORTINGS else "",
        }
        for name, (label, _field) in SORTINGS.items()
    ]
    return (SORTINGS[chosen][1],), links


def since(queue, cases) -> list[date]:
    return [agencies.day_of_receipt(case.received_at) for case in cases] if queue.waits_for else []


def waits(queue, cases, calendar: dict[date, bool]) -> dict[int, dict]:
    """For each case of a page: working days since receipt, and how many the step it waits for may take."""
    if not queue.waits_for:
        return {}
    now = timezone.now()
    allowed = {kind: services.term(kind, queue.waits_for) for kind in {case.kind for case in cases}}
    found = {}
    for case in cases:
        days = agencies.days_taken(case.received_at, now, calendar=calendar)
        found[case.pk] = {
            "days": days,
            "of": allowed[case.kind],
            "for": OWED[queue.waits_for],
            "over": max(0, days - allowed[case.kind]),
        }
    return found
