"""The door for other systems against what no honest system sends: never a 500, never half a case."""

import io
import json
import time
from urllib.parse import quote

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.test import RequestFactory
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given
from hypothesis import settings as careful
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from agencies import keys
from feedback import urls
from feedback.models import Case
from parcai.middleware import DatabaseOutageMiddleware
from tests.factories import make_agency, make_case, make_key
from tests.feedback.signing import INTAKE, get, new_case, post

pytestmark = pytest.mark.django_db
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def is_refused(response) -> bool:
    body = response.json()
    return 400 <= response.status_code < 500 and {"detail", "code", "fields"} <= set(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 30_000,
        b'{"a": 1, "a": 2}',
        b'{"title": NaN}',
        b'{"title": "\\u0000"}',
        b'{"title": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"\xff\xfe",
        b'{"kind": "question", "title": ' + b"9" * 6000 + b"}",
        json.dumps(new_case(**{"x" * 20_000: 1})).encode(),
        json.dumps({f"x{number}": 1 for number in range(3000)}).encode(),
        json.dumps(new_case(text="ạ" * 10_000)).encode(),
        json.dumps(new_case(text="\u202e\u200b" * 4000)).encode(),
        json.dumps(new_case(asker={"name": "a" * 30_000})).encode(),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_junk_is_refused(client, body):
    response = post(client, make_key("create"), INTAKE, body)

    if response.status_code == 201:  # ten thousand letters are a case
        assert Case.objects.get().text == "ạ" * 10_000
    else:
        assert is_refused(response)
        assert len(response.content) < 4000
        assert not Case.objects.exists()


def test_a_body_beyond_its_size_is_not_even_read(client):
    response = post(client, make_key("create"), INTAKE, b"x" * (64 * 1024 + 1))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    for length in ("-1", "1e9", "9" * 40, "²"):
        response = client.post(INTAKE, b"{}", content_type="application/json", CONTENT_LENGTH=length)
        assert response.status_code in {401, 413}


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
    ],
)
def test_json_only(client, kind):
    key, body = make_key("create"), json.dumps(new_case()).encode()

    response = client.generic("POST", INTAKE, body, content_type=kind)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    signed = client.generic("POST", INTAKE, body, content_type=kind, headers={"X-Key": key.key_id})
    assert signed.content == response.content


@pytest.mark.parametrize("path", [f"{INTAKE}%00/", f"{INTAKE}?x=%00"])
def test_what_is_refused_before_the_door_is_json_too(client, path):
    response = client.get(path)

    assert (response.status_code, response.json()["code"]) == (400, "bad_request")
    latin = client.post(INTAKE, b"{}", content_type="application/json; charset=latin-1")
    assert latin.json()["code"] == "bad_request"


def test_an_outage_is_told_in_json(client, monkeypatch):
    def away(*given, **more):
        raise OperationalError("away")

    outer = DatabaseOutageMiddleware(away)(RequestFactory().get(INTAKE))
    monkeypatch.setattr(keys, "opened_by", away)
    inner = get(client, make_key("read"), f"{INTAKE}PY26-AAAA-AAAA/")

    for response in (outer, inner):
        assert (response.status_code, response["Retry-After"]) == (503, "30")
        assert json.loads(response.content)["code"] == "unavailable"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_verbs_are_refused(client, method):
    key, moment = make_key(), str(int(time.time()))
    signed = {"X-Key": key.key_id, "X-Timestamp": moment}
    mark = keys.signature(key.secret, moment, method, INTAKE, b"")

    response = client.generic(method, INTAKE, headers={**signed, "X-Signature": mark})

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert is_refused(response)


