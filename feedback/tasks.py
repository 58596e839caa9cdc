from celery import shared_task
from django.utils import timezone

from agencies import services as agencies
from feedback import services


@shared_task
def remind_deadlines():
    """On working days; the timetable keeps it to office hours."""
    if agencies.is_working_day(timezone.localdate()):
        services.remind_deadlines()


@shared_task
def forget_drafts():
    services.forget_drafts()
