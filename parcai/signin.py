"""Signing in, also in the middle of a form: what was typed before the session ended is offered again afterwards."""

import json
from urllib.parse import quote_plus

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

ROOM = 10_000  # bytes of a request for what else it carries
LONG_WORDS = 15  # characters: what somebody would be sorry to lose
NEVER_KEPT = ("csrfmiddlewaretoken",)


def has_typed(request) -> bool:
    """Whether a sent form says anything; a button alone is pressed again soon enough."""
    return bool(request.FILES) or any(name not in NEVER_KEPT for name in request.POST)


def typed_in(request) -> list[tuple[str, str]]:
    """The fields of a sent form that may be offered again; none when it holds a password or more than is kept."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    if any("password" in name for name, _value in fields):
        return []
    fields = [(name, value) for name, value in fields if name not in NEVER_KEPT]
    weight = len(quote_plus(_packed(fields), errors="replace"))
    return fields if weight <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE - ROOM else []


def _packed(fields) -> str:
    return json.dumps(fields, ensure_ascii=False) if fields else ""


def ask_again(request) -> HttpResponse:
    """The page for a form that came after its session had ended: its words, and the way to sign in and send it again."""
    fields = typed_in(request)
    context = {
        "form": SignIn.form_class(request),
        "next": request.get_full_path(),
        "kept": _packed(fields),
        "typed": worth_keeping(fields),
        "has_ended": True,
        "has_files": bool(request.FILES),
    }
    return render(request, "registration/login.html", context, status=401)


def worth_keeping(fields) -> list[str]:
    return [value for _name, value in fields if len(value) > LONG_WORDS]


class SignIn(LoginView):
    """Django's own; what a form carried into it comes out again as a form, never saved in between."""

    def get_context_data(self, **kwargs):
        fields = self._carried()
        about = {"kept": _packed(fields), "typed": worth_keeping(fields)}
        return super().get_context_data(**kwargs) | about

    def form_valid(self, form):
        answer, fields = super().form_valid(form), self._carried()
        target = self.request.POST.get(REDIRECT_FIELD_NAME, "")
        is_ours = url_has_allowed_host_and_scheme(
            target, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )
        if not fields or not is_ours:
            return answer
        context = {"fields": fields, "typed": worth_keeping(fields), "action": target}
        return render(self.request, "registration/send_again.html", context)

    def _carried(self) -> list[tuple[str, str]]:
        """What came along; anything but names and values written by our own page is nothing."""
        text = self.request.POST.get("kept", "")
        try:
            found = json.loads(text or "[]")
        except (ValueError, RecursionError):
            return []
        is_ours = isinstance(found, list) and all(
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
            for pair in found
        )
        return [(name, value) for name, value in found if "password" not in name] if is_ours else []
