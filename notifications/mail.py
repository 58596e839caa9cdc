"""The demonstration's letter box: every mail becomes one readable file."""

import email
import os
import re
from email import policy
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class OutboxFolderBackend(BaseEmailBackend):
    """Writes each mail as one .eml file in UTF-8 under EMAIL_FILE_PATH.

    The name follows from the Message-ID and the file appears whole or not at all, so a mail sent again after a crash
    is the same file, not a second one.
    """

    def send_messages(self, email_messages):
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(folder, message.message())
        return len(email_messages)

    def _write(self, folder: Path, message) -> None:
        name = re.sub(r"[^0-9a-zA-Z-]", "", message["Message-ID"].split("@")[0])
        readable = email.message_from_bytes(
            message.as_bytes(), policy=policy.SMTPUTF8.clone(refold_source="all", linesep="\n")
        )
        part = folder / f".{name}.{os.getpid()}"
        part.write_bytes(readable.as_bytes())
        part.replace(folder / f"{name}.eml")
