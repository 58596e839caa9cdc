"""What other programs put on the clipboard, as it arrives when no editor has been at it."""

import time

import pytest

from parcai.lib import html, paste

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15"><title>Kế hoạch</title><!--[if gte mso 9]><xml><o:OfficeDocumentSettings>
<o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]--><xml><w:View>Normal</w:View></xml>
<style><!-- p.MsoNormal {mso-style-parent:""; margin:0in;} --></style></head>
<body lang=EN-US style='tab-interval:.5in'><!--StartFragment-->
<h1 style='margin:0in;text-align:center'><span style='font-size:14.0pt;font-family:"Times New Roman",serif;
color:windowtext'>KẾ HOẠCH<o:p></o:p></span></h1>
<p class=MsoNormal style='text-align:justify'><b style='mso-bidi-font-weight:normal'><span lang=VI style='font-size:
14.0pt'>Mục đích:</span></b><span lang=VI> nâng cao <i style='mso-bidi-font-style:normal'>chất lượng</i> phục vụ tại
<st1:place w:st="on"><st1:City w:st="on">Tuy Hòa</st1:City></st1:place><o:p></o:p></span></p>
<p class=MsoNormal><span lang=VI><o:p>&nbsp;</o:p></span></p>
<h3><font size=4 color="#000080">Yêu cầu</font></h3><!--EndFragment--></body></html>"""

WORD_LISTS = """<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-bidi-font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]><span lang=VI>Đơn đề nghị;<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-.25in;mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span
style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span><!--[endif]-->hai bản chính</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-.25in;mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;
</span></span><b>Bản sao</b> căn cước.</p>
<p class=MsoNormal>Các bước:<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>3.<span> </span></span><![endif]>Nộp</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>4.<span> </span></span><![endif]>Nhận</p>
<p class=MsoListParagraph style='mso-list:l1 level2 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>a)<span> </span></span><![endif]>tại quầy</p>"""

WORD_TABLE = """<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 width=623 style='border-collapse:collapse;border:none;
mso-border-alt:solid windowtext .5pt;mso-yfti-tbllook:1184'><tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'>
<td width=312 colspan=2 valign=top style='width:233.75pt;border:solid windowtext 1.0pt'><p class=MsoNormal align=center><b>Thủ tục<o:p></o:p></b></p></td>
</tr><tr><td width=156 style='width:1in'><p class=MsoNormal>Khai sinh<o:p></o:p></p></td><td><p class=MsoNormal>Trong ngày</p></td></tr></table>
<p class=MsoNormal><v:shapetype id="_x0000_t75" coordsize="21600,21600"></v:shapetype><img width=100 height=50 src="data:image/png;base64,iVBORw0KGgo="
alt="Sơ đồ"></p>"""

LIBREOFFICE = """<meta name="generator" content="LibreOffice 7.4"/><style type="text/css">p { margin-bottom: 0.25cm }</style>
<h1 class="western" style="margin-top: 0cm"><font face="Liberation Serif, serif"><font size="5" style="font-size: 18pt">Báo cáo</font></font></h1>
<p lang="vi-VN" align="justify" style="margin-bottom: 0cm; line-height: 100%"><font color="#c9211e"><font face="Liberation Serif, serif"><b>Kết quả</b></font></font>
<span style="font-style: italic">quý một</span></p>
<ul><li><p style="margin-bottom: 0cm">Một cửa</p></li><li><p>Trực tuyến</p></li></ul>
<table width="100%" cellpadding="4" cellspacing="0"><col width="128*"/><col width="128*"/><thead><tr valign="top"><th width="50%" style="border: 1px solid #000"><p>Sở</p></th></tr></thead>
<tbody><tr><td width="50%"><p>Nội vụ</p></td></tr></tbody></table>"""

GOOGLE_DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-8a1d3c2b-7fff-1111-2222-333344445555"><h1 dir="ltr"
style="line-height:1.38;margin-top:20pt"><span style="font-size:20pt;font-family:Arial;font-weight:400;white-space:pre-wrap;">Hướng dẫn</span></h1>
<p dir="ltr" style="line-height:1.38"><span style="font-weight:700;white-space:pre-wrap;">Đậm</span><span style="font-weight:400;"> thường </span><span
style="font-style:italic;">nghiêng</span><span style="font-size:0.6em;vertical-align:super;">2</span></p>
<ol><li dir="ltr" style="list-style-type:decimal" aria-level="1"><p dir="ltr" role="presentation"><span style="white-space:pre-wrap;">Mở trang</span></p></li></ol>
<p dir="ltr"><a href="https://dichvucong.gov.vn" style="text-decoration:none;"><span style="color:#1155cc;text-decoration:underline;">Cổng</span></a></p></b>"""

EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=ProgId content=Excel.Sheet><!--table {mso-displayed-decimal-separator:"\\,";}-->
<style>.xl65 {mso-number-format:"\\@";}</style></head><body link="#0563C1"><table border=0 cellpadding=0 cellspacing=0 width=128 style='width:96pt'>
<!--StartFragment--><col width=64 span=2 style='width:48pt'><tr height=20 style='height:15.0pt'><td height=20 class=xl65 width=64 style='height:15.0pt'>Đơn vị</td>
<td class=xl66 align=right x:num="85.39">85,39</td></tr><!--EndFragment--></table></body></html>"""

ZALO = """<meta charset='utf-8'><div class="message-content" style="box-sizing:border-box;color:rgb(8,27,58)"><div><span id="mtc-1" class="text"
data-z-element-type="text" style="white-space:pre-wrap">Kính gửi bà con</span></div><div><span class="text">Ngày mai <b>nghỉ</b> tiếp dân.<br>Xin cảm ơn!</span></div></div>"""

