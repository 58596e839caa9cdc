"""Asking, screen by screen, and the receipt."""

import hashlib
import uuid
from datetime import timedelta
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
from feedback import alike, complaints, forms, services
from feedback.models import Case, CaseFile, Draft
from feedback.views.why import why
from parcai.lib import personal
from parcai.lib.html import trusted
from parcai.lib.vietnamese import tidy

DRAFT_COOKIE: dict[str, str] = {Case.Kind.QUESTION: "ban_viet_hoi", Case.Kind.FEEDBACK: "ban_viet_phan_anh"}
RECEIPT_COOKIE: dict[str, str] = {
    Case.Kind.QUESTION: "bien_nhan_hoi",
    Case.Kind.FEEDBACK: "bien_nhan_phan_anh",
}
RECEIPT_SHOWN_FOR = 24 * 3600
SENDINGS = {"limit": 60, "seconds": 3600}  # a one-stop counter or a phone network shares one address
SENDINGS_OF_ONE = {"limit": 10, "seconds": 24 * 3600}  # with one mail address or one telephone
NEW_DRAFTS = {"limit": 300, "seconds": 3600}
UPLOADS = {"limit": 60, "seconds": 3600}
HELPED = {"limit": 20, "seconds": 24 * 3600}
STEPS = list(forms.ASK_STEPS)
FIRST = STEPS[0]
LONGEST_CARRIED = 200  # characters of a question brought along from the page of results
LONGEST_LOOKED_AT = 10_000  # characters looked through for private details while they are typed
# What the bar above the screens shows: parts, each of several screens.
PARTS = {
    "Nội dung": ("cau-hoi", "tuong-tu", "noi-dung", "loai-viec", "tep", "co-quan"),
    "Người gửi": ("tu-cach", "nguoi-gui", "lien-he", "noi-o"),
    "Đồng ý": ("dong-y", "cong-khai"),
    "Xem lại và gửi": ("xem-lai",),
}
TITLES = {
    "noi-dung": "Kể rõ sự việc",
    "tep": "Bạn có ảnh, giấy tờ muốn kèm theo không?",
    "tu-cach": "Bạn gửi với tư cách nào?",
    "nguoi-gui": "Bạn là ai?",
    "lien-he": "Báo tin cho bạn bằng cách nào?",
    "dong-y": "Bạn có đồng ý cho dùng thông tin để trả lời không?",
    "cong-khai": "Công khai để nhiều người cùng biết?",
}
QUESTIONS: dict[str, dict[str, str]] = {
    Case.Kind.QUESTION: {
        **TITLES,
        "cau-hoi": "Bạn muốn hỏi điều gì?",
        "co-quan": "Bạn muốn hỏi cơ quan nào?",
        "noi-o": "Bạn ở đâu?",
    },
    Case.Kind.FEEDBACK: {
        **TITLES,
        "cau-hoi": "Bạn muốn phản ánh, kiến nghị điều gì?",
        "co-quan": "Việc này thuộc cơ quan nào?",
        "noi-o": "Bạn ở đâu?",
    },
}
NAMES: dict[str, str] = {Case.Kind.QUESTION: "question", Case.Kind.FEEDBACK: "feedback"}
BESIDE = {
    "xem-lai": "review",
    "tuong-tu": "alike",
    "loai-viec": "matter",
}  # screens without fields of their own


def _step_url(kind: str, step: str) -> str:
    if step in BESIDE:
        return reverse(f"feedback:{NAMES[kind]}-ask-{BESIDE[step]}")
    return reverse(f"feedback:{NAMES[kind]}-ask-step", args=[step])


def _bar(current: str) -> list[dict]:
    place = next(number for number, steps in enumerate(PARTS.values()) if current in steps)
    return [
        {"title": name, "is_done": number < place, "is_current": number == place}
        for number, name in enumerate(PARTS)
    ]


def _next_step(data: dict) -> str:
    """Where whoever comes back goes on."""
    return next((step for step in STEPS if step not in data), "xem-lai")


