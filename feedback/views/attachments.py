from django.http import Http404
from django.views.decorators.http import require_safe

from feedback.views.following import own_case
from parcai.lib.downloads import as_attachment

NOT_KEPT = {"Cache-Control": "private, no-store"}


@require_safe
def status_file(request, pk):
    """A file of the case the asker has open on this device."""
    case = own_case(request)
    found = case.files.for_asker().filter(pk=pk).first() if case else None
    if found is None:
        raise Http404
    return as_attachment(found.stored_name, found.name, NOT_KEPT)
