"""One vote each, without keeping who voted: a keyed hash of the thing and of what tells one visitor from another."""

from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac


class OneVote(models.Model):
    """That somebody voted, kept apart from what they said. A subclass adds the thing and UNIQUE(thing, key)."""

    key = models.CharField(max_length=64)

    class Meta:
        abstract = True


def is_first(votes: type[OneVote], salt: str, voter: str, **thing: models.Model) -> bool:
    """Notes a vote on `thing` and says whether it is this voter's first; nothing leads from the key to the voter."""
    [row] = thing.values()
    key = salted_hmac(salt, f"{row.pk}:{voter}", algorithm="sha256").hexdigest()
    try:
        with transaction.atomic():
            votes._default_manager.create(key=key, **thing)
    except IntegrityError:
        return False
    return True
