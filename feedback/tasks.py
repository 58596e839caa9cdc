from celery import shared_task

from feedback import services


@shared_task
def remind_deadlines():
    services.remind_deadlines()


@shared_task
def forget_drafts():
    services.forget_drafts()
