import io
import re
import struct

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from PIL import Image as Pillow
from PIL import ImageCms

from agencies.roles import Role
from articles import images, services
from articles.models import Image
from tests.factories import make_article, make_image, make_official, png

pytestmark = pytest.mark.django_db


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def encoded(kind: str, size=(64, 48), mode="RGB", **options) -> bytes:
    buffer = io.BytesIO()
    Pillow.new(mode, size, 1).save(buffer, kind, **options)
    return buffer.getvalue()


PNG = encoded("PNG")


def stored(tmp_path) -> list:
    return sorted(path for path in (tmp_path / "media").rglob("*") if path.is_file())


def opened(tmp_path, ending: str) -> Pillow.Image:
    """The widest stored copy of that kind."""
    paths = [path for path in stored(tmp_path) if path.suffix == f".{ending}"]
    return max((Pillow.open(io.BytesIO(path.read_bytes())) for path in paths), key=lambda copy: copy.width)


def test_too_heavy_a_file_is_refused_before_it_is_read(settings):
    settings.IMAGE_MAX_BYTES = 100
    with pytest.raises(ValidationError, match="nặng quá"):
        make_image(upload=png())


def test_place_and_camera_are_gone_from_every_copy_and_the_picture_stands_upright(tmp_path):
    buffer = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turned on its side
    exif[0x010F] = "May anh bi mat"
    exif.get_ifd(0x8825)[2] = (13.0, 5.0, 0.0)
    Pillow.new("RGB", (1200, 600), "red").save(
        buffer, "JPEG", exif=exif, comment=b"Ghi chu bi mat", xmp=b"<x:xmpmeta>xmp bi mat</x:xmpmeta>"
    )
    assert b"bi mat" in buffer.getvalue()

    image = make_image(upload=file("a.jpg", buffer.getvalue() + b"<?php evil(); ?>"))

    assert (image.width, image.height) == (600, 1200)
    assert {path.suffix for path in stored(tmp_path)} == {".webp", ".avif", ".jpg"}
    for path in stored(tmp_path):
        content = path.read_bytes()
        copy = Pillow.open(io.BytesIO(content))
        assert copy.height == 2 * copy.width
        assert len(copy.getexif()) == 0
        assert not copy.info.keys() & {"exif", "xmp", "icc_profile", "comment"}
        for secret in (b"bi mat", b"php", b"GPS", b"xmpmeta"):
            assert secret not in content


