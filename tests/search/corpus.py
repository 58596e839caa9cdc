"""A small library to search in: made for the tests, each record with a reason to be found or not."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from parcai.search import services, spelling
from parcai.search.entry import Entry

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)

# name: (kind, title, body, number); the first is the newest.
RECORDS: dict[str, tuple[str, str, str, str]] = {
    "khai-sinh": (
        "question",
        "Đăng ký khai sinh cho con sinh ở tỉnh khác thì làm ở đâu?",
        "Cha mẹ đăng ký khai sinh tại UBND xã nơi cư trú, trong 60 ngày.",
        "",
    ),
    "khai-tu": (
        "question",
        "Khai tử cho cha mất ở bệnh viện cần giấy tờ gì?",
        "Mang giấy báo tử đến UBND xã. Không phải đăng ký khai sinh lại.",
        "",
    ),
    "ket-hon": (
        "guide",
        "Đăng ký kết hôn: hồ sơ và các bước",
        "Hai bên nam, nữ có mặt ở UBND xã. Lệ phí được miễn.",
        "",
    ),
    "so-do": (
        "question",
        "Bị mất sổ đỏ thì làm lại như thế nào?",
        "Nộp đơn tại văn phòng đăng ký đất đai.",
        "",
    ),
    "gcn": ("guide", "Cấp giấy chứng nhận quyền sử dụng đất lần đầu", "Hồ sơ nộp tại bộ phận một cửa.", ""),
    "so-do-dat": ("article", "Công bố số đo các thửa đất trong dự án", "Kết quả đo đạc được niêm yết.", ""),
    "so-do-to-chuc": ("page", "Sơ đồ tổ chức", "Sơ đồ các phòng chuyên môn.", ""),
    "ma": ("article", "Mã số thuế cá nhân là gì", "Mã gồm 10 chữ số.", ""),
    "ma-khac": ("article", "Ba má đi làm xa, con ở với ông bà", "Chuyện của má Hai ở Tuy An.", ""),
    "ma-ruong": ("article", "Bà con chăm mạ mùa đông", "Mạ gieo đúng lịch thì lúa tốt.", ""),
    "cchc": ("article", "Kết quả CCHC quý ba", "Các cơ quan báo cáo đúng hạn.", ""),
    "cai-cach": ("article", "Cải cách hành chính ở xã vùng cao", "Cán bộ đến tận thôn.", ""),
    "cai-cach-luong": ("article", "Cải cách tiền lương và tổ chức hành chính", "Nội dung về tiền lương.", ""),
    "tthc": ("guide", "Tra cứu thủ tục hành chính trên mạng", "Vào cổng dịch vụ công.", ""),
    "dvc": ("article", "DVC trực tuyến toàn trình tăng", "Người dân nộp hồ sơ tại nhà.", ""),
    "ke-hoach-113": (
        "document",
        "Kế hoạch Tuyên truyền cải cách hành chính năm 2023",
        "UBND tỉnh Phú Yên ban hành.",
        "113/KH-UBND",
    ),
    "ke-hoach-08": ("document", "Kế hoạch Kiểm tra công vụ", "Sở Nội vụ.", "08/KH-SNV"),
    "ke-hoach-1130": ("document", "Kế hoạch Chuyển đổi số", "UBND tỉnh.", "1130/KH-UBND"),
    "quyet-dinh-113": ("document", "Quyết định Giao chỉ tiêu", "Sở Tài chính.", "113/QĐ-STC"),
    "nhac-113": ("article", "Một năm thực hiện Kế hoạch 113/KH-UBND", "Mười nội dung đều có việc làm.", ""),
    "so-noi-vu": ("agency", "Sở Nội vụ", "Tổ chức bộ máy, công vụ, cải cách hành chính.", ""),
    "so-y-te": ("agency", "Sở Y tế", "Khám chữa bệnh, dược, bảo hiểm y tế.", ""),
    "ubnd-tuy-hoa": ("agency", "UBND phường Tuy Hòa", "Chứng thực, hộ tịch.", ""),
    "noi-vu-tin": ("article", "Sở Nội vụ tổ chức tiếp công dân", "Lịch tiếp dân tháng mười hai.", ""),
    "hoa-binh": ("article", "Thôn Hòa Bình làm đường", "Dân hiến đất.", ""),
    "hoa-hoc": ("article", "Cuộc thi hoá học cho học sinh", "Đề thi hoá học.", ""),
    "hoa-tuoi": ("article", "Chợ hoa Tết Tuy Hòa", "Hoa tươi từ các làng.", ""),
    "uy-ban": ("article", "Uỷ ban nhân dân tỉnh họp thường kỳ", "Chủ tịch chủ trì.", ""),
    "uy-quyen": ("question", "Giấy ủy quyền có cần chứng thực không?", "Tùy việc.", ""),
    "can-cuoc": ("guide", "Cấp thẻ căn cước cho trẻ em", "Làm tại công an xã.", ""),
    "cccd": ("question", "CCCD hết hạn thì đi lại thế nào?", "Đổi trước khi hết hạn.", ""),
    "cmnd": ("question", "CMND cũ còn dùng được không?", "Không còn giá trị từ 1/1/2025.", ""),
    "khcn": ("agency", "Sở Khoa học và Công nghệ", "Khoa học, công nghệ, chuyển đổi số.", ""),
    "kh-va-cn": ("article", "Ngành KH&CN mở lớp cho thanh niên", "Lớp về dữ liệu.", ""),
    "bhyt": ("question", "Khám trái tuyến có được hưởng BHYT không?", "Có, theo mức quy định.", ""),
    "chi-so": ("article", "PAR Index năm 2022 của tỉnh", "Chỉ số tăng bậc.", ""),
    "doi-ten": ("article", "Đổi tên đường Lê Duẩn", "Bảng tên mới.", ""),
    "duong-bo": ("feedback", "Đường bộ qua đèo bị sạt lở", "Đã khắc phục.", ""),
    "duong-mia": ("feedback", "Nhà máy đường xả khói", "Đoàn kiểm tra đã làm việc.", ""),
    "mot-cua": ("article", "Bộ phận một cửa mở cả sáng thứ bảy", "Cửa hiện đại.", ""),
    "mot-canh-cua": ("article", "Một cánh cửa của ngôi nhà cũ", "Cửa gỗ một thời.", ""),
    "quan-ly": ("article", "Quản lý đất đai bằng bản đồ số", "Quản lý thống nhất.", ""),
    "quan-li": ("article", "Phần mềm quản lí văn bản", "Dùng trong các sở.", ""),
    "xe-oto": ("question", "Sang tên xe ô tô 4 chỗ mất bao lâu?", "Hai ngày làm việc.", ""),
    "phan-tram": ("article", "Tỷ lệ hồ sơ đúng hạn đạt 98,5%", "Tăng 2% so với năm trước.", ""),
    "nghi-quyet": ("document", "Nghị quyết Về phí, lệ phí", "HĐND tỉnh.", "25/2024/NQ-HĐND"),
    "dai-pho": (
        "article",
        "Nơi này có bài viết dài",
        "Lời mở đầu. " + "nội dung " * 300 + "chìa khóa ở cuối bài",
        "",
    ),
}


class Rows(list):
    """As much of a queryset as bulk indexing asks for."""

    def filter(self, pk__gt):
        return Rows(row for row in self if row.pk > pk__gt)

    def order_by(self, *_names):
        return self

    def values(self, *_names):
        return [row.pk for row in self]


def fill() -> None:
    rows, texts = Rows(), []
    for place, (name, (kind, title, body, number)) in enumerate(RECORDS.items()):
        shown_from = NOW - timedelta(days=place)
        entry = Entry(kind=kind, title=title, body=body, number=number, shown_from=shown_from)
        rows.append(SimpleNamespace(pk=key_of(name), search_entry=lambda entry=entry: entry))
        texts.append(f"{number} {title}\n{body}")
    services.rebuild("test", rows)
    spelling.learn(texts)


def key_of(name: str) -> int:
    return 1 + list(RECORDS).index(name)


def name_of(object_id: int) -> str:
    return list(RECORDS)[object_id - 1]


def texts(hits) -> dict[int, str]:
    found = {}
    for hit in hits:
        _kind, title, body, number = RECORDS[name_of(hit.object_id)]
        found[hit.key] = f"{number} {title}\n{body}"
    return found
