import smtplib
import uuid
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
