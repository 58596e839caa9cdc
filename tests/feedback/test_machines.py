"""Cases from other systems: handed in, read, answered; by whom, once, and with the same words as on the web."""

import json
import logging
import re
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from agencies import keys
from agencies import services as agencies
from agencies.models import ApiKey, KeptAnswer
from feedback import machines, services
from feedback.models import Answer, Case, CaseEvent
from feedback.services import intake
from notifications import services as notifications
from notifications.models import Message
from tests.factories import (
    ago,
    make_agency,
    make_case,
    make_coordinator,
    make_head,
    make_key,
    make_officer,
    make_published_case,
)
from tests.feedback.signing import INTAKE, get, headers, new_case, post

pytestmark = pytest.mark.django_db
ANSWER = {"body": "<p>Sở trả lời: cần tờ khai theo mẫu và giấy tờ tùy thân.</p>"}


def address(case, ending="") -> str:
    return f"{INTAKE}{case.code}/{ending}"


def wrong(response, status: int, code: str, *fields: str) -> dict:
    """The body of a refusal, which has its three parts, and these fields and no other."""
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert set(body) - {"see"} == {"detail", "code", "fields"}
    assert set(body["fields"]) == set(fields)
    assert re.search("[à-ỹ]", body["detail"])
    return body


# Handing in ------------------------------------------------------------------------------------------------------


def test_a_case_comes_in_as_it_does_on_the_web(client):
    agency, coordinator = make_agency(code="PY-THU"), make_coordinator()
    key = make_key("create", name="Tổng đài 1022")
    asker = {
        "kind": "business",
        "name": "Công ty Gọi",
        "email": "goi@vidu.vn",
        "phone": "0912 345 678",
        "address": "Phường 1",
    }
    consents = {"answer": True, "publish": True, "show_name": True}

    response = post(
        client,
        key,
        INTAKE,
        new_case(kind="feedback", agency="PY-THU", asker=asker, consents=consents, channel="phone"),
    )

    assert response.status_code == 201
    case, receipt = Case.objects.get(), response.json()
    assert receipt == {
        "code": case.code,
        "kind": "feedback",
        "status": "received",
        "received_at": timezone.localtime(case.received_at).isoformat(),
        "due_on": agencies.due_on(case.received_at, 15).isoformat(),
        "term": 15,
        "url": f"http://127.0.0.1:8000{address(case)}",
        "status_url": "http://127.0.0.1:8000/tra-cuu/",
    }
    assert receipt["received_at"].endswith("+07:00")
    assert (case.source, case.asked_agency, case.agency, case.status) == ("phone", agency, None, "received")
    assert (case.asker_kind, case.asker_name, case.asker_email) == (
        "doanh_nghiep",
        "Công ty Gọi",
        "goi@vidu.vn",
    )
    assert (case.asker_phone, case.asker_address) == ("0912 345 678", "Phường 1")
    assert case.publish_consent_at is not None
    assert case.show_name is True
    event = case.events.get()
    assert (event.step, event.by, str(event.by)) == ("receive", key.account, "Tổng đài 1022")
    assert {(each.template, each.channel) for each in Message.objects.all()} == {
        ("case_received", "email"),
        ("case_new", "in_app"),
    }
    assert Message.objects.get(template="case_new").official == coordinator
    assert services.verify_history() == []


