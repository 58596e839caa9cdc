import time

from celery import shared_task

from notifications import services, subscriptions


@shared_task
def deliver():
    end = time.monotonic() + services.ROUND
    while (left := end - time.monotonic()) > 0 and services.deliver_due(left):
        pass


@shared_task
def heartbeat():
    services.beat()


@shared_task
def forget_unconfirmed():
    subscriptions.forget_unconfirmed()
