"""Texts that cite documents: readers are told when one has ended, and officials are asked until somebody has looked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.roles import Role
from articles import citations, content, services, tasks
from articles.filters import queues
from articles.models import Article, CitationReview, Document
from feedback import desk
from feedback import services as casework
from feedback import tasks as feedback_tasks
from feedback.models import CaseEvent
from tests.factories import make_article as any_article
from tests.factories import (
    make_coordinator,
    make_document,
    make_official,
    make_published_case,
)

pytestmark = pytest.mark.django_db
NOTICE = "dẫn văn bản không còn hiệu lực"
CITING = "<p>Căn cứ Kế hoạch số 48/KH-UBND của UBND tỉnh Phú Yên.</p>"


def make_article(**fields):
    article = any_article(**fields)
    content.note_citations(article)
    return article


def end(document, *, on=None) -> None:
    Document.objects.filter(pk=document.pk).update(
        expires_on=(on or timezone.localdate()) - timedelta(days=1)
    )


def page_of(client, piece) -> str:
    return client.get(piece.get_absolute_url()).content.decode()


def waiting(official) -> set:
    return set(queues(Article, official)["dan-van-ban"][1])


def test_an_article_says_so_from_the_day_its_document_has_ended(client):
    document = make_document(published=True, number="48/KH-UBND")
    article = make_article(published=True, body=CITING)
    end(document, on=timezone.localdate() + timedelta(days=1))
    assert NOTICE not in page_of(client, article)
    end(document)
    assert NOTICE in page_of(client, article)


def test_the_notice_leads_to_the_replacement(client):
    document = make_document(published=True, number="48/KH-UBND")
    article = make_article(published=True, body=CITING)
    new = make_document(published=True, replaces=[document])
    page = page_of(client, article)
    assert NOTICE in page
    assert new.get_absolute_url() in page


def test_a_link_cites_as_a_number_does():
    document = make_document(published=True)
    article = make_article(
        published=True, body=f'<p><a href="{document.get_absolute_url()}">kế hoạch</a></p>'
    )
    assert list(article.documents.all()) == [document]


def test_a_number_two_documents_share_is_left_out():
    for issuer in ("UBND huyện Tuy An", "UBND huyện Sơn Hòa"):
        make_document(published=True, number="48/KH-UBND", issuer=issuer)
    assert citations.cited_in("<p>Theo 48/KH-UBND.</p>") == []


def test_the_queue_asks_until_somebody_confirms_and_again_after_another_end():
    document = make_document(published=True, number="48/KH-UBND")
    article = make_article(published=True, body=CITING)
    board = make_official(Role.PUBLISHER, is_staff=True)
    assert waiting(board) == set()
    end(document)
    assert waiting(board) == {article}
    services.confirm_citations(article, by=board)
    assert waiting(board) == set()
    assert CitationReview.objects.get().by == board
    make_document(published=True, replaces=[document])
    assert waiting(board) == {article}


def test_confirming_what_does_not_wait_is_refused():
    article = make_article(published=True)
    with pytest.raises(services.StepError):
        services.confirm_citations(article, by=make_official(Role.PUBLISHER, is_staff=True))


def test_a_document_entered_later_is_found_in_articles_already_there():
    article = make_article(published=True, body=CITING)
    assert not article.documents.exists()
    document = make_document(published=True, number="48/KH-UBND")
    tasks.announce()
    assert list(article.documents.all()) == [document]
    assert not citations.unread("articles").exists()


def test_a_public_answer_says_so_and_the_desk_asks_once(client):
    document = make_document(published=True, number="48/KH-UBND")
    case = make_published_case(answer=CITING)
    cases = type(case).objects.all()
    assert NOTICE not in page_of(client, case)
    assert not casework.citing_ended(cases).exists()
    end(document)
    assert NOTICE in page_of(client, case)
    assert list(casework.citing_ended(cases)) == [case]
    coordinator = make_coordinator()
    client.force_login(coordinator, backend="agencies.auth.OfficialBackend")
    assert case.code in client.get("/xu-ly/?hang=dan-van-ban").content.decode()
    assert str(desk.STEPS["xem-loi-dan"].label) in client.get(case.get_desk_url()).content.decode()
    client.post(f"{case.get_desk_url()}xem-loi-dan/", {"note": "Vẫn đúng"})
    assert not casework.citing_ended(cases).exists()
    event = CaseEvent.objects.filter(case=case).latest("pk")
    assert (event.step, event.by) == ("citations", coordinator)
    assert "48/KH-UBND" in event.internal_note
    assert NOTICE in page_of(client, case)


def test_a_document_entered_later_is_found_in_answers_already_public():
    case = make_published_case(answer=CITING)
    document = make_document(published=True, number="48/KH-UBND")
    feedback_tasks.read_citations()
    assert list(case.answers.signed().last().documents.all()) == [document]
