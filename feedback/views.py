"""What citizens see: asking, the receipt, following a case, and everybody's published answers."""

import uuid

import segno
from django.conf import settings
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from agencies import services as agencies
from agencies.models import Agency
from feedback import forms, services
from feedback.models import Case, Draft
from parcai.lib.html import trusted

DRAFT_COOKIE = "ban_viet"
CASE_COOKIE = "ho_so"
CASE_OPEN_FOR = 30 * 60
RECEIPT_SHOWN_FOR = 24 * 3600
SENDINGS = {"limit": 20, "seconds": 3600}
TRIES = {"limit": 5, "seconds": 15 * 60}
STEPS = list(forms.ASK_STEPS)
STEP_TITLES = {
    "noi-dung": "Nội dung",
    "nguoi-gui": "Người gửi",
    "dong-y": "Đồng ý",
    "xem-lai": "Xem lại và gửi",
}
NAMES: dict[str, str] = {Case.Kind.QUESTION: "question", Case.Kind.FEEDBACK: "feedback"}


# Asking ----------------------------------------------------------------------------------------------------------


def _step_url(kind: str, step: str) -> str:
    if step == "xem-lai":
        return reverse(f"feedback:{NAMES[kind]}-ask-review")
    return reverse(f"feedback:{NAMES[kind]}-ask-step", args=[step])


def _bar(current: str) -> list[dict]:
    names = list(STEP_TITLES)
    place = names.index(current)
    return [
        {"title": STEP_TITLES[name], "is_done": number < place, "is_current": number == place}
        for number, name in enumerate(names)
    ]


def _draft(request, kind: str) -> Draft | None:
    """The draft this device is writing, found by its signed cookie."""
    try:
        key = request.get_signed_cookie(DRAFT_COOKIE, default="", max_age=services.DRAFTS_KEPT)
        return (
            Draft.objects.filter(pk=uuid.UUID(key), kind=kind).select_related("case").first() if key else None
        )
    except (signing.BadSignature, ValueError):
        return None


def _remember(response, draft: Draft):
    response.set_signed_cookie(
        DRAFT_COOKIE,
        str(draft.pk),
        max_age=services.DRAFTS_KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
    )
    return response


@never_cache
def ask(request, kind):
    """First: what kind of matter is it. Nothing is stored here; khiếu nại and tố cáo are shown the right door."""
    chosen = {Case.Kind.QUESTION: "hoi", Case.Kind.FEEDBACK: "phan-anh"}
    form = forms.MatterForm(request.POST or None, initial={"viec": chosen[kind]})
    if request.method == "POST" and form.is_valid():
        matter = form.cleaned_data["viec"]
        if matter in forms.COMPLAINTS:
            return redirect("feedback:complaint", matter)
        to = next(kind for kind, name in chosen.items() if name == matter)
        return redirect(_step_url(to, "noi-dung"))
    draft = _draft(request, kind)
    unfinished = draft if draft and not draft.case_id and draft.data else None
    return render(
        request,
        "feedback/ask_matter.html",
        {"form": form, "kind": kind, "unfinished": unfinished, "resume_url": _step_url(kind, "noi-dung")},
    )


@require_safe
def complaint(request, matter):
    if matter not in forms.COMPLAINTS:
        raise Http404
    return render(request, "feedback/complaint.html", {"matter": matter})


@never_cache
def ask_step(request, kind, step):
    """One screen of the form. What is typed is kept in a draft at every step, so back and reload lose nothing."""
    draft = _draft(request, kind)
    if draft and draft.case_id:  # sent already: the receipt for "back", a fresh draft for new words
        if request.method != "POST":
            return (
                redirect(f"feedback:{NAMES[kind]}-receipt")
                if step != STEPS[0]
                else _show_step(request, kind, step, {})
            )
        draft = None
    data = forms.read_draft(draft) if draft else {}
    if step != STEPS[0] and not data:
        return redirect(f"feedback:{NAMES[kind]}-ask")
    if request.method != "POST":
        return _show_step(request, kind, step, data)
    form = forms.ASK_STEPS[step](request.POST, kind=kind)
    if not form.is_valid():
        return _show_step(request, kind, step, data, form=form, status=422)
    draft = draft or Draft(kind=kind)
    forms.write_draft(draft, {**data, step: form.for_draft()})
    following = [*STEPS, "xem-lai"][STEPS.index(step) + 1]
    if "tro-lai" in request.GET and set(STEPS) <= {*data, step}:
        following = "xem-lai"
    return _remember(redirect(_step_url(kind, following)), draft)


