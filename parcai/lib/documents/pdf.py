"""PDF: nothing else in the same bytes, no lock, no script. Read in chunks."""

import re
import zipfile
import zlib
from typing import IO

from parcai.lib.documents import words

CHUNK = 1024 * 1024
END_WITHIN = 1024  # bytes from the end in which %%EOF stands
MOST_INFLATED = 100 * 1024 * 1024  # of all object streams of one PDF
OVERLAP = 4096  # of one chunk and the next: nothing we look for is longer
NAME_END = rb"(?![A-Za-z0-9_.-])"
HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
# A script given as text, as hexadecimal text or by reference; bare "/JS" would be found in many a compressed picture.
RUNS = re.compile(
    rb"/(?:JavaScript|Launch|XFA|RichMedia)"
    + NAME_END
    + rb"|/JS\s*(?:\((?:[\x20-\x7e\s]{6}|\xfe\xff)|<[0-9A-Fa-f\s]{4}|\d{1,9}\s+\d{1,5}\s+R|(?<=\s{99}))"
)
LOCK = re.compile(rb"/Encrypt\s*(?:<<|\d{1,9}\s+\d{1,5}\s+R)")
OBJECT_STREAM = re.compile(rb"/ObjStm" + NAME_END)
STREAM = re.compile(rb"stream\r?\n")


def check(file: IO[bytes]) -> None:
    file.seek(0)
    if not re.match(rb"%PDF-[12]\.\d", file.read(8)):
        raise words.other_content()
    size = file.seek(0, 2)
    file.seek(max(0, size - END_WITHIN))
    end = file.read()
    # What follows the end would be another file in the same bytes.
    if b"%%EOF" not in end or end.rpartition(b"%%EOF")[2].strip(b"\0\t\n\f\r ") or zipfile.is_zipfile(file):
        raise words.other_content()
    has_objects = has_table = False
    lists: set[int] = set()
    for at, content in _windows(file):
        names = _unescaped(content)
        has_objects |= b" obj" in content
        has_table |= b"trailer" in content or b"/XRef" in content
        found = [at + mark.end() for mark in OBJECT_STREAM.finditer(content)]
        if len(found) != len(OBJECT_STREAM.findall(names)):
            raise words.script()  # a name spelled so that nobody finds it
        lists.update(found)
        if LOCK.search(names):
            raise words.locked()
        if RUNS.search(names):
            raise words.script()
    if not (has_objects and has_table):
        raise words.other_content()
    left = MOST_INFLATED
    for at in sorted(lists):
        left -= _check_object_stream(file, at, left)


def _windows(file: IO[bytes]):
    """The file in chunks that overlap, each with its place."""
    file.seek(0)
    at, kept = 0, b""
    while more := file.read(CHUNK):
        content = kept + more
        yield at, content
        kept = content[-OVERLAP:]
        at += len(content) - len(kept)


def _unescaped(content: bytes) -> bytes:
    """Names as a reader of PDF takes them: /J#53 is /JS."""
    return HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content


def _check_object_stream(file: IO[bytes], at: int, most: int) -> int:
    """Looks into a compressed list of objects; one that cannot be read does not pass. Returns its size."""
    file.seek(at)
    begin = STREAM.search(file.read(OVERLAP))
    if begin is None:
        raise words.script()  # pushed out of sight
    file.seek(at + begin.end())
    inflater, size, kept = zlib.decompressobj(), 0, b""
    while not inflater.eof:
        packed = inflater.unconsumed_tail or file.read(64 * 1024)
        inside = inflater.decompress(packed, CHUNK)
        if not packed:
            break
        size += len(inside)
        if size > most:
            raise words.bomb()
        if RUNS.search(_unescaped(kept + inside)):
            raise words.script()
        kept = (kept + inside)[-OVERLAP:]
    return size
