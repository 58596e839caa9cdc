import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from agencies.models import Attempt
from feedback import services
from feedback.models import Case
from feedback.timeline import STEP_WORDS
from parcai.demo.clock import at
from tests.factories import (
    make_agency,
    make_case,
    make_coordinator,
    make_head,
    make_officer,
    make_published_case,
)

pytestmark = pytest.mark.django_db
Status = Case.Status


def look_up(client, case, pin=None):
    return client.post("/tra-cuu/", {"code": case.code, "pin": pin or case.pin})


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06d}"


def without_token(response) -> str:
    return re.sub(r'value="[^"]*"', "", response.content.decode())


def test_code_and_pin_open_the_case_and_stand_in_no_address(client):
    case = make_case()
    response = look_up(client, case)
    assert response["Location"] == "/tra-cuu/ho-so/"
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert case.title in page
    assert case.pin not in page


def test_a_wrong_code_and_a_wrong_pin_look_the_same(client):
    case = make_case()
    wrong_pin = look_up(client, case, wrong(case.pin))
    wrong_code = client.post("/tra-cuu/", {"code": "PY26-AAAA-AAAA", "pin": case.pin})
    assert (wrong_pin.status_code, wrong_code.status_code) == (422, 422)
    assert without_token(wrong_pin) == without_token(wrong_code)


def test_five_wrong_tries_close_the_door_for_the_address_and_for_the_code(client):
    case, other = make_case(), make_case()
    for _number in range(5):
        assert look_up(client, case, wrong(case.pin)).status_code == 422
    assert look_up(client, case).status_code == 429
    assert look_up(client, other).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert look_up(elsewhere, case).status_code == 429
    assert look_up(elsewhere, other).status_code == 302


def test_right_tries_are_not_counted(client):
    case = make_case()
    for _number in range(12):
        assert look_up(client, case).status_code == 302


def test_the_demonstration_may_switch_limits_off(client, settings):
    settings.RATE_LIMITS = False
    case = make_case()
    for _number in range(8):
        assert look_up(client, case, wrong(case.pin)).status_code == 422


def test_an_unsigned_or_missing_cookie_opens_nothing(client):
    case = make_case()
    assert client.get("/tra-cuu/ho-so/")["Location"] == "/tra-cuu/"
    client.cookies["ho_so"] = case.code
    assert client.get("/tra-cuu/ho-so/")["Location"] == "/tra-cuu/"


def test_the_answer_is_shown_after_signing_and_internal_words_never(client):
    case = make_case(status=Status.DRAFTED)
    services.send_back(case, by=make_head(case.agency), note="Ghi chú nội bộ tuyệt đối")
    look_up(client, case)
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "Sở trả lời như sau" not in page
    assert "Ghi chú nội bộ tuyệt đối" not in page
    services.submit_answer(case, by=make_officer(case.agency), body="<p>Sở trả lời như sau: …</p>", version=1)
    services.sign(case, by=make_head(case.agency), version=2)
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "Sở trả lời như sau" in page
    assert "Ghi chú nội bộ tuyệt đối" not in page


def test_the_asker_adds_rates_reopens_and_withdraws(client):
    asked = make_case(status=Status.NEEDS_INFO)
    look_up(client, asked)
    assert client.post("/tra-cuu/ho-so/bo-sung/", {"note": ""}).status_code == 422
    client.post("/tra-cuu/ho-so/bo-sung/", {"note": "Tôi đăng ký tại xã cũ."})
    asked.refresh_from_db()
    assert asked.status == Status.RECEIVED
    client.post("/tra-cuu/ho-so/rut/")
    asked.refresh_from_db()
    assert asked.status == Status.WITHDRAWN

    answered = make_case(status=Status.ANSWERED)
    look_up(client, answered)
    assert client.post("/tra-cuu/ho-so/danh-gia/", {"rating": "9"}).status_code == 422
    client.post("/tra-cuu/ho-so/danh-gia/", {"rating": "5", "comment": "Cảm ơn"})
    client.post("/tra-cuu/ho-so/mo-lai/", {"note": "Còn ý thứ hai."})
    answered.refresh_from_db()
    assert (answered.status, answered.rating) == (Status.ASSIGNED, None)


def test_a_step_that_no_longer_fits_says_so_and_keeps_the_words(client):
    case = make_case(status=Status.NEEDS_INFO)
    look_up(client, case)
    services.reject(case, by=make_coordinator(), note="Không đúng thẩm quyền")
    response = client.post("/tra-cuu/ho-so/bo-sung/", {"note": "Chữ tôi vừa gõ."})
    assert response.status_code == 422
    assert "không còn chờ bổ sung" in response.content.decode()


