"""The portal's main job, walked in a real Chromium by everybody who has a part in it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from agencies.roles import Role
from feedback.models import Case, Draft
from notifications import services as notifications
from plan import services as plan
from plan.models import Campaign
from tests.browser.conftest import PHONE, sign_in
from tests.factories import (
    PASSWORD,
    make_agency,
    make_case,
    make_coordinator,
    make_head,
    make_officer,
    make_official,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "Nộp hồ sơ khai sinh trực tuyến cần giấy tờ gì?"
STORY = "Vợ tôi vừa sinh cháu đầu. Tôi muốn nộp hồ sơ khai sinh trên mạng, xin hỏi cần chuẩn bị giấy tờ gì."
ANSWER = "Anh cần giấy chứng sinh và giấy tờ tùy thân, nộp trên Cổng Dịch vụ công quốc gia."


@pytest.fixture
def people():
    plan.load_plan_113()
    agency = make_agency(name="Sở Tư pháp", code="PY-STP")
    return {
        "agency": agency,
        "editor": make_official(Role.EDITOR, is_staff=True),
        "board": make_official(Role.PUBLISHER, is_staff=True),
        "coordinator": make_coordinator(),
        "officer": make_officer(agency),
        "head": make_head(agency, full_name="Trần Thị Ký"),
    }


def go_on(page):
    page.get_by_role("button", name="Tiếp tục").click()


def write(page, *, email="", agency="", publish=False):
    """Every screen from the question to the review."""
    page.fill("[name=title]", QUESTION)
    go_on(page)
    if page.url.endswith("/tuong-tu/"):
        page.get_by_role("link", name="Chưa đúng điều tôi cần").click()
    page.fill("[name=text]", STORY)
    go_on(page)
    go_on(page)  # no attachment
    if agency:
        page.select_option("[name=agency]", label=agency)
    go_on(page)
    expect(page.get_by_text("Thông tin của bạn được dùng thế nào")).to_be_visible()
    go_on(page)
    page.fill("[name=name]", "Nguyễn Văn Hỏi")
    go_on(page)
    page.fill("[name=email]", email)
    go_on(page)
    go_on(page)  # no address
    page.check("[name=answer_consent]")
    go_on(page)
    if publish:
        page.check("[name=publish_consent]")
    go_on(page)


def ask(page, email="nguoi.hoi@vidu.vn"):
    """From the home page to the receipt; returns code and PIN."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Hỏi thủ trưởng")).first.click()
    page.get_by_role("button", name="Tiếp tục").click()
    write(page, email=email, agency="Sở Tư pháp", publish=True)
    expect(page.get_by_text(STORY)).to_be_visible()
    page.get_by_role("button", name="Gửi câu hỏi").click()
    expect(page.get_by_role("heading", name="Giấy biên nhận")).to_be_visible()
    return page.inner_text("#ma-ho-so"), page.inner_text("#ma-pin")


def look_up(page, code, pin):
    page.goto("/tra-cuu/")
    page.fill("[name=code]", code)
    page.fill("[name=pin]", pin)
    page.get_by_role("button", name="Xem hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)


def write_answer(page, script):
    if script:
        area = page.locator(".cke_wysiwyg_div").first
        area.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" " + ANSWER)
    else:
        page.fill("[name=body]", ANSWER)
    page.get_by_role("button", name="Trình thủ trưởng").click()


def answer_and_publish(open_page, people, code, script):
    """Coordinator, officer, head and coordinator again, each at their own machine."""
    desk = f"/xu-ly/{code}/"
    page = sign_in(open_page(script=script), people["coordinator"], PASSWORD)
    page.goto(desk)
    page.select_option("[name=agency]", label="Sở Tư pháp")
    page.get_by_role("button", name="Giao cơ quan giải quyết").click()
    expect(page.get_by_text("Đã vào sổ và giao hồ sơ.")).to_be_visible()

    officer = sign_in(open_page(script=script), people["officer"], PASSWORD)
    officer.goto(desk)
    write_answer(officer, script)
    expect(officer.get_by_text("Đã trình thủ trưởng.")).to_be_visible()

    head = sign_in(open_page(script=script), people["head"], PASSWORD)
    head.goto(desk)
    expect(head.get_by_text(ANSWER)).to_be_visible()
    head.get_by_label("Mật khẩu của bạn").fill(PASSWORD)
    head.get_by_role("button", name="Duyệt và ký trả lời").click()
    expect(head.get_by_text("Đã ký.")).to_be_visible()

    page.goto(desk)
    publish(page)


