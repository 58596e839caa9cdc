from celery import shared_task

from articles import services
from articles.models import Article


@shared_task
def announce():
    for article in Article.objects.unannounced().order_by("publish_at")[:200]:
        services.announce(article)
