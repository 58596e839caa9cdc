"""Made-up leaders and duties for a few agencies of the demonstration. Every name says that it is made up."""

from agencies.models import Agency, Leader

SOURCE = "Dữ liệu minh họa"
DUTIES = (
    "(Minh họa) Quản lý nhà nước về các lĩnh vực được giao trên địa bàn.\n"
    "(Minh họa) Giải quyết thủ tục hành chính đúng hạn; trả lời câu hỏi, phản ánh, kiến nghị của người dân."
)
RECEPTION = (
    "(Minh họa) Thủ trưởng tiếp công dân ngày 15 hằng tháng, từ 8 giờ đến 11 giờ.\n"
    "(Minh họa) Các ngày làm việc khác: cán bộ tiếp công dân tại bộ phận một cửa."
)
LEADERS = {
    # agency code: full name, position, head, field
    "PY-SNV": [
        ("Trần Văn Minh Họa (tên minh họa)", "Giám đốc", True, "Công việc chung của cơ quan"),
        ("Lê Thị Minh Họa (tên minh họa)", "Phó Giám đốc", False, "Cải cách hành chính, văn thư, lưu trữ"),
        ("Phan Văn Minh Họa (tên minh họa)", "Phó Giám đốc", False, ""),
    ],
    "PY-SYT": [
        ("Nguyễn Thị Minh Họa (tên minh họa)", "Giám đốc", True, "Công việc chung của cơ quan"),
        ("Đặng Văn Minh Họa (tên minh họa)", "Phó Giám đốc", False, "Khám bệnh, chữa bệnh"),
    ],
    "X22015-2025": [
        ("Võ Văn Minh Họa (tên minh họa)", "Chủ tịch Ủy ban nhân dân", True, "Công việc chung của cơ quan")
    ],
}


def make_directory() -> int:
    """Leaders, duties and reception hours of three agencies, where nothing was entered yet."""
    made = 0
    for code, leaders in LEADERS.items():
        agency = Agency.objects.get(code=code)
        Agency.objects.filter(pk=agency.pk, duties="", reception="").update(
            duties=DUTIES, reception=RECEPTION
        )
        if agency.leaders.exists():
            continue
        for number, (name, position, is_head, field) in enumerate(leaders):
            Leader.objects.create(
                agency=agency,
                full_name=name,
                position=position,
                is_head=is_head,
                field=field,
                email="minhhoa@vidu.vn" if is_head else "",
                order=number,
                source=SOURCE,
            )
            made += 1
    return made
