"""Every declared kind: what it leaves out, what it costs, and that its words are there."""

import json
import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import services as publishing
from articles.models import Article, Document
from feedback import services as cases
from feedback.models import Case
from parcai.records import KINDS, Reference, Type, kind_named
from tests.factories import make_agency, make_article, make_coordinator, make_document, make_page
from tests.records.world import HIDDEN, WHOLE, everything_hidden, whole_article

pytestmark = pytest.mark.django_db
BY_NAME = {kind.name: kind for kind in KINDS}
ALL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE
)
SIMPLE = {
    Type.TEXT: str,
    Type.HTML: str,
    Type.ADDRESS: str,
    Type.INTEGER: int,
    Type.NUMBER: (int, float),
    Type.BOOLEAN: bool,
    Type.DATE: date,
    Type.MOMENT: date,
    Type.REFERENCE: Reference,
}


def read_all(kind) -> list[dict]:
    return [kind.record(row) for row in kind.ordered()]


# What is declared

# Models whose rows are no records for everybody, each with its reason.
NOT_RECORDS = {
    "agencies.User": "officials, not public",
    "agencies.Leader": "stands in its agency",
    "agencies.ApiKey": "keys of other systems",
    "agencies.UsedSignature": "calls of other systems",
    "agencies.KeptAnswer": "answers to other systems",
    "agencies.Attempt": "counts of limits",
    "notifications.Message": "letters of others",
    "notifications.Subscription": "addresses of readers",
    "notifications.Heartbeat": "the worker's pulse",
    "articles.Tag": "stands in its article; alone it may tell what is being prepared",
    "articles.Correction": "stands in its article",
    "articles.Rating": "changes with every reader, belongs to figures",
    "articles.Voter": "who rated",
    "articles.Image": "stands in what shows it",
    "articles.File": "stands in what offers it",
    "articles.Revision": "work of officials",
    "articles.Autosave": "work of officials",
    "articles.Merged": "work of officials",
    "articles.Comment": "work of officials",
    "articles.Presence": "work of officials",
    "articles.PreviewLink": "work of officials",
    "articles.CitationReview": "work of officials",
    "articles.CitationScan": "work of officials",
    "articles.LinkFault": "work of officials",
    "articles.ListedPage": "work of officials",
    "articles.OutsideAddress": "work of officials",
    "articles.Block": "arrangement of pages",
    "articles.HomeSection": "arrangement of pages",
    "articles.MenuItem": "arrangement of pages",
    "articles.SiteNotice": "arrangement of pages",
    "feedback.Answer": "stands in its case, masked",
    "feedback.CaseEvent": "not public",
    "feedback.Pause": "not public",
    "feedback.CaseFile": "not public",
    "feedback.DataRequest": "not public",
    "feedback.Split": "not public",
    "feedback.Redaction": "not public",
    "feedback.OriginalView": "the journal of looks at originals",
    "feedback.CaseReader": "not public",
    "feedback.InterimAnswer": "for its asker alone",
    "feedback.Opinion": "work of officials",
    "feedback.AnswerVersion": "work of officials",
    "feedback.AnswerTemplate": "work of officials",
    "feedback.SavedFilter": "work of officials",
    "feedback.Delegation": "stands in the signature of each answer",
    "feedback.Routing": "work of officials",
    "feedback.RoutingRule": "work of officials",
    "feedback.RefusalReason": "work of officials",
    "feedback.OutsideBody": "work of officials",
    "feedback.Helped": "belongs to figures",
    "feedback.Draft": "not public",
    "feedback.Extension": "stands in the history of its case",
    "feedback.Reminder": "work of officials",
    "feedback.CountedDay": "the calendar, as deadlines were last counted by",
    "feedback.ExportJob": "the journal of exports",
    "feedback.HelpfulVote": "who voted is kept from everybody; cases carry the count",
    "feedback.Term": "a rule; its effect is each answer's days_taken",
}
OWN = ("agencies", "notifications", "plan", "articles", "feedback", "indexes")


