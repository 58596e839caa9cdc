"""The same call many times at once makes one case and gets one answer, each caller on its own connection."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from agencies.models import KeptAnswer
from feedback.models import Answer, Case, CaseEvent
from notifications.models import Message
from tests.factories import make_agency, make_case, make_coordinator, make_head, make_key
from tests.feedback.signing import INTAKE, new_case, post

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def at_once(key, path, contents, call="lan-goi-a"):
    gate = threading.Barrier(len(contents))

    def run(content):
        try:
            gate.wait(timeout=30)
            return post(Client(), key, path, content, call=call)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(contents)) as pool:
        return list(pool.map(run, contents))


def test_one_call_many_times_at_once_makes_one_case():
    make_coordinator()
    key = make_key("create")
    asked = new_case(hand_out_pin=True, asker={"name": "An", "email": "an@vidu.vn"})

    answers = at_once(key, INTAKE, [asked] * AT_ONCE)

    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert sum("Idempotency-Replayed" not in each for each in answers) == 1
    assert (Case.objects.count(), CaseEvent.objects.count(), KeptAnswer.objects.count()) == (1, 1, 1)
    assert Message.objects.filter(template="case_received").count() == 1


def test_of_two_contents_under_one_key_one_is_taken():
    key = make_key("create")
    contents = [new_case(title=f"Câu hỏi số {number} của cùng một mã?") for number in range(4)]

    answers = at_once(key, INTAKE, contents)

    assert sorted(each.status_code for each in answers) == [201, 422, 422, 422]
    assert {each.json()["code"] for each in answers if each.status_code == 422} == {"idempotency_key_reused"}
    assert Case.objects.count() == 1


def test_different_calls_at_once_do_not_hinder_each_other():
    key = make_key("create")

    answers = at_once(key, INTAKE, [new_case()] * 4, call=None)

    assert [each.status_code for each in answers] == [201] * 4
    assert len({json.loads(each.content)["code"] for each in answers}) == 4


def test_one_answer_many_times_at_once_is_one_draft():
    agency = make_agency()
    make_head(agency)
    case, key = make_case(status="assigned", agency=agency), make_key("answer", agencies=[agency])

    answers = at_once(key, f"{INTAKE}{case.code}/answer/", [{"body": "Câu trả lời."}] * AT_ONCE)

    assert {each.status_code for each in answers} == {201}
    assert Answer.objects.count() == 1
    assert case.events.filter(step="submit").count() == 1
    assert Message.objects.filter(template="answer_waiting", channel="in_app").count() == 1


def test_two_systems_answering_at_once_do_not_both_win():
    agency = make_agency()
    case = make_case(status="assigned", agency=agency)
    pair = [make_key("answer", agencies=[agency]) for _number in range(2)]
    gate = threading.Barrier(2)

    def run(key):
        try:
            gate.wait(timeout=30)
            return post(Client(), key, f"{INTAKE}{case.code}/answer/", {"body": f"Của {key.key_id}."})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, pair))

    assert sorted(each.status_code for each in answers) == [201, 409]
    winner = pair[[each.status_code for each in answers].index(201)]
    assert Answer.objects.get().drafted_by == winner.account
