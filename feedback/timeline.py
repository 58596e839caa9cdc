"""What happened to a case in the words of its asker: no names of officials, no internal notes."""

STEP_WORDS = {
    "spam": "Không tiếp nhận",
    "unspam": "Đã nhận lại để xem xét",
    "split": "Một việc trong thư được tách thành hồ sơ riêng",
    "split-off": "Tách từ một hồ sơ của bạn",
    "joined": "Có thêm người gửi cùng nội dung",
    "topic": "Đã xếp hồ sơ vào lĩnh vực",
    "hand-over": "{agency} tiếp tục giải quyết thay cơ quan đã sắp xếp lại",
    "pin-reissued": "Đã cấp lại mã PIN tại quầy hoặc qua điện thoại",
    "receive": "Cổng đã nhận",
    "accept": "Đã vào sổ",
    "reject": "Không tiếp nhận",
    "forward": "Đã chuyển cơ quan khác",
    "set-aside": "Đã chuyển cơ quan có thẩm quyền",
    "duplicate": "Gộp với một hồ sơ trùng nội dung",
    "route": "Đã giao {agency} giải quyết",
    "ask-back": "Cơ quan đề nghị bạn bổ sung",
    "reply": "Bạn đã bổ sung",
    "reply-noted": "Cổng ghi nhận phần bạn bổ sung qua điện thoại hoặc tại quầy",
    "claim": "Đã có người thụ lý",
    "return": "Chuyển lại bộ phận điều phối để giao đúng cơ quan",
    "recall": "Bộ phận điều phối thu hồi để giao đúng cơ quan",
    "extend": "Thủ trưởng {agency} gia hạn trả lời",
    "recount": "Hạn trả lời được tính lại theo lịch làm việc",
    "submit": "Dự thảo trả lời đã trình thủ trưởng",
    "send-back": "Thủ trưởng yêu cầu hoàn thiện câu trả lời",
    "sign": "Thủ trưởng {agency} đã ký trả lời",
    "publish": "Câu hỏi và trả lời đã công khai",
    "unpublish": "Đã gỡ khỏi trang công khai",
    "citations": "Đã xem lại văn bản mà câu trả lời dẫn; nội dung còn đúng",
    "add": "Bạn gửi thêm thông tin",
    "consent-withdraw": "Bạn rút đồng ý công khai; trang công khai (nếu có) đã gỡ",
    "new-pin": "Mã PIN mới được lấy qua thư đã cho khi gửi",
    "withdraw": "Bạn đã rút hồ sơ",
    "rate": "Bạn đã đánh giá",
    "reopen": "Bạn đề nghị trả lời lại",
    "reader-add": "Thêm người được xem hồ sơ",
    "reader-remove": "Bớt người được xem hồ sơ",
    "release-file": "Một tệp được công khai cùng hồ sơ",
    "withhold-file": "Một tệp không còn công khai",
    "data-accept": "Đã nhận yêu cầu về dữ liệu của bạn và đang thực hiện",
    "data-do": "Đã thực hiện yêu cầu về dữ liệu của bạn",
    "data-refuse": "Đã trả lời yêu cầu về dữ liệu của bạn: không thực hiện được",
    "anonymise": "Đã xóa dữ liệu cá nhân của hồ sơ",
    "interim": "Thủ trưởng {agency} trả lời tạm thời",
    "pass-on": "Chuyển người thụ lý",
    "note": "Ghi chú nội bộ",
    "opinion-ask": "Xin ý kiến cơ quan khác",
    "opinion-give": "Cơ quan khác cho ý kiến",
    "interim-submit": "Trình trả lời tạm thời",
    "interim-back": "Trả lại bản tạm thời",
    "data-ask": "Bạn yêu cầu về dữ liệu cá nhân của mình",
}
OUR_BUSINESS = frozenset(("reader-add", "reader-remove"))  # nothing the asker has to do with

# Work among officials: their own page tells of it, the asker's does not.
INSIDE = {"pass-on", "note", "opinion-ask", "opinion-give", "interim-submit", "interim-back"}


def timeline(case) -> list[dict]:
    """Each event with its day, its words for the public and the public note."""
    events = list(case.events.exclude(step__in=OUR_BUSINESS).select_related("agency"))
    events = list(case.events.exclude(step__in=INSIDE).select_related("agency"))
    return [
        {
            "at": event.at,
            "step": event.step,
            "title": STEP_WORDS[event.step].format(agency=event.agency or ""),
            "note": event.public_note,
            "is_current": event is events[-1],
        }
        for event in events
    ]


# What those who were joined to a case may read of its course: where it is, and nothing its own asker did.
FOLLOWED = {
    "receive",
    "accept",
    "route",
    "return",
    "recall",
    "hand-over",
    "submit",
    "send-back",
    "sign",
    "publish",
    "unpublish",
}


def followed(case) -> list[dict]:
    """The course of the case another one was joined to, without any note; nothing once it is confidential."""
    if case is None or case.is_confidential:
        return []
    return [{**event, "note": ""} for event in timeline(case) if event["step"] in FOLLOWED]
