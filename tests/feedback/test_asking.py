import html
import itertools
import re
import time
import uuid
from datetime import timedelta
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from feedback import forms, notice
from feedback.models import Case, Draft
from feedback.views import asking as views
from notifications.models import Message
from parcai.demo.clock import at
from parcai.lib.vietnamese import UNSEEN, tidy
from tests.factories import make_agency

pytestmark = pytest.mark.django_db

CONTENT = {
    "title": "Làm lại giấy khai sinh cần giấy tờ gì?",
    "text": "Tôi bị mất giấy khai sinh bản chính, xin hỏi cần những giấy tờ gì để làm lại.",
    "agency": "",
}
ASKER = {"asker_kind": "cong_dan", "name": "Nguyễn Thị Mẫu", "email": "", "phone": "", "address": ""}
CONSENT = {"answer_consent": "on", "publish_consent": "on", "notice": notice.VERSION}
ABOUT, WHO, AGREED = (
    ("cau-hoi", "noi-dung", "tep", "co-quan"),
    ("tu-cach", "nguoi-gui", "lien-he", "noi-o"),
    ("dong-y", "cong-khai"),
)
NEXT = dict(itertools.pairwise((*ABOUT, *WHO, *AGREED, "xem-lai")))


def fill(client, door, steps, data):
    """Each screen with the answers it asks for; every one leads to the next."""
    for step in steps:
        asked = {name: data[name] for name in forms.ASK_STEPS[step].only if name in data}
        response = client.post(f"/{door}/gui/{step}/", asked)
        assert response["Location"] == f"/{door}/gui/{NEXT[step]}/"


def begin(client, door="hoi-dap", content=CONTENT):
    fill(client, door, ABOUT, content)


def walk(client, door="hoi-dap", content=CONTENT, asker=ASKER, consent=CONSENT):
    prepare(client, door, content, asker, consent)
    return client.post(f"/{door}/gui/xem-lai/")


def test_a_citizen_asks_and_gets_code_and_pin(client):
    agency = make_agency()
    response = walk(client, content={**CONTENT, "agency": agency.pk})
    assert response["Location"] == "/hoi-dap/gui/bien-nhan/"
    page = client.get("/hoi-dap/gui/bien-nhan/").content.decode()
    case = Case.objects.get()
    assert case.code in page
    assert case.pin in page
    assert (case.asked_agency, case.title, case.asker_name) == (agency, CONTENT["title"], "Nguyễn Thị Mẫu")
    assert case.publish_consent_at
    assert not case.show_name


def test_sending_twice_gives_the_same_receipt(client):
    walk(client)
    again = client.post("/hoi-dap/gui/xem-lai/")
    assert again["Location"] == "/hoi-dap/gui/bien-nhan/"
    assert Case.objects.count() == 1
    assert client.get("/hoi-dap/gui/nguoi-gui/")["Location"] == "/hoi-dap/gui/bien-nhan/"


def test_after_sending_new_words_begin_a_new_question(client):
    walk(client)
    walk(client, content={**CONTENT, "title": "Một câu hỏi khác hẳn câu trước"})
    assert sorted(Case.objects.values_list("title", flat=True)) == [
        CONTENT["title"],
        "Một câu hỏi khác hẳn câu trước",
    ]


def test_reload_and_back_lose_nothing(client):
    begin(client, "hoi-dap")
    fill(client, "hoi-dap", WHO, ASKER)
    assert CONTENT["text"] in client.get("/hoi-dap/gui/noi-dung/").content.decode()
    assert "Nguyễn Thị Mẫu" in client.get("/hoi-dap/gui/nguoi-gui/").content.decode()
    assert "viết dở trên máy này" in client.get("/hoi-dap/gui/").content.decode()


def test_what_is_typed_waits_encrypted(client):
    begin(client, "hoi-dap")
    with_cipher = Draft.objects.extra(select={"stored": "data"}).get()
    assert CONTENT["title"] not in with_cipher.stored


@pytest.mark.parametrize("matter", ["khieu-nai", "to-cao"])
@pytest.mark.parametrize("door", ["hoi-dap", "phan-anh"])
def test_complaints_are_shown_the_right_door_and_nothing_is_stored(client, matter, door):
    response = client.post(f"/{door}/gui/", {"viec": matter})
    assert response["Location"] == f"/khieu-nai-to-cao/{matter}/"
    assert "chưa lưu gì" in client.get(response["Location"]).content.decode()
    assert not Draft.objects.exists()
    assert not Case.objects.exists()
    assert not client.cookies


def test_the_first_question_leads_through_the_right_door(client):
    assert client.post("/hoi-dap/gui/", {"viec": "phan-anh"})["Location"] == "/phan-anh/gui/cau-hoi/"
    assert client.post("/phan-anh/gui/", {"viec": "hoi"})["Location"] == "/hoi-dap/gui/cau-hoi/"
    assert client.post("/hoi-dap/gui/", {"viec": ""}).status_code == 200


