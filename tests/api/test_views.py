"""The open API: what it gives, how it refuses, what it costs, and what it never says."""

import json
import re
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from drf_spectacular.validation import validate_schema

from agencies.models import Attempt
from articles import services as publishing
from articles.models import Article
from parcai.api import limits, paging, schema, views
from parcai.records import KINDS, kind_named
from tests.factories import make_agency, make_article, make_published_case
from tests.records.world import WHOLE, everything_hidden, whole_article

pytestmark = pytest.mark.django_db
ALL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
ROOT = "/api/v1/"


def get(client, path, **options):
    response = client.get(path if path.startswith("/") else ROOT + path, **options)
    assert response["Content-Type"] == "application/json"
    return response


def through_all_pages(client, path) -> list[dict]:
    """Every record from page to page by `next`."""
    found, address = [], ROOT + path
    while address:
        page = get(client, address.removeprefix(settings.SITE_URL)).json()
        found += page["results"]
        address = page["next"]
    return found


# What it gives


def test_the_start_names_every_kind(client):
    found = get(client, ROOT).json()
    assert [each["name"] for each in found["kinds"]] == [kind.name for kind in KINDS]
    for each in found["kinds"]:
        assert client.get(each["url"].removeprefix(settings.SITE_URL)).status_code == 200
    for name in ("documentation", "openapi", "statistics"):
        assert client.get(found[name].removeprefix(settings.SITE_URL)).status_code == 200


@ALL
def test_a_list_and_a_record_say_the_same(client, kind):
    WHOLE[kind.name]()
    rows = through_all_pages(client, f"{kind.name}/?page_size=100")
    assert rows
    assert set(rows[0]) == {column.name for column in kind.columns}
    for row in rows:
        assert get(client, f"{kind.name}/{row['id']}/").json() == row


def test_an_article_comes_with_all_that_belongs_to_it(client):
    article = whole_article()
    found = get(client, f"articles/{article.pk}/").json()

    assert found["url"] == settings.SITE_URL + article.get_absolute_url()
    assert found["published_at"] == timezone.localtime(article.publish_at).isoformat()
    assert found["published_at"].endswith("+07:00")
    assert found["agency"] == {
        "kind": "agencies",
        "id": article.agency.code,
        "title": article.agency.name,
        "url": f"{settings.SITE_URL}/co-quan/{article.agency.code}/",
        "api_url": f"{settings.SITE_URL}/api/v1/agencies/{article.agency.code}/",
    }
    assert found["cover"].startswith(settings.SITE_URL)
    assert {len(found[name]) for name in ("campaigns", "documents", "related", "sources")} == {2}
    assert {len(found[name]) for name in ("topics", "tags", "files", "corrections")} == {1}
    assert found["sources"][1]["url"] is None
    assert set(found["files"][0]) == {"title", "url", "ending", "size", "sha256"}


@ALL
def test_every_reference_of_an_answer_is_there(client, kind):
    WHOLE[kind.name]()
    text = client.get(f"{ROOT}{kind.name}/").content.decode()
    for address in set(re.findall(r'"api_url": ?"([^"]+)"', text)):
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


def test_the_figures_are_those_of_the_home_page(client):
    make_published_case()
    assert get(client, "statistics/").json() == {"answered": 1, "on_time_percent": None, "median_days": None}


# Pages


def test_pages_skip_and_repeat_nothing_also_where_many_share_a_moment(client):
    articles = [make_article(published=True) for _number in range(7)]
    Article.objects.update(publish_at=timezone.now() - timedelta(hours=1))
    keys = sorted((str(each.pk) for each in articles), key=int, reverse=True)

    assert [row["id"] for row in through_all_pages(client, "articles/?page_size=2&fields=id")] == keys


@ALL
def test_one_walks_forward_and_back_through_any_list(client, kind):
    for _number in range(3):
        WHOLE[kind.name]()
    first = get(client, f"{kind.name}/?page_size=1").json()
    assert first["previous"] is None
    second = get(client, first["next"].removeprefix(settings.SITE_URL)).json()
    assert second["results"] != first["results"]
    back = get(client, second["previous"].removeprefix(settings.SITE_URL)).json()
    assert back["results"] == first["results"]
    assert back["previous"] is None
    again = get(client, back["next"].removeprefix(settings.SITE_URL)).json()
    assert again["results"] == second["results"]


