"""What readers of a published case may do: follow it by e-mail, say that it helped."""

from django.contrib import messages
from django.http import HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from agencies import services as agencies
from feedback import forms, services
from feedback.models import Case
from parcai.lib.requests import is_own

FOLLOWINGS = {"limit": 60, "seconds": 3600}  # of one address: a one-stop counter shares one
LETTERS = {"limit": 10, "seconds": 24 * 3600}  # to confirm, to one mailbox, whoever asks
VOTES = {"limit": 120, "seconds": 3600}


def _published(kind, pk) -> Case:
    shown = ("kind", "public_title", "published_at", "is_confidential")
    return get_object_or_404(Case.objects.published().only(*shown), kind=kind, pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request, kind, pk):
    """The answer is the same whether the address exists, follows already or has had too many letters."""
    case = _published(kind, pk)
    form = forms.FollowForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _show_follow(request, case, form, 422 if request.method == "POST" else 200)
    if not agencies.is_allowed("follow", [agencies.client_address(request)], **FOLLOWINGS):
        return _show_follow(request, case, form, 429, too_many=True)
    email = form.cleaned_data["email"]
    if agencies.is_allowed("follow-mail", [email.casefold()], **LETTERS):
        services.ask_to_follow(case, email=email)
    return _show_follow(request, case, None, is_done=True)


def _show_follow(request, case, form, status=200, **context):
    return render(
        request, "feedback/case_follow.html", {"case": case, "form": form, **context}, status=status
    )


@csrf_exempt  # the page is the same for everybody and holds no token; only our own pages may press the button
@require_POST
def helpful(request, kind, pk):
    """One press, without a script. One vote for a network and a kind of device: clearing cookies gives no second."""
    if not is_own(request):
        return HttpResponseForbidden()
    case = _published(kind, pk)
    if not agencies.is_allowed("helpful", [agencies.client_address(request)], **VOTES):
        messages.warning(request, _("Từ mạng này đã có nhiều lượt bấm. Xin thử lại sau một giờ."))
        return redirect(case)
    try:
        services.find_helpful(case, voter=agencies.visitor(request))
    except services.TransitionError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("Cảm ơn bạn đã cho biết câu trả lời này hữu ích."))
    return redirect(case)
