import pytest

from parcai.lib.phones import Phone, split


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("0257 3841 234", [Phone("0257 3841 234", "02573841234")]),
        ("(0257) 3.841.234", [Phone("(0257) 3.841.234", "02573841234")]),
        ("+84 257 3841 234", [Phone("+84 257 3841 234", "+842573841234")]),
        ("113", [Phone("113", "113")]),
        ("0257 3841234 máy lẻ 12", [Phone("0257 3841234 máy lẻ 12", "02573841234")]),
        (
            "0257 3841 234; 0905 000 000 hoặc 1022",
            [
                Phone("0257 3841 234", "02573841234"),
                Phone("0905 000 000", "0905000000"),
                Phone("1022", "1022"),
            ],
        ),
        ("đang cập nhật", [Phone("đang cập nhật", "")]),
        ("12", [Phone("12", "")]),
        ("1" * 60, [Phone("1" * 60, "")]),
        ('"><script>', [Phone('"><script>', "")]),
    ],
)
def test_what_a_telephone_dials(typed, found):
    assert split(typed) == found
