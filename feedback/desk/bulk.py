"""One step for many cases of the coordinator: first the list exactly as it was ticked, then a report row by row.

Each row carries the version it was seen in; a case somebody else touched meanwhile is left alone and said so.
"""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Agency, in_vietnamese_order
from agencies.roles import Role
from feedback import services
from feedback.desk.access import official_required
from feedback.models import Case

MOST = 100


def coordinator_required(view):
    """The others at the desk have no such page."""

    @official_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_role(Role.COORDINATOR):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def read_rows(request) -> dict[int, int]:
    """The ticked cases as {id: version seen}; what is written by hand and makes no sense is dropped."""
    rows = {}
    for each in request.POST.getlist("ho_so"):
        parts = each.split(":")
        if len(parts) == 2 and all(p.isascii() and p.isdecimal() and len(p) < 19 for p in parts):
            rows[int(parts[0])] = int(parts[1])
    return rows


def take_each(request, rows: dict[int, int], act: Callable[[Case], None]) -> list[dict]:
    """Do it to each by itself; for each what became of it."""
    found = Case.objects.visible_to(request.user).select_related("agency", "officer").in_bulk(list(rows))
    return [_take(found.get(pk), version, act) for pk, version in rows.items()]


def _take(case: Case | None, version: int, act) -> dict:
    if case is None:
        return {"code": _("(không thấy)"), "words": _("Hồ sơ không còn ở đây."), "is_done": False}
    row = {"code": case.code, "title": case.title, "url": case.get_desk_url(), "is_done": False}
    if case.version != version:
        return {**row, "words": _("Đã thay đổi từ lúc bạn xem danh sách; bỏ qua. Hãy mở ra xem lại.")}
    try:
        act(case)
    except services.TransitionError as error:
        return {**row, "words": str(error)}
    return {**row, "words": _("Đã xong."), "is_done": True}


def _frozen(request, rows: dict[int, int]) -> list[dict]:
    cases = Case.objects.visible_to(request.user).select_related("agency").defer("text").in_bulk(list(rows))
    return [{"case": cases[pk], "key": f"{pk}:{version}"} for pk, version in rows.items() if pk in cases]


def _back(request, words: str):
    messages.error(request, words)
    return redirect("feedback:desk")


@coordinator_required
def spam(request):
    """Ticked in the queue: shown once more as they were, then put away."""
    if request.method != "POST":
        return redirect("feedback:desk")
    rows = read_rows(request)
    if not rows or len(rows) > MOST:
        return _back(
            request, _("Hãy chọn từ 1 đến %d hồ sơ.") % MOST if rows else _("Bạn chưa chọn hồ sơ nào.")
        )
    context = {
        "title": _("Đánh dấu rác"),
        "action": request.path,
        "back_url": reverse("feedback:desk"),
        "label": _("Đánh dấu rác"),
        "intro": _(
            "Những hồ sơ này rời khỏi hàng việc, danh sách và tìm kiếm. Không ai được báo tin. Khôi phục được trong "
            "%d ngày từ hàng Rác."
        )
        % services.SPAM_UNDO.days,
    }
    if "chac" in request.POST:
        context["report"] = take_each(request, rows, lambda case: services.mark_spam(case, by=request.user))
        context["done"] = sum(each["is_done"] for each in context["report"])
    else:
        context["rows"] = _frozen(request, rows)
    return render(request, "feedback/desk_bulk.html", context)


@coordinator_required
def hand_over(request):
    """Agencies that have ended and still hold open cases; for one of them, all its cases and who takes them on."""
    agency, heirs = _ended(request)
    if agency is None:
        return render(request, "feedback/desk_handover.html", {"waiting": _waiting(request.user)})
    to = next((each for each in heirs if each.code == request.POST.get("ke_thua", "")), None)
    context = {
        "title": _("Chuyển giao hồ sơ của %s") % agency,
        "action": f"{request.path}?co_quan={agency.code}",
        "back_url": request.path,
        "label": _("Chuyển giao"),
        "intro": _("Hồ sơ giữ nguyên tình trạng, hạn và bản nháp; cơ quan kế thừa được báo."),
        "heirs": heirs,
    }
    if request.method == "POST":
        rows = read_rows(request)
        if to is None:
            return _back(request, _("Hãy chọn cơ quan kế thừa."))
        if not rows or len(rows) > MOST:
            return _back(request, _("Hãy chọn từ 1 đến %d hồ sơ.") % MOST)
        context["report"] = take_each(
            request, rows, lambda case: services.hand_over(case, by=request.user, to=to)
        )
        context["done"] = sum(each["is_done"] for each in context["report"])
    else:
        cases = _held(request.user, agency).order_by("due_on", "pk")[: MOST + 1]
        context["rows"] = [{"case": case, "key": f"{case.pk}:{case.version}"} for case in cases[:MOST]]
        context["is_cut"] = len(cases) > MOST
        context["is_ticked"] = True
    return render(request, "feedback/desk_bulk.html", context)


def _ended(request) -> tuple[Agency | None, list[Agency]]:
    code = request.GET.get("co_quan", "")
    agency = Agency.objects.filter(code=code).first() if code and "\x00" not in code else None
    if agency is None or agency.is_current:
        return None, []
    return agency, services.heirs_of(agency)


def _held(user, agency: Agency):
    return Case.objects.visible_to(user).open().filter(agency=agency).select_related("agency").defer("text")


def _waiting(user) -> list[dict]:
    """Ended agencies with open cases, how many, and who does their work today."""
    cases = Case.objects.visible_to(user).open().filter(agency__isnull=False)
    counts = dict(cases.order_by().values_list("agency").annotate(Count("pk")))
    current = Agency.objects.current().values("pk")
    ended = Agency.objects.filter(pk__in=counts).exclude(pk__in=current).prefetch_related("successors")
    return [
        {"agency": each, "cases": counts[each.pk], "heirs": services.heirs_of(each)}
        for each in in_vietnamese_order(ended)
    ]
