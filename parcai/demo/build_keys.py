"""One key of a made-up system, so that the calls of docs/intake-api.md can be tried at once."""

from django.conf import settings

from agencies import keys
from agencies.models import ApiKey, User

KEY_ID = "PYK-MINHHOA"


def make_key(people: dict[str, User]) -> int:
    """Its secret is the demonstration password: the key opens nothing outside the demonstration."""
    if ApiKey.objects.filter(key_id=KEY_ID).exists():
        return 0
    key = ApiKey(
        name="Tổng đài 1022 (minh họa)",
        may_create=True,
        may_read=True,
        is_demonstration=True,
    )
    keys.make(key, by=people["quantri"], secret=settings.DEMO_PASSWORD, key_id=KEY_ID)
    return 1
