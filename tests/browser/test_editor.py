"""Pictures in an article, put there in a real Chromium as an editor would."""

import base64
import re

import pytest
from playwright.sync_api import expect

from agencies.roles import Role
from articles.models import Article, Image
from parcai.lib import html
from tests.browser.conftest import LAPTOP, PHONE, sign_in
from tests.factories import PASSWORD, make_agency, make_article, make_campaign, make_image, make_official, png
from tests.lib import test_paste as pastes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GIVE_FILE = """([area, kind, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "anh.png", { type: "image/png" }));
  area.focus();
  const box = area.getBoundingClientRect();
  const place = { bubbles: true, cancelable: true, clientX: box.x + 30, clientY: box.y + 30 };
  area.dispatchEvent(
    kind === "paste"
      ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent("drop", { dataTransfer: data, ...place }),
  );
}"""

CUT = """(width) => {
  const edge = (each) => Math.min(width, each.closest(".results, .form-row")?.getBoundingClientRect().right ?? width);
  const things = "#content input, #content select, #content textarea, .cke, .checkgrid label, #result_list td";
  return [...document.querySelectorAll(things)]
    .filter((each) => each.offsetParent && each.getBoundingClientRect().right > edge(each) + 1)
    .map((each) => each.className || each.name);
}"""


@pytest.fixture
def editor():
    return make_official(Role.EDITOR, is_staff=True)


def new_article(open_page, editor, viewport=LAPTOP):
    make_agency(name="Sở Tư pháp")
    page = sign_in(open_page(viewport), editor, PASSWORD)
    page.goto("/quan-tri/articles/article/add/")
    page.fill("[name=title]", "Bài có ảnh")
    page.fill("[name=summary]", "Tóm tắt.")
    page.select_option("[name=agency]", label="Sở Tư pháp")
    page.locator(".cke_wysiwyg_div").click()
    page.keyboard.type("Quầy một cửa sáng nay.")
    return page


def body_picture(page):
    return page.locator(".cke_wysiwyg_div img[src*='/tep/anh/']")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_given_to_the_text_is_stored_and_asks_for_words(open_page, editor, kind):
    page = new_article(open_page, editor)
    area = page.locator(".cke_wysiwyg_div").element_handle()

    page.evaluate(GIVE_FILE, [area, kind, base64.b64encode(png().read()).decode()])
    expect(body_picture(page)).to_be_visible()
    expect(page.locator(".cke_notification_message")).to_contain_text("Đã tải ảnh lên")
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.get_by_text("chưa có mô tả")).to_be_visible()
    body_picture(page).dblclick()
    page.get_by_label("Mô tả cho người không nhìn thấy ảnh").fill("Người dân nộp hồ sơ ở quầy")
    page.get_by_role("button", name="Ghi mô tả").click()
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()

    article, image = Article.objects.get(), Image.objects.get()
    assert image.url_medium in article.body
    assert 'alt="Người dân nộp hồ sơ ở quầy"' in article.body
    assert list(article.images.all()) == [image]
    assert image.alt == "Người dân nộp hồ sơ ở quầy"


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_picture_is_uploaded_by_the_button_and_not_without_words(open_page, editor, viewport):
    page = new_article(open_page, editor, viewport)

    page.locator(".cke_button__picture").click()
    page.get_by_role("button", name="Chèn ảnh").click()
    expect(page.get_by_text("Hãy chọn một ảnh.")).to_be_visible()
    file = {"name": "quay.png", "mimeType": "image/png", "buffer": png().read()}
    page.get_by_label("Tải ảnh mới lên").set_input_files(file)
    page.get_by_role("button", name="Chèn ảnh").click()
    expect(page.get_by_text("Hãy viết mô tả ảnh")).to_be_visible()
    page.get_by_label("Mô tả cho người không nhìn thấy ảnh").fill("Quầy một cửa")
    page.get_by_label("Nguồn ảnh").fill("Báo Phú Yên")
    page.get_by_role("button", name="Chèn ảnh").click()
    expect(body_picture(page)).to_be_visible()
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()

    image = Image.objects.get()
    assert (image.alt, image.credit) == ("Quầy một cửa", "Báo Phú Yên")
    body = Article.objects.get().body
    for part in (f'src="{image.url_medium}"', 'alt="Quầy một cửa"', 'width="640"', 'height="360"'):
        assert part in body


