from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.roles import Role
from articles import services
from articles.models import Article
from articles.services import StepError
from notifications.models import Message
from plan.models import Evidence
from tests.factories import make_article, make_campaign, make_official

pytestmark = pytest.mark.django_db
Status = Article.Status


def publisher():
    return make_official(Role.PUBLISHER, is_staff=True)


def submitted(**fields):
    article = make_article(**fields)
    services.submit(article, by=article.author)
    return article


def test_a_second_person_approves_and_the_author_is_told():
    article = submitted()
    services.approve(article, by=publisher())
    assert article.is_published
    assert Message.objects.filter(template="article_approved", official=article.author).count() == 1


def test_own_work_is_not_approved_nor_what_one_has_edited():
    board = publisher()
    own = submitted(author=board)
    with pytest.raises(StepError, match="không tự duyệt"):
        services.approve(own, by=board)
    edited = make_article()
    Article.objects.filter(pk=edited.pk).update(edited_by=board)
    edited.refresh_from_db()
    services.submit(edited, by=edited.author)
    with pytest.raises(StepError, match="không tự duyệt"):
        services.approve(edited, by=board)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OBSERVER, Role.COORDINATOR])
def test_only_the_board_decides(role):
    article, other = submitted(), make_official(role)
    for step in (
        lambda: services.approve(article, by=other),
        lambda: services.send_back(article, by=other, note="x"),
        lambda: services.withdraw(article, by=other, reason="x"),
        lambda: services.publish_in_emergency(article, by=other),
        lambda: services.take_back(article, by=other),
    ):
        with pytest.raises(StepError):
            step()
    assert Article.objects.get().status == Status.IN_REVIEW


def test_a_draft_is_not_approved_past_review():
    with pytest.raises(StepError):
        services.approve(make_article(), by=publisher())


def test_of_two_decisions_on_one_copy_the_second_is_refused():
    article = submitted()
    stale = Article.objects.get(pk=article.pk)
    services.approve(article, by=publisher())
    with pytest.raises(StepError):
        services.send_back(stale, by=publisher(), note="Sửa")
    assert Article.objects.get().status == Status.APPROVED


def test_the_hour_is_kept_when_it_lies_ahead_and_never_in_the_past():
    ahead, past = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    first, second = submitted(publish_at=ahead), submitted(publish_at=past)
    services.approve(first, by=publisher())
    services.approve(second, by=publisher())
    assert first.publish_at == ahead
    assert first.is_scheduled
    assert second.publish_at == second.approved_at


def test_what_follows_a_publication_happens_once_and_not_before():
    campaign = make_campaign()
    article = submitted(publish_at=timezone.now() + timedelta(hours=1), campaigns=[campaign])
    services.approve(article, by=publisher())
    assert services.announce(article) is False
    Article.objects.update(publish_at=timezone.now())
    article.refresh_from_db()
    assert [services.announce(article), services.announce(article)] == [True, False]
    assert Evidence.objects.counted().get().campaign == campaign


def test_withdrawing_needs_a_reason_and_takes_the_evidence_back():
    article = make_article(published=True, campaigns=[make_campaign()])
    services.announce(article)
    with pytest.raises(StepError, match="lý do"):
        services.withdraw(article, by=publisher(), reason=" ")
    services.withdraw(article, by=publisher(), reason="Số liệu sai")
    assert not Article.objects.published().exists()
    assert not Evidence.objects.counted().exists()


def test_an_emergency_is_listed_until_somebody_else_has_looked():
    board = publisher()
    article = make_article(author=board)
    services.publish_in_emergency(article, by=board)
    assert article.is_published
    assert Article.objects.awaiting_review().get() == article
    with pytest.raises(StepError):
        services.review_afterwards(article, by=board)
    services.review_afterwards(article, by=publisher())
    assert not Article.objects.awaiting_review().exists()


def test_sending_back_carries_words_to_the_author():
    article = submitted()
    with pytest.raises(StepError):
        services.send_back(article, by=publisher(), note="")
    services.send_back(article, by=publisher(), note="Thêm nguồn")
    assert (article.status, article.review_note) == (Status.DRAFT, "Thêm nguồn")
    services.submit(article, by=article.author)
    services.take_back(article, by=article.author)
    assert article.status == Status.DRAFT
