"""The asker's own copy: what the portal holds about a case and its asker may have, on paper or for a program."""

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.models import Case
from feedback.timeline import timeline
from feedback.views.following import open_case, own_case


def _of_own_case(show):
    """For the asker who has a case open on this device; others are asked for code and PIN."""

    @require_safe
    @never_cache
    def view(request):
        case = own_case(request)
        return open_case(show(request, case), case) if case else redirect("feedback:status")

    return view


@_of_own_case
def slip(request, case):
    """The slip once more; without the PIN, which whoever finds the device open must not get."""
    context = {"case": case, "status_url": settings.SITE_URL + reverse("feedback:status")}
    return render(request, "feedback/status_slip.html", context)


@_of_own_case
def page(request, case):
    return render(request, "feedback/status_copy.html", {"case": case, "copy": copy_of(case)})


@_of_own_case
def as_json(request, case):
    response = JsonResponse(copy_of(case), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="ho-so-{case.code}.json"'
    return response


def copy_of(case: Case) -> dict:
    """No internal notes and no names of officials but of the one who signed: these are not the asker's data."""
    return {
        "ma_ho_so": case.code,
        "loai": case.get_kind_display(),
        "tinh_trang": case.get_status_display(),
        "nguon": case.get_source_display(),
        "nguoi_gui": {
            "la": case.get_asker_kind_display(),
            "ten": case.asker_name,
            "thu_dien_tu": case.asker_email,
            "dien_thoai": case.asker_phone,
            "noi_o": case.asker_address,
        },
        "noi_dung": {"tieu_de": case.title, "van_ban": case.text},
        "dong_y": {
            "xu_ly_luc": case.answer_consent_at,
            "cong_khai_luc": case.publish_consent_at,
            "neu_ten": case.show_name,
        },
        "co_quan": {
            "duoc_hoi": str(case.asked_agency or ""),
            "giai_quyet": str(case.agency or ""),
        },
        "thoi_han": {
            "nhan_luc": case.received_at,
            "so_ngay_lam_viec": case.term,
            "tra_loi_truoc_het_ngay": case.due_on,
            "tam_dung": [
                {"tu": pause.started_at, "den": pause.ended_at, "ly_do": pause.reason}
                for pause in case.pauses.all()
            ],
            "tra_loi_luc": case.answered_at,
            "ket_thuc_luc": case.closed_at,
            "mo_lai_luc": case.reopened_at,
        },
        "dien_bien": [
            {"luc": event["at"], "viec": event["title"], "ghi_chu": event["note"]} for event in timeline(case)
        ],
        "tra_loi": [
            {
                "lan": answer.round,
                "co_quan": answer.agency_name,
                "nguoi_ky": answer.signer_name,
                "chuc_vu": answer.signer_title,
                "ky_luc": answer.signed_at,
                "html": answer.body,
            }
            for answer in case.answers.signed()
        ],
        "tep": [
            {
                "ten": file.name,
                "ben_gui": file.get_side_display(),
                "byte": file.size,
                "sha256": file.sha256,
                "gui_luc": file.uploaded_at,
                "tai_tai": settings.SITE_URL + file.get_asker_url(),
            }
            for file in case.files.for_asker().select_related("answer")
        ],
        "danh_gia": {"sao": case.rating, "y_kien": case.rating_comment, "luc": case.rated_at}
        if case.rated_at
        else None,
        "ban_cong_khai": {
            "tieu_de": case.public_title,
            "van_ban": case.public_text,
            "ten": case.public_name,
            "tu": case.published_at,
            "trang": settings.SITE_URL + case.get_absolute_url(),
        }
        if case.is_public
        else None,
        "yeu_cau_ve_du_lieu": [
            {
                "loai": asked.get_kind_display(),
                "loi_cua_ban": asked.note,
                "luc": asked.asked_at,
                "tinh_trang": asked.get_state_display(),
                "han": asked.due_on,
                "tra_loi": asked.answer,
                "can_cu": asked.ground,
            }
            for asked in case.data_requests.all()
        ],
    }