def test_rows_that_come_in_front_move_no_later_page(client):
    articles = [make_article(published=True) for _number in range(4)]
    first = get(client, "articles/?page_size=2&fields=id").json()
    make_article(published=True)
    second = get(client, first["next"].removeprefix(settings.SITE_URL)).json()
    found = [row["id"] for row in (*first["results"], *second["results"])]
    assert found == [str(each.pk) for each in reversed(articles)]


def test_the_next_page_keeps_what_was_chosen_and_the_portals_own_name(client):
    agency = make_agency()
    for _number in range(3):
        make_article(published=True, agency=agency)
    make_article(published=True)
    path = f"articles/?agency={agency.code}&page_size=2&fields=id,agency"
    first = get(client, path, headers={"Host": "localhost"}).json()
    assert first["next"].startswith(f"{settings.SITE_URL}/api/v1/articles/?")
    assert len(through_all_pages(client, path)) == 3


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "9" * 5000,
        "’",
        "eyJhIjoxfQ",
        "W10:1tOz7c:x",
        "a:b:c",
        "%F0%9F%98%80",
    ],
)
def test_an_odd_cursor_is_refused(client, cursor):
    response = client.get(f"{ROOT}articles/", {"cursor": cursor})
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["cursor"]


def test_a_cursor_of_one_kind_is_none_of_another(client):
    make_article(published=True)
    make_article(published=True)
    cursor = get(client, "articles/?page_size=1").json()["next"].rpartition("cursor=")[2]
    assert client.get(f"{ROOT}videos/?cursor={cursor}").status_code == 400
    other_use = signing.dumps([False, ["2026-01-01", 1]])
    assert client.get(f"{ROOT}articles/?cursor={other_use}").status_code == 400


# What it refuses


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("page_size=0", {"page_size"}),
        ("page_size=101", {"page_size"}),
        ("page_size=-1", {"page_size"}),
        ("page_size=1e1", {"page_size"}),
        ("page_size=²", {"page_size"}),
        ("fields=", {"fields"}),
        ("fields=title,password", {"fields"}),
        ("fields=author__password", {"fields"}),
        ("kind=x", {"kind"}),
        ("agency=khong-co", {"agency"}),
        ("campaign=2023-99", {"campaign"}),
        ("since=hom-qua", {"since"}),
        ("topic=x&kind=x&page_size=x", {"topic", "kind", "page_size"}),
        ("author__password__startswith=a", {"author__password__startswith"}),
        ("ordering=password", {"ordering"}),
        ("format=api", {"format"}),
        ("kind=news&kind=guide", {"kind"}),
        ("language=fr", {"language"}),
    ],
)
def test_what_is_no_parameter_or_no_value_is_refused_by_its_name(client, query, names):
    response = get(client, f"articles/?{query}")
    found = response.json()
    assert response.status_code == 400
    assert found["code"] == "invalid"
    assert set(found["fields"]) == names
    assert all(words for values in found["fields"].values() for words in values)
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("ETag")


def test_refusals_speak_the_language_that_was_asked_for(client):
    path = "articles/?page_size=x"
    said = {
        get(client, path).json()["detail"],
        get(client, path, headers={"Accept-Language": "fr,en-GB;q=0.5"}).json()["detail"],
        get(client, f"{path}&language=en").json()["detail"],
        get(client, f"{path}&language=vi", headers={"Accept-Language": "en"}).json()["detail"],
    }
    assert said == {
        "Có tham số chưa đúng; xem từng tham số ở fields.",
        "Some parameters are not right; see each of them in fields.",
    }
    english = get(client, f"{path}&language=en")
    assert english["Content-Language"] == "en"
    assert "Accept-Language" in english["Vary"]
    assert english.json()["fields"] == {"page_size": ["Write a number from 1 to 100."]}


