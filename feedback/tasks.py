from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from agencies import services as agencies
from articles import citations
from feedback import services
from feedback.models import Answer
from notifications.services import wipe_old


@shared_task
def remind_deadlines():
    """On working days; the timetable keeps it to office hours."""
    if agencies.is_working_day(timezone.localdate()):
        services.remind_deadlines()
        services.remind_opinions()


@shared_task
def recount_deadlines():
    """After an edit of the working calendar, wherever it was made."""
    services.recount_deadlines()


@shared_task
def count_figures():
    services.count_current_figures()


@shared_task
def make_exports():
    services.make_exports()


@shared_task
def expire_exports():
    services.expire_exports()


@shared_task
def remind_data_requests():
    services.remind_data_requests()


@shared_task
def anonymise_old():
    """Each night, a chunk at a time until nothing is left that has been kept long enough."""
    for _round in range(50):
        if not services.anonymise_old():
            break
    wipe_old(sent_before=timezone.now() - timedelta(days=settings.RETENTION_MESSAGE_DAYS))
    services.keep_readers()


@shared_task
def forget_drafts():
    services.forget_drafts()


@shared_task
def sweep_files():
    services.sweep_files()


@shared_task
def read_citations():
    """Look in the published answers for documents that became public after them."""
    for document in citations.unread("answers")[:20]:
        citations.read_again(document, Answer.objects.signed(), texts="answers", field="public_body")
