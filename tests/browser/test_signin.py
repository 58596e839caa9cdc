"""A session that ends while somebody writes, in a real Chromium: the words come back and are saved."""

import pytest

from agencies.roles import Role
from articles.models import Article
from tests.browser.conftest import sign_in
from tests.factories import PASSWORD, make_agency, make_official

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False])
def test_words_survive_the_end_of_a_session(open_page, script):
    agency = make_agency()
    editor = make_official(Role.EDITOR, agency=agency, is_staff=True)
    page = sign_in(open_page(script=script, watch=False), editor, PASSWORD)
    page.goto("/quan-tri/articles/article/add/")
    page.fill("[name=title]", "Bài viết dở khi hết phiên")
    page.fill("[name=summary]", "Tóm tắt vừa gõ xong.")
    if script:
        page.wait_for_function("window.CKEDITOR?.instances.id_body?.status === 'ready'")
        page.evaluate("CKEDITOR.instances.id_body.setData('<p>Nội dung đã soạn.</p>')")
    else:
        page.fill("[name=body]", "<p>Nội dung đã soạn.</p>")
    page.context.clear_cookies(name="sessionid")
    page.click("[name=_save]")
    assert "Phiên làm việc đã hết" in page.inner_text("main")
    assert "Bài viết dở khi hết phiên" in page.inner_text("main")
    page.fill("[name=username]", editor.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.click("text=Gửi lại")
    page.wait_for_url("**/quan-tri/articles/article/")
    article = Article.objects.get()
    assert (article.title, article.body) == ("Bài viết dở khi hết phiên", "<p>Nội dung đã soạn.</p>")


def test_a_refused_form_says_where_on_top_and_leads_there(open_page):
    editor = make_official(Role.EDITOR, agency=make_agency(), is_staff=True)
    page = sign_in(open_page(watch=False), editor, PASSWORD)
    page.goto("/quan-tri/articles/article/add/")
    page.click("[name=_save]")
    assert page.evaluate("document.activeElement.className") == "word word--refused"
    page.click(".word--refused a:has-text('Tóm tắt')")
    assert page.evaluate("location.hash") == "#id_summary"
    page.wait_for_selector("#cke_id_body")
    assert "#cke_id_body" in page.inner_html(".word--refused")