def _bound(kind: str, data: dict, step: str) -> forms.StepForm:
    return forms.ASK_STEPS[step](data.get(step, {}), kind=kind, known=forms.known_of(data, but=step))


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
        return redirect(_step_url(to, FIRST) + (f"?{urlencode({'cau': carried})}" if carried else ""))
    return render(
        request,
        "feedback/ask_matter.html",
        {"form": form, "kind": kind, "unfinished": _resume_url(kind, draft)},
    )


def _resume_url(kind: str, draft: Draft | None) -> str:
    """The way back to a draft that is not sent; empty when there is none."""
    if draft is None or draft.case_id or not draft.data:
        return ""
    return _step_url(kind, _next_step(forms.read_draft(draft)))


def unfinished(request) -> list[dict]:
    """What this device has begun to write, for the home page: at most one of each kind."""
    found = {
        kind: _resume_url(kind, _draft(request, kind))
        for kind in DRAFT_COOKIE
        if DRAFT_COOKIE[kind] in request.COOKIES
    }
    return [{"kind": kind, "url": url} for kind, url in found.items() if url]


def _carried(request) -> str:
    """The words somebody looked for in vain, to begin the question with."""
    return " ".join(tidy(request.GET.get("cau", "")[: LONGEST_CARRIED * 4]).split())[:LONGEST_CARRIED]


def _drop_draft(request, kind, draft):
    """ "Xóa bản viết dở": on a shared phone the next person must not read it."""
    _forget(draft)
    messages.success(request, _("Đã xóa bản viết dở khỏi máy này."))
    response = redirect(f"feedback:{NAMES[kind]}-ask")
    response.delete_cookie(DRAFT_COOKIE[kind])
    return response


def _forget(draft: Draft | None) -> None:
    if draft and not draft.case_id:
        services.drop(draft.files.all())
        draft.delete()


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
            if request.method != "POST" and step != FIRST
            else _new(request, kind, step)
        )
    if request.method == "POST":
        return _keep_files(request, kind, draft) if step == "tep" else _keep_step(request, kind, step, draft)
    data = forms.read_draft(draft) if draft else {}
    if step != FIRST and FIRST not in data:
        return redirect(
            f"feedback:{NAMES[kind]}-receipt" if _sent(request, kind) else f"feedback:{NAMES[kind]}-ask"
        )
    form = None
    if "loi" in request.GET and step in data:
        form = _bound(kind, data, step)
        form = None if form.is_valid() else form
    return _show_step(request, kind, step, data, draft, form=form, status=422 if form else 200)


def _new(request, kind, step):
    """The draft behind the cookie has become a case: what comes now is the next question."""
    if request.method == "POST":
        return _keep_files(request, kind, None) if step == "tep" else _keep_step(request, kind, step, None)
    return _show_step(request, kind, step, {}, None)


def _keep_step(request, kind, step, draft):
    data = forms.read_draft(draft) if draft else {}
    known = forms.known_of(data, but=step)
    form = forms.ASK_STEPS[step](request.POST, kind=kind, known=known, initial=data.get(step))
    valid, typed = form.is_valid(), form.for_draft()
    if step not in data and not any(typed.values()) and "lui" not in request.POST and not valid:
        return _show_step(request, kind, step, data, draft, form=form, status=422)  # nothing to keep
    if draft is None and (draft := _new_draft(request, kind)) is None:
        return _show_step(request, kind, step, data, None, form=form, status=429, too_many=True)
    data = {**data, step: typed}
    forms.write_draft(draft, data)
    response = redirect(_after_step(request, kind, step, data, valid))
    return _set_key(response, DRAFT_COOKIE[kind], draft.pk, services.DRAFTS_KEPT)


def _new_draft(request, kind) -> Draft | None:
    """None when too many were begun from this address."""
    if not agencies.is_allowed("draft", [agencies.client_address(request)], **NEW_DRAFTS):
        return None
    return Draft(kind=kind)


