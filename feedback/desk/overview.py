"""How the work stands (/xu-ly/tong-quan/): for intake over all agencies or one, for a head over their own."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, Min, Q, Value
from django.db.models.functions import TruncWeek
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import Agency, in_vietnamese_order
from agencies.roles import Role
from feedback import services
from feedback.desk.access import official_required
from feedback.desk.queues import OVERVIEW_ROLES
from feedback.models import Case, CaseEvent
from parcai.lib.counting import capped_counts

WEEKS = 8
MOST_COUNTED = 999_999
LATEST, MOST_AGENCIES, MOST_OFFICERS = 10, 20, 30
RETURNED_WITHIN, REOPENED_WITHIN = timedelta(days=30), timedelta(days=90)
AGES = (7, 14, 30, 60)  # days since receipt


def _ages() -> dict[str, Q]:
    now = timezone.now()
    found, younger = {}, now + timedelta(days=1)
    for days in AGES:
        older = now - timedelta(days=days)
        found[f"age_{days}"] = Q(received_at__lte=younger, received_at__gt=older)
        younger = older
    return found | {"age_more": Q(received_at__lte=younger)}


@official_required
def overview(request):
    user = request.user
    if not user.has_role(*OVERVIEW_ROLES):
        raise PermissionDenied
    cases = Case.objects.visible_to(user)
    sees_all = user.has_role(Role.COORDINATOR, Role.OBSERVER)
    agency, choices = None, []
    if sees_all:
        choices = in_vietnamese_order(Agency.objects.answering())
        code = request.GET.get("co_quan", "")
        agency = next((each for each in choices if each.code == code), None)
    if agency:
        cases = cases.filter(agency=agency)
    today = timezone.localdate()
    soon = agencies.due_on(timezone.now(), services.DUE_SOON)
    is_running = ~Q(status=Case.Status.NEEDS_INFO)
    is_late = is_running & Q(due_on__lt=today)
    counts = cases.open().aggregate(
        open=Count("pk"),
        late=Count("pk", filter=is_late),
        soon=Count("pk", filter=is_running & Q(due_on__gte=today, due_on__lte=soon)),
        paused=Count("pk", filter=~is_running),
        signing=Count("pk", filter=Q(status=Case.Status.DRAFTED)),
        **{name: Count("pk", filter=within) for name, within in _ages().items()},
    )
    late = cases.overdue()
    context = {
        "agency": agency,
        "choices": choices,
        "counts": counts,
        "ages": _age_rows(counts),
        "late_agencies": list(
            late.values("agency__name")
            .annotate(count=Count("pk"), oldest=Min("due_on"))
            .order_by("-count", "oldest")[:MOST_AGENCIES]
        )
        if sees_all and not agency
        else [],
        "latest": list(
            late.select_related("agency", "officer")
            .only("code", "due_on", "status", "agency__name", "officer__full_name", "officer__username")
            .order_by("due_on", "pk")[:LATEST]
        ),
        "officers": list(
            cases.open()
            .filter(officer__isnull=False)
            .values("officer__full_name", "officer__agency__name")
            .annotate(count=Count("pk"), late=Count("pk", filter=is_late))
            .order_by("-late", "-count")[:MOST_OFFICERS]
        ),
        **_turned(cases, user, agency, sees_all),
        "weeks": _weeks(cases),
    }
    return render(request, "feedback/desk_overview.html", context)


def _age_rows(counts: dict) -> list[dict]:
    titles, before = [], 0
    for days in AGES:
        titles.append((f"age_{days}", _("%(from)d–%(to)d ngày") % {"from": before, "to": days}))
        before = days
    titles.append(("age_more", _("trên %d ngày") % before))
    most = max((counts[name] for name, _title in titles), default=0) or 1
    return [
        {"title": title, "count": counts[name], "width": round(300 * counts[name] / most)}
        for name, title in titles
    ]


def _turned(cases, user, agency, sees_all) -> dict:
    """What came back: given back by agencies, and reopened by askers."""
    now = timezone.now()
    returned = CaseEvent.objects.filter(step="return", at__gte=now - RETURNED_WITHIN)
    if agency:
        returned = returned.filter(by__agency=agency)
    elif not sees_all:
        returned = returned.filter(by__agency__in=user.agency_scope)
    counts = capped_counts(
        {
            "returned": returned,
            "reopened": cases.filter(reopened_at__gte=now - REOPENED_WITHIN),
            "answered": cases.filter(answered_at__gte=now - REOPENED_WITHIN),
        },
        MOST_COUNTED,
    )
    is_enough = counts["answered"] >= services.LEAST_COUNTED
    percent = round(100 * counts["reopened"] / counts["answered"]) if is_enough else None
    return counts | {"reopen_percent": percent}


def _weeks(cases) -> list[dict]:
    """Received and answered in each of the last weeks, the oldest first."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    start = agencies.midnight(first)
    found: dict[str, dict] = {"received": {}, "answered": {}}
    both = _by_week(cases.filter(received_at__gte=start), "received_at", "received").union(
        _by_week(cases.filter(answered_at__gte=start), "answered_at", "answered"),
        all=True,
    )
    for what, week, count in both:
        found[what][timezone.localdate(week)] = count
    received, answered = found["received"], found["answered"]
    days = [first + timedelta(weeks=n) for n in range(WEEKS)]
    most = max([*received.values(), *answered.values()], default=0) or 1
    return [
        {
            "from": day,
            "received": received.get(day, 0),
            "answered": answered.get(day, 0),
            "received_width": round(200 * received.get(day, 0) / most),
            "answered_width": round(200 * answered.get(day, 0) / most),
        }
        for day in days
    ]


def _by_week(rows, moment: str, what: str):
    weeks = rows.order_by().annotate(what=Value(what, CharField()), week=TruncWeek(moment))
    return weeks.values_list("what", "week").annotate(count=Count("pk"))