def test_an_unknown_step_is_not_found(client):
    look_up(client, make_case())
    assert client.post("/tra-cuu/ho-so/xoa/").status_code == 404


def test_closing_leaves_nothing_on_the_machine(client):
    look_up(client, make_case())
    client.post("/tra-cuu/dong/")
    assert client.get("/tra-cuu/ho-so/")["Location"] == "/tra-cuu/"


# Code and PIN ----------------------------------------------------------------------------------------------------


def page_apart_from_typing(response, *typed: str) -> tuple:
    """Status, headers and body, byte for byte, without the form token, what was typed and the second it was asked in."""
    body = response.content
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body).group(1)
    for piece in (token, *(each.encode() for each in typed)):
        assert piece in body
        body = body.replace(piece, b"*")
    return response.status_code, dict(response.headers) | {"Expires": "*"}, body


@pytest.mark.parametrize("code", ["PY26-AAAA-AAAA", "PY26-BBBB-2222"])
def test_a_wrong_code_and_a_wrong_pin_are_the_same_byte_for_byte(code):
    case = make_case()
    bad_pin, bad_code = wrong(case.pin), code
    with_bad_pin = Client().post("/tra-cuu/", {"code": case.code, "pin": bad_pin})
    with_bad_code = Client().post("/tra-cuu/", {"code": bad_code, "pin": case.pin})

    assert page_apart_from_typing(with_bad_pin, case.code, bad_pin) == page_apart_from_typing(
        with_bad_code, bad_code, case.pin
    )
    assert set(with_bad_pin.cookies) == set(with_bad_code.cookies) == {"csrftoken"}


def test_after_too_many_tries_right_and_wrong_are_the_same_byte_for_byte(client):
    case = make_case()
    for _number in range(5):
        look_up(client, case, wrong(case.pin))
    right, bad = look_up(client, case), look_up(client, case, wrong(case.pin))

    assert right.status_code == bad.status_code == 429
    assert page_apart_from_typing(right, case.code, case.pin) == page_apart_from_typing(
        bad, case.code, wrong(case.pin)
    )


def test_the_limit_is_counted_for_the_code_across_addresses():
    case, other = make_case(), make_case()
    for number in range(5):
        assert look_up(Client(REMOTE_ADDR=f"10.0.0.{number}"), case, wrong(case.pin)).status_code == 422

    newcomer = Client(REMOTE_ADDR="10.0.1.1")
    assert look_up(newcomer, case).status_code == 429
    assert look_up(newcomer, other).status_code == 302


def test_the_limit_is_counted_for_the_address_across_codes():
    case = make_case()
    guesser = Client(REMOTE_ADDR="10.0.0.1")
    for letter in "ABCDE":
        guess = {"code": f"PY26-{letter * 4}-{letter * 4}", "pin": "123456"}
        assert guesser.post("/tra-cuu/", guess).status_code == 422

    assert look_up(guesser, case).status_code == 429
    assert look_up(Client(REMOTE_ADDR="10.0.0.2"), case).status_code == 302


def test_a_code_typed_another_way_is_still_the_same_code():
    case = make_case()
    for number, typed in enumerate(
        (case.code, case.code.lower(), case.code.replace("-", ""), f" {case.code} ", case.code)
    ):
        guesser = Client(REMOTE_ADDR=f"10.0.0.{number}")
        assert guesser.post("/tra-cuu/", {"code": typed, "pin": wrong(case.pin)}).status_code == 422

    assert look_up(Client(REMOTE_ADDR="10.0.1.1"), case).status_code == 429


def test_a_right_try_between_wrong_ones_is_not_counted(client):
    case = make_case()
    for _number in range(4):
        look_up(client, case, wrong(case.pin))
    for _number in range(6):
        assert look_up(client, case).status_code == 302

    assert look_up(client, case, wrong(case.pin)).status_code == 422
    assert look_up(client, case).status_code == 429


def test_the_door_opens_again_after_a_quarter_of_an_hour(client):
    case = make_case()
    with at(datetime(2026, 11, 20, 2, 0, tzinfo=UTC)):
        for _number in range(5):
            look_up(client, case, wrong(case.pin))
    with at(datetime(2026, 11, 20, 2, 14, 59, tzinfo=UTC)):
        assert look_up(client, case).status_code == 429
    with at(datetime(2026, 11, 20, 2, 15, 0, tzinfo=UTC)):
        assert look_up(client, case).status_code == 302


