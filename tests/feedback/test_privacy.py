"""The asker's own data: what they may ask for, how long it is kept, who may see it."""

from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from agencies import services as agencies
from agencies.models import User
from feedback import services
from feedback.models import Case, CaseEvent, DataRequest, Draft
from notifications.models import Message
from parcai.lib.vietnamese import fold
from parcai.search.models import SearchDocument
from tests.factories import (
    ago,
    make_agency,
    make_case,
    make_case_file,
    make_coordinator,
    make_officer,
    make_published_case,
    png,
)

pytestmark = pytest.mark.django_db
Kind = DataRequest.Kind
Status = Case.Status


def test_each_kind_of_request_has_the_days_the_law_gives():
    make_coordinator()
    case = make_case()

    asked = {kind: services.ask_about_data(case, kind=kind, note="Sửa tên tôi") for kind in Kind}

    today = timezone.localdate()
    assert {kind: (each.due_on - today).days for kind, each in asked.items()} == {
        "access": 10,
        "correct": 10,
        "delete": 20,
        "withdraw_consent": 15,
        "restrict": 15,
    }
    assert {each.reply_by for each in asked.values()} == {agencies.due_on(timezone.now(), 2)}
    assert Message.objects.filter(template="case_data_asked", channel="in_app").count() == 5
    assert DataRequest.due_after("delete", date(2026, 2, 10)) == date(2026, 3, 2)


def test_a_request_is_not_taken_twice_nor_without_what_it_needs():
    case = make_case(may_publish=False)
    services.ask_about_data(case, kind="delete")

    for kind in ("delete", "correct", "withdraw_consent"):
        with pytest.raises(services.TransitionError):
            services.ask_about_data(case, kind=kind)

    assert DataRequest.objects.count() == 1
    assert list(case.events.values_list("step", flat=True)) == ["receive", "data-ask"]


def enter(user):
    client = Client()
    client.force_login(user, backend="agencies.auth.OfficialBackend")
    return client


CANARY = "Lò Thị Kỳ Lạ"
WORDS = "Chuyện riêng kỳ lạ của tôi ở bản xa."


def old_case(status=Status.ANSWERED, **fields):
    """A case long over, with everything that could tell who asked."""
    make = make_published_case if status == "public" else lambda **kw: make_case(status=status, **kw)
    case = make(
        title="Hỏi chuyện kỳ lạ của tôi",
        text=WORDS,
        email="kyla@vidu.vn",
        answer=f"<p>Kính gửi bà {CANARY}: đã rõ.</p>",
        asker={"name": CANARY, "email": "kyla@vidu.vn", "phone": "0912345678", "address": "12 Lê Lợi"},
        **fields,
    )
    make_case_file(case, png(name="mat-tien-the-ky-la.png"))
    Case.objects.filter(pk=case.pk).update(
        closed_at=ago(days=800), answered_at=ago(days=800), rating=2, rating_comment=WORDS
    )
    case.refresh_from_db()
    return case


def everything_kept(case) -> str:
    """All that the database still says around a case, in the clear."""
    rows = [
        Case.objects.filter(pk=case.pk).values(),
        case.answers.values(),
        case.events.values(),
        case.files.values(),
    ]
    rows += [
        case.redactions.values(),
        case.data_requests.values(),
        case.pauses.values(),
        Draft.objects.values(),
    ]
    rows += [Message.objects.values("recipient", "context"), SearchDocument.objects.values("head", "terms")]
    return fold(repr([list(each) for each in rows]))


def test_what_is_kept_long_enough_loses_who_asked_and_keeps_what_is_counted(
    django_capture_on_commit_callbacks,
):
    case = old_case()
    name, kept = (
        case.files.get().stored_name,
        (case.status, case.due_on, case.agency_id, case.rating, case.asker_kind),
    )

    with django_capture_on_commit_callbacks(execute=True):
        assert services.anonymise_old() == 1
    assert services.anonymise_old() == 0

    case.refresh_from_db()
    said = everything_kept(case)
    for word in (CANARY, "ky la", "kyla@vidu.vn", "0912345678", "Le Loi", case.pin or "không có PIN"):
        assert fold(word) not in said
    assert (case.status, case.due_on, case.agency_id, case.rating, case.asker_kind) == kept
    assert not default_storage.exists(name)
    assert case.events.last().step == "anonymise"
    assert services.verify_history() == services.altered_answers() == []
    assert services.find_by_code(case.code, "") is None


def test_the_published_copy_stays_when_its_asker_is_forgotten(client):
    case = old_case("public", show_name=True, may_publish=True)
    before = client.get(case.get_absolute_url()).content.decode()
    assert CANARY in before

    services.anonymise_old()

    after = client.get(case.get_absolute_url()).content.decode()
    assert CANARY not in after
    assert case.public_title in after


