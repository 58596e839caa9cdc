"""The casework desk (/xu-ly/): queues by role, one screen a case, one address a step."""

from collections.abc import Callable
from dataclasses import dataclass

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from agencies import services as agencies
from agencies.roles import DESK_ROLES, Role
from feedback import alike, forms, services
from feedback.models import Case
from parcai.lib import personal
from parcai.lib.html import plain_text, text_to_html
from parcai.lib.widgets import EDITOR_POLICY

PER_PAGE = 25
Status = Case.Status


# Queues ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    name: str
    title: str | Promise
    roles: tuple[Role, ...]
    select: Callable
    order: tuple[str, ...] = ("due_on", "received_at")


def _soon(cases, user):
    return cases.due_soon(agencies.due_on(timezone.now(), services.DUE_SOON))


QUEUES = [
    Queue(
        "moi",
        gettext_lazy("Mới tiếp nhận"),
        (Role.COORDINATOR,),
        lambda c, u: c.filter(status=Status.RECEIVED),
        ("received_at",),
    ),
    Queue(
        "cho-giao",
        gettext_lazy("Chờ giao"),
        (Role.COORDINATOR,),
        lambda c, u: c.filter(status=Status.ACCEPTED),
        ("due_on",),
    ),
    Queue("cua-toi", gettext_lazy("Tôi thụ lý"), (Role.OFFICER,), lambda c, u: c.open().filter(officer=u)),
    Queue(
        "chua-ai-nhan",
        gettext_lazy("Chưa ai nhận"),
        (Role.OFFICER,),
        lambda c, u: c.filter(status=Status.ASSIGNED, officer=None),
    ),
    Queue(
        "cho-ky",
        gettext_lazy("Chờ ký"),
        (Role.HEAD, Role.OFFICER),
        lambda c, u: c.filter(status=Status.DRAFTED),
    ),
    Queue(
        "dang-giai-quyet",
        gettext_lazy("Đang giải quyết"),
        DESK_ROLES,
        lambda c, u: c.filter(status=Status.ASSIGNED),
    ),
    Queue("sap-han", gettext_lazy("Sắp đến hạn"), DESK_ROLES, _soon),
    Queue("qua-han", gettext_lazy("Quá hạn"), DESK_ROLES, lambda c, u: c.overdue()),
    Queue(
        "tam-dung", gettext_lazy("Chờ bổ sung"), DESK_ROLES, lambda c, u: c.filter(status=Status.NEEDS_INFO)
    ),
    Queue(
        "cho-cong-khai",
        gettext_lazy("Chờ công khai"),
        (Role.COORDINATOR,),
        lambda c, u: c.filter(
            status=Status.ANSWERED, published_at=None, publish_consent_at__isnull=False, is_confidential=False
        ),
        ("answered_at",),
    ),
    Queue(
        "dan-van-ban",
        gettext_lazy("Dẫn văn bản hết hiệu lực"),
        (Role.COORDINATOR,),
        lambda c, u: services.citing_ended(c),
        ("answered_at",),
    ),
    Queue("tat-ca", gettext_lazy("Tất cả"), DESK_ROLES, lambda c, u: c, ("-received_at",)),
]


def official_required(view):
    @never_cache
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_role(*DESK_ROLES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@official_required
def desk(request):
    queues = [queue for queue in QUEUES if request.user.has_role(*queue.roles)]
    visible = Case.objects.visible_to(request.user)
    sizes = {queue.name: queue.select(visible, request.user).count() for queue in queues}
    chosen = next((queue for queue in queues if queue.name == request.GET.get("hang")), None)
    if chosen is None:
        chosen = next((queue for queue in queues if sizes[queue.name]), queues[-1])
    cases = (
        chosen.select(visible, request.user).select_related("agency", "officer").defer("text", "public_text")
    )
    page = Paginator(cases.order_by(*chosen.order, "pk"), PER_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "title": queue.title,
            "count": sizes[queue.name],
            "url": f"?hang={queue.name}",
            "is_current": queue is chosen,
        }
        for queue in queues
    ]
    today = timezone.localdate()
    calendar = agencies.work_calendar(min([today, *(case.due_on for case in page)]))
    rows = [
        {
            "case": case,
            "title": case.title if _may_see_asker(request.user) else _masked(case, case.title),
            "days": agencies.working_days_left(case.due_on, today, calendar),
        }
        for case in page
    ]
    return render(
        request,
        "feedback/desk.html",
        {"tabs": tabs, "queue": chosen, "page": page, "rows": rows, "query": f"hang={chosen.name}"},
    )


