import smtplib
import socket
import threading
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from notifications import services
from notifications.models import Heartbeat, Message
from tests.factories import make_official

pytestmark = pytest.mark.django_db
Status = Message.Status
CONTEXT = {"code": "PY26-AAAA-BBBB", "title": "Khai sinh", "due": "15/5/2026", "path": "/tra-cuu/"}


def queue(key="mot", **context) -> Message:
    services.notify("case_received", {**CONTEXT, **context}, dedupe_key=key, recipient="hoi@vidu.vn")
    return Message.objects.get(dedupe_key=f"email:{key}")


def mails(settings) -> list[Path]:
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("*"))


def refuse(monkeypatch, error):
    def send(self, *args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send)


def test_a_mail_is_one_readable_file_with_text_and_html(settings):
    message = queue(title="Đường <b>dây</b> nóng")
    assert services.deliver_due() == 1
    [path] = mails(settings)
    raw = path.read_bytes()
    assert "Subject: Đã nhận hồ sơ PY26-AAAA-BBBB" in raw.decode()
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["To"] == "hoi@vidu.vn"
    assert str(message.pk) in mail["Message-ID"]
    text, page = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert "Đường <b>dây</b> nóng" in text
    assert "Đường &lt;b&gt;dây&lt;/b&gt; nóng" in page
    assert f"{settings.SITE_URL}/tra-cuu/" in text


def test_the_same_key_is_written_once_and_sent_once(settings):
    queue()
    queue(code="khác")
    assert Message.objects.count() == 1
    assert (services.deliver_due(), services.deliver_due()) == (1, 0)
    assert len(mails(settings)) == 1


def test_a_mail_sent_again_after_a_crash_is_the_same_file(settings):
    message = queue()
    services.deliver_due()
    Message.objects.filter(pk=message.pk).update(status=Status.QUEUED)
    services.deliver_due()
    assert len(mails(settings)) == 1


def test_a_change_that_is_rolled_back_tells_nobody():
    with pytest.raises(RuntimeError), transaction.atomic():
        queue()
        raise RuntimeError
    assert not Message.objects.exists()


def test_nobody_without_an_address_is_written_to():
    services.notify("case_received", CONTEXT, dedupe_key="x", recipient="")
    assert not Message.objects.exists()


def test_a_living_lease_is_respected_and_an_ended_one_is_taken_over():
    message = queue()
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(lease=uuid.uuid4(), leased_until=now + timedelta(seconds=30))
    assert services.deliver_due() == 0
    Message.objects.filter(pk=message.pk).update(leased_until=now - timedelta(seconds=1))
    assert services.deliver_due() == 1


def test_a_late_worker_does_not_mark_what_another_has_taken_over(monkeypatch):
    message = queue()

    def another_takes_over(self, *args, **kwargs):
        Message.objects.filter(pk=message.pk).update(lease=uuid.uuid4())

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", another_takes_over)
    assert services.deliver_due() == 0
    assert Message.objects.get().status == Status.QUEUED


def test_a_sleeping_server_is_tried_again_later_and_later(monkeypatch):
    message = queue()
    refuse(monkeypatch, smtplib.SMTPServerDisconnected("gone"))
    pauses = []
    for _attempt in range(4):
        before = timezone.now()
        Message.objects.update(next_attempt_at=before)
        services.deliver_due()
        message.refresh_from_db()
        pauses.append((message.next_attempt_at - before).total_seconds())
    assert message.status == Status.QUEUED
    assert 16 <= pauses[0] <= 25
    assert pauses == sorted(pauses)
    assert "SMTPServerDisconnected" in message.last_error


def test_after_many_tries_a_message_is_parked_and_can_be_revived(monkeypatch):
    queue()
    Message.objects.update(attempts=services.MOST_ATTEMPTS - 1)
    refuse(monkeypatch, OSError("dead"))
    services.deliver_due()
    assert Message.objects.get().status == Status.FAILED
    monkeypatch.undo()
    assert services.retry(Message.objects.all()) == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (smtplib.SMTPRecipientsRefused({"hoi@vidu.vn": (550, b"no such user")}), Status.FAILED),
        (smtplib.SMTPRecipientsRefused({"hoi@vidu.vn": (450, b"busy")}), Status.QUEUED),
        (smtplib.SMTPDataError(554, b"spam"), Status.FAILED),
        (smtplib.SMTPDataError(451, b"later"), Status.QUEUED),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), Status.QUEUED),
        (TimeoutError(), Status.QUEUED),
    ],
)
def test_errors_for_good_and_errors_for_now_differ(monkeypatch, error, status):
    queue()
    refuse(monkeypatch, error)
    services.deliver_due()
    message = Message.objects.get()
    assert message.status == status
    assert "hoi@vidu.vn" not in message.last_error


def test_one_broken_message_does_not_stop_the_others(settings):
    services.notify("khong_co_mau_nay", CONTEXT, dedupe_key="hong", recipient="a@vidu.vn")
    queue()
    assert services.deliver_due() == 1
    assert len(mails(settings)) == 1


