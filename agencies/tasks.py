from celery import shared_task

from agencies import services


@shared_task
def forget_attempts():
    services.forget_attempts()
