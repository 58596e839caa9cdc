"""Every hostile file through both doors as an official's browser would send it."""

import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from agencies.roles import Role
from articles.models import File, Image
from tests.articles.hostile_files import (
    DOCUMENT_NAMES,
    HARMLESS_DOCUMENTS,
    HARMLESS_PICTURES,
    PICTURE_NAMES,
    REFUSED,
)
from tests.articles.sample_files import pdf
from tests.factories import make_official
from tests.test_project import VIETNAMESE

pytestmark = pytest.mark.django_db

ADD_IMAGE, ADD_FILE = "/quan-tri/articles/image/add/", "/quan-tri/articles/file/add/"
EDITOR_UPLOAD = "/quan-tri/anh/tai-len/"
LIES = ("image/png", "application/pdf", "text/html", "application/x-msdownload", "")


@pytest.fixture
def editor(client):
    official = make_official(Role.EDITOR, is_staff=True)
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return client


def upload(name: str, content: bytes, content_type: str = "image/png") -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content, content_type=content_type)
    file._name = name  # as it is sent, not as Django would have tidied it
    return file


def stored(tmp_path) -> list:
    return sorted(path for path in (tmp_path / "media").rglob("*") if path.is_file())


def problem(response) -> str:
    """What the form says beside its field for the file."""
    assert response.status_code == 200
    [words] = response.context["adminform"].form.errors["upload"]
    assert words in response.content.decode().replace("&quot;", '"')
    return words


@pytest.mark.parametrize("name", REFUSED)
def test_no_door_lets_it_in(editor, tmp_path, name):
    file, content = REFUSED[name]()

    words = [
        problem(editor.post(ADD_FILE, {"title": "Tệp", "upload": upload(file, content)})),
        problem(editor.post(ADD_IMAGE, {"alt": "Ảnh", "upload": upload(file, content)})),
    ]
    refused = editor.post(EDITOR_UPLOAD, {"upload": upload(file, content)})

    assert refused.status_code == 422
    words.append(refused.json()["error"]["message"])
    assert all(VIETNAMESE.search(each) and each.endswith(".") for each in words), words
    assert not Image.objects.exists()
    assert not File.objects.exists()
    assert stored(tmp_path) == []


@pytest.mark.parametrize("door", [ADD_IMAGE, EDITOR_UPLOAD])
@pytest.mark.parametrize("name", HARMLESS_PICTURES)
def test_of_a_picture_only_its_pixels_come_in(editor, tmp_path, name, door):
    file, content = HARMLESS_PICTURES[name]()

    response = editor.post(door, {"alt": "Ảnh", "upload": upload(file, content, "text/html")})

    assert response.status_code == (302 if door == ADD_IMAGE else 200)
    image = Image.objects.get()
    assert [path.name for path in stored(tmp_path)] == sorted(
        f"{image.pk}-{width}.{ending}" for width, ending in image.copies()
    )
    for path in stored(tmp_path):
        kept = path.read_bytes()
        for word in (b"<script", b"<?php", b"EICAR", b"PK\x03\x04", b"MZ\x90"):
            assert word not in kept
        assert Pillow.open(io.BytesIO(kept)).mode == "RGB"
    for width, ending in image.copies():
        shown = editor.get(f"/tep/anh/{image.pk}-{width}.{ending}")
        assert shown["Content-Type"] == Image.TYPES[ending]
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in shown["Content-Security-Policy"]


@pytest.mark.parametrize("name", HARMLESS_DOCUMENTS)
def test_a_document_is_kept_byte_by_byte_and_only_ever_saved(editor, tmp_path, name):
    file, content = HARMLESS_DOCUMENTS[name]()

    response = editor.post(ADD_FILE, {"title": "Tệp", "upload": upload(file, content, "text/html")})

    assert response.status_code == 302
    kept = File.objects.get()
    [path] = stored(tmp_path)
    assert path.name == f"{kept.pk}.{kept.ending}"
    assert path.read_bytes() == content
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    handed_out = editor.get(kept.get_absolute_url())
    assert handed_out.getvalue() == content
    assert handed_out["Content-Type"] == "application/octet-stream"
    assert handed_out["Content-Disposition"].startswith("attachment; filename")
    assert handed_out["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in handed_out["Content-Security-Policy"]
    assert len(kept.download_name) <= 200
    assert not set(kept.download_name) & set('/\\<>:"|?*\r\n\0\u202e\u200f')
    assert kept.download_name.endswith(f".{kept.ending}")


@pytest.mark.parametrize("content_type", LIES)
def test_what_the_browser_claims_about_the_type_changes_nothing(editor, content_type):
    file, content = REFUSED["html as pdf"]()
    problem(editor.post(ADD_FILE, {"title": "Tệp", "upload": upload(file, content, content_type)}))
    assert (
        editor.post(ADD_FILE, {"title": "Tệp", "upload": upload("a.pdf", pdf(), content_type)}).status_code
        == 302
    )


NAMES = {
    "nothing": b'filename=""',
    "a zero": b'filename="a\x00.pdf"',
    "an escaped zero": b"filename*=UTF-8''a%00.pdf",
    "a line end": b'filename="a\nb.pdf"',
    "an escaped line end": b"filename*=UTF-8''a%0d%0aSet-Cookie:x=1.pdf",
    "letters of no alphabet": b'filename="\xff\xfe.pdf"',
    "a word in bytes of no kind": b"filename*=utf-32''%ff%ff.pdf",
    "a thousand letters": b'filename="' + b"a" * 1000 + b'.pdf"',
    "entities": b'filename="&#46;&#46;&#47;x.pdf"',
    "only dots": b'filename="...."',
    "the folder above": b'filename=".."',
}


@pytest.mark.parametrize("door", [ADD_FILE, ADD_IMAGE, EDITOR_UPLOAD])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_no_browser_sends_breaks_nothing(editor, tmp_path, name, door):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nT\r\n'
        b'--x\r\nContent-Disposition: form-data; name="upload"; ' + NAMES[name] + b"\r\n"
        b"Content-Type: application/pdf\r\n\r\n" + pdf() + b"\r\n--x--\r\n"
    )
    response = editor.generic("POST", door, body, content_type="multipart/form-data; boundary=x")

    assert response.status_code in {200, 302, 400, 422}
    assert VIETNAMESE.search(
        response.content.decode("unicode_escape" if door == EDITOR_UPLOAD else "utf-8")
    ) or (response.status_code == 302)
    assert [path.name for path in stored(tmp_path)] == [f"{file.pk}.pdf" for file in File.objects.all()]
    for file in File.objects.all():
        handed_out = editor.get(file.get_absolute_url())
        assert handed_out.getvalue() == pdf()
        assert "\n" not in handed_out["Content-Disposition"]


def test_an_upload_without_bytes_is_refused_in_words(editor):
    body = b'--x\r\nContent-Disposition: form-data; name="upload"; filename="a.pdf"\r\n\r\n\r\n--x--\r\n'
    for door in (ADD_FILE, ADD_IMAGE):
        response = editor.generic("POST", door, body, content_type="multipart/form-data; boundary=x")
        assert "Tệp trống" in problem(response)


def test_the_doors_meet_enough_of_the_world():
    assert len(REFUSED) + len(HARMLESS_PICTURES) + len(HARMLESS_DOCUMENTS) > 120
    assert set(PICTURE_NAMES) <= set(HARMLESS_PICTURES)
    assert set(DOCUMENT_NAMES) <= set(HARMLESS_DOCUMENTS)
