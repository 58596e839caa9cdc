"""Questions put to the database with numbers it cannot hold."""

from django.db.models import IntegerField
from django.db.models.lookups import In

LARGEST = 2**63 - 1


def is_beyond(value) -> bool:
    return isinstance(value, int) and abs(value) > LARGEST


class HeldNumbersIn(In):
    """`x IN (…)` without the numbers no row can have: Django leaves them in, and databases refuse the question."""

    def get_prep_lookup(self):
        found = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return found
        return [each for each in found if not is_beyond(each)]


def register() -> None:
    IntegerField.register_lookup(HeldNumbersIn)
