"""Run by bench/cases.py in a process of its own: fills the database and prints one line for each page."""

import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Agency, User  # noqa: E402
from bench import cases_fill  # noqa: E402
from bench.articles_measured import HOST, ask, median_ms  # noqa: E402
from feedback import services  # noqa: E402
from feedback.desk.queues import QUEUES  # noqa: E402
from feedback.models import Case  # noqa: E402

MOST_QUERIES = 15
DEEP = 5_000


def pages() -> list[tuple[str, str, str]]:
    """What is measured: (who, what, address)."""
    year = timezone.localdate().year
    office = Agency.objects.filter(pk=User.objects.get(username="thutruong").agency_id).get()
    case = Case.objects.filter(agency=office, status="assigned").order_by("pk")[0]
    roles = {name: User.objects.get(username=name) for name in cases_fill.PEOPLE}
    found = [
        (name, f"queue {queue.name}", f"/xu-ly/?hang={queue.name}")
        for name, user in roles.items()
        for queue in QUEUES
        if user.has_role(*queue.roles)
    ]
    found += [
        (name, f"all, page {DEEP // 10}", f"/xu-ly/?hang=tat-ca&page={DEEP // 10}")
        for name in ("dieuphoi", "thutruong")
    ]
    found += [(name, "case", case.get_desk_url()) for name in roles]
    found += [(name, "overview", "/xu-ly/tong-quan/") for name in ("dieuphoi", "thutruong", "giamsat")]
    found.append(("dieuphoi", "overview, one agency", f"/xu-ly/tong-quan/?co_quan={office.code}"))
    found += [
        ("", "statistics", "/thong-ke/"),
        ("", "statistics, quarter", f"/thong-ke/?ky={year}-q1"),
        ("", "statistics, report", f"/thong-ke/{year - 1}/"),
        ("", "statistics, CSV", f"/thong-ke/tep/{year}.csv"),
        ("", "answers", "/hoi-dap/"),
        ("", f"answers, page {DEEP:,}", f"/hoi-dap/?page={DEEP}"),
        ("", "results", "/phan-anh/"),
    ]
    return found


def main() -> int:
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS.append(HOST)
    start = time.perf_counter()
    cases_fill.fill()
    filled = time.perf_counter() - start
    print(f"\n{connection.vendor}: {cases_fill.CASES:,} cases, ready after {filled:.0f} s")
    for what, act in {
        "figures of a year": lambda: services.count_figures(timezone.localdate().year),
        "figures of last year": lambda: services.count_figures(timezone.localdate().year - 1),
        "reminders, nobody behind": services.remind_deadlines,
    }.items():
        start = time.perf_counter()
        rows = act()
        print(f"worker: {what}: {time.perf_counter() - start:.1f} s ({rows})", flush=True)
    print(f"{'who':<12}{'page':<26}{'status':>7}{'queries':>9}{'ms':>8}")
    broken = []
    for who, name, path in pages():
        client = Client()
        if who:
            client.force_login(User.objects.get(username=who), backend="agencies.auth.OfficialBackend")
        status, queries = ask(client, path)
        print(f"{who:<12}{name:<26}{status:>7}{queries:>9}{median_ms(client, [path])[0]:>8.1f}", flush=True)
        if status != 200 or (name != "case" and queries > MOST_QUERIES):  # one case is no list
            broken.append(f"{who} {name}: status {status}, {queries} queries")
    print("\n".join(broken) or f"No list and no figure asks more than {MOST_QUERIES} questions.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
