"""Bytes no row knows of: left where the transaction around an upload was rolled back, or the process died between."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.utils import timezone

from articles.models import File, Image

LEFT_ALONE = timedelta(hours=24)  # what is younger may belong to a row that is still being saved
BITE = 500
FOLDERS = ((Image, "anh"), (File, "tep"))
OWN_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[-.]")


def sweep() -> int:
    """Delete stored copies that belong to no picture and no file of the library. Returns how many went."""
    return sum(sweep_folder(model, folder) for model, folder in FOLDERS)


def sweep_folder(model, folder: str) -> int:
    """The same for one folder; a row of `model` says in `stored_names` what belongs to it."""
    gone, stored = 0, _stored(folder)
    while names := list(islice(stored, BITE)):
        keys = {uuid.UUID(PurePosixPath(name).name[:36]) for name in names}
        known = {name for row in model.objects.filter(pk__in=keys) for name in row.stored_names}
        for name in names:
            if name not in known and _is_old(name):
                default_storage.delete(name)
                gone += 1
    return gone


def _stored(folder: str) -> Iterator[str]:
    """Names the library gave; what else may lie there is not ours to throw away."""
    for part in _listed(folder)[0]:
        place = f"{folder}/{part}"
        yield from (f"{place}/{name}" for name in _listed(place)[1] if OWN_NAME.match(name))


def _listed(place: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(place)
    except FileNotFoundError:  # nothing was ever uploaded
        return [], []


def _is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) < timezone.now() - LEFT_ALONE
    except FileNotFoundError:  # deleted by its own step meanwhile
        return False
