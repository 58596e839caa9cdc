"""Asking, screen by screen, and the receipt."""

import uuid
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from agencies import services as agencies
from agencies.models import Agency
from feedback import alike, forms, services
from feedback.models import Case, Draft
from feedback.views.why import why
from parcai.lib.html import trusted
from parcai.lib.vietnamese import tidy

DRAFT_COOKIE: dict[str, str] = {Case.Kind.QUESTION: "ban_viet_hoi", Case.Kind.FEEDBACK: "ban_viet_phan_anh"}
RECEIPT_COOKIE: dict[str, str] = {
    Case.Kind.QUESTION: "bien_nhan_hoi",
    Case.Kind.FEEDBACK: "bien_nhan_phan_anh",
}
RECEIPT_SHOWN_FOR = 24 * 3600
SENDINGS = {"limit": 60, "seconds": 3600}  # a one-stop counter or a phone network shares one address
NEW_DRAFTS = {"limit": 300, "seconds": 3600}
STEPS = list(forms.ASK_STEPS)
LONGEST_CARRIED = 200  # characters of a question brought along from the page of results
STEP_TITLES = {
    "noi-dung": "Nội dung",
    "nguoi-gui": "Người gửi",
    "dong-y": "Đồng ý",
    "xem-lai": "Xem lại và gửi",
}
QUESTIONS: dict[str, dict[str, str]] = {
    Case.Kind.QUESTION: {
        "noi-dung": "Bạn muốn hỏi điều gì?",
        "nguoi-gui": "Trả lời gửi về đâu?",
        "dong-y": "Bạn đồng ý những gì?",
    },
    Case.Kind.FEEDBACK: {
        "noi-dung": "Bạn muốn phản ánh, kiến nghị điều gì?",
        "nguoi-gui": "Bạn là ai, kết quả gửi về đâu?",
        "dong-y": "Bạn đồng ý những gì?",
    },
}
NAMES: dict[str, str] = {Case.Kind.QUESTION: "question", Case.Kind.FEEDBACK: "feedback"}


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


def _signed_key(request, cookie: str, max_age) -> uuid.UUID | None:
    try:
        key = request.get_signed_cookie(cookie, default="", max_age=max_age)
        return uuid.UUID(key) if key else None
    except (signing.BadSignature, ValueError):
        return None


def _draft(request, kind: str) -> Draft | None:
    """The draft of that kind this device is writing, found by its signed cookie."""
    key = _signed_key(request, DRAFT_COOKIE[kind], services.DRAFTS_KEPT)
    return Draft.objects.filter(pk=key, kind=kind).select_related("case").first() if key else None


def _sent(request, kind: str) -> Case | None:
    """The case this device sent last, while its receipt is shown: 24 hours."""
    key = _signed_key(request, RECEIPT_COOKIE[kind], RECEIPT_SHOWN_FOR)
    return Case.objects.filter(submission=key, kind=kind).first() if key else None


def _set_key(response, cookie: str, key: uuid.UUID, max_age):
    response.set_signed_cookie(
        cookie,
        str(key),
        max_age=max_age,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
    )
    return response


def _to_receipt(kind: str, case: Case):
    """The receipt of a case just sent; the way to the draft behind it is closed."""
    response = redirect(f"feedback:{NAMES[kind]}-receipt")
    response.delete_cookie(DRAFT_COOKIE[kind])
    return _set_key(response, RECEIPT_COOKIE[kind], case.submission, RECEIPT_SHOWN_FOR)


