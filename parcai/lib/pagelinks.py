"""What a page links to and shows, and the places inside it one can link to."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageLinks:
    links: list[tuple[str, str]] = field(default_factory=list)  # (address as written, words)
    ids: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self, *, whole: bool):
        super().__init__()
        self.found = PageLinks()
        self.whole = whole
        self.main = 0  # how deep inside <main>
        self.href: str | None = None
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if given.get("id"):
            self.found.ids.add(given["id"])
        if tag == "a" and given.get("name"):
            self.found.ids.add(given["name"])
        if tag == "main":
            self.main += 1
        if not (self.whole or self.main):
            return
        if tag == "a":
            self._end_link()
            self.href = given.get("href")
        elif tag == "img":
            self.words.append(given.get("alt", ""))
            if given.get("src"):
                self.found.links.append((given["src"], given.get("alt", "")))

    def handle_endtag(self, tag):
        if tag == "main":
            self._end_link()
            self.main = max(0, self.main - 1)
        elif tag == "a":
            self._end_link()

    def handle_data(self, data):
        if self.href is not None:
            self.words.append(data)

    def close(self):
        super().close()
        self._end_link()

    def _end_link(self):
        if self.href is not None:
            self.found.links.append((self.href, " ".join(" ".join(self.words).split())))
        self.href, self.words = None, []


def read(page: str, *, whole: bool) -> PageLinks:
    """Links and pictures of the page's <main>, or of all of it; ids of all of it either way."""
    reader = _Reader(whole=whole)
    reader.feed(page)
    reader.close()
    return reader.found
