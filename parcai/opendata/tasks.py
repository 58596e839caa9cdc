from celery import shared_task
from django.utils import timezone

from parcai.opendata import frozen


@shared_task
def freeze_last_year():
    """The data sets of the year that ended; a night that was missed is made up for in the next."""
    frozen.freeze_year(timezone.localdate().year - 1)


@shared_task
def mend_frozen():
    """Frozen versions that hold what is no longer public."""
    frozen.mend_all()
