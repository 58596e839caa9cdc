import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcai.lib.vietnamese import fold, fold_letter, slug, sort_key, tidy


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Hòa", "hoa"),
        ("Hoà", "hoa"),
        ("ĐƯỜNG DÂY NÓNG", "duong day nong"),
        ("113/KH-UBND", "113 kh ubnd"),
        ("Uỷ ban", "uy ban"),
        ("Ủy ban", "uy ban"),
        ("“Dân hỏi – Thủ trưởng trả lời”", "dan hoi thu truong tra loi"),
        ("  Sở   KH&CN ", "so kh cn"),
        (unicodedata.normalize("NFD", "Đường Nguyễn Huệ"), "duong nguyen hue"),
        ("", ""),
    ],
)
def test_fold_gives_what_a_hurried_person_types(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.characters(blacklist_categories=["Cs"]))
def test_folding_keeps_places(letter):
    assert len(fold_letter(letter)) == 1


@given(st.text())
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)


def test_tidy_removes_what_cannot_be_seen():
    assert tidy("a\x00b\u200bc\u202ed\ufeff\r\ne\tf ") == "abcd\ne\tf"
    assert tidy(unicodedata.normalize("NFD", "Việt")) == "Việt"


def test_sorting_follows_the_vietnamese_alphabet():
    names = ["Đồng Xuân", "Tuy Hòa", "Tuy An", "Ân Niên", "An Chấn", "Dân Phú", "Ea Bar", "Ăn Thịnh"]
    expected = ["An Chấn", "Ăn Thịnh", "Ân Niên", "Dân Phú", "Đồng Xuân", "Ea Bar", "Tuy An", "Tuy Hòa"]
    assert sorted(names, key=sort_key) == expected
    assert sorted(["má", "mạ", "mả", "mà", "ma", "mã"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


@given(st.text())
def test_a_slug_is_always_an_address_part(text):
    made = slug(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 80


def test_a_slug_is_cut_at_a_word():
    assert slug("Một cửa liên thông") == "mot-cua-lien-thong"
    assert slug("một hai ba bốn", length=12) == "mot-hai-ba"
    assert slug("…") == "bai"