def test_errors_stand_beside_the_field_and_the_words_stay(client):
    response = client.post("/hoi-dap/gui/cau-hoi/", {"title": "Ngắn"}, follow=True)
    page = response.content.decode()
    assert response.status_code == 422
    field = re.search(r'<input[^>]*name="title"[^>]*>', page).group()
    assert 'value="Ngắn"' in field
    assert 'aria-invalid="true"' in field
    assert "id_title_error" in field
    assert 'id="id_title_error"' in page
    assert response.redirect_chain == [("/hoi-dap/gui/cau-hoi/?loi=1", 302)]  # back and reload ask nothing
    assert 'value="Ngắn"' in client.get("/hoi-dap/gui/cau-hoi/").content.decode()
    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/cau-hoi/?loi=1"
    assert not Case.objects.exists()


def test_private_details_are_pointed_at_once_and_then_respected(client):
    private = {"text": CONTENT["text"] + " Số của tôi là 0912 345 678."}
    fill(client, "hoi-dap", ["cau-hoi"], CONTENT)
    first = client.post("/hoi-dap/gui/noi-dung/", private, follow=True)
    page = first.content.decode()
    assert first.status_code == 422
    assert "0912 345 678" in page
    assert 'type="checkbox" name="personal_ok"' in page
    assert client.post("/hoi-dap/gui/noi-dung/", {**private, "personal_ok": "on"}).status_code == 302


def test_consent_to_be_answered_is_needed_and_consent_to_publish_is_free(client):
    begin(client, "hoi-dap")
    fill(client, "hoi-dap", WHO, ASKER)
    refused = client.post("/hoi-dap/gui/dong-y/", {"publish_consent": "on", "notice": "cũ"}, follow=True)
    assert refused.status_code == 422
    fill(client, "hoi-dap", AGREED, {"answer_consent": "on", "notice": notice.VERSION})
    client.post("/hoi-dap/gui/xem-lai/")
    assert Case.objects.get().publish_consent_at is None


def test_feedback_needs_a_way_to_reach_the_sender(client):
    begin(client, "phan-anh")
    fill(client, "phan-anh", ["tu-cach", "nguoi-gui"], ASKER)
    assert client.post("/phan-anh/gui/lien-he/", {"phone": "0912x"}, follow=True).status_code == 422
    client.post("/phan-anh/gui/lien-he/", {"email": "dan@vidu.vn"})
    assert client.post("/phan-anh/gui/noi-o/", {"address": ""}, follow=True).status_code == 422
    reachable = client.post("/phan-anh/gui/noi-o/", {"address": "Phường Tuy Hòa"})
    assert reachable["Location"] == "/phan-anh/gui/dong-y/"
    fill(client, "phan-anh", AGREED, CONSENT)
    client.post("/phan-anh/gui/xem-lai/")
    assert Case.objects.get().kind == Case.Kind.FEEDBACK


@pytest.mark.parametrize("step", ["nguoi-gui", "dong-y", "xem-lai", "bien-nhan"])
def test_steps_cannot_be_skipped(client, step):
    assert client.get(f"/hoi-dap/gui/{step}/")["Location"] == "/hoi-dap/gui/"


