"""Taking a list of cases away (/xu-ly/xuat/): asked for here, fetched here, each time in the journal."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback import forms, services
from feedback.desk.access import official_required
from feedback.desk.queues import QUEUES, calendar_at_hand
from feedback.models import Case, ExportJob

LISTED = 20
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _ids(user, name: str) -> list[int]:
    """The cases of a queue as its official sees them now, in its order; one more than may be taken."""
    queue = next(queue for queue in QUEUES if queue.name == name)
    rows = queue.select(Case.objects.visible_to(user), user, calendar_at_hand()).order_by(*queue.order, "pk")
    return list(rows.values_list("pk", flat=True)[: services.MOST_EXPORTED + 1])


@official_required
def export_list(request):
    user = request.user
    choices = [(queue.name, queue.title) for queue in QUEUES if user.has_role(*queue.roles)]
    may_unmask = services.may_export_unmasked(user)
    data = request.POST if request.method == "POST" else None
    form = forms.ExportForm(
        data, queues=choices, may_unmask=may_unmask, initial={"hang": request.GET.get("hang")}
    )
    if data is not None and form.is_valid():
        asked = form.cleaned_data
        try:
            job = services.ask_for_export(
                _ids(user, asked["hang"]),
                by=user,
                queue=asked["hang"],
                ending=asked["ending"],
                is_unmasked=asked.get("is_unmasked", False),
                reason=asked.get("reason", ""),
            )
        except services.TransitionError as error:
            form.add_error(None, str(error))
        else:
            if job.may_be_fetched:
                messages.success(request, _("Tệp đã xong: tải về ở danh sách bên dưới."))
            else:
                messages.success(
                    request,
                    _("Danh sách dài nên được tạo trong nền; khi xong bạn nhận được thông báo trong cổng."),
                )
            return redirect("feedback:export-list")
    jobs = ExportJob.objects.filter(by=user)[:LISTED]
    titles = {queue.name: queue.title for queue in QUEUES}
    context = {
        "form": form,
        "jobs": [{"job": job, "queue": titles.get(job.queue, job.queue)} for job in jobs],
        "left": services.exports_left(user),
    }
    return render(request, "feedback/desk_export.html", context, status=422 if form.errors else 200)


@require_safe
@official_required
def export_file(request, pk):
    job = get_object_or_404(ExportJob, pk=pk)
    if not services.may_fetch(job, request.user):
        raise Http404
    try:
        file = default_storage.open(job.stored_name)
    except FileNotFoundError as error:
        raise Http404 from error
    services.note_fetched(job)
    headers = {"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}
    return FileResponse(
        file,
        as_attachment=True,
        filename=job.download_name,
        headers=headers,
        content_type=TYPES[job.ending],
    )