def _show_step(request, kind, step, data, form=None, status=200):
    if form is None:
        form = forms.ASK_STEPS[step](kind=kind, initial=data.get(step))
    before = STEPS.index(step) - 1
    context = {
        "form": form,
        "kind": kind,
        "step": step,
        "steps": _bar(step),
        "title": STEP_TITLES[step],
        "back_url": _step_url(kind, STEPS[before]) if before >= 0 else reverse(f"feedback:{NAMES[kind]}-ask"),
    }
    return render(request, "feedback/ask_step.html", context, status=status)


@never_cache
def ask_review(request, kind):
    """Everything once more before it goes; sending twice gives the same receipt."""
    draft = _draft(request, kind)
    if draft and draft.case_id:
        return redirect(f"feedback:{NAMES[kind]}-receipt")
    if draft is None:
        return redirect(f"feedback:{NAMES[kind]}-ask")
    data = forms.read_draft(draft)
    bound = {step: form(data.get(step, {}), kind=kind) for step, form in forms.ASK_STEPS.items()}
    for step, form in bound.items():
        if not form.is_valid():
            return redirect(_step_url(kind, step) if data else reverse(f"feedback:{NAMES[kind]}-ask"))
    if request.method == "POST":
        if not agencies.is_allowed("send", [agencies.client_address(request)], **SENDINGS):
            return _show_review(request, kind, bound, status=429, too_many=True)
        services.send_draft(draft, kind=kind, **_as_case(bound))
        return redirect(f"feedback:{NAMES[kind]}-receipt")
    return _show_review(request, kind, bound)


def _as_case(bound) -> dict:
    content, asker, consent = (bound[step].cleaned_data for step in STEPS)
    return {
        "title": content["title"],
        "text": content["text"],
        "asked_agency": content["agency"],
        "asker": {
            "kind": asker["asker_kind"],
            "name": asker["name"],
            "email": asker["email"],
            "phone": asker["phone"],
            "address": asker["address"],
        },
        "may_publish": consent["publish_consent"],
        "show_name": consent["show_name"],
    }


def _show_review(request, kind, bound, status=200, too_many=False):
    content, asker, consent = (bound[step].cleaned_data for step in STEPS)
    yes, no = _("Có"), _("Không")
    contact = [
        {"label": _("Thư điện tử"), "value": asker["email"] or _("Không có – hãy giữ mã hồ sơ")},
        {"label": _("Điện thoại"), "value": asker["phone"] or _("Không có")},
        {"label": _("Nơi ở"), "value": asker["address"] or _("Không có")},
    ]
    parts = [
        {
            "title": STEP_TITLES["noi-dung"],
            "edit_url": _step_url(kind, "noi-dung") + "?tro-lai=1",
            "rows": [
                {"label": _("Tóm tắt"), "value": content["title"]},
                {"label": _("Nội dung"), "value": content["text"]},
                {"label": _("Cơ quan"), "value": content["agency"] or _("Nhờ cổng chuyển giúp")},
            ],
        },
        {
            "title": STEP_TITLES["nguoi-gui"],
            "edit_url": _step_url(kind, "nguoi-gui") + "?tro-lai=1",
            "rows": [
                {"label": _("Tư cách"), "value": dict(Case.AskerKind.choices)[asker["asker_kind"]]},
                {"label": _("Họ và tên"), "value": asker["name"]},
                *contact,
            ],
        },
        {
            "title": STEP_TITLES["dong-y"],
            "edit_url": _step_url(kind, "dong-y") + "?tro-lai=1",
            "rows": [
                {"label": _("Dùng thông tin để trả lời"), "value": yes},
                {
                    "label": _("Công khai câu hỏi và trả lời"),
                    "value": yes if consent["publish_consent"] else no,
                },
                {"label": _("Nêu tên khi công khai"), "value": yes if consent["show_name"] else no},
            ],
        },
    ]
    context = {
        "kind": kind,
        "parts": parts,
        "steps": _bar("xem-lai"),
        "too_many": too_many,
        "back_url": _step_url(kind, "dong-y"),
    }
    return render(request, "feedback/ask_review.html", context, status=status)


