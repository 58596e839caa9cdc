"""Following a case with code and PIN, and what its asker may do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from agencies import services as agencies
from feedback import forms, services
from feedback.models import Case, CaseFile
from feedback.timeline import followed, timeline
from feedback.views.why import why

CASE_COOKIE = "ho_so"
CASE_OPEN_FOR = 30 * 60
TRIES = {"limit": 5, "seconds": 15 * 60}


@never_cache
def status(request):
    """Code + PIN by POST: neither ever stands in an address or a log. A wrong code and a wrong PIN look the same."""
    form = forms.LookupForm(request.POST or None)
    if request.method != "POST":
        return _show_lookup(request, form, already=own_case(request))
    if not form.is_valid():
        return _show_lookup(request, form, status=422)
    keys = [f"ip:{agencies.client_address(request)}", f"code:{form.cleaned_data['code']}"]
    if not agencies.is_allowed("lookup", keys, **TRIES):
        return _show_lookup(request, form, status=429, too_many=True)
    case = services.find_by_code(form.cleaned_data["code"], form.cleaned_data["pin"])
    if case is None:
        form.add_error(None, _("Không có hồ sơ nào khớp với mã và PIN này. Hãy xem lại giấy biên nhận."))
        return _show_lookup(request, form, status=422)
    agencies.refund("lookup", keys, seconds=TRIES["seconds"])
    step = request.POST.get("viec", "")
    if step not in ASKER_STEPS:
        return open_case(redirect("feedback:status-case"), case)
    carried = ASKER_STEPS[step].form(None)  # words typed before the case had closed itself
    carried.initial = {name: request.POST[name] for name in carried.fields if name in request.POST}
    return _show_case(request, case, {step: carried})


def _show_lookup(request, form, status=200, **context):
    """The form; with words of a step that came too late, kept in hidden fields until the case is open again."""
    step = request.POST.get("viec", "")
    if step in ASKER_STEPS:
        carried = {
            name: request.POST[name] for name in ASKER_STEPS[step].form(None).fields if name in request.POST
        }
        context["carried"] = {"viec": step, **carried}
    return render(request, "feedback/status_lookup.html", {"form": form, **context}, status=status)


def open_case(response, case):
    """Lets this device see the case for another half hour."""
    response.set_signed_cookie(
        CASE_COOKIE,
        case.code,
        max_age=CASE_OPEN_FOR,
        path=reverse("feedback:status"),
        httponly=True,
        samesite="Strict",
        secure=settings.SECURE_COOKIES,
    )
    return response


def own_case(request) -> Case | None:
    code = request.get_signed_cookie(CASE_COOKIE, default="", max_age=CASE_OPEN_FOR)
    if not code:
        return None
    related = ("agency", "asked_agency", "duplicate_of__agency")
    return Case.objects.select_related(*related).filter(code=code).first()


@dataclass(frozen=True)
class AskerStep:
    """One thing the asker may do: with which form (given what was typed and the files), by which service, and what is
    said afterwards."""

    form: Callable
    act: Callable
    done: str | Promise


ASKER_STEPS = {
    "bo-sung": AskerStep(
        lambda *typed: forms.InformationForm(*typed, label=gettext_lazy("Trả lời của bạn")),
        lambda case, form: services.add_information(
            case, text=form.cleaned_data["note"], files=form.cleaned_data["attachments"]
        ),
        gettext_lazy("Đã gửi phần bổ sung. Cơ quan tiếp tục giải quyết, hạn trả lời được tính tiếp."),
    ),
    "gui-them": AskerStep(
        lambda *typed: forms.InformationForm(*typed, label=gettext_lazy("Điều bạn muốn gửi thêm")),
        lambda case, form: services.add_more(
            case, text=form.cleaned_data["note"], files=form.cleaned_data["attachments"]
        ),
        gettext_lazy("Đã gửi thêm. Nơi đang giải quyết hồ sơ được báo ngay; hạn trả lời không đổi."),
    ),
    "danh-gia": AskerStep(
        forms.RatingForm,
        lambda case, form: services.rate(
            case, rating=form.cleaned_data["rating"], comment=form.cleaned_data["comment"]
        ),
        gettext_lazy("Cảm ơn bạn đã đánh giá."),
    ),
    "mo-lai": AskerStep(
        lambda *typed: forms.WordsForm(*typed, label=gettext_lazy("Điều câu trả lời chưa giải quyết")),
        lambda case, form: services.reopen(case, note=form.cleaned_data["note"]),
        gettext_lazy("Đã gửi đề nghị trả lời lại. Một hạn mới bắt đầu từ hôm nay."),
    ),
    "rut-dong-y": AskerStep(
        forms.ConfirmForm,
        lambda case, form: services.withdraw_consent(case),
        gettext_lazy("Đã rút đồng ý công khai. Trang công khai của hồ sơ, nếu có, đã được gỡ."),
    ),
    "du-lieu": AskerStep(
        forms.DataRequestForm,
        lambda case, form: services.ask_about_data(
            case, kind=form.cleaned_data["kind"], note=form.cleaned_data["note"]
        ),
        gettext_lazy("Đã ghi nhận yêu cầu của bạn. Hạn trả lời ghi ở phần “Dữ liệu của bạn”."),
    ),
    "rut": AskerStep(
        forms.ConfirmForm,
        lambda case, form: services.withdraw(case),
        gettext_lazy("Đã rút hồ sơ."),
    ),
}


@never_cache
def status_case(request, step=None):
    """The asker's own view of a case, and the steps open to them."""
    if request.method == "POST" and step not in ASKER_STEPS:
        raise Http404
    case = own_case(request)
    if case is None:
        if request.method != "POST":
            return redirect("feedback:status")
        request.POST = request.POST.copy()
        request.POST["viec"] = step
        return _show_lookup(request, forms.LookupForm(), status=403, expired=True)
    bound, error = {}, ""
    if request.method == "POST":
        chosen = ASKER_STEPS[step]
        form = bound[step] = chosen.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                chosen.act(case, form)
            except services.TransitionError as problem:
                error = str(problem)
            else:
                messages.success(request, str(chosen.done))
                return redirect("feedback:status-case")
    return _show_case(request, case, bound, error)


