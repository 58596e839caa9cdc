"""A video's own page, as a visitor meets it: nothing of the other site before the press, no dead end without it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.factories import make_campaign, make_image, make_video

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAYER = "https://www.youtube-nocookie.com/embed/MinhHoa0001?rel=0"
WATCH = "https://www.youtube.com/watch?v=MinhHoa0001"


@pytest.fixture
def video():
    campaign = make_campaign()
    make_video(published=True, title="Một video khác", campaigns=[campaign])
    return make_video(
        published=True,
        title="Một vòng quầy một cửa",
        campaigns=[campaign],
        poster=make_image(),
        duration="4:20",
        transcript="<p><strong>Người dẫn:</strong> Chào bà con.</p>",
    )


def listen(page, site):
    """What leaves for other sites, answered here with an empty page."""
    asked: list[str] = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body="<!doctype html><title>trang ngoài</title>", content_type="text/html")

    page.route(lambda url: not url.startswith(site), answer)
    return asked


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_nothing_leaves_before_the_press_and_the_keyboard_starts_the_player(open_page, site, video, viewport):
    page = open_page(viewport)
    asked = listen(page, site)
    page.goto("/video/")
    page.get_by_role("link", name=video.title).click()
    page.wait_for_load_state("networkidle")
    assert asked == []
    assert page.locator("iframe").count() == 0
    assert page.locator(".video__poster").evaluate("each => each.complete && each.naturalWidth > 0")

    page.locator(".video__link").focus()
    page.keyboard.press("Enter")

    player = page.locator(".video iframe")
    expect(player).to_have_count(1)
    assert player.get_attribute("src") == PLAYER
    page.wait_for_load_state("networkidle")
    assert asked == [PLAYER]
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_link_leads_on_without_a_script(open_page, site, video):
    page = open_page(script=False)
    asked = listen(page, site)
    page.goto(video.get_absolute_url())
    expect(page.get_by_text("Chào bà con.")).to_be_visible()

    page.locator(".video__link").click()
    page.wait_for_url(WATCH)

    assert asked == [WATCH]


def test_the_page_stays_whole_where_the_other_site_is_blocked(open_page, site, video):
    page = open_page(watch=False)
    page.route(lambda url: not url.startswith(site), lambda route: route.abort())
    page.goto(video.get_absolute_url())

    page.locator(".video__link").click()

    expect(page.locator(".video iframe")).to_have_count(1)
    expect(page.get_by_text("Chào bà con.")).to_be_visible()
    expect(page.locator(".video figcaption a")).to_have_attribute("href", WATCH)


@pytest.mark.parametrize("contrast", ["thuong", "cao", "toi"])
@pytest.mark.parametrize("where", ["list", "page"])
def test_no_barrier_in_any_contrast(open_page, site, video, contrast, where):
    page = open_page(PHONE, cookies={"tuong_phan": contrast})
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/video/" if where == "list" else video.get_absolute_url())

    found = Axe().run(page).response["violations"]

    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
