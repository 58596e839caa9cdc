"""Run by bench/articles.py in a process of its own: fills the database and prints one line for each page."""

import statistics
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Agency  # noqa: E402
from articles.models import Article, Tag, Topic  # noqa: E402
from bench import articles_fill  # noqa: E402
from parcai.api.paging import Cursor  # noqa: E402
from parcai.records import ARTICLES  # noqa: E402
from plan.models import Campaign  # noqa: E402

MOST_QUERIES = 12
ROUNDS = 7
DEEP = 5_000  # a page 60,000 rows away from the first
HOST = "127.0.0.1"


def pages() -> list[tuple[str, str, str]]:
    """What is measured: (name, address, address of the same list far down or "")."""
    big, small = Campaign.objects.order_by("number")[:2]
    office = Agency.objects.filter(pk__in=Article.objects.order_by().values("agency")).order_by("pk")[0]
    topic, tag = Topic.objects.order_by("pk")[0], Tag.objects.order_by("pk")[0]
    middle = Article.objects.filter(campaigns=big).order_by("pk")[30_000]
    other = Article.objects.filter(campaigns=small).order_by("pk")[100]
    lists = {
        "list": "",
        "list: kind": "loai=news",
        "list: campaign, 68,000": f"noi_dung={big.pk}",
        "list: campaign, 3,500": f"noi_dung={small.pk}",
        "list: agency": f"co_quan={office.pk}",
        "list: topic": f"chu_de={topic.slug}",
        "list: tag": f"tu_khoa={tag.slug}",
        "list: common words": "q=ho+so+truc+tuyen",
        "list: a rare word": "q=hiemgap",
        "list: days": "tu_ngay=1/1/2025&den_ngay=31/12/2025",
        "list: everything": f"loai=news&noi_dung={big.pk}&co_quan={office.pk}&chu_de={topic.slug}"
        f"&tu_khoa={tag.slug}&q=ho+so&tu_ngay=1/1/2020&den_ngay=31/12/2099",
    }
    deep = {"list", "list: kind", "list: campaign, 68,000"}
    far = Article.objects.published().order_by(*ARTICLES.order)[12 * DEEP]
    cursor = Cursor(False, (far.publish_at, far.pk)).text(ARTICLES)
    api = "/api/v1/articles/"
    found = [
        (name, f"/tin-bai/?{query}", f"/tin-bai/?{query}&page={DEEP}" if name in deep else "")
        for name, query in lists.items()
    ]
    return (
        found
        + [
            (name, path, "")
            for name, path in (
                ("article, big campaign", middle.get_absolute_url()),
                ("article, small campaign", other.get_absolute_url()),
                ("home", "/"),
                ("plan", big.plan.get_absolute_url()),
                ("campaign", big.get_absolute_url()),
                ("feed", "/rss/tin-bai/"),
                ("feed: kind", "/rss/tin-bai/loai/news/"),
                ("feed: campaign", f"/rss/tin-bai/noi-dung/{big.pk}/"),
                ("feed: agency", f"/rss/tin-bai/co-quan/{office.code}/"),
                ("feed: topic", f"/rss/tin-bai/chu-de/{topic.slug}/"),
                ("sitemap", "/sitemap.xml"),
                ("sitemap, first part", "/sitemap-tin-bai-1.xml"),
                ("sitemap, tenth part", "/sitemap-tin-bai-10.xml"),
                ("sitemap of news", "/sitemap-tin-moi.xml"),
                ("API: one article", f"{api}{middle.pk}/"),
                ("API: campaign, 68,000", f"{api}?campaign={big.plan.year}-{big.number}"),
                ("API: agency", f"{api}?agency={office.code}"),
                ("API: hundred titles", f"{api}?page_size=100&fields=id,title,url"),
                ("API: changes of a week", f"{api}?updated_since={timezone.localdate() - timedelta(days=7)}"),
            )
        ]
        + [("API: list", api, f"{api}?cursor={cursor}")]
    )


def ask(client: Client, path: str) -> tuple[int, int]:
    """Status and number of queries."""
    with CaptureQueriesContext(connection) as asked:
        status = client.get(path, headers={"Host": HOST}).status_code
    return status, len(asked)


def median_ms(client: Client, paths: list[str]) -> list[float]:
    """The medians of several pages, asked in turn so that drift hits all alike."""
    times: dict[str, list[float]] = {path: [] for path in paths}
    for _round in range(ROUNDS):
        for path in paths:
            start = time.perf_counter()
            client.get(path, headers={"Host": HOST})
            times[path].append(1000 * (time.perf_counter() - start))
    return [statistics.median(times[path]) for path in paths]


def main() -> int:
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS.append(HOST)
    start = time.perf_counter()
    articles_fill.fill()
    filled = time.perf_counter() - start
    print(f"\n{connection.vendor}: {articles_fill.ARTICLES:,} articles, ready after {filled:.0f} s")
    print(f"{'page':<26}{'status':>7}{'queries':>9}{'ms':>8}{f'page {DEEP:,}':>12}{'first':>8}{'ratio':>7}")
    client, broken = Client(), []
    for name, path, deep in pages():
        status, queries = ask(client, path)
        line = f"{name:<26}{status:>7}{queries:>9}"
        if deep:
            start = time.perf_counter()
            _status, most = ask(client, deep)  # the first visitor of a minute pays for the map of the list
            first = 1000 * (time.perf_counter() - start)
            queries = max(queries, most)
            near, far = median_ms(client, [path, deep])
            line += f"{near:>8.1f}{far:>12.1f}{first:>8.0f}{far / near:>7.2f}"
        else:
            line += f"{median_ms(client, [path])[0]:>8.1f}"
        if status != 200 or queries > MOST_QUERIES:
            broken.append(f"{name}: status {status}, {queries} queries")
        print(line, flush=True)
    print("\n".join(broken) or f"No page asks more than {MOST_QUERIES} questions.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