CHROME_COPY = """<span style="color: rgb(34, 28, 24); font-family: Roboto; font-weight: 400; display: inline !important; float: none;">Chép từ
một trang </span><span style="font-weight: bold;">khác</span><span style="text-decoration: line-through"> cũ</span>"""

PASTES = [WORD, WORD_LISTS, WORD_TABLE, LIBREOFFICE, GOOGLE_DOCS, EXCEL, ZALO, CHROME_COPY]


def flat(text):
    """Cleaned, with line breaks and the blanks beside tags left out."""
    words = " ".join(html.clean(text).split())
    return words.replace("> <", "><").replace(" </", "</").replace("> ", ">").strip()


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        (
            WORD,
            "<h2>KẾ HOẠCH</h2><p><b>Mục đích:</b>nâng cao <i>chất lượng</i>phục vụ tại Tuy Hòa</p><h3>Yêu cầu</h3>",
        ),
        (
            WORD_LISTS,
            "<ul><li>Đơn đề nghị;<ul><li>hai bản chính</li></ul></li><li><b>Bản sao</b>căn cước.</li></ul>"
            '<p>Các bước:</p><ol start="3"><li>Nộp</li><li>Nhận<ol><li>tại quầy</li></ol></li></ol>',
        ),
        (
            WORD_TABLE,
            '<table><tbody><tr><td colspan="2"><p><b>Thủ tục</b></p></td></tr>'
            "<tr><td><p>Khai sinh</p></td><td><p>Trong ngày</p></td></tr></tbody></table>"
            '<p><img width="100" height="50" alt="Sơ đồ"></p>',
        ),
        (
            LIBREOFFICE,
            "<h2>Báo cáo</h2><p><b>Kết quả</b><em>quý một</em></p><ul><li><p>Một cửa</p></li><li><p>Trực tuyến</p></li></ul>"
            "<table><thead><tr><th><p>Sở</p></th></tr></thead><tbody><tr><td><p>Nội vụ</p></td></tr></tbody></table>",
        ),
        (
            GOOGLE_DOCS,
            "<h2>Hướng dẫn</h2><p><strong>Đậm</strong>thường <em>nghiêng</em><sup>2</sup></p><ol><li><p>Mở trang</p></li></ol>"
            '<p><a href="https://dichvucong.gov.vn" rel="noopener noreferrer nofollow">Cổng</a></p>',
        ),
        (EXCEL, "<table><tbody><tr><td>Đơn vị</td><td>85,39</td></tr></tbody></table>"),
        (ZALO, "<p>Kính gửi bà con</p><p>Ngày mai <b>nghỉ</b>tiếp dân.<br>Xin cảm ơn!</p>"),
        (CHROME_COPY, "Chép từ một trang <strong>khác</strong><s>cũ</s>"),
    ],
    ids=["Word", "Word lists", "Word table", "LibreOffice", "Google Docs", "Excel", "Zalo", "browser"],
)
def test_pasted_text_arrives_with_its_words_and_its_structure_alone(pasted, cleaned):
    assert flat(pasted) == cleaned


@pytest.mark.parametrize("pasted", PASTES)
def test_cleaning_pasted_text_again_changes_nothing(pasted):
    cleaned = html.clean(pasted)
    assert html.clean(cleaned) == cleaned
    assert paste.tidied(cleaned) == cleaned


def test_a_long_text_of_word_is_not_too_heavy_for_all_the_markup_around_its_words():
    text = WORD_LISTS * 120 + WORD * 60
    assert len(text) > html.MAX_LENGTH
    assert not html.is_too_heavy(text)
    assert html.clean(text).count("<li>") == 720


def test_lists_end_where_another_block_begins():
    item = "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>-</span>Một</p>"
    assert html.clean(f"{item}<table><tr><td>{item}</td></tr></table>{item}") == (
        "<ul><li>Một</li></ul><table><tbody><tr><td><ul><li>Một</li></ul></td></tr></tbody></table><ul><li>Một</li></ul>"
    )


def test_a_list_may_begin_deep_and_end_shallow():
    items = "".join(
        f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>{level}</p>" for level in (3, 1, 2)
    )
    assert html.clean(items) == "<ul><li>3</li></ul><ul><li>1<ul><li>2</li></ul></li></ul>"


def test_a_number_that_belongs_to_the_words_stays_with_them():
    text = "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>1. Nộp hồ sơ</p>"
    assert html.clean(text) == "<ul><li>1. Nộp hồ sơ</li></ul>"


@pytest.mark.parametrize(
    "text",
    [
        "<div>một</div>hai<div>ba</div>",
        "<div><h2>một</h2>hai<div>ba</div></div>",
        "<div><p>một</p><p>hai</p></div><div><ul><li>ba</li></ul></div>",
    ],
)
def test_boxes_keep_words_apart(text):
    assert html.plain_text(html.clean(text)) == "một\nhai\nba"


@pytest.mark.parametrize(
    "piece",
    [
        "<xml>",
        "<xml><o:p>",
        "<p class=MsoNormal>",
        "<p class=MsoNormal><span>",
        "<p style='mso-list:l0 level1 lfo1'>",
        "<p style='mso-list:l0 level1 lfo1'>1.</p>",
        "<o:p",
        "<o:p '",
        '<o:p a="',
        "<![if !supportLists]>",
        "<!--[if ",
        "<div>",
        "<div><!--",
        "<span style='font-weight:bold'>",
        "<b style=font-weight:normal>",
        "<o:p class class",
        "style=' mso",
    ],
)
def test_no_pasted_text_keeps_the_cleaner_busy(piece):
    text = "<o:p></o:p>" + piece * (html.MAX_LENGTH // len(piece))
    began = time.process_time()
    html.clean(text)
    assert time.process_time() - began < 2
