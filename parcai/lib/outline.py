"""Rich text as lines a person can compare: one block a line, what is more than words written out."""

from html.parser import HTMLParser

from parcai.lib.html import clean

BEGINS = {"h2": "## ", "h3": "### ", "h4": "#### ", "li": "• ", "blockquote": "> ", "caption": "Bảng: "}
BLOCKS = {"p", "dt", "dd", "figcaption", "tr", "hr", "pre", "figure", "table", *BEGINS}
MARKS = {"strong": "**", "b": "**", "em": "_", "i": "_", "u": "__", "s": "~~", "sup": "^", "sub": "ˬ"}


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.links: list[str] = []
        self.lists: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = {name: (value or "") for name, value in attrs}
        if tag in {"ol", "ul"}:
            self.lists.append(tag)
        if tag == "li" and self.lists and self.lists[-1] == "ol":
            self.lines.append("1. ")
        elif tag == "hr":
            self.lines += ["———", ""]
        elif tag in BLOCKS or tag == "br":
            self.lines.append(BEGINS.get(tag, ""))
        elif tag in {"td", "th"}:
            self._say(" | " if tag == "td" else " ‖ ")
        elif tag == "img":
            self._say(f"[ảnh: {given.get('alt', '')} {given.get('src', '')}]")
        elif tag == "a":
            self.links.append(given.get("href", ""))
        else:
            self._say(MARKS.get(tag, ""))

    def handle_endtag(self, tag):
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        if tag in BLOCKS:
            self.lines.append("")
        elif tag == "a" and self.links:
            self._say(f" <{self.links.pop()}>")
        else:
            self._say(MARKS.get(tag, ""))

    def handle_data(self, data):
        self._say(data)

    def _say(self, words: str) -> None:
        self.lines[-1] += words


def outline(html: str) -> str:
    """The text of `html`, headings, lists, links, pictures and emphasis written as signs."""
    reader = _Outline()
    reader.feed(clean(html))
    reader.close()
    return "\n".join(line for line in (" ".join(line.split()) for line in reader.lines) if line)
