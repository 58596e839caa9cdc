"""Asking in a real Chromium, where the journey of tests/browser/test_journey.py does not pass."""

import pytest
from playwright.sync_api import expect

from feedback.models import Case, CaseFile, Helped
from tests.browser.conftest import PHONE
from tests.browser.test_journey import QUESTION, STORY, go_on
from tests.factories import PDF, make_published_case, png

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = {"name": "Giấy hẹn.pdf", "mimeType": "application/pdf", "buffer": PDF}


def photograph() -> dict:
    return {"name": "Ảnh.png", "mimeType": "image/png", "buffer": png().read()}


def test_a_question_that_is_answered_already_ends_there(open_page):
    answered = make_published_case(title=QUESTION, text=STORY)
    page = open_page(PHONE)
    page.goto("/hoi-dap/gui/cau-hoi/")
    page.fill("[name=title]", QUESTION)
    expect(page.locator(".alike")).to_contain_text(answered.public_title)  # while typing
    go_on(page)
    page.get_by_role("button", name="Câu trả lời này giúp được tôi").click()
    expect(page.get_by_text("bạn không phải gửi câu hỏi")).to_be_visible()
    assert Helped.objects.get().count == 1
    assert Case.objects.count() == 1


@pytest.mark.parametrize("script", [True, False])
def test_a_business_asks_with_papers_and_mends_its_tax_code(open_page, script):
    page = open_page(PHONE, script=script)
    page.goto("/phan-anh/gui/cau-hoi/")
    page.fill("[name=title]", QUESTION)
    go_on(page)
    page.fill("[name=text]", f"{STORY} Số của tôi là 0912 345 678.")
    if script:
        expect(page.get_by_text("Có vẻ có thông tin riêng tư")).to_be_visible()
    page.fill("[name=text]", STORY)
    if script:
        expect(page.get_by_text("Có vẻ có thông tin riêng tư")).to_be_hidden()
    go_on(page)
    page.set_input_files("[name=tep]", [PAPER, photograph()])
    page.get_by_role("button", name="Thêm tệp đã chọn").click()
    expect(page.get_by_text("Đã thêm 2/5 tệp")).to_be_visible()
    page.set_input_files("[name=tep]", [{**PAPER, "name": "x.png", "mimeType": "image/png"}])
    page.get_by_role("button", name="Thêm tệp đã chọn").click()
    expect(page.locator("#id_tep_error")).to_contain_text("x.png")
    page.get_by_role("button", name="Bỏ tệp Ảnh.jpg").click()
    expect(page.get_by_text("Đã thêm 1/5 tệp")).to_be_visible()
    go_on(page)
    go_on(page)
    page.check("[name=asker_kind][value=doanh_nghiep]")
    go_on(page)
    page.fill("[name=name]", "Công ty TNHH Minh Họa")
    page.fill("[name=tax_code]", "0100109107")
    go_on(page)
    expect(page.locator("#id_tax_code_error")).to_contain_text("chữ số kiểm tra")
    assert page.input_value("[name=name]") == "Công ty TNHH Minh Họa"
    page.fill("[name=tax_code]", "0100109106")
    go_on(page)
    page.fill("[name=phone]", "0257 000 0113")
    go_on(page)
    go_on(page)
    page.check("[name=answer_consent]")
    go_on(page)
    go_on(page)
    for words in ("Giấy hẹn.pdf", "0100109106", STORY):
        expect(page.get_by_text(words)).to_be_visible()
    page.goto("/")  # left, and found again
    page.get_by_role("link", name="Viết tiếp").click()
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("heading", name="Giấy biên nhận")).to_be_visible()
    expect(page.locator(".slip")).to_contain_text("Giấy hẹn.pdf")
    code, pin = page.inner_text("#ma-ho-so"), page.inner_text("#ma-pin")

    page.goto("/tra-cuu/")
    page.fill("[name=code]", code)
    page.fill("[name=pin]", pin)
    page.get_by_role("button", name="Xem hồ sơ").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Giấy hẹn.pdf").click()
    assert download.value.suggested_filename == "Giấy hẹn.pdf"
    assert CaseFile.objects.get().case.tax_code == "0100109106"


def test_words_that_say_to_cao_are_shown_the_right_door_and_leave_nothing(open_page):
    page = open_page(PHONE)
    page.goto("/hoi-dap/gui/cau-hoi/")
    page.fill("[name=title]", QUESTION)
    go_on(page)
    page.fill("[name=text]", "Tôi làm đơn tố cáo ông Mười, cán bộ địa chính, nhận tiền của dân.")
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nội dung có vẻ là tố cáo")
    page.get_by_role("button", name="Xem nơi gửi tố cáo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tố cáo cần gửi theo đường riêng")
    page.goto("/hoi-dap/gui/")
    expect(page.get_by_text("viết dở")).to_have_count(0)
