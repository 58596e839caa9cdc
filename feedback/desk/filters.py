"""Choices of cases an official keeps under a name."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback import forms
from feedback.desk.access import official_required
from feedback.models import SavedFilter

KEPT = ("hang", *forms.QueueFilterForm.base_fields)


def own(user) -> list[dict]:
    return [
        {"filter": row, "url": f"{reverse('feedback:desk')}?{row.query}"} for row in user.saved_filters.all()
    ]


@official_required
def filters(request):
    """GET lists them; POST keeps the choice that stands in the address of the queue."""
    form = forms.SavedFilterForm(request.POST or None)
    if request.method == "POST":
        query = _clean(request.POST.get("dieu_kien", ""))
        if form.is_valid() and _keep(request.user, form, query):
            messages.success(request, _("Đã lưu bộ lọc “%s”.") % form.cleaned_data["name"])
            return redirect(f"{reverse('feedback:desk')}?{query}")
    context = {"form": form, "rows": own(request.user), "query": _clean(request.POST.get("dieu_kien", ""))}
    return render(request, "feedback/desk_filters.html", context, status=422 if form.errors else 200)


def _clean(query: str) -> str:
    try:
        pairs = parse_qsl(query[:2000], max_num_fields=40)
    except ValueError:
        return ""
    return urlencode([(name, value[:200]) for name, value in pairs if name in KEPT])


@transaction.atomic
def _keep(user, form, query: str) -> bool:
    name = form.cleaned_data["name"]
    rows = SavedFilter.objects.filter(official=user)
    if not rows.filter(name=name).exists() and rows.count() >= SavedFilter.MOST:
        form.add_error(None, _("Mỗi người lưu được tối đa %d bộ lọc. Hãy xóa bớt.") % SavedFilter.MOST)
        return False
    SavedFilter.objects.update_or_create(official=user, name=name, defaults={"query": query})
    return True


@require_POST
@official_required
def change_filter(request, pk):
    """Rename or delete one of one's own."""
    row = get_object_or_404(SavedFilter, pk=pk, official=request.user)
    if request.POST.get("viec") == "xoa":
        row.delete()
        messages.success(request, _("Đã xóa bộ lọc."))
        return redirect("feedback:desk-filters")
    form = forms.SavedFilterForm(request.POST, instance=row)
    try:
        with transaction.atomic():
            is_kept = form.is_valid() and bool(form.save())
    except IntegrityError:
        is_kept = False
        form.add_error("name", _("Bạn đã có bộ lọc mang tên này."))
    if is_kept:
        messages.success(request, _("Đã đổi tên bộ lọc."))
        return redirect("feedback:desk-filters")
    context = {"form": forms.SavedFilterForm(), "rows": own(request.user), "wrong": form, "wrong_pk": pk}
    return render(request, "feedback/desk_filters.html", context, status=422)