def test_every_model_is_declared_or_left_out_with_a_reason():
    models = {model._meta.label for app in OWN for model in apps.get_app_config(app).get_models()}
    declared = {kind.model._meta.label for kind in KINDS}
    assert declared | set(NOT_RECORDS) == models
    assert not declared & set(NOT_RECORDS)


def test_the_worlds_of_the_tests_know_every_kind():
    assert set(WHOLE) == set(BY_NAME)
    with_state = {kind.name for kind in KINDS if hasattr(kind.model.objects.all(), "published")}
    assert with_state <= set(HIDDEN)


@ALL
def test_a_kind_says_itself_in_vietnamese(kind):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.name)
    assert kind_named(kind.name) is kind
    names = [column.name for column in kind.columns]
    assert names[0] == "id"
    assert len(names) == len(set(names))
    for words in (kind.one, kind.many, kind.says):
        assert str(words)
    assert VIETNAMESE.search(str(kind.says))
    for column in kind.columns:
        parts = column.of if isinstance(column.of, tuple) else ()
        for each in (column, *parts):
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*|sha256", each.name)
            assert VIETNAMESE.search(str(each.label)), each.name
            assert VIETNAMESE.search(str(each.says)), each.name
        assert (column.of is not None) is (column.type is Type.LIST)
        is_reference = Type.REFERENCE in (column.type, column.of)
        assert (column.to in BY_NAME) is is_reference
    for filter_ in kind.filters.base_filters.values():
        assert VIETNAMESE.search(str(filter_.says))


@ALL
def test_columns_hold_what_they_say(kind):
    WHOLE[kind.name]()
    rows = read_all(kind)
    assert rows
    for record in rows:
        for column in kind.columns:
            value = record[column.name]
            if value is None:
                assert column.may_be_null, column.name
                continue
            if column.type is Type.LIST:
                assert isinstance(value, list)
                item = dict if isinstance(column.of, tuple) else SIMPLE[column.of]
                assert all(isinstance(each, item) for each in value)
                continue
            assert isinstance(value, SIMPLE[column.type]), column.name
            if column.type is Type.ADDRESS:
                assert re.match(r"https?://", value)
            if column.type is Type.MOMENT:
                assert value.utcoffset() == timedelta(hours=7)
            if column.choices:
                assert value in column.choices.values


@ALL
def test_an_id_leads_back_to_its_record(kind):
    WHOLE[kind.name]()
    for record in read_all(kind):
        found = kind.find(record["id"])
        assert kind.record(found, {"id"}) == {"id": record["id"]}


@ALL
@pytest.mark.parametrize(
    "odd",
    ["", "0", "-1", "007", "1.0", "٣", "9" * 19, "9" * 400, "a\x00b", "’ OR 1=1", "2023-0", "0000-1", "²"],
)
def test_odd_ids_lead_nowhere(kind, odd):
    WHOLE[kind.name]()
    assert kind.find(odd) is None
    assert kind.gone(odd) is None


def references_in(record):
    for value in record.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Reference):
                yield each


@ALL
def test_every_reference_leads_to_a_record(kind):
    everything_hidden()
    WHOLE[kind.name]()
    for record in read_all(kind):
        for reference in references_in(record):
            assert kind_named(reference.kind).find(reference.id) is not None, reference


@ALL
def test_a_hundred_rows_cost_as_many_queries_as_one(kind):
    WHOLE[kind.name]()
    with CaptureQueriesContext(connection) as few:
        read_all(kind)
    for _number in range(4):
        WHOLE[kind.name]()
    with CaptureQueriesContext(connection) as many:
        rows = read_all(kind)

    assert len(rows) >= 5
    assert len(many) == len(few) <= 8


@ALL
def test_the_order_is_one_no_two_rows_share(kind):
    WHOLE[kind.name]()
    last = kind.order[-1].lstrip("-")
    field = kind.model._meta.pk if last == "pk" else kind.model._meta.get_field(last)
    assert field.unique
    for name in kind.order:
        plain = kind.model._meta.pk if "pk" in name else kind.model._meta.get_field(name.lstrip("-"))
        assert not plain.null or not kind.rows().filter(**{plain.name: None}).exists()


