"""Texts that cite documents: readers are told when one has ended, and officials are asked until somebody has looked."""

from datetime import date, timedelta
from time import process_time

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from agencies.roles import Role
from articles import citations, content, services, tasks
from articles.filters import queues
from articles.models import Article, CitationReview, Document
from feedback import services as casework
from feedback import tasks as feedback_tasks
from feedback.desk.steps import STEPS
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


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch 48/KH-UBND",
        "kế hoạch số 48/kh-ubnd",
        "(048/KH–UBND)",
        "Kế hoạch số 48/KH-UBND ngày 15/5/2023 của UBND tỉnh về tuyên truyền",
        "Kế hoạch số 48/KH-UBND ngày 15 tháng 5 năm 2023 của UBND tỉnh Phú Yên",
        "Kế hoạch 48/KH-UBND, khác với 48/KH-UBND của UBND tỉnh Bình Định",
    ],
)
def test_a_number_is_read_as_people_write_it(text):
    document = make_document(published=True, number="48/KH-UBND", issued_on=date(2023, 5, 15))
    assert citations.cited_in(f"<p>{text}.</p>") == [document]


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch 148/KH-UBND",
        "Kế hoạch 1.48/KH-UBND",
        "Kế hoạch 48/KH-UBNDX",
        "Kế hoạch 48/KH-UBND-NC",
        "Kế hoạch 48/KH-UBND ngày 16/5/2023",
        "Kế hoạch 48/KH-UBND ngày 15/5/2024 của UBND tỉnh Phú Yên",
        "Kế hoạch số 48/KH-UBND của UBND tỉnh Bình Định",
        "Kế hoạch số 48/KH-UBND của UBND huyện Phú Hòa",
        "ngày 48/5/2023, 48/100 điểm, 48/tháng",
        '<a href="https://vidu.vn/van-ban/1/">kế hoạch</a>',
    ],
)
def test_what_may_be_another_document_is_not_taken_for_it(text):
    make_document(published=True, number="48/KH-UBND", issued_on=date(2023, 5, 15))
    assert citations.cited_in(f"<p>{text}</p>") == []


def test_the_issuer_or_the_day_beside_a_shared_number_tells_which():
    first = make_document(published=True, number="48/KH-UBND", issuer="UBND huyện Tuy An")
    second = make_document(
        published=True, number="48/KH-UBND", issuer="UBND huyện Sơn Hòa", issued_on=date(2023, 5, 14)
    )
    named = citations.cited_in("<p>Theo 48/KH-UBND của UBND huyện Tuy An.</p>")
    dated = citations.cited_in("<p>Theo 48/KH-UBND ngày 14/5/2023.</p>")
    assert (named, dated) == ([first], [second])


def test_a_document_that_is_not_public_is_cited_by_nobody():
    make_document(number="48/KH-UBND")
    hidden = make_document(published=True, number="49/KH-UBND")
    article = make_article(published=True, body="<p>Theo 48/KH-UBND và 49/KH-UBND.</p>")
    assert list(article.documents.all()) == [hidden]
    end(hidden)
    services.withdraw(hidden, by=make_official(Role.PUBLISHER, is_staff=True), reason="Nhầm")
    assert citations.ended(article) == []
    assert not citations.is_awaiting(article)


@pytest.mark.parametrize("text", ["1/a " * 40_000, "1/a-" * 40_000, "9" * 150_000, "1 / " * 40_000])
def test_a_text_made_to_be_slow_is_read_in_good_time(text):
    begun = process_time()
    citations.cited_in(f"<p>{text}</p>")
    assert process_time() - begun < 3


def test_a_changed_article_leaves_the_queue_when_it_no_longer_cites():
    document = make_document(published=True, number="48/KH-UBND")
    article = make_article(published=True, body=CITING)
    end(document)
    board = make_official(Role.PUBLISHER, is_staff=True)
    draft = services.amend(article, by=article.author)
    draft.body = "<p>Không dẫn văn bản nào.</p>"
    draft.save()
    services.submit(draft, by=article.author)
    assert waiting(board) == {article}
    services.approve(draft, by=board)
    assert waiting(board) == set()


def test_a_document_that_gets_another_number_is_looked_for_anew():
    document = make_document(published=True, number="48/KH-UBND")
    article = make_article(published=True, body=CITING)
    other = make_article(published=True, body="<p>Theo 49/KH-UBND.</p>")
    tasks.announce()
    draft = services.amend(document, by=document.author)
    draft.number = "49/KH-UBND"
    draft.save()
    services.submit(draft, by=document.author)
    services.approve(draft, by=make_official(Role.PUBLISHER, is_staff=True))
    tasks.announce()
    assert not article.documents.exists()
    assert list(other.documents.all()) == [document]


def test_the_board_confirms_with_a_button_and_the_history_says_so(client):
    document = make_document(published=True, number="48/KH-UBND")
    article = make_article(published=True, body=CITING)
    end(document)
    client.force_login(make_official(Role.PUBLISHER, is_staff=True))
    place = reverse("admin:articles_article_change", args=[article.pk])
    listed = client.get(reverse("admin:articles_article_changelist"), {"viec": "dan-van-ban"})
    assert article.title in listed.content.decode()
    assert 'name="_confirm_citations"' in client.get(place).content.decode()
    client.post(place, {"_confirm_citations": "1", "seen_version": article.version})
    assert 'name="_confirm_citations"' not in client.get(place).content.decode()
    assert "48/KH-UBND" in LogEntry.objects.filter(object_id=str(article.pk)).first().change_message


def test_the_notice_costs_one_question_and_one_more_where_there_is_something(
    client, django_assert_num_queries
):
    documents = [make_document(published=True, number=f"{number}/KH-UBND") for number in (48, 49, 50)]
    article = make_article(published=True, body="<p>48/KH-UBND, 49/KH-UBND, 50/KH-UBND</p>")
    with django_assert_num_queries(1):
        citations.ended(article)
    for document in documents:
        end(document)
    with django_assert_num_queries(2):
        assert citations.ended(article) == documents


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
    assert str(STEPS["xem-loi-dan"].label) in client.get(case.get_desk_url()).content.decode()
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
