import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcai.lib import differences
from parcai.lib.differences import compare_lines, is_cut
from parcai.lib.outline import outline


def test_only_the_changed_words_are_marked():
    [line] = compare_lines("Nộp trong 15 ngày.", "Nộp trong 10 ngày.")
    assert line.before == [("Nộp trong ", False), ("15 ", True), ("ngày.", False)]
    assert line.after == [("Nộp trong ", False), ("10 ", True), ("ngày.", False)]


def test_changed_words_beside_each_other_are_one_mark():
    [line] = compare_lines("Nộp hồ sơ giấy tại một cửa xã", "Nộp hồ sơ qua mạng tại một cửa xã")
    assert [words for words, changed in line.after if changed] == ["qua mạng "]


def test_a_line_written_anew_is_marked_as_one():
    [line] = compare_lines("Cải cách hành chính", "Thủ tục mới về đất đai")
    assert line.before == [("Cải cách hành chính", True)]


def test_lines_that_came_or_went_stand_alone():
    lines = compare_lines("một\nhai", "một\nba bốn năm\nhai")
    assert [line.is_changed for line in lines] == [False, True, False]
    assert lines[1].before == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_word_is_lost_on_either_side(before, after):
    lines = compare_lines(before, after)
    for text, side in ((before, "before"), (after, "after")):
        shown = [
            "".join(words for words, _changed in getattr(line, side)) for line in lines if getattr(line, side)
        ]
        assert [line for line in shown if line] == [line for line in text.splitlines() if line]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 50_000, "b " * 50_000),
        ("\n".join(["a " * 400 + "x"] * 4), "\n".join(["a " * 400 + "y"] * 4)),
        ("\n".join(["a b", "b a"] * 700), "\n".join(["b a", "a b", "a a"] * 500)),
    ],
    ids=["endless line", "one word over and over", "lines over and over"],
)
def test_tedious_texts_cost_no_more_than_others(before, after, monkeypatch):
    spent = []
    real = differences.SequenceMatcher

    def counting(_junk, old, new, **options):
        spent.append(sum(new.count(piece) for piece in set(old)) * 1)
        return real(_junk, old, new, **options)

    monkeypatch.setattr(differences, "SequenceMatcher", counting)
    lines = compare_lines(before, after)
    assert any(line.is_changed for line in lines)
    assert sum(spent) <= differences.MOST_PAIRS


def test_a_text_that_is_cut_says_so():
    assert is_cut("x\n" * 1600, "x")
    assert not is_cut("x\n" * 20, "x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>m<sup>2</sup></p>", "<p>m2</p>"),
        ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>"),
        (
            "<table><tbody><tr><th>a</th></tr></tbody></table>",
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        ("<p>a</p><hr><p>b</p>", "<p>a</p><p>b</p>"),
    ],
)
def test_what_a_reader_sees_differently_is_written_differently(one, other):
    assert outline(one) != outline(other)


def test_rich_text_becomes_lines_one_can_compare():
    html = '<h2>Đầu</h2><p>Chữ <strong>đậm</strong> và <a href="/van-ban/3/">liên kết</a></p><ul><li>Một</li></ul>'
    assert outline(html).splitlines() == ["## Đầu", "Chữ **đậm** và liên kết </van-ban/3/>", "• Một"]


def test_pictures_and_tables_are_said():
    src = "/tep/anh/01234567-89ab-cdef-0123-456789abcdef-480.webp"
    html = (
        f'<p><img src="{src}" alt="Một cửa"></p><table><tbody><tr><td>A</td><td>B</td></tr></tbody></table>'
    )
    lines = outline(html).splitlines()
    assert lines[0] == f"[ảnh: Một cửa {src}]"
    assert lines[-1] == "| A | B"
