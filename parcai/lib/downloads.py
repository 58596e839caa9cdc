"""Stored files on their way to a reader: as a file to save, never as a page of ours."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404


def open_stored(name: str):
    try:
        return default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error


def as_attachment(name: str, download_name: str, headers: dict | None = None) -> FileResponse:
    """The bytes behind a stored name. The browser saves them under `download_name`; it neither opens nor guesses."""
    return FileResponse(
        open_stored(name),
        as_attachment=True,
        filename=download_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", **(headers or {})},
    )