def test_the_count_of_tries_keeps_neither_code_nor_address(client):
    case = make_case()
    look_up(client, case, wrong(case.pin))

    keys = list(Attempt.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in keys)


@pytest.mark.parametrize(
    "data", [{"csrfmiddlewaretoken": "x"}, {"code": "", "pin": ""}, {"code": "PY26"}, {"pin": "123456"}]
)
def test_a_lookup_without_code_or_pin_is_told_beside_the_field_and_not_counted(client, data):
    response = client.post("/tra-cuu/", data)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("code", ["\x00" * 8, "😀" * 8, "'; DROP TABLE", "Ｐ" * 12, "\u202e" * 20, "%00"])
@pytest.mark.parametrize("pin", ["\x00" * 6, "😀" * 6, "١٢٣٤٥٦", "1' OR 1"])
def test_odd_codes_and_pins_open_nothing(client, code, pin):
    make_case()

    assert client.post("/tra-cuu/", {"code": code, "pin": pin}).status_code == 422


@pytest.mark.parametrize("status", Status.values)
def test_code_and_pin_stand_in_no_address_of_the_page(client, status):
    case = case_in(status)
    redirect = look_up(client, case)
    page = client.get("/tra-cuu/ho-so/").content.decode()

    addresses = [redirect["Location"], *re.findall(r'(?:href|action|src|content)="([^"]*)"', page)]
    assert len(addresses) > 20
    for address in addresses:
        assert case.code not in address
        assert case.pin not in address
    assert case.code in page
    assert case.pin not in page


def test_a_code_in_the_address_opens_nothing(client):
    case = make_case()

    page = client.get(f"/tra-cuu/?code={case.code}&pin={case.pin}").content.decode()

    assert case.title not in page
    assert client.get(f"/tra-cuu/ho-so/?code={case.code}&pin={case.pin}")["Location"] == "/tra-cuu/"


# The cookie ------------------------------------------------------------------------------------------------------


def test_the_cookie_is_for_this_part_of_the_portal_and_half_an_hour(client):
    look_up(client, make_case())

    cookie = client.cookies["ho_so"]
    assert (cookie["path"], cookie["max-age"]) == ("/tra-cuu/", 1800)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")


def test_the_cookie_of_one_case_opens_that_case_only(client):
    mine, other = make_case(title="Hồ sơ của chính tôi đây"), make_case(title="Hồ sơ của người khác đó")
    look_up(client, mine)
    cookie = client.cookies["ho_so"].value
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "Hồ sơ của chính tôi đây" in page
    assert "Hồ sơ của người khác đó" not in page

    for forged in (
        cookie.replace(mine.code, other.code),
        other.code,
        signing.get_cookie_signer(salt="ban_viet").sign(other.code),
        cookie[:-1],
        "",
        ":::",
    ):
        client.cookies["ho_so"] = forged
        assert client.get("/tra-cuu/ho-so/")["Location"] == "/tra-cuu/", forged
        assert client.post("/tra-cuu/ho-so/rut/").status_code == 403, forged
    assert set(Case.objects.values_list("status", flat=True)) == {Status.RECEIVED}
    client.cookies["ho_so"] = cookie
    assert client.get("/tra-cuu/ho-so/").status_code == 200


def test_the_cookie_ends_after_half_an_hour_also_when_the_browser_keeps_it(client, monkeypatch):
    look_up(client, make_case())
    now = time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 29 * 60)
    assert client.get("/tra-cuu/ho-so/").status_code == 200  # and with that, half an hour more
    monkeypatch.setattr(signing.time, "time", lambda: now + 58 * 60)
    assert client.get("/tra-cuu/ho-so/").status_code == 200

    monkeypatch.setattr(signing.time, "time", lambda: now + 89 * 60)

    assert client.get("/tra-cuu/ho-so/")["Location"] == "/tra-cuu/"
    assert client.post("/tra-cuu/ho-so/rut/").status_code == 403
    assert Case.objects.get().status == Status.RECEIVED


def test_a_second_lookup_changes_to_the_second_case(client):
    first, second = make_case(title="Hồ sơ thứ nhất của tôi"), make_case(title="Hồ sơ thứ hai của tôi")
    look_up(client, first)
    look_up(client, second)

    page = client.get("/tra-cuu/ho-so/").content.decode()

    assert "Hồ sơ thứ hai của tôi" in page
    assert "Hồ sơ thứ nhất của tôi" not in page


