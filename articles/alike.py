"""Which articles say something like another one: found out when it appears and again at night, not while it is read."""

from django.utils import timezone

from articles.models import Article
from parcai.lib.html import plain_text
from parcai.search.engines import Scope
from parcai.search.similar import similar

MANY = 6
NEWEST = 500  # looked at again each night: what appeared since may be closer


def note(article: Article) -> None:
    """Keep the articles and guides closest to this one."""
    said = f"{article.title}\n{article.summary}\n{plain_text(article.body)}"
    hits = similar(
        said,
        Scope(timezone.now()),
        many=MANY,
        kinds=("article", "guide"),
        but=(article.SEARCH_RECORD, article.pk),
    )
    Article.objects.filter(pk=article.pk).update(alike=[hit.object_id for hit in hits])


def note_newest() -> None:
    for article in Article.objects.published().order_by("-publish_at", "-pk")[:NEWEST]:
        note(article)