def test_head_answers_like_get(client):
    agency = make_agency()
    case, key = make_case(status="assigned", agency=agency), make_key("read", agencies=[agency])
    path, moment = f"{INTAKE}{case.code}/", str(int(time.time()))
    mark = keys.signature(key.secret, moment, "HEAD", path, b"")

    response = client.head(path, headers={"X-Key": key.key_id, "X-Timestamp": moment, "X-Signature": mark})

    assert (response.status_code, response.content) == (200, b"")


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@careful(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=st.dictionaries(
        st.sampled_from([*new_case(), "agency", "channel", "hand_out_pin", "personal_data_confirmed"]),
        ANY_JSON,
    )
)
def test_a_call_with_anything_in_a_field_is_taken_or_refused(client, changed):
    key = make_key("create")
    body = json.dumps({**new_case(), **changed}).encode("utf-8", "surrogatepass")

    response = post(client, key, INTAKE, body)

    assert response.status_code == 201 or is_refused(response)


@careful(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code=st.text(min_size=1, max_size=40).filter(lambda text: "/" not in text))
def test_no_code_breaks_the_door(client, code):
    response = get(client, make_key("read"), f"{INTAKE}{quote(code.encode('utf-8', 'surrogatepass'))}/")

    assert response.status_code in {400, 401, 404}
    assert is_refused(response)


# What the description promises -----------------------------------------------------------------------------------


@pytest.fixture
def _one_connection():
    """Each call stays in the test's own transaction, as with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Signing:
    """The portal behind a client that signs each call it makes, whatever it is; without a key it signs none."""

    def __init__(self, key):
        self.key, self.portal = key, WSGIHandler()

    def __call__(self, environ, start_response):
        environ["HTTP_ACCEPT_ENCODING"] = "identity"
        if self.key is None:
            return self.portal(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        query = environ.get("QUERY_STRING", "")
        moment = str(int(time.time()))
        address = path + (f"?{query}" if query else "")
        environ |= {
            "wsgi.input": io.BytesIO(body),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_X_KEY": self.key.key_id,
            "HTTP_X_TIMESTAMP": moment,
            "HTTP_X_SIGNATURE": keys.signature(
                self.key.secret, moment, environ["REQUEST_METHOD"], address, body
            ),
        }
        return self.portal(environ, start_response)


def described() -> dict:
    """The API's description without a word of warning."""
    intake = [each for each in urls.urlpatterns if str(each.pattern).startswith("api/")]
    GENERATOR_STATS.reset()
    schema = SchemaGenerator(patterns=intake).get_schema(public=True)
    assert not GENERATOR_STATS
    return json.loads(json.dumps(schema))


def test_the_description_names_every_address_and_how_to_sign():
    schema = described()

    assert {path: sorted(verbs) for path, verbs in schema["paths"].items()} == {
        "/api/v1/intake/cases/": ["post"],
        "/api/v1/intake/cases/{code}/": ["get"],
        "/api/v1/intake/cases/{code}/answer/": ["post"],
    }
    for verbs in schema["paths"].values():
        for operation in verbs.values():
            assert operation["security"] == [{"X-Key": [], "X-Timestamp": [], "X-Signature": []}]
            assert {"400", "401", "403", "429", "503"} < set(operation["responses"])
            assert "Retry-After" in operation["responses"]["429"]["headers"]
            assert "RateLimit-Remaining" in operation["responses"]["403"]["headers"]
    new = schema["components"]["schemas"]["NewCase"]["properties"]
    assert set(new) == {
        *("kind", "title", "text", "agency", "asker", "consents", "channel"),
        *("personal_data_confirmed", "hand_out_pin"),
    }


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "unsigned"])
def test_the_door_answers_as_its_description_says(settings, is_signed):
    settings.RATE_LIMITS = False
    agency = make_agency(code="PY-THU")
    key = make_key(agencies=[agency])
    schema = schemathesis.openapi.from_dict(described())
    schema.app = Signing(key if is_signed else None)
    seen = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @careful(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case):
            response = case.call()
            seen.append(response.status_code)
            case.validate_response(response, checks=PROMISES)

        ask()
    assert 401 in seen if not is_signed else {400, 404} <= set(seen)
