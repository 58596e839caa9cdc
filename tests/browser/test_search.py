"""Searching in a real Chromium: suggestions by keyboard, notes of what is looked for, answers while asking."""

import pytest
from playwright.sync_api import expect

from parcai.search.models import AskedWords
from tests.browser.conftest import LAPTOP, PHONE
from tests.factories import make_article, make_published_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_suggestion_is_chosen_by_the_keyboard_alone(open_page):
    article = make_article(published=True, title="Đăng ký khai sinh trực tuyến")
    make_article(published=True, title="Đăng ký kết hôn tại xã")
    page = open_page(LAPTOP)
    page.goto("/")
    box = page.get_by_role("combobox", name="Tìm trên cổng")
    box.focus()
    page.keyboard.type("dang ky k")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    page.keyboard.type("hai")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{article.get_absolute_url()}")


def test_the_results_are_there_without_a_script(open_page):
    make_article(published=True, title="Đăng ký khai sinh trực tuyến")
    page = open_page(PHONE, script=False)
    page.goto("/tim-kiem/")
    page.fill("main input[type=search]", "khai sinh")
    page.click("main form[role=search] button")

    expect(page.get_by_role("link", name="Đăng ký khai sinh trực tuyến")).to_be_visible()
    expect(page.locator("main mark").first).to_have_text("khai")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_looked_for_and_opened_is_noted_once(open_page):
    make_article(published=True, title="Đăng ký khai sinh trực tuyến")
    page = open_page(LAPTOP)
    with page.expect_request("**/tim-kiem/ghi-nhan/"):
        page.goto("/tim-kiem/?q=khai+sinh")
    page.reload()
    page.wait_for_timeout(2_000)
    row = AskedWords.objects.get()
    assert (row.shown, row.asked, row.empty, row.clicked) == ("khai sinh", 1, 0, 0)

    other = open_page(LAPTOP)
    other.goto("/tim-kiem/?q=khai+sinh")
    with other.expect_request("**/tim-kiem/ghi-nhan/"):
        other.get_by_role("link", name="Đăng ký khai sinh trực tuyến").click()
    other.wait_for_url("**/tin-bai/**")
    other.wait_for_timeout(500)
    assert AskedWords.objects.get().clicked == 1


def test_answers_appear_under_the_question_while_it_is_typed(open_page):
    case = make_published_case(title="Con sinh ở tỉnh khác thì đăng ký khai sinh ở đâu?")
    page = open_page(PHONE)
    page.goto("/hoi-dap/gui/")
    page.get_by_label("Hỏi thủ trưởng một cơ quan").check()
    page.click("main button[type=submit]")
    page.fill("[name=title]", "đăng ký khai sinh cho con sinh tỉnh khác")

    expect(page.get_by_role("heading", name="Có thể đã có câu trả lời")).to_be_visible()
    link = page.get_by_role("link", name=case.public_title)
    assert link.get_attribute("href") == case.get_absolute_url()
    assert "khai" not in page.url
    expect(page.locator("[name=title]")).to_have_value("đăng ký khai sinh cho con sinh tỉnh khác")