def publish(page):
    """From the case to the page that shows both sides, and on to the public."""
    page.get_by_role("link", name="Che và công khai").click()
    page.get_by_role("button", name="Công khai câu hỏi và trả lời").click()
    expect(page.get_by_text("Đã công khai.", exact=True)).to_be_visible()


def test_the_whole_journey(open_page, people, settings):
    editor = sign_in(open_page(), people["editor"], PASSWORD)
    editor.goto("/quan-tri/articles/article/add/")
    editor.fill("[name=title]", "Khai sinh trực tuyến: ba bước tại nhà")
    editor.fill("[name=summary]", "Không phải đến trụ sở để nộp giấy.")
    editor.select_option("[name=agency]", label="Sở Tư pháp")
    editor.locator(".cke_wysiwyg_div").first.click()
    editor.keyboard.type("Chuẩn bị giấy chứng sinh rồi mở Cổng Dịch vụ công.")
    editor.check(f"[name=campaigns][value='{Campaign.objects.get(number=9).pk}']")
    editor.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(editor.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()

    board = sign_in(open_page(), people["board"], PASSWORD)
    board.goto(editor.url)
    board.get_by_role("button", name="Duyệt", exact=True).click()
    expect(board.get_by_text("Đã duyệt.")).to_be_visible()

    citizen = open_page(PHONE)
    citizen.goto("/ke-hoach/2023/9/")
    citizen.get_by_role("link", name="Khai sinh trực tuyến: ba bước tại nhà").click()
    expect(citizen.get_by_text("Chuẩn bị giấy chứng sinh rồi mở Cổng Dịch vụ công.")).to_be_visible()

    code, pin = ask(citizen)
    look_up(citizen, code, pin)
    answer_and_publish(open_page, people, code, script=True)

    while notifications.deliver_due():
        pass
    mails = [path.read_text(encoding="utf-8") for path in Path(settings.EMAIL_FILE_PATH).glob("*.eml")]
    to_citizen = [mail for mail in mails if "To: nguoi.hoi@vidu.vn" in mail]
    assert len(to_citizen) == 3  # received, answered, published
    assert sum(ANSWER in mail for mail in to_citizen) == 1
    assert all(code in mail for mail in to_citizen)
    assert not any(pin in mail for mail in mails)

    look_up(citizen, code, pin)
    expect(citizen.get_by_text(ANSWER)).to_be_visible()
    expect(citizen.get_by_text("Trần Thị Ký")).to_be_visible()
    citizen.check("[name=rating][value='5']")
    citizen.get_by_role("button", name="Gửi đánh giá").click()
    expect(citizen.get_by_text("5/5 sao")).to_be_visible()

    everybody = open_page(PHONE)
    everybody.goto("/hoi-dap/")
    everybody.get_by_role("link", name=QUESTION).click()
    expect(everybody.get_by_text(ANSWER)).to_be_visible()
    assert "Nguyễn Văn Hỏi" not in everybody.content()


def test_the_journey_without_javascript(open_page, people):
    citizen = open_page(PHONE, script=False)
    code, pin = ask(citizen)
    answer_and_publish(open_page, people, code, script=False)
    look_up(citizen, code, pin)
    expect(citizen.get_by_text(ANSWER)).to_be_visible()
    citizen.goto(Case.objects.get(code=code).get_absolute_url())
    expect(citizen.get_by_text(ANSWER)).to_be_visible()


def tab_to(page, name):
    """Presses Tab until the element with that name has the focus; fails when it is never reached."""
    for _press in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.getAttribute('name') || document.activeElement.innerText || ''"
        )
        if focused.strip().startswith(name):
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_asking_and_following_by_keyboard_alone(open_page, people):
    page = open_page()
    page.goto("/hoi-dap/gui/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    tab_to(page, "Tiếp tục")
    page.keyboard.press("Enter")
    for step, field, typed in (
        ("cau-hoi", "title", QUESTION),
        ("noi-dung", "text", STORY),
        ("tep", "", ""),
        ("co-quan", "", ""),
        ("tu-cach", "", ""),
        ("nguoi-gui", "name", "Nguyễn Văn Hỏi"),
        ("lien-he", "", ""),
        ("noi-o", "", ""),
        ("dong-y", "answer_consent", " "),
        ("cong-khai", "", ""),
    ):
        page.wait_for_url(f"**/{step}/")
        if field:
            tab_to(page, field)
            page.keyboard.type(typed)
        tab_to(page, "Tiếp tục")
        page.keyboard.press("Enter")
    page.wait_for_url("**/xem-lai/")
    tab_to(page, "Gửi câu hỏi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bien-nhan/")
    code, pin = page.inner_text("#ma-ho-so"), page.inner_text("#ma-pin")

    page.goto("/tra-cuu/")
    tab_to(page, "code")
    page.keyboard.type(code.lower())
    tab_to(page, "pin")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tra-cuu/ho-so/")
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)


