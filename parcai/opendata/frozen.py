"""Frozen yearly versions: written once, and written again only to take out what everybody may no longer read.

docs/decisions/0010-frozen-data.md says why and what readers see of it.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZipFile

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parcai.lib.exports import csv_parts, zip_parts
from parcai.opendata import dataset
from parcai.opendata.models import FrozenVersion
from parcai.records import KINDS, Kind, kind_named

logger = logging.getLogger(__name__)
AT_ONCE = 500  # ids in one question


def rows_of(kind: Kind, year: int) -> QuerySet:
    """The rows of a year by their day; all rows of a kind whose rows have none."""
    if "since" not in kind.filters.base_filters:
        return kind.ordered()
    return kind.chosen({"since": date(year, 1, 1).isoformat(), "until": date(year, 12, 31).isoformat()})


def freeze_year(year: int) -> list[FrozenVersion]:
    """Freezes what is not frozen yet of a year; what is stays as it is."""
    there = set(FrozenVersion.objects.filter(year=year).values_list("kind", flat=True))
    made = [freeze(kind, year) for kind in KINDS if kind.name not in there]
    return [version for version in made if version is not None]


def freeze(kind: Kind, year: int) -> FrozenVersion | None:
    """One data set of a year, or None when another worker was quicker."""
    now = timezone.now()
    version = FrozenVersion(kind=kind.name, year=year, frozen_at=now, read_at=now)
    with TemporaryFile() as lines:
        version.held = _write_lines(lines, map(dataset.plain, dataset.records(kind, rows_of(kind, year))))
        _store(version, kind, lines)
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:
        default_storage.delete(version.stored_name)
        return None
    return version


# What everybody may read of it still ---------------------------------------------------------------------------


def is_whole(version: FrozenVersion) -> bool:
    """Whether everything in the file may still be read, in these words."""
    kind = kind_named(version.kind)
    if kind is None:
        return False
    ids = version.held["rows"]
    return (
        not _lost(kind, ids)
        and not any(_lost_of(name, named) for name, named in version.held["named"].items())
        and not _changed(kind, ids, version.read_at)
    )


def _lost_of(name: str, ids: list[str]) -> set[str]:
    kind = kind_named(name)
    return _lost(kind, ids) if kind else set(ids)


def _lost(kind: Kind, ids: list[str]) -> set[str]:
    return set(ids) - _among(kind, kind.rows(), ids)


def _changed(kind: Kind, ids: list[str], since: datetime) -> set[str]:
    """Of the rows those that everybody reads in other words since then: masked anew, corrected."""
    if "updated_since" not in kind.filters.base_filters:
        return set()
    return _among(kind, kind.chosen({"updated_since": since.isoformat()}), ids)


def _among(kind: Kind, rows: QuerySet, ids: Iterable[str]) -> set[str]:
    """Of some ids those that are among the rows."""
    found: set[str] = set()
    waiting = iter(ids)
    while part := list(islice(waiting, AT_ONCE)):
        asked = {id_: wanted for id_ in part if (wanted := kind.key.find(id_))}
        fields = {tuple(wanted) for wanted in asked.values()}
        if len(fields) == 1 and len(next(iter(fields))) == 1:
            ((field,),) = fields
            values = rows.order_by().filter(**{f"{field}__in": [wanted[field] for wanted in asked.values()]})
            there = set(map(str, values.values_list(field, flat=True)))
            found |= {id_ for id_, wanted in asked.items() if str(wanted[field]) in there}
        else:
            found |= {id_ for id_, wanted in asked.items() if rows.filter(**wanted).exists()}
    return found


def mend_all() -> int:
    """Writes those again that hold what may no longer be read; says how many."""
    return sum(_mended(version) for version in FrozenVersion.objects.iterator() if not is_whole(version))


def _mended(version: FrozenVersion) -> bool:
    try:
        return mend(version)
    except FileNotFoundError:
        logger.error("The file of the frozen version %s is missing from the storage.", version)
        return False


def mend(version: FrozenVersion) -> bool:
    """Writes a version again without what was withdrawn, and what was changed or named it as everybody reads it now."""
    kind = kind_named(version.kind)
    before = version.sha256, version.stored_name
    if kind is None:  # nobody declares such records any longer
        FrozenVersion.objects.filter(pk=version.pk).delete()
        default_storage.delete(version.stored_name)
        return True
    now, ids = timezone.now(), version.held["rows"]
    lost = _lost(kind, ids)
    stale = _changed(kind, ids, version.read_at)
    gone = {name: _lost_of(name, named) for name, named in version.held["named"].items()}
    counts = {"taken_out": 0, "renewed": 0}

    def kept() -> Iterator[dataset.Record]:
        for record in _read(version):
            id_ = record["id"]
            if id_ not in lost and id_ not in stale and not _names(record, gone):
                yield record
                continue
            row = None if id_ in lost else kind.find(id_)
            counts["taken_out" if row is None else "renewed"] += 1
            if row is not None:
                yield dataset.plain(kind.record(row))

    with TemporaryFile() as lines:
        version.held, version.read_at = _write_lines(lines, kept()), now
        change = {"at": now.isoformat(), "sha256_before": before[0], **counts}
        version.changes = [*version.changes, change]
        _store(version, kind, lines)
    values = ("held", "read_at", "changes", "stored_name", "size", "sha256", "rows")
    is_mine = FrozenVersion.objects.filter(pk=version.pk, sha256=before[0], stored_name=before[1]).update(
        **{name: getattr(version, name) for name in values}
    )
    default_storage.delete(before[1] if is_mine else version.stored_name)
    return bool(is_mine)


def _names(record: dataset.Record, gone: dict[str, set[str]]) -> bool:
    return any(id_ in gone.get(name, ()) for name, id_ in _references(record))


def _references(record: dataset.Record) -> Iterator[tuple[str, str]]:
    """(kind, id) of each record this one names."""
    for value in record.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and each.keys() == {"kind", "id", "title", "url"}:
                yield each["kind"], each["id"]


# The file ------------------------------------------------------------------------------------------------------


def _write_lines(file: IO[bytes], records: Iterable[dataset.Record]) -> dict[str, Any]:
    """Keeps the records, one a line, and gives what they hold."""
    ids: list[str] = []
    named: dict[str, set[str]] = {}
    for record in records:
        file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        ids.append(record["id"])
        for name, id_ in _references(record):
            named.setdefault(name, set()).add(id_)
    return {"rows": ids, "named": {name: sorted(found) for name, found in sorted(named.items())}}


def _lines(file: IO[bytes]) -> Iterator[dataset.Record]:
    file.seek(0)
    return (json.loads(line) for line in file)


def _read(version: FrozenVersion) -> Iterator[dataset.Record]:
    """The records of a stored version."""
    with (
        default_storage.open(version.stored_name) as file,
        ZipFile(file) as package,
        package.open(f"{version.kind}.json") as lines,
    ):
        for line in lines:
            if line.startswith(b"{"):
                yield json.loads(line.rstrip(b",\n"))


def _store(version: FrozenVersion, kind: Kind, lines: IO[bytes]) -> None:
    """Writes the package into the storage under a new name and notes it in the version; saves nothing else."""
    notes = [
        _("Bản đóng băng năm %d, ngày %s.") % (version.year, _day(version.frozen_at)),
        *notes_of(version),
    ]
    version.rows = len(version.held["rows"])
    members = [
        ("README.txt", [dataset.readme(kind, at=version.read_at, notes=[*notes, ""])]),
        ("tu-dien.csv", csv_parts(dataset.DICTIONARY, dataset.dictionary(kind))),
        (f"{kind.name}.csv", dataset.as_csv(kind, _lines(lines))),
        (f"{kind.name}.json", _json_lines(lines)),
    ]
    digest = hashlib.sha256()
    with TemporaryFile() as package:
        for part in zip_parts(members, at=timezone.localtime(version.read_at)):
            digest.update(part)
            package.write(part)
        version.size, version.sha256 = package.tell(), digest.hexdigest()
        package.seek(0)
        name = f"du-lieu/{version.download_name.removesuffix('.zip')}-{version.sha256[:16]}.zip"
        version.stored_name = default_storage.save(name, File(package))


def _json_lines(lines: IO[bytes]) -> Iterator[bytes]:
    yield from dataset.as_json(_lines(lines))


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%d/%m/%Y")


def notes_of(version: FrozenVersion) -> list[str]:
    """What was taken out since, in words."""
    return [
        _(
            "Lập lại ngày %(day)s: bỏ %(out)d mục không còn công khai, %(new)d mục ghi theo bản đang công khai."
        )
        % {
            "day": _day(datetime.fromisoformat(change["at"])),
            "out": change["taken_out"],
            "new": change["renewed"],
        }
        for change in version.changes
    ]