# The asker's steps -----------------------------------------------------------------------------------------------


def case_in(status):
    if status in {Status.REJECTED, Status.FORWARDED, Status.DUPLICATE, Status.WITHDRAWN}:
        case = make_case()
        by = make_coordinator()
        if status == Status.REJECTED:
            services.reject(case, by=by, note="Lý do từ chối")
        elif status == Status.FORWARDED:
            services.forward(case, by=by, body="Tòa án nhân dân")
        elif status == Status.DUPLICATE:
            services.mark_duplicate(case, by=by, of=make_case())
        else:
            services.withdraw(case)
        return case
    return make_case(status=status)


FORMS = {
    "bo-sung": {"note": "Tôi đăng ký tại xã cũ."},
    "danh-gia": {"rating": "4", "comment": "Cảm ơn"},
    "mo-lai": {"note": "Còn ý thứ hai."},
    "rut": {},
}
OPEN_TO = {
    "bo-sung": {Status.NEEDS_INFO},
    "danh-gia": {Status.ANSWERED},
    "mo-lai": {Status.ANSWERED},
    "rut": {Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.DRAFTED, Status.NEEDS_INFO},
}


@pytest.mark.parametrize("step", FORMS)
@pytest.mark.parametrize("status", Status.values)
def test_a_step_is_offered_and_taken_only_where_it_fits(client, status, step):
    case = case_in(status)
    look_up(client, case)
    before = (Case.objects.values().get(pk=case.pk), case.events.count())
    offered = f'action="/tra-cuu/ho-so/{step}/"' in client.get("/tra-cuu/ho-so/").content.decode()

    response = client.post(f"/tra-cuu/ho-so/{step}/", FORMS[step])

    fits = status in OPEN_TO[step]
    assert offered is fits
    assert response.status_code == (302 if fits else 422)
    after = (Case.objects.values().get(pk=case.pk), case.events.count())
    assert (after != before) is fits


def test_the_reply_resumes_the_case(client):
    case = make_case(status=Status.NEEDS_INFO)
    look_up(client, case)
    assert "Xin cho biết nơi đăng ký khai sinh trước đây." in client.get("/tra-cuu/ho-so/").content.decode()

    assert client.post("/tra-cuu/ho-so/bo-sung/", FORMS["bo-sung"])["Location"] == "/tra-cuu/ho-so/"

    case.refresh_from_db()
    assert (case.status, case.events.last().public_note) == (Status.RECEIVED, "Tôi đăng ký tại xã cũ.")


def test_the_rating_is_kept_and_asked_once(client):
    case = make_case(status=Status.ANSWERED)
    look_up(client, case)

    client.post("/tra-cuu/ho-so/danh-gia/", FORMS["danh-gia"])

    case.refresh_from_db()
    assert (case.rating, case.rating_comment) == (4, "Cảm ơn")
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "4/5 sao" in page
    assert 'action="/tra-cuu/ho-so/danh-gia/"' not in page
    assert client.post("/tra-cuu/ho-so/danh-gia/", {"rating": "1"}).status_code == 422
    case.refresh_from_db()
    assert case.rating == 4


@pytest.mark.parametrize("rating", ["0", "6", "", "năm", "5.0", "\x00"])
def test_a_rating_is_one_of_five(client, rating):
    case = make_case(status=Status.ANSWERED)
    look_up(client, case)

    response = client.post("/tra-cuu/ho-so/danh-gia/", {"rating": rating, "comment": "Lời tôi đã gõ"})

    assert response.status_code == 422
    assert "Lời tôi đã gõ" in response.content.decode()
    case.refresh_from_db()
    assert case.rating is None


def test_reopening_through_the_page_starts_a_new_round_once(client):
    case = make_case(status=Status.ANSWERED)
    look_up(client, case)

    client.post("/tra-cuu/ho-so/mo-lai/", FORMS["mo-lai"])

    case.refresh_from_db()
    assert (case.status, case.events.last().public_note) == (Status.ASSIGNED, "Còn ý thứ hai.")
    assert client.post("/tra-cuu/ho-so/mo-lai/", FORMS["mo-lai"]).status_code == 422


def test_withdrawing_through_the_page_closes_the_case(client):
    case = make_case(status=Status.ASSIGNED)
    look_up(client, case)

    client.post("/tra-cuu/ho-so/rut/")

    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN
    assert "Bạn đã rút hồ sơ" in client.get("/tra-cuu/ho-so/").content.decode()


