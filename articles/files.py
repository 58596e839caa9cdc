"""Uploaded files for download: told apart by their content, kept byte by byte under a name of our own."""

import hashlib

from django.core.files.storage import default_storage

from articles.models import File

ENDINGS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "zip")


def store(upload, *, title: str, by) -> File:
    """Add an uploaded file to the library. Raises ValidationError in words for the official."""
    ending = upload.name.rsplit(".", 1)[-1].lower()
    content = upload.read()
    found = File(
        title=title,
        original_name=upload.name,
        ending=ending,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
    )
    upload.seek(0)
    default_storage.save(found.stored_name, upload)
    found.save()
    return found
