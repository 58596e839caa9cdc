import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from agencies.roles import Role
from articles import images
from articles.models import Image
from tests.factories import make_article, make_image, make_official, png

pytestmark = pytest.mark.django_db


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def encoded(kind: str, size=(64, 48), mode="RGB", **options) -> bytes:
    buffer = io.BytesIO()
    Pillow.new(mode, size, 1).save(buffer, kind, **options)
    return buffer.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG that claims a size it does not carry."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def iccp_bomb() -> bytes:
    data = b"x\0\0" + zlib.compress(b"\0" * 50_000_000)
    body = encoded("PNG")
    chunk = struct.pack(">I", len(data)) + b"iCCP" + data + struct.pack(">I", zlib.crc32(b"iCCP" + data))
    return body[:33] + chunk + body[33:]


JPEG, PNG, GIF, WEBP = encoded("JPEG"), encoded("PNG"), encoded("GIF", mode="P"), encoded("WEBP")
HOSTILE = {
    "svg": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "svg-as-png": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "html-as-png": ("a.png", b"<html><script>alert(1)</script>"),
    "html-as-jpg": ("a.jpg", b"<!DOCTYPE html><script>alert(1)</script>"),
    "php-double-ending": ("a.png.php", PNG),
    "exe-double-ending": ("a.jpg.exe", JPEG),
    "html-ending": ("a.html", PNG),
    "no-ending": ("anh", PNG),
    "only-dot": (".png.", PNG),
    "gif-as-png": ("a.png", GIF),
    "gif": ("a.gif", GIF),
    "jpeg-as-png": ("a.png", JPEG),
    "png-as-jpeg": ("a.jpeg", PNG),
    "webp-as-jpg": ("a.jpg", WEBP),
    "gif-js-polyglot": ("a.png", b"GIF89a/*" + GIF[8:] + b"*/=1;alert(1)//"),
    "pdf-as-png": ("a.png", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"),
    "zip-as-jpg": ("a.jpg", b"PK\x03\x04" + b"\0" * 100),
    "exe-as-png": ("a.png", b"MZ" + b"\0" * 200),
    "empty-png": ("a.png", b""),
    "only-magic": ("a.png", b"\x89PNG\r\n\x1a\n"),
    "truncated-png": ("a.png", encoded("PNG", (400, 400))[:60]),
    "truncated-jpg": ("a.jpg", JPEG[:25]),
    "garbage-jpg": ("a.jpg", b"\xff\xd8\xff\xe0" + b"A" * 500),
    "144-megapixel": ("a.png", huge_png(12_000, 12_000)),
    "gigapixel": ("a.png", huge_png(60_000, 60_000)),
    "zero-pixels": ("a.png", huge_png(0, 0)),
    "wide-line": ("a.png", huge_png(2**31 - 1, 1)),
    "iccp-bomb": ("a.png", iccp_bomb()),
    "heic": ("a.heic", b"\0\0\0\x18ftypheic"),
    "tiff": ("a.tiff", encoded("TIFF")),
    "bmp-as-png": ("a.png", encoded("BMP")),
    "ico": ("a.ico", encoded("ICO", (16, 16))),
    "shell": ("a.png", b"#!/bin/sh\nrm -rf /"),
    "xml-entity": ("a.svg", b"<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(name, tmp_path):
    with pytest.raises(ValidationError) as refused:
        images.store(file(*HOSTILE[name]), alt="x", by=make_official(Role.EDITOR))
    assert refused.value.messages[0].endswith((".", "lên."))
    assert not Image.objects.exists()
    assert not list((tmp_path / "media").rglob("*.*"))


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.png",
        "..\\..\\x.png",
        "a\u202egnp.exe.png",
        "x" * 300 + ".png",
        "CON.png",
        "a b;rm -rf.PNG",
    ],
)
def test_whatever_it_is_called_it_is_stored_under_our_name(name, tmp_path):
    image = make_image(upload=file(name, PNG))
    [stored] = list((tmp_path / "media").rglob("*.webp"))
    assert stored.name == f"{image.pk}-64.webp"


def test_too_heavy_a_file_is_refused_before_it_is_read(settings):
    settings.IMAGE_MAX_BYTES = 100
    with pytest.raises(ValidationError, match="nặng quá"):
        make_image(upload=png())


def test_place_and_camera_are_gone_and_the_picture_stands_upright(tmp_path):
    buffer = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turned on its side
    exif[0x010F] = "May anh bi mat"
    exif.get_ifd(0x8825)[2] = (13.0, 5.0, 0.0)
    Pillow.new("RGB", (200, 100), "red").save(buffer, "JPEG", exif=exif)
    image = make_image(upload=file("a.jpg", buffer.getvalue() + b"<?php evil(); ?>"))
    assert (image.width, image.height) == (100, 200)
    [stored] = list((tmp_path / "media").rglob("*.webp"))
    content = stored.read_bytes()
    assert b"May anh" not in content
    assert b"php" not in content
    assert len(Pillow.open(io.BytesIO(content)).getexif()) == 0


def test_copies_are_made_for_small_and_large_screens():
    image = make_image(upload=png(2000, 1000))
    assert image.widths == [480, 960, 1600]
    assert image.url_small.endswith("-480.webp")
    assert make_image(upload=png(300, 200)).url_large.endswith("-300.webp")


def test_a_picture_in_use_cannot_be_removed():
    image = make_image()
    make_article(cover=image)
    with pytest.raises(Exception, match="protected"):
        images.remove(image)
    assert Image.objects.filter(pk=image.pk).exists()


def test_the_editors_upload_answers_as_the_editor_expects(client):
    client.force_login(make_official(Role.EDITOR, is_staff=True), backend="agencies.auth.OfficialBackend")
    answer = client.post("/quan-tri/anh/tai-len/", {"upload": png()}).json()
    assert answer["uploaded"] == 1
    assert client.get(answer["url"]).status_code == 200
    refused = client.post("/quan-tri/anh/tai-len/", {"upload": file("a.svg", b"<svg/>")})
    assert refused.status_code == 422
    assert "Chỉ nhận ảnh" in refused.json()["error"]["message"]
    assert client.post("/quan-tri/anh/tai-len/").status_code == 422


def test_only_editors_upload(client):
    assert client.post("/quan-tri/anh/tai-len/", {"upload": png()}).status_code == 302
    client.force_login(make_official(Role.COORDINATOR), backend="agencies.auth.OfficialBackend")
    assert client.post("/quan-tri/anh/tai-len/", {"upload": png()}).status_code == 403


def test_the_upload_keeps_the_words_that_came_with_the_picture(client):
    client.force_login(make_official(Role.EDITOR, is_staff=True), backend="agencies.auth.OfficialBackend")
    answer = client.post(
        "/quan-tri/anh/tai-len/", {"upload": png(2000, 1000), "alt": "Quầy " * 90, "credit": "Báo Phú Yên"}
    ).json()
    image = Image.objects.get()
    assert image.alt == ("Quầy " * 50).strip()
    assert image.credit == "Báo Phú Yên"
    assert (answer["width"], answer["height"]) == (960, 480)


def test_the_library_is_searched_by_those_who_may_see_it_only(client):
    image = make_image(alt="Bộ phận một cửa")
    make_image(alt="Cánh đồng lúa")
    assert client.get("/quan-tri/anh/thu-vien/").status_code == 302
    client.force_login(make_official(Role.COORDINATOR), backend="agencies.auth.OfficialBackend")
    assert client.get("/quan-tri/anh/thu-vien/").status_code == 403
    client.force_login(image.uploaded_by, backend="agencies.auth.OfficialBackend")
    assert len(client.get("/quan-tri/anh/thu-vien/").json()["images"]) == 2
    [found] = client.get("/quan-tri/anh/thu-vien/?q=một cửa").json()["images"]
    assert (found["url"], found["alt"]) == (image.url_medium, "Bộ phận một cửa")
