"""Papers of the demonstration: none of them could be taken for a real one."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from parcai.demo import pictures
from parcai.lib import taxcode


def made_up_pdf() -> bytes:
    """A page that says MINH HOA, with its table of objects."""
    text = b"BT /F1 36 Tf 72 720 Td (MINH HOA) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
    )
    found, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(found))
        found += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(found)
    found += b"xref\n0 6\n0000000000 65535 f \n" + table
    return found + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def made_up_attachments(number: int) -> list[SimpleUploadedFile]:
    """What somebody may have sent along with a case: a paper, and with every second one a picture."""
    paper = SimpleUploadedFile("Giấy hẹn (minh họa).pdf", made_up_pdf(), content_type="application/pdf")
    return [paper, _picture()] if number % 2 else [paper]


def _picture() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Pillow.new("RGB", (800, 600), pictures.SAND).save(buffer, "JPEG")
    return SimpleUploadedFile("Ảnh hiện trường (minh họa).jpg", buffer.getvalue(), content_type="image/jpeg")


def made_up_tax_code(number: int) -> str:
    """A code whose check digit is right, beginning with 99: no tax office gives such codes."""
    while True:
        for last in range(10):
            code = f"99{number % 10**7:07d}{last}"
            if taxcode.is_valid(code):
                return code
        number += 1