def _keep_files(request, kind, draft):
    """The screen of attachments: what passes is kept at once, what does not is named beside the field."""
    data = forms.read_draft(draft) if draft else {}
    many = len(request.FILES.getlist("tep"))
    address = [agencies.client_address(request)]
    if not all(agencies.is_allowed("upload", address, **UPLOADS) for _each in range(many)):
        return _show_step(request, kind, "tep", data, draft, status=429, too_many=True)
    form = forms.FilesForm(request.POST, request.FILES, kind=kind)
    form.is_valid()
    if draft is None and (draft := _new_draft(request, kind)) is None:
        return _show_step(request, kind, "tep", data, None, form=form, status=429, too_many=True)
    data = {**data, "tep": form.for_draft()}
    forms.write_draft(draft, data)
    if removed := _as_key(request.POST.get("bo-tep", "")):
        services.drop(draft.files.filter(pk=removed))
    try:
        services.attach_to_draft(draft, form.checked)
    except services.TransitionError as error:
        form.add_error("tep", str(error))
    if form.errors and "lui" not in request.POST:
        response = _show_step(request, kind, "tep", data, draft, form=form, status=422)
    elif "them" in request.POST or "bo-tep" in request.POST:
        back = "?tro-lai=1" if "tro-lai" in request.GET else ""
        response = redirect(_step_url(kind, "tep") + back)
    else:
        response = redirect(_after_step(request, kind, "tep", data, True))
    return _set_key(response, DRAFT_COOKIE[kind], draft.pk, services.DRAFTS_KEPT)


