"""Stars for an article: one vote a reader, no script, and nothing of who chose what."""

import pytest
from django.test import Client
from django.utils import timezone

from articles import rating, services
from articles.models import Article, Rating, Voter
from articles.views import articles
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def give(client, article, stars, **headers):
    return client.post(f"/tin-bai/{article.pk}/danh-gia/", {"stars": stars}, headers=headers, follow=True)


def test_readers_rate_and_everybody_reads_the_sum(client):
    article = make_article(published=True)
    assert "Chưa có đánh giá" in client.get(article.get_absolute_url()).content.decode()

    done = give(client, article, 5)
    give(Client(REMOTE_ADDR="10.1.0.1"), article, 2)

    assert "Cảm ơn bạn đã đánh giá" in done.content.decode()
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Tổng số điểm của bài viết là: 7 trong 2 đánh giá" in page
    assert "Click để đánh giá bài viết" in page


def test_clearing_cookies_gives_no_second_vote(client):
    article = make_article(published=True)
    give(client, article, 5)

    again = give(Client(), article, 1)

    assert "đã được đánh giá từ thiết bị của bạn" in again.content.decode()
    assert (Rating.objects.get().stars, Rating.objects.get().votes) == (5, 1)


def test_another_device_or_network_is_another_reader():
    article = make_article(published=True)
    for address, agent in (("10.1.0.1", "A"), ("10.1.0.1", "B"), ("10.2.0.1", "A")):
        give(Client(REMOTE_ADDR=address), article, 4, **{"User-Agent": agent})
    give(Client(REMOTE_ADDR="2001:db8::1"), article, 4)
    give(Client(REMOTE_ADDR="2001:db8::2"), article, 4)  # the same house

    assert Rating.objects.get().votes == 4


def test_what_is_kept_tells_nothing_of_a_reader():
    article = make_article(published=True)
    give(Client(REMOTE_ADDR="10.1.0.1"), article, 3, **{"User-Agent": "Canary"})

    kept = Voter.objects.get()
    assert len(kept.key) == 64
    assert {field.name for field in Voter._meta.get_fields()} == {"id", "article", "key"}


@pytest.mark.parametrize("stars", ["", "0", "6", "x", "1.5", "\x00"])
def test_odd_stars_are_refused_beside_the_field(client, stars):
    article = make_article(published=True)

    response = give(client, article, stars)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Voter.objects.exists()


def test_what_is_not_public_takes_no_stars(client):
    draft = make_article()

    assert give(client, draft, 5).status_code == 404
    with pytest.raises(services.StepError):
        rating.rate(draft, stars=5, voter="x")


def test_a_flood_from_one_network_is_told_to_wait(client, monkeypatch):
    monkeypatch.setitem(articles.RATINGS, "limit", 1)
    first, second = make_article(published=True), make_article(published=True)
    give(client, first, 5)

    response = give(client, second, 5)

    assert "Xin thử lại sau một giờ" in response.content.decode()
    assert not Rating.objects.filter(article=second).exists()


def test_reading_writes_nothing_and_sets_no_cookie(client, django_assert_max_num_queries):
    article = make_article(published=True)

    with django_assert_max_num_queries(12):
        client.get(article.get_absolute_url())

    assert client.cookies == {}
    assert Article.objects.get().updated_at == article.updated_at <= timezone.now()
