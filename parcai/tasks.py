from celery import shared_task
from django.utils import timezone

from parcai import findable
from parcai.search import asked, services, spelling
from parcai.search.engines import outside_engine


@shared_task
def tell_outside():
    """Changes of the index, told to OpenSearch where there is one."""
    if outside := outside_engine():
        outside.tell()


@shared_task
def mend_index():
    """What the index misses or has too much; the steps themselves keep it, this is for what went past them."""
    for record in findable.INDEXED:
        services.compare(record.record, record.rows(), record.entry)
    spelling.add(findable.written(since=services.mended_at()))
    services.note_mended(timezone.now())


@shared_task
def renew_index():
    """Every record once a night, and the words they are made of."""
    services.drop_ended()
    for record in findable.INDEXED:
        services.rebuild(record.record, record.rows(), record.entry)
    spelling.learn(findable.written())
    asked.forget_rare()
