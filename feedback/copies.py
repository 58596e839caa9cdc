"""Files that leave a case: the copy of an asker's data, and attachments somebody looked at and released."""

from django.http import HttpResponse

from feedback import services
from feedback.models import Case
from parcai.lib.downloads import as_attachment


def copy_of_data(case: Case) -> HttpResponse:
    """The copy of an asker's data, to save."""
    return HttpResponse(
        services.copy_of_data(case),
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{case.code}.txt"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def released(file):
    """A released file under a name of ours: people name files after themselves."""
    return as_attachment(file.stored_name, file.public_name)
