"""A session that ends while somebody writes, in a real Chromium: the words come back and are saved."""

import re

import pytest
from playwright.sync_api import expect

from agencies.roles import Role
from articles.models import Article, Topic
from tests.browser.conftest import sign_in
from tests.factories import PASSWORD, make_agency, make_official

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in_on_this_page(page, official):
    expect(page.locator("main")).to_contain_text("Phiên làm việc đã hết")
    page.fill("[name=username]", official.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.get_by_role("button", name="Gửi lại").click()


def test_an_article_survives_the_end_of_a_session_without_a_script(open_page):
    editor = make_official(Role.EDITOR, agency=make_agency(), is_staff=True)
    page = sign_in(open_page(script=False, watch=False), editor, PASSWORD)
    page.goto("/quan-tri/articles/article/add/")
    page.fill("[name=title]", "Bài viết dở khi hết phiên")
    page.fill("[name=summary]", "Tóm tắt vừa gõ xong.")
    page.fill("[name=body]", "<p>Nội dung đã soạn.</p>")
    page.context.clear_cookies(name="sessionid")
    page.click("[name=_save]")
    expect(page.locator("main")).to_contain_text("Bài viết dở khi hết phiên")
    sign_in_on_this_page(page, editor)
    page.wait_for_url("**/quan-tri/articles/article/")
    article = Article.objects.get()
    assert (article.title, article.body) == ("Bài viết dở khi hết phiên", "<p>Nội dung đã soạn.</p>")


def test_any_form_of_the_admin_survives_the_end_of_a_session(open_page):
    board = make_official(Role.PUBLISHER, is_staff=True)
    page = sign_in(open_page(watch=False), board, PASSWORD)
    page.goto("/quan-tri/articles/topic/add/")
    page.fill("[name=name]", "Một cửa liên thông")
    page.context.clear_cookies(name="sessionid")
    page.click("[name=_save]")
    sign_in_on_this_page(page, board)
    page.wait_for_url("**/quan-tri/articles/topic/")
    assert Topic.objects.get().name == "Một cửa liên thông"


def test_a_refused_form_says_where_on_top_and_leads_there(open_page):
    editor = make_official(Role.EDITOR, agency=make_agency(), is_staff=True)
    page = sign_in(open_page(watch=False), editor, PASSWORD)
    page.goto("/quan-tri/articles/article/add/")
    page.click("[name=_save]")
    expect(page.locator(".word--refused")).to_be_focused()
    expect(page.locator("#cke_id_body")).to_be_visible()
    expect(page.locator(".word--refused a[href='#cke_id_body']")).to_be_visible()
    page.click(".word--refused a:has-text('Tóm tắt')")
    expect(page).to_have_url(re.compile("#id_summary$"))