ENDINGS = ["webp", "avif", "jpg"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_grey_of_sixteen_bits_keeps_its_tones(tmp_path, ending):
    """Cut off instead of scaled, everything above one part in 256 would be white."""
    deep = Pillow.new("I;16", (64, 48), 32768)
    buffer = io.BytesIO()
    deep.save(buffer, "PNG")
    make_image(upload=file("a.png", buffer.getvalue()))
    assert all(abs(each - 128) <= 3 for each in opened(tmp_path, ending).convert("RGB").getpixel((9, 9)))


@pytest.mark.parametrize("ending", ENDINGS)
def test_colours_for_printers_become_colours_for_screens(tmp_path, ending):
    buffer = io.BytesIO()
    Pillow.new("CMYK", (64, 48), (0, 255, 255, 0)).save(buffer, "JPEG")
    make_image(upload=file("a.jpg", buffer.getvalue()))
    red, green, blue = opened(tmp_path, ending).convert("RGB").getpixel((9, 9))
    assert red > 200
    assert max(green, blue) < 60


def test_a_colour_profile_is_applied_and_left_out(tmp_path):
    """A profile that exchanges nothing but the white point must move the colours; without it they would be wrong."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = bytearray(lab)
    at = wide.find(b"rXYZ")
    offset = struct.unpack(">I", wide[at + 4 : at + 8])[0]
    wide[offset + 8 : offset + 12] = struct.pack(">i", int(0.6097 * 65536))  # the red of Adobe RGB
    buffer = io.BytesIO()
    Pillow.new("RGB", (64, 48), (150, 90, 90)).save(buffer, "PNG", icc_profile=bytes(wide))
    make_image(upload=file("a.png", buffer.getvalue()))
    assert opened(tmp_path, "webp").convert("RGB").getpixel((9, 9))[0] > 158
    assert all("icc_profile" not in opened(tmp_path, ending).info for ending in ENDINGS)


@pytest.mark.parametrize("profile", [b"x", b"\0" * 200, b"\0" * 2_000_000])
def test_a_profile_nobody_can_read_is_left_out(tmp_path, profile):
    buffer = io.BytesIO()
    Pillow.new("RGB", (64, 48), (150, 90, 90)).save(buffer, "JPEG", icc_profile=profile)
    make_image(upload=file("a.jpg", buffer.getvalue()))
    assert all("icc_profile" not in opened(tmp_path, ending).info for ending in ENDINGS)


def test_what_shines_through_does_so_in_webp_and_avif_and_is_white_in_jpeg(tmp_path):
    buffer = io.BytesIO()
    Pillow.new("RGBA", (64, 48), (255, 0, 0, 0)).save(buffer, "PNG")
    make_image(upload=file("a.png", buffer.getvalue()))
    for ending in ("webp", "avif"):
        assert opened(tmp_path, ending).getchannel("A").getextrema()[1] < 5
    assert opened(tmp_path, "jpg").getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_a_png_keeps_colours_is_understood(mode):
    assert make_image(upload=file("a.png", encoded("PNG", mode=mode))).width == 64


def test_a_transparent_colour_of_a_palette_shines_through(tmp_path):
    buffer = io.BytesIO()
    Pillow.new("P", (64, 48), 0).save(buffer, "PNG", transparency=0)
    make_image(upload=file("a.png", buffer.getvalue()))
    assert opened(tmp_path, "webp").getchannel("A").getextrema()[1] < 5


def test_a_photograph_with_a_second_picture_behind_it_is_taken():
    """Telephones save one file of several pictures; the first one is the photograph."""
    buffer = io.BytesIO()
    first, second = Pillow.new("RGB", (200, 100), "red"), Pillow.new("RGB", (50, 50), "blue")
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    assert make_image(upload=file("a.jpg", buffer.getvalue())).width == 200


def test_one_plain_copy_is_made_beside_the_others(tmp_path):
    image = make_image(upload=png(2000, 1000))
    assert image.formats == ["webp", "avif", "jpg"]
    assert {path.name.removeprefix(f"{image.pk}-") for path in stored(tmp_path)} == {
        *("480.webp", "960.webp", "1600.webp"),
        *("480.avif", "960.avif", "1600.avif"),
        "960.jpg",
    }
    assert image.url_plain.endswith("-960.jpg")
    assert make_image(upload=png(300, 200)).url_plain.endswith("-300.jpg")


def test_without_an_encoder_for_avif_the_others_are_made(tmp_path, monkeypatch):
    monkeypatch.setattr(images.features, "check", lambda _name: False)
    image = make_image()
    assert image.formats == ["webp", "jpg"]
    assert image.srcset_avif == ""
    assert not [path for path in stored(tmp_path) if path.suffix == ".avif"]


def test_nothing_is_left_when_a_copy_or_the_row_cannot_be_written(tmp_path, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("away")

    with monkeypatch.context() as broken:
        broken.setitem(images.ENCODERS, "jpg", ("NOTHING", {}))
        with pytest.raises(KeyError):
            make_image()
    monkeypatch.setattr(Image, "save", fail)
    with pytest.raises(RuntimeError):
        make_image()
    assert stored(tmp_path) == []


# Shown


def old_picture() -> Image:
    """As a picture was stored before there were other formats."""
    image = make_image(upload=png(2000, 1000))
    for width, ending in image.copies():
        if ending != "webp":
            default_storage.delete(image.file_name(width, ending))
    Image.objects.filter(pk=image.pk).update(formats=["webp"])
    return Image.objects.get(pk=image.pk)


def drawn(**context) -> str:
    return render_to_string("components/picture.html", context)


def test_a_browser_chooses_among_formats_and_widths():
    image = make_image(upload=png(2000, 1000), alt="Quầy một cửa")
    page = drawn(image=image, sizes="50vw", loading="lazy")
    assert page.index("image/avif") < page.index("image/webp") < page.index("<img")
    assert f"/tep/anh/{image.pk}-1600.avif 1600w" in page
    assert f'src="/tep/anh/{image.pk}-960.jpg"' in page
    assert page.count('sizes="50vw"') == 2
    assert 'alt="Quầy một cửa" width="2000" height="1000" loading="lazy"' in page
    assert 'alt=""' in drawn(image=image, is_ornament=True)


def test_an_old_picture_is_shown_as_it_was(client):
    image = old_picture()
    page = drawn(image=image)
    assert "avif" not in page
    assert f'src="{image.url_medium}"' in page
    make_article(published=True, cover=image)
    assert client.get(image.url_plain)["Content-Type"] == "image/webp"
    assert client.get(f"/tep/anh/{image.pk}-480.avif").status_code == 404


def test_every_address_of_a_shown_picture_answers_with_its_type(client):
    image = make_image(upload=png(2000, 1000))
    article = make_article(published=True, cover=image)
    page = client.get(article.get_absolute_url()).content.decode()
    addresses = set(re.findall(rf"/tep/anh/{image.pk}[^\s\"]+", page))
    assert len(addresses) == 7
    for address in addresses:
        answer = client.get(address)
        kind = Image.TYPES[address.rsplit(".", 1)[-1]]
        assert answer["Content-Type"] == kind
        assert Pillow.open(io.BytesIO(answer.content)).get_format_mimetype() == kind


@pytest.mark.parametrize("tail", ["960.gif", "960.svg", "961.webp", "480.jpg", "0.webp", "960.html"])
def test_no_other_copy_than_the_stored_ones_has_an_address(client, tail):
    image = make_image(upload=png(2000, 1000))
    make_article(published=True, cover=image)
    assert client.get(f"/tep/anh/{image.pk}-{tail}").status_code == 404


def test_a_browser_keeps_a_picture_and_asks_in_vain_once_it_is_hidden(client):
    image = make_image()
    article = make_article(published=True, cover=image)
    first = client.get(image.url_small)
    assert first["Cache-Control"] == "private, max-age=2592000, immutable"
    for known in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(image.url_small, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == first["Cache-Control"]
    assert client.get(image.url_plain)["ETag"] != first["ETag"]
    services.withdraw(article, by=make_official(Role.PUBLISHER, is_staff=True), reason="Sai")
    assert client.get(image.url_small, headers={"If-None-Match": first["ETag"]}).status_code == 404
    assert client.post(image.url_small).status_code == 405


def test_a_picture_lost_from_the_disk_is_not_found(client):
    image = make_image()
    make_article(published=True, cover=image)
    default_storage.delete(image.file_name(480))
    assert client.get(image.url_small).status_code == 404


# Kept in the library


def test_copies_are_made_for_small_and_large_screens():
    image = make_image(upload=png(2000, 1000))
    assert image.widths == [480, 960, 1600]
    assert image.url_small.endswith("-480.webp")
    assert make_image(upload=png(300, 200)).url_large.endswith("-300.webp")


@pytest.mark.parametrize("use", ["cover", "body"])
def test_a_picture_in_use_cannot_be_removed(use):
    image = make_image()
    if use == "cover":
        make_article(cover=image)
    else:
        make_article(body=f'<p><img src="{image.url_small}" alt="x"></p>')
    with pytest.raises(ValidationError, match="đang được dùng"):
        images.remove(image)
    assert Image.objects.filter(pk=image.pk).exists()


def test_a_removed_picture_takes_every_copy_along(tmp_path, django_capture_on_commit_callbacks):
    image = make_image(upload=png(2000, 1000))
    assert len(stored(tmp_path)) == 7
    with django_capture_on_commit_callbacks(execute=True):
        images.remove(image)
    assert stored(tmp_path) == []


def test_the_admin_says_where_a_picture_is_used_and_refuses_to_delete_it(client):
    image = make_image(alt="Quầy một cửa")
    article = make_article(title="Bài có ảnh", cover=image)
    board = make_official(Role.PUBLISHER, is_staff=True)
    client.force_login(board, backend="agencies.auth.OfficialBackend")
    listed = "/quan-tri/articles/image/"
    page = client.get(f"{listed}{image.pk}/change/").content.decode()
    assert f'<a href="/quan-tri/articles/article/{article.pk}/change/">Tin bài: Bài có ảnh</a>' in page
    refused = client.post(f"{listed}{image.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "Quầy một cửa đang dùng ở: Bài có ảnh" in refused
    assert Image.objects.exists()


def test_the_list_asks_no_more_for_many_pictures(client, django_assert_max_num_queries):
    board = make_official(Role.PUBLISHER, is_staff=True)
    client.force_login(board, backend="agencies.auth.OfficialBackend")

    def queries() -> int:
        with django_assert_max_num_queries(40) as asked:
            assert client.get("/quan-tri/articles/image/").status_code == 200
        return len(asked)

    make_article(cover=make_image())
    one = queries()
    for _number in range(5):
        make_article(cover=make_image())
    assert queries() == one


def test_description_and_source_stay_when_the_picture_is_refused(client):
    client.force_login(make_official(Role.EDITOR, is_staff=True), backend="agencies.auth.OfficialBackend")
    page = client.post(
        "/quan-tri/articles/image/add/",
        {"alt": "Quầy một cửa", "credit": "Báo Phú Yên", "upload": file("a.heic", b"x")},
    ).content.decode()
    assert "lưu thành JPEG" in page
    assert 'value="Quầy một cửa"' in page
    assert 'value="Báo Phú Yên"' in page


# The editor of articles


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
