import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parcai.lib import html
from tests.lib.hostile_html import HARMLESS, HOSTILE, KEY, wrong_in


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_hostile_survives(payload):
    assert wrong_in(html.clean(payload)) == []
    assert wrong_in(html.clean(f"<p>trước</p>{payload}<p>sau</p>")) == []


@pytest.mark.parametrize("snippet", HARMLESS)
def test_harmless_text_survives_unchanged(snippet):
    assert html.clean(snippet) == snippet


@pytest.mark.parametrize("text", HOSTILE + HARMLESS)
def test_cleaning_twice_changes_nothing(text):
    assert html.clean(html.clean(text)) == html.clean(text)


PIECES = st.sampled_from(
    [
        *HOSTILE,
        *HARMLESS,
        *(
            f"<{tag}>"
            for tag in sorted(html.TAGS | html.DROPPED_WITH_CONTENT | {"div", "span", "h1", "form", "select"})
        ),
        *(
            f"</{tag}>"
            for tag in sorted(html.TAGS | html.DROPPED_WITH_CONTENT | {"div", "span", "h1", "o:p"})
        ),
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>",
        "<span style='font-weight:bold;mso-list:Ignore'>",
        "<!--",
        "-->",
        "<![if !supportLists]>",
        "<![endif]>",
        "&nbsp;",
        "<",
        "&",
        '"',
        "'",
    ]
)


@settings(deadline=None, max_examples=300)
@example("<dt><table><dt>")
@example("<p>\ufeff</p><input>\ufeff&#xfeff;\ufeff")
@example("<x>" + "<b>" * 100 + "chữ")
@example("<blockquote>" * 80 + "\"'\x00\xa0 \x0b|\r\n|\u2028|")
@given(st.lists(PIECES | st.text(max_size=12), max_size=25).map("".join))
def test_whatever_is_put_together_is_clean_and_stays_as_it_is(text):
    once = html.clean(text)
    assert wrong_in(once) == []
    assert html.clean(once) == once


def test_script_text_does_not_stay_behind_as_words():
    assert html.clean("<p>a</p><script>alert('lừa')</script><style>p{}</style>") == "<p>a</p>"


def test_very_deep_text_becomes_plain_paragraphs():
    heavy = "<div>" * 20_000 + "<p>Chữ còn lại</p>" + "</div>" * 20_000
    assert html.is_too_heavy(heavy)
    assert html.clean(heavy) == "<p>Chữ còn lại</p>"
    assert html.clean("<b>" * 5_000 + "<script>x</script><i>y") == "<p>y</p>"


def test_very_long_text_is_cut():
    assert len(html.clean("<p>" + "a" * 500_000)) <= html.MAX_LENGTH + 20


def test_own_pictures_are_found():
    text = f'<p><img src="/tep/anh/{KEY}-960.webp" alt=""><img src="/tep/anh/{KEY}.webp" alt=""></p>'
    assert html.image_ids(text) == {KEY}


def test_plain_text_keeps_blocks_apart():
    assert html.plain_text("<h2>Một</h2><p>Hai<br>ba</p><ul><li>Bốn</li></ul>") == "Một\nHai\nba\nBốn"


def test_typed_text_becomes_paragraphs():
    assert html.text_to_html("Một\nhai\n\n<b>ba") == "<p>Một<br>hai</p><p>&lt;b&gt;ba</p>"


DEEP = [
    "<b></i>" * 28_000,
    "<x></y>" * 28_000,
    "<div><table><tr><td></div>" * 7_000,
    "<svg><x>" * 25_000,
    "".join(f"<p><b title={number}>x" for number in range(14_000)),
    "<p>" * 60 + "<blockquote>" * 1_000,
    "<![CDATA[" + "<b>" * 60_000 + "]]>",
]


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:12])
def test_end_tags_that_end_nothing_do_not_hide_the_depth(text):
    began = time.process_time()
    assert html.is_too_heavy(text)
    html.clean(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        "<!",
        "<?",
        "</",
        '<a "',
        "<script>",
        '<p title="',
        "<abbr title='",
        "<p =",
        "&",
        "<svg></svg",
        "<title",
    ],
)
def test_no_text_keeps_the_reader_busy(piece):
    text = piece * (html.MAX_LENGTH // len(piece))
    began = time.process_time()

    html.plain_text(text)
    html.clean(text)

    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("<p>một" * 300, "<p>một</p>" * 300),
        ("<ul>" + "<li>một" * 300, "<ul>" + "<li>một</li>" * 300 + "</ul>"),
        ("<ul>" + "<li><p>một" * 300, "<ul>" + "<li><p>một</p></li>" * 300 + "</ul>"),
        (
            "<table>" + "<tr><td>một<td>hai" * 200,
            "<table><tbody>" + "<tr><td>một</td><td>hai</td></tr>" * 200 + "</tbody></table>",
        ),
        ("<dl>" + "<dt>một<dd>hai" * 200 + "</dl>", "<dl>" + "<dt>một</dt><dd>hai</dd>" * 200 + "</dl>"),
    ],
    ids=["p", "li", "li p", "table", "dl"],
)
def test_paragraphs_items_and_cells_left_open_follow_each_other(text, cleaned):
    assert not html.is_too_heavy(text)
    assert html.clean(text) == cleaned


def test_a_long_orderly_text_keeps_its_form():
    text = (
        "<table><tbody>" + "<tr><td>Việc</td><td><strong>Hạn</strong></td></tr>" * 2_000 + "</tbody></table>"
    )
    assert html.clean(text) == text


def test_words_of_neighbouring_blocks_are_never_glued_together():
    assert html.plain_text("<p>Một<p>Hai<ul><li>Ba<li>Bốn</ul>Năm") == "Một\nHai\nBa\nBốn\nNăm"
    assert html.plain_text("<table><tr><td>Một<td>Hai<tr><td>Ba") == "Một Hai\nBa"
    assert html.clean("<p>Một" + "<blockquote>Hai" * 300).startswith("<p>Một</p><p>Hai</p><p>Hai</p>")


def test_plain_text_reads_marks_as_marks_and_leaves_what_is_dropped():
    text = (
        "<p title='a > b'>5 &lt; 7 &amp; 8 < 9</p><script>if (a < b) {}</script><!-- ẩn --><style>p{}</style>"
    )
    assert html.plain_text(text) == "5 < 7 & 8 < 9"


def test_what_grows_over_the_limit_while_it_is_cleaned_stays_the_same_afterwards():
    text = "<p>a" * 40_000
    assert html.clean(html.clean(text)) == html.clean(text)
