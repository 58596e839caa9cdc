from contextlib import contextmanager
from datetime import datetime
from unittest import mock

from django.utils import timezone


@contextmanager
def at(moment: datetime):
    """Inside, the portal believes it is `moment` (aware), so that the demonstration's past is made by the real steps."""
    with mock.patch.object(timezone, "now", return_value=moment):
        yield
