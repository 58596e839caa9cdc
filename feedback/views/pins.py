"""A lost PIN: asking for a new one by mail, and taking it from the link there."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies import services as agencies
from feedback import forms, services
from feedback.views.following import open_case

ASKINGS = {"limit": 5, "seconds": 3600}
READ_OR_PRESS = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@READ_OR_PRESS
def lost(request):
    """The same answer whether code and address belong together or not."""
    form = forms.LostPinForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _show(request, {"form": form}, status)
    code, email = form.cleaned_data["code"], form.cleaned_data["email"]
    keys = [f"ip:{agencies.client_address(request)}", f"code:{code}", f"mail:{email.casefold()}"]
    if not agencies.is_allowed("lost-pin", keys, **ASKINGS):
        return _show(request, {"form": form, "too_many": True}, 429)
    services.ask_for_pin(code, email)
    return _show(request, {"is_done": True})


def _show(request, context, status=200):
    return render(request, "feedback/pin_lost.html", context, status=status)


@never_cache
@READ_OR_PRESS
def renew(request, token):
    """Programs that look at mail open every link, so the PIN changes at a press only. It is shown once."""
    case = services.opened_by_pin_link(token)
    if case is None:
        return render(request, "feedback/pin_new.html", {"is_over": True}, status=410)
    if request.method != "POST":
        return render(request, "feedback/pin_new.html", {"case": case})
    try:
        pin = services.renew_pin(case)
    except services.TransitionError:  # pressed twice at once: the other press has it
        return render(request, "feedback/pin_new.html", {"is_over": True}, status=410)
    context = {"case": case, "pin": pin, "status_url": settings.SITE_URL + reverse("feedback:status")}
    return open_case(render(request, "feedback/pin_new.html", context), case)
