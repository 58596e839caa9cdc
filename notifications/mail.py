"""How a mail leaves: by SMTP, watched so that it never outlives its lease, or into a folder as a readable file."""

import email
import os
import re
import smtplib
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from email import policy
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

REPLY_WITHIN = settings.MESSAGE_LEASE * 2 / 3  # of one reply, however slowly its letters come


class _Watched:
    """An SMTP dialogue that tells `still_ours` around every reply and hangs up on a server that does not finish one."""

    sock: Any

    def __init__(self, *args, still_ours: Callable[[], None], **kwargs):
        self.still_ours = still_ours
        super().__init__(*args, **kwargs)

    def getreply(self):
        self._ask()
        watch = threading.Timer(REPLY_WITHIN, _hang_up, [self.sock])
        watch.daemon = True
        watch.start()
        try:
            reply = super().getreply()  # type: ignore[misc]
        finally:
            watch.cancel()
        self._ask()
        return reply

    def _ask(self):
        try:
            self.still_ours()
        except Exception:
            self.close()  # type: ignore[attr-defined]  # nothing more is said, not even goodbye
            raise


def _hang_up(sock) -> None:
    with suppress(OSError, AttributeError):
        socket.socket.shutdown(
            sock, socket.SHUT_RDWR
        )  # not SSLSocket's own: another thread is reading from it


class _WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class _WatchedSMTPS(_Watched, smtplib.SMTP_SSL):
    pass


class WatchedSMTPBackend(EmailBackend):
    """Django's SMTP with one addition: whoever sends sets `still_ours`, which may raise to stop the dialogue."""

    @staticmethod
    def still_ours() -> None:
        """Nobody else may send meanwhile."""

    @property
    def connection_class(self):
        return partial(_WatchedSMTPS if self.use_ssl else _WatchedSMTP, still_ours=lambda: self.still_ours())


class OutboxFolderBackend(BaseEmailBackend):
    """Writes each mail as one .eml file in UTF-8 under EMAIL_FILE_PATH.

    The name follows from the Message-ID and the file appears whole or not at all, so a mail sent again after a crash
    is the same file, not a second one.
    """

    def send_messages(self, email_messages):
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            self._write(folder, message.message())
        return len(email_messages)

    def _write(self, folder: Path, message) -> None:
        name = re.sub(r"[^0-9a-zA-Z-]", "", message["Message-ID"].split("@")[0])
        readable = email.message_from_bytes(
            message.as_bytes(), policy=policy.SMTPUTF8.clone(refold_source="all", linesep="\n")
        )
        part = folder / f".{name}.{os.getpid()}"
        with open(part, "wb", opener=partial(os.open, mode=0o600)) as file:
            file.write(readable.as_bytes())
        part.replace(folder / f"{name}.eml")
