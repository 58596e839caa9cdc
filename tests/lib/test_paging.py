"""Pages of a long list: the same rows as a plain paginator, found without walking the list."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from parcai.lib import paging
from parcai.lib.paging import NewestPaginator, after, before
from tests.factories import make_agency, make_article, make_official

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(monkeypatch):
    """Forty-three articles, some of one moment, and a list that counts as long from eleven on."""
    monkeypatch.setattr(paging, "STRIDE", 10)
    monkeypatch.setattr(paging, "NEAR", 5)
    agency, author = make_agency(), make_official()
    now = timezone.now()
    for number in range(43):
        article = make_article(agency=agency, author=author)
        Article.objects.filter(pk=article.pk).update(
            status="approved", publish_at=now - timedelta(hours=number // 3)
        )
    return Article.objects.published().for_cards()


def keys(page) -> list[int]:
    return [row.pk for row in page]


@pytest.mark.parametrize("size", [1, 4, 7, 10, 12, 50])
def test_every_page_holds_what_a_plain_paginator_gives(rows, size):
    plain, ours = Paginator(rows, size), NewestPaginator(rows, size, name=str(size))
    assert (ours.count, ours.num_pages) == (43, plain.num_pages)
    for number in plain.page_range:
        assert keys(NewestPaginator(rows, size, name=str(size)).page(number)) == keys(plain.page(number))


def test_a_page_far_down_skips_less_than_a_stretch(rows):
    NewestPaginator(rows, 4).page(1)
    with CaptureQueriesContext(connection) as asked:
        NewestPaginator(rows, 4).page(10)
    assert len(asked) == 2
    assert "OFFSET 6" in asked[0]["sql"]  # row 36 is the sixth after the mark of row 30


def test_a_long_list_is_counted_once_a_minute_and_a_short_one_each_time(rows):
    def counts(listed):
        with CaptureQueriesContext(connection) as asked:
            NewestPaginator(listed, 4).page(1)
        return sum("COUNT(" in each["sql"] for each in asked)

    assert [counts(rows), counts(rows)] == [2, 0]
    short = rows.filter(pk__lte=Article.objects.order_by("pk")[5].pk)
    cache.clear()
    assert [counts(short), counts(short)] == [1, 1]


def test_what_left_the_list_is_not_shown_from_an_old_map(rows):
    NewestPaginator(rows, 4).page(1)
    gone = rows[20].pk
    Article.objects.filter(pk=gone).update(status="withdrawn")
    shown = [key for number in range(1, 12) for key in keys(NewestPaginator(rows, 4).page(number))]
    assert gone not in shown


def test_a_list_that_shrank_under_its_map_gives_an_empty_page_and_no_error(rows):
    NewestPaginator(rows, 4).page(1)
    Article.objects.exclude(pk=rows[0].pk).update(status="withdrawn")
    assert keys(NewestPaginator(rows, 4).page(11)) == []


def test_two_lists_do_not_share_a_map(rows):
    NewestPaginator(rows, 4, name="a").page(1)
    narrow = rows.filter(pk__gt=Article.objects.order_by("pk")[20].pk)
    assert NewestPaginator(narrow, 4, name="b").count == 22


def test_a_cache_that_is_away_costs_no_page(rows, monkeypatch):
    def away(*_arguments, **_named):
        raise ConnectionError("no cache")

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    assert len(keys(NewestPaginator(rows, 4).page(9))) == 4


def test_neighbours_follow_moment_and_then_key(rows):
    listed = list(rows)
    for place in (0, 1, 2, 20, 42):
        mark = (listed[place].publish_at, listed[place].pk)
        assert set(after(rows, mark, moment="publish_at")) == set(listed[place + 1 :])
        assert set(before(rows, mark, moment="publish_at")) == set(listed[:place])
