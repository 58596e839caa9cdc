"""Two people save or decide at once: one wins, the other is told and keeps what was typed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from agencies.roles import Role
from articles import services
from articles.models import Article
from tests.factories import make_article, make_official

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
STALE = "đã được người khác lưu"


def post_at_once(article, *posts) -> list[str]:
    """The pages that (official, fields) get when all press at the same moment; each saw the same version."""
    gate = threading.Barrier(len(posts))
    clients = []
    for official, fields in posts:
        client = Client()
        client.force_login(official, backend="agencies.auth.OfficialBackend")
        clients.append((client, {"seen_version": article.version, **fields}))

    def press(pair):
        client, fields = pair
        try:
            gate.wait(timeout=30)
            address = f"/quan-tri/articles/article/{article.pk}/change/"
            return client.post(address, fields, follow=True).content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(press, clients))


def typed(article, title: str) -> dict:
    return {
        "kind": "news",
        "title": title,
        "summary": article.summary,
        "body": f"<p>{title}</p>",
        "agency": article.agency_id,
        **hours(),
        "_continue": "1",
    }


def hours(moment=None) -> dict:
    local = moment and timezone.localtime(moment)
    return {
        "publish_at_0": f"{local.day}/{local.month}/{local.year}" if local else "",
        "publish_at_1": f"{local:%H:%M}" if local else "",
        "unpublish_at_0": "",
        "unpublish_at_1": "",
    }


def test_of_two_who_save_at_once_one_wins_and_the_other_keeps_the_words():
    for _round in range(ROUNDS):
        article = make_article()
        one, two = (make_official(Role.EDITOR, is_staff=True) for _each in range(2))

        pages = post_at_once(
            article, (one, typed(article, "Bản thứ nhất")), (two, typed(article, "Bản thứ hai"))
        )

        lost = [STALE in page for page in pages]
        assert sorted(lost) == [False, True]
        titles = ["Bản thứ nhất", "Bản thứ hai"]
        article.refresh_from_db()
        assert (article.title, article.version) == (titles[lost.index(False)], 2)
        assert titles[lost.index(True)] in pages[lost.index(True)]


def test_an_approval_does_not_publish_at_an_hour_that_was_just_changed():
    for _round in range(ROUNDS):
        article = make_article()
        services.submit(article, by=article.author)
        one, two = (make_official(Role.PUBLISHER, is_staff=True) for _each in range(2))
        later = timezone.now() + timedelta(days=3)

        pages = post_at_once(
            article, (one, {**hours(later), "_continue": "1"}), (two, {**hours(), "_approve": "1"})
        )

        lost = [STALE in page for page in pages]
        assert sorted(lost) == [False, True]
        after = Article.objects.get(pk=article.pk)
        assert after.is_published is lost[0]
        assert (after.status == "in_review") is lost[1]
