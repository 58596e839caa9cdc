from celery import shared_task

from articles import alike, citations, desk_tools, links, services, sweeping
from articles.models import PIECES, Article

LINK_BITE = 25  # seconds of looking at links before other work has its turn


@shared_task
def announce():
    for model in PIECES:
        for piece in model.objects.unannounced().order_by("publish_at")[:200]:
            services.announce(piece)
            if isinstance(piece, Article):
                alike.note(piece)
    for document in citations.unread("articles")[:20]:
        citations.read_again(document, Article.objects.all(), texts="articles", field="body")


@shared_task
def forget_presence():
    desk_tools.forget_presence()
    desk_tools.forget_typed()


@shared_task
def note_alike():
    alike.note_newest()


@shared_task
def sweep_media():
    sweeping.sweep()


@shared_task
def list_pages():
    links.list_pages()


@shared_task
def check_links():
    links.run(seconds=LINK_BITE)