def _may_see_asker(user) -> bool:
    return user.has_role(Role.COORDINATOR, Role.OFFICER, Role.HEAD)


def _masked(case, text: str) -> str:
    """The text without what tells who asked, for those who watch over the work and not over people."""
    name = [] if not case.show_name else [("tên người gửi", case.asker_name)]
    return personal.mask(text, [*case.known_of_asker(), *name])


# One case --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One thing an official may do: who, when, with which form, by which service."""

    label: str | Promise
    roles: tuple[Role, ...]
    when: Callable
    form: Callable
    act: Callable
    done: str | Promise
    style: str = "secondary"
    intro: str | Promise = ""


def _words(label, help_text="", required=True):
    return lambda data, case, user: forms.WordsForm(data, label=label, help_text=help_text, required=required)


def _confirm(data, case, user):
    return forms.ConfirmForm(data)


def _answer_form(data, case, user):
    draft = forms.draft_of(case)
    if draft:
        initial = {"body": draft.body, "version": draft.version}
    else:
        matter = _("câu hỏi") if case.kind == Case.Kind.QUESTION else _("phản ánh, kiến nghị")
        opening = _("%(agency)s trả lời %(matter)s “%(title)s” như sau:") % {
            "agency": case.agency,
            "matter": matter,
            "title": case.title,
        }
        initial = {"body": text_to_html(opening), "version": 0}
    return forms.AnswerForm(data, initial=initial)


def _sign_form(data, case, user):
    draft = forms.draft_of(case)
    return forms.SignForm(data, initial={"version": draft.version if draft else 1})


def _publish_form(data, case, user):
    return forms.PublishForm(data, case=case, initial=services.proposal_for_public(case))


def _is(*statuses):
    return lambda case, user: case.status in statuses


def _can_publish(case, user):
    return (
        case.status == Status.ANSWERED
        and case.publish_consent_at is not None
        and case.published_at is None
        and not case.is_confidential
    )


def _can_sign(case, user):
    draft = forms.draft_of(case)
    return case.status == Status.DRAFTED and draft is not None and draft.drafted_by_id != user.pk


