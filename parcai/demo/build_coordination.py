"""What the coordinator of the demonstration works by: fields, rules for routing, bodies outside the portal."""

from agencies.models import Agency
from articles.models import Topic
from feedback.models import OutsideBody, RoutingRule

# The field of a case by the file its story stands in.
FIELDS = {
    "can_bo_cong_chuc": "Cán bộ, công chức",
    "dang_ky_kinh_doanh": "Đăng ký kinh doanh",
    "dat_dai": "Đất đai",
    "dich_vu_cong_truc_tuyen": "Dịch vụ công trực tuyến",
    "giao_duc": "Giáo dục",
    "ho_tich": "Hộ tịch",
    "lao_dong_an_sinh": "Lao động, an sinh xã hội",
    "moi_truong_nong_nghiep": "Nông nghiệp, môi trường",
    "xay_dung_giao_thong": "Xây dựng, giao thông",
    "y_te": "Y tế",
}
# order, name, words, agency, field. Demonstration rules, to be replaced by the province's own.
RULES = [
    (
        10,
        "Đất đai",
        '"sổ đỏ", "giấy chứng nhận quyền sử dụng đất", "thửa đất", "tách thửa"',
        "PY-STNMT",
        "dat_dai",
    ),
    (20, "Hộ tịch", '"khai sinh", "kết hôn", "khai tử", "hộ tịch"', "PY-STP", "ho_tich"),
    (
        30,
        "Khám chữa bệnh",
        '"bệnh viện", "trạm y tế", "khám bệnh", "bảo hiểm y tế", "tiêm chủng"',
        "PY-SYT",
        "y_te",
    ),
    (
        40,
        "Trường học",
        '"học phí", "nhà trường", "tuyển sinh", "học sinh", "bằng tốt nghiệp"',
        "PY-SGDDT",
        "giao_duc",
    ),
    (
        50,
        "Kinh doanh",
        '"hộ kinh doanh", "doanh nghiệp", "giấy phép kinh doanh"',
        "PY-STC",
        "dang_ky_kinh_doanh",
    ),
    (60, "Xây dựng, cầu đường", '"giấy phép xây dựng", "mặt đường", "ổ gà"', "PY-SXD", "xay_dung_giao_thong"),
    (
        70,
        "Rác thải, nông nghiệp",
        '"rác thải", "thu gom rác", "chăn nuôi", "ô nhiễm", "nước thải", "lúa"',
        "PY-SNNMT-2025",
        "moi_truong_nong_nghiep",
    ),
    (
        80,
        "Dịch vụ công trực tuyến",
        '"nộp hồ sơ trực tuyến", "dịch vụ công", "VNeID"',
        "PY-TTPVHCC",
        "dich_vu_cong_truc_tuyen",
    ),
    (90, "Việc làm, trợ cấp", '"trợ cấp", "thất nghiệp", "người có công"', "PY-SLDTBXH", "lao_dong_an_sinh"),
    (100, "Thái độ phục vụ", '"một cửa", "công chức", "thái độ"', "PY-SNV", "can_bo_cong_chuc"),
]
# Real bodies with what is certain of them; addresses of the province are the province's to enter.
BODIES = [
    ("Bảo hiểm xã hội tỉnh", "1900 9068", "https://baohiemxahoi.gov.vn", "bảo hiểm xã hội, bảo hiểm y tế"),
    ("Tổng công ty Điện lực miền Trung", "1900 1909", "https://cskh.cpc.vn", "cấp điện, hóa đơn tiền điện"),
    ("Công an tỉnh", "", "https://bocongan.gov.vn", "căn cước, cư trú, giấy phép lái xe"),
    ("Cơ quan thuế", "", "https://www.gdt.gov.vn", "thuế, hóa đơn điện tử"),
    ("Tòa án nhân dân tỉnh", "", "https://toaan.gov.vn", "vụ án, thi hành bản án"),
]


def make_coordination() -> int:
    """Fields, rules and bodies; a second call adds what is missing and changes nothing."""
    agencies = {agency.code: agency for agency in Agency.objects.filter(code__startswith="PY-")}
    fields = fields_of_cases()
    made = 0
    for order, name, words, code, field in RULES:
        defaults = {"order": order, "words": words, "agency": agencies[code], "sets_topic": fields[field]}
        made += RoutingRule.objects.get_or_create(name=name, defaults=defaults)[1]
    for name, phone, website, note in BODIES:
        defaults = {"phone": phone, "website": website, "note": note}
        made += OutsideBody.objects.get_or_create(name=name, defaults=defaults)[1]
    return made


def fields_of_cases() -> dict[str, Topic]:
    return {key: Topic.objects.get_or_create(name=name)[0] for key, name in FIELDS.items()}
