"""Cleaned rich text made ready for a page of the portal; mails and feeds get it as it is.

Every function takes and gives HTML the cleaner wrote: each tag well formed, "<" nowhere but at a tag.
"""

import re
from collections import Counter
from html import escape, unescape

from django.template.loader import render_to_string

from parcai.lib import video

TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
VIDEO = re.compile(r'<p>\s*<a href="([^"]*)"[^>]*>((?:(?!</?(?:p|a)\b).)*+)</a>\s*</p>', re.DOTALL)
LABEL_LENGTH = 80


def words(html: str) -> str:
    return " ".join(unescape(TAG.sub(" ", html)).split())


def with_tables(html: str) -> str:
    """Each table in a box that scrolls sideways, by hand and by keyboard; each header cell says what it heads."""
    if "<table>" not in html:
        return html
    found: list[str] = []
    labels: Counter[str] = Counter()
    at = depth = begins = 0
    for tag in re.finditer(r"</?table>", html):
        depth += -1 if tag[0].startswith("</") else 1
        if depth == 1 and tag[0] == "<table>":
            begins = tag.start()
            found.append(html[at:begins])
        elif depth == 0:
            at = tag.end()
            table = html[begins:at]
            label = _label(table)
            labels[label] += 1
            label += f" ({labels[label]})" if labels[label] > 1 else ""
            box = f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(label)}">'
            found += [box, _with_scopes(table), "</div>"]
    return "".join([*found, html[at:]])


def _label(table: str) -> str:
    """What a screen reader says of a table: its caption, else the words of its first row."""
    caption, row = CAPTION.search(table), ROW.search(table)
    told = words(caption[1]) if caption else ""
    cells = [] if told or not row else [words(cell) for cell in re.split(r"<t[hd]\b[^>]*>", row[0])[1:]]
    told = told or ", ".join(cell for cell in cells if cell)
    cut = told if len(told) <= LABEL_LENGTH else told[:LABEL_LENGTH].rsplit(" ", 1)[0] + "…"
    return f"Bảng: {cut}" if cut else "Bảng"


def _with_scopes(table: str) -> str:
    """In the head, and in a row of nothing but headers, a header is of its column; elsewhere of its row."""
    found, at, in_head, all_headers = [], 0, [False], False
    for tag in TAG.finditer(table):
        name, is_end = tag[2], tag[1] == "/"
        if name == "table":
            if is_end:
                in_head.pop()
            else:
                in_head.append(False)
        elif name == "thead":
            in_head[-1] = not is_end
        elif name == "tr" and not is_end:
            row = table[tag.end() : table.find("</tr>", tag.end())]
            all_headers = "<td" not in row
        elif name == "th" and not is_end and "scope=" not in tag[3]:
            found.append(table[at : tag.end() - 1])
            found.append(f' scope="{"col" if in_head[-1] or all_headers else "row"}"')
            at = tag.end() - 1
    return "".join([*found, table[at:]])


def with_videos(html: str) -> str:
    """A paragraph that is nothing but a link to a video of an allowed host: a poster that loads it when pressed."""

    def poster(paragraph: re.Match) -> str:
        address = unescape(paragraph[1])
        found = video.parse(address)
        if not found or "<img" in paragraph[2]:
            return paragraph[0]
        title = words(paragraph[2])
        context = {
            "title": f"Video trên {found.host}" if not title or video.parse(title) else title,
            "watch_url": found.watch_url,
            "embed_url": found.embed_url,
            "host": found.host,
        }
        return render_to_string("components/video.html", context, using="django").strip()

    return VIDEO.sub(poster, html) if "<a " in html else html


def with_names(html: str) -> tuple[str, list[tuple[str, str]]]:
    """A name on every second-level heading, and the list of them: (name, words)."""
    found: list[tuple[str, str]] = []

    def name(heading: re.Match) -> str:
        found.append((f"muc-{len(found) + 1}", words(heading[1])))
        return f'<h2 id="{found[-1][0]}">{heading[1]}</h2>'

    # The cleaner leaves no attribute on a heading, so this is the only shape there is.
    return HEADING.sub(name, html), found