@pytest.mark.parametrize("step", ["bo-sung", "mo-lai"])
@pytest.mark.parametrize("note", ["", "  \n ", "\u200b"])
def test_a_step_without_words_is_refused_beside_the_field(client, step, note):
    case = make_case(status=Status.NEEDS_INFO if step == "bo-sung" else Status.ANSWERED)
    look_up(client, case)

    response = client.post(f"/tra-cuu/ho-so/{step}/", {"note": note})

    assert response.status_code == 422
    assert "Hãy viết vài lời ở ô này." in response.content.decode()


def test_words_for_a_step_that_was_just_closed_stay_on_the_page(client):
    case = make_case(status=Status.NEEDS_INFO)
    look_up(client, case)
    services.reject(case, by=make_coordinator(), note="Không đúng thẩm quyền")

    page = client.post("/tra-cuu/ho-so/bo-sung/", {"note": "Chữ tôi vừa gõ."}).content.decode()

    assert "Chữ tôi vừa gõ." in page


@pytest.mark.parametrize("step", FORMS)
def test_opening_the_address_of_a_step_changes_nothing(client, step):
    case = make_case(status=Status.ANSWERED)
    look_up(client, case)
    before = Case.objects.values().get(pk=case.pk)

    assert client.get(f"/tra-cuu/ho-so/{step}/").status_code == 200

    assert Case.objects.values().get(pk=case.pk) == before


# What the asker sees ---------------------------------------------------------------------------------------------


def test_no_internal_note_of_any_step_is_shown(client):
    agency, coordinator = make_agency(), make_coordinator()
    officer, head = make_officer(agency), make_head(agency)
    case, original = make_case(), make_case()
    services.accept(case, by=coordinator, note="Nội bộ một")
    services.route(case, by=coordinator, agency=agency, note="Nội bộ hai")
    services.return_to_intake(case, by=officer, note="Nội bộ ba")
    services.route(case, by=coordinator, agency=agency, note="Nội bộ bốn")
    services.submit_answer(case, by=officer, body="<p>Dự thảo chưa ký.</p>", version=0)
    services.send_back(case, by=head, note="Nội bộ năm")
    look_up(client, case)
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "Nội bộ" not in page
    assert "Dự thảo chưa ký." not in page
    assert officer.full_name not in page
    assert coordinator.full_name not in page

    services.mark_duplicate(case, by=coordinator, of=original)

    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert original.code not in page  # another asker's code is nobody's business
    assert "Nội bộ" not in page


def test_the_note_of_a_case_set_aside_stays_inside(client):
    case = make_case()
    services.set_aside(case, by=make_coordinator(), note="Chuyển Thanh tra tỉnh")
    look_up(client, case)

    page = client.get("/tra-cuu/ho-so/").content.decode()

    assert "Chuyển Thanh tra tỉnh" not in page
    assert "khiếu nại, tố cáo nên được chuyển" in page


def test_both_answers_of_a_reopened_case_are_shown_and_a_new_draft_is_not(client):
    case = make_case(status=Status.ANSWERED)
    services.reopen(case, note="Chưa rõ")
    services.submit_answer(case, by=make_officer(case.agency), body="<p>Lời mới hơn.</p>", version=0)
    look_up(client, case)
    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "Sở trả lời như sau" in page
    assert "Lời mới hơn." not in page

    services.sign(case, by=make_head(case.agency), version=1)

    page = client.get("/tra-cuu/ho-so/").content.decode()
    assert "Sở trả lời như sau" in page
    assert "Lời mới hơn." in page
    assert "trả lời (lần 2)" in page


def test_the_asker_of_a_duplicate_finds_the_public_answer(client):
    original, case = make_published_case(title="Câu hỏi đã có trả lời"), make_case()
    services.mark_duplicate(case, by=make_coordinator(), of=original)
    look_up(client, case)

    page = client.get("/tra-cuu/ho-so/").content.decode()

    assert f'<a href="{original.get_absolute_url()}">Câu hỏi đã có trả lời</a>' in page


@pytest.mark.parametrize("status", Status.values)
def test_every_step_of_the_story_has_words_for_the_asker(client, status):
    case = case_in(status)
    look_up(client, case)

    page = client.get("/tra-cuu/ho-so/").content.decode()

    own, _of_the_case_it_was_joined_to, _rest = page.partition('id="ho-so-goc"')
    assert own.count('class="timeline__title"') == case.events.count()
    shown = "Bạn đã rút hồ sơ" if case.status == Status.WITHDRAWN else case.get_status_display()
    assert shown in page
    assert "no-store" in client.get("/tra-cuu/ho-so/")["Cache-Control"]


