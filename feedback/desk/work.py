"""Steps of the officer and the head beside the answer itself."""

from django.utils.translation import gettext_lazy

from agencies.roles import Role
from feedback import forms, services
from feedback.desk.step import Step
from feedback.models import AnswerTemplate, Case
from parcai.lib.html import plain_text

Status = Case.Status
COORDINATOR, OFFICER, HEAD = Role.COORDINATOR, Role.OFFICER, Role.HEAD


def _note(label, help_text=""):
    return lambda data, case, user: forms.WordsForm(data, label=label, help_text=help_text)


def _interim_form(data, case, user):
    row = services.unsigned_interim(case)
    initial: dict[str, object] = {"version": 0}
    if row:
        initial = {
            "body": plain_text(row.body),
            "due_on": row.due_on,
            "ground": row.ground,
            "version": row.version,
        }
    return forms.InterimForm(data, case=case, initial=initial)


def _sign_form(data, case, user):
    row = services.waiting_interim(case)
    return forms.SignForm(data, initial={"version": row.version if row else 1})


def _may_sign_interim(case, user) -> bool:
    if case.status != Status.ASSIGNED or not services.may_sign_for(case, user):
        return False
    row = services.waiting_interim(case)
    return row is not None and (row.drafted_by_id != user.pk or services.is_sole_official(user))


def about(case, user, answers, *, has_editor: bool, is_behind_reason: bool) -> dict:
    """What the screen shows of the work: who holds the case, drafts, documents cited, opinions, an interim answer."""
    draft = next((answer for answer in answers if answer.signed_at is None), None)
    may_read = user.has_role(COORDINATOR, OFFICER, HEAD) and not is_behind_reason
    found = {
        "draft": draft,
        "has_lapsed": services.has_lapsed(case),
        "versions": draft.versions.count() if draft else 0,
        "cited": services.cited_in_draft(draft) if draft and not is_behind_reason else [],
        "draft_files": _files_of(case, draft) if draft and may_read else [],
        "opinions": list(case.opinions.select_related("agency", "answered_by")) if may_read else [],
        "interim": services.unsigned_interim(case) if may_read and case.status == Status.ASSIGNED else None,
        "people": services.people_to_mention(case) if may_read else [],
        "signs_for_head": not user.has_role(HEAD),
    }
    if has_editor:
        found["templates"] = list(AnswerTemplate.objects.offered_for(case))
    return found


def _files_of(case, draft) -> list:
    files = list(draft.files.all())
    for each in files:
        each.case = case
    return files


WORK_STEPS = {
    "ky-tam-thoi": Step(
        gettext_lazy("Ký trả lời tạm thời"),
        (HEAD,),
        _may_sign_interim,
        _sign_form,
        lambda case, by, data: services.sign_interim(case, by=by, version=data["version"]),
        gettext_lazy("Đã ký trả lời tạm thời; người gửi được báo hạn mới."),
        "primary",
        gettext_lazy("Khi ký, người hỏi nhận ngay lời này cùng hạn mới và căn cứ."),
        also=services.was_deputy,
    ),
    "tra-tam-thoi": Step(
        gettext_lazy("Trả lại bản tạm thời"),
        (HEAD,),
        lambda case, user: services.may_sign_for(case, user) and services.waiting_interim(case) is not None,
        _note(gettext_lazy("Cần sửa điều gì?")),
        lambda case, by, data: services.return_interim(case, by=by, note=data["note"]),
        gettext_lazy("Đã trả lại bản tạm thời kèm ý kiến."),
        also=services.was_deputy,
    ),
    "tam-thoi": Step(
        gettext_lazy("Trả lời tạm thời, xin lùi hạn"),
        (OFFICER,),
        lambda case, user: case.status == Status.ASSIGNED and services.may_extend(case),
        _interim_form,
        lambda case, by, data: services.propose_interim(case, by=by, **data),
        gettext_lazy("Đã trình thủ trưởng bản trả lời tạm thời."),
        intro=gettext_lazy(
            "Khi chưa trả lời kịp: báo người hỏi việc đang đến đâu và hạn mới. Thủ trưởng ký."
        ),
    ),
    "xin-y-kien": Step(
        gettext_lazy("Xin ý kiến cơ quan khác"),
        (COORDINATOR, OFFICER, HEAD),
        lambda case, user: (
            case.status in (Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED) and not case.is_confidential
        ),
        lambda data, case, user: forms.OpinionForm(data, case=case),
        lambda case, by, data: services.ask_opinion(case, by=by, **data),
        gettext_lazy("Đã gửi đề nghị cho ý kiến; hồ sơ vẫn ở cơ quan bạn."),
        intro=gettext_lazy("Hồ sơ vẫn ở cơ quan bạn và hạn trả lời không đổi."),
    ),
    "chuyen-nguoi": Step(
        gettext_lazy("Chuyển chuyên viên khác"),
        (COORDINATOR, OFFICER, HEAD),
        services.may_pass_on,
        lambda data, case, user: forms.PassOnForm(data, case=case),
        lambda case, by, data: services.pass_on(case, by=by, to=data["to"], note=data["note"]),
        gettext_lazy("Đã chuyển; hai chuyên viên đều được báo."),
    ),
    "ghi-chu": Step(
        gettext_lazy("Ghi chú nội bộ"),
        (COORDINATOR, OFFICER, HEAD),
        lambda case, user: True,
        lambda data, case, user: forms.WordsForm(
            data,
            label=gettext_lazy("Ghi chú"),
            help_text=gettext_lazy(
                "Người gửi không thấy. Viết @ và tên tài khoản để nhắc một người cùng cơ quan hoặc điều phối viên."
            ),
        ),
        lambda case, by, data: services.add_note(case, by=by, text=data["note"]),
        gettext_lazy("Đã lưu ghi chú."),
    ),
}
WORK_WORDS = {
    "interim": gettext_lazy("Ký trả lời tạm thời"),
    "pass-on": gettext_lazy("Chuyển chuyên viên khác"),
    "note": gettext_lazy("Ghi chú"),
    "opinion-ask": gettext_lazy("Xin ý kiến"),
    "opinion-give": gettext_lazy("Nhận được ý kiến"),
    "interim-submit": gettext_lazy("Trình trả lời tạm thời"),
    "interim-back": gettext_lazy("Trả lại bản tạm thời"),
}