REFUSING = ("api/*.py", "records/filters.py", "records/articles.py", "middleware.py")
SAID_AT_LENGTH = (
    "Chỉ những",
    "Công khai",
    "Đăng",
    "Ban hành",
)  # words that describe a parameter refuse nothing


def test_every_refusal_has_its_english():
    sources = [path for pattern in REFUSING for path in (settings.BASE_DIR / "parcai").glob(pattern)]
    refusals = {
        words
        for path in sources
        for words in re.findall(r'_\(\s*"([^"]+(?:\.|: %s))"\s*\)', path.read_text())
        if not words.startswith(SAID_AT_LENGTH)
        and (path.name != "articles.py" or words.startswith("Mục này"))
    }
    assert len(refusals) > 20
    with translation.override("en"):
        assert {words for words in refusals if translation.gettext(words) == words} == set()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_it_is_only_read(method):
    client = Client(enforce_csrf_checks=True)
    for path in ("", "articles/", "articles/1/", "openapi.json", "statistics/"):
        response = getattr(client, method)(ROOT + path)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert response.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    "path",
    [
        "khong-co/",
        "articles/0/",
        "articles/x/",
        "articles/999999999/",
        "articles/1/2/",
        "a.json/",
        "articles/%F0%9F/",
    ],
)
def test_what_is_not_there_is_said_in_json(client, path):
    response = get(client, path)
    assert response.status_code == 404
    assert response.json() == {
        "detail": "Không có mục nào ở địa chỉ này.",
        "code": "not_found",
        "fields": {},
    }


def test_an_address_without_its_last_stroke_is_led_on(client):
    assert client.get(f"{ROOT}articles")["Location"] == f"{ROOT}articles/"


def test_bytes_nobody_can_read_are_refused_in_json(client):
    for path in (f"{ROOT}articles/?agency=%00", f"{ROOT}articles/%00/"):
        response = client.get(path)
        assert (response.status_code, response.json()["code"]) == (400, "bad_request")
        assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{ROOT}docs/?x=%00")["Content-Type"].startswith("text/html")


def test_an_outage_of_the_database_is_said_in_json(client, monkeypatch):
    def away(*_arguments):
        raise OperationalError

    monkeypatch.setattr(paging, "page", away)
    response = client.get(f"{ROOT}articles/")
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert response["Retry-After"] == "30"


# What nobody may read


def test_no_answer_of_the_api_shows_what_is_not_public(client):
    hidden = everything_hidden()

    for kind in KINDS:
        listed = client.get(f"{ROOT}{kind.name}/?page_size=100").content.decode()
        assert "anary" not in listed, kind.name
        for each in json.loads(listed)["results"]:
            assert "anary" not in client.get(f"{ROOT}{kind.name}/{each['id']}/").content.decode()
        for name, filter_ in kind.filters.base_filters.items():
            for value, _label in filter_.extra.get("choices", ()):
                assert "anary" not in client.get(f"{ROOT}{kind.name}/?{name}={value}").content.decode()
    for name, rows in hidden.items():
        for state, row in rows.items():
            response = get(client, f"{name}/{kind_named(name).key.of(row)}/")
            gone = state in {"withdrawn", "expired"} and name != "evidence"
            assert response.status_code == (410 if gone else 404), (name, state)
            assert "anary" not in response.content.decode()


def test_something_withdrawn_says_why_and_its_old_answer_is_not_confirmed(client):
    article = make_article(published=True)
    path = f"articles/{article.pk}/"
    etag = get(client, path)["ETag"]
    publishing.withdraw(article, by=article.approved_by, reason="Số liệu sai")

    response = get(client, path, headers={"If-None-Match": etag})

    assert response.status_code == 410
    assert response.json()["detail"] == "Mục này đã được gỡ. Lý do: Số liệu sai"
    assert not response.has_header("ETag")


