"""Run by bench/search.py in a process of its own: 100,000 articles of 300 words, indexed as `reindex` does, then searched."""

import itertools
import os
import statistics
import sys
import time
from datetime import timedelta
from random import Random

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Agency, User  # noqa: E402
from articles.models import Article  # noqa: E402
from parcai import findable, searching  # noqa: E402
from parcai.search import services, spelling  # noqa: E402
from parcai.search.models import SearchDocument  # noqa: E402
from parcai.search.query import understand  # noqa: E402
from parcai.search.similar import similar  # noqa: E402
from parcai.search.synonyms import forms  # noqa: E402

ARTICLES = int(os.environ.get("SEARCH_ARTICLES", "100000"))
BATCH, WORDS_EACH, QUESTIONS = 2_000, 300, 60
ONSETS = "b c ch d đ g gh gi h k kh l m n ng nh ph qu r s t th tr v x".split()
RIMES = "a á à ả ã ạ ai ài anh ành ang áng ao ất ân ận âu ăn ắt ê ế em ền ệ i ì inh ính iêu iền o ó oài oàn ong ông ốc ô ồ ơ ở ơi u ú ủ ua uyên ước ương ưu".split()
PHRASES = (
    "cải cách hành chính",
    "thủ tục hành chính",
    "một cửa",
    "dịch vụ công",
    "hồ sơ",
    "ủy ban nhân dân",
    "đăng ký",
    "cán bộ",
)
HOST = "127.0.0.1"


def vocabulary() -> tuple[list[str], list[float]]:
    """Some 1,300 syllables, used as often as in a language: the n-th one n times less than the first."""
    syllables = ["".join(pair) for pair in itertools.product(ONSETS, RIMES)]
    Random(7).shuffle(syllables)
    return syllables, list(itertools.accumulate(1 / (place + 3) for place in range(len(syllables))))


def fill() -> None:
    call_command("migrate", verbosity=0)
    if Article.objects.count() == ARTICLES:
        return
    call_command("flush", verbosity=0, interactive=False)
    rng, (syllables, weights), now = Random(113), vocabulary(), timezone.now()
    author = User.objects.create(username="do-tim", full_name="Người đo tìm")
    agency = Agency.objects.create(code="do", name="Sở Đo", kind="so", level="tinh")
    for start in range(0, ARTICLES, BATCH):
        rows = []
        for number in range(start, start + BATCH):
            said = rng.choices(syllables, cum_weights=weights, k=WORDS_EACH + 12)
            for phrase in rng.choices(PHRASES, k=3):
                said[rng.randrange(12, len(said))] = phrase
            if number % 10 == 0:
                said[3] = rng.choice(PHRASES)
            rows.append(
                Article(
                    author=author,
                    agency=agency,
                    status=Article.Status.APPROVED,
                    publish_at=now - timedelta(minutes=number),
                    first_published_at=now,
                    announced_at=now,
                    title=" ".join(said[:12]),
                    slug=f"bai-{number}",
                    summary=" ".join(said[12:40]),
                    body=f"<p>{' '.join(said[40:])}</p>",
                )
            )
        with transaction.atomic():
            Article.objects.bulk_create(rows)


def size() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_%'")
        else:
            cursor.execute("SELECT pg_total_relation_size('search_searchdocument')")
        return f"{cursor.fetchone()[0] / 1e6:.0f} MB"


def index() -> None:
    if SearchDocument.objects.filter(record="article").count() == ARTICLES:
        print(f"index kept from the run before, {size()}")
        return
    start = time.perf_counter()
    services.rebuild("article", findable.RECORDS["article"].indexed())
    made = time.perf_counter() - start
    words = spelling.learn(findable.written())
    listed = time.perf_counter() - start - made
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    row = Article.objects.order_by("pk")[ARTICLES // 2]
    start = time.perf_counter()
    services.put("article", row.pk, None)
    services.refresh(row)
    one = (time.perf_counter() - start) / 2
    print(
        f"index of {ARTICLES:,} in {made:.0f} s, {size()}; list of {words:,} words in {listed:.0f} s; one record {1000 * one:.1f} ms"
    )


def questions() -> dict[str, list[str]]:
    """Questions by sort: words as they come in texts, common and rare ones, phrases."""
    rng, (syllables, weights) = Random(11), vocabulary()

    def drawn(many: int) -> list[str]:
        return [" ".join(rng.choices(syllables, cum_weights=weights, k=many)) for _n in range(QUESTIONS)]

    return {
        "one word": drawn(1),
        "two words": drawn(2),
        "three words": drawn(3),
        "the commonest words": [
            " ".join(rng.sample(syllables[:8], rng.randint(1, 3))) for _n in range(QUESTIONS)
        ],
        "rare words": [" ".join(rng.sample(syllables[-300:], rng.randint(1, 2))) for _n in range(QUESTIONS)],
        "phrases, abbreviations": [
            rng.choice((*PHRASES, "CCHC", "UBND", "TTHC hồ sơ", "dvc")) for _n in range(QUESTIONS)
        ],
        "in quotes": [f'"{rng.choice(PHRASES)}"' for _n in range(QUESTIONS)],
        "mistyped": [f"{words}q" for words in drawn(2)],
    }


def percentiles(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def timed(work, texts) -> list[float]:
    times = []
    for text in texts:
        start = time.perf_counter()
        work(text)
        times.append(1000 * (time.perf_counter() - start))
    return times


def found(text: str) -> None:
    """What the page does without its template: numbers of the tabs, hits, rows, marked pieces."""
    search = searching.Search({}, understand(text, forms()))
    answer, _why = search.closest
    for hit, card in findable.cards(answer.page(0, searching.A_PAGE)):
        searching._item(hit, card, answer.query)


def main() -> int:
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS.append(HOST)
    start = time.perf_counter()
    fill()
    print(
        f"\n{connection.vendor}: {ARTICLES:,} articles of {WORDS_EACH} words, ready after {time.perf_counter() - start:.0f} s"
    )
    index()
    client = Client()
    pages = lambda text: client.get("/tim-kiem/", {"q": text}, headers={"Host": HOST})  # noqa: E731
    typing = lambda text: client.get("/tim-kiem/goi-y/", {"q": text}, headers={"Host": HOST})  # noqa: E731
    pages("hồ sơ")
    print(f"{'sort of question':<26}{'found p50':>11}{'p95':>8}{'page p50':>11}{'p95':>8}   ms")
    every: list[float] = []
    for name, texts in questions().items():
        times = timed(found, texts)
        every += times if name in {"one word", "two words", "three words"} else []
        (p50, p95), (page50, page95) = percentiles(times), percentiles(timed(pages, texts))
        print(f"{name:<26}{p50:>11.1f}{p95:>8.1f}{page50:>11.1f}{page95:>8.1f}", flush=True)
    print("one to three words: p50 {:.1f} ms, p95 {:.1f} ms".format(*percentiles(every)))
    beginnings = [text[: max(2, len(text) - 1)] for text in questions()["two words"]]
    print("suggestions: p50 {:.1f} ms, p95 {:.1f} ms".format(*percentiles(timed(typing, beginnings))))
    texts = [row.title + " " + row.summary for row in Article.objects.order_by("pk")[: 50 * 97 : 97]]
    scope = searching.Search({}, understand("", forms())).scope()
    print(
        "similar: p50 {:.1f} ms, p95 {:.1f} ms".format(
            *percentiles(timed(lambda text: similar(text, scope, many=5), texts))
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
