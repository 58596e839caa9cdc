"""The nightly look at the links of the portal's pages: rendered here as any visitor gets them, some each night.

Pages are rendered by Django's own handler, the one that answers visitors (the test client's would leave out what
they meet), inside a transaction that is rolled back: a page that counts or remembers something leaves no trace of it.
"""

import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from io import BytesIO
from urllib.parse import unquote, unquote_to_bytes, urljoin, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles.models import LinkFault, ListedPage, OutsideAddress
from articles.models.links import (
    LONGEST_ADDRESS,
    LONGEST_PATH,
    LONGEST_WORDS,
    NIGHTS_TO_TELL,
    midnight,
)
from parcai.lib import outside, pagelinks

MOST_REDIRECTS = 5
MOST_REMEMBERED = 1000  # pages with their text
PERMANENT, MOVED = {301, 308}, {301, 302, 303, 307, 308}
SAME_HOST_PAUSE = 1.0  # seconds between two questions to one site
FORGET_OUTSIDE_AFTER = timedelta(days=90)
MAP_FILE = re.compile(r"<sitemap><loc>([^<]+)</loc>")  # the map is our own and has this one shape
MAP_PAGE = re.compile(r"<url><loc>([^<]+)</loc>(?:<lastmod>([^<]+)</lastmod>)?")
NO_PLACE = ("", "top")  # fragments every page has
UNKNOWN = "unknown"


@dataclass
class OwnAnswer:
    """What one of our own addresses answers a visitor."""

    status: int
    text: str = ""
    ids: set[str] = field(default_factory=set)
    moved_to: str = ""  # where it leads for good


def agent() -> str:
    return f"CCHC-kiem-lien-ket/1.0 (+{settings.SITE_URL})"


# Which pages there are -------------------------------------------------------------------------------------------


class MapError(Exception):
    """The portal's own map could not be read."""


def list_pages() -> int:
    """Brings the list of pages up to date with the portal's own map. Returns how many there are."""
    started_at = timezone.now()
    round_ = Round()
    index = round_.visit(reverse("sitemap"))
    if index.status != 200:
        raise MapError(f"{reverse('sitemap')}: {index.status}")
    for file in MAP_FILE.findall(index.text):
        path = urlsplit(unescape(file)).path
        answer = round_.visit(path)
        if answer.status != 200:
            raise MapError(f"{path}: {answer.status}")
        rows = {}
        for address, changed in MAP_PAGE.findall(answer.text):
            page = urlsplit(unescape(address)).path
            if len(page) <= LONGEST_PATH:
                at = parse_datetime(unescape(changed)) if changed else None
                rows[page] = ListedPage(path=page, changed_at=at, listed_at=started_at)
        _store(list(rows.values()))
        round_.answers.clear()
    with transaction.atomic():
        ListedPage.objects.filter(listed_at__lt=started_at).delete()
        _close(LinkFault.objects.exclude(page__in=ListedPage.objects.values("path")))
    OutsideAddress.objects.filter(checked_at__lt=started_at - FORGET_OUTSIDE_AFTER).delete()
    return ListedPage.objects.count()


def _store(rows: list[ListedPage]) -> None:
    # A page in two files of the map keeps the day of change of the one that says it.
    dated = [row for row in rows if row.changed_at]
    plain = [row for row in rows if not row.changed_at]
    for found, columns in ((plain, ["listed_at"]), (dated, ["listed_at", "changed_at"])):
        ListedPage.objects.bulk_create(
            found, batch_size=200, update_conflicts=True, unique_fields=["path"], update_fields=columns
        )


# One round over some of them -------------------------------------------------------------------------------------


def run(*, seconds: float | None = None, pages: int | None = None) -> int:
    """Looks at pages until the night's number or the time is used up. Returns how many pages were looked at."""
    ends_at = time.monotonic() + seconds if seconds else None
    left = settings.LINK_CHECK_PAGES - ListedPage.objects.checked_today() if pages is None else pages
    round_, done = Round(), 0
    while left > done:
        found = ListedPage.objects.next_to_check(min(left - done, 50))
        if not found:
            break
        for path in found:
            if ends_at and time.monotonic() >= ends_at:
                return done
            round_.check_page(path)
            done += 1
    return done


