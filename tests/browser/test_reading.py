"""Reading in a real Chromium: listening with a stand-in for the voice, counting, data blocks under the policy."""

import pytest
from playwright.sync_api import expect

from articles import reading
from articles.models import Article
from tests.browser.conftest import LAPTOP, PHONE
from tests.factories import make_article, make_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = (
    "<h2>Phần một</h2><p>Đoạn thứ nhất ngắn.</p>"
    f"<p>{'Đoạn dài có nhiều câu, đọc từng phần một. ' * 15}</p><ul><li>Mục cuối</li></ul>"
)
# A voice that says nothing and ends only when the test lets it.
VOICE = """
(() => {
  const said = [];
  const listeners = [];
  let voices = %s;
  const speech = {
    said, current: null, cancelled: 0,
    getVoices: () => voices,
    speak(piece) { said.push({ words: piece.text, rate: piece.rate, lang: piece.lang }); this.current = piece; },
    cancel() { this.cancelled += 1; const old = this.current; this.current = null; old?.dispatchEvent(new Event("end")); },
    addEventListener(name, listener) { if (name === "voiceschanged") listeners.push(listener); },
    gain(found) { voices = found; for (const listener of listeners) listener(); },
    finish() { const old = this.current; this.current = null; old.dispatchEvent(new Event("end")); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
})();
"""
VIETNAMESE = '[{ lang: "en-US" }, { lang: "vi-VN" }]'


def open_article(open_page, article, *, voices=VIETNAMESE, viewport=LAPTOP):
    page = open_page(viewport)
    page.add_init_script(VOICE % voices)
    page.goto(article.get_absolute_url())
    return page


def said(page) -> list[str]:
    return [piece["words"] for piece in page.evaluate("speechSynthesis.said")]


def test_an_article_is_read_piece_by_piece_and_shows_where(open_page):
    page = open_article(open_page, make_article(published=True, body=BODY), viewport=PHONE)
    button = page.get_by_role("button", name="Nghe đọc bài")
    button.click()
    expect(page.get_by_role("button", name="Tạm dừng")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".is-read")).to_have_text("Phần một")
    pieces = 0
    while page.evaluate("speechSynthesis.current !== null"):
        page.evaluate("speechSynthesis.finish()")
        pieces += 1
        assert pieces < 30
    words = said(page)
    assert words[:2] == ["Phần một", "Đoạn thứ nhất ngắn."]
    assert words[-1] == "Mục cuối"
    assert max(len(each) for each in words) <= 200
    assert " ".join(words[2:-1]) == ("Đoạn dài có nhiều câu, đọc từng phần một. " * 15).strip()
    assert {each["lang"] for each in page.evaluate("speechSynthesis.said")} == {"vi-VN"}
    expect(page.get_by_role("button", name="Nghe đọc bài")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".is-read")).to_have_count(0)


def test_listening_is_paused_taken_up_and_stopped_by_keyboard(open_page):
    page = open_article(open_page, make_article(published=True, body=BODY))
    page.get_by_role("button", name="Nghe đọc bài").focus()
    page.keyboard.press("Enter")
    page.evaluate("speechSynthesis.finish()")
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="Tạm dừng đọc")).to_have_count(1)
    page.keyboard.press("Space")
    assert said(page) == ["Phần một", "Đoạn thứ nhất ngắn.", "Đoạn thứ nhất ngắn."]

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Nghe đọc bài")).to_be_focused()
    expect(page.locator(".is-read")).to_have_count(0)
    page.keyboard.press("Enter")
    assert said(page)[-1] == "Phần một"


def test_another_speed_is_heard_at_once(open_page):
    page = open_article(open_page, make_article(published=True, body=BODY))
    page.get_by_role("button", name="Nghe đọc bài").click()
    page.get_by_label("Tốc độ").select_option("nhanh")
    assert [each["rate"] for each in page.evaluate("speechSynthesis.said")] == [1, 1.25]
    assert said(page) == ["Phần một", "Phần một"]


def test_leaving_the_page_ends_the_voice(open_page):
    page = open_article(open_page, make_article(published=True, body=BODY))
    page.get_by_role("button", name="Nghe đọc bài").click()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("speechSynthesis.current === null && speechSynthesis.cancelled > 0")


def test_without_a_vietnamese_voice_nothing_is_offered_until_one_comes(open_page):
    page = open_article(open_page, make_article(published=True), voices='[{ lang: "en-US" }]')
    expect(page.locator("[data-aloud]")).to_be_hidden()
    page.evaluate("speechSynthesis.gain([{ lang: 'vi_VN' }])")
    expect(page.get_by_role("button", name="Nghe đọc bài")).to_be_visible()


def test_switched_off_nothing_is_there(open_page):
    page = open_article(open_page, make_article(published=True, has_read_aloud=False))
    expect(page.locator("[data-aloud]")).to_have_count(0)


def test_without_a_script_the_article_has_no_dead_buttons(open_page):
    page = open_page(PHONE, script=False)
    page.goto(make_article(published=True, body=BODY).get_absolute_url())
    expect(page.get_by_text("Đoạn thứ nhất ngắn.")).to_be_visible()
    assert [name for name in page.locator("main button:visible").all_inner_texts() if name] == []


def test_a_page_open_for_a_while_counts_once_and_a_reload_does_not(open_page, monkeypatch):
    monkeypatch.setattr(reading, "tally", reading.Tally())
    article = make_article(published=True)
    page = open_page()
    page.clock.install()
    page.goto(article.get_absolute_url())
    page.clock.run_for(4_000)
    assert not reading.tally.counts
    with page.expect_request("**/luot-xem/"):
        page.clock.run_for(2_000)
    page.reload()
    page.clock.run_for(10_000)
    page.wait_for_timeout(300)
    reading.tally.flush()
    assert Article.objects.get().views == 1
    assert page.context.cookies() == []


def test_data_for_search_engines_is_allowed_by_the_policy(open_page):
    """A blocked block would be reported as a violation, which `open_page` refuses."""
    article = make_article(
        published=True, title="</script><script>alert(1)</script>", campaigns=[make_campaign()]
    )
    page = open_page()
    for path in (article.get_absolute_url(), "/tin-bai/"):
        page.goto(path)
        kinds = page.evaluate(
            "[...document.querySelectorAll('script[type=\"application/ld+json\"]')].map((each) => JSON.parse(each.text)['@type'])"
        )
        assert "BreadcrumbList" in kinds
        assert ("NewsArticle" in kinds) is (path != "/tin-bai/")


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_choices_are_taken_off_by_their_chips(open_page, viewport):
    make_article(published=True, title="Hướng dẫn khai sinh", kind="guide")
    make_article(published=True, title="Tin về khai sinh", kind="news")
    page = open_page(viewport)
    page.goto("/tin-bai/")
    page.get_by_label("Từ trong tiêu đề, tóm tắt").fill("khai sinh")
    page.get_by_text("Theo loại, nội dung, cơ quan, chủ đề, ngày").click()
    page.get_by_label("Loại tin bài").select_option("Hướng dẫn dịch vụ công")
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.get_by_role("link", name="Tin về khai sinh")).to_have_count(0)
    page.get_by_role("link", name="Bỏ lọc Loại tin bài").click()
    expect(page.get_by_role("link", name="Tin về khai sinh")).to_be_visible()
    expect(page.get_by_role("link", name="Bỏ lọc Từ trong tiêu đề")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
