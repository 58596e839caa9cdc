"""An article from draft to print, walked in a real Chromium by two officials and one reader; then by keyboard alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agencies.roles import Role
from articles import services as publishing
from articles.models import Article, Autosave
from plan import services as plan
from tests.browser.conftest import LAPTOP, PHONE, sign_in
from tests.browser.test_journey import tab_to
from tests.factories import PASSWORD, make_agency, make_article, make_file, make_official, png

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADD = "/quan-tri/articles/article/add/"
TITLE = "Khai sinh qua mạng: năm bước làm tại nhà"


@pytest.fixture
def people():
    plan.load_plan_113()
    make_agency(name="Sở Tư pháp")
    make_file(title="Mẫu tờ khai")
    return {
        "editor": make_official(Role.EDITOR, is_staff=True, full_name="Lê Thị Soạn"),
        "board": make_official(Role.PUBLISHER, is_staff=True, full_name="Trần Văn Duyệt"),
    }


def sign_in_as(open_page, official):
    return sign_in(open_page(LAPTOP), official, PASSWORD)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def write(page):
    page.goto(ADD)
    page.select_option("[name=kind]", label="Hướng dẫn dịch vụ công")
    page.fill("[name=title]", TITLE)
    page.fill("[name=summary]", "Chuẩn bị giấy tờ gì, nộp ở đâu, bao lâu có kết quả.")
    page.select_option("[name=agency]", label="Sở Tư pháp")
    page.get_by_label("3. Thể chế").check()
    page.fill("[name=tags]", "khai sinh, Một cửa")
    page.fill("[name=sources]", "Cổng Dịch vụ công quốc gia https://dichvucong.gov.vn")
    page.locator(".cke_wysiwyg_div").click()
    page.keyboard.type("Năm bước, mỗi bước vài phút.")
    expect(page.locator(".counted")).to_have_text("6 chữ, đọc khoảng 1 phút")


def put_a_picture_in(page):
    page.locator(".cke_button__picture").click()
    file = {"name": "quay.png", "mimeType": "image/png", "buffer": png().read()}
    page.get_by_label("Tải ảnh mới lên").set_input_files(file)
    page.get_by_label("Mô tả cho người không nhìn thấy ảnh").fill("Người dân nộp hồ sơ ở nhà")
    page.get_by_role("button", name="Chèn ảnh").click()
    expect(page.locator(".cke_wysiwyg_div img[src*='/tep/anh/']")).to_be_visible()


def test_an_article_goes_from_draft_to_print(open_page, people):
    editor, board = (sign_in_as(open_page, people[who]) for who in ("editor", "board"))
    write(editor)
    put_a_picture_in(editor)
    press(editor, "Lưu và gửi duyệt")
    expect(editor.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()
    article = Article.objects.get()

    board.goto("/quan-tri/")
    board.get_by_role("link", name="1 bài chờ bạn duyệt").click()
    board.get_by_role("link", name=TITLE).click()
    expect(board.locator("[data-names]")).to_have_text("Lê Thị Soạn")
    board.fill("[name=comment]", "Bước 3 làm trên điện thoại được không?")
    press(board, "Gửi lời trao đổi")
    expect(board.locator(".talk")).to_contain_text("Bước 3 làm trên điện thoại được không?")
    board.fill("[name=decision_note]", "Thêm thời hạn trả kết quả.")
    press(board, "Trả lại người soạn")
    expect(board.get_by_text("Đã trả bài cho người soạn kèm ý kiến.")).to_be_visible()

    editor.goto("/quan-tri/")
    editor.get_by_role("link", name="1 bài của bạn được trả lại để sửa").click()
    editor.get_by_role("link", name=TITLE).click()
    expect(editor.get_by_text("Thêm thời hạn trả kết quả.").first).to_be_visible()
    editor.locator(".cke_wysiwyg_div").click()
    editor.keyboard.press("Control+Home")
    editor.keyboard.type("Ba ngày làm việc có kết quả. ")
    press(editor, "Lưu và gửi duyệt")
    expect(editor.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()
    editor.get_by_role("link", name="Các lần sửa").click()
    expect(editor.locator("ins").first).to_contain_text("Ba ngày làm việc có kết quả.")

    reader = open_page(PHONE)
    assert reader.goto(article.get_absolute_url()).status == 404
    board.reload()
    press(board, "Duyệt")
    expect(board.get_by_text("Đã duyệt.")).to_be_visible()

    reader.goto("/tin-bai/")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_text("Ba ngày làm việc có kết quả.")).to_be_visible()
    expect(reader.get_by_alt_text("Người dân nộp hồ sơ ở nhà")).to_be_visible()
    reader.get_by_role("link", name="Click để đánh giá bài viết").click()
    reader.get_by_label("5 sao").check()
    reader.get_by_role("button", name="Gửi đánh giá").click()
    expect(reader.get_by_text("Tổng số điểm của bài viết là: 5 trong 1 đánh giá")).to_be_visible()

    reader.emulate_media(media="print")
    expect(reader.get_by_role("heading", level=1)).to_be_visible()
    expect(reader.get_by_text("Ba ngày làm việc có kết quả.")).to_be_visible()
    for gone in (".mainnav", ".menus", ".rating", ".share"):
        expect(reader.locator(gone).first).to_be_hidden()
    assert reader.pdf().startswith(b"%PDF")


def test_a_mistake_is_mended_while_the_public_goes_on_reading(open_page, people):
    article = make_article(
        published=True, author=people["editor"], title="Lệ phí", body="<p>Lệ phí 50.000 đồng.</p>"
    )
    editor, board, reader = (
        sign_in_as(open_page, people["editor"]),
        sign_in_as(open_page, people["board"]),
        open_page(PHONE),
    )
    editor.goto(f"/quan-tri/articles/article/{article.pk}/change/")
    press(editor, "Sửa mà vẫn đăng")
    expect(editor.get_by_text("Đây là bản sửa")).to_be_visible()
    editor.locator(".cke_wysiwyg_div").click()
    editor.keyboard.press("Control+A")
    editor.keyboard.type("Không thu lệ phí.")
    editor.fill("[name=correction_note]", "Bản trước ghi nhầm lệ phí 50.000 đồng; đúng là không thu.")
    press(editor, "Lưu và gửi duyệt")
    expect(editor.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()
    reader.goto(article.get_absolute_url())
    expect(reader.get_by_text("Lệ phí 50.000 đồng.")).to_be_visible()

    board.goto("/quan-tri/articles/article/?viec=cho-duyet")
    board.get_by_role("link", name="Lệ phí").click()
    press(board, "Duyệt")
    expect(board.get_by_text("Đã duyệt.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Không thu lệ phí.", exact=True)).to_be_visible()
    expect(reader.get_by_text("Bản trước ghi nhầm lệ phí 50.000 đồng")).to_be_visible()


def test_typed_words_survive_a_closed_window(open_page, people):
    article = make_article(author=people["editor"], title="Đã lưu")
    page = sign_in_as(open_page, people["editor"])
    address = f"/quan-tri/articles/article/{article.pk}/change/"
    page.goto(address)
    page.fill("[name=title]", "Đang gõ dở thì mất điện")
    page.locator(".cke_wysiwyg_div").click()
    page.keyboard.type("Câu này chưa lưu. ")
    expect(page.locator("[data-autosaved]")).to_contain_text("Đã giữ tạm", timeout=25_000)
    page.close()

    page = sign_in_as(open_page, people["editor"])
    page.goto(address)
    expect(page.get_by_label("Tiêu đề")).to_have_value("Đã lưu")
    page.get_by_role("link", name="Dùng lại phần đó").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Đang gõ dở thì mất điện")
    expect(page.locator(".cke_wysiwyg_div")).to_contain_text("Câu này chưa lưu.")
    press(page, "Lưu lại")
    page.wait_for_url("**/article/")
    article.refresh_from_db()
    assert article.title == "Đang gõ dở thì mất điện"
    assert "Câu này chưa lưu." in article.body


def test_words_typed_in_the_first_moment_are_kept_too(open_page, people):
    page = sign_in_as(open_page, people["editor"])
    page.goto(ADD, wait_until="domcontentloaded")
    page.fill("[name=title]", "Gõ ngay khi trang vừa mở")
    expect(page.locator("[data-autosaved]")).to_contain_text("Đã giữ tạm", timeout=25_000)
    assert Autosave.objects.get().title == "Gõ ngay khi trang vừa mở"


def test_a_refused_form_is_kept_as_it_stands(open_page, people):
    page = sign_in_as(open_page, people["editor"])
    page.goto(ADD)
    page.fill("[name=title]", "Còn thiếu tóm tắt")
    Autosave.objects.all().delete()
    press(page, "Lưu lại")
    expect(page.get_by_text("Đã giữ tạm")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Chưa lưu được")
    page.close()

    page = sign_in_as(open_page, people["editor"])
    page.goto(ADD)
    page.get_by_role("link", name="Dùng lại phần đó").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Còn thiếu tóm tắt")


def test_a_session_that_ended_takes_no_words_with_it(open_page, people):
    article = make_article(author=people["editor"], title="Đã lưu")
    page = sign_in(
        open_page(answers={403}), people["editor"], PASSWORD
    )  # keeping aside is refused, as it should be
    page.goto(f"/quan-tri/articles/article/{article.pk}/change/")
    page.fill("[name=title]", "Gõ xong thì phiên đã hết")
    page.context.clear_cookies()

    press(page, "Lưu lại")
    told = page.locator("[data-autosaved]")
    expect(told).to_contain_text("Phiên làm việc đã hết")
    expect(page.get_by_label("Tiêu đề")).to_have_value("Gõ xong thì phiên đã hết")

    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Đăng nhập lại ở thẻ mới").click()
    door = opened.value
    door.wait_for_load_state()
    door.fill("[name=username]", people["editor"].username)
    door.fill("[name=password]", PASSWORD)
    door.locator("[name=password]").press("Enter")
    door.wait_for_url("**/quan-tri/")
    press(page, "Lưu lại")
    page.wait_for_url("**/article/")
    article.refresh_from_db()
    assert article.title == "Gõ xong thì phiên đã hết"


def test_too_long_a_text_stays_in_the_form_and_is_said(open_page, people, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000
    page = sign_in_as(open_page, people["editor"])
    page.goto(ADD)
    page.fill("[name=sources]", "ệ" * 2000)
    press(page, "Lưu lại")
    expect(page.locator("[data-autosaved]")).to_contain_text("Nội dung quá dài nên cổng không nhận được")
    expect(page.locator("[name=sources]")).to_have_value("ệ" * 2000)


def test_two_new_pieces_begun_at_once_are_kept_apart(open_page, people):
    page = sign_in_as(open_page, people["editor"])
    for title in ("Bài thứ nhất", "Bài thứ hai"):
        tab = page.context.new_page()
        tab.goto(ADD)
        tab.fill("[name=title]", title)
        expect(tab.locator("[data-autosaved]")).to_contain_text("Đã giữ tạm", timeout=25_000)
    page.goto(ADD)
    expect(page.get_by_role("heading", name="Bài thứ nhất")).to_be_visible()
    expect(page.get_by_role("heading", name="Bài thứ hai")).to_be_visible()
    page.get_by_role("link", name="Dùng lại phần đó").last.click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Bài thứ nhất")


def type_into(page, name, words):
    tab_to(page, name)
    page.keyboard.type(words)


def test_an_article_is_written_approved_and_rated_by_keyboard_alone(open_page, people):
    editor, board = (sign_in_as(open_page, people[who]) for who in ("editor", "board"))
    editor.goto(ADD)
    expect(editor.locator(".cke_wysiwyg_div")).to_be_visible()
    type_into(editor, "title", TITLE)
    type_into(editor, "summary", "Năm bước.")
    for _press in range(40):  # past the buttons of the editor into its text
        editor.keyboard.press("Tab")
        if "cke_wysiwyg_div" in editor.evaluate("document.activeElement.className"):
            break
    editor.keyboard.type("Nộp ở nhà.")
    for _press in range(40):
        editor.keyboard.press("Tab")
        if editor.evaluate("document.activeElement.getAttribute('role')") == "combobox":
            break
    editor.keyboard.press("Enter")
    editor.keyboard.type("tu phap")
    editor.keyboard.press("Enter")
    tab_to(editor, "_submit_for_review")
    editor.keyboard.press("Enter")
    expect(editor.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()

    board.goto("/quan-tri/")
    tab_to(board, "1 bài chờ bạn duyệt")
    board.keyboard.press("Enter")
    board.wait_for_url("**viec=cho-duyet")
    board.wait_for_load_state()
    tab_to(board, TITLE)
    board.keyboard.press("Enter")
    board.wait_for_url("**/change/**")
    board.wait_for_load_state()
    tab_to(board, "_approve")
    board.keyboard.press("Enter")
    expect(board.get_by_text("Đã duyệt.")).to_be_visible()

    reader = open_page()
    reader.goto("/tin-bai/")
    tab_to(reader, TITLE)
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    tab_to(reader, "Click để đánh giá bài viết")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/danh-gia/")
    reader.wait_for_load_state()
    tab_to(reader, "stars")
    reader.keyboard.press("Space")
    tab_to(reader, "Gửi đánh giá")
    reader.keyboard.press("Enter")
    expect(reader.get_by_text("trong 1 đánh giá")).to_be_visible()


# Enter presses the first button of a form ------------------------------------------------------------------------


def test_enter_does_not_throw_away_what_was_kept(open_page, people):
    article = make_article(author=people["editor"], title="Đã lưu")
    page = sign_in_as(open_page, people["editor"])
    address = f"/quan-tri/articles/article/{article.pk}/change/"
    page.goto(address)
    token = page.locator("#article_form [name=csrfmiddlewaretoken]").input_value()
    kept = page.request.post(
        address.replace("change", "giu"),
        form={"title": "Đang gõ dở", "seen_version": "1"},
        headers={"X-CSRFToken": token, "Referer": page.url},
    )
    assert kept.ok
    page.reload()
    expect(page.get_by_role("button", name="Bỏ phần đó")).to_be_visible()
    page.fill("[name=title]", "Gõ rồi bấm Enter")
    page.press("[name=title]", "Enter")
    page.wait_for_url("**/article/")
    article.refresh_from_db()
    assert article.title == "Gõ rồi bấm Enter"


def test_enter_in_a_box_of_hours_takes_no_step(open_page, people):
    waiting = make_article(author=people["editor"])
    publishing.submit(waiting, by=people["editor"])
    stale = make_article(published=True, author=people["editor"])
    Article.objects.filter(pk=stale.pk).update(review_on=timezone.localdate())
    page = sign_in_as(open_page, people["board"])
    for article, box in ((waiting, "review_on"), (waiting, "publish_at_0"), (stale, "next_review_on")):
        page.goto(f"/quan-tri/articles/article/{article.pk}/change/")
        page.press(f"[name={box}]", "Enter")
        page.wait_for_load_state()
    waiting.refresh_from_db()
    assert waiting.status == "in_review"
    assert not Article.objects.exclude(amends=None).exists()


def test_the_editor_is_read_in_the_dark_too(open_page, people):
    page = sign_in(open_page(LAPTOP, color_scheme="dark"), people["editor"], PASSWORD)
    page.goto(ADD)
    expect(page.locator(".cke_wysiwyg_div")).to_be_visible()
    ink, ground = page.evaluate(
        """() => {
          const style = getComputedStyle(document.querySelector(".cke_wysiwyg_div"));
          return [style.color, style.backgroundColor].map((text) => text.match(/\\d+/g).slice(0, 3).map(Number));
        }"""
    )
    assert abs(sum(ink) - sum(ground)) > 3 * 110