@never_cache
def receipt(request, kind):
    """Code and PIN, for a day on this device; a slip to print."""
    draft = _draft(request, kind)
    if draft is None or draft.case is None:
        return redirect(f"feedback:{NAMES[kind]}-ask")
    if (timezone.now() - draft.case.received_at).total_seconds() > RECEIPT_SHOWN_FOR:
        return redirect("feedback:status")
    if request.method == "POST":  # "Xóa khỏi máy này": a shared phone, a library computer
        response = redirect("home")
        response.delete_cookie(DRAFT_COOKIE)
        return response
    status_url = settings.SITE_URL + reverse("feedback:status")
    qr = segno.make(status_url, error="m").svg_inline(scale=4, border=1, omitsize=True)
    case = draft.case
    days = agencies.explain_due(case.clock_from, case.term)
    return render(
        request,
        "feedback/receipt.html",
        {"case": case, "kind": kind, "status_url": status_url, "qr": trusted(qr), "days": days},
    )


# Following a case ------------------------------------------------------------------------------------------------


@never_cache
def status(request):
    """Code + PIN by POST: neither ever stands in an address or a log. A wrong code and a wrong PIN look the same."""
    form = forms.LookupForm(request.POST or None)
    if request.method != "POST":
        return render(request, "feedback/status_lookup.html", {"form": form})
    if not form.is_valid():
        return render(request, "feedback/status_lookup.html", {"form": form}, status=422)
    keys = [f"ip:{agencies.client_address(request)}", f"code:{form.cleaned_data['code']}"]
    if not agencies.is_allowed("lookup", keys, **TRIES):
        return render(request, "feedback/status_lookup.html", {"form": form, "too_many": True}, status=429)
    case = services.find_by_code(form.cleaned_data["code"], form.cleaned_data["pin"])
    if case is None:
        form.add_error(None, _("Không có hồ sơ nào khớp với mã và PIN này. Hãy xem lại giấy biên nhận."))
        return render(request, "feedback/status_lookup.html", {"form": form}, status=422)
    agencies.refund("lookup", keys, seconds=TRIES["seconds"])
    response = redirect("feedback:status-case")
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


def _own_case(request) -> Case | None:
    code = request.get_signed_cookie(CASE_COOKIE, default="", max_age=CASE_OPEN_FOR)
    return Case.objects.select_related("agency", "asked_agency", "duplicate_of").filter(code=code).first()


ASKER_STEPS = {
    "bo-sung": (
        lambda data: forms.WordsForm(data, label=_("Phần bổ sung của bạn")),
        lambda case, form: services.add_information(case, text=form.cleaned_data["note"]),
    ),
    "danh-gia": (
        lambda data: forms.RatingForm(data),
        lambda case, form: services.rate(
            case, rating=form.cleaned_data["rating"], comment=form.cleaned_data["comment"]
        ),
    ),
    "mo-lai": (
        lambda data: forms.WordsForm(data, label=_("Điều câu trả lời chưa giải quyết")),
        lambda case, form: services.reopen(case, note=form.cleaned_data["note"]),
    ),
    "rut": (lambda data: forms.ConfirmForm(data), lambda case, form: services.withdraw(case)),
}


@never_cache
def status_case(request, step=None):
    """The asker's own view of a case, and the steps open to them."""
    case = _own_case(request)
    if case is None:
        return redirect("feedback:status")
    bound, error = {}, ""
    if request.method == "POST":
        if step not in ASKER_STEPS:
            raise Http404
        make, act = ASKER_STEPS[step]
        form = bound[step] = make(request.POST)
        if form.is_valid():
            try:
                act(case, form)
            except services.TransitionError as problem:
                error = str(problem)
            else:
                return redirect("feedback:status-case")
    return _show_case(request, case, bound, error)