@never_cache
def ask(request, kind):
    """First: what kind of matter is it. Nothing is stored here; khiếu nại and tố cáo are shown the right door."""
    draft = _draft(request, kind)
    if request.method == "POST" and "bo" in request.POST:
        return _drop_draft(request, kind, draft)
    chosen = {Case.Kind.QUESTION: "hoi", Case.Kind.FEEDBACK: "phan-anh"}
    form = forms.MatterForm(request.POST or None, initial={"viec": chosen[kind]})
    carried = _carried(request)
    if request.method == "POST" and form.is_valid():
        matter = form.cleaned_data["viec"]
        if matter in forms.COMPLAINTS:
            return redirect("feedback:complaint", matter)
        to = next(kind for kind, name in chosen.items() if name == matter)
        return redirect(_step_url(to, STEPS[0]) + (f"?{urlencode({'cau': carried})}" if carried else ""))
    unfinished = draft if draft and not draft.case_id and draft.data else None
    return render(
        request,
        "feedback/ask_matter.html",
        {"form": form, "kind": kind, "unfinished": unfinished, "resume_url": _step_url(kind, STEPS[0])},
    )


def _carried(request) -> str:
    """The words somebody looked for in vain, to begin the question with."""
    return " ".join(tidy(request.GET.get("cau", "")[: LONGEST_CARRIED * 4]).split())[:LONGEST_CARRIED]


def _drop_draft(request, kind, draft):
    """ "Xóa bản viết dở": on a shared phone the next person must not read it."""
    if draft and not draft.case_id:
        draft.delete()
    messages.success(request, _("Đã xóa bản viết dở khỏi máy này."))
    response = redirect(f"feedback:{NAMES[kind]}-ask")
    response.delete_cookie(DRAFT_COOKIE[kind])
    return response


@require_safe
def complaint(request, matter):
    if matter not in forms.COMPLAINTS:
        raise Http404
    offices = Agency.objects.current().filter(kind=Agency.Kind.INSPECTORATE).exclude(phone="", address="")
    return render(request, "feedback/complaint.html", {"matter": matter, "contacts": list(offices)})


@never_cache
def ask_step(request, kind, step):
    """One screen of the form. What is typed is kept in a draft at every press, right or wrong, and every screen shown
    is the answer to a GET: back, reload and "Quay lại" lose nothing."""
    draft = _draft(request, kind)
    if draft and draft.case:  # sent from another tab
        return (
            _to_receipt(kind, draft.case)
            if request.method != "POST" and step != STEPS[0]
            else _new(request, kind, step)
        )
    if request.method == "POST":
        return _keep_step(request, kind, step, draft)
    data = forms.read_draft(draft) if draft else {}
    if step != STEPS[0] and STEPS[0] not in data:
        return redirect(
            f"feedback:{NAMES[kind]}-receipt" if _sent(request, kind) else f"feedback:{NAMES[kind]}-ask"
        )
    form = None
    if "loi" in request.GET and step in data:
        form = forms.ASK_STEPS[step](data[step], kind=kind)
        form = None if form.is_valid() else form
    return _show_step(request, kind, step, data, form=form, status=422 if form else 200)


def _new(request, kind, step):
    """The draft behind the cookie has become a case: what comes now is the next question."""
    if request.method == "POST":
        return _keep_step(request, kind, step, None)
    return _show_step(request, kind, step, {})


def _keep_step(request, kind, step, draft):
    data = forms.read_draft(draft) if draft else {}
    form = forms.ASK_STEPS[step](request.POST, kind=kind, initial=data.get(step))
    valid, typed = form.is_valid(), form.for_draft()
    if not any(typed.values()) and "lui" not in request.POST and not valid:
        return _show_step(request, kind, step, data, form=form, status=422)  # nothing to keep
    if draft is None:
        if not agencies.is_allowed("draft", [agencies.client_address(request)], **NEW_DRAFTS):
            return _show_step(request, kind, step, data, form=form, status=429, too_many=True)
        draft = Draft(kind=kind)
    data = {**data, step: typed}
    forms.write_draft(draft, data)
    response = redirect(_after_step(request, kind, step, data, valid))
    return _set_key(response, DRAFT_COOKIE[kind], draft.pk, services.DRAFTS_KEPT)