def test_the_review_sends_back_to_what_is_missing(client):
    begin(client, "hoi-dap")
    assert client.get("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/tu-cach/"
    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/tu-cach/"
    assert not Case.objects.exists()


def test_a_change_from_the_review_returns_to_the_review(client):
    prepare(client, "hoi-dap")
    response = client.post("/hoi-dap/gui/cau-hoi/?tro-lai=1", {"title": "Tiêu đề đã sửa lại cho rõ"})
    assert response["Location"] == "/hoi-dap/gui/xem-lai/"
    assert "Tiêu đề đã sửa lại cho rõ" in client.get(response["Location"]).content.decode()


def test_one_device_does_not_see_the_draft_of_another(client):
    begin(client, "hoi-dap")
    other = Client()
    other.cookies["ban_viet_hoi"] = str(Draft.objects.get().pk)  # without the signature
    assert CONTENT["text"] not in other.get("/hoi-dap/gui/noi-dung/").content.decode()
    assert CONTENT["text"] not in client.get("/phan-anh/gui/noi-dung/").content.decode()


def test_the_receipt_can_be_removed_from_a_shared_machine(client):
    walk(client)
    assert client.post("/hoi-dap/gui/bien-nhan/")["Location"] == "/"
    assert client.get("/hoi-dap/gui/bien-nhan/")["Location"] == "/hoi-dap/gui/"


def test_over_the_limit_the_words_are_kept(client, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setitem(views.SENDINGS, "limit", 1)
    walk(client)
    response = walk(Client())
    assert response.status_code == 429
    assert CONTENT["text"] in response.content.decode()
    assert Case.objects.count() == 1


ODD = [
    "a\x00b" * 10,
    "\u202egnouht \u200b\ufeff gia dinh toi hoi ve thu tuc",
    "Câu hỏi 😀 có biểu tượng và chữ 漢字 lẫn lộn",
    "<script>alert(1)</script> xin hỏi về thủ tục",
    "=cmd|' /C calc'!A0 xin hỏi về thủ tục",
    "đ" * 9_999,
    "a" * 200_000,
    "\ud800 nửa ký tự",
]


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("agency", ["", "0", "-1", "999999999999999999999", "abc", "1e3"])
def test_no_input_is_a_server_error(client, text, agency):
    words = text.encode("utf-8", "surrogatepass")
    body = f"title={quote_from_bytes(words[:400])}&text={quote_from_bytes(words)}&agency={agency}"
    response = client.post("/hoi-dap/gui/noi-dung/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {302, 422}


def test_what_is_shown_back_is_escaped(client):
    walk(client, content={**CONTENT, "title": "<script>alert(1)</script> hỏi thủ tục"})
    page = client.get("/hoi-dap/gui/bien-nhan/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_form_from_elsewhere_is_refused_in_friendly_words():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/hoi-dap/gui/cau-hoi/", CONTENT)
    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in response.content.decode()
    assert CONTENT["title"] not in response.content.decode()  # a foreign page could have sent it


def test_a_page_that_stood_open_too_long_offers_the_words_to_be_sent_again():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/hoi-dap/gui/cau-hoi/", CONTENT, headers={"Origin": "http://testserver"})
    # The browser's cookie is gone and the form's token is old; the request comes from our own page.
    again = client.generic(
        "POST",
        "/hoi-dap/gui/cau-hoi/",
        urlencode(CONTENT),
        "application/x-www-form-urlencoded",
        headers={"Origin": "http://testserver"},
    )

    page = again.content.decode()
    assert (response.status_code, again.status_code) == (403, 403)
    assert CONTENT["title"] in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    done = client.post("/hoi-dap/gui/cau-hoi/", {name: html.unescape(text) for name, text in hidden.items()})
    assert done["Location"] == "/hoi-dap/gui/noi-dung/"
    assert CONTENT["title"] in Draft.objects.get().data


def test_a_password_is_never_shown_again():
    client = Client(enforce_csrf_checks=True)
    typed = urlencode({"username": "canbo", "password": "mat-khau-bi-mat"})

    response = client.generic(
        "POST",
        "/tai-khoan/dang-nhap/",
        typed,
        "application/x-www-form-urlencoded",
        headers={"Origin": "http://testserver"},
    )

    assert response.status_code == 403
    assert "mat-khau-bi-mat" not in response.content.decode()


# The same at both doors ------------------------------------------------------------------------------------------

DOORS = {"hoi-dap": Case.Kind.QUESTION, "phan-anh": Case.Kind.FEEDBACK}
REACHABLE = {**ASKER, "email": "dan@vidu.vn", "phone": "0912 345 678", "address": "Phường Tuy Hòa"}
FULL_CONSENT = {**CONSENT, "show_name": "on"}
both_doors = pytest.mark.parametrize("door", DOORS)


def prepare(client, door, content=CONTENT, asker=REACHABLE, consent=CONSENT):
    """Everything but the last press of the button."""
    begin(client, door, content)
    fill(client, door, WHO, asker)
    fill(client, door, AGREED, consent)


def described_errors(page: str, name: str) -> list[str]:
    """The error texts that the field's aria-describedby leads to."""
    field = re.search(rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*>', page).group()
    assert 'aria-invalid="true"' in field
    ids = re.search(r'aria-describedby="([^"]*)"', field).group(1).split()
    lists = [re.search(rf'<ul[^>]*id="{each}"[^>]*>(.*?)</ul>', page, re.DOTALL) for each in ids]
    return [
        html.unescape(text) for found in lists if found for text in re.findall("<li>(.*?)</li>", found[1])
    ]


@both_doors
def test_what_was_typed_arrives_whole(client, door):
    agency = make_agency()
    prepare(
        client,
        door,
        {**CONTENT, "agency": agency.pk},
        {**REACHABLE, "asker_kind": "doanh_nghiep", "tax_code": "0100109106 001"},
        FULL_CONSENT,
    )

    assert client.post(f"/{door}/gui/xem-lai/")["Location"] == f"/{door}/gui/bien-nhan/"

    case = Case.objects.get()
    assert (case.kind, case.source, case.status) == (DOORS[door], Case.Source.WEB, Case.Status.RECEIVED)
    assert (case.title, case.text, case.asked_agency) == (CONTENT["title"], CONTENT["text"], agency)
    assert (case.asker_kind, case.asker_name, case.asker_email, case.asker_phone, case.asker_address) == (
        "doanh_nghiep",
        "Nguyễn Thị Mẫu",
        "dan@vidu.vn",
        "0912 345 678",
        "Phường Tuy Hòa",
    )
    assert (case.tax_code, case.notice_version) == ("0100109106-001", notice.VERSION)
    assert case.publish_consent_at is not None
    assert case.show_name is True
    page = client.get(f"/{door}/gui/bien-nhan/").content.decode()
    assert f'<dd id="ma-ho-so">{case.code}</dd>' in page
    assert f'<dd id="ma-pin">{case.pin}</dd>' in page
    assert Draft.objects.get().data == ""


@both_doors
def test_the_review_shows_every_word_before_it_goes(client, door):
    prepare(client, door, consent=FULL_CONSENT)

    page = client.get(f"/{door}/gui/xem-lai/").content.decode()

    for words in (CONTENT["title"], CONTENT["text"], *REACHABLE.values(), "Nhờ cổng chuyển giúp"):
        assert words in page or words == "cong_dan"
    assert Case.objects.count() == 0


@both_doors
def test_two_posts_of_the_review_give_one_case_and_one_receipt(client, door):
    prepare(client, door)
    answers = [client.post(f"/{door}/gui/xem-lai/")["Location"] for _press in range(3)]
    receipts = [codes_on(client.get(answer)) for answer in answers]

    case = Case.objects.get()
    assert answers == [f"/{door}/gui/bien-nhan/"] * 3
    assert receipts == [(case.code, case.pin)] * 3


def codes_on(response) -> tuple[str, str]:
    page = response.content.decode()
    return tuple(
        re.search(rf'<dd id="{name}">([^<]*)</dd>', page).group(1) for name in ("ma-ho-so", "ma-pin")
    )


@both_doors
@pytest.mark.parametrize("step", ["nguoi-gui", "dong-y", "xem-lai"])
def test_going_back_after_sending_shows_the_receipt(client, door, step):
    prepare(client, door)
    client.post(f"/{door}/gui/xem-lai/")

    assert client.get(f"/{door}/gui/{step}/")["Location"] == f"/{door}/gui/bien-nhan/"


@both_doors
def test_the_first_step_after_sending_is_empty(client, door):
    prepare(client, door)
    client.post(f"/{door}/gui/xem-lai/")

    page = client.get(f"/{door}/gui/noi-dung/").content.decode()

    assert CONTENT["text"] not in page
    assert "viết dở trên máy này" not in client.get(f"/{door}/gui/").content.decode()


@both_doors
def test_a_reload_shows_what_was_typed_at_every_step(client, door):
    agency = make_agency()
    prepare(client, door, {**CONTENT, "agency": agency.pk}, consent=FULL_CONSENT)

    pages = {step: client.get(f"/{door}/gui/{step}/").content.decode() for step in forms.ASK_STEPS}

    assert CONTENT["text"] in pages["noi-dung"]
    assert f'value="{CONTENT["title"]}"' in pages["cau-hoi"]
    assert f'<option value="{agency.pk}" selected>' in pages["co-quan"]
    typed = "".join(pages.values())
    for words in ("Nguyễn Thị Mẫu", "dan@vidu.vn", "0912 345 678", "Phường Tuy Hòa"):
        assert f'value="{words}"' in typed
    assert len(re.findall(r'type="checkbox"[^>]* checked', typed)) == 3
    asked = [
        len(
            re.findall(
                r'<(?:input type="(?:text|email|tel|checkbox|file)"|textarea|select|fieldset)',
                page.split("<main")[1],
            )
        )
        for page in pages.values()
    ]
    assert max(asked) <= 2  # one or two answers a screen


@pytest.mark.parametrize(
    ("step", "data", "field", "error"),
    [
        ("cau-hoi", {"title": ""}, "title", "Viết câu hỏi của bạn trong một câu."),
        (
            "cau-hoi",
            {"title": "Ngắn quá"},
            "title",
            "Câu này ngắn quá. Hãy viết rõ hơn một chút (ít nhất 10 ký tự).",
        ),
        (
            "cau-hoi",
            {"title": "d" * 201},
            "title",
            "Câu này dài quá 200 ký tự. Phần chi tiết hãy viết ở ô bên dưới.",
        ),
        ("noi-dung", {"text": "  \n "}, "text", "Viết nội dung để cơ quan hiểu và trả lời đúng việc."),
        ("noi-dung", {"text": "Ngắn quá"}, "text", "Nội dung ngắn quá. Hãy kể rõ hơn (ít nhất 20 ký tự)."),
        (
            "noi-dung",
            {"text": "d " * 5001},
            "text",
            "Nội dung dài quá 10.000 ký tự. Hãy rút gọn hoặc tách thành nhiều câu hỏi.",
        ),
        (
            "co-quan",
            {"agency": "0"},
            "agency",
            "Chọn một cơ quan trong danh sách, hoặc chọn “Tôi không biết hỏi ai”.",
        ),
        ("nguoi-gui", {"name": ""}, "name", "Viết họ và tên của bạn."),
        ("nguoi-gui", {"name": "N"}, "name", "Tên này ngắn quá."),
        ("lien-he", {"email": "dan@"}, "email", "Địa chỉ này chưa đúng. Ví dụ đúng: ten@vidu.vn"),
        ("lien-he", {"phone": "12345"}, "phone", "Số điện thoại chưa đúng. Ví dụ đúng: 0912 345 678"),
        (
            "lien-he",
            {"phone": "０９１２３４５６７８"},
            "phone",
            "Số điện thoại chưa đúng. Ví dụ đúng: 0912 345 678",
        ),
        (
            "dong-y",
            {"answer_consent": ""},
            "answer_consent",
            "Cần có sự đồng ý này thì cơ quan mới được dùng thông tin để trả lời bạn.",
        ),
    ],
)
def test_each_error_stands_beside_its_field_with_the_typed_words(client, step, data, field, error):
    good = {**CONTENT, **REACHABLE, **CONSENT}
    prepare(client, "hoi-dap")
    kept = {name: {**good, **data}[name] for name in forms.ASK_STEPS[step].only if name in {**good, **data}}

    response = client.post(f"/hoi-dap/gui/{step}/", kept, follow=True)

    page = response.content.decode()
    assert response.status_code == 422
    assert described_errors(page, field) == [error]
    assert 'role="alert"' in page
    assert "<title>Lỗi: " in page
    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == f"/hoi-dap/gui/{step}/?tro-lai=1&loi=1"
    assert not Case.objects.exists()
    for name in {"title", "name", "email", "phone", "address"} & set(kept):
        if typed := str(kept[name]).strip():
            assert f'value="{typed}"' in page
    if kept.get("text", "").strip():
        assert kept["text"].strip() in page


@pytest.mark.parametrize("asker", [{"phone": "0912 345 678"}, {"address": "Phường Tuy Hòa"}])
def test_feedback_is_content_with_phone_or_address(client, asker):
    begin(client, "phan-anh")
    fill(client, "phan-anh", WHO, {**ASKER, **asker})


def test_feedback_without_phone_and_address_says_so_beside_the_address(client):
    begin(client, "phan-anh")
    fill(client, "phan-anh", WHO[:-1], {**ASKER, "email": "dan@vidu.vn"})

    response = client.post("/phan-anh/gui/noi-o/", {"address": ""}, follow=True)

    assert response.status_code == 422
    assert described_errors(response.content.decode(), "address") == [
        "Phản ánh, kiến nghị cần số điện thoại hoặc nơi ở để cơ quan liên hệ (Nghị định 20/2008/NĐ-CP, Điều 7)."
    ]


def test_a_question_needs_neither_phone_nor_address(client):
    begin(client, "hoi-dap")

    fill(client, "hoi-dap", WHO, ASKER)


@pytest.mark.parametrize("matter", ["khieu-nai", "to-cao"])
@both_doors
def test_a_complaint_leaves_only_the_form_token_behind(client, door, matter):
    client.get(f"/{door}/gui/")
    followed = client.post(f"/{door}/gui/", {"viec": matter, "title": "Ông Mười nhận tiền"}, follow=True)

    assert followed.status_code == 200
    assert set(client.cookies) == {"csrftoken"}
    assert (Draft.objects.count(), Case.objects.count(), Message.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("matter", ["khac", "hoi", "phan-anh"])
def test_there_is_no_complaint_page_for_other_matters(client, matter):
    assert client.get(f"/khieu-nai-to-cao/{matter}/").status_code == 404


PIECES = ["0912 345 678", "dan@vidu.vn", "054123456789", "78F1-123.45"]


@pytest.mark.parametrize(("door", "piece"), list(zip([*DOORS, *DOORS], PIECES, strict=True)))
@pytest.mark.parametrize("place", ["title", "text"])
def test_private_details_in_title_or_text_are_named_and_kept_after_confirmation(client, door, piece, place):
    words = f"{CONTENT[place]} Liên hệ {piece} nhé"
    step = {"title": "cau-hoi", "text": "noi-dung"}[place]
    prepare(client, door)
    first = client.post(f"/{door}/gui/{step}/", {place: words}, follow=True)
    assert first.status_code == 422
    assert f"“{piece}”" in described_errors(first.content.decode(), place)[0]
    assert client.post(f"/{door}/gui/xem-lai/")["Location"].endswith(f"/{step}/?tro-lai=1&loi=1")
    assert Case.objects.count() == 0

    client.post(f"/{door}/gui/{step}/", {place: words, "personal_ok": "on"})
    client.post(f"/{door}/gui/xem-lai/")

    assert piece in getattr(Case.objects.get(), place)


def test_a_confirmation_holds_only_for_the_words_it_stood_beside(client):
    private = {"text": CONTENT["text"] + " Số của tôi là 0912 345 678."}
    prepare(client, "hoi-dap", {**CONTENT, **private, "personal_ok": "on"})
    page = client.get("/hoi-dap/gui/noi-dung/?tro-lai=1").content.decode()
    assert re.search(r'<input[^>]*name="personal_ok"[^>]*>', page).group().count('value="on"') == 0
    unchanged = client.post("/hoi-dap/gui/noi-dung/?tro-lai=1", {**private, "personal_ok": ""})
    assert unchanged["Location"] == "/hoi-dap/gui/xem-lai/"  # not asked twice for the same words
    assert client.get("/hoi-dap/gui/xem-lai/").status_code == 200

    more = {**private, "text": private["text"] + " CCCD 054123456789.", "personal_ok": ""}
    response = client.post("/hoi-dap/gui/noi-dung/?tro-lai=1", more, follow=True)
    assert response.redirect_chain[0][0] == "/hoi-dap/gui/noi-dung/?tro-lai=1&loi=1"

    assert response.status_code == 422
    assert "“054123456789”" in html.unescape(response.content.decode())


@both_doors
@pytest.mark.parametrize("step", ["nguoi-gui", "dong-y"])
def test_a_step_posted_after_its_draft_is_gone_keeps_its_words_and_says_so(client, door, step):
    response = client.post(f"/{door}/gui/{step}/", {**REACHABLE, **CONSENT}, follow=True)

    assert response.redirect_chain == [(f"/{door}/gui/cau-hoi/", 302)]
    assert "Bản viết dở không còn trên máy này" in response.content.decode()
    begin(client, door)
    page = client.get(f"/{door}/gui/{step}/").content.decode()
    assert "Nguyễn Thị Mẫu" in page or " checked" in page


@both_doors
def test_the_review_sent_after_its_draft_is_gone_says_that_nothing_came(client, door):
    response = client.post(f"/{door}/gui/xem-lai/", follow=True)

    assert response.redirect_chain == [(f"/{door}/gui/", 302)]
    assert "cổng chưa nhận được gì" in response.content.decode()
    assert (Draft.objects.count(), Case.objects.count()) == (0, 0)


def test_going_back_by_the_button_keeps_what_stands_half_typed(client):
    begin(client)

    response = client.post("/hoi-dap/gui/nguoi-gui/", {**ASKER, "name": "N", "lui": "1"})

    assert response["Location"] == "/hoi-dap/gui/tu-cach/"
    assert 'value="N"' in client.get("/hoi-dap/gui/nguoi-gui/").content.decode()
    first = client.post("/hoi-dap/gui/cau-hoi/", {"title": "Ngắn", "lui": "1"})
    assert first["Location"] == "/hoi-dap/gui/"


def test_going_back_from_a_change_returns_to_the_review(client):
    prepare(client, "hoi-dap")

    response = client.post("/hoi-dap/gui/nguoi-gui/?tro-lai=1", {**REACHABLE, "lui": "1"})

    assert response["Location"] == "/hoi-dap/gui/xem-lai/"


def test_an_unfinished_draft_can_be_removed_from_a_shared_machine(client):
    begin(client, "hoi-dap")

    response = client.post("/hoi-dap/gui/", {"bo": "1"}, follow=True)

    assert "Đã xóa bản viết dở" in response.content.decode()
    assert "viết dở trên máy này" not in client.get("/hoi-dap/gui/").content.decode()
    assert CONTENT["text"] not in client.get("/hoi-dap/gui/noi-dung/").content.decode()
    assert not Draft.objects.exists()


def test_a_report_begun_beside_a_question_leaves_the_question_waiting(client):
    begin(client, "hoi-dap")
    begin(client, "phan-anh", {**CONTENT, "title": "Bộ phận một cửa đòi thêm giấy"})

    assert CONTENT["title"] in client.get("/hoi-dap/gui/cau-hoi/").content.decode()
    assert "Bộ phận một cửa đòi thêm giấy" in client.get("/phan-anh/gui/cau-hoi/").content.decode()


def test_the_receipt_stays_while_the_next_question_is_being_written(client):
    walk(client)
    case = Case.objects.get()
    client.post("/hoi-dap/gui/noi-dung/", {**CONTENT, "title": "Một câu hỏi khác hẳn câu trước"})

    assert case.pin in client.get("/hoi-dap/gui/bien-nhan/").content.decode()


def test_too_many_new_drafts_from_one_network_keep_the_words_on_the_screen(client, monkeypatch):
    monkeypatch.setitem(views.NEW_DRAFTS, "limit", 1)
    begin(client, "hoi-dap")

    response = Client().post("/hoi-dap/gui/noi-dung/", CONTENT)

    assert response.status_code == 429
    assert CONTENT["text"] in response.content.decode()
    assert Draft.objects.count() == 1


def test_a_name_is_not_shown_without_publication(client):
    prepare(client, "hoi-dap", consent={"answer_consent": "on", "notice": notice.VERSION, "show_name": "on"})

    assert "Nêu tên khi công khai" not in client.get("/hoi-dap/gui/xem-lai/").content.decode()
    client.post("/hoi-dap/gui/xem-lai/")
    assert Case.objects.get().show_name is False


def test_the_draft_of_one_kind_is_not_seen_at_the_other_door(client):
    prepare(client, "hoi-dap")

    for step in ("nguoi-gui", "dong-y", "xem-lai", "bien-nhan"):
        assert client.get(f"/phan-anh/gui/{step}/")["Location"] == "/phan-anh/gui/"
    assert CONTENT["text"] not in client.get("/phan-anh/gui/noi-dung/").content.decode()
    assert "viết dở trên máy này" not in client.get("/phan-anh/gui/").content.decode()
    client.post("/hoi-dap/gui/xem-lai/")
    assert client.get("/phan-anh/gui/bien-nhan/")["Location"] == "/phan-anh/gui/"


def test_the_receipt_of_one_kind_is_not_shown_at_the_other_door(client):
    prepare(client, "phan-anh")
    client.post("/phan-anh/gui/xem-lai/")

    assert client.get("/hoi-dap/gui/bien-nhan/")["Location"] == "/hoi-dap/gui/"
    assert client.get("/phan-anh/gui/bien-nhan/").status_code == 200


@pytest.mark.parametrize(
    "tamper",
    [
        lambda cookie, pk: str(pk),
        lambda cookie, pk: cookie.rsplit(":", 1)[0],
        lambda cookie, pk: cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
        lambda cookie, pk: str(uuid.uuid4()) + cookie[36:],
        lambda cookie, pk: "",
        lambda cookie, pk: "::",
        lambda cookie, pk: "x" * 4000,
        lambda cookie, pk: signing.get_cookie_signer(salt="ho_so").sign(str(pk)),
        lambda cookie, pk: signing.get_cookie_signer(salt="ban_viet_hoi").sign("no-uuid"),
        lambda cookie, pk: signing.get_cookie_signer(salt="ban_viet_hoi").sign(str(uuid.uuid4())),
    ],
)
def test_a_tampered_cookie_opens_no_draft(client, tamper):
    prepare(client, "hoi-dap")
    cookie, pk = client.cookies["ban_viet_hoi"].value, Draft.objects.get().pk
    thief = Client()
    thief.cookies["ban_viet_hoi"] = tamper(cookie, pk)

    assert thief.get("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/"
    assert CONTENT["text"] not in thief.get("/hoi-dap/gui/noi-dung/").content.decode()
    assert thief.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/"
    assert Case.objects.count() == 0
    thief.cookies["ban_viet_hoi"] = cookie  # the honest one does open it
    assert thief.get("/hoi-dap/gui/xem-lai/").status_code == 200


def test_the_cookie_of_a_draft_is_kept_from_scripts_and_other_sites(client):
    begin(client, "hoi-dap")

    cookie = client.cookies["ban_viet_hoi"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 7 * 24 * 3600)


def test_a_cookie_older_than_a_week_opens_nothing(client, monkeypatch):
    prepare(client, "hoi-dap")
    now = time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * 24 * 3600 - 60)
    assert client.get("/hoi-dap/gui/xem-lai/").status_code == 200

    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * 24 * 3600 + 60)

    assert client.get("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/"


def test_the_receipt_shows_its_codes_for_a_day(client):
    prepare(client, "hoi-dap")
    client.post("/hoi-dap/gui/xem-lai/")
    received = Case.objects.get().received_at
    with at(received + timedelta(hours=23, minutes=59)):
        assert client.get("/hoi-dap/gui/bien-nhan/").status_code == 200

    with at(received + timedelta(hours=24, minutes=1)):
        assert client.get("/hoi-dap/gui/bien-nhan/")["Location"] == "/tra-cuu/"


@both_doors
def test_over_the_limit_the_draft_waits_and_goes_later(client, door, monkeypatch):
    monkeypatch.setitem(views.SENDINGS, "limit", 1)
    prepare(client, door)
    client.post(f"/{door}/gui/xem-lai/")
    second = Client()
    prepare(second, door, {**CONTENT, "title": "Câu hỏi thứ hai trong giờ"})
    assert second.post(f"/{door}/gui/xem-lai/").status_code == 429
    waiting = Draft.objects.get(case=None)
    assert "Câu hỏi thứ hai trong giờ" in waiting.data

    with at(timezone.now() + timedelta(hours=1)):
        assert second.post(f"/{door}/gui/xem-lai/")["Location"] == f"/{door}/gui/bien-nhan/"
    assert Case.objects.count() == 2


def test_the_limit_counts_addresses_apart(client, monkeypatch):
    monkeypatch.setitem(views.SENDINGS, "limit", 1)
    for address in ("10.0.0.1", "10.0.0.2"):
        visitor = Client(REMOTE_ADDR=address)
        prepare(visitor, "hoi-dap")
        assert visitor.post("/hoi-dap/gui/xem-lai/").status_code == 302


@pytest.mark.parametrize("text", ODD[:5] + ODD[7:])
def test_odd_words_survive_the_whole_way(client, text):
    words = text.encode("utf-8", "replace").decode() + " và thêm cho đủ dài"
    prepare(client, "hoi-dap", {**CONTENT, "text": words}, {**REACHABLE, "name": f"Bà {words[:50]}"})

    assert client.get("/hoi-dap/gui/xem-lai/").status_code == 200
    assert client.post("/hoi-dap/gui/xem-lai/").status_code == 302
    assert client.get("/hoi-dap/gui/bien-nhan/").status_code == 200
    assert Case.objects.get().text == tidy(words)
    assert not UNSEEN.search(Case.objects.get().text + Case.objects.get().asker_name)


def test_marks_that_turn_the_writing_direction_are_taken_out(client):
    prepare(client, "hoi-dap", {**CONTENT, "title": "Hỏi \u202eđất\u202c đai \u200bở xã"})
    client.post("/hoi-dap/gui/xem-lai/")

    assert Case.objects.get().title == "Hỏi đất đai ở xã"


@pytest.mark.parametrize("step", ["noi-dung", "nguoi-gui", "dong-y"])
def test_a_megabyte_is_refused_in_friendly_words(client, step):
    prepare(client, "hoi-dap")
    big = {"title": CONTENT["title"], "text": "a" * 1_100_000, "name": "a", "answer_consent": "on"}

    response = client.post(f"/hoi-dap/gui/{step}/", urlencode(big), "application/x-www-form-urlencoded")

    assert response.status_code == 413
    assert "Nội dung gửi lên quá dài" in response.content.decode()
    assert client.get("/hoi-dap/gui/xem-lai/").status_code == 200  # the draft is as it was


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"%ED%A0%80=%ED%A0%80&title=%ED%A0%80", b"&" * 600, b"title"]
)
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json",
    ],
)
def test_a_broken_body_is_no_server_error(client, body, kind):
    response = client.generic("POST", "/hoi-dap/gui/cau-hoi/", body, kind)

    assert response.status_code in {302, 400, 422}
    assert response.get("Location", "/hoi-dap/gui/cau-hoi/?loi=1") == "/hoi-dap/gui/cau-hoi/?loi=1"
    assert client.get("/hoi-dap/gui/cau-hoi/").status_code == 200


@pytest.mark.parametrize(
    "data", [{"viec": "\x00"}, {"viec": "😀"}, {"viec": ["hoi", "to-cao"]}, {"viec": "HOI"}]
)
def test_an_odd_matter_is_no_server_error_and_stores_nothing(client, data):
    response = client.post("/hoi-dap/gui/", data)

    assert response.status_code in {200, 302}
    assert Draft.objects.count() == 0


def test_a_former_agency_cannot_be_asked(client):
    former = make_agency(valid_to=timezone.localdate() - timedelta(days=1))
    begin(client)

    response = client.post("/hoi-dap/gui/co-quan/", {"agency": former.pk}, follow=True)

    assert response.status_code == 422
    assert f'<option value="{former.pk}"' not in client.get("/hoi-dap/gui/co-quan/").content.decode()


def test_an_agency_that_ends_while_one_is_writing_sends_back_to_its_screen(client):
    agency = make_agency()
    prepare(client, "hoi-dap", {**CONTENT, "agency": agency.pk})
    agency.valid_to = timezone.localdate() - timedelta(days=1)
    agency.save()

    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/co-quan/?tro-lai=1&loi=1"
    assert Case.objects.count() == 0


@both_doors
def test_drafts_are_stored_encrypted_and_asker_too(client, door):
    prepare(client, door)

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM feedback_draft")
        stored = cursor.fetchone()[0]

    assert stored.startswith("gAAAA")
    for words in (CONTENT["title"], "Nguyễn Thị Mẫu", "dan@vidu.vn", "0912 345 678"):
        assert words in Draft.objects.get().data
        assert words not in stored


@both_doors
def test_with_its_token_the_form_goes_through_and_without_it_nothing_is_stored(door):
    client = Client(enforce_csrf_checks=True)

    def token(path):
        return re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(path).content.decode()
        ).group(1)

    for step in (*forms.ASK_STEPS, "xem-lai"):
        data, path = {**CONTENT, **REACHABLE, **CONSENT}, f"/{door}/gui/{step}/"
        refused = client.post(path, data)
        assert refused.status_code == 403
        assert "Trang đã mở quá lâu" in refused.content.decode()
        assert Case.objects.count() == 0
        data = {**data, "csrfmiddlewaretoken": token(path)}
        assert client.post(path, data).status_code == 302
    assert Case.objects.count() == 1


def test_pages_of_the_form_are_not_kept_anywhere(client):
    prepare(client, "hoi-dap")
    pages = [
        client.get(f"/hoi-dap/gui/{step}")
        for step in ("", "cau-hoi/", "noi-dung/", "tep/", "nguoi-gui/", "dong-y/", "xem-lai/")
    ]
    client.post("/hoi-dap/gui/xem-lai/")
    pages.append(client.get("/hoi-dap/gui/bien-nhan/"))

    assert ["no-store" in page["Cache-Control"] for page in pages] == [True] * 8
