from celery import shared_task

from agencies import keys, services


@shared_task
def forget_attempts():
    services.forget_attempts()


@shared_task
def forget_calls():
    keys.forget()
