"""One screen a case, one address a step."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from agencies.roles import Role
from feedback import alike, forms, services
from feedback.desk import password, preview, work
from feedback.desk.access import (
    masked,
    may_publish,
    may_see_asker,
    official_required,
    show_public_only,
    title_for,
)
from feedback.desk.course import course
from feedback.desk.steps import SPEAKS_FOR_ITSELF, STEP_WORDS, STEPS, TELLS_ASKER, WITH_EDITOR, Step
from feedback.models import Case, CaseFile
from parcai.lib import personal
from parcai.lib.html import plain_text, text_to_html
from parcai.lib.widgets import EDITOR_POLICY


def case_for(request, code) -> Case:
    visible = Case.objects.visible_to(request.user).select_related(
        "agency", "asked_agency", "officer", "campaign__plan", "topic", "refusal", "duplicate_of"
    )
    return get_object_or_404(visible, code=code)


def _offered(case, user) -> dict[str, Step]:
    return {name: step for name, step in STEPS.items() if step.is_for(user) and step.when(case, user)}


@csp_update(EDITOR_POLICY)
@official_required
def case(request, code):
    return show(request, case_for(request, code))


@csp_update(EDITOR_POLICY)
@official_required
def case_step(request, code, step):
    """Run one step by POST. Whatever goes wrong is said beside the words, and the words stay."""
    if step not in STEPS or not STEPS[step].is_for(request.user):
        raise Http404
    if request.method == "POST" and not Case.objects.visible_to(request.user).filter(code=code).exists():
        return gone(request, code)
    case = case_for(request, code)
    if request.method != "POST":
        return redirect(case.get_desk_url())
    chosen = STEPS[step]
    if preview.BACK in request.POST:
        return show(request, case, carried={step: dict(preview.carried(request))})
    form = chosen.form(request.POST, case, request.user)
    form.files = request.FILES
    is_look = preview.LOOK in request.POST and step in preview.PREVIEWED
    if is_look:
        form.fields.pop("password", None)
    if not form.is_valid() or ("password" in form.fields and not password.confirm(request, form)):
        return show(request, case, bound={step: form})
    try:
        if step not in SPEAKS_FOR_ITSELF and not chosen.when(
            case, request.user
        ):  # the page stood open while the case went on
            raise services.TransitionError(
                _("Bước này không còn phù hợp: hồ sơ đang “%s”.") % case.get_status_display()
            )
        _check_seen(request, case, step)

        def act():
            return chosen.act(case, request.user, form.cleaned_data)

        if is_look:
            again = chosen.form(None, case, request.user)
            return preview.show(request, case, name=step, step=chosen, form=again, act=act)
        act()
    except services.TransitionError as error:
        form.add_error(None, str(error))
        case = case_for(request, code)
        return show(request, case, bound={step: form}, error=str(error))
    messages.success(request, str(chosen.done))
    if step in TELLS_ASKER and not case.asker_email:
        reach = (
            _("hãy gọi %s") % case.asker_phone if case.asker_phone else _("họ tự xem bằng mã hồ sơ và mã PIN")
        )
        messages.warning(request, _("Người gửi không để lại thư điện tử: %s.") % reach)
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect(case.get_desk_url())
    return redirect("feedback:desk")


def _check_seen(request, case, step) -> None:
    """The case is still the one the official had before them; a draft has a version of its own."""
    seen = request.POST.get("ho_so_ban")
    if seen is not None and step not in {"soan", "luu-nhap"} and seen != str(case.version):
        raise services.TransitionError(
            _("Hồ sơ vừa được người khác xử lý. Hãy xem lại tình trạng mới rồi bấm lần nữa nếu vẫn đúng.")
        )


def _mask_all(case, events, answers) -> None:
    """What the page of an observer shows; the rows themselves are never saved from here."""
    hidden = [row.words for row in case.redactions.standing() if row.made_by_id]  # what somebody hid by hand

    def without(text: str) -> str:
        return personal.mask(masked(case, text), [("chỗ đã che", words) for words in hidden])

    for answer in answers:
        answer.body = text_to_html(without(plain_text(answer.body)))
    for row, names in (
        (case, ("title", "text", "rating_comment")),
        *((each, ("public_note", "internal_note")) for each in events),
    ):
        for name in names:
            setattr(row, name, without(getattr(row, name)))


def gone(request, code):
    """The case went to another agency while words were being typed: they are shown once more, to be copied."""
    typed = [
        value
        for name, value in request.POST.items()
        if name in {"body", "note", "answer", "text", "question"} and value
    ]
    context = {"code": code, "typed": [plain_text(value) if "<" in value else value for value in typed]}
    return render(request, "feedback/desk_gone.html", context, status=404)


def _like(case, user) -> dict:
    """What helps to decide: the same sent twice, like questions with a public answer, who answered them before."""
    if case.is_confidential:
        return {}
    doubles = alike.doubles(case, user=user) if case.is_open else []
    for each in doubles:
        each.title = title_for(each, user)
    return {
        "answered_like": alike.answered(f"{case.title}\n{case.text}", but=case) if case.is_open else [],
        "doubles": doubles,
    }


def _files(case, user) -> dict:
    """What the asker sent along, for those who may read it; the others learn how many there are."""
    files = list(case.files.filter(side=CaseFile.Side.ASKER))
    for each in files:
        each.case = case
    return {"files": files} if may_see_asker(user) else {"hidden_files": len(files)}


def show(request, case, bound=None, error="", carried=None):
    """The screen; `bound` holds forms with errors, `carried` words that are on their way through another page."""
    bound, carried = bound or {}, carried or {}
    user = request.user
    offered = _offered(case, user)
    for name in (*bound, *carried):  # a step that just lost its race still shows the words typed for it
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
    for action in actions:
        if words := carried.get(action["name"]):
            action["form"].initial.update(words)
            action["is_open"] = True
        action["is_previewed"] = action["name"] in preview.PREVIEWED
    for action in actions:  # one editor, two buttons
        if action["name"] == "soan" and "luu-nhap" in bound:
            action |= {"form": bound["luu-nhap"], "is_open": True}
    main = [action for action in actions if action["step"].style == "primary"]
    events = list(case.events.select_related("by", "agency"))
    answers = list(case.answers.select_related("drafted_by"))
    is_behind_reason, can_publish = False, may_publish(case, user)
    if not may_see_asker(user):
        _mask_all(case, events, answers)
    elif is_behind_reason := services.is_behind_reason(case, user):
        show_public_only(case, events, answers)
    has_editor = any(action["name"] == "soan" for action in actions)
    context = {
        "case": case,
        **work.about(case, user, answers, has_editor=has_editor, is_behind_reason=is_behind_reason),
        "may_see_asker": may_see_asker(user) and not is_behind_reason,
        "is_behind_reason": is_behind_reason,
        "can_publish": can_publish,
        "data_requests": list(case.data_requests.select_related("handled_by"))
        if user.has_role(Role.COORDINATOR) and not is_behind_reason
        else [],
        "readers": list(case.readers.select_related("user")) if case.is_confidential else [],
        "events": [{"event": event, "title": STEP_WORDS[event.step]} for event in events],
        "answers": answers,
        "main_actions": main,
        "other_actions": [action for action in actions if action not in main],
        "days": services.explain(case),
        "error": error,
        **_like(case, user),
        **_files(case, user),
        **course(case, user),
        "editor_media": forms.AnswerForm().media if any(a["name"] in WITH_EDITOR for a in actions) else "",
    }
    return render(request, "feedback/desk_case.html", context, status=422 if bound or error else 200)