COORDINATOR, OFFICER, HEAD = (Role.COORDINATOR,), (Role.OFFICER,), (Role.HEAD,)
NEW = _is(Status.RECEIVED, Status.ACCEPTED)
STEPS = {
    "giao": Step(
        gettext_lazy("Giao cơ quan giải quyết"),
        COORDINATOR,
        NEW,
        lambda data, case, user: forms.RouteForm(data, case=case),
        lambda case, by, data: services.route(
            case, by=by, agency=data["agency"], campaign=data["campaign"], note=data["note"]
        ),
        gettext_lazy("Đã vào sổ và giao hồ sơ."),
        "primary",
    ),
    "vao-so": Step(
        gettext_lazy("Vào sổ, giao sau"),
        COORDINATOR,
        _is(Status.RECEIVED),
        _confirm,
        lambda case, by, data: services.accept(case, by=by),
        gettext_lazy("Đã vào sổ."),
    ),
    "soan": Step(
        gettext_lazy("Soạn trả lời"),
        OFFICER,
        _is(Status.ASSIGNED),
        _answer_form,
        lambda case, by, data: services.submit_answer(
            case, by=by, body=data["body"], version=data["version"]
        ),
        gettext_lazy("Đã trình thủ trưởng."),
        "primary",
    ),
    "luu-nhap": Step(
        gettext_lazy("Lưu nháp"),
        OFFICER,
        _is(Status.ASSIGNED),
        _answer_form,
        lambda case, by, data: services.save_draft(case, by=by, body=data["body"], version=data["version"]),
        gettext_lazy("Đã lưu nháp."),
    ),
    "ky": Step(
        gettext_lazy("Duyệt và ký trả lời"),
        HEAD,
        _can_sign,
        _sign_form,
        lambda case, by, data: services.sign(case, by=by, version=data["version"]),
        gettext_lazy("Đã ký. Người gửi sẽ nhận được thông báo."),
        "primary",
        gettext_lazy("Khi ký, câu trả lời được gửi ngay cho người hỏi kèm tên và chức vụ của bạn."),
    ),
    "tra-chuyen-vien": Step(
        gettext_lazy("Trả lại chuyên viên"),
        HEAD,
        _is(Status.DRAFTED),
        _words(gettext_lazy("Cần sửa điều gì?")),
        lambda case, by, data: services.send_back(case, by=by, note=data["note"]),
        gettext_lazy("Đã trả lại kèm ý kiến."),
    ),
    "cong-khai": Step(
        gettext_lazy("Công khai câu hỏi và trả lời"),
        COORDINATOR,
        _can_publish,
        _publish_form,
        lambda case, by, data: services.publish(
            case,
            by=by,
            title=data["title"],
            text=data["text"],
            answer=data["answer"],
            name=data.get("name", ""),
        ),
        gettext_lazy("Đã công khai."),
        "primary",
        gettext_lazy("Chỗ nhận ra người hỏi đã được che sẵn; hãy đọc lại từng chữ trước khi đăng."),
    ),
    "nhan": Step(
        gettext_lazy("Tôi nhận thụ lý"),
        OFFICER,
        lambda case, user: case.status == Status.ASSIGNED and case.officer_id != user.pk,
        _confirm,
        lambda case, by, data: services.claim(case, by=by),
        gettext_lazy("Bạn đã nhận thụ lý hồ sơ này."),
    ),
    "hoi-lai": Step(
        gettext_lazy("Đề nghị bổ sung"),
        (Role.COORDINATOR, Role.OFFICER),
        lambda case, user: (
            NEW(case, user) or (case.status == Status.ASSIGNED and user.has_role(Role.OFFICER))
        ),
        _words(
            gettext_lazy("Cần người gửi bổ sung điều gì?"),
            gettext_lazy("Người gửi đọc đúng những lời này. Hạn trả lời tạm dừng đến khi có bổ sung."),
        ),
        lambda case, by, data: services.ask_back(case, by=by, note=data["note"]),
        gettext_lazy("Đã gửi đề nghị bổ sung; hạn trả lời tạm dừng."),
    ),
    "da-bo-sung": Step(
        gettext_lazy("Đã có bổ sung qua điện thoại, tại quầy"),
        (Role.COORDINATOR, Role.OFFICER),
        _is(Status.NEEDS_INFO),
        _words(
            gettext_lazy("Người gửi đã bổ sung điều gì?"),
            gettext_lazy("Ghi đúng lời người gửi; họ cũng đọc được. Hạn trả lời tính tiếp từ hôm nay."),
        ),
        lambda case, by, data: services.note_information(case, by=by, note=data["note"]),
        gettext_lazy("Đã ghi phần bổ sung; hạn trả lời tính tiếp."),
        "primary",
    ),
    "thu-hoi": Step(
        gettext_lazy("Thu hồi để giao lại"),
        COORDINATOR,
        _is(Status.ASSIGNED),
        _words(gettext_lazy("Vì sao thu hồi?"), gettext_lazy("Cơ quan đang giữ hồ sơ đọc được lý do này.")),
        lambda case, by, data: services.recall(case, by=by, note=data["note"]),
        gettext_lazy("Đã thu hồi; hồ sơ đang chờ giao."),
    ),
    "tra-dieu-phoi": Step(
        gettext_lazy("Trả lại điều phối"),
        (Role.OFFICER, Role.HEAD),
        _is(Status.ASSIGNED),
        _words(gettext_lazy("Vì sao không thuộc cơ quan bạn?")),
        lambda case, by, data: services.return_to_intake(case, by=by, note=data["note"]),
        gettext_lazy("Đã trả hồ sơ về bộ phận điều phối."),
    ),
    "khong-tiep-nhan": Step(
        gettext_lazy("Không tiếp nhận"),
        COORDINATOR,
        _is(Status.RECEIVED, Status.ACCEPTED, Status.NEEDS_INFO),
        _words(gettext_lazy("Lý do"), gettext_lazy("Người gửi đọc đúng những lời này.")),
        lambda case, by, data: services.reject(case, by=by, note=data["note"]),
        gettext_lazy("Đã từ chối kèm lý do."),
    ),
    "chuyen": Step(
        gettext_lazy("Chuyển cơ quan ngoài cổng"),
        COORDINATOR,
        NEW,
        lambda data, case, user: forms.ForwardForm(data),
        lambda case, by, data: services.forward(case, by=by, body=data["body"], note=data["note"]),
        gettext_lazy("Đã chuyển."),
    ),
    "trung": Step(
        gettext_lazy("Đánh dấu trùng"),
        COORDINATOR,
        NEW,
        lambda data, case, user: forms.DuplicateForm(data, cases=Case.objects.visible_to(user)),
        lambda case, by, data: services.mark_duplicate(case, by=by, of=data["of"]),
        gettext_lazy("Đã gộp với hồ sơ gốc."),
    ),
    "khieu-nai-to-cao": Step(
        gettext_lazy("Khiếu nại, tố cáo: chuyển, không công khai"),
        (Role.COORDINATOR, Role.OFFICER, Role.HEAD),
        _is(Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.NEEDS_INFO),
        _words(gettext_lazy("Ghi chú nội bộ"), required=False),
        lambda case, by, data: services.set_aside(case, by=by, note=data["note"]),
        gettext_lazy("Đã chuyển và khóa nội dung."),
        "danger",
        gettext_lazy("Nội dung biến mất khỏi mọi danh sách, kể cả bàn xử lý của các cơ quan."),
    ),
    "go": Step(
        gettext_lazy("Gỡ khỏi trang công khai"),
        COORDINATOR,
        lambda case, user: case.published_at is not None,
        _words(gettext_lazy("Lý do gỡ")),
        lambda case, by, data: services.unpublish(case, by=by, note=data["note"]),
        gettext_lazy("Đã gỡ."),
    ),
    "xem-loi-dan": Step(
        gettext_lazy("Xác nhận lời dẫn"),
        COORDINATOR,
        lambda case, user: services.citing_ended(Case.objects.filter(pk=case.pk)).exists(),
        _words(gettext_lazy("Nhận xét"), required=False),
        lambda case, by, data: services.confirm_citations(case, by=by, note=data["note"]),
        gettext_lazy("Đã ghi nhận: câu trả lời còn đúng."),
        intro=gettext_lazy(
            "Câu trả lời này dẫn văn bản đã hết hiệu lực. Người đọc thấy lời báo ở đầu câu trả lời."
        ),
    ),
}
WITH_EDITOR = {"soan", "luu-nhap", "cong-khai"}
SPEAKS_FOR_ITSELF = {"ky"}  # its service says better why a head may not sign
TELLS_ASKER = {"ky", "hoi-lai", "khong-tiep-nhan", "chuyen"}
STEP_WORDS = {
    "receive": gettext_lazy("Cổng nhận hồ sơ"),
    "accept": gettext_lazy("Vào sổ"),
    "reject": gettext_lazy("Không tiếp nhận"),
    "forward": gettext_lazy("Chuyển cơ quan ngoài cổng"),
    "set-aside": gettext_lazy("Chuyển, không công khai"),
    "duplicate": gettext_lazy("Gộp với hồ sơ trùng"),
    "route": gettext_lazy("Giao cơ quan giải quyết"),
    "ask-back": gettext_lazy("Đề nghị bổ sung"),
    "reply": gettext_lazy("Người gửi bổ sung"),
    "reply-noted": gettext_lazy("Ghi nhận bổ sung qua điện thoại, tại quầy"),
    "claim": gettext_lazy("Nhận thụ lý"),
    "return": gettext_lazy("Trả lại điều phối"),
    "recall": gettext_lazy("Thu hồi để giao lại"),
    "submit": gettext_lazy("Trình thủ trưởng"),
    "send-back": gettext_lazy("Trả lại chuyên viên"),
    "sign": gettext_lazy("Ký trả lời"),
    "publish": gettext_lazy("Công khai"),
    "unpublish": gettext_lazy("Gỡ khỏi trang công khai"),
    "citations": gettext_lazy("Đã xem lời dẫn, còn đúng"),
    "withdraw": gettext_lazy("Người gửi rút hồ sơ"),
    "rate": gettext_lazy("Người gửi đánh giá"),
    "reopen": gettext_lazy("Người gửi đề nghị trả lời lại"),
}


