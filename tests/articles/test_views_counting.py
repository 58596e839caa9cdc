"""Views are counted beside the page: bounded, once a reader, written in one go, and nobody can be told from it."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import reading
from articles.models import Article
from tests.factories import make_article

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def tally(monkeypatch):
    fresh = reading.Tally()
    monkeypatch.setattr(reading, "tally", fresh)
    return fresh


@pytest.fixture
def clock(monkeypatch):
    """The clock the tally reads, moved by hand."""
    hands = {"now": 1000.0}
    monkeypatch.setattr(reading.time, "monotonic", lambda: hands["now"])
    return hands


def beacon(client, article, **headers):
    return client.post(f"/tin-bai/{article.pk}/luot-xem/", headers={**OWN, **headers})


def views(article) -> int:
    return Article.objects.get(pk=article.pk).views


@pytest.mark.django_db
def test_reading_a_page_writes_nothing_and_its_beacon_counts_once_an_hour(client, tally, clock):
    tally.flushed_at = clock["now"]
    article = make_article(published=True)
    with CaptureQueriesContext(connection) as asked:
        client.get(article.get_absolute_url())
    assert not [each["sql"] for each in asked if not each["sql"].startswith(("SELECT", "(SELECT"))]

    answers = [beacon(client, article) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert answers[0].cookies == {}
    assert views(article) == 0  # gathered, not yet written
    tally.flush()
    assert views(article) == 1

    clock["now"] += reading.ONCE_IN + 1
    beacon(client, article)
    assert views(article) == 2  # the time to write had come with this beacon


@pytest.mark.django_db
def test_another_device_or_network_counts_and_another_address_of_the_network_does_not(client, tally):
    article = make_article(published=True)
    beacon(client, article, **{"User-Agent": "Máy A"})
    beacon(client, article, **{"User-Agent": "Máy B"})
    client.post(f"/tin-bai/{article.pk}/luot-xem/", headers=OWN, REMOTE_ADDR="203.0.113.7")
    client.post(f"/tin-bai/{article.pk}/luot-xem/", headers=OWN, REMOTE_ADDR="203.0.113.8")
    tally.flush()
    assert views(article) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://la.example"},
        {},
    ],
    ids=str,
)
def test_what_another_site_sends_is_not_counted(client, tally, headers):
    article = make_article(published=True)
    assert client.post(f"/tin-bai/{article.pk}/luot-xem/", headers=headers).status_code == 204
    assert not tally.counts


@pytest.mark.django_db
def test_an_older_browser_tells_its_origin(client, tally):
    article = make_article(published=True)
    client.post(f"/tin-bai/{article.pk}/luot-xem/", headers={"Origin": "http://testserver"})
    assert dict(tally.counts) == {article.pk: 1}


@pytest.mark.django_db
def test_only_what_the_public_may_read_is_counted(client, tally):
    draft, later = make_article(), make_article(published=True)
    Article.objects.filter(pk=later.pk).update(publish_at=timezone.now() + timedelta(days=1))
    for pk in (draft.pk, later.pk, 10**6, 2**63, 10**30):
        assert client.post(f"/tin-bai/{pk}/luot-xem/", headers=OWN).status_code == 204
    assert not tally.counts
    assert not tally.readers


@pytest.mark.django_db
def test_a_flood_neither_grows_memory_nor_writes_more_often(tally, clock, monkeypatch):
    monkeypatch.setattr(reading, "MOST_READERS", 50)
    monkeypatch.setattr(reading, "MOST_ARTICLES", 2)
    tally.flushed_at = clock["now"]
    articles = [make_article(published=True) for _number in range(3)]
    with CaptureQueriesContext(connection) as asked:
        for number in range(200):
            tally.count(articles[number % 3].pk, network=f"10.0.{number}", device="x")
            tally.flush_when_due()
    assert len(tally.readers) == 50
    assert len(tally.counts) == 2
    assert not [each for each in asked if each["sql"].startswith("UPDATE")]

    clock["now"] += reading.ONCE_IN + 1
    assert tally.count(articles[0].pk, network="10.1.1", device="x") is True
    assert len(tally.readers) == 1


@pytest.mark.django_db
def test_one_network_claiming_ever_new_devices_counts_so_far_and_no_further(tally, clock, monkeypatch):
    monkeypatch.setattr(reading, "MOST_OF_A_NETWORK", 5)
    article = make_article(published=True)
    counted = [tally.count(article.pk, network="10.0.0", device=str(number)) for number in range(9)]
    assert counted == [True] * 5 + [False] * 4
    assert tally.count(article.pk, network="10.0.1", device="1") is True
    clock["now"] += reading.ONCE_IN + 1
    assert tally.count(article.pk, network="10.0.0", device="1") is True
    assert sum(tally.networks.values()) == len(tally.readers) == 1


@pytest.mark.django_db
def test_articles_read_equally_often_are_written_in_one_update(tally, django_assert_num_queries):
    articles = [make_article(published=True) for _number in range(4)]
    for article in articles:
        tally.count(article.pk, network="10.0.0", device="a")
    tally.count(articles[0].pk, network="10.0.0", device="b")
    with django_assert_num_queries(4):  # two updates between savepoint and release
        tally.flush()
    assert [views(article) for article in articles] == [2, 1, 1, 1]
    assert not tally.counts


@pytest.mark.django_db
def test_what_cannot_be_written_waits_and_the_visitor_notices_nothing(client, tally, clock, monkeypatch):
    article = make_article(published=True)
    clock["now"] += reading.FLUSH_EVERY

    def locked(_counts):
        raise DatabaseError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_write", locked)
        assert beacon(client, article).status_code == 204
    assert dict(tally.counts) == {article.pk: 1}
    tally.flush()
    assert views(article) == 1


@pytest.mark.django_db
def test_nothing_kept_tells_who_read(client, tally):
    article = make_article(published=True)
    beacon(client, article, **{"User-Agent": "Máy của bà Mẫu"})
    kept = repr(tally.__dict__)
    assert "127.0.0" not in kept
    assert "Mẫu" not in kept


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_no_view(tally):
    article = make_article(published=True)

    def read(name):
        try:
            for number in range(25):
                tally.count(article.pk, network=f"{name}.{number}", device="x")
                tally.flush()
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.flush()
    assert views(article) == 100


@pytest.mark.django_db
def test_the_address_takes_the_beacon_alone(client):
    article = make_article(published=True)
    assert client.get(f"/tin-bai/{article.pk}/luot-xem/").status_code == 405
