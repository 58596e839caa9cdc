"""The index follows what is public: at once where a step says so, after the sweep where something went past the steps."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Agency
from articles import services as publishing
from articles.models import Article
from feedback import services as casework
from feedback.models import Case
from parcai import findable, tasks
from parcai.search import schema, services
from parcai.search.engines import Scope, engine
from parcai.search.entry import Entry
from parcai.search.expression import All, Any, Term, Without, holds
from parcai.search.finding import Found
from parcai.search.models import SearchDocument, SearchWord
from parcai.search.query import understand
from parcai.search.synonyms import forms
from tests.factories import (
    make_agency,
    make_article,
    make_campaign,
    make_case,
    make_coordinator,
    make_document,
    make_official,
    make_page,
    make_published_case,
    make_video,
)

pytestmark = pytest.mark.django_db
WORD = "lúamạnonxanh"


def found(text: str = WORD, now=None) -> list[tuple[str, int]]:
    """(kind, key) of what the public finds."""
    scope = Scope(now or timezone.now())
    hits = Found(understand(text, forms()), scope, findable.texts, kinds=tuple(findable.TABS)).page(0, 50)
    return [(hit.kind, hit.object_id) for hit in hits]


def test_every_kind_is_found_when_it_is_published():
    agency = make_agency(name=f"Sở {WORD}")
    services.refresh(agency)
    campaign = make_campaign(short_title=f"Nội dung {WORD}")
    services.refresh(campaign)
    article = make_article(published=True, title=f"Bài {WORD}")
    guide = make_article(published=True, kind=Article.Kind.GUIDE, body=f"<p>{WORD}</p>")
    document = make_document(published=True, title=f"Về {WORD}")
    video = make_video(published=True, summary=f"Có {WORD}.")
    page = make_page(published=True, title=f"Trang {WORD}")
    case = make_published_case(title=f"Hỏi về {WORD} ở đâu?")

    assert set(found()) == {
        ("agency", agency.pk),
        ("campaign", campaign.pk),
        ("article", article.pk),
        ("guide", guide.pk),
        ("document", document.pk),
        ("video", video.pk),
        ("page", page.pk),
        ("question", case.pk),
    }


def test_a_draft_and_a_text_in_review_are_not_found():
    draft = make_article(title=f"Nháp {WORD}")
    waiting = make_article(title=f"Chờ {WORD}")
    publishing.submit(waiting, by=waiting.author)

    assert found() == []
    assert not SearchDocument.objects.filter(record="article", object_id__in=[draft.pk, waiting.pk]).exists()


def test_what_is_scheduled_appears_with_its_second_and_goes_with_its_last():
    now = timezone.now().replace(microsecond=0)
    begins, ends = now + timedelta(hours=1), now + timedelta(hours=2)
    article = make_article(published=True, title=f"Bài {WORD}", publish_at=begins, unpublish_at=ends)

    assert found(now=begins - timedelta(seconds=1)) == []
    assert found(now=begins) == [("article", article.pk)]
    assert found(now=ends - timedelta(seconds=1)) == [("article", article.pk)]
    assert found(now=ends) == []


def test_withdrawn_means_gone_at_once():
    article = make_article(published=True, title=f"Bài {WORD}")
    board = make_official("Ban Biên tập", is_staff=True)

    publishing.withdraw(article, by=board, reason="Có sai sót.")

    assert found() == []
    assert not SearchDocument.objects.filter(record="article").exists()


def test_a_change_is_found_when_it_is_approved_and_the_old_words_are_not():
    article = make_article(published=True, title=f"Bài {WORD}")
    draft = publishing.amend(article, by=article.author)
    draft.title = "Bài từmớitinh"
    draft.save()

    assert found() == [("article", article.pk)]
    assert found("từmớitinh") == []

    publishing.submit(draft, by=article.author)
    publishing.approve(draft, by=make_official("Ban Biên tập", is_staff=True))

    assert found() == []
    assert found("từmớitinh") == [("article", article.pk)]


def test_a_public_case_is_found_by_its_public_words_alone():
    case = make_published_case(
        title="Chuyện riêng của tôi là gì vậy?", answer="<p>Mang theo giấy tờ gốc.</p>"
    )
    coordinator = make_coordinator()
    casework.unpublish(case, by=coordinator, note="Sửa tiêu đề.")
    casework.publish(
        case,
        by=coordinator,
        title=f"Hỏi về {WORD}",
        text="Câu hỏi đã biên tập.",
        answer=case.answers.get().body,
    )

    assert found() == [("question", case.pk)]
    assert found("chuyện riêng") == []
    assert found("mang theo giấy tờ") == [("question", case.pk)]


def test_an_unpublished_or_reopened_case_is_gone():
    first, second = (make_published_case(title=f"Hỏi {WORD} {each} ở đâu?") for each in ("một", "hai"))

    casework.unpublish(first, by=make_coordinator(), note="Người hỏi xin gỡ.")
    assert found() == [("question", second.pk)]

    second.refresh_from_db()
    casework.reopen(second, note="Chưa giải quyết được việc.")
    assert found() == []


def test_nobody_finds_a_case_that_is_not_public():
    case = make_case(title=f"Riêng tư {WORD}", text=f"Điều không ai được biết {WORD}.")

    assert SearchDocument.objects.filter(record=Case.INSIDE, object_id=case.pk).exists()
    assert found() == []
    assert found("riêng tư") == []


def test_the_sweep_mends_what_went_past_the_steps():
    article = make_article(published=True, title=f"Bài {WORD}")
    other = make_article(published=True, title=f"Khác {WORD}")
    SearchDocument.objects.filter(record="article", object_id=article.pk).delete()
    Article.objects.filter(pk=other.pk).update(status=Article.Status.DRAFT)

    tasks.mend_index()

    assert found() == [("article", article.pk)]


def test_the_nightly_round_finds_changed_words_too():
    agency = make_agency(name=f"Sở {WORD}")
    services.refresh(agency)
    Agency.objects.filter(pk=agency.pk).update(name="Sở tênmớihẳn")

    tasks.renew_index()

    assert found() == []
    assert found("tênmớihẳn") == [("agency", agency.pk)]
    assert SearchWord.objects.filter(word="tenmoihan", shown="tênmớihẳn").exists()


def test_reindex_makes_the_same_index_again(capsys):
    make_article(published=True, title=f"Bài {WORD}")
    make_case()
    call_command("reindex")
    before = list(SearchDocument.objects.order_by("pk").values_list("pk", "terms"))
    SearchDocument.objects.all().delete()

    call_command("reindex")
    assert list(SearchDocument.objects.order_by("pk").values_list("pk", "terms")) == before

    call_command("reindex", "article")
    assert "article: 0 mục mới hoặc đổi, 0 mục bỏ" in capsys.readouterr().out


def test_an_indexed_record_that_did_not_change_is_not_written_again():
    article = make_article(published=True)
    entry = article.search_entry()

    assert services.put("article", article.pk, entry) is False
    assert services.put("article", article.pk, None) is True
    assert services.put("article", article.pk, None) is False


def test_many_records_of_the_same_second_stand_beside_each_other():
    moment = timezone.now().replace(microsecond=0)
    for number in range(50):
        services.put("test", number + 1, Entry("article", f"Bài {WORD}", "", shown_from=moment))

    assert len(found()) == 50


def test_a_new_hour_moves_a_record_in_the_order():
    now = timezone.now()
    for key, hours in ((1, 1), (2, 2)):
        services.put("test", key, Entry("article", WORD, "", shown_from=now - timedelta(hours=hours)))
    services.put("test", 2, Entry("article", WORD, "", shown_from=now - timedelta(minutes=1)))

    assert [key for _kind, key in found()] == [2, 1]


def test_the_index_table_is_guarded_after_all_migrations():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE name LIKE 'search_document_%%' AND type = 'trigger'"
            )
            assert len(cursor.fetchall()) == 3
        else:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_found_by'")
            assert "gin" in cursor.fetchone()[0]
    assert len([each for each in schema.FTS5 if "CREATE TRIGGER" in each]) == 3


# Every engine means the same -------------------------------------------------------------------------------------

WORDS = ("mot", "hai", "ba", "bon", "mot.hai", "hai.ba", "t:mot", "e:hai4")
terms = st.sampled_from(WORDS).map(Term)
prefixes = st.sampled_from(("mo", "ha", "b", "t:m")).map(lambda text: Term(text, is_prefix=True))
expressions = st.recursive(
    terms | prefixes,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda some: All(tuple(some))),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: Any(tuple(some))),
        st.tuples(parts, parts).map(lambda pair: Without(*pair)),
    ),
    max_leaves=6,
)


@pytest.fixture
def sets(db):
    """Records of every third subset of the words."""
    moment = timezone.now() - timedelta(days=1)
    rows = {}
    for number in range(1, 256, 3):
        held = frozenset(word for place, word in enumerate(WORDS) if number >> place & 1)
        key = services.key_at(moment) + number
        rows[key] = held
        SearchDocument.objects.create(
            pk=key,
            record="test",
            object_id=number,
            kind="article",
            head="",
            terms=" ".join(sorted({*held, "k=article"})),
            digest="",
            indexed_at=moment,
        )
    return rows


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=expressions)
def test_an_expression_means_the_same_to_the_engine(sets, expression):
    expected = sorted((key for key, held in sets.items() if holds(expression, held)), reverse=True)

    scope = Scope(timezone.now())
    assert engine().newest(expression, scope, 1000) == expected
    assert engine().newest(expression, scope, 5) == expected[:5]
    assert engine().counts(expression, scope, ("article", "video"), 1000) == {
        "article": len(expected),
        "video": 0,
    }


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_nothing_that_is_typed_breaks_a_search(db, text):
    query = understand(text, forms())
    found = Found(query, Scope(timezone.now()), findable.texts, kinds=tuple(findable.TABS))

    assert found.total == 0
    assert found.page(0, 20) == []