def test_the_receipt_goes_out_by_mail_and_says_where_the_case_is_followed(client, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    key = make_key("create", name="Tổng đài 1022")
    asker = {"name": "Trần Văn Gọi", "email": "goi@vidu.vn"}

    code = post(client, key, INTAKE, new_case(asker=asker)).json()["code"]
    notifications.deliver_due()

    (mail,) = mailoutbox
    assert mail.to == ["goi@vidu.vn"]
    assert code in mail.body
    assert "gửi qua Tổng đài 1022" in mail.body
    assert "PIN" not in mail.body


def test_the_pin_is_given_to_a_system_that_hands_it_out_and_to_no_other(client):
    key = make_key("create", "read")

    without = post(client, key, INTAKE, new_case()).json()
    given = post(client, key, INTAKE, new_case(hand_out_pin=True, asker={"name": "An", "email": "a@vidu.vn"}))

    case = Case.objects.get(code=given.json()["code"])
    assert "pin" not in without
    assert given.json()["pin"] == case.pin
    assert (
        "PIN" in notifications.as_email(Message.objects.get(template="case_received", channel="email")).body
    )
    assert services.find_by_code(case.code, given.json()["pin"]) == case
    assert case.pin not in get(client, key, address(case)).content.decode()


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"title": "Ngắn"}, ["title"]),
        ({"title": "x" * 201}, ["title"]),
        ({"title": "\u200b" * 20}, ["title"]),
        ({"title": 12345678901}, ["title"]),
        ({"title": None}, ["title"]),
        ({"title": ["Một câu hỏi đủ dài"]}, ["title"]),
        ({"text": "Ngắn quá"}, ["text"]),
        ({"text": "x" * 10_001}, ["text"]),
        ({"kind": "khác"}, ["kind"]),
        ({"kind": ["question"]}, ["kind"]),
        ({"kind": {}}, ["kind"]),
        ({"channel": "web"}, ["channel"]),
        ({"agency": "KHONG-CO"}, ["agency"]),
        ({"agency": 7}, ["agency"]),
        ({"asker": {}}, ["asker.name"]),
        ({"asker": []}, ["asker"]),
        ({"asker": "An"}, ["asker"]),
        ({"asker": {"name": "A"}}, ["asker.name"]),
        ({"asker": {"name": "An", "email": "không phải"}}, ["asker.email"]),
        ({"asker": {"name": "An", "phone": "12"}}, ["asker.phone"]),
        ({"asker": {"name": "An", "kind": "business", "tax_code": "0100109107"}}, ["asker.tax_code"]),
        ({"asker": {"name": "An", "kind": "cong_dan"}}, ["asker.kind"]),
        ({"asker": {"name": "An", "cccd": "001"}}, ["asker.cccd"]),
        ({"kind": "feedback", "asker": {"name": "An"}}, ["asker.phone"]),
        ({"consents": {}}, ["consents.answer", "consents.publish"]),
        ({"consents": {"answer": True}}, ["consents.publish"]),
        ({"consents": {"answer": False, "publish": False}}, ["consents.answer"]),
        ({"consents": {"answer": "true", "publish": 1}}, ["consents.answer", "consents.publish"]),
        ({"consents": {"answer": True, "publish": None}}, ["consents.publish"]),
        ({"consents": None}, ["consents"]),
        ({"hand_out_pin": "có"}, ["hand_out_pin"]),
        ({"attachments": []}, ["attachments"]),
        ({"status": "answered", "pin": "000000", "code": "PY26-AAAA-AAAA"}, ["code", "pin", "status"]),
        ({"published_at": "2026-01-01", "is_confidential": False}, ["is_confidential", "published_at"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_the_web_would_not_take_is_refused_by_its_field(client, changed, fields):
    wrong(post(client, make_key("create"), INTAKE, new_case(**changed)), 400, "invalid", *fields)
    assert not Case.objects.exists()


def test_personal_data_is_pointed_out_before_it_is_taken(client):
    key, text = make_key("create"), "Xin gọi lại cho tôi theo số 0912 345 678 để hướng dẫn thêm."

    body = wrong(
        post(client, key, INTAKE, new_case(text=text), call="lan-goi-a"), 400, "personal_data", "text"
    )
    assert body["fields"]["text"] == ["Có thông tin riêng tư (số điện thoại: “0912 345 678”)."]
    assert not Case.objects.exists()

    sent = new_case(text=text, personal_data_confirmed=True)
    assert post(client, key, INTAKE, sent, call="lan-goi-a").status_code == 201


def test_a_warning_does_not_hide_an_error(client):
    asked = new_case(text="Số của tôi là 0912 345 678, xin gọi lại.", asker={"name": "A"})

    wrong(post(client, make_key("create"), INTAKE, asked), 400, "invalid", "text", "asker.name")


@pytest.mark.parametrize(("kind", "page"), [("complaint", "khieu-nai"), ("denunciation", "to-cao")])
def test_khieu_nai_and_to_cao_are_shown_the_right_door_and_not_kept(client, kind, page):
    key = make_key("create")

    body = wrong(post(client, key, INTAKE, new_case(kind=kind)), 422, f"{kind}_goes_elsewhere", "kind")

    assert body["see"] == f"http://127.0.0.1:8000/khieu-nai-to-cao/{page}/"
    assert client.get(f"/khieu-nai-to-cao/{page}/").status_code == 200
    assert not Case.objects.exists()
    assert not Message.objects.exists()
    assert set(KeptAnswer.objects.values_list("answer", flat=True)) <= {""}


def test_a_key_for_agencies_hands_in_for_them_only(client):
    ours, other = make_agency(code="PY-TA"), make_agency(code="PY-KIA")
    one, many = make_key("create", agencies=[ours]), make_key("create", agencies=[ours, make_agency()])

    wrong(post(client, one, INTAKE, new_case(agency="PY-KIA")), 400, "invalid", "agency")
    wrong(post(client, many, INTAKE, new_case()), 400, "invalid", "agency")
    code = post(client, one, INTAKE, new_case()).json()["code"]
    assert Case.objects.get(code=code).asked_agency == ours
    assert post(client, make_key("create"), INTAKE, new_case(agency=other.code)).status_code == 201


def test_an_agency_that_has_ended_is_not_asked(client):
    make_agency(code="PY-CU", valid_to=timezone.localdate() - timedelta(days=1))

    wrong(post(client, make_key("create"), INTAKE, new_case(agency="PY-CU")), 400, "invalid", "agency")


# Once ------------------------------------------------------------------------------------------------------------


def test_the_same_call_gives_the_same_answer_however_often(client):
    key = make_key("create")

    first = post(client, key, INTAKE, new_case(hand_out_pin=True), call="lan-goi-a")
    services.ask_back(Case.objects.get(), by=make_coordinator(), note="Xin bổ sung")
    again = post(client, key, INTAKE, new_case(hand_out_pin=True), call="lan-goi-a")

    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert (Case.objects.count(), CaseEvent.objects.filter(step="receive").count()) == (1, 1)


def test_the_same_key_for_another_content_is_refused(client):
    key = make_key("create", "answer", agencies=[make_agency()])
    post(client, key, INTAKE, new_case(), call="lan-goi-a")

    other = new_case(title="Một câu hỏi khác hẳn câu trước?")
    wrong(post(client, key, INTAKE, other, call="lan-goi-a"), 422, "idempotency_key_reused")
    path = f"{INTAKE}PY26-AAAA-BBBB/answer/"
    wrong(post(client, key, path, new_case(), call="lan-goi-a"), 422, "idempotency_key_reused")
    assert Case.objects.count() == 1


def test_what_was_refused_may_be_mended_and_sent_under_the_same_key(client):
    key = make_key("create")

    wrong(post(client, key, INTAKE, new_case(title="Ngắn"), call="lan-goi-a"), 400, "invalid", "title")
    assert post(client, key, INTAKE, new_case(), call="lan-goi-a").status_code == 201


def test_two_systems_may_choose_the_same_key(client):
    for _number in range(2):
        assert post(client, make_key("create"), INTAKE, new_case(), call="lan-goi-a").status_code == 201
    assert Case.objects.count() == 2


def test_a_call_that_broke_off_is_made_again(client, monkeypatch):
    key, real = make_key("create"), services.receive

    def breaks(**fields):
        real(**fields)
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(services, "receive", breaks)
    response = post(client, key, INTAKE, new_case(), call="lan-goi-a")
    wrong(response, 503, "unavailable")
    assert response["Retry-After"] == "30"
    assert not Case.objects.exists()

    monkeypatch.setattr(services, "receive", real)
    assert post(client, key, INTAKE, new_case(), call="lan-goi-a").status_code == 201
    assert Case.objects.count() == 1


def test_a_late_repetition_finds_its_case_when_the_answer_is_long_forgotten(client):
    key = make_key("create")
    first = post(client, key, INTAKE, new_case(), call="lan-goi-a").json()
    KeptAnswer.objects.update(at=ago(days=31))
    keys.forget()

    assert post(client, key, INTAKE, new_case(), call="lan-goi-a").json() == first
    other = new_case(title="Một câu hỏi khác hẳn câu trước?")
    KeptAnswer.objects.all().delete()
    assert post(client, key, INTAKE, other, call="lan-goi-a").json()["code"] != first["code"]
    assert Case.objects.count() == 2


def test_a_case_that_gets_no_code_may_be_sent_again(client, monkeypatch):
    key, taken = make_key("create"), make_case().code
    monkeypatch.setattr(intake, "new_code", lambda: taken)

    response = post(client, key, INTAKE, new_case(), call="lan-goi-a")

    wrong(response, 503, "unavailable")
    monkeypatch.undo()
    assert post(client, key, INTAKE, new_case(), call="lan-goi-a").status_code == 201


@pytest.mark.parametrize("call", ["", "ngan", "có dấu đây", "x" * 129, "khoang trang"])
def test_a_call_without_a_good_idempotency_key_is_refused(client, call):
    body = json.dumps(new_case()).encode()
    key = make_key("create")
    sent = {**headers(key, "POST", INTAKE, body), "Idempotency-Key": call}

    wrong(client.post(INTAKE, body, content_type="application/json", headers=sent), 400, "idempotency_key")


def test_a_signature_somebody_copied_carries_no_second_call(client):
    key, moment = make_key("create"), str(int(time.time()))

    assert post(client, key, INTAKE, new_case(), call="lan-goi-a", moment=moment).status_code == 201
    wrong(post(client, key, INTAKE, new_case(), call="lan-goi-b", moment=moment), 409, "signature_reused")
    assert post(client, key, INTAKE, new_case(), call="lan-goi-a", moment=moment).status_code == 201
    assert Case.objects.count() == 1


def test_the_signature_of_a_refused_call_is_used_up_too(client):
    """Broken off, then sent again by the system itself: the first signature must not carry a call of somebody else."""
    key, moment = make_key("create"), str(int(time.time()))

    post(client, key, INTAKE, new_case(title="Ngắn"), call="lan-goi-a", moment=moment)
    response = post(client, key, INTAKE, new_case(title="Ngắn"), call="lan-goi-b", moment=moment)

    wrong(response, 409, "signature_reused")


# Who may call ----------------------------------------------------------------------------------------------------


def test_all_that_is_wrong_with_a_signature_looks_the_same(client):
    key, revoked, late = make_key(), make_key(), make_key(valid_to=timezone.localdate())
    used, body = revoked.secret, json.dumps(new_case()).encode()
    keys.revoke(revoked)
    ApiKey.objects.filter(pk=late.pk).update(valid_from=ago(days=9), valid_to=ago(days=1))
    away = make_key(networks="203.0.113.0/24")
    good = headers(key, "POST", INTAKE, body)
    tries = [
        {},
        {**good, "X-Key": "PYK-KHONGCO"},
        {**good, "X-Signature": "v1=" + "0" * 64},
        {**good, "X-Signature": "ê"},
        {**good, "X-Timestamp": str(int(time.time()) - 400)},
        headers(key, "POST", INTAKE, body, moment=str(int(time.time()) + 400)),
        headers(key, "POST", INTAKE, body + b" "),
        headers(key, "GET", INTAKE, body),
        headers(revoked, "POST", INTAKE, body, secret=used),
        headers(late, "POST", INTAKE, body),
        headers(away, "POST", INTAKE, body),
    ]

    answers = [
        client.post(
            INTAKE, body, content_type="application/json", headers={**each, "Idempotency-Key": "lan-goi-a"}
        )
        for each in tries
    ]

    wrong(answers[0], 401, "not_authenticated")
    seen = {(each.status_code, each.content, frozenset(each.headers.items())) for each in answers}
    assert len(seen) == 1
    assert answers[0]["WWW-Authenticate"].startswith("HMAC-SHA256")
    assert not Case.objects.exists()


def test_no_session_and_no_cookie_is_read_or_set(client):
    client.force_login(make_coordinator(), backend="agencies.auth.OfficialBackend")
    case = make_case()

    response = client.get(address(case))

    assert response.status_code == 401
    assert response.cookies == {}


@pytest.mark.parametrize("scope", ["create", "read", "answer"])
def test_each_right_opens_its_own_address(client, scope):
    agency = make_agency()
    case = make_case(status="assigned", agency=agency)
    key = make_key(scope, agencies=[agency])

    answers = {
        "create": post(client, key, INTAKE, new_case()),
        "read": get(client, key, address(case)),
        "answer": post(client, key, address(case, "answer/"), ANSWER),
    }

    assert {name: each.status_code for name, each in answers.items()} == {
        **dict.fromkeys(answers, 403),
        scope: 200 if scope == "read" else 201,
    }
    for name, each in answers.items():
        if name != scope:
            wrong(each, 403, "scope")


def test_the_path_and_the_question_are_signed(client):
    agency = make_agency()
    case = make_case(status="assigned", agency=agency)
    key = make_key("read", agencies=[agency])

    assert get(client, key, address(case) + "?x=1").status_code == 200
    for other in (address(case) + "?x=2", address(case)):
        response = client.get(other, headers=headers(key, "GET", address(case) + "?x=1"))
        assert response.status_code == 401


def test_calls_are_limited_a_minute_and_key(client):
    case = make_case(status="assigned", agency=(agency := make_agency()))
    key, other = make_key("read", agencies=[agency], calls_a_minute=2), make_key("read", agencies=[agency])

    answers = [get(client, key, address(case)) for _number in range(3)]

    assert [each.status_code for each in answers] in (
        [200, 200, 429],
        [200, 200, 200],
    )  # a minute may end between
    for each in answers:
        assert each["RateLimit-Limit"] == "2"
        assert 1 <= int(each["RateLimit-Reset"]) <= 60
    if answers[2].status_code == 429:
        wrong(answers[2], 429, "too_many_calls")
        assert [each["RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
        assert answers[2]["Retry-After"] == answers[2]["RateLimit-Reset"]
    assert get(client, other, address(case)).status_code == 200


def test_refused_calls_count_and_their_signatures_are_used_up(client):
    key = make_key("create", calls_a_minute=1)
    moment = str(int(time.time()))
    answers = [post(client, key, INTAKE, new_case(), call=f"lan-goi-{number}") for number in range(2)]
    late = post(client, key, INTAKE, new_case(), call="lan-goi-c", moment=moment)
    copied = post(client, key, INTAKE, new_case(), call="lan-goi-d", moment=moment)

    if (answers[1].status_code, late.status_code) == (429, 429):  # all within one minute
        assert Case.objects.count() == 1
    wrong(copied, 409, "signature_reused")
    assert copied["RateLimit-Limit"] == "1"


# Reading ---------------------------------------------------------------------------------------------------------


def test_a_case_of_another_agency_looks_like_none(client):
    agency = make_agency()
    theirs, public = make_case(status="assigned"), make_published_case()
    key = make_key("read", "answer", agencies=[agency])

    absent = get(client, key, f"{INTAKE}PY26-AAAA-BBBB/")
    for path in (address(theirs), address(public), f"{INTAKE}khong-phai-ma/", f"{INTAKE}{'x' * 500}/"):
        response = get(client, key, path)
        assert (response.status_code, response.content) == (404, absent.content), path
    wrong(absent, 404, "not_found")
    wrong(post(client, key, address(theirs, "answer/"), ANSWER), 404, "not_found")
    assert not Answer.objects.filter(case=theirs).exists()


def test_a_call_centre_reads_what_it_sent_and_nothing_else(client):
    key, other = make_key("create", "read"), make_key("create", "read")
    case = Case.objects.get(code=post(client, key, INTAKE, new_case()).json()["code"])
    services.route(case, by=make_coordinator(), agency=make_agency())

    assert get(client, key, address(case)).status_code == 200
    assert get(client, other, address(case)).status_code == 404
    assert get(client, key, f"{INTAKE}{case.code.replace('-', '').lower()}/").json()["code"] == case.code


CANARY = "Canary"


def test_reading_tells_how_it_stands_and_nothing_of_asker_or_officials(client):
    agency = make_agency(code="PY-GIU", name="Sở Đang giữ")
    coordinator = make_coordinator(full_name=f"{CANARY} Điều phối")
    officer = make_officer(agency, full_name=f"{CANARY} Chuyên viên")
    case = make_case(
        title=f"{CANARY} tiêu đề câu hỏi", text=f"{CANARY} nội dung của câu hỏi này.", email="canary@vidu.vn"
    )
    Case.objects.filter(pk=case.pk).update(asker_name=f"{CANARY} Người gửi")
    case.refresh_from_db()
    services.accept(case, by=coordinator, note=f"{CANARY} nội bộ")
    services.route(case, by=coordinator, agency=agency, note=f"{CANARY} nội bộ")
    services.claim(case, by=officer)
    services.ask_back(case, by=officer, note="Xin cho biết nơi đăng ký.")
    services.add_information(case, text=f"{CANARY} lời người gửi")
    services.submit_answer(case, by=officer, body=f"<p>{CANARY} dự thảo</p>", version=0)
    services.send_back(case, by=make_head(agency), note=f"{CANARY} nội bộ")

    response = get(client, make_key("read", agencies=[agency]), address(case))

    body = response.json()
    assert CANARY.lower() not in response.content.decode().lower()
    assert {
        name: body[name] for name in ("code", "status", "status_label", "agency", "due_on", "is_overdue")
    } == {
        "code": case.code,
        "status": "assigned",
        "status_label": "Đang giải quyết",
        "agency": {"code": "PY-GIU", "name": "Sở Đang giữ"},
        "due_on": case.due_on.isoformat(),
        "is_overdue": False,
    }
    assert [event["step"] for event in body["timeline"]] == [
        *("receive", "accept", "route", "ask-back", "reply", "submit", "send-back"),
    ]
    assert [event["note"] for event in body["timeline"] if event["note"]] == ["Xin cho biết nơi đăng ký."]
    assert body["timeline"][2]["title"] == "Đã giao Sở Đang giữ giải quyết"
    assert body["answer"] is None


def test_the_signed_answer_goes_back_the_way_the_question_came(client):
    agency = make_agency()
    key, theirs = make_key("create", "read"), make_key("read", agencies=[agency])
    case = Case.objects.get(code=post(client, key, INTAKE, new_case()).json()["code"])
    services.route(case, by=make_coordinator(), agency=agency)
    services.submit_answer(case, by=make_officer(agency), body="<p>Cần tờ khai.</p>", version=0)
    assert get(client, key, address(case)).json()["answer"] is None
    services.sign(case, by=make_head(agency, full_name="Lê Thị Ký"), version=1)

    answer = get(client, key, address(case)).json()["answer"]

    assert (answer["body"], answer["agency"]) == ("<p>Cần tờ khai.</p>", agency.name)
    assert (answer["signer"], answer["signer_title"]) == ("Lê Thị Ký", "Giám đốc")
    assert get(client, theirs, address(case)).json()["answer"] is None


def test_what_was_set_aside_is_shown_to_no_agency_system(client):
    agency = make_agency()
    case = make_case(status="assigned", agency=agency)
    services.set_aside(case, by=make_coordinator())
    key = make_key("read", "answer", agencies=[agency])

    assert get(client, key, address(case)).status_code == 404
    assert post(client, key, address(case, "answer/"), ANSWER).status_code == 404


def test_a_system_hears_that_what_it_sent_was_set_aside_and_no_more(client):
    key = make_key("create", "read")
    case = Case.objects.get(code=post(client, key, INTAKE, new_case()).json()["code"])
    services.set_aside(case, by=make_coordinator(), note="Canary nội bộ")

    body = get(client, key, address(case)).json()

    assert (body["status"], body["answer"]) == ("forwarded", None)
    assert "khiếu nại, tố cáo" in body["timeline"][-1]["note"]
    assert "Canary" not in str(body)


def test_reading_asks_the_same_number_of_questions_for_a_long_history(client, django_assert_max_num_queries):
    agency = make_agency()
    key = make_key("read", agencies=[agency])
    short, long = make_case(status="assigned", agency=agency), make_case(status="answered", agency=agency)
    services.reopen(long, note="Chưa rõ")

    get(client, key, address(short))  # notes the use of the key
    for case in (short, long):
        with django_assert_max_num_queries(10):
            assert get(client, key, address(case)).status_code == 200


# Answering -------------------------------------------------------------------------------------------------------


def test_an_answer_comes_as_a_draft_that_waits_for_the_head(client):
    agency = make_agency()
    head, case = make_head(agency), make_case(status="assigned", agency=agency)
    key = make_key("answer", agencies=[agency], name="Một cửa Sở Thử")
    document = {"number": "12/SNV-CCHC", "issued_on": "2026-05-05", "signer": "Lê Thị Ký"}

    response = post(client, key, address(case, "answer/"), {**ANSWER, "document": document})

    case.refresh_from_db()
    answer = case.answers.get()
    assert response.status_code == 201
    assert response.json() == {
        "code": case.code,
        "status": "drafted",
        "status_label": "Chờ thủ trưởng ký",
        "round": 1,
    }
    assert (answer.body, answer.drafted_by, answer.signed_at) == (ANSWER["body"], key.account, None)
    assert (case.status, case.officer) == ("drafted", None)
    event = case.events.last()
    assert (event.step, str(event.by)) == ("submit", "Một cửa Sở Thử")
    assert "12/SNV-CCHC ngày 05/05/2026, người ký Lê Thị Ký" in event.internal_note
    assert Message.objects.get(template="answer_waiting", channel="in_app").official == head
    services.sign(case, by=head, version=answer.version)
    assert case.answers.get().signed_by == head


def test_the_desk_says_which_system_wrote(client):
    agency = make_agency()
    case, key = (
        make_case(status="assigned", agency=agency),
        make_key("answer", agencies=[agency], name="Một cửa Sở Thử"),
    )
    post(client, key, address(case, "answer/"), ANSWER)
    client.force_login(make_head(agency), backend="agencies.auth.OfficialBackend")

    page = client.get(case.get_desk_url()).content.decode()

    assert "Một cửa Sở Thử soạn lúc" in page
    assert page.count("Một cửa Sở Thử") >= 2  # the draft and its line of history
    assert "Duyệt và ký trả lời" in page


def test_a_machine_never_signs(client):
    agency = make_agency()
    case = make_case(status="drafted", agency=agency)

    with pytest.raises(services.TransitionError):
        services.sign(case, by=make_key("answer", agencies=[agency]).account, version=1)


def test_a_draft_sent_back_goes_to_people_and_may_be_handed_in_again(client):
    agency = make_agency()
    head, officer = make_head(agency), make_officer(agency)
    case, key = make_case(status="assigned", agency=agency), make_key("answer", agencies=[agency])
    post(client, key, address(case, "answer/"), ANSWER)
    case.refresh_from_db()
    services.send_back(case, by=head, note="Nêu rõ căn cứ")

    assert Message.objects.get(template="answer_sent_back", channel="in_app").official == officer
    response = post(client, key, address(case, "answer/"), {"body": "Câu trả lời sửa lại, văn bản thuần."})
    assert response.status_code == 201
    assert case.answers.get().body == "<p>Câu trả lời sửa lại, văn bản thuần.</p>"


def test_a_machine_does_not_write_over_an_official(client):
    agency = make_agency()
    case, key = make_case(status="assigned", agency=agency), make_key("answer", agencies=[agency])
    services.save_draft(case, by=make_officer(agency), body="<p>Bản của chuyên viên</p>", version=0)

    wrong(post(client, key, address(case, "answer/"), ANSWER), 409, "draft_by_official")

    assert case.answers.get().body == "<p>Bản của chuyên viên</p>"


@pytest.mark.parametrize("status", ["drafted", "answered", "needs_info"])
def test_an_answer_that_does_not_fit_is_refused_in_words(client, status):
    agency = make_agency()
    key = make_key("answer", agencies=[agency])
    case = make_case(status="assigned", agency=agency)
    if status == "needs_info":
        services.ask_back(case, by=make_officer(agency), note="Xin bổ sung")
    else:
        post(client, key, address(case, "answer/"), ANSWER)
        case.refresh_from_db()
        if status == "answered":
            services.sign(case, by=make_head(agency), version=1)

    wrong(post(client, key, address(case, "answer/"), ANSWER), 409, "wrong_status")


def test_the_same_answer_sent_twice_is_one(client):
    agency = make_agency()
    case, key = make_case(status="assigned", agency=agency), make_key("answer", agencies=[agency])

    first = post(client, key, address(case, "answer/"), ANSWER, call="tra-loi-a")
    again = post(client, key, address(case, "answer/"), ANSWER, call="tra-loi-a")

    assert (again.status_code, again.content) == (201, first.content)
    assert case.events.filter(step="submit").count() == 1


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ({}, ["body"]),
        ({"body": ""}, ["body"]),
        ({"body": "<p> </p><script>alert(1)</script>"}, ["body"]),
        ({"body": "<b>" * 5000 + "x"}, ["body"]),
        ({"body": "x", "signed_by": 1}, ["signed_by"]),
        ({"body": "Trả lời.", "document": {}}, ["document.issued_on", "document.number", "document.signer"]),
        (
            {"body": "Trả lời.", "document": {"number": " ", "issued_on": "2026-05-05", "signer": "A"}},
            ["document.number"],
        ),
        (
            {"body": "Trả lời.", "document": {"number": "1", "issued_on": "5/5/2026", "signer": "A"}},
            ["document.issued_on"],
        ),
        (
            {"body": "Trả lời.", "document": {"number": "1", "issued_on": 20260505, "signer": "A"}},
            ["document.issued_on"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_answer_that_says_nothing_is_refused_by_its_field(client, content, fields):
    agency = make_agency()
    case, key = make_case(status="assigned", agency=agency), make_key("answer", agencies=[agency])

    wrong(post(client, key, address(case, "answer/"), content), 400, "invalid", *fields)
    assert not case.answers.exists()


def test_what_a_machine_writes_is_cleaned(client):
    agency = make_agency()
    case, key = make_case(status="assigned", agency=agency), make_key("answer", agencies=[agency])

    post(client, key, address(case, "answer/"), {"body": '<p onclick="x()">Lời<script>x()</script></p>'})

    assert case.answers.get().body == "<p>Lời</p>"


# What is written down --------------------------------------------------------------------------------------------


def test_one_line_a_call_and_nothing_that_was_sent(client, caplog):
    agency = make_agency()
    key = make_key(agencies=[agency])
    asker = {
        "name": "Canary Tên",
        "email": "canary@vidu.vn",
        "phone": "0987654321",
        "address": "Canary nơi ở",
    }
    caplog.set_level(logging.DEBUG)

    asked = new_case(
        title="Canary tiêu đề câu hỏi đủ dài",
        text="Canary nội dung của câu hỏi này đây.",
        asker=asker,
        hand_out_pin=True,
    )
    receipt = post(client, key, INTAKE, asked, call="canary-lan-goi").json()
    case = Case.objects.get()
    post(client, key, INTAKE, {**asked, "title": "Canary"})
    post(client, key, INTAKE, {**asked, "kind": "denunciation"})
    get(client, key, address(case) + "?canary=1", secret="canary")
    get(client, key, address(case))
    services.route(case, by=make_coordinator(), agency=agency)
    post(client, key, address(case, "answer/"), {"body": "Canary trả lời"})
    client.get(address(case), headers={"X-Key": "CANARY"})
    client.generic("CANARY", INTAKE)

    lines = [each for each in caplog.records if each.name == "parcai.calls"]
    assert [re.sub(r" \d+ms$", "", each.getMessage()) for each in lines] == [
        f"key={key.key_id} POST /api/v1/intake/cases/ 201",
        f"key={key.key_id} POST /api/v1/intake/cases/ 400",
        f"key={key.key_id} POST /api/v1/intake/cases/ 422",
        "key=- GET /api/v1/intake/cases/{code}/ 401",
        f"key={key.key_id} GET /api/v1/intake/cases/{{code}}/ 200",
        f"key={key.key_id} POST /api/v1/intake/cases/{{code}}/answer/ 201",
        "key=- GET /api/v1/intake/cases/{code}/ 401",
        "key=- - /api/v1/intake/cases/ 401",
    ]
    written = "\n".join(each.getMessage() for each in caplog.records if each.levelno >= logging.INFO)
    for secret in ("anary", "0987654321", receipt["code"], receipt["pin"], key.secret):
        assert secret not in written


def test_a_fault_of_ours_is_one_line_too(client, caplog, monkeypatch):
    key = make_key("create")
    caplog.set_level(logging.INFO)
    client.raise_request_exception = False
    monkeypatch.setattr(machines.NewCase, "_asked_agency", lambda self, code: 1 / 0)

    assert post(client, key, INTAKE, new_case()).status_code == 500

    line = next(each for each in caplog.records if each.name == "parcai.calls")
    assert line.getMessage().startswith(f"key={key.key_id} POST /api/v1/intake/cases/ 500")
