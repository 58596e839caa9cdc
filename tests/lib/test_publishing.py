from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.roles import Role
from articles.models import Article
from tests.factories import ago, make_article, make_official

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def test_published_exactly_from_its_moment_to_its_end():
    article = make_article(published=True)
    start, end = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=2)
    Article.objects.filter(pk=article.pk).update(publish_at=start, unpublish_at=end)
    seen = [
        Article.objects.published(now=moment).exists() for moment in (start - TICK, start, end - TICK, end)
    ]
    assert seen == [False, True, True, False]


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_only_what_is_approved_is_published(status):
    article = make_article(published=True)
    Article.objects.filter(pk=article.pk).update(status=status)
    assert not Article.objects.published().exists()


def test_the_database_itself_keeps_four_eyes_and_hours():
    article = make_article(published=True)
    for wrong in (
        {"approved_by": article.author},
        {"publish_at": None},
        {"unpublish_at": article.publish_at},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**wrong)


def test_what_is_over_stays_readable_and_is_listed_nowhere():
    article = make_article(published=True)
    Article.objects.update(publish_at=ago(days=2), unpublish_at=ago(days=1))
    article.refresh_from_db()
    assert not Article.objects.published().exists()
    assert Article.objects.readable().get() == article
    assert (article.is_archived, article.is_published, article.was_public) == (True, False, True)


def test_a_queue_holds_what_this_official_may_decide():
    editor, board = make_official(Role.EDITOR), make_official(Role.PUBLISHER)
    article = make_article(author=editor)
    Article.objects.update(status="in_review")
    assert Article.objects.reviewable_by(board).get() == article
    assert not Article.objects.reviewable_by(editor).exists()
    article.editors.add(board)
    assert not Article.objects.reviewable_by(board).exists()
    Article.objects.update(status="draft", review_note="Sửa")
    assert Article.objects.returned_to(editor).get() == article
    assert not Article.objects.returned_to(board).exists()
