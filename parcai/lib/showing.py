"""What officials switch on for a while: decided when it is asked, by the switch and the clock."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone


def shown_q(now: datetime | None = None, *, through: str = "") -> Q:
    """Rows with `is_shown` whose window holds at `now` (aware); `through` names a relation that leads there."""
    prefix = f"{through}__" if through else ""
    now = now or timezone.now()
    begun = Q(**{f"{prefix}shown_from": None}) | Q(**{f"{prefix}shown_from__lte": now})
    lasts = Q(**{f"{prefix}shown_until": None}) | Q(**{f"{prefix}shown_until__gt": now})
    return Q(**{f"{prefix}is_shown": True}) & begun & lasts
