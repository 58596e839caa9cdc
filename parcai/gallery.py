"""Sample objects for the gallery of components: every piece in every state, without the database."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

STATUSES = {
    "received": "Mới tiếp nhận",
    "accepted": "Đã nhận xử lý",
    "assigned": "Đang chờ trả lời",
    "drafted": "Chờ thủ trưởng duyệt",
    "answered": "Đã trả lời",
    "rejected": "Không tiếp nhận",
    "needs_info": "Chờ bổ sung",
    "forwarded": "Đã chuyển nơi khác",
    "duplicate": "Trùng hồ sơ",
    "withdrawn": "Người gửi đã rút",
    "overdue": "Quá hạn",
    "due_soon": "Sắp đến hạn",
    "draft": "Bản nháp",
    "in_review": "Chờ duyệt",
    "approved": "Đã duyệt",
    "scheduled": "Đã hẹn giờ",
    "published": "Đã đăng",
}
ICONS = (
    "search question report track home news document video phone mail calendar clock check check-circle alert stop "
    "info close arrow-right arrow-left arrow-up external print copy user users building chart megaphone star lock "
    "eye edit send pause flag plan scale download plus chevron-down menu"
).split()
COLOURS = (
    ("ground-soft", "Nền ấm"),
    ("ground-deep", "Nền đậm"),
    ("ink", "Chữ"),
    ("brand", "Đỏ sơn mài"),
    ("brand-deep", "Đỏ sẫm"),
    ("gold", "Vàng"),
    ("action", "Xanh hành động"),
    ("action-soft", "Xanh nhạt"),
    ("ok", "Được"),
    ("warn", "Lưu ý"),
    ("bad", "Lỗi"),
    ("info", "Thông tin"),
)
CAMPAIGNS = (
    "Ý nghĩa, mục tiêu và tác động của cải cách hành chính",
    "Nhà nước và Nhân dân: quyền, nghĩa vụ, trách nhiệm",
    "Thể chế, thủ tục hành chính và cơ chế một cửa",
    "Tổ chức bộ máy và chế độ công vụ",
)
FIELDS = ("Đất đai", "Hộ tịch", "Giấy phép kinh doanh", "Lĩnh vực khác")


class SampleForm(forms.Form):
    """One field of each sort, so that labels, help and errors can be looked at together."""

    title = forms.CharField(label="Tiêu đề", max_length=120, help_text="Một câu ngắn nói điều bạn muốn hỏi.")
    text = forms.CharField(
        label="Nội dung", widget=forms.Textarea(attrs={"rows": 4, "maxlength": 3000}), max_length=3000
    )
    email = forms.EmailField(label="Thư điện tử", required=False, help_text="Để nhận câu trả lời.")
    field = forms.ChoiceField(
        label="Lĩnh vực", choices=[("", "Chọn một lĩnh vực"), *((f, f) for f in FIELDS)]
    )
    who = forms.ChoiceField(
        label="Bạn gửi với tư cách",
        choices=[("person", "Cá nhân"), ("company", "Doanh nghiệp, tổ chức")],
        widget=forms.RadioSelect,
        help_text="Chọn một.",
    )
    topics = forms.MultipleChoiceField(
        label="Bạn muốn nhận tin về",
        choices=[("news", "Tin bài"), ("answers", "Câu trả lời mới"), ("indexes", "Chỉ số")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sent_on = forms.DateField(label="Ngày gửi", required=False, help_text="Ví dụ: 15/5/2023")
    file = forms.FileField(label="Tệp kèm theo", required=False, help_text="PDF hoặc ảnh, đến 10 MB.")
    agree = forms.BooleanField(label="Tôi đồng ý để cơ quan dùng thông tin này để trả lời tôi")


def _article(title: str, kind: str, summary: str):
    return SimpleNamespace(
        title=title,
        summary=summary,
        publish_at=timezone.now() - timedelta(days=3),
        agency="Sở Nội vụ",
        cover=None,
        get_absolute_url="#the",
        get_kind_display=kind,
    )


def _case(title: str, excerpt: str):
    return SimpleNamespace(
        public_title=title,
        answer_excerpt=excerpt,
        agency="Sở Tài nguyên và Môi trường",
        published_at=timezone.now() - timedelta(days=1),
        kind="question",
        get_kind_display="Câu hỏi",
        get_absolute_url="#the",
    )


def _event(days: int, title: str, note: str = "", *, is_current: bool = False) -> dict:
    at = timezone.now() - timedelta(days=days)
    return {"at": at, "title": title, "note": note, "is_current": is_current}


def gallery_context() -> dict:
    """Everything `gallery.html` shows."""
    wrong = SampleForm({"title": "", "email": "khong-phai-thu", "sent_on": "31/2/2023"}, auto_id="sai_%s")
    return {
        "colours": [{"name": name, "label": label} for name, label in COLOURS],
        "icons": ICONS,
        "statuses": [{"kind": kind, "label": label} for kind, label in STATUSES.items()],
        "notices": [
            {"kind": "info", "title": "Bạn cần biết", "text": "Cổng không nhận đơn khiếu nại, tố cáo."},
            {"kind": "success", "title": "Cổng đã nhận hồ sơ của bạn", "text": "Hãy giữ mã hồ sơ và mã PIN."},
            {"kind": "warning", "title": "Sắp hết giờ", "text": "Trang này sẽ đóng sau năm phút."},
            {"kind": "error", "title": "Chưa gửi được", "text": "Xin kiểm tra đường truyền rồi gửi lại."},
        ],
        "breadcrumb": [{"title": "Tin bài", "url": "#tin-bai"}, {"title": "Tin tức", "url": ""}],
        "page": Paginator(range(100), 10).page(4),
        "tabs": [
            {"title": "Của tôi", "count": 4, "is_current": True},
            {"title": "Sắp đến hạn", "count": 12, "is_current": False},
            {"title": "Quá hạn", "count": 0, "is_current": False},
        ],
        "articles": [
            _article(
                "Một cửa liên thông ở Tuy Hòa rút ngắn hai ngày", "Tin tức", "Hồ sơ được luân chuyển điện tử."
            ),
            _article(
                "Nộp hồ sơ trực tuyến trong năm bước", "Hướng dẫn", "Từ đăng nhập đến nhận kết quả tại nhà."
            ),
            _article("Lịch trực đường dây nóng dịp lễ", "Thông báo", ""),
        ],
        "cases": [
            _case(
                "Thời hạn cấp đổi giấy chứng nhận quyền sử dụng đất là bao lâu?",
                "Thời hạn tính từ ngày nhận đủ hồ sơ hợp lệ, không kể ngày nghỉ và thời gian thực hiện nghĩa vụ thuế.",
            ),
            _case("Bộ phận một cửa có làm việc sáng thứ Bảy không?", "Có, tại các nơi đã niêm yết lịch."),
        ],
        "campaigns": [
            SimpleNamespace(
                number=number,
                short_title=title,
                summary="Vì sao tỉnh cải cách hành chính, mục tiêu là gì và tác động ra sao đến đời sống.",
                get_absolute_url="#the",
                article_count=number % 3,
            )
            for number, title in enumerate(CAMPAIGNS, start=1)
        ],
        "facts": [
            {"label": "Mã hồ sơ", "value": "PY26-7KQ4-M2XD"},
            {"label": "Đang ở", "value": "Sở Nội vụ"},
            {"label": "Hạn trả lời", "value": "hết ngày 15/5/2026, còn 6 ngày làm việc"},
        ],
        "events": [
            _event(6, "Mới tiếp nhận", "Gửi qua cổng."),
            _event(5, "Đã nhận xử lý"),
            _event(2, "Đang chờ trả lời", "Giao Sở Nội vụ trả lời.", is_current=True),
        ],
        "steps": [
            {"title": "Loại việc", "is_done": True, "is_current": False},
            {"title": "Nội dung", "is_done": False, "is_current": True},
            {"title": "Người gửi", "is_done": False, "is_current": False},
            {"title": "Xem lại", "is_done": False, "is_current": False},
        ],
        "form": SampleForm(auto_id="dung_%s"),
        "wrong_form": wrong,
        "video": {
            "title": "Nộp hồ sơ trực tuyến trong năm bước",
            "watch_url": "https://www.youtube.com/watch?v=videomau113",
            "embed_url": "https://www.youtube-nocookie.com/embed/videomau113?rel=0",
            "host": "YouTube",
        },
        "today": timezone.now(),
    }
