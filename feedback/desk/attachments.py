from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from feedback import services
from feedback.desk.access import may_see_asker, official_required
from feedback.models import Case, CaseFile
from parcai.lib.downloads import as_attachment

NOT_KEPT = {"Cache-Control": "private, no-store"}


@require_safe
@official_required
def desk_file(request, code, pk):
    """A file of a case the official may see. Those who watch over the work and not over people get none: nobody can
    mask a photograph."""
    if not may_see_asker(request.user):
        raise Http404
    case = get_object_or_404(Case.objects.visible_to(request.user), code=code)
    if services.is_behind_reason(case, request.user):
        raise Http404
    found = get_object_or_404(CaseFile, case=case, pk=pk)
    return as_attachment(found.stored_name, found.name, NOT_KEPT)
