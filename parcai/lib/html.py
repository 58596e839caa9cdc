"""Rich text: one allow list, applied when text is saved and again when it is shown.

The only file of the project that marks a string as safe.
"""

import json
import re
from html import escape, unescape
from urllib.parse import unquote_plus

import nh3
from django.utils.safestring import SafeString, mark_safe

from parcai.lib import paste, richpage

MAX_LENGTH = 200_000
MAX_DEPTH = 60  # the cleaner's cost grows with the square of the nesting
MOST_ROUNDS = 5  # of cleaning; ordinary text needs two
FEW_TAGS = 200  # however they are nested, so few cost next to nothing

TAGS = set(
    "p br hr h2 h3 h4 strong b em i u s sub sup small abbr q cite code pre blockquote ul ol li dl dt dd a "
    "figure figcaption img table caption thead tbody tfoot tr th td".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # said, because the cleaner's own default lets title and lang stand anywhere
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
BLOCKS = set(
    "p h1 h2 h3 h4 h5 h6 div section article header footer aside nav main address center blockquote pre ul ol li dl dt "
    "dd figure figcaption hr table caption thead tbody tfoot tr th td".split()
)
# What a start tag ends when it stands right before it, as HTML has it: <li>a<li>b is a list of two.
ENDS = {
    **{tag: {"p"} for tag in BLOCKS - {"caption", "thead", "tbody", "tfoot", "tr", "th", "td"}},
    "li": {"p", "li"},
    "dt": {"p", "dt", "dd"},
    "dd": {"p", "dt", "dd"},
    "td": {"p", "td", "th"},
    "th": {"p", "td", "th"},
    "tr": {"p", "td", "th", "tr"},
    **{part: {"p", "td", "th", "tr", "thead", "tbody", "tfoot"} for part in ("thead", "tbody", "tfoot")},
}
# What may be left open inside when an end tag comes.
LEFT_OPEN = {"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot"}
ORDINARY = (
    TAGS | BLOCKS | {"span", "font", "big", "strike", "tt", "ins", "del", "mark", "kbd", "var", "samp", "col"}
)
# Every branch ends at its own end or at the end of the text, so that none is tried in vain and again.
MARKUP = re.compile(
    rf"""<!--.*?(?:-->|\Z)
    | <(?P<dropped>{"|".join(sorted(DROPPED_WITH_CONTENT - VOID_TAGS))})\b[^>]*(?:>.*?(?:</(?P=dropped)[^>]*(?:>|\Z)|\Z)|\Z)
    | </?(?P<name>[a-z][a-z0-9]*)(?:=\s*"[^"]*"?|=\s*'[^']*'?|[^>])*+(?:>|\Z)
    | <[!?/][^>]*(?:>|\Z)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w:.-]+(?:="[^"]*")?)*)\s*(/?)>""")
SCHEMES = {"http", "https", "mailto", "tel"}
OWN_FILE = re.compile(r"/tep/tai/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]{3,4}\b")
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


def _words(html: str) -> str:
    """The text between the tags, a line break where a block begins or ends; in linear time, whatever is typed."""
    found, at = [], 0
    for tag in MARKUP.finditer(html):
        found.append(unescape(html[at : tag.start()]))
        at = tag.end()
        name = (tag["name"] or "").lower()
        if name in BLOCKS or name == "br":
            found.append(" " if name in {"td", "th"} else "\n")
    found.append(unescape(html[at:]))
    return "".join(found)


def _depth(html: str) -> int | None:
    """How deep the tags are nested, told as soon as it is more than `MAX_DEPTH`.

    None for a text with other tags than ordinary ones, or with one that is not closed in its turn: only of what is
    followed to the end is the depth known.
    """
    opened: list[str] = []
    deepest, at = 0, html.find("<")
    while at >= 0 and deepest <= MAX_DEPTH:
        found = TAG.match(html, at)
        if not found or (tag := found[2].lower()) not in ORDINARY:
            return None
        if found[1]:
            while opened and opened[-1] != tag and opened[-1] in LEFT_OPEN:
                opened.pop()
            if not opened or opened.pop() != tag:
                return None
        elif tag not in VOID_TAGS:
            while opened and opened[-1] in ENDS.get(tag, ()):
                opened.pop()
            opened.append(tag)
            deepest = max(deepest, len(opened))
        at = html.find("<", found.end())
    return deepest


def is_too_heavy(html: str) -> bool:
    """Whether the text is too long, too deep, or too long for the disorder in it to be cleaned in reasonable time."""
    return _is_too_heavy(_from_office(html))


def _from_office(html: str) -> str:
    """What Word wraps around each word counts neither for the length nor for the disorder."""
    return paste.tidied(html) if paste.is_from_office(html) else html


def _is_too_heavy(html: str) -> bool:
    tags = html.count("<")
    if len(html) > MAX_LENGTH or tags <= MAX_DEPTH:
        return len(html) > MAX_LENGTH
    depth = _depth(html)
    return tags > FEW_TAGS if depth is None else depth > MAX_DEPTH


def clean(html: str) -> str:
    """The text with nothing but allowed tags, attributes and addresses; pasted text in the portal's own forms.

    Cleaned until nothing changes any more: what a browser reads differently the second time (a table where none may
    stand moves what is in it) is how hostile texts get past a cleaner, and a stored text shall stay what it is.
    What is too heavy to be cleaned comes back as plain paragraphs, at most `MAX_LENGTH` characters of them.
    """
    html = _from_office(html)
    if _is_too_heavy(html):
        return _flat(html)
    before, cleaned = "", _pass(paste.tidied(html))
    for _round in range(MOST_ROUNDS):
        if cleaned == before:
            break
        before, cleaned = cleaned, _pass(cleaned)
    return _flat(html) if cleaned != before or _is_too_heavy(cleaned) else cleaned


def _pass(html: str) -> str:
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    # Editors write hard blanks by the dozen; they break searches and the finding of names.
    return _without_marks(cleaned.replace("&nbsp;", " ").replace("\xa0", " "))


def _without_marks(text: str) -> str:
    """Byte order marks and NUL show nothing; the cleaner drops some of them, and others the next time."""
    return text.replace("\ufeff", "").replace("\x00", "")


def _flat(html: str) -> str:
    lines = _without_marks(plain_text(html))[:MAX_LENGTH].splitlines()
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in lines if line.strip())