def test_a_title_cannot_write_headers(settings):
    services.notify(
        "article_approved",
        {"title": "Tin\r\nBcc: evil@vidu.vn\r\n", "by": "x", "path": "/"},
        dedupe_key="x",
        recipient="a@vidu.vn",
    )
    services.deliver_due()
    mail = message_from_bytes(mails(settings)[0].read_bytes(), policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Bài đã được duyệt: Tin Bcc: evil@vidu.vn"


def test_what_no_longer_applies_is_cancelled():
    queue("case_received:7:x")
    queue("case_received:70:x")
    assert services.cancel(dedupe_prefix="case_received:7:") == 1
    assert Message.objects.get(status=Status.CANCELLED).dedupe_key == "email:case_received:7:x"


def test_an_official_is_told_in_the_portal_and_by_mail(client):
    official = make_official()
    services.notify_official(official, "case_received", CONTEXT, dedupe_key="k")
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["email", "in_app"]
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    assert "Đã nhận hồ sơ PY26-AAAA-BBBB" in client.get("/tai-khoan/thong-bao/").content.decode()
    client.post("/tai-khoan/thong-bao/")
    assert not Message.objects.visible_to(official).filter(read_at=None).exists()


def test_a_sleeping_worker_is_noticed():
    assert services.is_late()
    services.beat()
    assert not services.is_late()
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=4))
    assert services.is_late()


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPConnectError(421, b"closing"),
        smtplib.SMTPAuthenticationError(535, b"bad password"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_dead_server_is_asked_once_a_round_and_the_rest_waits_for_nothing(monkeypatch, error):
    for key in ("mot", "hai", "ba"):
        queue(key)
    refuse(monkeypatch, error)
    before = timezone.now()

    assert services.deliver_due() == 0

    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert Message.objects.filter(next_attempt_at__gt=before + timedelta(seconds=10)).count() == 3
    assert not Message.objects.due().exists()


@pytest.mark.parametrize("code", [450, 550])
def test_a_recipient_who_cannot_be_reached_does_not_stop_the_others(monkeypatch, code):
    for key in ("mot", "hai", "ba"):
        queue(key)
    refuse(monkeypatch, smtplib.SMTPRecipientsRefused({"hoi@vidu.vn": (code, b"no")}))

    services.deliver_due()

    assert list(Message.objects.values_list("attempts", flat=True)) == [1, 1, 1]


def test_a_round_ends_after_its_time_also_with_a_slow_server(settings):
    for key in ("mot", "hai", "ba"):
        queue(key)

    assert services.deliver_due(within=0) == 1
    assert services.deliver_due() == 2


class Server(threading.Thread):
    """One SMTP dialogue; `before` is called with each sentence it is about to say."""

    def __init__(self, before):
        super().__init__(daemon=True)
        self.before, self.accepted = before, []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.start()

    def run(self):
        caller, _address = self.door.accept()
        with suppress(ConnectionError), caller, caller.makefile("rb") as heard:

            def say(line):
                self.before(line)
                caller.sendall(f"{line}\r\n".encode())

            say("220 box")
            while line := heard.readline().decode().upper():
                if line.startswith("DATA"):
                    say("354 go on")
                    self.accepted.append(b"".join(iter(heard.readline, b".\r\n")))
                say("221 bye" if line.startswith("QUIT") else "250 ok")


@pytest.fixture
def talk(settings):
    """Points the portal's mail at a server and gives that server."""
    servers = []

    def begin(before):
        server = Server(before)
        servers.append(server)
        settings.EMAIL_BACKEND = "notifications.mail.WatchedSMTPBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.door.getsockname()
        settings.EMAIL_TIMEOUT = 10
        return server

    yield begin
    for server in servers:
        server.join(5)
        server.door.close()


def test_a_mail_leaves_by_smtp(talk):
    server = talk(lambda line: None)
    queue()

    assert services.deliver_due() == 1
    assert len(server.accepted) == 1


def test_the_lease_is_renewed_while_the_server_takes_its_time(talk, monkeypatch):
    monkeypatch.setattr(services, "LEASE", timedelta(seconds=0.6))
    talk(lambda line: time.sleep(0.3))
    message = queue()
    renewed = []
    monkeypatch.setattr(services, "_renewal", spy(services._renewal, renewed))

    assert services.deliver_due() == 1

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.SENT, 1)
    assert len(renewed) > 5


def spy(make, calls):
    def made(held):
        still_ours = make(held)

        def asked():
            still_ours()
            calls.append(held.values_list("leased_until", flat=True).get())

        return asked

    return made


def test_a_worker_that_lost_its_message_does_not_hand_it_over(talk, monkeypatch):
    monkeypatch.setattr(services, "LEASE", timedelta(0))  # asks around every reply
    server, message = talk(lambda line: None), queue()
    say = smtplib.SMTP.putcmd

    def another_takes_over_before_the_mail(self, word, *args):
        if word == "data":
            Message.objects.filter(pk=message.pk).update(lease=uuid.uuid4())
        say(self, word, *args)

    monkeypatch.setattr(smtplib.SMTP, "putcmd", another_takes_over_before_the_mail)

    assert services.deliver_due() == 0
    assert server.accepted == []
    assert Message.objects.get().status == Status.QUEUED


def test_a_server_that_never_ends_its_sentence_is_hung_up_on(talk, monkeypatch):
    monkeypatch.setattr("notifications.mail.REPLY_WITHIN", 0.5)
    patience = threading.Event()
    server = talk(lambda line: patience.wait(3) if line.startswith("250") else None)
    message = queue()
    began = time.monotonic()

    assert services.deliver_due() == 0

    assert time.monotonic() - began < 2.5
    patience.set()
    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.QUEUED, 1)
    assert server.accepted == []


def test_a_server_that_says_nothing_costs_a_round_one_wait(talk, monkeypatch):
    monkeypatch.setattr("notifications.mail.REPLY_WITHIN", 0.3)
    patience = threading.Event()
    talk(lambda line: patience.wait(5))
    for number in range(20):
        queue(str(number))
    began = time.monotonic()

    assert services.deliver_due() == 0

    assert time.monotonic() - began < 2
    patience.set()
    assert sum(Message.objects.values_list("attempts", flat=True)) == 1


def test_files_of_the_outbox_are_for_their_owner_only(settings):
    queue()
    services.deliver_due()

    [path] = mails(settings)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