def _after_step(request, kind, step, data, valid) -> str:
    from_review = "tro-lai" in request.GET and set(STEPS) <= set(data)
    place = STEPS.index(step)
    if "lui" in request.POST:
        if from_review:
            return _step_url(kind, "xem-lai")
        return _step_url(kind, STEPS[place - 1]) if place else reverse(f"feedback:{NAMES[kind]}-ask")
    if STEPS[0] not in data:  # the draft was gone: what was just typed is kept, the beginning is asked again
        messages.info(
            request,
            _("Bản viết dở không còn trên máy này. Phần bạn vừa viết được giữ; xin viết lại nội dung."),
        )
        return _step_url(kind, STEPS[0])
    if not valid:
        return _step_url(kind, step) + ("?tro-lai=1&loi=1" if from_review else "?loi=1")
    return _step_url(kind, "xem-lai" if from_review else [*STEPS, "xem-lai"][place + 1])


def _show_step(request, kind, step, data, form=None, status=200, too_many=False):
    if form is None:
        first = {"title": _carried(request)} if step == STEPS[0] else None
        form = forms.ASK_STEPS[step](kind=kind, initial=data.get(step) or first)
    known = data.get(STEPS[0], {}) if step == STEPS[1] else {}
    said = f"{known.get('title', '')}\n{known.get('text', '')}".strip()
    context = {
        "form": form,
        "kind": kind,
        "step": step,
        "steps": _bar(step),
        "title": QUESTIONS[kind][step],
        "too_many": too_many,
        "alike": alike.answered(said) if said else [],
    }
    return render(request, "feedback/ask_step.html", context, status=status)


@csrf_exempt  # reads, and changes nothing; what is being typed must not stand in an address
@require_POST
def alike_answers(request):
    """A piece of a page: answers that may already be what somebody is about to ask; for the script of the form."""
    said = " ".join(tidy(request.POST.get("q", "")[:800]).split())[:LONGEST_CARRIED]
    response = render(request, "feedback/alike.html", {"alike": alike.answered(said) if said else []})
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
def ask_review(request, kind):
    """Everything once more before it goes; sending twice gives the same receipt."""
    draft = _draft(request, kind)
    if draft and draft.case:
        return _to_receipt(kind, draft.case)
    if draft is None:
        if sent := _sent(request, kind):
            return _to_receipt(kind, sent)
        if request.method == "POST":
            messages.warning(
                request, _("Bản viết dở không còn trên máy này, nên cổng chưa nhận được gì. Xin viết lại.")
            )
        return redirect(f"feedback:{NAMES[kind]}-ask")
    data = forms.read_draft(draft)
    bound = {step: form(data.get(step, {}), kind=kind) for step, form in forms.ASK_STEPS.items()}
    for step, form in bound.items():
        if not form.is_valid():
            return redirect(_step_url(kind, step) + ("?loi=1" if step in data else ""))
    if request.method == "POST":
        if not agencies.is_allowed("send", [agencies.client_address(request)], **SENDINGS):
            return _show_review(request, kind, bound, status=429, too_many=True)
        return _to_receipt(kind, services.send_draft(draft, kind=kind, **_as_case(bound)))
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
                *(
                    [{"label": _("Nêu tên khi công khai"), "value": yes if consent["show_name"] else no}]
                    if consent["publish_consent"]
                    else []
                ),
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
    if draft and draft.case:
        return _to_receipt(kind, draft.case)
    case = _sent(request, kind)
    if case is None:
        return redirect(f"feedback:{NAMES[kind]}-ask")
    if (timezone.now() - case.received_at).total_seconds() > RECEIPT_SHOWN_FOR:
        return redirect("feedback:status")
    if request.method == "POST":  # "Xóa khỏi máy này": a shared phone, a library computer
        messages.success(request, _("Đã xóa biên nhận khỏi máy này."))
        response = redirect("home")
        response.delete_cookie(RECEIPT_COOKIE[kind])
        return response
    status_url = settings.SITE_URL + reverse("feedback:status")
    qr = segno.make(status_url, error="m").svg_inline(scale=4, border=1, omitsize=True)
    context = {"case": case, "kind": kind, "status_url": status_url, "qr": trusted(qr), **why(case)}
    return render(request, "feedback/receipt.html", context)
