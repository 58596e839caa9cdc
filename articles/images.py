"""Uploaded pictures: measured before they are decoded, decoded under a limit, written anew as WebP."""

import hashlib
import io
import warnings
from html.parser import HTMLParser

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow
from PIL import ImageOps

from articles.models import Image
from parcai.lib.html import image_ids

FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
QUALITY = 82


def _refuse(text: str | Promise, code: str) -> ValidationError:
    return ValidationError(str(text), code=code)


def decode(upload) -> tuple[Pillow.Image, str]:
    """The pixels of an uploaded file, upright, in RGB, and its SHA-256.

    Raises ValidationError (in words for the official) when the file is too big, not a JPEG, PNG or WebP by name and
    content alike, or cannot be decoded.
    """
    if upload.size > settings.IMAGE_MAX_BYTES:
        limit = settings.IMAGE_MAX_BYTES // (1024 * 1024)
        raise _refuse(_("Ảnh nặng quá %d MB. Hãy thu nhỏ rồi tải lại.") % limit, "too_big")
    ending = upload.name.rsplit(".", 1)[-1].lower() if "." in upload.name else ""
    if ending in {"heic", "heif"}:
        raise _refuse(_("Ảnh HEIC của điện thoại chưa đọc được. Hãy lưu thành JPEG rồi tải lại."), "heic")
    if ending not in FORMATS:
        raise _refuse(_("Chỉ nhận ảnh JPEG, PNG hoặc WebP."), "format")
    content = upload.read()
    if not _content_is(content, FORMATS[ending]):
        raise _refuse(
            _("Nội dung tệp không phải là ảnh như tên tệp nói. Hãy xuất lại ảnh rồi tải lên."), "content"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(content), formats=[FORMATS[ending]])
            if picture.width * picture.height > settings.IMAGE_MAX_PIXELS:
                raise _refuse(_("Ảnh có quá nhiều điểm ảnh. Hãy thu nhỏ rồi tải lại."), "too_many_pixels")
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            pixels = upright.convert("RGBA" if upright.mode in {"RGBA", "LA", "P", "PA"} else "RGB")
    except ValidationError:
        raise
    except Exception as error:  # decoders raise anything: OSError, ValueError, SyntaxError, struct.error …
        raise _refuse(_("Không đọc được ảnh này. Tệp có thể bị hỏng."), "broken") from error
    return pixels, hashlib.sha256(content).hexdigest()


def _content_is(content: bytes, name: str) -> bool:
    try:
        best, *_others = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return False
    return best.mime_type == f"image/{name.lower()}"


def store(upload, *, alt: str, credit: str = "", by) -> Image:
    """Add an uploaded file to the library, in the sizes pages use. Raises ValidationError as `decode` does."""
    picture, sha256 = decode(upload)
    image = Image(alt=alt, credit=credit, uploaded_by=by, sha256=sha256)
    image.width, image.height = picture.size
    image.widths = sorted({min(width, picture.width) for width in Image.WIDTHS})
    written = []
    try:
        for width in image.widths:
            written.append(_write(picture, image.file_name(width), width))
        with transaction.atomic():
            image.save()
    except Exception:
        for name in written:
            default_storage.delete(name)
        raise
    return image


def _write(picture: Pillow.Image, name: str, width: int) -> str:
    height = max(1, round(picture.height * width / picture.width))
    copy = picture.resize((width, height), Pillow.Resampling.LANCZOS) if width < picture.width else picture
    buffer = io.BytesIO()
    copy.save(buffer, "WEBP", quality=QUALITY, method=4)
    return default_storage.save(name, ContentFile(buffer.getvalue()))


def remove(image: Image) -> None:
    """Take a picture out of the library; the database refuses while something shows it."""
    names = [image.file_name(width) for width in image.widths]
    image.delete()
    for name in names:
        default_storage.delete(name)


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
    return [
        _("ảnh thứ %(number)d (sau “…%(words)s”)") % {"number": number, "words": words}
        if words
        else _("ảnh thứ %d (ở đầu bài)") % number
        for number, (_src, alt, words) in enumerate(_pictures(body), 1)
        if not alt
    ]


def learn_descriptions(body: str) -> None:
    """A picture dropped into a text came nameless into the library: it takes the description written there."""
    for src, alt, _words in _pictures(body):
        if alt:
            Image.objects.filter(pk__in=image_ids(src), alt="").update(alt=alt[:250])
