"""What stands on a page besides its own content: menus, notices, blocks; and how the board may change them."""

import json
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from string import Template

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from agencies import services as agencies
from articles import content
from articles.models import Block, MenuItem, Page, SiteNotice
from parcai.lib.addresses import is_own, leads_somewhere

ANNOUNCED_BEFORE = 7  # working days before planned downtime: NĐ 224/2026/NĐ-CP, Điều 13
PAGES = Path(__file__).parent / "pages"


# Menus -----------------------------------------------------------------------------------------------------------


def menus(current: str) -> dict[str, list[dict]]:
    """The links of every place as the public sees them, children inside their parents; one query for all places."""
    found: dict[str, list[dict]] = {place: [] for place in MenuItem.Place.values}
    shown = (
        MenuItem.objects.shown()
        .select_related("page")
        .only("place", "title", "parent", "path", "url", "order", "page__slug")
    )
    rows = [row for row in shown if not row.path or leads_somewhere(row.path)]
    links = {row.pk: link(row.title, row.address, current) for row in rows}
    for row in rows:
        if row.parent_id is None:
            found[row.place].append(links[row.pk])
        elif row.parent_id in links:
            links[row.parent_id]["children"].append(links[row.pk])
    for each in links.values():
        each["has_current"] = any(child["is_current"] for child in each["children"])
    return found


def link(title: str, url: str, current: str) -> dict:
    """A link of a menu; `is_current` on its own page and, unless it is the home page, on those below it."""
    path = url.partition("?")[0].partition("#")[0]
    is_plain = path == url
    is_current = is_plain and (current == path if path == "/" else current.startswith(path))
    return {
        "title": title,
        "url": url,
        "is_current": is_own(url) and is_current,
        "is_outside": not is_own(url),
        "children": [],
    }


# Notices and blocks ----------------------------------------------------------------------------------------------


def notices() -> list[SiteNotice]:
    return list(SiteNotice.objects.shown())


def blocks(place: str, most: int | None = None) -> list[Block]:
    return list(Block.objects.at(place)[:most])


def earliest_downtime(announced_at: datetime) -> date:
    """The first day on which planned downtime may begin when the public is told at `announced_at`.

    Counted as every term here (BLDS 2015, Điều 147-148): the day of the announcement is not counted and the seventh
    working day runs to its end, so the portal may stand still from the day after.
    """
    return agencies.due_on(announced_at, ANNOUNCED_BEFORE) + timedelta(days=1)


def is_early_enough(down_from: datetime, announced_at: datetime) -> bool:
    return timezone.localdate(down_from) >= earliest_downtime(announced_at)


# Pages every portal has ------------------------------------------------------------------------------------------


@cache
def _seeds() -> list[dict]:
    found = json.loads((PAGES / "pages.json").read_text(encoding="utf-8"))
    return [{**each, "body": (PAGES / f"{each['slug']}.html").read_text(encoding="utf-8")} for each in found]


@transaction.atomic
def load_pages(*, author) -> list[Page]:
    """Drafts of the known pages that are not there yet, each with its link in the footer. Returns the new ones."""
    unknown = _("chưa công bố")
    publisher = {name: escape(value or unknown) for name, value in settings.PUBLISHER.items()}
    known = set(Page.objects.values_list("slug", flat=True))
    made = []
    for place, seed in enumerate(_seeds()):
        if seed["slug"] in known:
            continue
        page = Page.objects.create(
            slug=seed["slug"],
            title=seed["title"],
            summary=seed["summary"],
            body=Template(seed["body"]).substitute(publisher),
            review_on=timezone.localdate() + timedelta(days=seed["review_after_days"]),
            author=author,
        )
        content.note_images(page)
        content.keep_revision(page, by=author, note=_("Bản đầu"))
        MenuItem.objects.create(
            place=MenuItem.Place.FOOTER, title=seed["menu"], page=page, order=10 + 10 * place
        )
        made.append(page)
    return made
