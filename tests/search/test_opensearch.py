"""OpenSearch as the index: asked in its own words, told of changes by the worker, left alone while it is away."""

import json
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples

from parcai import tasks
from parcai.search import engines, services
from parcai.search.engines import Scope
from parcai.search.engines.database import database_engine
from parcai.search.entry import Entry
from parcai.search.expression import Term
from parcai.search.models import SearchDocument, WaitingChange
from tests.search.test_keeping import expressions

pytestmark = pytest.mark.django_db


class Node:
    """As much of OpenSearch as the portal asks of it, kept in memory; `is_away` answers 503."""

    def __init__(self):
        self.docs: dict[str, dict] = {}
        self.exists = self.is_away = False
        self.asked: list[str] = []

    def holds(self, query: dict, doc: dict) -> bool:
        [(name, body)] = query.items()
        if name == "bool":
            should = body.get("should", [])
            return (
                all(self.holds(each, doc) for each in body.get("filter", []))
                and not any(self.holds(each, doc) for each in body.get("must_not", []))
                and (not should or any(self.holds(each, doc) for each in should))
            )
        [(field, wanted)] = body.items()
        value = doc[field]
        if name == "term":
            return wanted in value if isinstance(value, list) else wanted == value
        if name == "prefix":
            return any(term.startswith(wanted) for term in value)
        if value is None:
            return False
        if field == "shown_until":
            return datetime.fromisoformat(value) <= datetime.fromisoformat(wanted["lte"])
        return wanted["gte"] <= value < wanted["lt"]

    def search(self, body: dict) -> dict:
        found = [doc for doc in self.docs.values() if self.holds(body["query"], doc)]
        found.sort(key=lambda doc: -doc["id"])
        kinds: dict[str, int] = {}
        for doc in found:
            kinds[doc["kind"]] = kinds.get(doc["kind"], 0) + 1
        return {
            "hits": {"hits": [{"_id": str(doc["id"])} for doc in found[: body["size"]]]},
            "aggregations": {"kinds": {"buckets": [{"key": k, "doc_count": n} for k, n in kinds.items()]}},
        }

    def bulk(self, lines: list[str]) -> dict:
        items = []
        rest = iter(lines)
        for line in rest:
            [(action, about)] = json.loads(line).items()
            if action == "delete":
                self.docs.pop(about["_id"], None)
            else:
                self.docs[about["_id"]] = json.loads(next(rest))
            items.append({action: {"_id": about["_id"], "status": 200}})
        return {"errors": False, "items": items}


@pytest.fixture
def node(settings):
    node = Node()

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            path = self.path.partition("?")[0]
            node.asked.append(f"{self.command} {path}")
            if node.is_away:
                return self.say(503, {"error": "away"})
            if path.endswith("/_search"):
                return self.say(200, node.search(json.loads(body)))
            if path.endswith("/_bulk"):
                return self.say(200, node.bulk([line for line in body.split("\n") if line]))
            if self.command == "PUT" and node.exists:
                return self.say(400, {"error": {"type": "resource_already_exists_exception"}, "status": 400})
            node.exists = node.exists or self.command == "PUT"
            return self.say(200, {"acknowledged": True})

        do_GET = do_PUT = do_POST = answer  # noqa: N815 (names of the base class)

        def say(self, status, body):
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.OPENSEARCH_URL = f"http://127.0.0.1:{server.server_address[1]}"
    engines.outside_engine.cache_clear()
    yield node
    engines.outside_engine.cache_clear()
    server.shutdown()
    server.server_close()
    thread.join()


def put(key: int, title: str, **fields) -> None:
    fields.setdefault("shown_from", timezone.now() - timedelta(hours=key))
    services.put("test", key, Entry("article", title, "", **fields))


def keys(word: str, **scope) -> list[int]:
    found = engines.engine().newest(Term(word), Scope(timezone.now(), **scope), 10)
    return list(SearchDocument.objects.in_bulk(found).values()) and [
        SearchDocument.objects.get(pk=key).object_id for key in found
    ]


def test_changes_are_told_and_found(node):
    put(1, "Ngô vàng")
    put(2, "Ngô trắng")
    assert WaitingChange.objects.count() == 2

    tasks.tell_outside()
    assert WaitingChange.objects.count() == 0
    assert keys("ngo") == [1, 2]
    assert keys("vang") == [1]

    services.put("test", 1, None)
    put(2, "Lúa")
    tasks.tell_outside()
    assert keys("ngo") == []
    assert keys("lua") == [2]
    assert len(node.docs) == 1


def test_what_is_not_yet_or_no_longer_shown_is_not_found(node):
    now = timezone.now()
    put(1, "Ngô mai", shown_from=now + timedelta(hours=1))
    put(2, "Ngô qua", shown_until=now - timedelta(seconds=5))
    put(3, "Ngô nay", shown_until=now + timedelta(hours=1))
    tasks.tell_outside()

    assert keys("ngo") == [3]


def test_an_index_that_was_there_before_is_told_whole(node, settings):
    url, settings.OPENSEARCH_URL = settings.OPENSEARCH_URL, ""
    put(1, "Ngô vàng")
    assert not WaitingChange.objects.exists()
    settings.OPENSEARCH_URL = url

    tasks.tell_outside()

    assert keys("ngo") == [1]


def test_while_it_is_away_the_database_answers_and_changes_wait(node):
    put(1, "Ngô vàng")
    node.is_away = True

    assert keys("ngo") == [1]
    assert engines.engine().counts(Term("ngo"), Scope(timezone.now()), ("article",), 9) == {"article": 1}
    with pytest.raises(Exception, match="503"):
        tasks.tell_outside()
    assert WaitingChange.objects.count() == 1

    node.is_away = False
    tasks.tell_outside()
    assert not WaitingChange.objects.exists()


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=expressions)
def test_an_expression_means_the_same_there(node, expression):
    if not node.docs:
        put(1, "Mot hai")
        put(2, "Hai ba bon")
        put(3, "Ba một hai")
        tasks.tell_outside()
    scope = Scope(timezone.now())

    assert engines.engine().newest(expression, scope, 9) == database_engine().newest(expression, scope, 9)
    assert engines.engine().counts(expression, scope, ("article",), 9) == database_engine().counts(
        expression, scope, ("article",), 9
    )


def test_without_the_setting_nothing_of_it_is_loaded(settings):
    settings.OPENSEARCH_URL = ""
    engines.outside_engine.cache_clear()

    assert engines.outside_engine() is None
    assert type(engines.engine()) is type(database_engine())
