"""A form sent after the session had ended: nothing typed is lost, nothing secret is kept."""

import json

import pytest
from django.test import Client

from agencies.roles import Role
from articles.models import Article
from tests.articles.test_admin import ADD, form
from tests.factories import PASSWORD, make_agency, make_official

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/dang-nhap/"


@pytest.fixture
def editor():
    return make_official(Role.EDITOR, is_staff=True)


def kept(answer) -> str:
    return answer.context["kept"]


def test_what_was_typed_is_sent_again_after_signing_in(client, editor):
    given = form(title="Bài viết <dở> dang của tôi", _save="1")
    ended = client.post(ADD, given)
    assert ended.status_code == 401
    assert "Bài viết &lt;dở&gt; dang của tôi" in ended.content.decode()
    account = {"username": editor.username, "next": ADD, "kept": kept(ended)}
    wrong = client.post(LOGIN, account | {"password": "nhầm"})
    assert kept(wrong) == kept(ended)
    right = client.post(LOGIN, account | {"password": PASSWORD})
    assert right.context["action"] == ADD
    assert not Article.objects.exists()
    client.post(ADD, dict(right.context["fields"]))
    assert Article.objects.get().title == "Bài viết <dở> dang của tôi"


def test_another_site_sends_nothing_through_the_door(editor):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        ADD, form(title="Bài viết từ trang khác"), headers={"Origin": "https://ke-gian.example"}
    )
    assert answer.status_code == 403
    assert "Bài viết từ trang khác" not in answer.content.decode()


@pytest.mark.parametrize("target", ["https://ke-gian.example/", "//ke-gian.example", "javascript:alert(1)"])
def test_what_was_typed_goes_nowhere_else(client, editor, target):
    account = {"username": editor.username, "password": PASSWORD, "next": target}
    answer = client.post(LOGIN, account | {"kept": json.dumps([["title", "Chữ dài hơn mười lăm"]])})
    assert (answer.status_code, answer["Location"]) == (302, "/tai-khoan/")


def test_no_password_and_nothing_endless_is_kept(client, settings):
    secret = client.post("/quan-tri/agencies/user/1/password/", {"password1": "rất-bí-mật-113"})
    assert kept(secret) == ""
    assert "rất-bí-mật-113" not in secret.content.decode()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 40_000
    endless = client.post(ADD, form(title="x", body="&" * 12_000))
    assert kept(endless) == ""
    assert "nút quay lại" in endless.content.decode()


@pytest.mark.parametrize("odd", ["{", "1", "[1]", '[["a"]]', '[["a", 1]]', "[" * 5000, '{"a": "b"}', "null"])
def test_odd_words_brought_along_are_nothing(client, editor, odd):
    account = {"username": editor.username, "password": PASSWORD, "next": ADD, "kept": odd}
    assert client.post(LOGIN, account).status_code == 302


def test_a_script_in_the_background_gets_the_short_answer(client):
    answer = client.post(
        "/quan-tri/articles/article/giu/", {"title": "x"}, headers={"Sec-Fetch-Mode": "cors"}
    )
    assert answer.status_code == 302


def test_signing_in_plainly_is_as_before(client, editor):
    make_agency()
    page = client.get(LOGIN, {"next": ADD}).content.decode()
    assert "kept" not in page
    answer = client.post(
        f"{LOGIN}?next={ADD}", {"username": editor.username, "password": PASSWORD, "next": ADD}
    )
    assert answer["Location"] == ADD