def test_a_double_click_sends_once(open_page, people):
    page = open_page(PHONE)
    page.goto("/hoi-dap/gui/cau-hoi/")
    write(page)
    page.get_by_role("button", name="Gửi câu hỏi").dblclick()
    expect(page.get_by_role("heading", name="Giấy biên nhận")).to_be_visible()
    code = page.inner_text("#ma-ho-so")
    page.go_back()
    page.goto("/hoi-dap/gui/xem-lai/")
    assert page.inner_text("#ma-ho-so") == code
    assert Case.objects.count() == 1


def test_a_denunciation_is_shown_the_right_door(open_page):
    page = open_page(PHONE)
    page.goto("/hoi-dap/gui/")
    page.check("[name=viec][value='to-cao']")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tố cáo cần gửi theo đường riêng")
    assert not Draft.objects.exists()
    assert page.context.cookies() == [] or {cookie["name"] for cookie in page.context.cookies()} == {
        "csrftoken"
    }


def test_changing_the_look_keeps_a_half_filled_form(open_page, people):
    page = open_page()
    page.goto("/hoi-dap/gui/cau-hoi/")
    page.fill("[name=title]", QUESTION)
    page.locator(".masthead").get_by_role("link", name="Chữ lớn").click()
    page.locator(".masthead").get_by_role("link", name="Tối").click()
    expect(page.locator("html")).to_have_attribute("data-co-chu", "lon")
    expect(page.locator("html")).to_have_attribute("data-tuong-phan", "toi")
    assert page.input_value("[name=title]") == QUESTION
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-co-chu", "lon")
    expect(page.locator("html")).to_have_attribute("data-tuong-phan", "toi")


def test_back_after_an_error_shows_the_words_and_asks_nothing(open_page, people):
    page = open_page(PHONE)
    page.goto("/hoi-dap/gui/cau-hoi/")
    page.fill("[name=title]", "Ngắn")
    go_on(page)
    expect(page.locator(".summary")).to_be_focused()
    page.fill("[name=title]", QUESTION)
    go_on(page)
    page.fill("[name=text]", "Vợ tôi")
    page.go_back()
    expect(page.locator("[name=title]")).to_have_value(QUESTION)
    go_on(page)
    page.fill("[name=text]", STORY)
    page.get_by_role("button", name="Quay lại").click()
    expect(page.locator("[name=title]")).to_have_value(QUESTION)
    go_on(page)
    expect(page.locator("[name=text]")).to_have_value(STORY)


RICH = (
    "<h2>Hồ sơ</h2><p>Bà Nguyễn Thị Mẫu cần <strong>hai</strong> thứ, <em>nộp</em> một lần:<br>sáng hoặc chiều.</p>"
    '<ul><li>Đơn theo <a href="https://dichvucong.gov.vn/mau?x=1&amp;y=2">mẫu</a></li><li>Ảnh 4 × 6</li></ul>'
    "<table><thead><tr><th>Việc</th><th>Hạn</th></tr></thead><tbody><tr><td>Khai sinh</td><td>1 ngày</td></tr>"
    "</tbody></table><blockquote><p>Trích Điều 5.</p></blockquote><ol><li>Một</li><li>Hai</li></ol>"
)


def test_a_rich_answer_is_published_masked_and_otherwise_unchanged(open_page, people):
    case = make_case(status=Case.Status.ANSWERED, agency=people["agency"], answer=RICH)
    page = sign_in(open_page(), people["coordinator"], PASSWORD)
    page.goto(case.get_desk_url())
    page.get_by_role("link", name="Che và công khai").click()
    expect(page.get_by_role("region", name="Bản công khai")).to_contain_text("[đã che] cần hai thứ")
    page.go_back()
    publish(page)
    everybody = open_page()
    everybody.goto(case.get_absolute_url())
    expect(everybody.locator("main")).to_contain_text("Ảnh 4 × 6")
