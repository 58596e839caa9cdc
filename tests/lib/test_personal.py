import pytest

from parcai.lib.personal import MASK, find, mask


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
