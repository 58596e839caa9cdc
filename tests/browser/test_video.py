"""Videos of other sites and wide tables, as a reader meets them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILM = "Nộp hồ sơ trong năm bước"
BODY = (
    "<h2>Cách làm</h2><p>Trước khi xem.</p>"
    f'<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=65">{FILM}</a></p>'
    '<p><a href="https://vimeo.com/76979871">https://vimeo.com/76979871</a></p>'
    "<table><thead><tr>" + "".join(f"<th>Cột số {number}</th>" for number in range(1, 13)) + "</tr></thead>"
    "<tbody><tr><th>Hàng</th>" + "<td>85,39</td>" * 11 + "</tr></tbody></table>"
)
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0&start=65"


@pytest.fixture
def article():
    return make_article(published=True, body=BODY)


def listen(page, site):
    """Requests to other sites, answered here with an empty player."""
    asked = []

    def answer(route):
        asked.append(route.request)
        route.fulfill(body="<!doctype html><title>player</title>", content_type="text/html")

    page.route(lambda url: not url.startswith(site), answer)
    return asked


def test_the_player_comes_only_when_it_is_asked_for(open_page, site, article):
    page = open_page()
    asked = listen(page, site)
    page.goto(article.get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert asked == []
    expect(page.locator(".video figcaption").first).to_have_text(
        "Bấm để phát; khi đó trình duyệt nối đến YouTube."
    )

    link = page.get_by_role("link", name=FILM)
    link.focus()
    page.keyboard.press("Enter")

    player = page.locator(".video iframe")
    expect(player).to_have_count(1)
    assert player.get_attribute("src") == PLAYER
    assert FILM in player.get_attribute("title")
    assert player.get_attribute("allow") == "fullscreen; picture-in-picture"
    assert player.get_attribute("referrerpolicy") == "strict-origin-when-cross-origin"
    assert "allow-top-navigation" not in player.get_attribute("sandbox")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    expect(page.get_by_role("link", name="Xem ở trang YouTube")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [request.url for request in asked] == [PLAYER]
    assert asked[0].headers["referer"] == f"{site}/"


def test_without_script_the_poster_is_a_plain_link(open_page, site, article):
    page = open_page(script=False)
    page.goto(article.get_absolute_url())
    link = page.get_by_role("link", name=FILM)
    assert link.get_attribute("href") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=65"
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize("contrast", ["thuong", "cao", "toi"])
@pytest.mark.parametrize(
    "viewport", [{"width": 320, "height": 700}, PHONE, LAPTOP], ids=["320", "360", "1280"]
)
def test_posters_and_tables_suit_everybody(open_page, article, contrast, viewport):
    page = open_page(viewport, cookies={"tuong_phan": contrast})
    page.goto(article.get_absolute_url())
    assert page.evaluate("document.documentElement.dataset.tuongPhan") == contrast
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


def test_a_wide_table_is_moved_by_keyboard(open_page, article):
    page = open_page(PHONE)
    page.goto(article.get_absolute_url())
    box = page.get_by_role("region", name="Bảng: Cột số 1")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert box.evaluate("each => each.scrollLeft") > 0