def test_a_picture_of_the_library_comes_with_its_words(open_page, editor):
    make_image(alt="Cánh đồng lúa")
    image = make_image(alt="Bộ phận một cửa")
    page = new_article(open_page, editor)

    page.locator(".cke_button__picture").click()
    expect(page.locator(".picturebox__list img")).to_have_count(2)
    page.get_by_label("Tìm trong thư viện ảnh").fill("một cửa")
    expect(page.locator(".picturebox__list img")).to_have_count(1)
    page.get_by_role("button", name="Bộ phận một cửa").click()
    page.get_by_role("button", name="Chèn ảnh").click()
    expect(body_picture(page)).to_have_attribute("alt", "Bộ phận một cửa")
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()

    assert list(Article.objects.get().images.all()) == [image]


def test_a_file_that_is_no_picture_is_refused_in_words(open_page, editor):
    page = new_article(open_page, editor)
    page.locator(".cke_button__picture").click()
    page.get_by_label("Mô tả cho người không nhìn thấy ảnh").fill("Ảnh")
    file = {"name": "a.png", "mimeType": "image/png", "buffer": b"GIF89a"}
    page.get_by_label("Tải ảnh mới lên").set_input_files(file)
    page.get_by_role("button", name="Chèn ảnh").click()
    expect(page.get_by_text("Nội dung tệp không phải là ảnh")).to_be_visible()
    assert not Image.objects.exists()


def test_an_agency_is_found_by_typing_without_accents(open_page, editor):
    page = new_article(open_page, editor)
    wanted = make_agency(name="Ủy ban nhân dân xã Đồng Xuân")
    page.goto("/quan-tri/articles/article/add/")
    page.locator(".field-agency .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill("xa dong xuan")
    page.keyboard.press("Enter")
    assert page.locator("[name=agency]").input_value() == str(wanted.pk)


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_form_and_list_fit_the_screen(open_page, viewport):
    board = make_official(Role.PUBLISHER, is_staff=True)
    agency = make_agency(name="Trung tâm Phục vụ hành chính công tỉnh Phú Yên")
    articles = [
        make_article(title="Một tiêu đề khá dài của bài " * 4, agency=agency),
        make_article(published=True, campaigns=[make_campaign(short_title="Tên dài của một nội dung " * 4)]),
    ]
    page = sign_in(open_page(viewport), board, PASSWORD)
    for address in (
        "/quan-tri/articles/article/",
        *(f"/quan-tri/articles/article/{article.pk}/change/" for article in articles),
    ):
        page.goto(address)
        page.wait_for_timeout(400)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert page.evaluate(CUT, viewport["width"]) == [], address


def test_who_opens_and_saves_without_typing_has_edited_nothing(open_page):
    body = "<h2>Ba bước</h2><ul><li>Một <strong>hai</strong></li></ul><table><tbody><tr><td></td></tr></tbody></table>"
    article = make_article(body=body)
    page = sign_in(open_page(), make_official(Role.PUBLISHER, is_staff=True), PASSWORD)
    page.goto(f"/quan-tri/articles/article/{article.pk}/change/")
    expect(page.locator(".cke_wysiwyg_div h2")).to_be_visible()
    page.get_by_role("button", name="Lưu và sửa tiếp").click()
    expect(page.get_by_text("Đã lưu tin bài")).to_be_visible()
    assert not article.editors.exists()


def submit(page):
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.get_by_text("Đã gửi Ban Biên tập duyệt.")).to_be_visible()
    return Article.objects.get().body


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_video_is_put_in_by_its_link_and_other_sites_are_refused_in_words(open_page, editor, viewport):
    page = new_article(open_page, editor, viewport)
    page.locator(".cke_button__video").click()
    address, name = page.get_by_label("Đường dẫn đến video"), page.get_by_label("Tên video")
    insert = page.get_by_role("button", name="Chèn video")

    for link in (
        "",
        "https://vidu.vn/phim",
        "https://youtube.com.vidu.vn/watch?v=dQw4w9WgXcQ",
        "https://youtu.be/ngan",
    ):
        address.fill(link)
        insert.click()
        expect(page.get_by_text("không phải của một video trên YouTube hoặc Vimeo")).to_be_visible()
    address.fill(" https://youtu.be/dQw4w9WgXcQ?t=65 ")
    insert.click()
    expect(page.get_by_text("Hãy viết tên video.")).to_be_visible()
    name.fill("Nộp <hồ sơ> tại nhà")
    insert.click()

    body = submit(page)
    assert (
        '<p><a href="https://youtu.be/dQw4w9WgXcQ?t=65" rel="noopener noreferrer nofollow">Nộp &lt;hồ sơ&gt; tại nhà</a></p>'
        in body
    )
    assert html.show_on_page(body).count('<figure class="video">') == 1


