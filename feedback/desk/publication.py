"""Masking and publishing: the original beside what everybody will read, and every hidden place with its reason."""

import uuid

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from feedback import forms, services
from feedback.desk import preview
from feedback.desk.access import may_publish, official_required
from feedback.models import Case
from parcai.lib.widgets import EDITOR_POLICY


def _case_for(request, code) -> Case:
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("agency", "campaign"), code=code
    )
    if not may_publish(case, request.user):
        raise Http404
    return case


@csp_update(EDITOR_POLICY)  # a letter that is looked at brings its own styles
@official_required
def publication(request, code):
    case = _case_for(request, code)
    if services.is_behind_reason(case, request.user):
        messages.warning(request, _("Hãy ghi lý do xem bản gốc trước."))
        return redirect(case.get_desk_url())
    if request.method != "POST":
        return _show(request, case)
    act = ACTS.get(request.POST.get("viec", "dang"))
    if act is None:
        raise Http404
    return act(request, case)


def _do(request, case, name, form, act, done):
    """Run one service with a form; whatever goes wrong is said beside the words, and the words stay."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except services.TransitionError as error:
            form.add_error(None, str(error))
            case = _case_for(request, case.code)
        else:
            messages.success(request, done)
            return redirect("feedback:desk-publish", code=case.code)
    return _show(request, case, **{name: form})


def _mask(request, case):
    return _do(
        request,
        case,
        "mask_form",
        forms.MaskForm(request.POST, auto_id="che-%s"),
        lambda data: services.mask(case, by=request.user, **data),
        _("Đã che."),
    )


def _unmask(request, case):
    return _do(
        request,
        case,
        "unmask_form",
        forms.UnmaskForm(request.POST),
        lambda data: services.unmask(case, by=request.user, place=data["place"], why=data["why"]),
        _("Đã bỏ che."),
    )


def _publish(request, case):
    form = forms.PublishForm(request.POST, case=case)
    if preview.BACK in request.POST:
        typed = dict(preview.carried(request))
        return _show(request, case, typed=typed)
    if form.is_valid():

        def act():
            services.publish(case, by=request.user, **form.cleaned_data)

        try:
            if preview.LOOK in request.POST:
                step = {"label": _("Công khai câu hỏi và trả lời")}
                return preview.show(request, case, name="cong-khai", step=step, form=form, act=act)
            act()
        except services.TransitionError as error:
            form.add_error(None, str(error))
            case = _case_for(request, case.code)
        else:
            messages.success(request, _("Đã công khai."))
            return redirect(case.get_desk_url())
    return _show(request, case, publish_form=form)


def _file(request, case):
    """Release one file, or hold it back again."""
    file = get_object_or_404(case.files, pk=_uuid(request.POST.get("tep", "")))
    try:
        if file.is_public:
            services.withhold_file(case, by=request.user, file=file)
        else:
            services.release_file(case, by=request.user, file=file, has_looked="da-xem" in request.POST)
    except services.TransitionError as error:
        return _show(request, _case_for(request, case.code), file_error=str(error))
    messages.success(request, _("Đã ghi."))
    return redirect("feedback:desk-publish", code=case.code)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


ACTS = {"che": _mask, "bo-che": _unmask, "dang": _publish, "tep": _file}


def _show(request, case, *, mask_form=None, unmask_form=None, publish_form=None, file_error="", typed=None):
    standing = services.masks(case)
    copy = services.public_copy(case, standing)
    proposed = {"title": case.public_title or copy["title"], "name": copy["name"], **(typed or {})}
    context = {
        "case": case,
        "copy": copy,
        "original": services.marked(case, standing),
        "masks": standing,
        "removed": list(case.redactions.exclude(removed_at=None).select_related("removed_by")),
        "mask_form": mask_form or forms.MaskForm(auto_id="che-%s"),
        "publish_form": publish_form or forms.PublishForm(case=case, initial=proposed),
        "unmask_form": unmask_form,
        "files": list(case.files.select_related("answer")),
        "file_error": file_error,
    }
    failed = mask_form or unmask_form or publish_form or file_error
    return render(request, "feedback/desk_publish.html", context, status=422 if failed else 200)
