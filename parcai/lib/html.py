"""Rich text: one allow list, applied when text is saved and again when it is shown.

The only file of the project that marks a string as safe.
"""

import re
from html import escape
from html.parser import HTMLParser

import nh3
from django.utils.safestring import SafeString, mark_safe

MAX_LENGTH = 200_000
MAX_DEPTH = 60  # the cleaner's cost grows with the square of the nesting

TAGS = set(
    "p br hr h2 h3 h4 strong b em i u s sub sup small abbr q cite code pre blockquote ul ol li dl dt dd a "
    "figure figcaption img table caption thead tbody tfoot tr th td".split()
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "template",
    "noscript",
    "svg",
    "math",
    "title",
}
VOID_TAGS = {
    "br",
    "hr",
    "img",
    "input",
    "meta",
    "link",
    "col",
    "area",
    "base",
    "embed",
    "source",
    "track",
    "wbr",
}
SCHEMES = {"http", "https", "mailto", "tel"}
OWN_IMAGE = re.compile(r"/tep/anh/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-\d{2,4})?\.webp")
OWN_PAGE = re.compile(r"(/(?!/)|#)[^\\\x00-\x1f]*")
OUTSIDE = re.compile(r"(https?://|mailto:|tel:)[^\\\x00-\x1f]+", re.IGNORECASE)
NUMBER = re.compile(r"\d{1,4}")


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if OWN_IMAGE.fullmatch(value) else None
    if attribute == "href":
        return value if OWN_PAGE.fullmatch(value) or OUTSIDE.fullmatch(value) else None
    if attribute in {"width", "height", "colspan", "rowspan", "start"}:
        return value if NUMBER.fullmatch(value) else None
    if attribute == "scope":
        return value if value in {"row", "col", "rowgroup", "colgroup"} else None
    return value


class _Reader(HTMLParser):
    """Reads text and nesting in one pass, in linear time."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = self.deepest = 0
        self.words: list[str] = []
        self.muted = 0

    def handle_starttag(self, tag, attrs):
        if tag not in VOID_TAGS:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        if tag in DROPPED_WITH_CONTENT:
            self.muted += 1

    def handle_endtag(self, tag):
        self.depth = max(0, self.depth - 1)
        if tag in DROPPED_WITH_CONTENT:
            self.muted = max(0, self.muted - 1)
        if tag in {"p", "li", "h2", "h3", "h4", "td", "th", "tr", "div", "blockquote"}:
            self.words.append("\n" if tag != "td" else " ")

    def handle_data(self, data):
        if not self.muted:
            self.words.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def is_too_heavy(html: str) -> bool:
    """Whether the text is too long or nested too deeply to be cleaned in reasonable time."""
    return len(html) > MAX_LENGTH or (html.count("<") > MAX_DEPTH and _read(html).deepest > MAX_DEPTH)


def clean(html: str) -> str:
    """The text with nothing but allowed tags, attributes and addresses.

    What is too heavy to be cleaned comes back as plain paragraphs, at most `MAX_LENGTH` characters of them.
    """
    if not html:
        return ""
    if is_too_heavy(html):
        lines = plain_text(html)[:MAX_LENGTH].splitlines()
        return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def show(html: str) -> SafeString:
    """Rich text for a template: cleaned again, because a row may be older than a rule."""
    return mark_safe(clean(html))  # noqa: S308 - cleaned in the same breath


def trusted(markup: str) -> SafeString:
    """Markup the project itself drew (a QR code, an SVG chart), never anything a person typed."""
    return mark_safe(markup)  # noqa: S308 - our own drawing


def plain_text(html: str) -> str:
    """The words of rich text, one block a line, for mails, excerpts and search."""
    lines = ("".join(_read(html).words)).splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def image_ids(html: str) -> set[str]:
    """Identifiers of the portal's own pictures the text shows."""
    return set(OWN_IMAGE.findall(html))


def text_to_html(text: str) -> str:
    """Typed plain text as paragraphs."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "".join("<p>" + escape(block).replace("\n", "<br>") + "</p>" for block in blocks if block)
