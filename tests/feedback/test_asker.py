"""What the asker may do beside answering: add, take back a consent, get a PIN, a slip and a copy."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.roles import Role
from feedback import services
from feedback.models import Case, CaseFile, DataRequest
from notifications.models import Message
from notifications.services import as_email
from parcai.demo.clock import at
from plan.models import Evidence
from tests.factories import (
    PDF,
    make_agency,
    make_campaign,
    make_case,
    make_case_file,
    make_head,
    make_officer,
    make_published_case,
)

pytestmark = pytest.mark.django_db
Status = Case.Status
MAIL = "dan@vidu.vn"


@pytest.fixture
def opened(client):
    """A client of an asker, with a case open on the device."""

    def open_case(case):
        client.post("/tra-cuu/", {"code": case.code, "pin": case.pin})
        return client

    return open_case


def press(client, step, **data):
    return client.post(f"/tra-cuu/ho-so/{step}/", data)


# Adding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.RECEIVED, {Role.COORDINATOR}),
        (Status.ASSIGNED, {Role.OFFICER}),
        (Status.DRAFTED, {Role.OFFICER, Role.HEAD}),
    ],
)
def test_what_is_added_reaches_whoever_holds_the_case_and_moves_no_clock(opened, status, told):
    agency = make_agency()
    make_officer(agency), make_head(agency)
    case = make_case(status=status, agency=agency)
    before = (case.due_on, case.status, case.version)
    upload = SimpleUploadedFile("them.pdf", PDF, content_type="application/pdf")
    client = opened(case)

    response = press(client, "gui-them", note="Tôi gửi thêm giấy hẹn.", attachments=upload)

    assert response.status_code == 302
    case.refresh_from_db()
    assert (case.due_on, case.status, case.version) == before
    event = case.events.last()
    assert (event.step, event.public_note) == ("add", "Tôi gửi thêm giấy hẹn.")
    assert [file.side for file in event.files.all()] == [CaseFile.Side.ASKER]
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "Bạn gửi thêm thông tin" in page
    assert "them.pdf" in page
    roles = set(
        Message.objects.filter(template="case_added", channel="in_app").values_list(
            "official__groups__name", flat=True
        )
    )
    assert roles <= told
    if status != Status.RECEIVED:
        assert roles == told


@pytest.mark.parametrize("status", [Status.NEEDS_INFO, Status.ANSWERED])
def test_nothing_is_added_while_the_clock_stands_or_after_the_answer(opened, status):
    case = make_case(status=status)
    response = press(opened(case), "gui-them", note="Thêm điều này")
    assert response.status_code == 422
    assert "không nhận thêm thông tin" in response.content.decode()
    assert "Thêm điều này" in response.content.decode()
    assert not case.events.filter(step="add").exists()


def test_there_is_a_limit_to_adding(opened, monkeypatch):
    monkeypatch.setattr("feedback.services.asker.MOST_ADDITIONS", 2)
    case = make_case()
    client = opened(case)
    assert [press(client, "gui-them", note="Thêm").status_code for _n in range(3)] == [302, 302, 422]
    assert case.events.filter(step="add").count() == 2
    assert 'id="gui-them"' not in client.get("/tra-cuu/ho-so/").content.decode()


def test_a_bad_file_keeps_the_words_and_adds_nothing(opened):
    case = make_case(status=Status.NEEDS_INFO)
    bad = SimpleUploadedFile("x.exe", b"MZ")
    response = press(opened(case), "bo-sung", note="Đây là phần bổ sung", attachments=bad)
    assert response.status_code == 422
    assert "Đây là phần bổ sung" in response.content.decode()
    case.refresh_from_db()
    assert case.status == Status.NEEDS_INFO


def test_a_reply_may_bring_files(opened):
    case = make_case(status=Status.NEEDS_INFO)
    upload = SimpleUploadedFile("giay.pdf", PDF, content_type="application/pdf")
    assert press(opened(case), "bo-sung", note="Đây ạ", attachments=upload).status_code == 302
    assert case.events.get(step="reply").files.count() == 1


# Consent and data ------------------------------------------------------------------------------------------------


def test_taking_back_the_consent_takes_the_page_away_at_once(opened):
    campaign = make_campaign()
    case = make_case(status=Status.ANSWERED)
    Case.objects.filter(pk=case.pk).update(campaign=campaign, show_name=True)
    case.refresh_from_db()
    services.publish(case, by=services.coordinators()[0], **services.proposal_for_public(case))
    client = opened(case)
    assert client.get(case.get_absolute_url()).status_code == 200

    assert press(client, "rut-dong-y").status_code == 302

    case.refresh_from_db()
    assert (case.publish_consent_at, case.published_at, case.show_name, case.public_name) == (
        None,
        None,
        False,
        "",
    )
    assert client.get(case.get_absolute_url()).status_code == 404
    assert not Evidence.objects.filter(key=case.pk, withdrawn_at=None).exists()
    assert case.status == Status.ANSWERED
    with pytest.raises(services.TransitionError):
        services.withdraw_consent(case)
    with pytest.raises(services.TransitionError):
        services.publish(case, by=services.coordinators()[0], **services.proposal_for_public(case))


def test_the_asker_asks_for_deletion_and_sees_how_it_stands(opened):
    case = make_case()
    client = opened(case)
    assert press(client, "du-lieu", kind="delete", note="Xin xóa").status_code == 302
    assert DataRequest.objects.get().kind == "delete"
    assert "Chờ trả lời" in client.get("/tra-cuu/ho-so/").content.decode()
    assert press(client, "du-lieu", kind="delete").status_code == 422  # it waits already
    assert press(client, "du-lieu", kind="withdraw_consent").status_code == 422  # has a button of its own
    assert press(client, "du-lieu", kind="correct").status_code == 422  # without words


def test_a_copy_holds_what_the_asker_may_have_and_nothing_of_officials(opened):
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency, email=MAIL)
    make_case_file(case)
    services.return_to_intake(case, by=make_officer(agency), note="Canary ghi chú nội bộ")
    client = opened(case)
    copy = client.get("/tra-cuu/ho-so/ban-sao.json")
    page = client.get("/tra-cuu/ho-so/ban-sao/").content.decode()
    found = copy.json()
    assert found["nguoi_gui"]["thu_dien_tu"] == MAIL
    assert found["noi_dung"]["van_ban"] == case.text
    assert found["tep"][0]["ten"] == "don.pdf"
    assert copy["Cache-Control"].startswith("max-age=0")
    assert "attachment" in copy["Content-Disposition"]
    for words in (MAIL, case.text, "don.pdf"):
        assert words in page
    for secret in ("Canary", case.pin):
        assert secret not in page + copy.content.decode()
    stranger = Client()
    assert stranger.get("/tra-cuu/ho-so/ban-sao.json")["Location"] == "/tra-cuu/"


def test_the_slip_again_names_the_code_and_not_the_pin(opened):
    case = make_case()
    page = opened(case).get("/tra-cuu/ho-so/phieu/").content.decode()
    assert case.code in page
    assert case.pin not in page


# A lost PIN ------------------------------------------------------------------------------------------------------


def ask_pin(client, code, email):
    return client.post("/tra-cuu/quen-pin/", {"code": code, "email": email})


def pin_link():
    letter = as_email(Message.objects.get(template="case_pin_asked"))
    return re.search(r"/tra-cuu/pin-moi/[^\s]+", letter.body).group()


def test_a_lost_pin_is_renewed_through_the_mail_given_at_asking(client):
    case = make_case(email=MAIL)
    old = case.pin
    assert ask_pin(client, case.code.lower(), "DAN@vidu.vn").status_code == 200
    path = pin_link()
    assert case.code not in path
    assert client.get(path).status_code == 200
    case.refresh_from_db()
    assert case.pin == old  # opening a link changes nothing

    page = client.post(path).content.decode()

    case.refresh_from_db()
    assert case.pin != old
    assert case.pin in page
    assert client.post(path).status_code == 410  # once
    assert services.find_by_code(case.code, old) is None
    assert services.find_by_code(case.code, case.pin) == case
    assert client.get("/tra-cuu/ho-so/").status_code == 200


def test_the_link_lasts_an_hour(client, monkeypatch):
    case = make_case(email=MAIL)
    with at(timezone.now() - timedelta(minutes=61)):
        services.ask_for_pin(case.code, MAIL)
    path = pin_link()
    monkeypatch.setattr("feedback.services.pins.LINK_LASTS", -1)
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("wrong", ["mail", "code", "no mail known"])
def test_wrong_pairs_look_the_same_and_leave_nothing(wrong):
    case = make_case(email="" if wrong == "no mail known" else MAIL)
    other = make_case(email=MAIL)
    code = "PY26-AAAA-AAAA" if wrong == "code" else case.code
    good = ask_pin(Client(REMOTE_ADDR="10.9.9.9"), other.code, MAIL)
    sent = Message.objects.count()
    bad = ask_pin(Client(REMOTE_ADDR="10.9.9.8"), code, "khac@vidu.vn")
    assert (good.status_code, bad.status_code) == (200, 200)
    assert good.content == bad.content
    assert Message.objects.count() == sent
    pin = case.pin
    case.refresh_from_db()
    assert case.pin == pin


def test_right_and_wrong_pairs_ask_the_database_the_same():
    case = make_case(email=MAIL)
    asked = []
    for code, email in ((case.code, MAIL), (case.code, "khac@vidu.vn"), ("PY26-AAAA-AAAA", MAIL)):
        with CaptureQueriesContext(connection) as found:
            services.ask_for_pin(code, email)
        asked.append([each["sql"].split()[0] for each in found if "SAVEPOINT" not in each["sql"]])
    assert asked == [["SELECT", "INSERT"]] * 3


def test_asking_for_pins_is_limited_for_an_address_and_for_a_code(client):
    case = make_case(email=MAIL)
    for _number in range(5):
        assert ask_pin(client, case.code, "khac@vidu.vn").status_code == 200
    assert ask_pin(client, case.code, MAIL).status_code == 429
    assert ask_pin(Client(REMOTE_ADDR="10.1.2.3"), case.code, MAIL).status_code == 429


ODD_LINKS = ["x", "a:b:c", "é" * 300, signing.dumps(["x"], salt="feedback.new-pin")]


@pytest.mark.parametrize("token", ODD_LINKS, ids=["short", "parts", "long", "signed"])
def test_odd_links_are_over(client, token):
    assert client.get(f"/tra-cuu/pin-moi/{token}/").status_code in {404, 410}


# A wrong code takes the same work as a wrong PIN -----------------------------------------------------------------


def test_a_wrong_code_costs_what_a_wrong_pin_costs(django_assert_num_queries, monkeypatch):
    opened = []
    monkeypatch.setattr("parcai.lib.fields.decrypt", lambda token: opened.append(token) or "000000")
    monkeypatch.setattr("feedback.services.asker.decrypt", lambda token: opened.append(token) or "000000")
    case = make_case()
    opened.clear()
    costs = []
    for code in (case.code, "PY26-AAAA-AAAA"):
        with django_assert_num_queries(1):
            assert services.find_by_code(code, "111111") is None
        costs.append(len(opened))
        opened.clear()
    assert costs == [1, 1]


def test_publishing_again_says_when_the_words_were_changed(client):
    case = make_published_case()
    assert "đã chỉnh sửa" not in client.get(case.get_absolute_url()).content.decode()
    by, words = services.coordinators()[0], services.proposal_for_public(case)
    services.publish(case, by=by, **words)  # the same words once more
    assert "đã chỉnh sửa" not in client.get(case.get_absolute_url()).content.decode()
    services.publish(case, by=by, **words | {"title": "Tiêu đề khác của câu này"})
    assert "đã chỉnh sửa ngày" in client.get(case.get_absolute_url()).content.decode()
