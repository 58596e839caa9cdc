"""Text pasted from Word, LibreOffice, Google Docs and chats, brought into the portal's own forms before it is cleaned.

Lists Word writes as paragraphs become lists, bold and italic written as style become tags, first-level headings
second-level ones, boxes paragraphs. Nothing here decides what is allowed: the cleaner does, afterwards.
"""

import re
from html import escape, unescape

# One pass over the tags; every branch ends at its own end or at the end of the text.
TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)
    | <!\[[^>]*(?:>|\Z)
    | <\?[^>]*(?:>|\Z)
    | <(?P<end>/?)(?P<name>[a-z][a-z0-9]*(?::[a-z0-9]+)?)(?P<rest>(?:=\s*"[^"]*"?|=\s*'[^']*'?|[^>])*+)(?:>|\Z)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
ATTRIBUTE = re.compile(r"""([a-z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""", re.IGNORECASE)
FOREIGN = re.compile(
    r"""<(?:div|h[156]|span|font|[a-z0-9]{1,8}:|[^<>]{1,200}\b(?:class|style|lang)\s*=)|<!--\[if""",
    re.IGNORECASE,
)
OFFICE = re.compile(r"""\bclass\s*=\s*["']?Mso|<o:p|\bstyle\s*=\s*["'][^"'<>]{0,200}\bmso-""", re.IGNORECASE)
KEPT = {"href", "title", "src", "alt", "width", "height", "colspan", "rowspan", "scope", "start", "rel"}
BLOCKS = set("p h1 h2 h3 h4 h5 h6 div ul ol li dl dt dd table tr td th blockquote pre figure hr".split())
AROUND_ALL = {"html", "head", "body", "meta"}
TOLD_ITSELF = {"xml", "style", "title"}
HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
STYLES = (
    ("strong", re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)),
    ("em", re.compile(r"(?<![\w-])font-style\s*:\s*italic", re.IGNORECASE)),
    ("s", re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)),
    ("sup", re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)),
    ("sub", re.compile(r"vertical-align\s*:\s*sub\b", re.IGNORECASE)),
)
NOT_BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:normal|400)", re.IGNORECASE)
LIST = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d)", re.IGNORECASE)
BULLET_SIGN = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
SECTION = re.compile(r"<!(?:--)?\[(if !supportLists|endif)\]", re.IGNORECASE)
NUMBERED = re.compile(r"\(?(?:(\d{1,3})|[a-zđ]|[ivx]{1,5})[.)]", re.IGNORECASE)
BLANK = re.compile(r"(?:</?(?:span|o:p|b|i|font)\b[^>]*>|&nbsp;|\s)*+</p\s*>", re.IGNORECASE)
LOOK_AHEAD = 600  # characters in which Word has said how a list item is numbered
LONGEST = 1_000_000  # what Word writes is many times as long as what it says


def is_from_office(html: str) -> bool:
    return bool(OFFICE.search(html))


def tidied(html: str) -> str:
    """The text with what other programs write in their own way written in ours; ours comes back as it is."""
    return _Pass(html).run() if len(html) <= LONGEST and FOREIGN.search(html) else html