def test_there_are_words_for_every_step_the_services_record():
    source = "".join(path.read_text() for path in Path(services.__file__).parent.glob("*.py"))
    recorded = set(re.findall(r'\brecord\(\s*\w+,\s*"([a-z-]+)"', source))
    recorded |= set(re.findall(r'\bmove\(\s*case,\s*[^,]+,\s*"([a-z-]+)"', source))
    recorded |= set(re.findall(r'_resume\(\s*case,\s*"([a-z-]+)"', source))

    assert {"receive", "route", "set-aside", "reply", "rate"} <= recorded
    assert recorded == set(STEP_WORDS)


# Closing ---------------------------------------------------------------------------------------------------------


def test_closing_deletes_the_cookie_where_it_was_set(client):
    look_up(client, make_case())

    response = client.post("/tra-cuu/dong/")

    cookie = response.cookies["ho_so"]
    assert response["Location"] == "/tra-cuu/"
    assert (cookie.value, cookie["path"], cookie["max-age"]) == ("", "/tra-cuu/", 0)


def test_a_link_does_not_close_the_case(client):
    look_up(client, make_case())

    assert client.get("/tra-cuu/dong/")["Location"] == "/tra-cuu/"
    assert client.get("/tra-cuu/ho-so/").status_code == 200


def test_words_typed_after_the_case_closed_itself_are_kept_until_it_is_open_again(client, monkeypatch):
    case = make_case(status=Case.Status.NEEDS_INFO)
    look_up(client, case)
    client.cookies.pop("ho_so")

    late = client.post("/tra-cuu/ho-so/bo-sung/", {"note": "Tôi sinh tại xã An Phú, năm 1990."})
    page = late.content.decode()
    assert late.status_code == 403
    assert "Phần bạn vừa viết vẫn được giữ" in page
    assert "Tôi sinh tại xã An Phú, năm 1990." in page

    hidden = dict(re.findall(r'<input type="hidden" name="(viec|note)" value="([^"]*)"', page))
    opened = client.post("/tra-cuu/", {"code": case.code, "pin": case.pin, **hidden})
    assert opened.status_code == 200
    assert re.search(
        r"<textarea[^>]*>\s*Tôi sinh tại xã An Phú, năm 1990.</textarea>", opened.content.decode()
    )
    done = client.post("/tra-cuu/ho-so/bo-sung/", {"note": hidden["note"]}, follow=True)
    assert "Đã gửi phần bổ sung" in done.content.decode()
    case.refresh_from_db()
    assert case.status == Case.Status.RECEIVED


def test_the_text_the_receipt_copies_opens_the_case(client):
    case = make_case()

    response = client.post("/tra-cuu/", {"code": f"Mã hồ sơ: {case.code}; mã PIN: {case.pin}", "pin": ""})

    assert response["Location"] == "/tra-cuu/ho-so/"


def test_half_a_code_is_told_apart_from_a_wrong_one(client):
    page = client.post("/tra-cuu/", {"code": "PY26-7KQ4", "pin": "123456"}).content.decode()

    assert "Mã hồ sơ gồm 12 chữ và số" in page


def test_an_open_case_is_offered_again(client):
    case = make_case()
    look_up(client, case)

    assert f"Máy này đang mở hồ sơ {case.code}" in client.get("/tra-cuu/").content.decode()


def test_what_is_asked_back_stands_beside_the_place_to_answer(client):
    case = make_case(status=Case.Status.NEEDS_INFO)
    look_up(client, case)

    page = client.get("/tra-cuu/ho-so/").content.decode()

    panel = page[page.index('id="bo-sung"') :]
    assert "Xin cho biết nơi đăng ký khai sinh trước đây." in panel[: panel.index("<textarea")]


def test_an_overdue_case_says_sorry_and_by_how_much(client):
    case = make_case(status=Case.Status.ASSIGNED)
    Case.objects.filter(pk=case.pk).update(due_on=timezone.localdate() - timedelta(days=14))
    look_up(client, case)

    page = client.get("/tra-cuu/ho-so/").content.decode()

    assert re.search(r"Đã quá hạn (9|10) ngày làm việc", page)
    assert "Cổng xin lỗi vì sự chậm trễ." in page
