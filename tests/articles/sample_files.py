"""Small, honest documents and pictures made in code, for tests to store or to spoil."""

import io
import struct
import zipfile
import zlib

from PIL import Image as Pillow

from parcai.lib.documents.package import MAIN_PART, ODF

MAIN_NAME = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELATIONS}">{"".join(rows)}</Relationships>'


def package_parts(kind: str) -> dict:
    """What a package of that kind holds at least, in its order."""
    if kind in ODF:
        return {
            "mimetype": ODF[kind],
            "content.xml": "<office:document-content/>",
            "META-INF/manifest.xml": "<manifest:manifest/>",
        }
    main = MAIN_NAME[kind]
    return {
        "[Content_Types].xml": '<?xml version="1.0"?><Types><Default Extension="rels" ContentType="application/rels+xml"/>'
        f'<Override PartName="/{main}" ContentType="{MAIN_PART[kind]}"/></Types>',
        "_rels/.rels": relations(f'<Relationship Id="r1" Type="x/officeDocument" Target="{main}"/>'),
        main: "<w:document><w:t>Kế hoạch 113</w:t></w:document>",
    }


def zipped(parts: dict, *, method=zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else method)
    return buffer.getvalue()


def package(kind: str, more: dict | None = None) -> bytes:
    return zipped({**package_parts(kind), **(more or {})})


def pdf(*objects: bytes, trailer: bytes = b"", end: bytes = b"%%EOF\n", head: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of one empty page and whatever else is told."""
    first = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    body = b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate((*first, *objects), 1)
    )
    return head + body + b"trailer\n<</Root 1 0 R" + trailer + b">>\nstartxref\n0\n" + end


def object_stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return (
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream"
    )


def picture(kind: str, size=(64, 48), mode="RGB", **options) -> bytes:
    buffer = io.BytesIO()
    Pillow.new(mode, size, 1).save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(
    width: int, height: int, pixels: bytes = b"\0" * 100, *, bits: int = 8, colour: int = 2
) -> bytes:
    """A PNG whose head says a size, whatever it carries."""
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", zlib.compress(pixels, 9))
        + png_chunk(b"IEND", b"")
    )