def check_again(faults, *, seconds: float) -> tuple[int, int]:
    """Looks at the pages of these faults now. Returns (faults that are gone, faults there was no time for)."""
    ends_at = time.monotonic() + seconds
    faults = list(faults)
    round_ = Round(is_asked=True)
    seen: set[str] = set()
    for path in dict.fromkeys(fault.page for fault in faults):
        if time.monotonic() >= ends_at:
            break
        round_.check_page(path)
        seen.add(path)
    keys = [fault.pk for fault in faults if fault.page in seen]
    still = LinkFault.objects.filter(pk__in=keys, fixed_at=None).count()
    return len(keys) - still, len(faults) - len(keys)


class Round:
    """Remembers what it asked, so that each address is asked once however many pages link to it."""

    def __init__(self, *, is_asked: bool = False):
        self.answers: dict[str, OwnAnswer] = {}
        self.handler = WSGIHandler()
        self.is_asked = is_asked  # an official waits for it: the last answer of tonight is not good enough
        self.asked: dict[str, OutsideAddress] = {}
        self.last_to: dict[str, float] = {}  # host: when it was asked last

    def check_page(self, path: str) -> None:
        """Looks at every link and picture of a page and notes what is broken and what no longer is."""
        page = self.visit(path)
        faults: dict[str, dict] = {}
        unsure: set[str] = set()
        if page.status == 410:
            page.text = ""  # taken away on purpose: nothing of it is left to be mended
        elif page.status != 200:
            faults[path] = _fault(
                LinkFault.Kind.OWN, "", page.status, _("chính trang này không hiện được (%d)") % page.status
            )
        # What stands around every page is looked at once, on the first one.
        for href, words in pagelinks.read(page.text, whole=path == "/").links:
            address = _whole(path, href)
            if address is None or address in faults:
                continue
            if _is_own(address):
                kind, verdict = LinkFault.Kind.OWN, self._own_verdict(address)
                address = address.removeprefix(settings.SITE_URL) or "/"
            else:
                kind, verdict = LinkFault.Kind.OUTSIDE, self._outside_verdict(address)
            if verdict == UNKNOWN:
                unsure.add(address)
            elif isinstance(verdict, dict):
                faults[address] = {**verdict, "kind": kind, "words": words[:LONGEST_WORDS]}
        _settle(path, faults, unsure)

    # Our own addresses --------------------------------------------------------------------------------------------

    def visit(self, target: str) -> OwnAnswer:
        """What a visitor gets at a path (with its query), redirects followed as long as they stay with us."""
        if target not in self.answers:
            if len(self.answers) >= MOST_REMEMBERED:
                self.answers.clear()
            self.answers[target] = self._visited(target)
        return self.answers[target]

    def _visited(self, target: str) -> OwnAnswer:
        moved_to, at = "", target
        for _hop in range(MOST_REDIRECTS):
            status, text, leads_to = self._rendered(at)
            if status not in MOVED or not leads_to:
                ids = pagelinks.read(text, whole=True).ids if text else set()
                return OwnAnswer(status, text, ids, moved_to)
            address = urljoin(settings.SITE_URL + at, leads_to)
            if not _is_own(address):
                return OwnAnswer(200)
            parts = urlsplit(address)
            at = parts.path + (f"?{parts.query}" if parts.query else "")
            if status in PERMANENT:
                moved_to = at
        return OwnAnswer(508)

    def _rendered(self, target: str) -> tuple[int, str, str]:
        """(status, text if it is a page, where it redirects to)."""
        with transaction.atomic():
            try:
                response = self.handler.get_response(WSGIRequest(_environ(target)))
            except Exception:
                # The handler itself turns a view's error into a page; this is an error of that page.
                transaction.set_rollback(True)
                return 500, "", ""
            kind = response.headers.get("Content-Type", "")
            text = ""
            if isinstance(response, HttpResponse) and ("html" in kind or "xml" in kind):
                text = response.content.decode(response.charset, "replace")
            if file := getattr(response, "file_to_stream", None):
                file.close()  # the answer's own close() would end the database's connection too
            transaction.set_rollback(True)
        return response.status_code, text, response.headers.get("Location", "")

    def _own_verdict(self, address: str) -> dict | str | None:
        parts = urlsplit(address)
        answer = self.visit((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        status, place = answer.status, unquote(parts.fragment)
        if status == 429:
            return UNKNOWN
        if status >= 400:
            words = {
                404: _("không có địa chỉ này (404)"),
                410: _("trang đã gỡ (410)"),
                508: _("chuyển vòng quanh"),
            }
            return _fault(LinkFault.Kind.OWN, "", status, words.get(status, _("lỗi khi mở (%d)") % status))
        if answer.moved_to:
            moved = _("đã chuyển tới %s; nên sửa đường dẫn") % answer.moved_to
            return {**_fault(LinkFault.Kind.OWN, "", 301, moved[:200]), "is_note": True}
        if answer.text and place not in NO_PLACE and not place.startswith(":~:") and place not in answer.ids:
            return _fault(LinkFault.Kind.OWN, "", status, _("trang có, nhưng không có mục #%s") % place[:100])
        return None

    # Addresses of other sites -------------------------------------------------------------------------------------

    def _outside_verdict(self, address: str) -> dict | str | None:
        if settings.SITE_URL in unquote(address):
            return None  # a button that shares our own page: one for each page, and no source anybody chose
        if not settings.LINK_CHECK_OUTSIDE:
            return UNKNOWN
        address = address.partition("#")[0]
        row = self.asked.get(address) or self._asked_outside(address)
        if row is None:
            return UNKNOWN
        if not row.reason:
            return None
        return {
            **_fault(LinkFault.Kind.OUTSIDE, "", row.status, row.reason),
            "nights": row.failed_nights,
        }

    def _asked_outside(self, address: str) -> OutsideAddress | None:
        row = OutsideAddress.objects.filter(address=address).first()
        tonight = midnight()
        if row and row.checked_at >= tonight and not self.is_asked:
            self.asked[address] = row
            return row
        asked_tonight = OutsideAddress.objects.filter(checked_at__gte=tonight).count()
        if not self.is_asked and asked_tonight >= settings.LINK_CHECK_OUTSIDE_ADDRESSES:
            return None
        self._pause(urlsplit(address).netloc)
        answer = outside.ask(address, agent=agent())
        nights = row.failed_nights if row else 0
        if not answer.reason:
            nights = 0
        elif row is None or row.checked_at < tonight or nights == 0:
            nights += 1
        self.asked[address], _created = OutsideAddress.objects.update_or_create(
            address=address,
            defaults={
                "checked_at": timezone.now(),
                "status": answer.status,
                "reason": answer.reason,
                "failed_nights": nights,
            },
        )
        return self.asked[address]

    def _pause(self, host: str) -> None:
        wait = self.last_to.get(host, 0) + SAME_HOST_PAUSE - time.monotonic()
        if host in self.last_to and wait > 0:
            time.sleep(wait)
        self.last_to[host] = time.monotonic()


# Inside ----------------------------------------------------------------------------------------------------------


def _fault(kind: str, words: str, status: int | None, reason: str) -> dict:
    return {"kind": kind, "words": words, "status": status, "reason": reason, "is_note": False, "nights": 1}


def _whole(path: str, href: str) -> str | None:
    """The address a link means, as far as it is one that can be looked at."""
    try:
        address = urljoin(settings.SITE_URL + path, href.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return address[:LONGEST_ADDRESS]


def _is_own(address: str) -> bool:
    return urlsplit(address).netloc.lower() == urlsplit(settings.SITE_URL).netloc.lower()


def _environ(target: str) -> dict:
    """A visitor's request as the server would hand it over, by the portal's own name and scheme."""
    path, _mark, query = target.partition("?")
    site = urlsplit(settings.SITE_URL)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": site.hostname or "",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "HTTP_USER_AGENT": agent(),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


@transaction.atomic
def _settle(path: str, faults: dict[str, dict], unsure: set[str]) -> None:
    """Notes what is broken on a page now; what was and is no more gets its day of mending."""
    now = timezone.now()
    ListedPage.objects.filter(path=path).update(checked_at=now)
    for address, fields in faults.items():
        fresh = {**fields, "last_seen_at": now, "fixed_at": None}
        row, created = LinkFault.objects.get_or_create(
            page=path, address=address, defaults={**fresh, "first_seen_at": now}
        )
        if not created:
            if row.fixed_at:
                fresh["first_seen_at"] = now
            LinkFault.objects.filter(pk=row.pk).update(**fresh)
    _close(LinkFault.objects.filter(page=path).exclude(address__in=[*faults, *unsure]))


def _close(rows) -> None:
    """What people saw as broken is marked as mended; what they never saw goes without a word."""
    open_rows = rows.filter(fixed_at=None)
    never_told = LinkFault.Kind.OUTSIDE
    open_rows.filter(is_note=True).delete()
    open_rows.filter(kind=never_told, nights__lt=NIGHTS_TO_TELL).delete()
    open_rows.update(fixed_at=timezone.now())
