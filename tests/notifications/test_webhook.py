"""Short messages through a gateway: signed, retried, refused, and never sent twice."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection

from feedback import services as cases
from notifications import services, webhook
from notifications.models import Message
from tests.factories import make_coordinator

pytestmark = pytest.mark.django_db
SECRET = "mot-bi-mat-du-dai-cho-cong-trung-gian"


class Gateway(HTTPServer):
    def __init__(self):
        self.answers, self.got, self.paths = [], [], []
        super().__init__(("127.0.0.1", 0), _Taker)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Taker(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.server.paths.append(self.path)
        self.send_response(self.server.answers.pop(0) if self.server.answers else 202)
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def gateway(settings):
    server = Gateway()
    settings.MESSAGE_WEBHOOK_URL = f"http://127.0.0.1:{server.server_address[1]}/tin-nhan"
    settings.MESSAGE_WEBHOOK_SECRET = SECRET
    yield server
    server.shutdown()
    server.server_close()


def receive(**asker):
    return cases.receive(
        kind="question",
        title="Mất giấy khai sinh thì làm lại ở đâu?",
        text="Tôi bị mất giấy khai sinh bản chính, xin hỏi làm lại ở đâu.",
        asker={"name": "Trần Văn Mẫu", **asker},
        submission=uuid.uuid4(),
    )


def test_an_asker_with_a_phone_only_gets_a_signed_short_message(gateway):
    case = receive(phone="0912 345 678")

    assert services.deliver_due() == 1

    [(headers, body)] = gateway.got
    said = json.loads(body)
    assert (said["to"], said["id"]) == ("0912 345 678", str(Message.objects.get(channel="webhook").pk))
    assert case.code in said["text"]
    assert case.pin not in said["text"]
    assert "/tra-cuu/" in said["text"]
    assert headers["X-Signature"] == webhook.signature(SECRET, headers["X-Timestamp"], body)
    assert headers["Idempotency-Key"] == said["id"]
    assert Message.objects.get(channel="webhook").status == Message.Status.SENT
    assert services.deliver_due() == 0


def test_who_left_an_address_gets_a_mail_and_no_short_message(gateway):
    receive(phone="0912 345 678", email="dan@vidu.vn")

    assert set(Message.objects.values_list("channel", flat=True)) == {"email"}


def test_without_a_gateway_nothing_waits_for_one():
    receive(phone="0912 345 678")

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("answer", "status"),
    [(503, Message.Status.QUEUED), (429, Message.Status.QUEUED), (422, Message.Status.FAILED)],
)
def test_a_gateway_that_is_busy_is_asked_again_and_a_refusal_is_kept(gateway, answer, status):
    gateway.answers.append(answer)
    receive(phone="0912 345 678")

    services.deliver_due()

    message = Message.objects.get(channel="webhook")
    assert (message.status, message.attempts) == (status, 1)
    assert str(answer) in message.last_error or message.last_error == "GatewayError"


def test_a_gateway_that_is_away_does_not_hold_up_the_mails(gateway, settings):
    settings.MESSAGE_WEBHOOK_URL = "http://127.0.0.1:9/"
    receive(phone="0912 345 678")
    make_coordinator()
    services.notify("case_received", {"code": "PY26-AAAA-BBBB"}, dedupe_key="khac", recipient="a@vidu.vn")

    assert services.deliver_due() == 1

    assert Message.objects.get(channel="email").status == Message.Status.SENT
    assert Message.objects.get(channel="webhook").status == Message.Status.QUEUED


def test_what_waits_is_cancelled_when_the_case_is_set_aside(gateway):
    case = receive(phone="0912 345 678")

    cases.set_aside(case, by=make_coordinator())

    assert Message.objects.get(channel="webhook").status == Message.Status.CANCELLED


def test_addresses_and_phones_are_not_readable_in_the_database(gateway):
    receive(phone="0912 345 678")

    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient FROM notifications_message")
        [(stored,)] = cursor.fetchall()

    assert stored.startswith("gAAAA")
    assert Message.objects.get().recipient == "0912 345 678"


def test_the_address_keeps_its_query_and_a_wrong_key_loses_nothing(gateway, settings):
    settings.MESSAGE_WEBHOOK_URL += "?kenh=py"
    gateway.answers.append(401)
    receive(phone="0912 345 678")

    services.deliver_due()

    assert gateway.paths == ["/tin-nhan?kenh=py"]
    assert Message.objects.get(channel="webhook").status == Message.Status.QUEUED