@pytest.mark.parametrize("what", ["recent", "open", "asked", "reopen"])
def test_what_is_still_needed_is_not_forgotten(what):
    case = old_case(Status.ASSIGNED if what == "open" else Status.ANSWERED)
    if what == "recent":
        Case.objects.filter(pk=case.pk).update(closed_at=ago(days=100))
    if what == "asked":
        services.ask_about_data(case, kind="access")
    if what == "reopen":
        Case.objects.filter(pk=case.pk).update(answered_at=ago(days=1))

    assert services.anonymise_old() == 0

    case.refresh_from_db()
    assert case.asker_name == CANARY


def test_a_case_without_an_answer_is_forgotten_earlier():
    case = make_case(email="kyla@vidu.vn")
    services.reject(case, by=make_coordinator(), note="Lý do")
    Case.objects.filter(pk=case.pk).update(closed_at=ago(days=400))

    assert services.anonymise_old() == 1


def test_a_dry_run_counts_and_says_nothing_of_anybody(capsys):
    case = old_case()

    call_command("anonymise", "--dry-run")
    said = capsys.readouterr().out
    call_command("anonymise")

    assert "Đã trả lời: 1" in said
    assert not any(word in said for word in (CANARY, case.code, "kyla"))
    assert "của 1 hồ sơ" in capsys.readouterr().out
    call_command("anonymise")
    assert "của 0 hồ sơ" in capsys.readouterr().out


