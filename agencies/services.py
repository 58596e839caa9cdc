import csv
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import Agency, Attempt, User, WorkCalendarDay
from agencies.roles import ADMIN_ROLES
from parcai.lib import workdays
from parcai.search import services as search

DATA = Path(__file__).parent / "data"
LEVELS = {"huyen": Agency.Level.DISTRICT, "xa": Agency.Level.COMMUNE}


# The working calendar --------------------------------------------------------------------------------------------


# Days off that the law fixes by date (Bộ luật Lao động 2019, Điều 112; Ngày Văn hóa Việt Nam: Nghị quyết 28/2026/QH16):
# they hold also in a year whose calendar nobody has entered yet. Tết and Giỗ Tổ follow the moon and a yearly decision.
LEGAL_DAYS_OFF = {
    (1, 1): "Tết Dương lịch",
    (4, 30): "Ngày Chiến thắng",
    (5, 1): "Ngày Quốc tế Lao động",
    (9, 2): "Quốc khánh",
}
CULTURE_DAY, CULTURE_DAY_SINCE = (11, 24), 2026
YEARS_AHEAD = 3


def special_days(start: date, end: date | None = None) -> dict[date, WorkCalendarDay]:
    """Days from `start` to `end` (default: three years on) that differ from the week's rule, by day.

    What the calendar says of a day comes first; the days off fixed by law hold where it says nothing.
    """
    end = end or date(start.year + YEARS_AHEAD, 12, 31)
    days = {row.on: row for year in range(start.year, end.year + 1) for row in _legal_days_off(year)}
    days |= {row.on: row for row in WorkCalendarDay.objects.filter(on__gte=start, on__lte=end)}
    return {on: row for on, row in days.items() if start <= on <= end}


def _legal_days_off(year: int) -> list[WorkCalendarDay]:
    days = LEGAL_DAYS_OFF | ({CULTURE_DAY: "Ngày Văn hóa Việt Nam"} if year >= CULTURE_DAY_SINCE else {})
    return [
        WorkCalendarDay(on=date(year, month, day), is_working=False, name=name, basis="BLLĐ 2019, Điều 112")
        for (month, day), name in days.items()
    ]


def years_without_calendar(start: date, end: date) -> list[int]:
    """Years between two days for which no calendar has been entered: what is counted in them may change."""
    known = set(
        WorkCalendarDay.objects.filter(
            on__gte=date(start.year, 1, 1), on__lte=date(end.year, 12, 31)
        ).values_list("on__year", flat=True)
    )
    return sorted(set(range(start.year, end.year + 1)) - known)


def first_year_of_calendar() -> int:
    """The first year the calendar knows; deadlines of earlier years cannot be told."""
    first = WorkCalendarDay.objects.order_by("on").values_list("on", flat=True).first()
    return first.year if first else timezone.localdate().year


def work_calendar(start: date, end: date | None = None) -> dict[date, bool]:
    """Exceptions to the working week from `start` on (to `end`, if given): date -> worked or not."""
    return {on: day.is_working for on, day in special_days(start, end).items()}


def midnight(day: date) -> datetime:
    """The moment a day begins in Việt Nam."""
    return timezone.make_aware(datetime.combine(day, time.min))


def day_of_receipt(received_at: datetime) -> date:
    """The day, in Việt Nam, on which something received at that moment counts as received.

    After the cut-off hour (`CASE_CUTOFF_HOUR`; 24 = none) it is the next day.
    """
    local = timezone.localtime(received_at)
    return local.date() + timedelta(days=local.hour >= settings.CASE_CUTOFF_HOUR)


def due_on(
    received_at: datetime,
    working_days: int,
    paused: Iterable[tuple[date, date]] = (),
    calendar: dict[date, bool] | None = None,
) -> date:
    """The last day of a term of `working_days`, by the calendar in the database, in Asia/Ho_Chi_Minh.

    The day of receipt is not counted and the last day runs to its end (Bộ luật Dân sự 2015, Điều 147-148). Days from
    the first to the last of each pause are not counted either. Raises ValueError for a negative term. A list passes the
    `calendar` it has read once.
    """
    start = day_of_receipt(received_at)
    known = work_calendar(start) if calendar is None else calendar
    return workdays.add_working_days(start, working_days, known, paused)


WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def explain_due(
    received_at: datetime, working_days: int, paused: Iterable[tuple[date, date]] = ()
) -> list[dict]:
    """Why the term ends when it does: every day with its number in the count, or the reason it was skipped."""
    start, pauses = day_of_receipt(received_at), list(paused)
    exceptions = special_days(start)
    calendar = {on: day.is_working for on, day in exceptions.items()}

    def reason(day: workdays.Day) -> str:
        if any(first <= day.on <= last for first, last in pauses):
            return "tạm dừng chờ bổ sung"
        if day.on in exceptions:
            return exceptions[day.on].name
        return "" if day.number else "nghỉ cuối tuần"

    return [
        {"on": day.on, "weekday": WEEKDAYS[day.on.weekday()], "number": day.number, "reason": reason(day)}
        for day in workdays.count_days(start, working_days, calendar, pauses)
    ]