def test_something_embargoed_appears_at_its_hour(client):
    article = make_article(published=True)
    moment = timezone.now()
    for hour, status in ((timedelta(hours=1), 404), (-timedelta(seconds=1), 200)):
        Article.objects.filter(pk=article.pk).update(publish_at=moment + hour, first_published_at=None)
        assert client.get(f"{ROOT}articles/{article.pk}/").status_code == status
        assert len(get(client, "articles/").json()["results"]) == (status == 200)


# What it costs


@ALL
def test_a_list_costs_at_most_eight_queries_with_one_row_and_with_thirty(client, kind):
    WHOLE[kind.name]()
    with CaptureQueriesContext(connection) as few:
        client.get(f"{ROOT}{kind.name}/")
    for _number in range(4):
        WHOLE[kind.name]()
    extra = 30 - kind.rows().count()
    for _number in range(extra):
        WHOLE[kind.name]()
    with CaptureQueriesContext(connection) as many:
        rows = get(client, f"{kind.name}/?page_size=100").json()["results"]

    assert len(rows) >= 30
    assert len(many) == len(few) <= 8


def test_reading_writes_nothing_into_the_database(client):
    make_article(published=True)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{ROOT}articles/")
    assert not [query for query in asked if not query["sql"].startswith("SELECT")]
    assert not Attempt.objects.exists()


# Headers