# What nobody may read


def test_what_is_not_public_is_in_no_record_of_any_kind():
    hidden = everything_hidden()

    for kind in KINDS:
        text = json.dumps(read_all(kind), default=repr, ensure_ascii=False)
        assert "anary" not in text, kind.name
    for name, rows in hidden.items():
        for state, row in rows.items():
            kind = kind_named(name)
            assert kind.find(kind.key.of(row)) is None, (name, state)
            gone = str(kind.gone(kind.key.of(row)) or "")
            assert "anary" not in gone
            assert bool(gone) is (state in {"withdrawn", "expired"} and name != "evidence"), (name, state)


def test_a_canary_would_be_seen_if_it_were_public():
    for name, kind in BY_NAME.items():
        if name in HIDDEN and name not in {"evidence", "questions", "feedback-results"}:
            for row in HIDDEN[name]().values():
                kind.model.objects.filter(pk=row.pk, amends=None).update(
                    status="approved", publish_at=timezone.now(), unpublish_at=None
                )
            assert "Canary nháp" in json.dumps(read_all(kind), default=repr, ensure_ascii=False)


def test_why_something_is_gone_is_said_as_on_its_page(client):
    article = make_article(published=True)
    publishing.withdraw(article, by=article.approved_by, reason="Số liệu sai")

    words = str(BY_NAME["articles"].gone(str(article.pk)))

    assert "Số liệu sai" in words
    assert "Số liệu sai" in client.get(article.get_absolute_url()).content.decode()


def test_nothing_of_who_asked_is_even_read():
    WHOLE["questions"]()
    with CaptureQueriesContext(connection) as asked:
        read_all(BY_NAME["questions"])
    told = " ".join(query["sql"] for query in asked)
    for column in ("asker_", "pin", '"feedback_case"."text"', '"feedback_case"."title"', '"code"', "rating"):
        assert column not in told.replace('"agencies_agency"."code"', ""), column
    assert '"feedback_answer"."body"' not in told


# Values


def test_rich_text_is_cleaned_and_its_links_are_whole():
    article = whole_article()
    Article.objects.filter(pk=article.pk).update(
        body='<p onclick="x()">a &lt;a href="/b"&gt; <a href="/van-ban/">b</a><script>x</script></p>'
    )
    kind = BY_NAME["articles"]

    body = kind.record(kind.find(str(article.pk)))["body"]

    assert "onclick" not in body
    assert "<script" not in body
    assert f'<a href="{settings.SITE_URL}/van-ban/"' in body
    assert 'a &lt;a href="/b"&gt;' in body  # words stay words


def test_changes_are_found_since_the_hour_they_became_public():
    scheduled = make_article(published=True)
    Article.objects.filter(pk=scheduled.pk).update(
        updated_at=timezone.now() - timedelta(days=9), publish_at=timezone.now() - timedelta(days=1)
    )
    old = make_article(published=True)
    long_ago = timezone.now() - timedelta(days=9)
    Article.objects.filter(pk=old.pk).update(updated_at=long_ago, publish_at=long_ago)
    kind = BY_NAME["articles"]
    since = (timezone.localdate() - timedelta(days=3)).isoformat()

    found = kind.chosen({"updated_since": since})

    assert [row.pk for row in found] == [scheduled.pk]
    assert kind.record(kind.find(str(scheduled.pk)))["updated_at"] > timezone.now() - timedelta(days=2)


def test_a_case_put_online_again_with_other_words_has_changed():
    case = WHOLE["questions"]()
    long_ago = timezone.now() - timedelta(days=9)
    Case.objects.filter(pk=case.pk).update(published_at=long_ago)
    kind = BY_NAME["questions"]
    before = kind.record(kind.find(str(case.pk)))
    case.refresh_from_db()
    cases.publish(case, by=make_coordinator(), **cases.proposal_for_public(case))

    after = kind.record(kind.find(str(case.pk)))

    assert after["published_at"] == before["published_at"]
    assert after["updated_at"] > before["updated_at"] > before["published_at"]
    today = timezone.localdate()
    for day, count in ((today, 1), (today + timedelta(days=1), 0)):
        assert kind.chosen({"updated_since": day.isoformat()}).count() == count


