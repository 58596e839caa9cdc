"""No public address asks the database for what is private of a case: seen in the statements themselves."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.models import Case
from tests.factories import make_case_file, make_published_case
from tests.test_project import ANYBODY, EXPECTED, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# Columns with a name nothing else has, and those whose table has to be looked at.
PRIVATE = re.compile(
    r'"(?:asker_name|asker_email|asker_phone|asker_address|pin|rating_comment|internal_note)"'
    r'|"feedback_case"\."(?:title|text)"|"feedback_answer"\."body"|"feedback_caseevent"\."public_note"'
    r'|"feedback_redaction"\.|"feedback_casefile"\."name"|"feedback_draft"\."data"'
)
EXTRA = {
    "search": ["?q=khai+sinh", "?q=khai+sinh&loai=hoi-dap"],
    "search-suggestions": ["?q=khai"],
    "feedback:question-list": ["?page=1", "?co_quan=1"],
    "open-data-file": [],
}


def private_in(queries) -> list[str]:
    return [query["sql"][:300] for query in queries if PRIVATE.search(query["sql"])]


def test_no_public_address_reads_private_columns(world):
    _officials, arguments = world
    case = Case.objects.published().get()
    file = make_case_file(case)
    case.files.update(is_public=True)
    public = [name for name, row in EXPECTED.items() if row[ANYBODY] == 200]
    paths = {name: [reverse(name, args=arguments.get(name))] for name in public}
    for name, endings in EXTRA.items():
        paths[name] += [paths[name][0] + ending for ending in endings]
    paths["file"] = [reverse("feedback:question-file", args=[case.pk, file.pk])]
    paths["records"] = [
        reverse("api:questions-record", args=[case.pk]),
        *(
            reverse("open-data-file", args=["questions", f"questions.{kind}"])
            for kind in ("csv", "json", "xlsx")
        ),
        reverse("sitemap-part", args=["tra-loi", 1]),
    ]
    client, leaks, seen = Client(), {}, 0
    for name, addresses in paths.items():
        for path in addresses:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
                if response.streaming:
                    list(response)
            seen += any('"feedback_case"' in query["sql"] for query in queries)
            if found := private_in(queries):
                leaks[path] = found
        assert name not in {"file", "records"} or response.status_code == 200, path
    assert leaks == {}
    assert seen >= 10  # something that could leak was asked for


def test_the_check_would_see_a_leak():
    make_published_case()
    with CaptureQueriesContext(connection) as queries:
        list(Case.objects.published())
    assert private_in(queries)
