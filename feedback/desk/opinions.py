"""What other agencies ask ours about their cases."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from agencies.roles import Role
from feedback import forms, services
from feedback.desk.access import masked, official_required
from feedback.models import Opinion

PER_PAGE = 25


@official_required
def opinions(request):
    if not request.user.has_role(Role.OFFICER, Role.HEAD):
        raise Http404
    rows = Opinion.objects.visible_to(request.user).select_related("case__agency")
    page = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "feedback/desk_opinions.html", {"page": page, "query": ""})


@official_required
def opinion(request, pk):
    """The question of the other agency, with the words of the case and nothing about who asked."""
    found = get_object_or_404(
        Opinion.objects.visible_to(request.user).select_related("case__agency", "agency", "answered_by"),
        pk=pk,
    )
    form = forms.GiveOpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_opinion(found, by=request.user, text=form.cleaned_data["text"])
        except services.TransitionError as error:
            form.add_error(None, str(error))
            found = get_object_or_404(Opinion.objects.visible_to(request.user), pk=pk)
        else:
            messages.success(request, _("Đã gửi ý kiến."))
            return redirect(found.get_absolute_url())
    case = found.case
    context = {
        "opinion": found,
        "form": form,
        "title": masked(case, case.title),
        "text": masked(case, case.text),
        "may_answer": found.answered_at is None or bool(form.errors),
    }
    return render(request, "feedback/desk_opinion.html", context, status=422 if form.errors else 200)
