"""Uploaded pictures: measured before they are decoded, decoded under a limit, written anew as WebP, AVIF and JPEG."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from html.parser import HTMLParser

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps, features

from articles.models import Image
from parcai.lib.html import image_ids

ACCEPTED = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
# Measured in docs/decisions/0007-picture-formats.md: one tone of quality, AVIF in a fifth of a second a copy.
ENCODERS: dict[str, tuple[str, dict]] = {
    "webp": ("WEBP", {"quality": 82, "method": 4}),
    "avif": ("AVIF", {"quality": 55, "speed": 8}),
    "jpg": ("JPEG", {"quality": 82, "progressive": True, "optimize": True}),
}
MOST_PROFILE = 1024 * 1024  # bytes of a colour profile; those of cameras and printers are smaller


@dataclass(frozen=True)
class Decoded:
    """What is left of an upload: upright pixels in RGB or RGBA, and what the file's bytes summed up to."""

    pixels: Pillow.Image
    sha256: str


def _refuse(text: str | Promise, code: str) -> ValidationError:
    return ValidationError(str(text), code=code)


def allowed() -> str:
    """What is taken, in words for the form."""
    return _("JPEG, PNG hoặc WebP; tối đa %s. Vị trí chụp và dữ liệu ẩn được xóa.") % (
        filesizeformat(settings.IMAGE_MAX_BYTES)
    )


def decode(upload, *, most: int | None = None) -> Decoded:
    """The pixels of an uploaded file and its SHA-256.

    Raises ValidationError (in words for people) when the file is too big, not a JPEG, PNG or WebP by name and
    content alike, moves, or cannot be decoded.
    """
    most = most or settings.IMAGE_MAX_BYTES
    if upload.size > most:
        limit = most // (1024 * 1024)
        raise _refuse(_("Ảnh nặng quá %d MB. Hãy thu nhỏ rồi tải lại.") % limit, "too_big")
    if not upload.size:
        raise _refuse(_("Tệp trống. Hãy kiểm tra lại tệp trên máy."), "empty")
    ending = upload.name.rsplit(".", 1)[-1].lower() if "." in upload.name else ""
    if ending in {"heic", "heif"}:
        raise _refuse(_("Ảnh HEIC của điện thoại chưa đọc được. Hãy lưu thành JPEG rồi tải lại."), "heic")
    if ending not in ACCEPTED:
        raise _refuse(_("Chỉ nhận ảnh JPEG, PNG hoặc WebP."), "format")
    content = upload.read()
    if _looks_like_heic(content):
        raise _refuse(_("Đây là ảnh HEIC đã đổi tên. Hãy lưu thành JPEG rồi tải lại."), "heic")
    if not _content_is(content, ACCEPTED[ending]):
        raise _refuse(
            _("Nội dung tệp không phải là ảnh như tên tệp nói. Hãy xuất lại ảnh rồi tải lên."), "content"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(content), formats=[ACCEPTED[ending]])
            if picture.width * picture.height > settings.IMAGE_MAX_PIXELS:
                raise _refuse(_("Ảnh có quá nhiều điểm ảnh. Hãy thu nhỏ rồi tải lại."), "too_many_pixels")
            # A JPEG of several pictures is what some telephones save: the first one is the photograph.
            if ACCEPTED[ending] != "JPEG" and getattr(picture, "is_animated", False):
                raise _refuse(_("Chưa nhận ảnh động. Hãy lưu một khung hình thành ảnh tĩnh."), "animated")
            picture.load()
            pixels = _plain(picture)
    except ValidationError:
        raise
    except Exception as error:  # decoders raise anything: OSError, ValueError, SyntaxError, struct.error …
        raise _refuse(_("Không đọc được ảnh này. Tệp có thể bị hỏng."), "broken") from error
    return Decoded(pixels, hashlib.sha256(content).hexdigest())


def _content_is(content: bytes, name: str) -> bool:
    try:
        best, *_others = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return False
    return best.mime_type == f"image/{name.lower()}"


def _looks_like_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}


def _plain(picture: Pillow.Image) -> Pillow.Image:
    """Upright, eight bits a channel, sRGB, RGB (or RGBA where something shines through), and nothing beside pixels."""
    upright = _in_srgb(ImageOps.exif_transpose(picture))
    if upright.mode.startswith("I"):  # sixteen bits of grey: converting would cut them off instead of scaling
        upright = upright.point(lambda grey: grey / 256).convert("L")
    pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    if pixels.mode == "RGBA" and pixels.getchannel("A").getextrema()[0] == 255:
        pixels = pixels.convert("RGB")
    pixels.info.clear()  # encoders would write comments, profiles and places from here
    return pixels


