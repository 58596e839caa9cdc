"""Files of published cases that somebody looked at and released."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from feedback import copies
from feedback.models import Case, CaseFile


@require_safe
def public_file(request, kind, pk, file):
    """A file of a published case that a coordinator looked at and released."""
    published = Case.objects.published().filter(kind=kind, pk=pk)
    found = CaseFile.objects.released().filter(case__in=published.values("pk"))
    return copies.released(get_object_or_404(found, pk=file))
