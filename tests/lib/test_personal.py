import pytest

from parcai.lib.personal import MASK, differs_only_by_mask, find, mask


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("Gọi tôi 0912345678 nhé", "số điện thoại", "0912345678"),
        ("Gọi tôi 0912 345 678.", "số điện thoại", "0912 345 678"),
        ("Máy bàn 0257.3841.234", "số điện thoại", "0257.3841.234"),
        ("+84 912 345 678", "số điện thoại", "+84 912 345 678"),
        ("Thư: a.b+c@vidu.com.vn.", "thư điện tử", "a.b+c@vidu.com.vn"),
        ("CCCD 054123456789 của tôi", "số CCCD hoặc CMND", "054123456789"),
        ("CMND: 221234567", "số CCCD hoặc CMND", "221234567"),
        ("STK 0123 4567 8901 ngân hàng", "số tài khoản", "STK 0123 4567 8901"),
        ("Xe 78A-123.45 đậu", "biển số xe", "78A-123.45"),
        ("Xe máy 78H1-123.45", "biển số xe", "78H1-123.45"),
        ("Tôi ở số nhà 12/3 hẻm", "địa chỉ nhà", "số nhà 12/3"),
        ("Ở số 45 đường Trần Phú", "địa chỉ nhà", "số 45 đường"),
    ],
)
def test_what_tells_who_somebody_is_is_found(text, kind, piece):
    found = [finding for finding in find(text) if finding.kind == kind]
    assert [finding.text for finding in found] == [piece]
    assert piece not in mask(text)
    assert MASK in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 113/KH-UBND ngày 15/5/2023",
        "Quyết định số 11/2022/QĐ-UBND",
        "Thửa 12, tờ bản đồ số 5, diện tích 120,5 m2",
        "Nộp 1.250.000 đồng trong 15 ngày làm việc",
        "Luật số 91/2025/QH15, Điều 147-148",
        "Hồ sơ PY26-7KQ4-M2XD",
        "Năm 2023 và 2024, hạng 47/61",
    ],
)
def test_ordinary_numbers_are_left_alone(text):
    assert find(text) == []
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("CCCD 054085001234, bị mất", "số CCCD hoặc CMND", "054085001234"),
        ("CMND 221234567, cấp năm 2009", "số CCCD hoặc CMND", "221234567"),
        ("căn cước 054 085 001 234 của tôi", "số CCCD hoặc CMND", "054 085 001 234"),
        ("gọi SĐT0912345678 giúp", "số điện thoại", "0912345678"),
        ("ĐT.0912345678", "số điện thoại", "0912345678"),
        ("liên hệ (0257) 3841234, giờ hành chính", "số điện thoại", "(0257) 3841234"),
        ("xe 78F112345 bị giữ", "biển số xe", "78F112345"),
        ("tôi ở số 12 Trần Phú", "địa chỉ nhà", "số 12 Trần Phú"),
        ("nhà 12/4 Trần Phú bị ngập", "địa chỉ nhà", "nhà 12/4 Trần Phú"),
        ("chuyển vào tài khoản 1234 5678 9012 nhé", "số tài khoản", "1234 5678 9012"),
    ],
)
def test_ordinary_spellings_are_seen(text, kind, piece):
    found = find(text)
    assert any(piece in finding.text and finding.kind == kind for finding in found), found
    assert piece not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch 113/KH-UBND ngày 15/5/2023 và Nghị quyết số 76/NQ-CP",
        "Quyết định số 1294/QĐ-BNV ngày 3/12/2012",
        "Số 12 Điều 5 Luật Đất đai 2024 quy định gì?",
        "học phí 1.250.000 đồng, tổng 12.500.000.000 đồng",
        "năm 2021-2025, giai đoạn 2022-2030",
        "mã thủ tục 1.004.222.000.00.00",
        "diện tích 120,5 m2, thửa 45, tờ bản đồ 12",
    ],
)
def test_numbers_of_documents_money_and_land_are_left_alone(text):
    assert find(text) == []


KNOWN = [
    ("tên người gửi", "Nguyễn Văn Tèo"),
    ("thư điện tử", "teo@vidu.vn"),
    ("số điện thoại", "0912 345 678"),
    ("địa chỉ", "Thôn Phú Lộc, xã An Phú"),
]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("Kính gửi ông Nguyễn Văn Tèo, Sở trả lời như sau", "Nguyễn Văn Tèo"),
        ("NGUYEN VAN TEO hoi", "NGUYEN VAN TEO"),
        ("Sở cảm ơn ông Tèo đã hỏi", "ông Tèo"),
        ("nhà ở thôn Phú Lộc, xã An Phú", "thôn Phú Lộc, xã An Phú"),
        ("gọi 0912.345.678", "0912.345.678"),
    ],
)
def test_what_is_known_of_the_asker_is_found(text, piece):
    assert piece in [finding.text for finding in find(text, KNOWN)]
    assert piece not in mask(text, KNOWN)


def test_what_is_known_is_not_seen_inside_other_words():
    assert find("Kế hoạch nuôi tèobo, ông Tèng", KNOWN) == []
    assert find("Việc đi lại khó khăn", [("tên người gửi", "Trần Thị Lại")]) == []


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("Kính gửi ông Tèo: mang căn cước.", True),
        ("Kính gửi [đã che]: mang căn cước.", True),
        ("[đã che]: mang [đã che].", True),
        ("Kính gửi ông Tèo: mang [đã che]", True),
        ("Kính gửi [đã che]: mang hộ chiếu.", False),
        ("Kính gửi [đã che]: mang căn cước. Miễn phí.", False),
        ("mang căn cước.", False),
        ("", False),
    ],
)
def test_a_masked_text_says_the_same_but_for_the_masks(shown, same):
    assert differs_only_by_mask(shown, "Kính gửi ông Tèo:  mang\ncăn cước.") is same


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Zalo 0905123456@gmail.com, gọi 0905123456", "Zalo [đã che], gọi [đã che]"),
        ("Quyết định 123456789; CCCD 012345678912", "Quyết định [đã che]; CCCD [đã che]"),
        ("CMND 012345678912, văn bản 123456789", "CMND [đã che], văn bản [đã che]"),
    ],
)
def test_each_place_is_masked_for_itself(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "nhà tôi K12/4 Hùng Vương",
        "CCCD: 0540 9500 1234",
        "gọi 0905/123/456",
        "tài khoản ngân hàng của tôi là 19034567",
    ],
)
def test_more_ordinary_spellings_are_seen(text):
    assert find(text) != []
