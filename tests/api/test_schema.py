"""Schemathesis asks the whole API what its description promises, and much it does not."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as choices
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from parcai.records import KINDS
from parcai.wsgi import application
from tests.records.world import WHOLE, everything_hidden

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
PLAIN = {"Accept-Encoding": "identity"}  # the test client unpacks nothing
EXAMPLES = 12  # for each operation


@pytest.fixture
def _one_connection():
    """The end of a request leaves the test's own transaction open, as Django's test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_every_answer_is_as_described(settings):
    """In a portal with whole and hidden rows of every kind; a made-up id is followed by one there is."""
    settings.RATE_LIMITS = False
    everything_hidden()
    for make in WHOLE.values():
        make()
    ids = {kind.name: kind.record(kind.ordered().first(), {"id"})["id"] for kind in KINDS}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=application)
    asked = {}

    # What is under intake/ takes signed calls only: tests/feedback/test_machines_hostile.py.
    for found in schema.exclude(path_regex="/intake/").get_all_operations():
        operation = found.ok()

        @choices(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case):
            answers = [case.call_and_validate(checks=CHECKS, headers=PLAIN)]
            if "{id}" in case.path:
                case.path_parameters["id"] = ids[case.path.split("/")[3]]
                answers.append(case.call_and_validate(checks=CHECKS, headers=PLAIN))
            for answer in answers:
                assert "anary" not in answer.text
                asked.setdefault(case.path, set()).add(answer.status_code)

        ask()

    assert len(asked) == 2 * len(KINDS) + 2
    assert all(200 in statuses for statuses in asked.values()), asked
    assert {status for statuses in asked.values() for status in statuses} >= {200, 400, 404}