def _in_srgb(picture: Pillow.Image) -> Pillow.Image:
    """Colours as the profile of the camera or scanner means them; a profile nobody can use is left out."""
    profile = picture.info.get("icc_profile")
    if not profile or len(profile) > MOST_PROFILE or picture.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        found = ImageCms.profileToProfile(
            picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return found or picture


def store(upload, *, alt: str, credit: str = "", by) -> Image:
    """Add an uploaded file to the library, in the sizes pages use. Raises ValidationError as `decode` does."""
    return keep(decode(upload), alt=alt, credit=credit, by=by)


def keep(decoded: Decoded, *, alt: str, credit: str = "", by) -> Image:
    """Add a decoded picture to the library: all its copies and its row, or nothing."""
    pixels = decoded.pixels
    image = Image(alt=alt, credit=credit, uploaded_by=by, sha256=decoded.sha256)
    image.width, image.height = pixels.size
    image.widths = sorted({min(width, pixels.width) for width in Image.WIDTHS})
    image.formats = [ending for ending, (name, _how) in ENCODERS.items() if _can_write(name)]
    written: list[str] = []
    try:
        for width in image.widths:
            copy = _narrowed(pixels, width)
            for ending in [ending for each, ending in image.copies() if each == width]:
                written.append(_write(copy, image.file_name(width, ending), ending))
        with transaction.atomic():
            image.save()
    except Exception:
        for name in written:
            default_storage.delete(name)
        raise
    return image


def _can_write(name: str) -> bool:
    return name != "AVIF" or bool(features.check("avif"))


def _narrowed(pixels: Pillow.Image, width: int) -> Pillow.Image:
    if width >= pixels.width:
        return pixels
    height = max(1, round(pixels.height * width / pixels.width))
    return pixels.resize((width, height), Pillow.Resampling.LANCZOS)


def encode(copy: Pillow.Image, ending: str) -> bytes:
    """The pixels written anew; what shines through a JPEG is white."""
    encoder, how = ENCODERS[ending]
    if encoder == "JPEG" and copy.mode == "RGBA":
        ground = Pillow.new("RGB", copy.size, "white")
        ground.paste(copy, mask=copy.getchannel("A"))
        copy = ground
    buffer = io.BytesIO()
    copy.save(buffer, encoder, **how)
    return buffer.getvalue()


def _write(copy: Pillow.Image, name: str, ending: str) -> str:
    return default_storage.save(name, ContentFile(encode(copy, ending)))


@transaction.atomic
def remove(image: Image) -> None:
    """Take a picture out of the library. Raises ValidationError while something shows it, published or not."""
    Image.objects.select_for_update().get(pk=image.pk)
    if image.used_in():
        raise _refuse(_("Ảnh đang được dùng nên chưa xóa được."), "in_use")
    names = image.stored_names
    image.delete()

    def forget() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(forget)


# Pictures inside a body ------------------------------------------------------------------------------------------


class _Pictures(HTMLParser):
    """Each picture of a body in its order: address, description, and the words before it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, str]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            given = {name: (value or "").strip() for name, value in attrs}
            before = " ".join("".join(self.words).split()[-6:])
            self.found.append((given.get("src", ""), given.get("alt", ""), before))

    def handle_endtag(self, tag):
        self.words.append(" ")

    def handle_data(self, data):
        self.words.append(data)


def _pictures(body: str) -> list[tuple[str, str, str]]:
    reader = _Pictures()
    reader.feed(body)
    reader.close()
    return reader.found


def without_description(body: str) -> list[str]:
    """Where in a body the pictures stand that say nothing to those who cannot see them."""
    return _places(body, lambda _src, alt: not alt)


def no_longer_kept(body: str) -> list[str]:
    """Where in a body the pictures stand that the library does not have, or has no more."""
    kept = {str(pk) for pk in Image.objects.filter(pk__in=image_ids(body)).values_list("pk", flat=True)}
    return _places(body, lambda src, _alt: not image_ids(src) <= kept)


def _places(body: str, is_meant) -> list[str]:
    """Where in a body the meant pictures stand, in words."""
    return [
        _("ảnh thứ %(number)d (sau “…%(words)s”)") % {"number": number, "words": words}
        if words
        else _("ảnh thứ %d (ở đầu bài)") % number
        for number, (src, alt, words) in enumerate(_pictures(body), 1)
        if is_meant(src, alt)
    ]


def learn_descriptions(body: str) -> None:
    """A picture dropped into a text came nameless into the library: it takes the description written there."""
    for src, alt, _words in _pictures(body):
        if alt:
            Image.objects.filter(pk__in=image_ids(src), alt="").update(alt=alt[:250])
