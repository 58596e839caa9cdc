from django.urls import path, register_converter

from feedback import machines
from feedback.desk import attachments as desk_attachments
from feedback.desk import (
    bulk,
    counter,
    delegations,
    exports,
    filters,
    helpers,
    opinions,
    overview,
    publication,
    queues,
    screen,
    versions,
)
from feedback.desk import data as desk_data
from feedback.forms import ASK_STEPS
from feedback.models import Case
from feedback.views import asking, attachments, copies, data, following, pins, public, readers


class AskStep:
    regex = "|".join(ASK_STEPS)

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(AskStep, "ask_step")


def doors(base: str, kind: str, name: str) -> list:
    """The pages of one kind of case: published list, one published case, and asking step by step."""
    about = {"kind": kind}
    return [
        path(f"{base}/", public.PublicCaseList.as_view(kind=kind), name=f"{name}-list"),
        path(f"{base}/<int:pk>/", public.case_detail, about, name=f"{name}-detail"),
        path(f"{base}/<int:pk>/theo-doi/", readers.follow, about, name=f"{name}-follow"),
        path(f"{base}/<int:pk>/huu-ich/", readers.helpful, about, name=f"{name}-helpful"),
        path(f"{base}/<int:pk>/tep/<uuid:file>/", data.public_file, about, name=f"{name}-file"),
        path(f"{base}/gui/", asking.ask, about, name=f"{name}-ask"),
        path(f"{base}/gui/<ask_step:step>/", asking.ask_step, about, name=f"{name}-ask-step"),
        path(f"{base}/gui/tuong-tu/", asking.ask_alike, about, name=f"{name}-ask-alike"),
        path(f"{base}/gui/loai-viec/", asking.ask_matter, about, name=f"{name}-ask-matter"),
        path(f"{base}/gui/xem-lai/", asking.ask_review, about, name=f"{name}-ask-review"),
        path(f"{base}/gui/bien-nhan/", asking.receipt, about, name=f"{name}-receipt"),
    ]


app_name = "feedback"
urlpatterns = [
    path("hoi-dap/tuong-tu/", asking.alike_answers, name="alike"),
    path("hoi-dap/rieng-tu/", asking.private_details, name="private"),
    *doors("hoi-dap", Case.Kind.QUESTION, "question"),
    *doors("phan-anh", Case.Kind.FEEDBACK, "feedback"),
    path("khieu-nai-to-cao/<slug:matter>/", asking.complaint, name="complaint"),
    path("tra-cuu/", following.status, name="status"),
    path("tra-cuu/ho-so/", following.status_case, name="status-case"),
    path("tra-cuu/quen-pin/", pins.lost, name="lost-pin"),
    path("tra-cuu/pin-moi/<str:token>/", pins.renew, name="new-pin"),
    path("tra-cuu/ho-so/phieu/", copies.slip, name="status-slip"),
    path("tra-cuu/ho-so/ban-sao/", copies.page, name="status-copy"),
    path("tra-cuu/ho-so/ban-sao.json", copies.as_json, name="status-copy-json"),
    path("tra-cuu/dong/", following.close_status, name="status-close"),
    path("tra-cuu/ho-so/<slug:step>/", following.status_case, name="status-step"),
    path("tra-cuu/ho-so/tep/<uuid:pk>/", attachments.status_file, name="status-file"),
    path("api/v1/intake/cases/", machines.NewCase.as_view(), name="intake-cases"),
    path("api/v1/intake/cases/<str:code>/", machines.OneCase.as_view(), name="intake-case"),
    path("api/v1/intake/cases/<str:code>/answer/", machines.NewAnswer.as_view(), name="intake-answer"),
    path("xu-ly/", queues.desk, name="desk"),
    path("xu-ly/nhap-ho/", counter.take_down, name="desk-counter"),
    path("xu-ly/thu-rac/", bulk.spam, name="desk-spam"),
    path("xu-ly/chuyen-giao/", bulk.hand_over, name="desk-hand-over"),
    path("xu-ly/<str:code>/bien-nhan/", counter.slip, name="desk-slip"),
    path("xu-ly/tong-quan/", overview.overview, name="desk-overview"),
    path("xu-ly/xuat/", exports.export_list, name="export-list"),
    path("xu-ly/xuat/<uuid:pk>/", exports.export_file, name="export-file"),
    path("xu-ly/bo-loc/", filters.filters, name="desk-filters"),
    path("xu-ly/bo-loc/<int:pk>/", filters.change_filter, name="desk-filter"),
    path("xu-ly/y-kien/", opinions.opinions, name="desk-opinions"),
    path("xu-ly/y-kien/<int:pk>/", opinions.opinion, name="desk-opinion"),
    path("xu-ly/uy-quyen/", delegations.delegations, name="desk-delegations"),
    path("xu-ly/uy-quyen/<int:pk>/thu-hoi/", delegations.revoke, name="desk-delegation-revoke"),
    path("xu-ly/<str:code>/mau/", helpers.use_template, name="desk-template"),
    path("xu-ly/<str:code>/dan-van-ban/", helpers.cite, name="desk-cite"),
    path("xu-ly/<str:code>/bo-tep/<uuid:pk>/", helpers.drop_file, name="desk-drop-file"),
    path("xu-ly/<str:code>/cac-ban/", versions.versions, name="desk-versions"),
    path("xu-ly/<str:code>/", screen.case, name="desk-case"),
    path("xu-ly/<str:code>/tep/<uuid:pk>/", desk_attachments.desk_file, name="desk-file"),
    path("xu-ly/<str:code>/ban-sao/", desk_data.copy, name="desk-copy"),
    path("xu-ly/<str:code>/cong-khai/", publication.publication, name="desk-publish"),
    path("xu-ly/<str:code>/<slug:step>/", screen.case_step, name="desk-step"),
]
