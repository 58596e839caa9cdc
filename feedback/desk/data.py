"""An asker's requests about their own data, as steps of the desk, and the copy that is made for them."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agencies.roles import Role
from feedback import copies, forms, services
from feedback.desk.access import official_required
from feedback.models import Case, DataRequest

Kind, State = DataRequest.Kind, DataRequest.State


def open_requests(case):
    return case.data_requests.open().order_by("due_on", "pk")


def _has(**which):
    return lambda case, user: open_requests(case).filter(**which).exists()


def _correct(case, by, data):
    words = {name: value for name, value in data.items() if name not in ("asked", "answer")}
    services.do_data_request(data["asked"], by=by, changes=words, answer=data["answer"])


WHO = (Role.COORDINATOR,)
STEPS = {
    "du-lieu-nhan": {
        "label": gettext_lazy("Nhận yêu cầu về dữ liệu"),
        "roles": WHO,
        "when": _has(state=State.ASKED),
        "form": lambda data, case, user: forms.AcceptDataForm(
            data, requests=open_requests(case).filter(state=State.ASKED)
        ),
        "act": lambda case, by, data: services.accept_data_request(data["asked"], by=by),
        "done": gettext_lazy("Đã báo người gửi là yêu cầu đang được thực hiện."),
        "intro": gettext_lazy("Trả lời lần đầu trong 2 ngày làm việc (NĐ 356/2025/NĐ-CP, Điều 5)."),
    },
    "du-lieu-lam": {
        "label": gettext_lazy("Thực hiện yêu cầu về dữ liệu"),
        "roles": WHO,
        "when": lambda case, user: open_requests(case).exclude(kind=Kind.CORRECT).exists(),
        "form": lambda data, case, user: forms.DoDataForm(
            data, requests=open_requests(case).exclude(kind=Kind.CORRECT)
        ),
        "act": lambda case, by, data: services.do_data_request(data["asked"], by=by, answer=data["answer"]),
        "done": gettext_lazy("Đã thực hiện và báo người gửi."),
        "intro": gettext_lazy(
            "Có hiệu lực ngay: xóa là xóa hẳn, không lấy lại được; rút đồng ý và hạn chế là gỡ khỏi trang công khai; "
            "bản sao mở ở trang tra cứu của người gửi."
        ),
    },
    "du-lieu-sua": {
        "label": gettext_lazy("Sửa dữ liệu theo yêu cầu"),
        "roles": WHO,
        "when": _has(kind=Kind.CORRECT),
        "form": lambda data, case, user: forms.CorrectDataForm(
            data, requests=open_requests(case).filter(kind=Kind.CORRECT), case=case
        ),
        "act": _correct,
        "done": gettext_lazy("Đã sửa và báo người gửi."),
    },
    "du-lieu-tu-choi": {
        "label": gettext_lazy("Không thực hiện yêu cầu về dữ liệu"),
        "roles": WHO,
        "when": _has(),
        "form": lambda data, case, user: forms.RefuseDataForm(data, requests=open_requests(case)),
        "act": lambda case, by, data: services.refuse_data_request(
            data["asked"], by=by, ground=data["ground"], answer=data["answer"]
        ),
        "done": gettext_lazy("Đã trả lời người gửi kèm căn cứ."),
    },
}


@require_safe
@official_required
def copy(request, code):
    """For those who cannot come to the status page: intake prints or sends the copy, while a request for it is there."""
    if not request.user.has_role(Role.COORDINATOR):
        raise Http404
    case = get_object_or_404(Case.objects.visible_to(request.user), code=code)
    if not case.data_requests.filter(kind=Kind.ACCESS).exclude(state=State.REFUSED).exists():
        raise Http404
    return copies.copy_of_data(case)
