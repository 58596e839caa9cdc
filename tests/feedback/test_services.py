import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies import services as agencies
from agencies.models import User, WorkCalendarDay
from agencies.roles import Role
from feedback import history, services
from feedback.models import Answer, Case, CaseEvent, Draft, Pause, Reminder, Term
from feedback.services import intake, publishing
from notifications.models import Message
from notifications.services import as_email
from parcai.demo.clock import at
from plan.models import Evidence
from tests.factories import (
    ANSWER,
    ago,
    make_agency,
    make_campaign,
    make_case,
    make_coordinator,
    make_document,
    make_head,
    make_officer,
    make_official,
    make_published_case,
)

pytestmark = pytest.mark.django_db
Status = Case.Status
HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def moment(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of 2026 in Việt Nam. 2/3/2026 is a Monday; the calendar of the tests has weekends only."""
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


def receive(**fields) -> Case:
    asker = {"name": "Nguyễn Thị Mẫu", **fields.pop("asker", {})}
    defaults = {
        "kind": Case.Kind.QUESTION,
        "title": "Làm lại giấy khai sinh cần giấy tờ gì?",
        "text": "Tôi bị mất giấy khai sinh, xin hỏi cần những giấy tờ gì để làm lại.",
        "submission": uuid.uuid4(),
    }
    return services.receive(asker=asker, **{**defaults, **fields})


def trace(case: Case) -> tuple:
    """Everything a step could leave behind."""
    return (
        Case.objects.filter(pk=case.pk).values().get(),
        list(CaseEvent.objects.order_by("pk").values()),
        list(Answer.objects.order_by("pk").values()),
        list(Pause.objects.order_by("pk").values()),
        sorted(Message.objects.values_list("dedupe_key", "status")),
        list(Evidence.objects.order_by("pk").values()),
    )


def refuses(case: Case, act, *, match: str | None = None) -> None:
    """The step raises TransitionError and leaves no trace: no event, no message, no changed row."""
    before = trace(case)
    with pytest.raises(services.TransitionError, match=match):
        act()
    assert trace(case) == before


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def steps_of(case: Case) -> list[str]:
    return list(case.events.values_list("step", flat=True))


def mails(template: str) -> list[str]:
    return sorted(
        Message.objects.filter(template=template, channel="email").values_list("recipient", flat=True)
    )


def told(template: str) -> list[int]:
    return sorted(
        Message.objects.filter(template=template, channel="in_app").values_list("official", flat=True)
    )


def case_in(status: str, agency) -> Case:
    """A case in any status that the agency has, or had, in its hands wherever that is possible."""
    if status in {Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.DRAFTED, Status.ANSWERED}:
        return make_case(status=status, agency=agency, email="dan@vidu.vn")
    case = make_case(status=Status.ASSIGNED, agency=agency, email="dan@vidu.vn")
    coordinator = make_coordinator()
    if status in {Status.NEEDS_INFO, Status.REJECTED}:
        services.ask_back(case, by=make_officer(agency), note="Xin cho biết nơi đăng ký.")
    if status == Status.REJECTED:
        services.reject(case, by=coordinator, note="Không thuộc phạm vi của cổng.")
    if status == Status.FORWARDED:
        services.forward(case, by=coordinator, body="Tòa án nhân dân")
    if status == Status.DUPLICATE:
        services.mark_duplicate(case, by=coordinator, of=make_case())
    if status == Status.WITHDRAWN:
        services.withdraw(case)
    return case


# Intake ----------------------------------------------------------------------------------------------------------


def test_the_same_submission_gives_the_same_case_and_one_event():
    submission = uuid.uuid4()
    make_coordinator()
    first = receive(submission=submission, asker={"email": "dan@vidu.vn"})

    second = receive(submission=submission, title="Một tiêu đề khác hẳn", asker={"email": "khac@vidu.vn"})

    assert second == first
    assert Case.objects.count() == 1
    assert fresh(first).title == "Làm lại giấy khai sinh cần giấy tờ gì?"
    assert steps_of(first) == ["receive"]
    assert mails("case_received") == ["dan@vidu.vn"]
    assert Message.objects.filter(template="case_new").count() == 1


def test_another_submission_with_the_same_words_is_another_case():
    assert receive().code != receive().code
    assert Case.objects.count() == 2


def test_codes_have_no_letters_that_are_misread():
    with at(moment(3, 2)):
        codes = {receive().code for _ in range(40)}

    assert len(codes) == 40
    for code in codes:
        assert re.fullmatch(r"PY26-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code), code


def test_the_year_in_the_code_is_the_year_in_viet_nam():
    with at(datetime(2026, 12, 31, 17, 30, tzinfo=ZoneInfo("UTC"))):  # 0:30 of 1/1/2027 here
        assert receive().code.startswith("PY27-")


def test_pins_have_six_digits_and_differ():
    pins = [receive().pin for _ in range(30)]

    assert all(re.fullmatch(r"\d{6}", pin) for pin in pins)
    assert len(set(pins)) > 20


def test_pin_and_asker_are_not_readable_in_the_database():
    case = receive(asker={"name": "Lê Thị Bí Mật", "email": "bimat@vidu.vn", "phone": "0912345678"})

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pin, asker_name, asker_email, asker_phone FROM feedback_case WHERE id = %s", [case.pk]
        )
        stored = cursor.fetchone()

    assert all(value.startswith("gAAAA") for value in stored)
    assert fresh(case).asker_name == "Lê Thị Bí Mật"
    assert fresh(case).asker_phone == "0912345678"


def test_mail_to_the_asker_is_queued_only_with_an_address():
    receive()
    assert mails("case_received") == []

    case = receive(asker={"email": "dan@vidu.vn"})

    message = Message.objects.get(template="case_received")
    assert (message.recipient, message.status) == ("dan@vidu.vn", Message.Status.QUEUED)
    assert message.context["code"] == case.code
    assert case.pin not in str(message.context)


def test_coordinators_are_told_in_the_portal_and_others_are_not():
    coordinator, _gone = make_coordinator(), make_coordinator(is_active=False)
    make_official(Role.OBSERVER)
    make_officer(make_agency())

    receive()

    assert told("case_new") == [coordinator.pk]


def test_consents_are_kept_apart():
    with at(moment(3, 2)):
        silent = receive(may_publish=False, show_name=True)
        public = receive(may_publish=True, show_name=True)
        nameless = receive(may_publish=True)

    assert silent.answer_consent_at == public.answer_consent_at == moment(3, 2)
    assert (silent.publish_consent_at, silent.show_name) == (None, False)
    assert (public.publish_consent_at, public.show_name) == (moment(3, 2), True)
    assert (nameless.publish_consent_at, nameless.show_name) == (moment(3, 2), False)


def test_the_term_counts_working_days_by_the_calendar():
    WorkCalendarDay.objects.create(on=date(2026, 3, 4), name="Ngày nghỉ mẫu", basis="Thử")
    WorkCalendarDay.objects.create(on=date(2026, 3, 7), is_working=True, name="Làm bù mẫu", basis="Thử")
    WorkCalendarDay.objects.create(on=date(2026, 3, 10), name="Ngày nghỉ mẫu", basis="Thử")

    with at(moment(3, 2)):
        case = receive()

    # 15 working days after 2/3: without the calendar 23/3; two days off and one Saturday worked make it 24/3.
    assert (case.term, case.due_on) == (15, date(2026, 3, 24))


def test_a_new_term_holds_for_cases_received_from_its_first_day():
    Term.objects.create(
        kind=Case.Kind.QUESTION,
        step=Term.Step.ANSWER,
        working_days=5,
        valid_from=date(2026, 3, 3),
        basis="Quyết định mẫu",
    )
    with at(moment(3, 2, 23, 59)):
        before = receive()
    with at(moment(3, 3, 0, 0)):
        after = receive()
        other_kind = receive(kind=Case.Kind.FEEDBACK)

    assert (before.term, after.term, other_kind.term) == (15, 5, 15)
    assert after.due_on == date(2026, 3, 10)


def test_without_any_rule_the_default_term_holds():
    Term.objects.all().delete()

    assert receive().term == 15
    assert services.term(Case.Kind.QUESTION, Term.Step.SCREEN) == 2
    assert services.term(Case.Kind.FEEDBACK, Term.Step.TRANSFER) == 5


def test_after_the_cutoff_hour_a_case_counts_as_received_the_next_day(settings):
    settings.CASE_CUTOFF_HOUR = 17
    with at(moment(3, 2, 16, 59)):
        before = receive()
    with at(moment(3, 2, 17, 0)):
        after = receive()

    assert (before.due_on, after.due_on) == (date(2026, 3, 23), date(2026, 3, 24))


def test_a_draft_becomes_a_case_once_and_its_words_are_forgotten():
    draft = Draft.objects.create(kind=Case.Kind.QUESTION, data="những gì đã gõ")
    fields = {
        "kind": Case.Kind.QUESTION,
        "title": "Một câu hỏi đủ dài",
        "text": "Nội dung đủ dài của câu hỏi.",
        "asker": {"name": "Dân"},
    }
    first = services.send_draft(draft, **fields)
    second = services.send_draft(draft, **fields)

    draft.refresh_from_db()
    assert first == second == draft.case
    assert draft.data == ""
    assert Case.objects.count() == 1


def test_forget_drafts_deletes_after_a_week_and_keeps_the_case():
    case = receive()
    drafts = [
        Draft.objects.create(kind=Case.Kind.QUESTION, data="x", case=each) for each in (None, None, case)
    ]
    for draft, age in zip(drafts, (ago(days=6, hours=23), ago(days=7, hours=1), ago(days=8)), strict=True):
        Draft.objects.filter(pk=draft.pk).update(updated_at=age)

    assert services.forget_drafts() == 2

    assert list(Draft.objects.all()) == [drafts[0]]
    assert fresh(case) == case


# Who may do what, and from where ---------------------------------------------------------------------------------

OWN, ANY = "own", "any"
STEPS = {
    # name: who (roles, whose cases), act
    "accept": ({Role.COORDINATOR}, ANY, lambda c, by: services.accept(c, by=by)),
    "reject": ({Role.COORDINATOR}, ANY, lambda c, by: services.reject(c, by=by, note="Lý do")),
    "forward": ({Role.COORDINATOR}, ANY, lambda c, by: services.forward(c, by=by, body="Tòa án nhân dân")),
    "duplicate": (
        {Role.COORDINATOR},
        ANY,
        lambda c, by: services.mark_duplicate(c, by=by, of=Case.objects.exclude(pk=c.pk).latest("pk")),
    ),
    "set-aside": (
        {Role.COORDINATOR, Role.OFFICER, Role.HEAD},
        OWN,
        lambda c, by: services.set_aside(c, by=by),
    ),
    "recall": ({Role.COORDINATOR}, ANY, lambda c, by: services.recall(c, by=by, note="Giao nhầm")),
    "reply-noted": (
        {Role.COORDINATOR, Role.OFFICER},
        OWN,
        lambda c, by: services.note_information(c, by=by, note="Gọi điện bổ sung"),
    ),
    "route": (
        {Role.COORDINATOR},
        ANY,
        lambda c, by: services.route(c, by=by, agency=c.agency or make_agency()),
    ),
    "ask-back": (
        {Role.COORDINATOR, Role.OFFICER},
        OWN,
        lambda c, by: services.ask_back(c, by=by, note="Cần thêm"),
    ),
    "claim": ({Role.OFFICER}, OWN, lambda c, by: services.claim(c, by=by)),
    "return": (
        {Role.OFFICER, Role.HEAD},
        OWN,
        lambda c, by: services.return_to_intake(c, by=by, note="Không thuộc Sở"),
    ),
    "save": (
        {Role.OFFICER},
        OWN,
        lambda c, by: services.save_draft(c, by=by, body=ANSWER, version=draft_version(c)),
    ),
    "submit": (
        {Role.OFFICER},
        OWN,
        lambda c, by: services.submit_answer(c, by=by, body=ANSWER, version=draft_version(c)),
    ),
    "send-back": ({Role.HEAD}, OWN, lambda c, by: services.send_back(c, by=by, note="Viết rõ hơn")),
    "sign": ({Role.HEAD}, OWN, lambda c, by: services.sign(c, by=by, version=draft_version(c))),
    "publish": (
        {Role.COORDINATOR},
        ANY,
        lambda c, by: services.publish(c, by=by, title="Tiêu đề", text="Câu hỏi", answer=ANSWER),
    ),
    "unpublish": ({Role.COORDINATOR}, ANY, lambda c, by: services.unpublish(c, by=by, note="Lý do")),
}
ASKER_STEPS = {
    "reply": lambda c: services.add_information(c, text="Tôi đăng ký ở phường 1"),
    "withdraw": services.withdraw,
    "rate": lambda c: services.rate(c, rating=4),
    "reopen": lambda c: services.reopen(c, note="Chưa rõ"),
}
LEADS = {
    # (from, step): to; everything that is not here is refused
    (Status.RECEIVED, "accept"): Status.ACCEPTED,
    (Status.RECEIVED, "reject"): Status.REJECTED,
    (Status.RECEIVED, "forward"): Status.FORWARDED,
    (Status.RECEIVED, "duplicate"): Status.DUPLICATE,
    (Status.RECEIVED, "set-aside"): Status.FORWARDED,
    (Status.RECEIVED, "route"): Status.ASSIGNED,
    (Status.RECEIVED, "ask-back"): Status.NEEDS_INFO,
    (Status.RECEIVED, "withdraw"): Status.WITHDRAWN,
    (Status.ACCEPTED, "reject"): Status.REJECTED,
    (Status.ACCEPTED, "forward"): Status.FORWARDED,
    (Status.ACCEPTED, "duplicate"): Status.DUPLICATE,
    (Status.ACCEPTED, "set-aside"): Status.FORWARDED,
    (Status.ACCEPTED, "route"): Status.ASSIGNED,
    (Status.ACCEPTED, "ask-back"): Status.NEEDS_INFO,
    (Status.ACCEPTED, "withdraw"): Status.WITHDRAWN,
    (Status.ASSIGNED, "forward"): Status.FORWARDED,
    (Status.ASSIGNED, "duplicate"): Status.DUPLICATE,
    (Status.ASSIGNED, "set-aside"): Status.FORWARDED,
    (Status.ASSIGNED, "ask-back"): Status.NEEDS_INFO,
    (Status.ASSIGNED, "claim"): Status.ASSIGNED,
    (Status.ASSIGNED, "return"): Status.ACCEPTED,
    (Status.ASSIGNED, "recall"): Status.ACCEPTED,
    (Status.ASSIGNED, "save"): Status.ASSIGNED,
    (Status.ASSIGNED, "submit"): Status.DRAFTED,
    (Status.ASSIGNED, "withdraw"): Status.WITHDRAWN,
    (Status.DRAFTED, "send-back"): Status.ASSIGNED,
    (Status.DRAFTED, "sign"): Status.ANSWERED,
    (Status.DRAFTED, "withdraw"): Status.WITHDRAWN,
    (Status.ANSWERED, "publish"): Status.ANSWERED,
    (Status.ANSWERED, "rate"): Status.ANSWERED,
    (Status.ANSWERED, "reopen"): Status.ASSIGNED,
    (Status.NEEDS_INFO, "reply"): Status.ASSIGNED,
    (Status.NEEDS_INFO, "reply-noted"): Status.ASSIGNED,
    (Status.NEEDS_INFO, "forward"): Status.FORWARDED,
    (Status.NEEDS_INFO, "set-aside"): Status.FORWARDED,
    (Status.NEEDS_INFO, "reject"): Status.REJECTED,
    (Status.NEEDS_INFO, "withdraw"): Status.WITHDRAWN,
}
SILENT = {"save"}  # a saved draft is no event


def draft_version(case: Case) -> int:
    draft = case.answers.filter(signed_at=None).first()
    return draft.version if draft else 0


@pytest.mark.parametrize("step", [*STEPS, *ASKER_STEPS])
@pytest.mark.parametrize("status", Status.values)
def test_each_step_leads_where_it_should_and_from_nowhere_else(status, step):
    agency = make_agency()
    case = case_in(status, agency)
    make_case(title="Một hồ sơ khác để gộp vào")
    if step in ASKER_STEPS:
        act = lambda: ASKER_STEPS[step](case)  # noqa: E731
    else:
        roles, _whose, run = STEPS[step]
        by = make_official(*roles, agency=agency)
        act = lambda: run(case, by)  # noqa: E731
    before = steps_of(case)

    if (status, step) not in LEADS:
        refuses(case, act)
        return
    act()

    assert fresh(case).status == LEADS[status, step]
    extra = ["accept", "route"] if (status, step) == (Status.RECEIVED, "route") else [step]
    assert steps_of(case) == before + ([] if step in SILENT else extra)
    assert case.events.last().to_status == LEADS[status, step]
    assert services.verify_history() == []


def test_the_table_of_transitions_is_reached_by_the_steps_and_nothing_else():
    reached = {(start, end) for (start, step), end in LEADS.items() if start != end}
    reached -= {(Status.RECEIVED, Status.ASSIGNED)}  # route accepts on the way
    reached |= {(Status.NEEDS_INFO, back) for back in (Status.RECEIVED, Status.ACCEPTED)}  # the reply
    # Spam that was none: tests/feedback/test_coordination.py.
    reached |= {(Status.REJECTED, back) for back in (Status.RECEIVED, Status.ACCEPTED)}

    assert reached == {(start, end) for start, ends in Case.TRANSITIONS.items() for end in ends}


STARTS = {
    "accept": Status.RECEIVED,
    "claim": Status.ASSIGNED,
    "return": Status.ASSIGNED,
    "save": Status.ASSIGNED,
    "submit": Status.ASSIGNED,
    "ask-back": Status.ASSIGNED,
    "set-aside": Status.ASSIGNED,
    "recall": Status.ASSIGNED,
    "reply-noted": Status.NEEDS_INFO,
    "send-back": Status.DRAFTED,
    "sign": Status.DRAFTED,
    "publish": Status.ANSWERED,
    "unpublish": Status.ANSWERED,
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_refused_to_every_other_role_and_agency(step):
    agency, elsewhere = make_agency(), make_agency()
    roles, whose, run = STEPS[step]
    case = case_in(STARTS.get(step, Status.ACCEPTED), agency)
    make_case(title="Một hồ sơ khác để gộp vào")
    if step == "unpublish":
        services.publish(case, by=make_coordinator(), title="Tiêu đề", text="Câu hỏi", answer=ANSWER)
    allowed, strangers = (
        [],
        [make_official(agency=agency), make_official(*Role, agency=agency, is_active=False)],
    )
    for role in Role:
        for place in (agency, elsewhere, None):
            official = make_official(role, agency=place)
            is_home = place is agency or whose is ANY or role is Role.COORDINATOR
            (allowed if role in roles and is_home else strangers).append(official)

    for official in strangers:
        refuses(case, lambda by=official: run(case, by), match="không có quyền")
    assert len(allowed) == sum(3 if whose is ANY or role is Role.COORDINATOR else 1 for role in roles)
    for official in allowed:
        copy, savepoint = fresh(case), transaction.savepoint()
        run(copy, official)
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("step", ["claim", "return", "submit", "send-back", "sign"])
def test_a_coordinator_who_is_also_an_official_answers_only_for_their_own_agency(step):
    agency = make_agency()
    case = case_in(STARTS[step], agency)
    run = STEPS[step][2]
    elsewhere = make_official(Role.COORDINATOR, Role.OFFICER, Role.HEAD, agency=make_agency())
    at_home = make_official(Role.COORDINATOR, Role.OFFICER, Role.HEAD, agency=agency)

    refuses(case, lambda: run(case, elsewhere), match="không có quyền")
    run(case, at_home)


def test_a_successor_answers_the_cases_of_the_agency_it_took_over():
    yesterday = timezone.localdate() - timedelta(days=1)
    old, new = make_agency(), make_agency()
    case = make_case(status=Status.ASSIGNED, agency=old)
    old.valid_to = yesterday
    old.save()
    old.successors.set([new])

    services.submit_answer(case, by=make_officer(new), body=ANSWER, version=0)

    assert fresh(case).status == Status.DRAFTED


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda c, a: services.reject(c, by=make_coordinator(), note=" \n "), "lý do"),
        (lambda c, a: services.forward(c, by=make_coordinator(), body=" "), "tên cơ quan"),
        (lambda c, a: services.ask_back(c, by=make_coordinator(), note="\t"), "bổ sung"),
        (lambda c, a: services.return_to_intake(c, by=make_officer(a), note=" "), "lý do"),
        (lambda c, a: services.save_draft(c, by=make_officer(a), body="<p> </p>", version=0), "nội dung"),
        (lambda c, a: services.submit_answer(c, by=make_officer(a), body="<p></p>", version=0), "nội dung"),
    ],
)
def test_a_step_that_needs_words_refuses_blanks(act, words):
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)

    refuses(case, lambda: act(case, agency), match=words)


def test_a_stale_copy_cannot_take_a_step():
    case = make_case()
    stale = fresh(case)
    services.accept(case, by=make_coordinator())

    refuses(case, lambda: services.accept(stale, by=make_coordinator()), match="vừa được người khác")


# Sideways --------------------------------------------------------------------------------------------------------


def test_reject_closes_the_case_and_tells_the_asker_why():
    case = make_case(email="dan@vidu.vn")

    with at(moment(12, 1)):
        services.reject(case, by=make_coordinator(), note="Việc này thuộc tỉnh khác.")

    assert (case.status, case.closed_at) == (Status.REJECTED, moment(12, 1))
    assert case.events.last().public_note == "Việc này thuộc tỉnh khác."
    message = Message.objects.get(template="case_rejected")
    assert (message.recipient, message.context["note"]) == ("dan@vidu.vn", "Việc này thuộc tỉnh khác.")


def test_rejecting_a_paused_case_ends_the_pause():
    case = make_case(status=Status.NEEDS_INFO)

    services.reject(case, by=make_coordinator(), note="Không nhận được bổ sung.")

    assert case.paused_at is None
    assert Pause.objects.get(case=case).ended_at is not None


def test_forward_names_the_body_to_the_asker():
    case = make_case(email="dan@vidu.vn")

    services.forward(case, by=make_coordinator(), body="Tòa án nhân dân tỉnh", note="Xin liên hệ nơi đó.")

    expected = "Đã chuyển đến Tòa án nhân dân tỉnh. Xin liên hệ nơi đó."
    assert case.status == Status.FORWARDED
    assert case.closed_at is not None
    assert case.events.last().public_note == expected
    assert Message.objects.get(template="case_forwarded").context["note"] == expected


def test_a_duplicate_of_a_duplicate_joins_the_first():
    first, second, third = make_case(), make_case(), make_case(email="dan@vidu.vn")
    coordinator = make_coordinator()
    services.mark_duplicate(second, by=coordinator, of=first)

    services.mark_duplicate(third, by=coordinator, of=second)

    assert third.status == Status.DUPLICATE
    assert third.duplicate_of == first
    assert third.events.last().internal_note == f"Nội dung trùng với hồ sơ {first.code}."
    assert third.events.last().public_note == ""  # another asker's code is nobody's business
    [message] = (each for each in Message.objects.filter(template="case_duplicate") if each.recipient)
    assert message.context["public_path"] == ""
    assert first.code not in str(message.context)


def test_the_asker_of_a_duplicate_is_pointed_to_the_public_answer():
    original = make_published_case()
    case = make_case(email="dan@vidu.vn")

    services.mark_duplicate(case, by=make_coordinator(), of=original)

    message = Message.objects.get(template="case_duplicate")
    assert message.context["public_path"] == original.get_absolute_url()


def test_a_case_is_not_a_duplicate_of_itself_nor_through_a_chain():
    first, second = make_case(), make_case()
    coordinator = make_coordinator()
    services.mark_duplicate(second, by=coordinator, of=first)

    refuses(first, lambda: services.mark_duplicate(first, by=coordinator, of=first), match="chính nó")
    refuses(first, lambda: services.mark_duplicate(first, by=coordinator, of=fresh(second)), match="chính nó")


def test_nothing_is_joined_to_a_confidential_case():
    hidden, case = make_case(), make_case()
    coordinator = make_coordinator()
    services.set_aside(hidden, by=coordinator)

    refuses(case, lambda: services.mark_duplicate(case, by=coordinator, of=hidden), match="không công khai")


SECRET = "Tố cáo ông Mười Sáu nhận tiền"


def test_set_aside_hides_the_case_from_everybody_but_who_did_it():
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency, title=SECRET)
    officials = [make_officer(agency), make_head(agency), make_official(Role.OBSERVER)]
    assert all(case in Case.objects.visible_to(each) for each in officials)

    coordinator = make_coordinator()
    services.set_aside(case, by=coordinator, note="Chuyển Thanh tra")

    assert (case.status, case.is_confidential) == (Status.FORWARDED, True)
    assert [case in Case.objects.visible_to(each) for each in officials] == [False, False, False]
    assert case in Case.objects.visible_to(coordinator)
    assert case not in Case.objects.visible_to(make_coordinator())
    assert case not in Case.objects.published()
    assert case.events.last().internal_note == "Chuyển Thanh tra"
    assert SECRET not in case.events.last().public_note


def test_set_aside_sends_no_mail_with_the_words_of_the_case():
    agency = make_agency()
    make_officer(agency)
    coordinator = make_coordinator()
    case = make_case(status=Status.ASSIGNED, agency=agency, title=SECRET, email="dan@vidu.vn")
    services.ask_back(case, by=make_officer(agency), note="Cần thêm")
    services.add_information(case, text="Đây")
    services.return_to_intake(case, by=make_officer(agency), note="Không thuộc Sở")
    waiting = Message.objects.filter(status=Message.Status.QUEUED)
    assert {message.template for message in waiting} == {
        "case_received",
        "case_assigned",
        "case_needs_info",
        "case_replied",
        "case_returned",
    }

    services.set_aside(case, by=coordinator)

    assert list(waiting.all()) == []
    assert Message.objects.filter(status=Message.Status.CANCELLED).exists()


def test_set_aside_cancels_the_mails_of_this_case_only():
    other = make_case(email="khac@vidu.vn")
    case = make_case(title=SECRET, email="dan@vidu.vn")

    services.set_aside(case, by=make_coordinator())

    states = dict(Message.objects.filter(template="case_received").values_list("recipient", "status"))
    assert states == {"khac@vidu.vn": Message.Status.QUEUED, "dan@vidu.vn": Message.Status.CANCELLED}
    assert fresh(other).is_confidential is False


# Routing ---------------------------------------------------------------------------------------------------------


def test_route_accepts_a_new_case_on_the_way_and_tells_the_officers():
    agency, campaign = make_agency(), make_campaign()
    officer = make_officer(agency)
    make_head(agency)
    make_officer(make_agency())
    make_officer(agency, is_active=False)
    case = make_case()

    services.route(case, by=make_coordinator(), agency=agency, campaign=campaign, note="Gấp")

    assert (case.status, case.agency, case.campaign, case.officer) == (
        Status.ASSIGNED,
        agency,
        campaign,
        None,
    )
    assert steps_of(case) == ["receive", "accept", "route"]
    assert case.events.last().internal_note == "Gấp"
    assert told("case_assigned") == [officer.pk]
    assert mails("case_assigned") == [officer.email]


def test_route_to_an_ended_agency_goes_to_its_successor():
    ended = timezone.localdate() - timedelta(days=1)
    old, middle, new = make_agency(valid_to=ended), make_agency(valid_to=ended), make_agency()
    old.successors.set([middle])
    middle.successors.set([new])
    officer = make_officer(new)
    case = make_case()

    services.route(case, by=make_coordinator(), agency=old)

    assert case.agency == new
    assert case.events.last().agency == new
    assert told("case_assigned") == [officer.pk]
    assert (
        Message.objects.filter(template="case_assigned", channel="email").get().context["agency"] == new.name
    )


@pytest.mark.parametrize("heirs", [0, 2])
def test_route_refuses_an_ended_agency_without_one_successor(heirs):
    old = make_agency(valid_to=timezone.localdate() - timedelta(days=1))
    old.successors.set([make_agency() for _ in range(heirs)])
    case = make_case()

    refuses(
        case, lambda: services.route(case, by=make_coordinator(), agency=old), match="không còn hoạt động"
    )


def test_route_survives_agencies_that_succeed_each_other_in_a_circle():
    ended = timezone.localdate() - timedelta(days=1)
    one, two = make_agency(valid_to=ended), make_agency(valid_to=ended)
    one.successors.set([two])
    two.successors.set([one])
    case = make_case()

    refuses(
        case, lambda: services.route(case, by=make_coordinator(), agency=one), match="không còn hoạt động"
    )


def test_return_to_intake_takes_agency_and_officer_off_and_tells_intake():
    agency, coordinator = make_agency(), make_coordinator()
    case = make_case(status=Status.ASSIGNED, agency=agency)
    officer = make_officer(agency)
    services.claim(case, by=officer)

    services.return_to_intake(case, by=officer, note="Thuộc Sở Xây dựng")

    assert (case.status, case.agency, case.officer) == (Status.ACCEPTED, None, None)
    assert case.events.last().internal_note == "Thuộc Sở Xây dựng"
    assert coordinator.pk in told("case_returned")
    message = Message.objects.filter(template="case_returned", official=coordinator).get()
    assert message.context["agency"] == agency.name
    assert case not in Case.objects.visible_to(officer)


# The clock -------------------------------------------------------------------------------------------------------


def received_on_monday(agency=None) -> Case:
    """Received 2/3/2026; fifteen working days end on Monday 23/3."""
    with at(moment(3, 2)):
        case = make_case(status=Status.ASSIGNED, agency=agency or make_agency(), email="dan@vidu.vn")
    assert case.due_on == date(2026, 3, 23)
    return case


def test_ask_back_stops_the_clock_and_the_reply_gives_the_days_that_were_left():
    agency = make_agency()
    case = received_on_monday(agency)
    officer = make_officer(agency)
    with at(moment(3, 9)):
        services.ask_back(case, by=officer, note="Nơi đăng ký trước đây?")

    assert (case.status, case.paused_at, case.resumes_to) == (
        Status.NEEDS_INFO,
        moment(3, 9),
        Status.ASSIGNED,
    )
    assert mails("case_needs_info") == ["dan@vidu.vn"]
    with at(moment(4, 1)):  # the old due day is long past
        assert not case.is_overdue
        assert case not in Case.objects.overdue()
    with at(moment(3, 16)):
        services.add_information(case, text="Ở phường 1")

    # 10 to 23 March were ten working days; ten after 16/3 end on 30/3.
    assert (case.status, case.clock_from, case.term, case.due_on) == (
        Status.ASSIGNED,
        moment(3, 2),
        15,
        date(2026, 3, 30),
    )
    days = agencies.explain_due(case.clock_from, case.term, case.paused_days())
    assert (days[-1]["on"], days[-1]["number"]) == (date(2026, 3, 30), 15)
    paused = [day["on"].day for day in days if day["reason"] == "tạm dừng chờ bổ sung"]
    assert paused == [10, 11, 12, 13, 14, 15, 16]
    assert (case.paused_at, case.resumes_to) == (None, "")
    pause = Pause.objects.get()
    assert (pause.started_at, pause.ended_at, pause.reason) == (
        moment(3, 9),
        moment(3, 16),
        "Nơi đăng ký trước đây?",
    )
    assert case.events.last().public_note == "Ở phường 1"


def test_a_case_may_be_paused_twice():
    case = received_on_monday()
    coordinator = make_coordinator()
    for asked, replied in ((9, 10), (11, 12)):
        with at(moment(3, asked)):
            services.ask_back(case, by=coordinator, note="Cần thêm")
        with at(moment(3, replied)):
            services.add_information(case, text="Đây")

    # One working day lost each time.
    assert case.due_on == date(2026, 3, 25)
    assert Pause.objects.filter(case=case, ended_at=None).count() == 0


def test_asking_back_on_the_last_day_leaves_a_working_day_after_the_reply():
    case = received_on_monday()
    with at(moment(3, 23, 16)):
        services.ask_back(case, by=make_coordinator(), note="Cần thêm")
    with at(moment(3, 28, 22)):  # late on a Saturday
        services.add_information(case, text="Đây")

    assert case.due_on == date(2026, 3, 30)
    days = agencies.explain_due(case.clock_from, case.term, case.paused_days())
    assert (days[-1]["on"], days[-1]["number"]) == (date(2026, 3, 30), 15)


@pytest.mark.parametrize(
    ("asked", "replied"),
    [
        (moment(3, 24), moment(4, 1)),
        (moment(3, 30), moment(3, 30, 10)),
    ],
)
def test_an_overdue_case_stays_overdue_through_a_pause(asked, replied):
    case = received_on_monday()
    with at(asked):
        assert case.is_overdue
        services.ask_back(case, by=make_coordinator(), note="Cần thêm")
    with at(replied):
        services.add_information(case, text="Đây")

        assert (case.due_on, case.term) == (date(2026, 3, 23), 15)
        assert case.is_overdue
        assert list(Case.objects.overdue()) == [case]


def test_a_case_that_became_overdue_over_the_weekend_stays_overdue_through_a_pause():
    with at(moment(2, 27)):
        case = make_case(status=Status.ASSIGNED)
    assert case.due_on == date(2026, 3, 20)  # a Friday: between it and the Saturday lies no working day
    with at(moment(3, 21)):
        assert case.is_overdue
        services.ask_back(case, by=make_coordinator(), note="Cần thêm")
    with at(moment(3, 24)):
        services.add_information(case, text="Đây")

        assert case.due_on == date(2026, 3, 20)
        assert case.is_overdue


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED])
def test_the_reply_takes_a_case_back_where_it_was(status):
    case = make_case(status=status)
    services.ask_back(case, by=make_coordinator(), note="Cần thêm")

    services.add_information(case, text="Đây")

    assert case.status == status


def test_the_reply_is_told_to_the_officer_else_to_the_agency_else_to_intake():
    agency = make_agency()
    mine, other, coordinator = make_officer(agency), make_officer(agency), make_coordinator()
    unrouted, routed, claimed = make_case(), make_case(), make_case()
    for case in (routed, claimed):
        services.route(case, by=coordinator, agency=agency)
    services.claim(claimed, by=mine)

    def told_after_reply(case):
        before = set(Message.objects.values_list("pk", flat=True))
        services.ask_back(case, by=coordinator, note="Cần thêm")
        services.add_information(case, text="Đây")
        new = Message.objects.exclude(pk__in=before).filter(template="case_replied", channel="in_app")
        return sorted(new.values_list("official", flat=True))

    assert told_after_reply(unrouted) == [coordinator.pk]
    assert told_after_reply(routed) == sorted([mine.pk, other.pk])
    assert told_after_reply(claimed) == [mine.pk]


def test_a_blank_reply_is_refused():
    case = make_case(status=Status.NEEDS_INFO)

    refuses(case, lambda: services.add_information(case, text=" \n"), match="phần bổ sung")


def test_overdue_follows_from_the_clock_and_ends_with_the_last_day():
    case = received_on_monday()

    with at(moment(3, 23, 23, 59)):
        assert not case.is_overdue
        assert list(Case.objects.due_soon(date(2026, 3, 25))) == [case]
    with at(moment(3, 24, 0, 0)):
        assert case.is_overdue
        assert list(Case.objects.overdue()) == [case]
        assert list(Case.objects.due_soon(date(2026, 3, 25))) == []


def test_each_rung_of_the_ladder_is_told_once():
    agency = make_agency()
    officer, head = make_officer(agency), make_head(agency)
    received_on_monday(agency)
    Message.objects.all().delete()
    offices = [each.pk for each in services.coordinators()]

    with at(moment(3, 18)):
        assert services.remind_deadlines() == 0
    with at(moment(3, 19)):  # two working days before the due day
        assert (services.remind_deadlines(), services.remind_deadlines()) == (1, 0)
        assert told("case_due_soon") == [officer.pk]
        assert mails("case_due_soon") == [officer.email]
    with at(moment(3, 20)):
        assert services.remind_deadlines() == 0
    with at(moment(3, 23)):
        assert (services.remind_deadlines(), services.remind_deadlines()) == (1, 0)
        assert told("case_due_today") == sorted([officer.pk, head.pk])
    with at(moment(3, 24)):
        assert (services.remind_deadlines(), services.remind_deadlines()) == (1, 0)
    with at(moment(3, 25)):
        assert services.remind_deadlines() == 0
    assert told("case_overdue") == sorted([officer.pk, head.pk, *offices])
    assert told("case_due_soon") == [officer.pk]
    assert [row.rung for row in Reminder.objects.filter(is_told=True)] == ["soon", "today", "overdue"]


def test_after_missed_days_only_the_highest_rung_is_told_and_a_new_due_day_begins_anew():
    agency = make_agency()
    make_officer(agency)
    head = make_head(agency)
    case = received_on_monday(agency)
    Message.objects.all().delete()

    with at(moment(3, 23)):  # the worker slept on 19 and 20 March
        assert (services.remind_deadlines(), services.remind_deadlines()) == (1, 0)
        assert told("case_due_soon") == []
        services.extend(case, by=head, due_on=date(2026, 3, 31), ground="Quy chế", note="Xác minh")
        assert services.remind_deadlines() == 0
    with at(moment(4, 3)):
        assert (services.remind_deadlines(), services.remind_deadlines()) == (1, 0)
    passed = Reminder.objects.filter(is_told=False).values_list("due_on", "rung")
    assert sorted(passed) == [
        (date(2026, 3, 23), "soon"),
        (date(2026, 3, 31), "soon"),
        (date(2026, 3, 31), "today"),
    ]


def test_only_the_officer_in_charge_is_reminded_while_there_is_time():
    agency = make_agency()
    mine, _other = make_officer(agency), make_officer(agency)
    case = received_on_monday(agency)
    services.claim(case, by=mine)

    with at(moment(3, 20)):
        services.remind_deadlines()

    assert told("case_due_soon") == [mine.pk]


def test_paused_and_closed_cases_are_not_reminded():
    with at(moment(3, 2)):
        agency = make_agency()
        make_officer(agency)
        make_head(agency)
        make_case(status=Status.ANSWERED, agency=agency)
        case = make_case(status=Status.ASSIGNED, agency=agency)
        services.ask_back(case, by=make_coordinator(), note="Cần thêm")

    with at(moment(3, 24)):
        assert services.remind_deadlines() == 0
    assert Message.objects.filter(template__in=("case_due_soon", "case_overdue")).count() == 0


@pytest.mark.parametrize(
    ("status", "last_good_day", "first_late_day"),
    [(Status.RECEIVED, 4, 5), (Status.ACCEPTED, 9, 10)],  # received 2/3: two and five working days
)
def test_what_waits_too_long_at_intake_is_told_to_coordinators_once(status, last_good_day, first_late_day):
    with at(moment(3, 2)):
        case = make_case(status=status)
    coordinator = make_coordinator()

    with at(moment(3, last_good_day)):
        assert services.remind_deadlines() == 0
    with at(moment(3, first_late_day)):
        assert services.remind_deadlines() == 1
        assert services.remind_deadlines() == 0

    assert coordinator.pk in told("case_at_intake")
    context = Message.objects.filter(template="case_at_intake").first().context
    assert (context["code"], context["until"]) == (case.code, f"{last_good_day}/3/2026")


def test_an_officer_who_left_is_not_told_and_the_agency_is():
    agency = make_agency()
    gone, here = make_officer(agency), make_officer(agency)
    case = make_case(status=Status.ASSIGNED, agency=agency)
    services.claim(case, by=gone)
    User.objects.filter(pk=gone.pk).update(agency=make_agency())
    Case.objects.filter(pk=case.pk).update(due_on=timezone.localdate() - timedelta(days=3))

    services.remind_deadlines()

    assert here.pk in told("case_overdue")
    assert gone.pk not in told("case_overdue")


def test_where_an_agency_ended_its_successor_is_told_and_reopening_moves_the_case():
    old, new = make_agency(), make_agency()
    case = make_case(status=Status.ANSWERED, agency=old)
    old.valid_to = timezone.localdate() - timedelta(days=1)
    old.save()
    old.successors.add(new)
    User.objects.filter(agency=old).update(is_active=False)
    officer = make_officer(new)

    services.reopen(case, note="Chưa rõ")

    assert case.agency == new
    assert officer.pk in told("case_reopened")


# Answering -------------------------------------------------------------------------------------------------------


def test_claim_names_the_officer_and_another_may_take_over_what_was_left_lying():
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)
    first, second = make_officer(agency), make_officer(agency)

    services.claim(case, by=first)
    assert (case.officer, case.status) == (first, Status.ASSIGNED)
    refuses(case, lambda: services.claim(case, by=second), match="đang thụ lý")
    Case.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - timedelta(days=30))
    case.refresh_from_db()
    services.claim(case, by=second)
    assert case.officer == second
    assert [(e.step, e.by) for e in case.events.all()][-2:] == [("claim", first), ("claim", second)]


def test_save_draft_counts_versions_and_refuses_the_older_copy():
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)
    one, two = make_officer(agency), make_officer(agency)

    first = services.save_draft(case, by=one, body="<p>Bản một</p>", version=0)
    second = services.save_draft(case, by=two, body="<p>Bản hai</p>", version=1)

    assert (first.version, second.version, second.pk == first.pk) == (1, 2, True)
    assert (second.body, second.drafted_by) == ("<p>Bản hai</p>", two)
    refuses(
        case,
        lambda: services.save_draft(case, by=one, body="<p>Bản cũ</p>", version=1),
        match=f"{two} vừa lưu bản nháp",
    )
    refuses(case, lambda: services.save_draft(case, by=one, body="<p>Bản cũ</p>", version=0))


def test_a_draft_that_is_gone_is_not_overwritten():
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)

    refuses(case, lambda: services.save_draft(case, by=make_officer(agency), body=ANSWER, version=3))


def test_a_draft_is_cleaned_on_its_way_in():
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)

    draft = services.save_draft(
        case,
        by=make_officer(agency),
        body='<p onclick="x()">Chào <script>alert(1)</script><strong>bác</strong></p>',
        version=0,
    )

    assert fresh(case).answers.get().body == "<p>Chào <strong>bác</strong></p>"
    assert draft.signed_at is None


def test_submit_names_the_officer_and_tells_the_heads():
    agency = make_agency()
    officer, head = make_officer(agency), make_head(agency)
    make_head(make_agency())
    case = make_case(status=Status.ASSIGNED, agency=agency)

    services.submit_answer(case, by=officer, body=ANSWER, version=0)

    assert (case.status, case.officer) == (Status.DRAFTED, officer)
    assert told("answer_waiting") == [head.pk]
    assert mails("answer_waiting") == [head.email]


def test_submit_with_a_stale_version_keeps_the_case_and_the_words_of_the_other():
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)
    services.save_draft(case, by=make_officer(agency), body="<p>Bản một</p>", version=0)

    refuses(case, lambda: services.submit_answer(case, by=make_officer(agency), body=ANSWER, version=0))
    assert case.answers.get().body == "<p>Bản một</p>"


def test_send_back_tells_the_one_who_drafted():
    agency = make_agency()
    drafter = make_officer(agency)
    make_officer(agency)
    case = make_case(status=Status.ASSIGNED, agency=agency)
    services.submit_answer(case, by=drafter, body=ANSWER, version=0)

    services.send_back(case, by=make_head(agency), note="Nêu rõ căn cứ")

    assert case.status == Status.ASSIGNED
    assert case.answers.get().body == ANSWER
    assert told("answer_sent_back") == [drafter.pk]
    assert case.events.last().internal_note == "Nêu rõ căn cứ"
    assert case.events.last().public_note == ""


def test_sign_freezes_who_signed_what_and_tells_the_asker():
    agency = make_agency(name="Sở Mẫu")
    case = make_case(status=Status.DRAFTED, agency=agency, email="dan@vidu.vn")
    head = make_head(agency, full_name="Trần Văn Ký", title="Giám đốc")

    with at(moment(12, 1)):
        answer = services.sign(case, by=head, version=1)

    assert (case.status, case.answered_at, case.closed_at) == (Status.ANSWERED, moment(12, 1), moment(12, 1))
    assert (answer.signed_by, answer.signed_at, answer.version) == (head, moment(12, 1), 2)
    assert (answer.signer_name, answer.signer_title, answer.agency_name) == (
        "Trần Văn Ký",
        "Giám đốc",
        "Sở Mẫu",
    )
    assert mails("case_answered") == ["dan@vidu.vn"]


def test_the_content_hash_follows_the_signed_words():
    case = make_case(status=Status.DRAFTED)

    answer = services.sign(case, by=make_head(case.agency), version=1)

    assert re.fullmatch(r"[0-9a-f]{64}", answer.content_hash)
    assert answer.content_hash == answer.hash_of_content()
    answer.body = answer.body.replace("Sở", "Ban")
    assert answer.content_hash != answer.hash_of_content()


def test_nobody_signs_their_own_draft():
    agency = make_agency()
    both = make_official(Role.OFFICER, Role.HEAD, agency=agency)
    make_officer(agency)
    case = make_case(status=Status.ASSIGNED, agency=agency)
    services.submit_answer(case, by=both, body=ANSWER, version=0)

    refuses(case, lambda: services.sign(case, by=both, version=1), match="không tự ký")
    services.sign(case, by=make_head(agency), version=1)


def test_the_database_itself_refuses_a_signature_under_ones_own_draft():
    case = make_case(status=Status.DRAFTED)
    draft = case.answers.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.filter(pk=draft.pk).update(signed_by=draft.drafted_by)


def test_sign_refuses_words_the_head_has_not_seen():
    agency = make_agency()
    case = make_case(status=Status.DRAFTED, agency=agency)
    services.send_back(case, by=make_head(agency), note="Sửa")
    services.submit_answer(case, by=make_officer(agency), body="<p>Bản mới</p>", version=1)

    refuses(case, lambda: services.sign(case, by=make_head(agency), version=1), match="đọc lại")
    assert services.sign(case, by=make_head(agency), version=2).body == "<p>Bản mới</p>"


# Becoming public -------------------------------------------------------------------------------------------------

PUBLIC = {"title": "Làm lại giấy khai sinh", "text": "Cần giấy tờ gì?", "answer": "<p>Mang căn cước đến.</p>"}


def publish(case, **words):
    """Publish with the words the head signed, unless the test says that other words were signed."""
    signed = words.pop("signed", words.get("answer", PUBLIC["answer"]))
    case.answers.signed().update(body=signed)
    services.publish(case, by=make_coordinator(), **{**PUBLIC, **words})


def test_publish_shows_the_masked_words_and_records_evidence():
    campaign = make_campaign()
    case = make_case(status=Status.ASSIGNED)
    Case.objects.filter(pk=case.pk).update(campaign=campaign)
    case = fresh(case)
    services.submit_answer(case, by=make_officer(case.agency), body=ANSWER, version=0)
    services.sign(case, by=make_head(case.agency), version=1)
    assert case not in Case.objects.published()

    with at(moment(12, 1)):
        publish(case)
        assert list(Case.objects.published()) == [case]

    assert (case.public_title, case.public_text, case.public_excerpt, case.public_name) == (
        "Làm lại giấy khai sinh",
        "Cần giấy tờ gì?",
        "Mang căn cước đến.",
        "",
    )
    assert case.answers.get().public_body == "<p>Mang căn cước đến.</p>"
    evidence = Evidence.objects.get()
    assert (evidence.campaign, evidence.kind, evidence.key) == (campaign, "case", str(case.pk))
    assert (evidence.title, evidence.path) == ("Làm lại giấy khai sinh", case.get_absolute_url())
    assert (evidence.happened_at, evidence.withdrawn_at) == (moment(12, 1), None)


def test_publishing_again_corrects_the_words_and_keeps_the_first_hour():
    case = make_case(status=Status.ANSWERED)
    with at(moment(12, 1)):
        publish(case)
    with at(moment(12, 2)):
        publish(case, title="Tiêu đề đã sửa")

    assert (case.published_at, case.public_title) == (moment(12, 1), "Tiêu đề đã sửa")


def test_publish_refuses_without_the_second_consent():
    case = make_case(status=Status.ANSWERED, may_publish=False)

    refuses(
        case,
        lambda: services.publish(case, by=make_coordinator(), **PUBLIC),
        match="không đồng ý công khai",
    )


def test_publish_refuses_what_is_confidential():
    case = make_case(status=Status.ANSWERED)
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    case, by = fresh(case), make_coordinator()
    case.readers.create(user=by)

    refuses(case, lambda: services.publish(case, by=by, **PUBLIC), match="không được công khai")


@pytest.mark.parametrize("place", ["title", "text", "answer"])
@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        ("0912 345 678", "số điện thoại"),
        ("+84912345678", "số điện thoại"),
        ("ten.dan@vidu.vn", "thư điện tử"),
        ("054123456789", "số CCCD hoặc CMND"),
        ("221234567", "số CCCD hoặc CMND"),
        ("78F1-123.45", "biển số xe"),
        ("số nhà 12/3", "địa chỉ nhà"),
    ],
)
def test_publish_refuses_personal_data_wherever_it_stands(place, piece, kind):
    case = make_case(status=Status.ANSWERED)
    words = f"Xin liên hệ {piece} nhé"

    with pytest.raises(services.PersonalDataError) as caught:
        publish(fresh(case), **{place: f"<p>{words}</p>" if place == "answer" else words})

    assert [(found.kind, found.text) for found in caught.value.findings] == [(kind, piece)]
    assert piece in str(caught.value)
    assert Case.objects.published().count() == 0
    assert case.answers.get().public_body == ""


def test_a_number_split_by_markup_is_still_found():
    words = "<p>Gọi 0912<strong>345</strong>678</p>"
    case = make_case(status=Status.ANSWERED, answer=words)

    refuses(case, lambda: publish(case, answer=words), match="0912345678")


def test_the_shown_name_carries_no_number():
    case = make_case(status=Status.ANSWERED, answer=PUBLIC["answer"], show_name=True)

    refuses(case, lambda: publish(case, name="Bà Mẫu 0912345678"), match="0912345678")


def test_the_name_is_shown_only_to_whom_the_asker_allowed():
    shy, open_ = make_case(status=Status.ANSWERED), make_case(status=Status.ANSWERED, show_name=True)

    publish(shy, name="Nguyễn Thị Mẫu")
    publish(open_, name="Nguyễn Thị Mẫu")

    assert (shy.public_name, open_.public_name) == ("", "Nguyễn Thị Mẫu")


@pytest.mark.parametrize("words", [{"title": " "}, {"answer": "<p> </p>"}])
def test_publish_refuses_an_empty_title_or_answer(words):
    case = make_case(status=Status.ANSWERED, answer=PUBLIC["answer"])

    refuses(case, lambda: services.publish(case, by=make_coordinator(), **{**PUBLIC, **words}))


def test_the_proposal_masks_and_never_names_without_leave():
    case = make_case(
        status=Status.ANSWERED,
        title="Hồ sơ của tôi số 054123456789 ở đâu?",
        text="Gọi tôi 0912345678 hoặc dan@vidu.vn. Xin cảm ơn.",
    )

    proposal = services.proposal_for_public(case)

    assert proposal == {
        "title": "Hồ sơ của tôi số [đã che] ở đâu?",
        "text": "Gọi tôi [đã che] hoặc [đã che]. Xin cảm ơn.",
        "answer": "<p>Sở trả lời như sau: …</p>",
        "name": "",
    }
    services.publish(case, by=make_coordinator(), **proposal)
    assert case.is_public


def test_a_long_answer_is_cut_at_a_word_for_lists():
    case = make_case(status=Status.ANSWERED)

    publish(case, answer="<p>" + "chữ " * 100 + "</p>")

    assert case.public_excerpt == ("chữ " * 60).strip().capitalize() + "…"
    assert len(case.public_excerpt) <= publishing.EXCERPT + 1


def test_unpublish_takes_the_page_and_the_evidence_away_and_keeps_the_case():
    campaign = make_campaign()
    case = make_case(status=Status.ANSWERED)
    Case.objects.filter(pk=case.pk).update(campaign=campaign)
    case = fresh(case)
    publish(case)

    services.unpublish(case, by=make_coordinator(), note="Người gửi đổi ý")

    assert (case.status, case.published_at) == (Status.ANSWERED, None)
    assert Case.objects.published().count() == 0
    assert Evidence.objects.counted().count() == 0
    assert Evidence.objects.get().withdrawn_at is not None
    assert case.events.last().internal_note == "Người gửi đổi ý"
    publish(case)
    assert Evidence.objects.counted().count() == 1


def test_unpublish_needs_a_reason():
    case = make_published_case()

    refuses(case, lambda: services.unpublish(case, by=make_coordinator(), note=" "), match="lý do gỡ")


# What the asker may do -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{lower}",
        "  {code} ",
        "{bare}",
        "{spaced}",
        "{lower_spaced}",
        "{dashes}",
        "{code}.",
    ],
)
def test_a_code_is_found_however_it_was_typed(typed):
    case = make_case()
    code = case.code
    forms = {
        "code": code,
        "lower": code.lower(),
        "bare": code.replace("-", ""),
        "spaced": code.replace("-", " "),
        "lower_spaced": " ".join(code.lower()),
        "dashes": code.replace("-", " – "),
    }

    assert services.find_by_code(typed.format(**forms), case.pin) == case


@pytest.mark.parametrize("typed", ["{pin}", " {pin} ", "{a} {b}", "{a}\t{b}\n"])
def test_a_pin_is_found_with_blanks(typed):
    case = make_case()

    assert (
        services.find_by_code(case.code, typed.format(pin=case.pin, a=case.pin[:3], b=case.pin[3:])) == case
    )


@pytest.mark.parametrize(
    "code", ["", "-", "PY26", "PY26-0000-0000", "ß" * 12, "😀", "Ｐ" * 12, "A" * 5000, "' OR 1=1"]
)
@pytest.mark.parametrize("pin", ["", "000000", "0" * 5000, "😀"])
def test_nonsense_finds_nothing(code, pin):
    make_case()

    assert services.find_by_code(code, pin) is None


def test_a_wrong_or_empty_pin_finds_nothing():
    case = make_case()
    wrong = f"{(int(case.pin) + 1) % 10**6:06d}"

    assert services.find_by_code(case.code, wrong) is None
    assert services.find_by_code(case.code, "") is None
    assert services.find_by_code(case.code, case.pin[:-1]) is None
    Case.objects.filter(pk=case.pk).update(pin="")  # unreadable with today's keys
    assert services.find_by_code(case.code, "") is None


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.ASSIGNED, Status.DRAFTED, Status.NEEDS_INFO])
def test_withdraw_closes_the_case_and_tells_the_agency_that_has_it(status):
    agency = make_agency()
    officer = make_officer(agency)
    case = case_in(status, agency)
    with at(moment(12, 1)):
        services.withdraw(case)

    assert (case.status, case.closed_at, case.paused_at) == (Status.WITHDRAWN, moment(12, 1), None)
    assert Pause.objects.filter(ended_at=None).count() == 0
    expected = {Status.RECEIVED: [], Status.DRAFTED: [case.officer_id]}.get(status, [officer.pk])
    assert set(expected) <= set(told("case_withdrawn"))
    assert bool(told("case_withdrawn")) is (status != Status.RECEIVED)


def test_a_case_is_rated_once_with_one_to_five():
    case = make_case(status=Status.ANSWERED)
    for wrong in (0, 6, -1):
        refuses(case, lambda rating=wrong: services.rate(case, rating=rating), match="1 đến 5")

    with at(moment(12, 1)):
        services.rate(case, rating=5, comment="Rõ ràng")

    assert (case.rating, case.rating_comment, case.rated_at) == (5, "Rõ ràng", moment(12, 1))
    refuses(case, lambda: services.rate(case, rating=1), match="không chờ đánh giá")


def answered_on_monday() -> Case:
    with at(moment(3, 2)):
        return make_case(status=Status.ANSWERED)


def test_a_case_may_be_reopened_until_the_end_of_the_fifteenth_working_day():
    case = answered_on_monday()

    with at(moment(3, 23, 23, 59)):
        assert services.may_reopen(case)
        services.reopen(case, note="Chưa rõ")
        assert (case.status, case.term, case.due_on) == (Status.ASSIGNED, 15, date(2026, 4, 13))
        assert (case.clock_from, case.reopened_at, case.closed_at) == (
            moment(3, 23, 23, 59),
            moment(3, 23, 23, 59),
            None,
        )
    assert case.events.last().public_note == "Chưa rõ"


def test_a_case_is_not_reopened_after_the_fifteenth_working_day():
    case = answered_on_monday()

    with at(moment(3, 24, 0, 0)):
        assert not services.may_reopen(case)
        refuses(case, lambda: services.reopen(case, note="Chưa rõ"), match="một lần, trong 15 ngày")


def test_a_case_is_reopened_once_only_and_the_second_answer_is_a_second_round():
    case = make_case(status=Status.ANSWERED, email="dan@vidu.vn")
    agency = case.agency
    officer, head = make_officer(agency), make_head(agency)
    services.reopen(case, note="Chưa rõ")
    assert set(told("case_reopened")) >= {case.officer_id, head.pk}

    services.submit_answer(case, by=officer, body="<p>Nói rõ hơn</p>", version=0)
    services.sign(case, by=head, version=1)

    assert [(a.round, a.body) for a in case.answers.all()] == [
        (1, "<p>Sở trả lời như sau: …</p>"),
        (2, "<p>Nói rõ hơn</p>"),
    ]
    assert len(mails("case_answered")) == 2
    refuses(case, lambda: services.reopen(case, note="Lần nữa"), match="một lần")


def test_reopening_takes_a_public_page_offline_and_forgets_the_rating():
    campaign = make_campaign()
    case = make_case(status=Status.ANSWERED)
    Case.objects.filter(pk=case.pk).update(campaign=campaign)
    case = fresh(case)
    publish(case)
    services.rate(case, rating=1, comment="Không rõ")

    services.reopen(case, note="Chưa rõ")

    assert Case.objects.published().count() == 0
    assert Evidence.objects.counted().count() == 0
    assert (case.rating, case.rating_comment, case.rated_at) == (None, "", None)


def test_reopen_needs_words():
    case = make_case(status=Status.ANSWERED)

    refuses(case, lambda: services.reopen(case, note=" "))


# History ---------------------------------------------------------------------------------------------------------


def test_history_says_who_did_what_from_where_to_where():
    agency, coordinator = make_agency(), make_coordinator()
    case = make_case()
    services.accept(case, by=coordinator, note="Vào sổ số 12")
    services.route(case, by=coordinator, agency=agency)

    said = list(case.events.values_list("step", "by", "from_status", "to_status", "agency", "internal_note"))
    assert said == [
        ("receive", None, "", "received", None, ""),
        ("accept", coordinator.pk, "received", "accepted", None, "Vào sổ số 12"),
        ("route", coordinator.pk, "accepted", "assigned", agency.pk, ""),
    ]


def test_an_untouched_history_verifies():
    make_published_case()
    case = make_case(status=Status.NEEDS_INFO)
    services.add_information(case, text="Chữ có dấu: ngã\u0303, “nháy”\r\nvà dòng mới")

    assert services.verify_history() == []
    call_command("verify_history", verbosity=0)


CHANGES = {
    "public_note": "Lời khác",
    "internal_note": "Lời khác",
    "step": "rate",
    "from_status": "answered",
    "to_status": "withdrawn",
    "at": moment(1, 1),
    "agency": None,
    "by": None,
    "hash": "0" * 64,
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_row_changed_behind_the_guard_is_found(field):
    make_case()
    case = make_case(status=Status.ANSWERED)
    event = case.events.get(step="route")
    following = case.events.filter(pk__gt=event.pk).first()
    history.unguard(connection)

    CaseEvent.objects.filter(pk=event.pk).update(**{field: CHANGES[field]})

    # A forged hash also breaks the link from the next event.
    expected = [event.pk, following.pk] if field == "hash" else [event.pk]
    assert services.verify_history() == expected
    with pytest.raises(CommandError, match=f"{len(expected)} dòng"):
        call_command("verify_history")


def test_a_row_deleted_behind_the_guard_is_found():
    case = make_case(status=Status.ANSWERED)
    event = case.events.get(step="accept")
    following = case.events.filter(pk__gt=event.pk).first()
    history.unguard(connection)

    event.delete()

    assert services.verify_history() == [following.pk]


def test_a_row_moved_to_another_case_is_found():
    one, two = make_case(status=Status.ASSIGNED), make_case()
    event = one.events.last()
    history.unguard(connection)

    CaseEvent.objects.filter(pk=event.pk).update(case=two)

    assert services.verify_history() == [event.pk, two.events.last().pk]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda event: CaseEvent.objects.filter(pk=event.pk).update(public_note="khác"),
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: CaseEvent.objects.all().delete(),
        lambda event: connection.cursor().execute("UPDATE feedback_caseevent SET step = 'x'"),
        lambda event: connection.cursor().execute("DELETE FROM feedback_caseevent"),
    ],
)
def test_the_database_refuses_to_change_or_delete_history(tamper):
    case = make_case(status=Status.ASSIGNED)
    before = list(CaseEvent.objects.order_by("pk").values())

    with pytest.raises(DatabaseError, match="history is append-only"), transaction.atomic():
        tamper(case.events.first())

    assert list(CaseEvent.objects.order_by("pk").values()) == before


def test_guarding_twice_does_no_harm_and_guards_again_after_unguard():
    case = make_case()
    history.unguard(connection)
    CaseEvent.objects.filter(case=case).update(public_note="khác")
    history.guard(connection)
    history.guard(connection)

    with pytest.raises(DatabaseError, match="history is append-only"), transaction.atomic():
        CaseEvent.objects.filter(case=case).update(public_note="lần nữa")


# The head's words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Ông Tèo mang hộ chiếu đến.</p>",
        "<p>Ông [đã che] mang căn cước đến. Miễn phí.</p>",
        "<p>mang căn cước đến.</p>",
        '<p>Ông Tèo mang căn cước <a href="https://la.vn">đến</a>.</p>',
        '<p>Ông Tèo mang căn cước <a href="https://la.vn/#[đã che]">đến</a>.</p>',
        "<p>Ông Tèo <s>mang căn cước</s> đến.</p>",
        "<p>Ông Tèo mang căn cước đến.</p><hr>",
        '<p>Ông Tèo mang <abbr title="sai">căn cước</abbr> đến.</p>',
        "<p>Ông Tèo mang căn cước</p><p>đến.</p>",
    ],
)
def test_words_the_head_did_not_sign_are_not_published_under_their_name(shown):
    case = make_case(status=Status.ANSWERED, answer="<p>Ông Tèo mang căn cước đến.</p>")

    refuses(
        case,
        lambda: services.publish(case, by=make_coordinator(), title="Hỏi", text="Hỏi", answer=shown),
        match="giữ nguyên lời thủ trưởng đã ký",
    )


def test_the_askers_name_is_masked_in_the_proposal_and_stops_publication():
    answer = "<p>Kính gửi ông Nguyễn Văn Tèo: ông Tèo mang căn cước đến.</p>"
    case = receive(asker={"name": "Nguyễn Văn Tèo"}, may_publish=True)
    services.route(case, by=make_coordinator(), agency=(agency := make_agency()))
    services.submit_answer(case, by=make_officer(agency), body=answer, version=0)
    services.sign(case, by=make_head(agency), version=1)

    proposal = services.proposal_for_public(case)

    assert proposal["answer"] == "<p>Kính gửi [đã che]: [đã che] mang căn cước đến.</p>".replace(
        "Kính gửi [đã che]", "Kính gửi ông [đã che]"
    )
    with pytest.raises(services.PersonalDataError, match="tên người gửi"):
        services.publish(fresh(case), by=make_coordinator(), **{**proposal, "answer": answer})
    services.publish(fresh(case), by=make_coordinator(), **proposal)


def test_a_signed_answer_changed_behind_the_portal_is_found():
    case = make_case(status=Status.ANSWERED)
    assert services.altered_answers() == []

    Answer.objects.filter(case=case).update(body="<p>Lời khác.</p>")

    assert services.altered_answers() == [case.answers.get().pk]
    with pytest.raises(CommandError, match="không còn như khi ký"):
        call_command("verify_history")


# Duplicates ------------------------------------------------------------------------------------------------------


def test_the_asker_of_a_duplicate_is_told_when_the_answer_is_public():
    original = make_case(status=Status.ANSWERED, title="Hồ sơ gốc hỏi về đất")
    other = make_case(email="hai@vidu.vn")
    services.mark_duplicate(other, by=make_coordinator(), of=original)

    services.publish(original, by=make_coordinator(), **services.proposal_for_public(original))

    [mail] = Message.objects.filter(template="case_duplicate_answered")
    assert (mail.recipient, mail.context["public_path"]) == ("hai@vidu.vn", original.get_absolute_url())


@pytest.mark.parametrize(
    ("make_original", "why"),
    [
        (lambda: make_case(may_publish=False), "không đồng ý công khai"),
        (lambda: case_in(Status.WITHDRAWN, make_agency()), "kết thúc mà không có câu trả lời"),
        (lambda: case_in(Status.REJECTED, make_agency()), "kết thúc mà không có câu trả lời"),
    ],
)
def test_a_case_is_not_joined_to_one_whose_answer_its_asker_could_never_read(make_original, why):
    case, original = make_case(), make_original()

    refuses(case, lambda: services.mark_duplicate(case, by=make_coordinator(), of=original), match=why)


# What the asker gets ---------------------------------------------------------------------------------------------


def test_the_signed_answer_travels_in_the_mail_and_the_pin_does_not():
    case = make_case(
        status=Status.ANSWERED, email="dan@vidu.vn", answer="<p>Mang <strong>căn cước</strong>.</p>"
    )

    mail = as_email(Message.objects.get(template="case_answered"))

    answer = case.answers.get()
    html = mail.alternatives[0].content
    assert "Mang căn cước." in mail.body
    assert "<strong>căn cước</strong>" in html
    for text in (mail.body, html):
        assert answer.signer_name in text
        assert case.pin not in text


def test_the_days_an_answer_took_leave_pauses_out_and_a_reopening_does_not_mend_lateness():
    agency = make_agency()
    with at(moment(3, 2)):
        case = make_case(status=Status.ASSIGNED, agency=agency)
    with at(moment(3, 9)):
        services.ask_back(case, by=make_coordinator(), note="Nơi đăng ký?")
    with at(moment(3, 16)):
        services.add_information(case, text="Phường 1")
    with at(moment(4, 1)):  # two days late
        services.submit_answer(case, by=make_officer(agency), body=ANSWER, version=0)
        services.sign(case, by=make_head(agency), version=1)
    first = case.answers.get()
    assert (first.days_taken, first.due_on) == (17, date(2026, 3, 30))

    with at(moment(4, 2)):
        services.reopen(case, note="Chưa rõ")

    first.refresh_from_db()
    assert (first.days_taken, first.due_on) == (17, date(2026, 3, 30))


@pytest.mark.parametrize(
    ("answer", "excerpt"),
    [
        ("<p>Sở Y tế trả lời bà như sau:</p><p>Mang thẻ đến.</p>", "Mang thẻ đến."),
        ("<p>Sở Y tế trả lời câu hỏi “Có mất phí không?” như sau: Không mất phí.</p>", "Không mất phí."),
        ("<p>Kính gửi [đã che]: mang thẻ đến.</p>", "Mang thẻ đến."),
        ("<p>Mang thẻ đến. Hạn trả lời: 15 ngày.</p>", "Mang thẻ đến. Hạn trả lời: 15 ngày."),
        ("<p>Sở Y tế trả lời:</p>", "Sở Y tế trả lời:"),
    ],
)
def test_the_excerpt_begins_with_the_answer_itself(answer, excerpt):
    case = make_case(status=Status.ANSWERED)

    publish(case, answer=answer)

    assert case.public_excerpt == excerpt


def test_links_may_be_taken_off_and_never_turned():
    signed = '<p>Xem <a href="https://a.vn">luật</a> và <a href="https://b.vn">mẫu</a>.</p>'
    case = make_case(status=Status.ANSWERED, answer=signed)
    turned = signed.replace("a.vn", "x.vn").replace("b.vn", "a.vn").replace("x.vn", "b.vn")
    refuses(
        case, lambda: publish(case, answer=turned, signed=case.answers.get().body), match="giữ nguyên lời"
    )

    services.publish(
        case,
        by=make_coordinator(),
        title="Hỏi",
        text="Hỏi",
        answer="<p>Xem luật và <a href='https://b.vn'>mẫu</a>.</p>",
    )


@pytest.mark.parametrize(
    "signed",
    [
        '<p>Viết cho <a href="mailto:ten.dan@vidu.vn">bà</a>.</p>',
        '<p>Gọi <a href="tel:0905123456">bà</a>.</p>',
        '<p>Tra <a href="https://a.vn/?ten=Nguy%E1%BB%85n+Th%E1%BB%8B+M%E1%BA%ABu">ở đây</a>.</p>',
        '<p>Bà <abbr title="Nguyễn Thị Mẫu">M</abbr>.</p>',
    ],
)
def test_what_hides_in_addresses_and_titles_is_found_too(signed):
    case = make_case(status=Status.ANSWERED, answer=signed)

    with pytest.raises(services.PersonalDataError):
        services.publish(case, by=make_coordinator(), title="Hỏi", text="Hỏi", answer=signed)
    if "<a " in signed:  # the proposal has the link taken off, and that may be published
        services.publish(fresh(case), by=make_coordinator(), **services.proposal_for_public(case))


def test_public_contacts_of_agencies_may_stand_in_an_answer():
    make_agency(phone="0257 3841 234", address="206A Trần Hưng Đạo, số 4 Lê Lợi Nam")
    signed = "<p>Gọi 0257.3841.234 hoặc snv@phuyen.gov.vn.</p>"
    case = make_case(status=Status.ANSWERED, answer=signed)

    services.publish(case, by=make_coordinator(), title="Hỏi", text="Hỏi", answer=signed)

    assert case.is_public


def test_what_was_set_aside_leaves_the_inboxes_of_the_agency_and_stays_with_intake():
    agency, coordinator = make_agency(), make_coordinator()
    officer = make_officer(agency)
    case = make_case(status=Status.ASSIGNED, agency=agency, title="Tố cáo ông Bí Mật")
    services.recall(case, by=coordinator, note="Nội dung tố cáo")

    services.set_aside(case, by=coordinator)

    told_officer = Message.objects.filter(official=officer)
    waiting = Message.objects.filter(status=Message.Status.QUEUED, template__in=intake.MAILS_BEFORE_ANSWER)
    assert not told_officer.exists()
    assert not waiting.exists()
    assert Message.objects.filter(official=coordinator).exists()


def test_a_duplicate_of_a_duplicate_follows_to_the_last_and_is_told():
    first, second, third = make_case(status=Status.ANSWERED), make_case(), make_case(email="ba@vidu.vn")
    coordinator = make_coordinator()
    services.mark_duplicate(third, by=coordinator, of=second)
    services.mark_duplicate(second, by=coordinator, of=first)

    services.publish(first, by=coordinator, **services.proposal_for_public(first))

    assert fresh(third).duplicate_of == first
    assert mails("case_duplicate_answered") == ["ba@vidu.vn"]


@pytest.mark.parametrize(
    "end",
    [
        lambda case, by: services.set_aside(case, by=by),
        lambda case, by: services.reject(case, by=by, note="Lý do"),
        lambda case, by: services.forward(case, by=by, body="Tòa án"),
        lambda case, by: services.withdraw(case),
    ],
    ids=["set aside", "rejected", "forwarded", "withdrawn"],
)
def test_when_the_original_ends_unanswered_the_others_are_invited_to_send_again(end):
    original, other, coordinator = make_case(), make_case(email="hai@vidu.vn"), make_coordinator()
    services.mark_duplicate(other, by=coordinator, of=original)

    end(original, coordinator)

    assert mails("case_duplicate_ended") == ["hai@vidu.vn"]


def test_correcting_a_public_case_sends_no_second_mail():
    case = make_case(status=Status.ANSWERED, email="dan@vidu.vn")
    publish(case)
    publish(case, title="Tiêu đề đã sửa")

    assert mails("case_published") == ["dan@vidu.vn"]


def test_the_reminder_of_intake_leaves_the_pause_out():
    with at(moment(3, 2)):
        case = make_case()
        services.ask_back(case, by=make_coordinator(), note="Cần thêm")
    with at(moment(3, 16)):
        services.add_information(case, text="Đây")
        assert services.remind_deadlines() == 0
    with at(moment(3, 19)):
        assert services.remind_deadlines() == 1


def test_the_head_hears_that_a_draft_waiting_for_signature_is_nearly_due():
    agency = make_agency()
    head = make_head(agency)
    case = make_case(status=Status.DRAFTED, agency=agency)
    Case.objects.filter(pk=case.pk).update(due_on=agencies.due_on(timezone.now(), 1))

    services.remind_deadlines()

    assert head.pk in told("case_due_soon")


def test_only_intake_confirms_what_an_answer_cites():
    agency = make_agency()
    make_document(published=True, number="9/QĐ-UBND", expires_on=timezone.localdate() - timedelta(days=1))
    case = make_published_case(agency=agency, answer="<p>Theo Quyết định số 9/QĐ-UBND.</p>")
    before = steps_of(case)

    for role in set(Role) - {Role.COORDINATOR}:
        official = make_official(role, agency=agency)
        refuses(case, lambda by=official: services.confirm_citations(case, by=by), match="không có quyền")
    services.confirm_citations(case, by=make_coordinator())

    assert steps_of(case) == [*before, "citations"]
    assert services.verify_history() == []
    refuses(case, lambda: services.confirm_citations(case, by=make_coordinator()), match="không chờ xem lại")
