"""What happened to a case in the words of its asker: no names of officials, no internal notes."""

STEP_WORDS = {
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
    "data-ask": "Bạn yêu cầu về dữ liệu cá nhân của mình",
}


def timeline(case) -> list[dict]:
    """Each event with its day, its words for the public and the public note."""
    events = list(case.events.select_related("agency"))
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