def test_an_agency_of_before_has_no_telephone():
    agency = make_agency(valid_to=date(2024, 12, 31), phone="0257 111 222", address="Số 1")
    kind = BY_NAME["agencies"]
    record = kind.record(kind.find(agency.code))
    assert (record["phone"], record["address"], record["is_current"]) == (None, None, False)


# Filters


@ALL
def test_an_example_of_every_filter_is_taken_or_names_what_is_not_there(kind):
    WHOLE[kind.name]()
    for name, filter_ in kind.filters.base_filters.items():
        found = kind.filters({name: filter_.example}, kind.rows())
        codes = {error.code for errors in found.form.errors.as_data().values() for error in errors}
        assert codes <= {"invalid_choice"}


ODD = [
    "\x00",
    "x",
    "9" * 400,
    "2026-13-01",
    "0000-00-00",
    "99999-01-01",
    "2026-05-15T99:00",
    "0001-01-01",
    "٣",
    "’",
]


@ALL
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_value_is_refused_with_words(kind, odd):
    for name in kind.filters.base_filters:
        with pytest.raises(ValidationError) as refused:
            kind.chosen({name: odd})
        assert VIETNAMESE.search(str(refused.value.message_dict[name]))


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-05-15", "2026-05-15T00:00:00+07:00"),
        ("2026-05-15T08:30", "2026-05-15T08:30:00+07:00"),
        ("2026-05-15T08:30:00Z", "2026-05-15T15:30:00+07:00"),
        ("2026-05-15T08:30:00 07:00", "2026-05-15T08:30:00+07:00"),  # "+" in an address is read as a blank
    ],
)
def test_moments_are_read_as_iso_writes_them(text, hour):
    article = make_article(published=True)
    moment = timezone.datetime.fromisoformat(hour)
    kind = BY_NAME["articles"]
    for delta, found in ((timedelta(0), 1), (-timedelta(seconds=1), 0)):
        Article.objects.filter(pk=article.pk).update(publish_at=moment + delta)
        assert kind.chosen({"since": text}).count() == found


def test_until_a_day_means_to_its_end():
    article = make_article(published=True)
    Article.objects.filter(pk=article.pk).update(
        publish_at=timezone.datetime.fromisoformat("2026-05-15T23:59:59+07:00")
    )
    kind = BY_NAME["articles"]
    for day, found in (("2026-05-15", 1), ("2026-05-14", 0)):
        assert kind.chosen({"until": day}).count() == found


def test_filters_choose_by_what_records_are_called():
    article, other = whole_article(), whole_article()
    kind = BY_NAME["articles"]
    record = kind.record(kind.find(str(article.pk)))
    for name, value in (
        ("agency", record["agency"].id),
        ("campaign", record["campaigns"][0].id),
        ("topic", record["topics"][0].id),
    ):
        assert [row.pk for row in kind.chosen({name: value})] == [article.pk], name
    assert other.pk in {row.pk for row in kind.chosen({"kind": "news"})}


def test_documents_are_chosen_by_force_of_today():
    old = make_document(published=True)
    new = make_document(published=True, replaces=[old])
    kind = BY_NAME["documents"]
    assert [row.pk for row in kind.chosen({"force": "replaced"})] == [old.pk]
    record = kind.record(kind.find(str(old.pk)))
    assert (record["force"], [each.id for each in record["replaced_by"]]) == ("replaced", [str(new.pk)])
    Document.objects.filter(pk=new.pk).update(status="draft")
    assert kind.record(kind.find(str(old.pk)))["replaced_by"] == []


def test_a_page_is_called_by_its_address():
    page = make_page(published=True, slug="gioi-thieu-cong")
    kind = BY_NAME["pages"]
    assert kind.find("gioi-thieu-cong").pk == page.pk