def _as_key(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None


def _after_step(request, kind, step, data, valid) -> str:
    from_review = "tro-lai" in request.GET and set(STEPS) <= set(data)
    place = STEPS.index(step)
    if "lui" in request.POST:
        if from_review:
            return _step_url(kind, "xem-lai")
        return _step_url(kind, STEPS[place - 1]) if place else reverse(f"feedback:{NAMES[kind]}-ask")
    if FIRST not in data:  # the draft was gone: what was just typed is kept, the beginning is asked again
        messages.info(
            request,
            _("Bản viết dở không còn trên máy này. Phần bạn vừa viết được giữ; xin viết lại từ đầu."),
        )
        return _step_url(kind, FIRST)
    if not valid:
        return _step_url(kind, step) + ("?tro-lai=1&loi=1" if from_review else "?loi=1")
    if from_review:
        return _step_url(kind, "xem-lai")
    if step == FIRST and alike.answered(data[FIRST].get("title", "")[:LONGEST_CARRIED]):
        return _step_url(kind, "tuong-tu")
    if step == "noi-dung" and _complaint(data):
        return _step_url(kind, "loai-viec")
    return _step_url(kind, [*STEPS, "xem-lai"][place + 1])


def _show_step(request, kind, step, data, draft, form=None, status=200, too_many=False):
    if form is None:
        first = {"title": _carried(request)} if step == FIRST else None
        known = forms.known_of(data, but=step)
        form = forms.ASK_STEPS[step](kind=kind, known=known, initial=data.get(step) or first)
    context = {
        "form": form,
        "kind": kind,
        "step": step,
        "steps": _bar(step),
        "title": QUESTIONS[kind][step],
        "too_many": too_many,
        "files": list(draft.files.all()) if draft and step == "tep" else [],
    }
    return render(request, "feedback/ask_step.html", context, status=status)


# Between the screens ---------------------------------------------------------------------------------------------


@never_cache
def ask_alike(request, kind):
    """Answers that are there already, before anything else is asked. Whoever finds theirs says so, and is done."""
    draft = _draft(request, kind)
    data = forms.read_draft(draft) if draft and not draft.case_id else {}
    if draft is None or FIRST not in data:
        return redirect(f"feedback:{NAMES[kind]}-ask")
    if request.method == "POST":
        return _was_helped(request, kind, draft, data)
    found = alike.answered(data[FIRST].get("title", "")[:LONGEST_CARRIED])
    if not found:
        return redirect(_step_url(kind, "noi-dung"))
    context = {
        "kind": kind,
        "alike": found,
        "steps": _bar("tuong-tu"),
        "said": data[FIRST].get("title", ""),
        "next_url": _step_url(kind, "noi-dung"),
        "back_url": _step_url(kind, FIRST),
    }
    return render(request, "feedback/ask_alike.html", context)


def _was_helped(request, kind, draft, data):
    """Counted once a draft and answer; a draft that holds nothing but the question is not needed any more."""
    typed = request.POST.get("case", "")
    key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0
    case = Case.objects.published().filter(pk=key).first()
    if case is None:
        return redirect(_step_url(kind, "tuong-tu"))
    counted = data.get("tuong-tu", {}).get("helped", [])
    address = f"{agencies.client_address(request)}:{case.pk}"
    if case.pk not in counted and agencies.is_allowed("helped", [address], **HELPED):
        services.note_helped(case)
    messages.success(request, _("Cảm ơn bạn đã cho biết. Đã có câu trả lời nên bạn không phải gửi câu hỏi."))
    response = redirect(case.get_absolute_url())
    if set(data) - {"tuong-tu"} == {FIRST}:
        _forget(draft)
        response.delete_cookie(DRAFT_COOKIE[kind])
    else:
        forms.write_draft(draft, {**data, "tuong-tu": {"helped": [*counted, case.pk]}})
    return response


def _said(data: dict) -> str:
    return f"{data.get(FIRST, {}).get('title', '')}\n{data.get('noi-dung', {}).get('text', '')}"


def _digest(data: dict) -> str:
    return hashlib.sha256(_said(data).encode("utf-8", "replace")).hexdigest()[:16]


def _complaint(data: dict) -> str:
    """The kind of complaint the text says it is, unless its author has already said that it is none."""
    if data.get("loai-viec", {}).get("ok") == _digest(data):
        return ""
    return complaints.looks_like(_said(data)[:LONGEST_LOOKED_AT])


@never_cache
def ask_matter(request, kind):
    """The text itself says khiếu nại or tố cáo: asked once more, the choice is the citizen's."""
    draft = _draft(request, kind)
    data = forms.read_draft(draft) if draft and not draft.case_id else {}
    if draft is None or FIRST not in data:
        return redirect(f"feedback:{NAMES[kind]}-ask")
    matter = _complaint(data)
    if request.method == "POST" and matter and "chuyen" in request.POST:
        _forget(draft)  # what is no case is not kept
        response = redirect("feedback:complaint", matter)
        response.delete_cookie(DRAFT_COOKIE[kind])
        return response
    if request.method == "POST":
        data = {**data, "loai-viec": {"ok": _digest(data)}}
        forms.write_draft(draft, data)
        matter = ""
    if not matter:
        return redirect(_step_url(kind, _next_step(data)))
    context = {
        "kind": kind,
        "matter": matter,
        "steps": _bar("loai-viec"),
        "back_url": _step_url(kind, "noi-dung"),
    }
    return render(request, "feedback/ask_complaint.html", context)


@csrf_exempt  # reads, and changes nothing; what is being typed must not stand in an address
@require_POST
def alike_answers(request):
    """A piece of a page: answers that may already be what somebody is about to ask; for the script of the form."""
    said = " ".join(tidy(request.POST.get("q", "")[:800]).split())[:LONGEST_CARRIED]
    response = render(request, "feedback/alike.html", {"alike": alike.answered(said) if said else []})
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # reads, and changes nothing; nothing is kept or logged
@require_POST
def private_details(request):
    """A piece of a page: what looks private in words that are being typed; for the script of the form."""
    found = personal.find(tidy(request.POST.get("q", "")[:LONGEST_LOOKED_AT]))
    response = render(request, "feedback/private.html", {"findings": found[:8]})
    response["X-Robots-Tag"] = "noindex"
    return response


# Sending ---------------------------------------------------------------------------------------------------------


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
    data = {**forms.OPTIONAL, **forms.read_draft(draft)}
    bound = {step: _bound(kind, data, step) for step in STEPS}
    for step, form in bound.items():
        if not form.is_valid():
            back = "?tro-lai=1&loi=1" if set(STEPS) <= set(data) else "?loi=1"
            return redirect(_step_url(kind, step) + (back if step in data else ""))
    if _complaint(data):
        return redirect(_step_url(kind, "loai-viec"))
    answers = {name: value for form in bound.values() for name, value in form.cleaned_data.items()}
    if request.method == "POST":
        if problem := _looks_automatic(request, draft):
            return _show_review(request, kind, draft, answers, status=422, problem=problem)
        if not _may_send(request, answers):
            return _show_review(request, kind, draft, answers, status=429, too_many=True)
        return _to_receipt(kind, services.send_draft(draft, kind=kind, **_as_case(answers)))
    return _show_review(request, kind, draft, answers)


def _looks_automatic(request, draft) -> str:
    """What to say to a sender that behaves like a program; nothing is lost, a person presses once more."""
    if request.POST.get("website"):
        return _("Một ô ẩn trên trang đã bị điền, thường do phần mềm điền tự động. Xin bấm gửi lần nữa.")
    youngest = timezone.now() - timedelta(seconds=settings.ASK_LEAST_SECONDS)
    if settings.RATE_LIMITS and draft.created_at > youngest:
        return _("Bạn vừa bắt đầu viết cách đây vài giây. Xin xem lại rồi bấm gửi lần nữa.")
    return ""


def _may_send(request, answers) -> bool:
    """By network address an hour, by mail address and telephone a day; each is counted, also when one is over."""
    digits = "".join(letter for letter in answers["phone"] if letter.isdigit())
    contacts = [
        *([f"mail:{answers['email'].casefold()}"] if answers["email"] else []),
        *([f"phone:{digits.removeprefix('84').removeprefix('0')}"] if digits else []),
    ]
    here = agencies.is_allowed("send", [agencies.client_address(request)], **SENDINGS)
    return here and (not contacts or agencies.is_allowed("send-of", contacts, **SENDINGS_OF_ONE))


def _as_case(answers) -> dict:
    is_business = answers["asker_kind"] == Case.AskerKind.BUSINESS
    return {
        "title": answers["title"],
        "text": answers["text"],
        "asked_agency": answers["agency"],
        "asker": {
            "kind": answers["asker_kind"],
            "name": answers["name"],
            "tax_code": answers.get("tax_code", "") if is_business else "",
            "email": answers["email"],
            "phone": answers["phone"],
            "address": answers["address"],
        },
        "may_publish": answers["publish_consent"],
        "show_name": answers["show_name"],
        "notice_version": answers["notice"],
    }


def _show_review(request, kind, draft, answers, status=200, too_many=False, problem=""):
    yes, no = _("Có"), _("Không")
    names = "\n".join(file.name for file in draft.files.all())
    is_business = answers["asker_kind"] == Case.AskerKind.BUSINESS
    is_person = answers["asker_kind"] == Case.AskerKind.CITIZEN

    def row(step: str, label: str, value) -> dict:
        return {"label": label, "value": value, "edit_url": _step_url(kind, step) + "?tro-lai=1"}

    parts = [
        {
            "title": "Nội dung",
            "rows": [
                row("cau-hoi", _("Tóm tắt"), answers["title"]),
                row("noi-dung", _("Nội dung"), answers["text"]),
                row("tep", _("Tệp kèm theo"), names or _("Không có")),
                row("co-quan", _("Cơ quan"), answers["agency"] or _("Nhờ cổng chuyển giúp")),
            ],
        },
        {
            "title": "Người gửi",
            "rows": [
                row("tu-cach", _("Tư cách"), dict(Case.AskerKind.choices)[answers["asker_kind"]]),
                row("nguoi-gui", _("Họ và tên") if is_person else _("Tên"), answers["name"]),
                *([row("nguoi-gui", _("Mã số thuế"), answers["tax_code"])] if is_business else []),
                row("lien-he", _("Thư điện tử"), answers["email"] or _("Không có – hãy giữ mã hồ sơ")),
                row("lien-he", _("Điện thoại"), answers["phone"] or _("Không có")),
                row("noi-o", _("Nơi ở"), answers["address"] or _("Không có")),
            ],
        },
        {
            "title": "Đồng ý",
            "rows": [
                row("dong-y", _("Dùng thông tin để trả lời"), yes),
                row(
                    "cong-khai", _("Công khai câu hỏi và trả lời"), yes if answers["publish_consent"] else no
                ),
                *(
                    [row("cong-khai", _("Nêu tên khi công khai"), yes if answers["show_name"] else no)]
                    if answers["publish_consent"]
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
        "problem": problem,
        "back_url": _step_url(kind, STEPS[-1]),
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
    files = CaseFile.objects.filter(case=case, side=CaseFile.Side.ASKER, event=None)
    context = {
        "case": case,
        "kind": kind,
        "files": files,
        "status_url": status_url,
        "qr": trusted(qr),
        **why(case),
    }
    return render(request, "feedback/receipt.html", context)