def working_days_left(due: date, today: date | None = None, calendar: dict[date, bool] | None = None) -> int:
    """Working days from today (Việt Nam) to a due day; negative when it has passed.

    A list passes the `calendar` it has read once.
    """
    today = today or timezone.localdate()
    if calendar is None:
        calendar = work_calendar(min(today, due), max(today, due))
    return workdays.working_days_between(today, due, calendar)


def days_taken(
    received_at: datetime,
    answered_at: datetime,
    paused: Iterable[tuple[date, date]] = (),
    calendar: dict[date, bool] | None = None,
) -> int:
    """Working days from receipt to answer, both moments aware, days in Việt Nam; 0 for the same day.

    Days of a pause are not counted.
    """
    start, end = day_of_receipt(received_at), timezone.localdate(answered_at)
    if calendar is None:
        calendar = work_calendar(start, end)
    pauses = list(paused)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(
        workdays.is_working_day(day, calendar) and not any(first <= day <= last for first, last in pauses)
        for day in days
    )


def is_working_day(day: date) -> bool:
    return workdays.is_working_day(day, work_calendar(day, day))


def load_calendar(path: Path = DATA / "work_calendar_2023_2026.csv") -> int:
    """Adds the days of the file that the calendar does not know yet; a day the province edited stays as it is."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            WorkCalendarDay(
                on=date.fromisoformat(row["date"]),
                is_working=row["is_working"] == "1",
                name=row["name_vi"],
                basis=row["basis"],
            )
            for row in csv.DictReader(file)
        ]
    known = set(WorkCalendarDay.objects.values_list("on", flat=True))
    new = [row for row in rows if row.on not in known]
    WorkCalendarDay.objects.bulk_create(new)
    return len(new)


# Agencies --------------------------------------------------------------------------------------------------------


def _dates(row: dict[str, str]) -> dict:
    """Validity of one row. A merger known only by its year ends with that year and says so."""
    fields: dict = {
        "valid_from": date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        "valid_from_precision": Agency.Precision.DAY,
        "valid_to_precision": Agency.Precision.DAY,
    }
    if "chỉ chắc chắn ở mức năm" in row["note"]:
        fields["valid_from_precision"] = Agency.Precision.YEAR
    if row["successor_codes"] and not row["valid_to"]:
        fields |= {"valid_to": date(2025, 12, 31), "valid_to_precision": Agency.Precision.YEAR}
    return fields


@transaction.atomic
def load_agencies(path: Path = DATA / "agencies.csv") -> int:
    """Brings agencies, their parents and successors in line with the file; contacts typed in the admin stay.

    Returns the number of rows. Raises KeyError when the file names a code it does not define.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    agencies = {}
    for row in rows:
        agencies[row["code"]], _created = Agency.objects.update_or_create(
            code=row["code"],
            defaults={
                "gso_code": row["gso_code"],
                "name": row["name"],
                "kind": row["kind"],
                "level": LEVELS.get(row["kind"], Agency.Level.PROVINCE),
                "subtype": row["subtype"],
                "note": row["note"],
                "confidence": row["confidence"],
                "source": row["source_url"],
                **_dates(row),
            },
        )
    for row in rows:
        agency = agencies[row["code"]]
        parent = agencies[row["parent"]] if row["parent"] else None
        if agency.parent_id != (parent and parent.pk):
            Agency.objects.filter(pk=agency.pk).update(parent=parent)
        agency.successors.set([agencies[code] for code in row["successor_codes"].split(";") if code])
    search.rebuild(Agency.SEARCH_RECORD, Agency.objects.prefetch_related("leaders"))
    return len(rows)


def successor_of(agency: Agency) -> Agency | None:
    """The agency that does this one's work today; None when it ended with several successors or none."""
    seen = set()
    while not agency.is_valid_on(timezone.localdate()):
        seen.add(agency.pk)
        successors = list(agency.successors.all())
        if len(successors) != 1 or successors[0].pk in seen:
            return None
        agency = successors[0]
    return agency


# Officials -------------------------------------------------------------------------------------------------------


def end_sessions(official: User) -> None:
    """Ends every session of the official for good: none comes back when the account is opened again."""
    User.objects.filter(pk=official.pk).update(session_round=F("session_round") + 1)
    official.refresh_from_db(fields=["session_round"])


