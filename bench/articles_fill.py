"""100,000 published articles of ordinary size, two thirds of them of one campaign and of one kind."""

from datetime import timedelta
from random import Random

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from agencies import services as agencies
from agencies.models import Agency, User
from articles.models import Article, Tag, Topic
from parcai.lib.vietnamese import fold
from plan import services as plan
from plan.models import Campaign

ARTICLES, BATCH = 100_000, 2_000
MINUTES_APART = 20
WORDS = (
    "một cửa liên thông hồ sơ trực tuyến cải cách hành chính cán bộ công chức người dân doanh nghiệp thủ tục xã phường "
    "chuyển đổi số dịch vụ công kết quả tháng quý tỉnh Phú Yên Tuy Hòa Sông Cầu Đông Hòa giải quyết đúng hạn niêm yết"
).split()
RARE = "hiếmgặp"  # stands in one title


def fill() -> None:
    call_command("migrate", verbosity=0)
    if Article.objects.count() == ARTICLES:
        return
    call_command("flush", verbosity=0, interactive=False)
    agencies.load_agencies()
    plan.load_plan_113()
    rng = Random(113)
    _articles(rng)
    _relations(rng)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _articles(rng: Random) -> None:
    """Rows in one statement a batch: what all have in common is prepared once, and bodies are cleaned a hundred times."""
    author = User.objects.create(username="do-tai", full_name="Người đo tải")
    offices = list(Agency.objects.order_by("pk")[:60])
    body = Article._meta.get_field("body")
    bodies = [body.pre_save(Article(body=_body(rng)), add=True) for _n in range(100)]
    kinds, now = list(Article.Kind.values), timezone.now()
    common = Article(
        author=author,
        agency=offices[0],
        status=Article.Status.APPROVED,
        first_published_at=now,
        announced_at=now,
    )
    fields = [field for field in Article._meta.local_concrete_fields if not field.primary_key]
    prepared = {
        field.attname: field.get_db_prep_save(field.pre_save(common, True), connection) for field in fields
    }
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {Article._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    for start in range(0, ARTICLES, BATCH):
        rows = []
        for number in range(start, start + BATCH):
            title = " ".join([*rng.choices(WORDS, k=12), RARE if number == ARTICLES // 2 else str(number)])
            summary = " ".join(rng.choices(WORDS, k=35))
            folded = fold(f"{title} {summary}")
            own = {
                "kind": "news" if rng.random() < 0.7 else rng.choice(kinds),
                "title": title,
                "slug": folded[:60].strip().replace(" ", "-"),
                "summary": summary,
                "folded": folded,
                "body": rng.choice(bodies),
                "agency_id": offices[0 if number % 3 == 0 else rng.randrange(len(offices))].pk,
                "publish_at": connection.ops.adapt_datetimefield_value(
                    now - timedelta(minutes=MINUTES_APART * number + 1)
                ),
            }
            rows.append([*(prepared | own).values()])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _body(rng: Random) -> str:
    parts = [f"<p>{' '.join(rng.choices(WORDS, k=70))}.</p>" for _n in range(10)]
    return "".join(
        f"<h2>{' '.join(rng.choices(WORDS, k=4))}</h2>{part}" if n % 3 == 0 else part
        for n, part in enumerate(parts)
    )


def _relations(rng: Random) -> None:
    campaigns = list(Campaign.objects.order_by("number"))
    topics = [Topic.objects.create(name=f"Chủ đề {number}") for number in range(1, 11)]
    tags = Tag.objects.named([f"từ khóa {number}" for number in range(1, 41)])
    keys = list(Article.objects.values_list("pk", flat=True))
    for through, own, rows, every, often in (
        (Article.campaigns.through, "campaign_id", campaigns, 1, 0.65),
        (Article.topics.through, "topic_id", topics, 2, 0.2),
        (Article.tags.through, "tag_id", tags, 4, 0.0),
    ):
        links = [
            through(article_id=key, **{own: (rows[0] if rng.random() < often else rng.choice(rows)).pk})
            for key in keys[::every]
        ]
        through.objects.bulk_create(links, batch_size=5_000)