def test_a_new_table_has_a_row_of_headers_and_no_measures(open_page, editor):
    page = new_article(open_page, editor)
    page.locator(".cke_button__table").click()
    dialog = page.locator(".cke_dialog:visible")
    expect(dialog.locator("select").first).to_have_value("row")
    expect(dialog.locator("input[type=text]")).to_have_count(3)  # rows, columns, caption
    dialog.locator(".cke_dialog_ui_button_ok").click()
    page.keyboard.type("Thủ tục")

    body = submit(page)
    assert '<thead><tr><th scope="col">Thủ tục</th><th scope="col">' in body.replace("\n", "").replace(
        "\t", ""
    )
    assert "style=" not in body


def paste_html(page, content):
    page.evaluate(
        """([area, content]) => {
          const data = new DataTransfer();
          data.setData("text/html", content);
          area.focus();
          area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [page.locator(".cke_wysiwyg_div").element_handle(), content],
    )
    page.wait_for_timeout(800)  # the editor fetches what it knows of Word


@pytest.mark.parametrize(
    ("pasted", "parts"),
    [
        (
            pastes.WORD,
            ["<h2>KẾ HOẠCH</h2>", "<strong>Mục đích:</strong>", "<em>chất lượng</em>", "<h3>Yêu cầu</h3>"],
        ),
        (
            pastes.WORD_LISTS,
            [
                "<ul><li>Đơn đề nghị;<ul><li>hai bản chính</li></ul></li><li>",
                "<strong>Bản sao</strong>",
                '<ol start="3"><li>Nộp</li><li>Nhận<ol',
            ],
        ),
        (pastes.WORD_TABLE, ['<td colspan="2">', "<strong>Thủ tục</strong>", "Trong ngày"]),
        (
            pastes.LIBREOFFICE,
            ["<h2>Báo cáo</h2>", "<strong>Kết quả</strong>", "<em>quý một</em>", "<li>", "<th>"],
        ),
        (
            pastes.GOOGLE_DOCS,
            [
                "<h2>Hướng dẫn</h2>",
                "<p><strong>Đậm</strong> thường",
                "<em>nghiêng</em>",
                "<ol><li>",
                'href="https://dichvucong.gov.vn"',
            ],
        ),
        (pastes.EXCEL, ["<td>Đơn vị</td><td>85,39</td>"]),
        (pastes.ZALO, ["Kính gửi bà con</p><p>Ngày mai", "<br>"]),
    ],
    ids=["Word", "Word lists", "Word table", "LibreOffice", "Google Docs", "Excel", "Zalo"],
)
def test_what_is_pasted_from_elsewhere_is_saved_as_a_text_of_ours(open_page, editor, pasted, parts):
    page = new_article(open_page, editor)
    page.locator(".cke_wysiwyg_div").press("Control+End")
    page.keyboard.press("Enter")
    paste_html(page, pasted)

    body = submit(page)
    flat = re.sub(r"\s*(</?(?:p|h2|h3|ul|ol|li|table|tbody|thead|tr|td|th|br)\b[^>]*>)\s*", r"\1", body)
    for part in parts:
        assert part in flat
    for left in ("style", "class", "mso", "font", "<o:", "data:"):
        assert left not in body