@pytest.mark.parametrize("path", ["", "articles/", "openapi.json", "statistics/"])
def test_every_answer_may_be_kept_for_a_minute_by_anybody(client, path):
    make_article(published=True)
    response = get(client, path)
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in response.get("Vary", "")
    assert response.cookies == {}
    assert response["Access-Control-Allow-Origin"] == "*"
    for name in ("ETag", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"):
        assert name in response["Access-Control-Expose-Headers"]
        assert response[name]
    again = client.get(ROOT + path, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"
    assert client.get(ROOT + path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_mark_stays_while_the_content_does(client, monkeypatch):
    make_article(published=True)
    make_article(published=True)
    before = get(client, "articles/?page_size=1")
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert before.json()["next"]
    assert get(client, "articles/?page_size=1")["ETag"] == before["ETag"]


def test_the_mark_changes_with_the_content(client):
    article = make_article(published=True)
    before = get(client, "articles/")["ETag"]
    Article.objects.filter(pk=article.pk).update(title="Tiêu đề khác")
    assert get(client, "articles/")["ETag"] != before


def test_a_signed_in_official_gets_what_everybody_gets(client):
    article = make_article()
    before = get(client, "articles/").content
    client.force_login(article.author, backend="agencies.auth.OfficialBackend")
    response = get(client, "articles/")
    assert response.content == before
    assert "Cookie" not in response.get("Vary", "")
    assert client.get(f"{ROOT}articles/{article.pk}/").status_code == 404


def test_head_and_options(client):
    make_article(published=True)
    head, whole = client.head(f"{ROOT}articles/"), client.get(f"{ROOT}articles/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])
    asked = client.options(f"{ROOT}articles/", headers={"Origin": "https://vidu.vn"})
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked


def test_the_limit_is_told_and_kept(client, monkeypatch):
    monkeypatch.setattr(limits, "LIMIT", 3)
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_013.0)
    left = [get(client, "topics/")["RateLimit-Remaining"] for _number in range(3)]
    refused = get(client, "topics/")

    assert left == ["2", "1", "0"]
    assert refused.status_code == 429
    assert refused.json()["code"] == "throttled"
    assert refused["Retry-After"] == refused["RateLimit-Reset"] == "47"
    assert refused["Cache-Control"] == "no-store"
    assert client.get(f"{ROOT}topics/", REMOTE_ADDR="192.0.2.7").status_code == 200
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_060.0)
    assert client.get(f"{ROOT}topics/").status_code == 200


def test_the_limit_is_off_where_all_limits_are(client, monkeypatch, settings):
    monkeypatch.setattr(limits, "LIMIT", 1)
    settings.RATE_LIMITS = False
    assert {client.get(f"{ROOT}topics/").status_code for _number in range(3)} == {200}


def test_a_cache_that_is_away_turns_nobody_away(client, monkeypatch):
    def away(*_arguments, **_options):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)
    monkeypatch.setattr(limits, "LIMIT", 1)
    assert {client.get(f"{ROOT}topics/").status_code for _number in range(3)} == {200}


def test_no_address_of_a_visitor_is_kept(client):
    kept = []
    original = cache.add
    cache.add = lambda key, *arguments, **options: kept.append(key) or original(key, *arguments, **options)
    try:
        client.get(f"{ROOT}topics/", REMOTE_ADDR="192.0.2.7")
    finally:
        del cache.add
    assert kept
    assert not any("192" in key for key in kept)


# What goes


@pytest.fixture
def going(monkeypatch):
    """Topics with a column that is on its way out."""
    kind = kind_named("topics")
    old = replace(
        kind.column("name"), deprecated_on=date(2026, 7, 1), ends_on=date(2027, 1, 1), instead="title"
    )
    changed = replace(kind, columns=(*(each for each in kind.columns if each.name != "name"), old))
    monkeypatch.setattr(views.OfKind, "kind", changed)
    return changed


def test_a_column_on_its_way_out_is_marked_in_headers_and_description(rf, going):
    ask = views.RecordList.as_view(kind=going)

    response = ask(rf.get(f"{ROOT}topics/"))

    assert response["Deprecation"] == "@1782838800"  # midnight in Việt Nam
    assert response["Sunset"] == "Thu, 31 Dec 2026 17:00:00 GMT"
    assert response["Link"].endswith('#topics>; rel="deprecation"; type="text/html"')
    assert not ask(rf.get(f"{ROOT}topics/?fields=id")).has_header("Deprecation")


def test_the_description_marks_it_too(going, monkeypatch):
    monkeypatch.setattr(schema, "KINDS", (going,))
    column = schema.description.__wrapped__()["components"]["schemas"]["Topics"]["properties"]["name"]
    assert column["deprecated"] is True


# The description and its page


def test_the_description_is_openapi_and_names_every_address(client):
    found = get(client, "openapi.json").json()
    assert found["openapi"].startswith("3.1")
    paths = set(found["paths"])
    for kind in KINDS:
        assert {f"{ROOT}{kind.name}/", f"{ROOT}{kind.name}/{{id}}/"} <= paths
    for path, operations in found["paths"].items():
        if path.startswith(f"{ROOT}intake/"):
            continue  # signed calls of other systems: tests/feedback/test_machines_hostile.py
        assert set(operations) == {"get"}
        assert {"200", "400", "429"} <= set(operations["get"]["responses"])
    validate_schema(found)


def test_the_description_says_each_column_and_parameter(client):
    found = get(client, "openapi.json").json()
    for kind in KINDS:
        shape = found["components"]["schemas"][kind.name.title().replace("-", "")]
        assert set(shape["properties"]) == {column.name for column in kind.columns}
        asked = {each["name"] for each in found["paths"][f"{ROOT}{kind.name}/"]["get"]["parameters"]}
        assert asked == {*kind.filters.base_filters, "cursor", "page_size", "fields", "language"}


def test_the_page_shows_every_kind_with_commands_that_work(client):
    make_article(published=True)
    page = client.get(f"{ROOT}docs/").content.decode()
    commands = re.findall(r"<code>curl &#x27;([^<]*)&#x27;</code>|<code>curl '([^<]*)'</code>", page)
    assert len(commands) == len(KINDS) + 1
    for pair in commands:
        address = "".join(pair).replace("&amp;", "&").removeprefix(settings.SITE_URL)
        assert client.get(address).status_code == 200, address
    for kind in KINDS:
        for column in kind.columns:
            assert f"<code>{column.name}</code>" in page
    assert 'src="http' not in page
    assert client.get("/").content.decode().count(f'href="{ROOT}docs/"') == 1


def test_search_engines_are_led_to_the_page_and_not_through_the_lists(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines.index(f"Allow: {ROOT}docs/") < lines.index("Disallow: /api/")
    assert f"{settings.SITE_URL}{ROOT}docs/" in client.get("/sitemap-trang-1.xml").content.decode()