class _Pass:
    def __init__(self, html: str):
        self.html = html
        self.out: list[str] = []
        self.ends: dict[str, list[str]] = {}  # what to write for the end tags still to come, by name
        self.lists: list[tuple[int, str]] = []  # level and tag of the lists built from paragraphs
        self.in_item = self.in_box = False
        self.sign = 0  # spans open around the bullet Word wrote out; it is left out
        self.in_section = False
        self.unclosed: set[str] = set()

    def run(self) -> str:
        at = 0
        while tag := TAG.search(self.html, at):
            self._text(self.html[at : tag.start()])
            at = self._tag(tag)
        self._text(self.html[at:])
        self._close_lists()
        return "".join(self.out)

    def _text(self, words: str) -> None:
        if self.sign or self.in_section or not words:
            return
        if self.lists and not self.in_item:
            if not words.strip():
                return
            self._close_lists()
        self.out.append(words)

    def _tag(self, tag: re.Match) -> int:
        """Write the tag in our way; where to read on."""
        name = (tag["name"] or "").lower()
        if not name:
            if section := SECTION.match(tag[0]):
                self.in_section = self.in_item and section[1].lower() != "endif"
        elif name in AROUND_ALL:
            pass
        elif tag["end"]:
            self._end(name, tag[0])
        elif name in TOLD_ITSELF:
            return self._after(name, tag.end())
        else:
            return self._start(name, tag)
        return tag.end()

    def _after(self, name: str, at: int) -> int:
        """Where to read on after what a program tells itself about the document."""
        ends = f"</{name}>"
        end = self.html.find(ends, at) if name not in self.unclosed else -1
        if end < 0:
            self.unclosed.add(name)
            return at
        return end + len(ends)

    def _start(self, name: str, tag: re.Match) -> int:
        given = {
            found[1].lower(): found[2] or found[3] or found[4] or ""
            for found in ATTRIBUTE.finditer(tag["rest"])
        }
        style = given.get("style", "")
        if self.in_item and (self.sign or BULLET_SIGN.search(style)):
            self.sign += name == "span"
            return tag.end()
        if self.in_section:
            return tag.end()
        if name == "p":
            if given.get("class", "").startswith("Mso") and (blank := BLANK.match(self.html, tag.end())):
                return blank.end()
            if level := LIST.search(style):
                self._item(int(level[1]), tag.end())
                return tag.end()
        if name in BLOCKS:
            self.in_item = False
        if not self.in_item:
            self._close_lists()
        if name in BLOCKS and self.in_box:
            self.out.append("</p>")
            self.in_box = False
        if name == "div":
            self.in_box = self._holds_words(tag.end())
            self.out.append("<p>" if self.in_box else "")
        elif name in {"span", "font", "b"}:
            self._inline(name, style, tag[0])
        elif ":" not in name:
            self.out.append(self._ours(HEADINGS.get(name, name), given, tag[0]))
        return tag.end()

    def _end(self, name: str, written: str) -> None:
        if name == "p":
            self.sign, self.in_section = 0, False
            if self.in_item:
                self.in_item = False
                return
        if self.sign:
            self.sign -= name == "span"
        elif self.in_section or ":" in name or name == "xml":
            return
        elif name in {"span", "font", "b"}:
            waiting = self.ends.get(name)
            self.out.append(waiting.pop() if waiting else written if name == "b" else "")
        else:
            if not self.in_item:
                self._close_lists()
            if name == "div":
                self.out.append("</p>" if self.in_box else "")
                self.in_box = False
            else:
                self.out.append(f"</{HEADINGS[name]}>" if name in HEADINGS else written)

    def _holds_words(self, at: int) -> bool:
        """Whether a box begins with words, not with another block."""
        following = TAG.search(self.html, at)
        if not following or self.html[at : following.start()].strip():
            return True
        return (following["name"] or "").lower() not in BLOCKS

    def _inline(self, name: str, style: str, written: str) -> None:
        """A box around words: the emphasis its style gives."""
        tags = [tag for tag, pattern in STYLES if pattern.search(style)]
        is_bold = name == "b" and not NOT_BOLD.search(
            style
        )  # Google Docs wraps everything in a bold that is none
        if is_bold:
            tags = ["b", *(tag for tag in tags if tag != "strong")]
        if tags == ["b"] and not style:
            self.out.append(written)
        else:
            self.out += [f"<{tag}>" for tag in tags]
        self.ends.setdefault(name, []).append("".join(f"</{tag}>" for tag in reversed(tags)))

    def _ours(self, name: str, given: dict[str, str], written: str) -> str:
        if name not in HEADINGS.values() and given.keys() <= KEPT:
            return written
        kept = "".join(f' {key}="{escape(unescape(value))}"' for key, value in given.items() if key in KEPT)
        return f"<{name}{kept}>"

    def _item(self, level: int, at: int) -> None:
        """A paragraph Word means as a list item."""
        said = self.html[at : at + LOOK_AHEAD].lower().split("</p", 1)[0]
        words = " ".join(unescape(TAG.sub("", said)).split())
        has_sign = BULLET_SIGN.search(said) or "supportlists" in said
        number = NUMBERED.match(words) if has_sign else None
        tag = "ol" if number else "ul"
        if self.in_box:
            self.out.append("</p>")
            self.in_box = False
        while self.lists and self.lists[-1][0] > level:
            self.out.append(f"</li></{self.lists.pop()[1]}>")
        if self.lists and self.lists[-1] == (level, tag):
            self.out.append("</li><li>")
        else:
            if self.lists and self.lists[-1][0] == level:
                self.out.append(f"</li></{self.lists.pop()[1]}>")
            start = f' start="{number[1]}"' if number and number[1] and int(number[1]) > 1 else ""
            self.out.append(f"<{tag}{start}><li>")
            self.lists.append((level, tag))
        self.in_item = True

    def _close_lists(self) -> None:
        while self.lists:
            self.out.append(f"</li></{self.lists.pop()[1]}>")
        self.in_item = False