def test_history_lets_words_be_wiped_once_and_nothing_else():
    case = old_case()
    event = CaseEvent.objects.filter(case=case).first()
    for change in (
        {"public_note": ""},
        {"wiped_at": ago(), "step": "sign"},
        {"wiped_at": ago(), "public_note": "x"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEvent.objects.filter(pk=event.pk).update(**change)
    CaseEvent.objects.filter(pk=event.pk).update(wiped_at=ago(), public_note="", internal_note="")
    assert services.verify_history() == [event.pk]  # no line says that it was right to
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.filter(pk=event.pk).update(wiped_at=None)


# Requests, at the desk -------------------------------------------------------------------------------------------


def test_a_request_is_accepted_done_and_the_asker_told():
    case, by = make_case(email="dan@vidu.vn"), make_coordinator()
    asked = services.ask_about_data(case, kind="access", note="Cho tôi xem")
    client, desk = enter(by), case.get_desk_url()
    page = client.get("/xu-ly/?hang=yeu-cau-du-lieu").content.decode()
    assert case.code in page
    assert "Cho tôi xem" in client.get(desk).content.decode()

    assert client.post(f"{desk}du-lieu-nhan/", {"asked": asked.pk}).status_code == 302
    assert client.post(f"{desk}du-lieu-lam/", {"asked": asked.pk, "answer": "Mời tải về"}).status_code == 302

    asked.refresh_from_db()
    assert (asked.state, asked.handled_by, bool(asked.replied_at)) == ("done", by, True)
    told = set(Message.objects.filter(channel="email").values_list("template", flat=True))
    assert {"case_data_accepted", "case_data_done"} <= told
    copy = client.get(f"{desk}ban-sao/").content.decode()
    assert "Nguyễn Thị Mẫu" in copy
    assert "dan@vidu.vn" in copy
    with pytest.raises(services.TransitionError, match="người khác"):
        services.do_data_request(asked, by=by)


def test_a_refusal_needs_its_ground_and_who_may_not_act_does_not():
    case, by = make_case(status=Status.ASSIGNED), make_coordinator()
    asked = services.ask_about_data(case, kind="delete")

    for who, ground in ((by, ""), (make_officer(case.agency), "Điều 1")):
        with pytest.raises(services.TransitionError):
            services.refuse_data_request(asked, by=who, ground=ground, answer="Vì…")
    services.refuse_data_request(asked, by=by, ground="Luật Lưu trữ, Điều 1", answer="Vì…")

    asked.refresh_from_db()
    assert (asked.state, asked.ground) == ("refused", "Luật Lưu trữ, Điều 1")
    with pytest.raises(services.TransitionError):
        services.do_data_request(asked, by=by)


def test_deleting_forgets_at_once_and_tells_the_asker_where_they_were():
    case, by = make_case(status=Status.ASSIGNED, email="dan@vidu.vn"), make_coordinator()
    asked = services.ask_about_data(case, kind="delete", note="Tôi là Mẫu")

    services.do_data_request(asked, by=by)

    case.refresh_from_db()
    assert (case.status, case.asker_name, case.pin, bool(case.anonymised_at)) == (
        Status.WITHDRAWN,
        "",
        "",
        True,
    )
    asked.refresh_from_db()
    assert (asked.state, asked.note) == ("done", "")
    last = Message.objects.get(template="case_data_done")
    assert (last.recipient, "Mẫu" in repr(last.context)) == ("dan@vidu.vn", False)
    assert services.verify_history() == []


@pytest.mark.parametrize("kind", ["withdraw_consent", "restrict"])
def test_less_use_takes_the_case_offline_for_good(client, kind):
    case, by = make_published_case(), make_coordinator()
    asked = services.ask_about_data(case, kind=kind)
    with pytest.raises(services.TransitionError):
        services.publish(Case.objects.get(pk=case.pk), by=by, title="Lại")

    services.do_data_request(asked, by=by)

    case.refresh_from_db()
    assert client.get(case.get_absolute_url()).status_code == 404
    assert not SearchDocument.objects.filter(record="case", object_id=case.pk).exists()
    assert SearchDocument.objects.filter(record="inside", object_id=case.pk).exists() is (kind != "restrict")
    with pytest.raises(services.TransitionError):
        services.publish(case, by=by, title="Lại")


def test_a_correction_changes_the_words_and_history_says_which_and_not_what():
    case, by = make_case(status=Status.ANSWERED), make_coordinator()
    services.mask(case, by=by, field="text", words="giấy khai sinh", reason="personal")
    asked = services.ask_about_data(case, kind="correct", note="Tên tôi là Mận")
    words = {"title": case.title, "text": f"Xin hỏi: {case.text}", "asker_name": "Nguyễn Thị Mận"}

    answer = enter(by).post(f"{case.get_desk_url()}du-lieu-sua/", {"asked": asked.pk, **words})

    case.refresh_from_db()
    assert (answer.status_code, case.asker_name, case.text[:8]) == (302, "Nguyễn Thị Mận", "Xin hỏi:")
    event = case.events.last()
    assert (event.step, "họ và tên" in event.internal_note, "Mận" in event.internal_note) == (
        "data-do",
        True,
        False,
    )
    assert not case.redactions.exists()  # its places counted on the old words


def test_intake_is_reminded_once_a_day_before_a_request_is_late():
    make_coordinator()
    case = make_case()
    services.ask_about_data(case, kind="access")
    asked = services.ask_about_data(case, kind="delete")
    DataRequest.objects.filter(pk=asked.pk).update(reply_by=timezone.localdate())

    assert [services.remind_data_requests() for _round in range(2)] == [1, 0]
    assert Message.objects.filter(template="case_data_due", channel="in_app").count() == 1


# Confidential cases ----------------------------------------------------------------------------------------------


def test_confidential_cases_are_for_those_named_and_somebody_of_intake_always_remains():
    agency = make_agency()
    one, two = make_coordinator(), make_coordinator()
    officer, case = make_officer(agency), make_case(title="Tố cáo ông Mười")
    services.set_aside(case, by=one)
    seen = {user: Case.objects.visible_to(user).filter(pk=case.pk).exists for user in (one, two, officer)}
    assert [each() for each in seen.values()] == [True, False, False]
    assert enter(two).get(case.get_desk_url()).status_code == 404
    with pytest.raises(services.TransitionError, match="quyền"):
        services.name_reader(case, by=two, user=two)

    answer = enter(one).post(f"{case.get_desk_url()}them-nguoi-xem/", {"user": officer.pk})
    assert answer.status_code == 302
    assert [each() for each in seen.values()] == [True, False, True]
    assert (
        "Tố cáo ông Mười" not in enter(officer).get(case.get_desk_url()).content.decode()
    )  # the reason comes first
    case.refresh_from_db()
    with pytest.raises(services.TransitionError, match="ít nhất một"):
        services.unname_reader(case, by=one, user=one)
    services.unname_reader(case, by=one, user=officer)
    assert [each() for each in seen.values()] == [True, False, False]

    User.objects.filter(pk=one.pk).update(is_active=False)
    assert [services.keep_readers(), services.keep_readers()] == [1, 0]
    assert seen[two]()


def test_an_officer_who_sets_a_case_aside_leaves_it_to_intake_and_messages_follow():
    one, two = make_coordinator(), make_coordinator()
    case = make_case(status=Status.ASSIGNED)
    officer = make_officer(case.agency)

    services.set_aside(case, by=officer)

    named = {reader.user for reader in case.readers.all()}
    assert {one, two} <= named
    assert not Case.objects.visible_to(officer).filter(pk=case.pk).exists()
    third = make_coordinator()
    services.ask_about_data(case, kind="access")
    told = Message.objects.filter(template="case_data_asked", channel="in_app").values_list(
        "official", flat=True
    )
    assert third.pk not in told
    assert one.pk in told