def _case_for(request, code) -> Case:
    visible = Case.objects.visible_to(request.user).select_related(
        "agency", "asked_agency", "officer", "campaign__plan"
    )
    return get_object_or_404(visible, code=code)


def _offered(case, user) -> dict[str, Step]:
    return {
        name: step for name, step in STEPS.items() if user.has_role(*step.roles) and step.when(case, user)
    }


@csp_update(EDITOR_POLICY)
@official_required
def case(request, code):
    return _show(request, _case_for(request, code))


@csp_update(EDITOR_POLICY)
@official_required
def case_step(request, code, step):
    """Run one step by POST. Whatever goes wrong is said beside the words, and the words stay."""
    if step not in STEPS or not request.user.has_role(*STEPS[step].roles):
        raise Http404
    if request.method == "POST" and not Case.objects.visible_to(request.user).filter(code=code).exists():
        return _gone(request, code)
    case = _case_for(request, code)
    if request.method != "POST":
        return redirect(case.get_desk_url())
    chosen = STEPS[step]
    form = chosen.form(request.POST, case, request.user)
    if not form.is_valid():
        return _show(request, case, bound={step: form})
    try:
        if step not in SPEAKS_FOR_ITSELF and not chosen.when(
            case, request.user
        ):  # the page stood open while the case went on
            raise services.TransitionError(
                _("Bước này không còn phù hợp: hồ sơ đang “%s”.") % case.get_status_display()
            )
        chosen.act(case, request.user, form.cleaned_data)
    except services.TransitionError as error:
        form.add_error(None, str(error))
        case = _case_for(request, code)
        return _show(request, case, bound={step: form}, error=str(error))
    messages.success(request, str(chosen.done))
    if step in TELLS_ASKER and not case.asker_email:
        reach = (
            _("hãy gọi %s") % case.asker_phone if case.asker_phone else _("họ tự xem bằng mã hồ sơ và mã PIN")
        )
        messages.warning(request, _("Người gửi không để lại thư điện tử: %s.") % reach)
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect(case.get_desk_url())
    return redirect("feedback:desk")


