"""What stands between the screens of asking: answers that are there, attachments, doors, hints, limits."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from feedback import complaints, forms, notice, services
from feedback.models import Case, CaseFile, Draft, Helped
from feedback.views import asking
from parcai.demo.clock import at
from parcai.lib import taxcode
from tests.articles.hostile_files import REFUSED
from tests.factories import PDF, make_published_case, png
from tests.feedback.test_asking import (
    AGREED,
    ASKER,
    CONSENT,
    CONTENT,
    REACHABLE,
    begin,
    described_errors,
    fill,
    prepare,
    walk,
)

pytestmark = pytest.mark.django_db
BIRTH = {"title": CONTENT["title"], "text": CONTENT["text"]}


def pdf(name: str = "don.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def stored() -> list[Path]:
    return [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# Answers that are there already


def test_an_answer_that_helps_ends_the_way_and_is_counted_once(client):
    case = make_published_case(**BIRTH)
    first = client.post("/hoi-dap/gui/cau-hoi/", {"title": BIRTH["title"]})
    assert first["Location"] == "/hoi-dap/gui/tuong-tu/"
    page = client.get(first["Location"]).content.decode()
    assert case.public_title in page
    assert "Câu trả lời này giúp được tôi" in page

    done = client.post("/hoi-dap/gui/tuong-tu/", {"case": case.pk})
    client.post("/hoi-dap/gui/tuong-tu/", {"case": case.pk})  # pressed twice: the way had ended

    assert done["Location"] == case.get_absolute_url()
    assert list(Helped.objects.values_list("case", "on", "count")) == [(case.pk, timezone.localdate(), 1)]
    assert not Draft.objects.exists()
    assert not Case.objects.exclude(pk=case.pk).exists()
    assert "không phải gửi câu hỏi" in client.get(done["Location"]).content.decode()


def test_what_was_written_further_stays_and_the_same_draft_counts_once(client):
    case = make_published_case(**BIRTH)
    client.post("/hoi-dap/gui/cau-hoi/", {"title": BIRTH["title"]})
    fill(client, "hoi-dap", ["noi-dung"], CONTENT)
    for _press in range(3):
        client.post("/hoi-dap/gui/tuong-tu/", {"case": case.pk})
    assert Helped.objects.get().count == 1
    assert CONTENT["text"] in client.get("/hoi-dap/gui/noi-dung/").content.decode()
    with at(timezone.now() + timedelta(days=1)):
        services.note_helped(case)
        services.note_helped(case)
    assert sorted(Helped.objects.values_list("count", flat=True)) == [1, 2]


def test_an_answer_that_is_none_counts_nothing(client):
    make_published_case(**BIRTH)
    client.post("/hoi-dap/gui/cau-hoi/", {"title": BIRTH["title"]})
    for case in ("", "0", "-1", "9" * 30, "abc", "\x00", "１"):
        assert client.post("/hoi-dap/gui/tuong-tu/", {"case": case})["Location"] == "/hoi-dap/gui/tuong-tu/"
    assert not Helped.objects.exists()


def test_nothing_alike_goes_straight_on(client):
    begin(client)
    assert client.get("/hoi-dap/gui/tuong-tu/")["Location"] == "/hoi-dap/gui/noi-dung/"


# Attachments


def test_attachments_wait_on_the_draft_and_go_with_the_case(client, django_capture_on_commit_callbacks):
    begin(client)
    page = client.post(
        "/hoi-dap/gui/tep/", {"tep": [pdf("a.pdf"), png(name="b.png")], "them": "1"}, follow=True
    )
    assert page.redirect_chain == [("/hoi-dap/gui/tep/", 302)]
    assert "Đã thêm 2/5 tệp" in page.content.decode()
    wrong = CaseFile.objects.get(ending="jpg")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/hoi-dap/gui/tep/", {"bo-tep": str(wrong.pk)})
    assert client.post("/hoi-dap/gui/tep/", {"tep": [pdf("c.pdf")]})["Location"] == "/hoi-dap/gui/co-quan/"
    assert len(stored()) == 2
    fill(client, "hoi-dap", ("tu-cach", "nguoi-gui", "lien-he", "noi-o"), ASKER)
    fill(client, "hoi-dap", AGREED, CONSENT)
    review = client.get("/hoi-dap/gui/xem-lai/").content.decode()
    assert "a.pdf\nc.pdf" in review
    client.post("/hoi-dap/gui/xem-lai/")

    case = Case.objects.get()
    assert sorted(file.name for file in case.files.all()) == ["a.pdf", "c.pdf"]
    assert not CaseFile.objects.filter(case=None).exists()
    receipt = client.get("/hoi-dap/gui/bien-nhan/").content.decode()
    assert "a.pdf (" in receipt
    assert "Công dân" in receipt


def test_a_refused_file_is_named_and_the_good_ones_and_all_words_stay(client):
    begin(client)
    bad = SimpleUploadedFile(*REFUSED["html as png"]())
    response = client.post("/hoi-dap/gui/tep/", {"tep": [pdf(), bad]})
    page = response.content.decode()
    assert response.status_code == 422
    assert described_errors(page, "tep")[0].startswith("a.png: ")
    assert "Đã thêm 1/5 tệp" in page
    assert CONTENT["text"] in client.get("/hoi-dap/gui/noi-dung/").content.decode()
    many = client.post("/hoi-dap/gui/tep/", {"tep": [pdf() for _number in range(5)]})
    assert "tối đa 5 tệp" in many.content.decode()
    assert len(stored()) == 1


def test_files_cannot_be_taken_off_the_draft_of_another(client):
    begin(client)
    client.post("/hoi-dap/gui/tep/", {"tep": [pdf()]})
    other = Client()
    begin(other)
    for key in (str(CaseFile.objects.get().pk), "x", "\x00", ""):
        assert other.post("/hoi-dap/gui/tep/", {"bo-tep": key}).status_code == 302
    assert CaseFile.objects.count() == len(stored()) == 1


def test_a_draft_thrown_away_takes_its_files_along(client, django_capture_on_commit_callbacks):
    begin(client)
    client.post("/hoi-dap/gui/tep/", {"tep": [pdf()]})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/hoi-dap/gui/", {"bo": "1"})
    assert (Draft.objects.count(), CaseFile.objects.count(), stored()) == (0, 0, [])


def test_too_many_uploads_from_one_network_are_asked_to_wait(client, monkeypatch):
    monkeypatch.setitem(asking.UPLOADS, "limit", 1)
    begin(client)
    assert client.post("/hoi-dap/gui/tep/", {"tep": [pdf(), pdf()]}).status_code == 429
    assert stored() == []


# Doors


def test_a_tax_code_is_known_however_it_is_typed_and_checked_by_its_last_digit():
    for typed, code in {
        "0100109106": "0100109106",
        " 0100 109 106 ": "0100109106",
        "0100109106-001": "0100109106-001",
        "0100109106–001": "0100109106-001",
        "0100109106001": "0100109106-001",
        "0301482205": "0301482205",
    }.items():
        assert taxcode.normal(typed) == code
        assert taxcode.is_valid(code)
    for last in range(10):
        assert taxcode.is_valid(f"010010910{last}") is (last == 6)
    for wrong in ("010010910", "0000000000", "０１００１０９１０６", "abc", "0100109106-1", "1" * 5000, ""):
        assert not taxcode.is_valid(taxcode.normal(wrong))


@pytest.mark.parametrize("typed", ["0100109107", "0100109106-000"])
def test_a_wrong_tax_code_is_refused_beside_its_field_and_stays(client, typed):
    prepare(client, "hoi-dap", asker={**REACHABLE, "asker_kind": "doanh_nghiep", "tax_code": "0100109106"})
    response = client.post("/hoi-dap/gui/nguoi-gui/", {"name": "Công ty Mẫu", "tax_code": typed}, follow=True)
    page = response.content.decode()
    assert response.status_code == 422
    assert "chữ số kiểm tra" in described_errors(page, "tax_code")[0]
    assert f'value="{typed}"' in page
    assert "Công ty Mẫu" in page
    assert not Case.objects.exists()


def test_the_number_of_a_person_is_no_tax_code_of_a_business_and_a_business_needs_one(client):
    begin(client)
    client.post("/hoi-dap/gui/tu-cach/", {"asker_kind": "doanh_nghiep"})
    for code, words in (("054123456789", "định danh cá nhân"), ("", "Viết mã số thuế")):
        response = client.post("/hoi-dap/gui/nguoi-gui/", {"name": "Công ty", "tax_code": code}, follow=True)
        assert words in described_errors(response.content.decode(), "tax_code")[0]


@pytest.mark.parametrize(
    ("door", "label", "has_code"),
    [
        ("cong_dan", "Họ và tên", False),
        ("doanh_nghiep", "Tên doanh nghiệp", True),
        ("to_chuc", "tổ chức", False),
    ],
)
def test_each_door_asks_in_its_own_words(client, door, label, has_code):
    begin(client)
    client.post("/hoi-dap/gui/tu-cach/", {"asker_kind": door})
    page = client.get("/hoi-dap/gui/nguoi-gui/").content.decode()
    assert label in page
    assert ('name="tax_code"' in page) is has_code


def test_whoever_changes_the_door_at_the_end_is_asked_for_what_is_missing(client):
    prepare(client, "hoi-dap")
    client.post("/hoi-dap/gui/tu-cach/?tro-lai=1", {"asker_kind": "doanh_nghiep"})
    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/nguoi-gui/?tro-lai=1&loi=1"
    client.post("/hoi-dap/gui/nguoi-gui/?tro-lai=1", {"name": "Công ty Mẫu", "tax_code": "0100109106"})
    client.post("/hoi-dap/gui/tu-cach/?tro-lai=1", {"asker_kind": "to_chuc"})
    client.post("/hoi-dap/gui/xem-lai/")
    assert (Case.objects.get().asker_kind, Case.objects.get().tax_code) == ("to_chuc", "")


# The notice, and two consents


def test_the_notice_stands_before_who_you_are_and_its_version_changes_with_its_words(client):
    begin(client)
    page = client.get("/hoi-dap/gui/tu-cach/").content.decode()
    for words in ("Để làm gì", "Giữ bao lâu", "Ai đọc", "Quyền của bạn", "91/2025/QH15", "356/2025/NĐ-CP"):
        assert words in page
    assert 'href="/trang/quyen-rieng-tu/"' in page
    said = " ".join(re.sub(r"<[^>]+>", " ", render_to_string("feedback/notice.html")).split())
    known = {"2026-11": "2a2476e952b5f928"}
    assert hashlib.sha256(said.encode()).hexdigest()[:16] == known[notice.VERSION]


def test_no_consent_is_ticked_beforehand_and_an_older_notice_is_read_again(client, monkeypatch):
    prepare(client, "hoi-dap")
    fresh = Client()
    for step in AGREED:
        begin(fresh)
        assert not re.search(
            r'type="checkbox"[^>]* checked', fresh.get(f"/hoi-dap/gui/{step}/").content.decode()
        )
    monkeypatch.setattr(notice, "VERSION", "2027-01")
    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/dong-y/?tro-lai=1&loi=1"
    page = client.get("/hoi-dap/gui/dong-y/?tro-lai=1&loi=1").content.decode()
    assert "đọc lại và đánh dấu đồng ý lần nữa" in page
    assert 'value="2027-01"' in page
    assert not re.search(r'type="checkbox"[^>]* checked', page)
    client.post("/hoi-dap/gui/dong-y/?tro-lai=1", {"answer_consent": "on", "notice": "2027-01"})
    client.post("/hoi-dap/gui/xem-lai/")
    assert Case.objects.get().notice_version == "2027-01"


# Khiếu nại and tố cáo in the words themselves


def test_a_text_that_says_what_it_is_is_heard():
    for text, kind in {
        "Tôi làm đơn tố cáo ông Nguyễn Văn A nhận tiền của dân": "to-cao",
        "TOI MUON TO CAO can bo dia chinh xa": "to-cao",
        "Gia đình tôi khiếu nại quyết định thu hồi đất số 12": "khieu-nai",
        "Đơn khiếu nại lần hai về bồi thường": "khieu-nai",
        "Thủ tục khiếu nại gồm những bước nào?": "",
        "Xin hỏi quy định về tố cáo và giải quyết tố cáo": "",
        "Báo cáo với quý cơ quan là đường hư": "",
        "Làm lại giấy khai sinh cần giấy tờ gì?": "",
    }.items():
        assert complaints.looks_like(text) == kind, text


@pytest.mark.parametrize("press", ["tiep", "chuyen"])
def test_a_complaint_in_the_text_is_asked_about_once_and_the_citizen_chooses(
    client, press, django_capture_on_commit_callbacks
):
    fill(client, "hoi-dap", ["cau-hoi"], CONTENT)
    text = {"text": "Tôi làm đơn tố cáo ông Mười, cán bộ địa chính, nhận tiền của dân."}
    assert client.post("/hoi-dap/gui/noi-dung/", text)["Location"] == "/hoi-dap/gui/loai-viec/"
    assert "có vẻ là tố cáo" in client.get("/hoi-dap/gui/loai-viec/").content.decode()
    client.post("/hoi-dap/gui/tep/", {"tep": [pdf()]})
    with django_capture_on_commit_callbacks(execute=True):
        chosen = client.post("/hoi-dap/gui/loai-viec/", {press: "1"})
    if press == "chuyen":
        assert chosen["Location"] == "/khieu-nai-to-cao/to-cao/"
        assert (Draft.objects.count(), CaseFile.objects.count(), stored()) == (0, 0, [])
        return
    assert chosen["Location"] == "/hoi-dap/gui/co-quan/"
    prepare_rest(client)
    assert client.get("/hoi-dap/gui/xem-lai/").status_code == 200
    client.post("/hoi-dap/gui/cau-hoi/?tro-lai=1", {"title": "Tôi tố cáo cán bộ xã nhận tiền"})  # new words
    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/loai-viec/"
    client.post("/hoi-dap/gui/loai-viec/", {"tiep": "1"})
    assert client.post("/hoi-dap/gui/xem-lai/")["Location"] == "/hoi-dap/gui/bien-nhan/"


def prepare_rest(client):
    fill(client, "hoi-dap", ("co-quan",), CONTENT)
    fill(client, "hoi-dap", ("tu-cach", "nguoi-gui", "lien-he", "noi-o"), ASKER)
    fill(client, "hoi-dap", AGREED, CONSENT)


# Private details while typing


def test_private_details_are_named_while_typing_and_kept_nowhere(client, caplog):
    response = client.post("/hoi-dap/rieng-tu/", {"q": "CCCD 054123456789, số 0912 345 678, xe 78F1-123.45"})
    page = response.content.decode()
    for piece in ("054123456789", "0912 345 678", "78F1-123.45"):
        assert piece in page
    assert "054123456789" not in caplog.text
    assert response["X-Robots-Tag"] == "noindex"
    assert (Draft.objects.count(), client.cookies) == (0, {})
    for odd in ("", "\x00", "\u202e<b>", "a" * 60_000, "Làm lại khai sinh"):
        assert "<p" not in client.post("/hoi-dap/rieng-tu/", {"q": odd}).content.decode()


# Programs and floods


def test_a_filled_trap_sends_nothing_and_loses_nothing(client):
    prepare(client, "hoi-dap")
    caught = client.post("/hoi-dap/gui/xem-lai/", {"website": "http://vidu.vn"})
    page = caught.content.decode()
    assert (caught.status_code, Case.objects.count()) == (422, 0)
    assert CONTENT["text"] in page
    assert re.search(r'<input id="website"[^>]*tabindex="-1"', page)
    assert client.post("/hoi-dap/gui/xem-lai/", {"website": ""})["Location"].endswith("/bien-nhan/")


def test_what_is_sent_within_seconds_of_its_first_word_is_asked_for_once_more(client, settings):
    settings.ASK_LEAST_SECONDS = 3
    prepare(client, "hoi-dap")
    Draft.objects.update(created_at=timezone.now())
    assert client.post("/hoi-dap/gui/xem-lai/").status_code == 422
    Draft.objects.update(created_at=timezone.now() - timedelta(seconds=4))
    assert client.post("/hoi-dap/gui/xem-lai/").status_code == 302


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": "Dan@vidu.vn"}, {"email": "dan@vidu.vn"}),
        ({"phone": "0912 345 678"}, {"phone": "+84912345678"}),
    ],
)
def test_one_address_or_telephone_sends_so_many_a_day_from_wherever(monkeypatch, first, second):
    monkeypatch.setitem(asking.SENDINGS_OF_ONE, "limit", 1)
    assert walk(Client(REMOTE_ADDR="10.0.0.1"), asker={**ASKER, **first}).status_code == 302
    other = Client(REMOTE_ADDR="10.0.0.2")
    refused = walk(other, asker={**ASKER, **second})
    assert refused.status_code == 429
    assert CONTENT["text"] in refused.content.decode()
    with at(timezone.now() + timedelta(days=1)):
        assert other.post("/hoi-dap/gui/xem-lai/").status_code == 302
    assert walk(Client(REMOTE_ADDR="10.0.0.3")).status_code == 302  # without contact only the network counts


# Coming back


def test_the_home_page_leads_back_to_where_one_stopped(client):
    assert "viết dở" not in client.get("/").content.decode()
    begin(client)
    begin(client, "phan-anh")
    home = client.get("/")
    page = home.content.decode()
    assert "no-store" in home["Cache-Control"]
    assert 'href="/hoi-dap/gui/tu-cach/"' in page
    assert 'href="/phan-anh/gui/tu-cach/"' in page
    assert CONTENT["title"] not in page
    assert 'href="/hoi-dap/gui/tu-cach/"' in client.get("/hoi-dap/gui/").content.decode()
    assert "viết dở" not in Client().get("/").content.decode()


def test_a_draft_from_when_there_were_three_screens_goes_on(client):
    begin(client)
    old = {
        "noi-dung": {**CONTENT, "personal_ok": ""},
        "nguoi-gui": REACHABLE,
    }
    forms.write_draft(Draft.objects.get(), old)
    assert CONTENT["title"] in client.get("/hoi-dap/gui/cau-hoi/").content.decode()
    fill(client, "hoi-dap", AGREED, CONSENT)
    client.post("/hoi-dap/gui/xem-lai/")
    assert (Case.objects.get().title, Case.objects.get().asker_email) == (CONTENT["title"], "dan@vidu.vn")
