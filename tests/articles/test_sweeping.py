import os
import time
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from articles import sweeping
from articles.tasks import sweep_media
from tests.factories import make_file, make_image

pytestmark = pytest.mark.django_db


def stored() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def age(hours: float = 25) -> None:
    then = time.time() - hours * 3600
    for name in stored():
        os.utime(Path(settings.MEDIA_ROOT) / name, (then, then))


def test_what_an_undone_upload_left_goes_and_what_is_used_stays():
    kept = {*make_image().stored_names, make_file().stored_name}
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = [*make_image().stored_names, make_file().stored_name]
        raise ZeroDivisionError
    assert stored() == kept | set(lost)

    assert sweeping.sweep() == 0  # whoever saves them may not have finished
    age()
    assert sweeping.sweep() == len(lost)

    assert stored() == kept


def test_only_names_of_the_library_are_touched():
    ours = [f"anh/aa/{uuid.uuid4()}-480.webp", f"tep/aa/{uuid.uuid4()}.pdf"]
    others = ["tep/aa/ghi-chu.txt", "anh/aa.txt", f"khac/aa/{uuid.uuid4()}.pdf"]
    for name in (*ours, *others):
        default_storage.save(name, ContentFile(b"x"))
    age()

    sweep_media()

    assert stored() == set(others)


def test_a_copy_no_picture_names_goes():
    image = make_image()
    default_storage.save(f"anh/{str(image.pk)[:2]}/{image.pk}-77.webp", ContentFile(b"x"))
    age()
    assert sweeping.sweep() == 1
    assert stored() == set(image.stored_names)


def test_an_empty_library_is_nothing_to_sweep():
    assert sweeping.sweep() == 0


def test_many_are_looked_up_a_bite_at_a_time(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sweeping, "BITE", 2)
    files = [make_file() for _each in range(3)]
    age()
    with django_assert_num_queries(2):
        assert sweeping.sweep() == 0
    assert stored() == {file.stored_name for file in files}