def _mask_all(case, events, answers) -> None:
    """What the page of an observer shows; the rows themselves are never saved from here."""
    for answer in answers:
        answer.body = text_to_html(_masked(case, plain_text(answer.body)))
    for row, names in (
        (case, ("title", "text", "rating_comment")),
        *((each, ("public_note", "internal_note")) for each in events),
    ):
        for name in names:
            setattr(row, name, _masked(case, getattr(row, name)))


def _gone(request, code):
    """The case went to another agency while words were being typed: they are shown once more, to be copied."""
    typed = [
        value for name, value in request.POST.items() if name in {"body", "note", "answer", "text"} and value
    ]
    context = {"code": code, "typed": [plain_text(value) if "<" in value else value for value in typed]}
    return render(request, "feedback/desk_gone.html", context, status=404)


def _like(case, user) -> dict:
    """What helps to decide: the same sent twice, like questions with a public answer, who answered them before."""
    if case.is_confidential:
        return {}
    is_new = case.status in (Case.Status.RECEIVED, Case.Status.ACCEPTED)
    doubles = alike.doubles(case, user=user) if case.is_open else []
    if not _may_see_asker(user):
        for each in doubles:
            each.title = _masked(each, each.title)
    return {
        "answered_like": alike.answered(f"{case.title}\n{case.text}", but=case) if case.is_open else [],
        "doubles": doubles,
        "right_agencies": alike.agencies_for(case, user=user)
        if is_new and user.has_role(Role.COORDINATOR)
        else [],
    }


def _show(request, case, bound=None, error=""):
    bound = bound or {}
    user = request.user
    offered = _offered(case, user)
    for name in bound:  # a step that just lost its race still shows the words typed for it
        shown = "soan" if name == "luu-nhap" else name
        offered.setdefault(shown, STEPS[shown])
    actions = [
        {
            "name": name,
            "step": step,
            "form": bound.get(name) or step.form(None, case, user),
            "is_open": name in bound,
            "url": f"{case.get_desk_url()}{name}/",
        }
        for name, step in offered.items()
        if name != "luu-nhap"
    ]
    for action in actions:  # one editor, two buttons
        if action["name"] == "soan" and "luu-nhap" in bound:
            action |= {"form": bound["luu-nhap"], "is_open": True}
    main = [action for action in actions if action["step"].style == "primary"]
    events = list(case.events.select_related("by", "agency"))
    answers = list(case.answers.select_related("drafted_by"))
    if not _may_see_asker(user):
        _mask_all(case, events, answers)
    context = {
        "case": case,
        "may_see_asker": _may_see_asker(user),
        "events": [{"event": event, "title": STEP_WORDS[event.step]} for event in events],
        "answers": answers,
        "main_actions": main,
        "other_actions": [action for action in actions if action not in main],
        "days": agencies.explain_due(case.clock_from, case.term, case.paused_days()),
        "error": error,
        **_like(case, user),
        "editor_media": forms.AnswerForm().media if any(a["name"] in WITH_EDITOR for a in actions) else "",
    }
    return render(request, "feedback/desk_case.html", context, status=422 if bound or error else 200)