def _show_case(request, case, bound, error=""):
    can = {
        "bo-sung": case.status == Case.Status.NEEDS_INFO,
        "gui-them": case.status in services.ADDABLE and services.additions_left(case) > 0,
        "danh-gia": case.status == Case.Status.ANSWERED and case.rated_at is None,
        "mo-lai": services.may_reopen(case),
        "rut-dong-y": case.publish_consent_at is not None,
        "du-lieu": True,
        "rut": case.can_become(Case.Status.WITHDRAWN),
    }
    offered = {
        name: bound.get(name) or ASKER_STEPS[name].form(None)
        for name, allowed in can.items()
        if allowed or name in bound
    }
    answers = list(case.answers.signed().prefetch_related("files"))
    context = {
        "case": case,
        "forms": {name.replace("-", "_"): form for name, form in offered.items()},
        "error": error,
        "events": timeline(case),
        "followed": followed(case.duplicate_of),
        "parts": [each.part for each in case.splits.select_related("part")],
        "files": case.files.filter(side=CaseFile.Side.ASKER),
        "data_requests": case.data_requests.all(),
        "most_additions": services.MOST_ADDITIONS,
        "asked_back": case.pauses.filter(ended_at=None).first(),
        "answers": answers if case.status == Case.Status.ANSWERED else [],
        "former_answers": [] if case.status == Case.Status.ANSWERED else answers,
        "state_label": _("Bạn đã rút hồ sơ")
        if case.status == Case.Status.WITHDRAWN
        else case.get_status_display(),
        "late_by": -agencies.working_days_left(case.due_on) if case.is_overdue else 0,
        **why(case),
    }
    failed = error or any(form.errors for form in bound.values())
    return open_case(
        render(request, "feedback/status_case.html", context, status=422 if failed else 200), case
    )


def close_status(request):
    if request.method != "POST":
        return redirect("feedback:status")
    messages.success(request, _("Đã đóng hồ sơ trên máy này."))
    response = redirect("feedback:status")
    response.delete_cookie(CASE_COOKIE, path=reverse("feedback:status"))
    return response
