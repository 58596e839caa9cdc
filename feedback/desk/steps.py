"""What an official may do with a case: one Step an address."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.roles import Role
from feedback import forms, services
from feedback.desk import data
from feedback.desk.offers import offers_for
from feedback.desk.step import Step
from feedback.desk.work import WORK_STEPS, WORK_WORDS
from feedback.models import Case
from parcai.lib.html import text_to_html

Status = Case.Status


def _words(label, help_text="", required=True):
    return lambda data, case, user: forms.WordsForm(data, label=label, help_text=help_text, required=required)


def _confirm(data, case, user):
    return forms.ConfirmForm(data)


def _answer_form(data, case, user):
    draft = forms.draft_of(case)
    if draft:
        initial = {"body": draft.body, "version": draft.version}
    else:
        initial = {"body": opening(case), "version": 0}
    return forms.AnswerForm(data, initial=initial)


def opening(case) -> str:
    """What stands in the editor before anybody has written."""
    matter = _("câu hỏi") if case.kind == Case.Kind.QUESTION else _("phản ánh, kiến nghị")
    return text_to_html(
        _("%(agency)s trả lời %(matter)s “%(title)s” như sau:")
        % {"agency": case.agency, "matter": matter, "title": case.title}
    )


def _sign_form(data, case, user):
    draft = forms.draft_of(case)
    return forms.SignForm(data, initial={"version": draft.version if draft else 1})


def _for_route(data) -> dict:
    return {name: data[name] for name in ("agency", "campaign", "note", "topic", "offers")}


def _is(*statuses):
    return lambda case, user: case.status in statuses


def _can_sign(case, user):
    draft = forms.draft_of(case)
    if case.status != Status.DRAFTED or draft is None or not services.may_sign_for(case, user):
        return False
    return draft.drafted_by_id != user.pk or services.is_sole_official(user)


COORDINATOR, OFFICER, HEAD = (Role.COORDINATOR,), (Role.OFFICER,), (Role.HEAD,)
NEW = _is(Status.RECEIVED, Status.ACCEPTED)
STEPS = {
    "giao": Step(
        gettext_lazy("Giao cơ quan giải quyết"),
        COORDINATOR,
        NEW,
        lambda data, case, user: forms.RouteForm(data, case=case, offers=offers_for(case, user)),
        lambda case, by, data: services.route(case, by=by, **_for_route(data)),
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
            case, by=by, body=data["body"], version=data["version"], files=data["attachments"]
        ),
        gettext_lazy("Đã trình thủ trưởng."),
        "primary",
    ),
    "luu-nhap": Step(
        gettext_lazy("Lưu nháp"),
        OFFICER,
        _is(Status.ASSIGNED),
        _answer_form,
        lambda case, by, data: services.save_draft(
            case, by=by, body=data["body"], version=data["version"], files=data["attachments"]
        ),
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
        also=services.was_deputy,
    ),
    "tra-chuyen-vien": Step(
        gettext_lazy("Trả lại chuyên viên"),
        HEAD,
        lambda case, user: case.status == Status.DRAFTED and services.may_sign_for(case, user),
        _words(gettext_lazy("Cần sửa điều gì?")),
        lambda case, by, data: services.send_back(case, by=by, note=data["note"]),
        gettext_lazy("Đã trả lại kèm ý kiến."),
        also=services.was_deputy,
    ),
    "gia-han": Step(
        gettext_lazy("Gia hạn trả lời"),
        HEAD,
        lambda case, user: services.may_extend(case),
        lambda data, case, user: forms.ExtensionForm(data, case=case),
        lambda case, by, data: services.extend(
            case, by=by, due_on=data["due_on"], ground=data["ground"], note=data["note"]
        ),
        gettext_lazy("Đã gia hạn; người gửi được báo hạn mới, căn cứ và lý do."),
    ),
    "nhan": Step(
        gettext_lazy("Tôi nhận thụ lý"),
        OFFICER,
        services.may_take,
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
        lambda data, case, user: forms.RefuseForm(data, case=case),
        lambda case, by, data: services.reject(case, by=by, reason=data["reason"], note=data["note"]),
        gettext_lazy("Đã từ chối kèm lý do."),
    ),
    "chuyen": Step(
        gettext_lazy("Chuyển cơ quan ngoài cổng"),
        COORDINATOR,
        NEW,
        lambda data, case, user: forms.ForwardForm(data, case=case),
        lambda case, by, data: services.forward(case, by=by, body=data["body"], note=data["note"]),
        gettext_lazy("Đã chuyển."),
        intro=gettext_lazy(
            "Việc không thuộc thẩm quyền thì chuyển đúng nơi, đúng hạn (Nghị định 20/2008/NĐ-CP, Điều 9). Người gửi "
            "được báo hồ sơ đi đâu, kèm cách liên hệ cơ quan nhận."
        ),
    ),
    "trung": Step(
        gettext_lazy("Đánh dấu trùng"),
        COORDINATOR,
        NEW,
        lambda data, case, user: forms.DuplicateForm(data, cases=Case.objects.visible_to(user)),
        lambda case, by, data: services.mark_duplicate(case, by=by, of=data["of"]),
        gettext_lazy("Đã gộp với hồ sơ gốc."),
    ),
    "tach": Step(
        gettext_lazy("Tách làm hai hồ sơ"),
        COORDINATOR,
        lambda case, user: NEW(case, user) and not case.is_confidential,
        lambda data, case, user: forms.SplitForm(data, case=case),
        lambda case, by, data: services.split(case, by=by, **data),
        gettext_lazy("Đã tách. Hồ sơ mới ở hàng Mới tiếp nhận; người gửi thấy mã mới ở trang tra cứu."),
        intro=gettext_lazy(
            "Khi thư có hai việc thuộc hai cơ quan (Luật Tiếp công dân 2013, Điều 25). Hồ sơ mới có mã riêng và "
            "cùng ngày nhận; tệp đính kèm ở lại hồ sơ này."
        ),
    ),
    "linh-vuc": Step(
        gettext_lazy("Xếp lại lĩnh vực"),
        COORDINATOR,
        lambda case, user: not case.is_confidential and not case.spam_at,
        lambda data, case, user: forms.TopicForm(data, case=case),
        lambda case, by, data: services.set_topic(case, by=by, topic=data["topic"]),
        gettext_lazy("Đã xếp lại lĩnh vực."),
    ),
    "rac": Step(
        gettext_lazy("Đánh dấu rác"),
        COORDINATOR,
        NEW,
        _confirm,
        lambda case, by, data: services.mark_spam(case, by=by),
        gettext_lazy("Đã đưa vào hàng Rác. Nhầm thì mở lại hồ sơ ở đó và khôi phục."),
        intro=gettext_lazy(
            "Quảng cáo, chữ vô nghĩa, thư gửi hàng loạt. Không ai được báo tin; nội dung rời khỏi tìm kiếm và danh "
            "sách. Khôi phục được trong 30 ngày."
        ),
    ),
    "khoi-phuc": Step(
        gettext_lazy("Không phải rác, khôi phục"),
        COORDINATOR,
        lambda case, user: services.may_undo_spam(case),
        _confirm,
        lambda case, by, data: services.undo_spam(case, by=by),
        gettext_lazy("Đã khôi phục; hạn trả lời vẫn tính từ ngày nhận."),
        "primary",
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
    "xem-goc": Step(
        gettext_lazy("Xem bản gốc"),
        (Role.COORDINATOR, Role.OFFICER, Role.HEAD),
        services.is_behind_reason,
        _words(
            gettext_lazy("Vì sao cần xem?"),
            gettext_lazy("Lý do, tên bạn và thời điểm được ghi vào sổ; người giám sát đọc được sổ này."),
        ),
        lambda case, by, data: services.look_at_original(case, by=by, why=data["note"]),
        gettext_lazy("Bản gốc mở trong 30 phút."),
    ),
    "them-nguoi-xem": Step(
        gettext_lazy("Thêm người được xem"),
        COORDINATOR,
        lambda case, user: case.is_confidential,
        lambda data, case, user: forms.ReaderForm(data, users=services.may_be_named()),
        lambda case, by, data: services.name_reader(case, by=by, user=data["user"]),
        gettext_lazy("Đã thêm người được xem hồ sơ này."),
    ),
    "bot-nguoi-xem": Step(
        gettext_lazy("Bớt người được xem"),
        COORDINATOR,
        lambda case, user: case.is_confidential,
        lambda data, case, user: forms.ReaderForm(data, users=services.may_be_named(), of=case),
        lambda case, by, data: services.unname_reader(case, by=by, user=data["user"]),
        gettext_lazy("Đã bớt."),
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
    **WORK_STEPS,
}
STEPS |= {name: Step(**fields) for name, fields in data.STEPS.items()}
WITH_EDITOR = {"soan", "luu-nhap"}
SPEAKS_FOR_ITSELF = {
    "ky",
    "ky-tam-thoi",
    "gia-han",
    "nhan",
}  # its service says better why a head may not sign
TELLS_ASKER = {"ky", "ky-tam-thoi", "gia-han", "hoi-lai", "khong-tiep-nhan", "chuyen"}
STEP_WORDS = {
    "spam": gettext_lazy("Đánh dấu rác"),
    "unspam": gettext_lazy("Khôi phục từ hàng rác"),
    "split": gettext_lazy("Tách một việc thành hồ sơ khác"),
    "split-off": gettext_lazy("Tách ra từ hồ sơ khác"),
    "joined": gettext_lazy("Một hồ sơ trùng gộp vào"),
    "topic": gettext_lazy("Xếp lại lĩnh vực"),
    "hand-over": gettext_lazy("Chuyển giao cho cơ quan kế thừa"),
    "pin-reissued": gettext_lazy("Cấp lại mã PIN"),
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
    "extend": gettext_lazy("Gia hạn trả lời"),
    "recount": gettext_lazy("Tính lại hạn theo lịch làm việc"),
    "submit": gettext_lazy("Trình thủ trưởng"),
    "send-back": gettext_lazy("Trả lại chuyên viên"),
    "sign": gettext_lazy("Ký trả lời"),
    "publish": gettext_lazy("Công khai"),
    "unpublish": gettext_lazy("Gỡ khỏi trang công khai"),
    "citations": gettext_lazy("Đã xem lời dẫn, còn đúng"),
    "add": gettext_lazy("Người gửi gửi thêm thông tin"),
    "consent-withdraw": gettext_lazy("Người gửi rút đồng ý công khai; trang công khai đã gỡ"),
    "new-pin": gettext_lazy("Người gửi lấy mã PIN mới qua thư"),
    "withdraw": gettext_lazy("Người gửi rút hồ sơ"),
    "rate": gettext_lazy("Người gửi đánh giá"),
    "reopen": gettext_lazy("Người gửi đề nghị trả lời lại"),
    "reader-add": gettext_lazy("Nêu tên người được xem"),
    "reader-remove": gettext_lazy("Bớt người được xem"),
    "release-file": gettext_lazy("Cho công khai một tệp"),
    "withhold-file": gettext_lazy("Thôi công khai một tệp"),
    "data-accept": gettext_lazy("Nhận yêu cầu về dữ liệu"),
    "data-do": gettext_lazy("Thực hiện yêu cầu về dữ liệu"),
    "data-refuse": gettext_lazy("Không thực hiện được yêu cầu về dữ liệu"),
    "anonymise": gettext_lazy("Xóa dữ liệu cá nhân"),
    **WORK_WORDS,
    "data-ask": gettext_lazy("Người gửi yêu cầu về dữ liệu cá nhân"),
}
