"""The hostile texts on their ways in (field, model, the editors' form) and out (page, feed, mail)."""

import re
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from agencies.roles import Role
from articles.models import Article
from feedback.models import Case
from notifications.models import Message
from notifications.services import as_email
from parcai.lib import html
from tests.articles.test_admin import ADD, form, sign_in
from tests.factories import make_agency, make_article, make_case, make_official
from tests.lib.hostile_html import HARMLESS, HOSTILE, KINDS, wrong_in

pytestmark = pytest.mark.django_db
WAYS = pytest.mark.parametrize("kind", KINDS)
ATOM = "{http://www.w3.org/2005/Atom}"


def put_raw(article, body):
    """As if the row were older than every rule."""
    with connection.cursor() as cursor:
        table = Article._meta.db_table
        cursor.execute(f"UPDATE {table} SET body = %s WHERE id = %s", [body, article.pk])  # noqa: S608


def storable(payload):
    return payload.replace("\x00", "")  # PostgreSQL keeps no NUL; the fields drop it on their way in


@WAYS
def test_no_way_of_saving_keeps_what_is_hostile(kind):
    article = make_article()
    field = Article._meta.get_field("body")
    for payload in KINDS[kind]:
        article.body = f"<p>trước</p>{payload}"
        article.save()
        saved = Article.objects.get(pk=article.pk).body
        assert wrong_in(saved) == [], payload
        assert saved.startswith("<p>trước</p>"), payload
        Article.objects.filter(pk=article.pk).update(body=payload)
        assert wrong_in(Article.objects.get(pk=article.pk).body) == [], payload
        with suppress(ValidationError):  # too heavy, or nothing left
            assert wrong_in(field.clean(payload, article)) == [], payload


@WAYS
def test_the_editors_form_saves_only_what_is_clean(client, kind):
    sign_in(client, make_official(Role.EDITOR, is_staff=True))
    agency, saved = make_agency(), 0
    for payload in KINDS[kind]:
        response = client.post(ADD, form(agency=agency, body=f"<p>Chữ</p>{payload}"))
        if response.status_code == 302:
            saved += 1
            assert wrong_in(Article.objects.latest("pk").body) == [], payload
        else:
            assert response.status_code == 200
            assert "Nội dung quá dài hoặc có quá nhiều lớp" in response.text, payload
    assert saved > len(KINDS[kind]) * 0.8


@WAYS
def test_the_feed_gives_clean_text_even_of_an_old_row(client, kind):
    for payload in KINDS[kind]:
        put_raw(article := make_article(published=True), storable(payload))
    feed = ElementTree.fromstring(client.get(reverse("feed-articles")).content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    assert article.title in {entry.findtext(f"{ATOM}title") for entry in entries}
    for entry in entries:
        told = entry.findtext(f"{ATOM}summary")
        assert wrong_in(told) == []
        assert "tabindex" not in told
        assert "data-embed" not in told


@WAYS
def test_the_mail_with_a_signed_answer_is_clean_in_both_its_parts(kind):
    answer = "<p>Sở trả lời như sau.</p>" + "".join(html.clean(payload) for payload in KINDS[kind])
    make_case(status=Case.Status.ANSWERED, email="dan@vidu.vn", answer=answer)
    message = Message.objects.get(template="case_answered", channel=Message.Channel.EMAIL)
    message.context["rich"] = "<p>Sở trả lời như sau.</p>" + "".join(map(storable, KINDS[kind]))
    email = as_email(message)

    assert "Sở trả lời như sau." in email.body
    assert not re.search(r"<(?:script|img|svg|iframe)\b", email.body.replace("&lt;", "")) or kind in {
        "odd",
        "mutations",
    }
    layout = email.alternatives[0].content
    rich = re.search(r'border-left:4px solid #0a6670">(.*)</div>', layout, re.DOTALL)[1]
    assert "Sở trả lời như sau." in rich
    assert wrong_in(rich) == []


def test_harmless_text_comes_through_every_way_with_its_words_and_structure(client):
    article = make_article(published=True)
    for snippet in filter(None, HARMLESS):
        Article.objects.filter(pk=article.pk).update(body=snippet)
        stored = Article.objects.get(pk=article.pk).body
        tidy = snippet.replace("e\u0301", "é").replace("\u200d", "")
        assert stored == tidy
        page = client.get(article.get_absolute_url()).text
        for words in html.plain_text(stored).splitlines():
            assert " ".join(words.split()[:1]) in html.plain_text(page)
        feed = ElementTree.fromstring(client.get(reverse("feed-articles")).content)  # noqa: S314 - our own
        assert stored in feed.find(f"{ATOM}entry").findtext(f"{ATOM}summary")


def test_there_is_enough_of_both():
    assert len(set(HOSTILE)) >= 300
    assert len(set(HARMLESS)) >= 45
