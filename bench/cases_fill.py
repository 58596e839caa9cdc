"""200,000 cases of three years: most answered and public, one in ten open, one agency with a tenth of all."""

from datetime import timedelta
from random import Random

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from agencies import services as agencies
from agencies.models import Agency, User
from agencies.roles import Role
from articles.models import Topic
from feedback.models import Answer, Case, CaseEvent, Reminder
from plan import services as plan

CASES, BATCH = 200_000, 2_000
DAYS = 1_095
WORDS = (
    "làm lại giấy khai sinh đăng ký kết hôn cấp đổi thẻ căn cước sang tên sổ đỏ xin phép xây dựng hồ sơ trực tuyến "
    "chậm trả kết quả một cửa xã phường lệ phí thuế đất bảo hiểm học phí tuyển sinh giao thông rác thải"
).split()
PEOPLE = {
    "dieuphoi": Role.COORDINATOR,
    "chuyenvien": Role.OFFICER,
    "thutruong": Role.HEAD,
    "giamsat": Role.OBSERVER,
}
STATUSES = (  # of a hundred cases
    ("answered", 86),
    ("rejected", 4),
    ("assigned", 6),
    ("drafted", 1),
    ("needs_info", 1),
    ("received", 1),
    ("accepted", 1),
)


def fill() -> None:
    call_command("migrate", verbosity=0)
    if Case.objects.count() == CASES:
        return
    call_command("flush", verbosity=0, interactive=False)
    agencies.load_agencies()
    agencies.load_calendar()
    plan.load_plan_113()
    offices = list(Agency.objects.answering().order_by("pk")[:60])
    for name, role in PEOPLE.items():
        official = User.objects.create(username=name, full_name=f"Cán bộ {name}", agency=offices[0])
        official.groups.add(Group.objects.get_or_create(name=str(role))[0])
    topics = [Topic.objects.create(name=f"Lĩnh vực {number}") for number in range(1, 11)]
    _cases(Random(113), offices, topics)
    _answers_and_events()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _prepared(row) -> dict:
    """The columns of a row as the database takes them."""
    fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
    return {field.column: field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields}


def _cases(rng: Random, offices: list, topics: list) -> None:
    now, officer = timezone.now(), User.objects.get(username="chuyenvien")
    common = Case(
        kind="question",
        text=" ".join(rng.choices(WORDS, k=120)),
        asker_name="Nguyễn Thị Mẫu",
        asker_email="mau@vidu.vn",
        asker_phone="0912345678",
        asker_address="Phường Tuy Hòa",
        answer_consent_at=now,
        publish_consent_at=now,
        term=15,
        due_on=now.date(),
        version=1,
    )
    prepared = _prepared(common)
    names = ", ".join(map(connection.ops.quote_name, prepared))
    sql = f"INSERT INTO {Case._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(prepared))})"  # noqa: S608 - our own names
    statuses = [status for status, weight in STATUSES for _n in range(weight)]
    moment, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    uuid = Case._meta.get_field("submission")
    for start in range(0, CASES, BATCH):
        rows = []
        for number in range(start, start + BATCH):
            status = rng.choice(statuses)
            is_open = status in Case.OPEN
            age = rng.randrange(40) if is_open else 20 + rng.randrange(DAYS - 20)
            received = now - timedelta(days=age, minutes=number % 600)
            answered = received + timedelta(days=3 + rng.randrange(25))
            is_public = status == "answered" and number % 5 != 0
            unrouted = status in {"received", "accepted"}
            office = offices[0 if number % 10 == 0 else rng.randrange(len(offices))]
            title = " ".join(rng.choices(WORDS, k=10))
            rows.append(
                [
                    *(
                        prepared
                        | {
                            "kind": "question" if number % 3 else "feedback",
                            "code": f"PY26-{number:09d}",
                            "submission": uuid.get_db_prep_save(uuid.get_default(), connection),
                            "status": status,
                            "title": title,
                            "agency_id": None if unrouted else office.pk,
                            "officer_id": officer.pk
                            if is_open and office == offices[0] and not unrouted
                            else None,
                            "topic_id": topics[number % len(topics)].pk,
                            "received_at": moment(received),
                            "clock_from": moment(received),
                            "due_on": day((received + timedelta(days=21)).date()),
                            "answered_at": moment(answered) if status == "answered" else None,
                            "closed_at": moment(answered) if not is_open else None,
                            "reopened_at": moment(answered)
                            if number % 50 == 0 and status == "answered"
                            else None,
                            "published_at": moment(answered) if is_public else None,
                            "public_title": title if is_public else "",
                            "public_text": title if is_public else "",
                            "public_excerpt": title if is_public else "",
                            "rating": 1 + number % 5 if status == "answered" and number % 4 == 0 else None,
                            "rated_at": moment(answered)
                            if status == "answered" and number % 4 == 0
                            else None,
                        }
                    ).values()
                ]
            )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _copied(table: str, prepared: dict, own: dict[str, str], where: str) -> tuple[str, list]:
    """A row for each case: columns of `own` are read from the case, the rest is the same for all."""
    names = ", ".join(map(connection.ops.quote_name, prepared))
    values = ", ".join(own.get(name, "%s") for name in prepared)
    same = [value for name, value in prepared.items() if name not in own]
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM feedback_case c WHERE {where}", same  # noqa: S608 - our own names


def _answers_and_events() -> None:
    now = timezone.now()
    officer, head = (User.objects.get(username=name) for name in ("chuyenvien", "thutruong"))
    first = Case.objects.order_by("pk")[0]
    answer = Answer(
        case=first,
        body=f"<p>{' '.join(WORDS)}</p>",
        public_body=f"<p>{' '.join(WORDS)}</p>",
        drafted_by=officer,
        signed_by=head,
        signed_at=now,
        due_on=now.date(),
        days_taken=1,
        agency_name="Sở Mẫu",
    )
    own = {
        "case_id": "c.id",
        "signed_at": "c.answered_at",
        "due_on": "c.due_on",
        "days_taken": "1 + c.id % 25",
    }
    statements = [_copied("feedback_answer", _prepared(answer), own, "c.answered_at IS NOT NULL")]
    for step in ("receive", "accept", "route", "return"):
        event = CaseEvent(case=first, step=step, to_status="assigned", by=officer, hash="0" * 64)
        where = "c.id % 40 = 0" if step == "return" else "1 = 1"
        own = {"case_id": "c.id", "at": "c.received_at", "agency_id": "c.agency_id"}
        statements.append(_copied("feedback_caseevent", _prepared(event), own, where))
    for rung in Reminder.Rung.values:  # nobody is behind with reminders
        row = Reminder(case=first, due_on=now.date(), rung=rung, at=now)
        own = {"case_id": "c.id", "due_on": "c.due_on"}
        statements.append(_copied("feedback_reminder", _prepared(row), own, "c.closed_at IS NULL"))
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql.replace(" % 25", " %% 25").replace(" % 40", " %% 40"), values)
