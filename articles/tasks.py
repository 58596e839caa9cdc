from celery import shared_task

from articles import desk_tools, services
from articles.models import PIECES


@shared_task
def announce():
    for model in PIECES:
        for piece in model.objects.unannounced().order_by("publish_at")[:200]:
            services.announce(piece)


@shared_task
def forget_presence():
    desk_tools.forget_presence()