def show(html: str) -> SafeString:
    """Rich text for mails and feeds: cleaned again, because a row may be older than a rule."""
    return mark_safe(clean(html))  # noqa: S308 - cleaned in the same breath


def show_on_page(html: str) -> SafeString:
    """Rich text for a page of the portal: tables one can scroll and hear, links to videos as posters."""
    return mark_safe(richpage.with_videos(richpage.with_tables(clean(html))))  # noqa: S308 - cleaned in the same breath


OWN_ADDRESS = re.compile(r'(\s(?:href|src)=")/(?!/)')


def with_whole_addresses(html: str, site: str) -> str:
    """Cleaned rich text whose links and pictures name the portal, for readers elsewhere; words stay as they are."""
    parts = ANY_TAG.split(html)
    return "".join(
        OWN_ADDRESS.sub(rf"\g<1>{site}/", part) if part.startswith("<") else part for part in parts
    )


def trusted(markup: str) -> SafeString:
    """Markup the project itself drew (a QR code, an SVG chart), never anything a person typed."""
    return mark_safe(markup)  # noqa: S308 - our own drawing


FOR_SCRIPT = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def data_block(*things: dict) -> SafeString:
    """schema.org data for machines, as a block no browser runs; no text in it can end the block."""
    blocks = (json.dumps(thing, ensure_ascii=False).translate(FOR_SCRIPT) for thing in things)
    return mark_safe("".join(f'<script type="application/ld+json">{block}</script>' for block in blocks))  # noqa: S308 - escaped by FOR_SCRIPT in the line before


def with_marks(html: str, spans: list[tuple[int, int]]) -> SafeString:
    """Rich text with these places of its words marked (places as `parcai.lib.personal.stream` counts them)."""
    found, at = [], 0
    for piece in ANY_TAG.split(clean(html)):
        if piece.startswith("<"):
            found.append(piece)
            continue
        rest = piece
        for start, end in reversed(spans):
            first, last = max(start - at, 0), min(end - at, len(piece))
            if first < last:
                rest = f"{rest[:first]}<mark>{rest[first:last]}</mark>{rest[last:]}"
        found.append(rest)
        at += len(piece)
    return mark_safe("".join(found))  # noqa: S308 - cleaned above, and only the tag of a mark added


def with_contents(html: str) -> tuple[SafeString, list[tuple[str, str]]]:
    """Rich text for a page with a name on every second-level heading, and the list of them: (name, words)."""
    named, found = richpage.with_names(show_on_page(html))
    return mark_safe(named), found  # noqa: S308 - cleaned above


def plain_text(html: str) -> str:
    """The words of rich text, one block a line, for mails, excerpts and search."""
    lines = _words(html).splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


ANY_TAG = re.compile(r"(<[^>]+>)")
LINK_TAG = re.compile(r"</?a(?:\s[^>]*)?>")
SAME = {"b": "strong", "i": "em"}  # an editor writes one for the other


def pieces(html: str) -> list[str]:
    """Tags and texts of a rich text in their order, but for its links; blanks between blocks left out."""
    found = []
    for piece in ANY_TAG.split(LINK_TAG.sub("", clean(html))):
        if piece.startswith("<"):
            name = piece.strip("</>")
            found.append(piece.replace(name, SAME[name]) if name in SAME else piece)
        elif words := " ".join(unescape(piece).split()):
            found.append(words)
    return found


def links(html: str) -> list[tuple[str, str]]:
    """The links of a rich text in their order: (address, words)."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', clean(html), re.DOTALL)
    return [(unescape(address), plain_text(words)) for address, words in found]


def hidden_words(html: str) -> str:
    """What a text says outside its words: addresses of links, descriptions, titles; decoded as a reader would."""
    values = re.findall(r'\b(?:href|alt|title)="([^"]*)"', clean(html))
    return "\n".join(unquote_plus(unescape(value)) for value in values)


def image_ids(html: str) -> set[str]:
    """Identifiers of the portal's own pictures the text shows."""
    return set(OWN_IMAGE.findall(html))


def file_ids(html: str) -> set[str]:
    """Identifiers of the portal's own files the text links to."""
    return set(OWN_FILE.findall(html))


def text_to_html(text: str) -> str:
    """Typed plain text as paragraphs."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "".join("<p>" + escape(block).replace("\n", "<br>") + "</p>" for block in blocks if block)
