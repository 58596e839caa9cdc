"""The head lets a deputy sign for some days, and takes that back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.roles import Role
from feedback import forms, services
from feedback.desk.access import official_required
from feedback.models import Delegation


def _only_heads(request) -> None:
    if not request.user.has_role(Role.HEAD) or not request.user.agency_id:
        raise PermissionDenied


@official_required
def delegations(request):
    _only_heads(request)
    form = forms.DelegationForm(request.POST or None, head=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.delegate(by=request.user, **form.cleaned_data)
        except services.TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã ủy quyền; người ký thay được báo."))
            return redirect("feedback:desk-delegations")
    rows = Delegation.objects.filter(agency=request.user.agency_id).select_related("head", "deputy")
    context = {"form": form, "rows": rows, "has_deputies": services.possible_deputies(request.user).exists()}
    return render(request, "feedback/desk_delegations.html", context, status=422 if form.errors else 200)


@require_POST
@official_required
def revoke(request, pk):
    _only_heads(request)
    delegation = get_object_or_404(Delegation, pk=pk, agency=request.user.agency_id)
    try:
        services.revoke_delegation(delegation, by=request.user)
    except services.TransitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã thu hồi ủy quyền; hết hiệu lực ngay."))
    return redirect("feedback:desk-delegations")
