"""A real worker with a real timetable, killed and starved: the mail still leaves, once.

Runs on whatever database the suite runs on, with the broker that needs nothing (folders) and, among the services
tests, with Redis.
"""

import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from feedback import services
from feedback.models import Case
from notifications.models import Message

ROOT = Path(settings.BASE_DIR)
PATIENCE = 60  # seconds a slow machine may take; nothing is asserted about speed

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(condition, what: str):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"still waiting for {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


class Worker:
    """`celery worker --beat` as `make run` starts it."""

    def __init__(self, folder: Path, redis_url: str = "", email_url: str = ""):
        self.folder = folder
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "EMAIL_URL": email_url,
            "VAR_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "MESSAGE_LEASE": "4",
        }
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "celery", "--app", "parcai", "worker", "--beat", "--pool", "solo"]
        log = (self.folder / "worker.log").open("ab")
        self.process = subprocess.Popen(
            [*command, "--loglevel", "info", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        return self

    def end(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def mails(self) -> list[str]:
        return [path.read_text(encoding="utf-8") for path in (self.folder / "outbox").glob("*.eml")]


class LetterBox(socketserver.ThreadingTCPServer):
    """A small SMTP server that keeps what it accepted, can hold its breath before accepting and be slow in speaking."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, delay: float = 0):
        self.delay = delay
        self.accepted, self.arrivals, self.hold = [], threading.Semaphore(0), threading.Event()
        super().__init__(("127.0.0.1", 0), _Conversation)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    def say(self, line: str):
        time.sleep(self.server.delay)
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 box")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "DATA":
                self.say("354 go on")
                self.receive()
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def receive(self):
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            if not (line := self.rfile.readline()):
                return
            text += line
        if self.server.hold.is_set():  # the mail is here, not yet accepted: the worker dies now
            self.server.arrivals.release()
            return
        self.server.accepted.append(text.decode())
        self.say("250 taken")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "var"
    place.mkdir()
    return place


@pytest.fixture
def workers():
    started = []
    yield started
    for worker in started:
        worker.end()


def receive_case() -> Case:
    return services.receive(
        kind=Case.Kind.QUESTION,
        title="Mất giấy khai sinh thì làm lại ở đâu?",
        text="Tôi bị mất giấy khai sinh bản chính, xin hỏi làm lại ở đâu.",
        asker={"name": "Trần Văn Mẫu", "email": "nguoi.hoi@vidu.vn"},
        submission=uuid.uuid4(),
    )


def test_a_real_worker_sends_the_receipt_without_redis(folder, workers):
    case = receive_case()
    worker = Worker(folder).start()
    workers.append(worker)

    [mail] = wait_for(worker.mails, "the mail")

    assert case.code in mail
    assert f"Đã nhận hồ sơ {case.code}" in mail
    assert case.pin not in mail
    wait_for(lambda: Message.objects.get().status == Message.Status.SENT, "the message marked as sent")


def test_a_worker_killed_in_mid_delivery_loses_nothing_and_sends_once(folder, workers):
    box = LetterBox()
    box.hold.set()
    case = receive_case()
    worker = Worker(folder, email_url=box.url).start()
    workers.append(worker)
    assert box.arrivals.acquire(timeout=PATIENCE)

    worker.end(signal.SIGKILL)
    box.hold.clear()
    worker.start()

    wait_for(lambda: Message.objects.get().status == Message.Status.SENT, "the message marked as sent")
    assert len(box.accepted) == 1
    assert f"<{Message.objects.get().pk}@" in box.accepted[0]
    assert case.title not in box.accepted[0].split("\r\n\r\n")[0]
    box.shutdown()
    box.server_close()


def test_a_mail_server_slower_than_the_lease_gets_each_mail_once(folder, workers):
    box = LetterBox(delay=1)  # nine sentences or so: more than two leases of four seconds
    receive_case()
    for number in (1, 2):
        place = folder / str(number)
        place.mkdir()
        workers.append(Worker(place, email_url=box.url).start())

    wait_for(lambda: Message.objects.get().status == Message.Status.SENT, "the message marked as sent")
    for worker in workers:
        worker.end()

    assert len(box.accepted) == 1
    assert Message.objects.get().attempts == 1
    box.shutdown()
    box.server_close()


@pytest.mark.services
def test_with_redis_stopped_the_receipt_comes_and_the_mail_leaves_after_its_return(
    folder, workers, live_server, settings
):
    server = shutil.which("redis-server")
    assert server, "the services tests need redis-server"
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"

    def start_redis():
        return subprocess.Popen(
            [server, "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)],
            stdout=subprocess.DEVNULL,
        )

    redis = start_redis()
    worker = Worker(folder, redis_url=url).start()
    workers.append(worker)
    first = receive_case()
    wait_for(lambda: [mail for mail in worker.mails() if first.code in mail], "the first mail")

    redis.terminate()
    redis.wait(10)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
    second = receive_case()  # nothing on the way of a request asks Redis
    assert second.code
    try:
        redis = start_redis()
        wait_for(
            lambda: [mail for mail in worker.mails() if second.code in mail], "the mail after Redis came back"
        )
    finally:
        redis.terminate()
        redis.wait(10)
    assert Message.objects.filter(status=Message.Status.SENT).count() == 2
    assert len(worker.mails()) == 2
