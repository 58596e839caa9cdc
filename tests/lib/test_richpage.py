import re
import time

import pytest

from parcai.lib import html

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def attribute(name, shown):
    return re.findall(rf'\b{name}="([^"]*)"', shown)


def test_a_paragraph_that_is_a_link_to_a_video_becomes_a_poster():
    shown = html.show_on_page(
        f'<p>Trước</p><p><a href="{YOUTUBE}&t=65">Nộp hồ sơ <b>tại nhà</b></a></p><p>Sau</p>'
    )

    assert shown.startswith('<p>Trước</p><figure class="video">')
    assert shown.endswith("</figure><p>Sau</p>")
    assert attribute("href", shown) == [f"{YOUTUBE}&amp;t=65"]
    assert attribute("data-embed", shown) == [
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0&amp;start=65"
    ]
    assert html.plain_text(shown).splitlines()[1:3] == [
        "Video: Nộp hồ sơ tại nhàYouTube",
        "Bấm để phát; khi đó trình duyệt nối đến YouTube.",
    ]
    assert "<iframe" not in shown
    assert "<img" not in shown


def test_a_bare_address_gets_words_as_its_title():
    assert "Video trên Vimeo" in html.show_on_page(
        '<p> <a href="https://vimeo.com/76979871">https://vimeo.com/76979871</a> </p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        f'<p>Xem <a href="{YOUTUBE}">video</a></p>',
        f'<p><a href="{YOUTUBE}">video</a> nhé</p>',
        f'<p><a href="{YOUTUBE}">một</a><a href="{YOUTUBE}">hai</a></p>',
        f'<ul><li><a href="{YOUTUBE}">video</a></li></ul>',
        f'<p><strong><a href="{YOUTUBE}">video</a></strong></p>',
        '<p><a href="https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ">video</a></p>',
        '<p><a href="https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ">video</a></p>',
        '<p><a href="https://www.youtube.com/@kenh">kênh</a></p>',
        '<p><a href="/video/">video</a></p>',
    ],
)
def test_any_other_link_stays_a_link(text):
    assert html.show_on_page(text) == html.clean(text)
    assert 'class="video"' not in html.show_on_page(text)


def test_words_of_a_poster_cannot_become_markup():
    shown = html.show_on_page(
        f'<p><a href="{YOUTUBE}">&lt;img src=x onerror=alert(1)&gt;" onclick="x</a></p>'
    )
    assert "<img" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;&quot; onclick=&quot;x" in shown


def test_mails_and_feeds_keep_the_plain_link_and_the_plain_table():
    text = f'<p><a href="{YOUTUBE}">Phim</a></p><table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>'
    assert html.show(text) == html.clean(text)


def test_a_table_scrolls_in_a_box_of_its_own_that_says_what_it_is():
    shown = html.show_on_page(
        "<p>a</p><table><caption>Lệ phí</caption><tbody><tr><td>1</td></tr></tbody></table><p>b</p>"
    )
    assert shown == (
        '<p>a</p><div class="scroll" role="region" tabindex="0" aria-label="Bảng: Lệ phí">'
        "<table><caption>Lệ phí</caption><tbody><tr><td>1</td></tr></tbody></table></div><p>b</p>"
    )


def test_boxes_are_named_by_the_first_row_and_told_apart():
    table = "<table><thead><tr><th>Việc</th><th>Hạn</th></tr></thead></table>"
    long = f"<table><tbody><tr><td>{'chữ ' * 40}</td></tr></tbody></table>"
    labels = attribute("aria-label", html.show_on_page(table * 2 + long + "<table></table>"))
    assert labels[:2] == ["Bảng: Việc, Hạn", "Bảng: Việc, Hạn (2)"]
    assert labels[2].endswith("chữ…")
    assert len(labels[2]) < 90
    assert labels[3] == "Bảng"


def test_quotes_in_a_caption_stay_inside_the_label():
    shown = html.show_on_page('<table><caption>"x" onfocus="alert(1)</caption></table>')
    assert 'aria-label="Bảng: &quot;x&quot; onfocus=&quot;alert(1)"' in shown


def test_header_cells_say_what_they_head():
    shown = html.show_on_page(
        "<table><thead><tr><th>A</th><th colspan='2'>B</th></tr></thead>"
        "<tbody><tr><th>1</th><td>x</td></tr><tr><th scope='rowgroup'>2</th><td>y</td></tr></tbody></table>"
    )
    assert attribute("scope", shown) == ["col", "col", "row", "rowgroup"]


def test_a_first_row_of_headers_without_a_head_heads_the_columns():
    shown = html.show_on_page("<table><tr><th>A</th><th>B</th></tr><tr><th>1</th><td>x</td></tr></table>")
    assert attribute("scope", shown) == ["col", "col", "row"]


def test_a_table_in_a_table_gets_no_box_of_its_own():
    shown = html.show_on_page("<table><tr><td><table><tr><th>x</th><td>y</td></tr></table></td></tr></table>")
    assert shown.count('class="scroll"') == 1
    assert attribute("scope", shown) == ["row"]


def test_contents_come_with_tables_and_videos():
    shown, contents = html.with_contents(
        f'<h2>Một &amp; <em>hai</em></h2><p><a href="{YOUTUBE}">Phim</a></p><h2>Ba</h2>'
        "<table><tr><td>x</td></tr></table>"
    )
    assert contents == [("muc-1", "Một & hai"), ("muc-2", "Ba")]
    assert '<h2 id="muc-2">Ba</h2><div class="scroll"' in shown
    assert '<figure class="video">' in shown


@pytest.mark.parametrize(
    "piece",
    [
        "<table><tr><td>a</td></tr></table>",
        "<p><a href='https://youtu.be/x'>",
        "<p><a href='https://youtu.be/dQw4w9WgXcQ'>a</a>",
        "<th>",
        "<table><caption>",
    ],
)
def test_no_text_keeps_the_page_busy(piece):
    text = piece * (html.MAX_LENGTH // len(piece))
    began = time.process_time()
    html.with_contents(text)
    assert time.process_time() - began < 2.5
