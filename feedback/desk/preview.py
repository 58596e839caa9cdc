"""Seeing exactly what would go to the one who asked, before it goes."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from feedback import services
from feedback.models import Case
from feedback.timeline import timeline

LOOK, BACK = "xem-truoc", "quay-lai"
PREVIEWED = {
    "ky",
    "ky-tam-thoi",
    "gia-han",
    "hoi-lai",
    "da-bo-sung",
    "khong-tiep-nhan",
    "chuyen",
    "trung",
    "tach",
}
NOT_CARRIED = {"csrfmiddlewaretoken", "password", LOOK, BACK}


def carried(request) -> list[tuple[str, str]]:
    """What was typed, to travel along with the page and come back unchanged; a password never does."""
    return [
        (name, value) for name, values in request.POST.lists() for value in values if name not in NOT_CARRIED
    ]


def show(request, case, *, name, step, form, act):
    """The page with mail and status page as they would be; raises TransitionError as the step itself would."""
    since = timezone.now()
    last = case.events.order_by("-pk").values_list("pk", flat=True).first() or 0
    seen = services.rehearse(act, lambda: _look(case.pk, since=since, last=last))
    context = {
        "case": case,
        "step": step,
        "name": name,
        "url": f"{case.get_desk_url()}{name}/",
        "carried": carried(request),
        "form": form,
        "look": LOOK,
        "back": BACK,
        **seen,
    }
    return render(request, "feedback/desk_preview.html", context)


def _look(pk: int, *, since, last: int) -> dict:
    """Drawn while the step is done: afterwards there is nothing left to draw."""
    case = Case.objects.select_related("agency", "duplicate_of").get(pk=pk)
    new = case.events.filter(pk__gt=last).count()
    events = timeline(case)[-new:] if new else []
    answer = case.answers.signed().last()
    is_signed_now = answer is not None and answer.signed_at >= since
    is_public_now = case.published_at is not None and case.published_at >= since
    status = {"case": case, "events": events, "answer": answer if is_signed_now else None}
    public = {"case": case, "answer": answer}
    return {
        "letters": services.letters_to_asker(case, since=since),
        "has_address": bool(case.asker_email or case.asker_phone),
        "status_piece": render_to_string("feedback/preview_status.html", status),
        "public_piece": render_to_string("feedback/preview_public.html", public) if is_public_now else "",
    }