def _show_case(request, case, bound, error):
    can = {
        "bo-sung": case.status == Case.Status.NEEDS_INFO,
        "danh-gia": case.status == Case.Status.ANSWERED and case.rated_at is None,
        "mo-lai": services.may_reopen(case),
        "rut": case.can_become(Case.Status.WITHDRAWN),
    }
    offered = {
        name: bound.get(name) or ASKER_STEPS[name][0](None)
        for name, allowed in can.items()
        if allowed or name in bound
    }
    context = {
        "case": case,
        "forms": {name.replace("-", "_"): form for name, form in offered.items()},
        "error": error,
        "events": _timeline(case),
        "answers": list(case.answers.signed()),
        "days": agencies.explain_due(case.clock_from, case.term),
    }
    return render(request, "feedback/status_case.html", context, status=422 if bound or error else 200)


STEP_WORDS = {
    "receive": "Cổng đã nhận",
    "accept": "Đã vào sổ",
    "reject": "Không tiếp nhận",
    "forward": "Đã chuyển cơ quan khác",
    "set-aside": "Đã chuyển cơ quan có thẩm quyền",
    "duplicate": "Gộp với một hồ sơ trùng nội dung",
    "route": "Đã giao {agency} giải quyết",
    "ask-back": "Cơ quan đề nghị bạn bổ sung",
    "reply": "Bạn đã bổ sung",
    "claim": "Đã có người thụ lý",
    "return": "Chuyển lại bộ phận điều phối để giao đúng cơ quan",
    "submit": "Dự thảo trả lời đã trình thủ trưởng",
    "send-back": "Thủ trưởng yêu cầu hoàn thiện câu trả lời",
    "sign": "Thủ trưởng {agency} đã ký trả lời",
    "publish": "Câu hỏi và trả lời đã công khai",
    "unpublish": "Đã gỡ khỏi trang công khai",
    "withdraw": "Bạn đã rút hồ sơ",
    "rate": "Bạn đã đánh giá",
    "reopen": "Bạn đề nghị trả lời lại",
}


def _timeline(case) -> list[dict]:
    events = list(case.events.select_related("agency"))
    return [
        {
            "at": event.at,
            "title": STEP_WORDS[event.step].format(agency=event.agency or ""),
            "note": event.public_note,
            "is_current": event is events[-1],
        }
        for event in events
    ]


@require_POST
def close_status(request):
    response = redirect("feedback:status")
    response.delete_cookie(CASE_COOKIE, path=reverse("feedback:status"))
    return response


# Published cases -------------------------------------------------------------------------------------------------


class PublicCaseList(ListView):
    kind = Case.Kind.QUESTION
    template_name = "feedback/case_list.html"
    paginate_by = 15

    def get_queryset(self):
        cases = Case.objects.published().filter(kind=self.kind).for_public_list()
        self.agency = None
        if (
            (chosen := self.request.GET.get("co_quan", "")).isascii()
            and chosen.isdigit()
            and len(chosen) < 10
        ):
            self.agency = Agency.objects.filter(pk=int(chosen)).first()
            cases = cases.filter(agency=self.agency)
        return cases

    def get_context_data(self, **kwargs):
        answering = Case.objects.published().filter(kind=self.kind).order_by().values("agency")
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            kind=self.kind,
            agency=self.agency,
            agencies=Agency.objects.filter(pk__in=answering).order_by("name"),
            query=query.urlencode(),
            **kwargs,
        )


@require_safe
def case_detail(request, kind, pk):
    """One published question with its signed answer; nothing that says who asked unless they agreed."""
    published = Case.objects.published().select_related("agency", "campaign__plan")
    case = get_object_or_404(published.defer("title", "text"), kind=kind, pk=pk)
    answer = case.answers.signed().last()
    others = Case.objects.published().filter(kind=kind, agency=case.agency_id).exclude(pk=pk)
    context = {
        "case": case,
        "answer": answer,
        "days_taken": agencies.days_taken(case.received_at, case.answered_at),
        "others": list(others.for_public_list()[:4]),
    }
    return render(request, "feedback/case_detail.html", context)
