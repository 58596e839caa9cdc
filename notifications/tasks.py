from celery import shared_task

from notifications import services


@shared_task
def deliver():
    while services.deliver_due():
        pass


@shared_task
def heartbeat():
    services.beat()
