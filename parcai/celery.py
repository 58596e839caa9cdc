"""The Celery application and the portal's timetable.

Nothing in a request ever talks to the broker: time-driven work is a beat task that asks the database what is due
(docs/decisions/0002-outbox.md). So a dead or frozen broker costs a visitor nothing.
"""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parcai.settings")

app = Celery("parcai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # A round nobody took before the next one starts is of no use: it expires.
    "deliver": {"task": "notifications.tasks.deliver", "schedule": 2.0, "options": {"expires": 10}},
    "beat": {"task": "notifications.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "announce-articles": {"task": "articles.tasks.announce", "schedule": 15.0, "options": {"expires": 30}},
    "read-citations": {"task": "feedback.tasks.read_citations", "schedule": 60.0, "options": {"expires": 60}},
    "remind-deadlines": {
        "task": "feedback.tasks.remind_deadlines",
        "schedule": crontab(minute="*/15", hour="7-16"),  # office hours in Việt Nam
        "options": {"expires": 600},
    },
    "recount-deadlines": {
        "task": "feedback.tasks.recount_deadlines",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Five past midnight on 1 January: the figures of the year are final before its data are frozen.
    "count-figures": {
        "task": "feedback.tasks.count_figures",
        "schedule": crontab(minute=5),
        "options": {"expires": 1800},
    },
    "make-exports": {"task": "feedback.tasks.make_exports", "schedule": 15.0, "options": {"expires": 30}},
    "expire-exports": {"task": "feedback.tasks.expire_exports", "schedule": crontab(hour=2, minute=35)},
    "remind-data-requests": {
        "task": "feedback.tasks.remind_data_requests",
        "schedule": crontab(minute=20, hour="7-16"),
        "options": {"expires": 1800},
    },
    "anonymise": {
        "task": "feedback.tasks.anonymise_old",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 7200},
    },
    "mend-index": {"task": "parcai.tasks.mend_index", "schedule": 60.0, "options": {"expires": 60}},
    "renew-index": {
        "task": "parcai.tasks.renew_index",
        "schedule": crontab(hour=3, minute=15),
        "options": {"expires": 3600},
    },
    "note-alike": {
        "task": "articles.tasks.note_alike",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 3600},
    },
    # On 1 January, and again each night of that month: what is frozen already stays.
    "freeze-last-year": {
        "task": "parcai.opendata.tasks.freeze_last_year",
        "schedule": crontab(minute=30, hour=0, month_of_year=1),
        "options": {"expires": 3600},
    },
    "mend-frozen": {
        "task": "parcai.opendata.tasks.mend_frozen",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 300},
    },
    "forget-unconfirmed": {
        "task": "notifications.tasks.forget_unconfirmed",
        "schedule": crontab(hour=2, minute=20),
        "options": {"expires": 3600},
    },
    "forget-presence": {"task": "articles.tasks.forget_presence", "schedule": crontab(hour=2, minute=10)},
    "sweep-media": {
        "task": "articles.tasks.sweep_media",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 3600},
    },
    "sweep-case-files": {
        "task": "feedback.tasks.sweep_files",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
    "list-pages": {
        "task": "articles.tasks.list_pages",
        "schedule": crontab(hour=0, minute=50),
        "options": {"expires": 3600},
    },
    # Small bites through the night, so that mails never wait long behind one.
    "check-links": {
        "task": "articles.tasks.check_links",
        "schedule": crontab(minute="*/5", hour="1-4"),
        "options": {"expires": 240},
    },
    "forget-drafts": {"task": "feedback.tasks.forget_drafts", "schedule": crontab(hour=2, minute=20)},
    "forget-attempts": {"task": "agencies.tasks.forget_attempts", "schedule": crontab(hour=2, minute=40)},
    "forget-calls": {"task": "agencies.tasks.forget_calls", "schedule": crontab(hour=2, minute=50)},
}
if settings.OPENSEARCH_URL:
    app.conf.beat_schedule["tell-outside"] = {
        "task": "parcai.tasks.tell_outside",
        "schedule": 2.0,
        "options": {"expires": 10},
    }