def settle_entry(official: User) -> None:
    """Opens the admin to those whose role works there, and to nobody else."""
    enters = (
        official.is_superuser or official.groups.filter(name__in=[str(role) for role in ADMIN_ROLES]).exists()
    )
    User.objects.filter(pk=official.pk).update(is_staff=enters)
    official.is_staff = enters


# Limits ----------------------------------------------------------------------------------------------------------


def client_address(request) -> str:
    """The visitor's address, reading X-Forwarded-For only as far as our own proxies (`TRUSTED_PROXIES`) wrote it.

    Of an IPv6 address the network (/64) is meant: whoever has one has all of its addresses.
    """
    address = exact_address(request)
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address or request.META.get("REMOTE_ADDR", ""))


def exact_address(request) -> IPv4Address | IPv6Address | None:
    """The visitor's whole address, for lists of those that may call; None for what is no address."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    remote = _address(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES and forwarded[-1]:
        return _address(forwarded[-settings.TRUSTED_PROXIES]) or remote
    return remote


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def network(address: str) -> str:
    """The neighbourhood of an address as `client_address` gives it: a telephone changes its last number by itself."""
    return address.rsplit(".", 1)[0] if address.count(".") == 3 else address


def visitor(request) -> str:
    """What tells one visitor from another without a cookie: a network and a kind of device. Never kept as it is."""
    return f"{network(client_address(request))}|{request.headers.get('User-Agent', '')[:300]}"


# Wrong passwords taken within a quarter of an hour: from one address over all names, and for one account from
# anywhere. Past the second nobody is locked out: each address keeps one try on that account, its owner's too.
SIGN_IN_SECONDS = 15 * 60
FAILURES_OF_AN_ADDRESS = 30
FAILURES_OF_AN_ACCOUNT = 20


def may_sign_in(username: str, address: str) -> bool:
    """Counts a try to sign in and says whether it is looked at; `signed_in` takes a right one back."""
    limits = (
        ("sign-in-address", address, FAILURES_OF_AN_ADDRESS),
        ("sign-in-account", username.casefold(), FAILURES_OF_AN_ACCOUNT),
    )
    from_here, on_account = [
        is_allowed(scope, [key], limit=limit, seconds=SIGN_IN_SECONDS) for scope, key, limit in limits
    ]
    if from_here and not on_account:
        return is_allowed("sign-in-pair", [_pair(username, address)], limit=1, seconds=SIGN_IN_SECONDS)
    return from_here


def signed_in(username: str, address: str) -> None:
    refund("sign-in-address", [address], seconds=SIGN_IN_SECONDS)
    refund("sign-in-account", [username.casefold()], seconds=SIGN_IN_SECONDS)
    refund("sign-in-pair", [_pair(username, address)], seconds=SIGN_IN_SECONDS)


def _pair(username: str, address: str) -> str:
    return f"{username.casefold()}\n{address}"


def is_allowed(scope: str, keys: Iterable[str], *, limit: int, seconds: int) -> bool:
    """Counts one try for each key and says whether all stay within `limit` tries per window of `seconds`.

    Kept in the database, so that it holds across processes and without Redis. Keys are stored as keyed hashes only.
    """
    if not settings.RATE_LIMITS:
        return True
    window_at = _window(seconds)
    counts = [_count(_hash(scope, key), window_at) for key in keys]  # each is counted, also after one is over
    return max(counts) <= limit


def calls_so_far(scope: str, key: str, *, seconds: int) -> tuple[int, int]:
    """Counts one call and says how many there were in this window of `seconds`, and in how many seconds it ends."""
    window_at = _window(seconds)
    ends_in = seconds - int((timezone.now() - window_at).total_seconds())
    return (_count(_hash(scope, key), window_at) if settings.RATE_LIMITS else 0), max(ends_in, 1)


def refund(scope: str, keys: Iterable[str], *, seconds: int) -> None:
    """Takes a counted try back: it was no guess after all."""
    hashes = [_hash(scope, key) for key in keys]
    Attempt.objects.filter(key__in=hashes, window_at=_window(seconds), count__gt=0).update(
        count=F("count") - 1
    )


def _hash(scope: str, key: str) -> str:
    return salted_hmac(scope, key, algorithm="sha256").hexdigest()


def _window(seconds: int) -> datetime:
    now = timezone.now()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=now.tzinfo)


def _count(key: str, window_at: datetime) -> int:
    attempts = Attempt.objects.filter(key=key, window_at=window_at)
    with transaction.atomic():
        if not attempts.update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    Attempt.objects.create(key=key, window_at=window_at, count=1)
            except IntegrityError:
                attempts.update(count=F("count") + 1)
        return attempts.values_list("count", flat=True).get()


def forget_attempts() -> int:
    """Deletes counts older than a day."""
    return Attempt.objects.filter(window_at__lt=timezone.now() - timedelta(days=1)).delete()[0]
