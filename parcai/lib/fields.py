"""Model fields every app uses: tidied text, encrypted text, rich text."""

import logging
import re
from functools import lru_cache

from ckeditor.fields import RichTextField as EditorField
from ckeditor.fields import RichTextFormField
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from parcai.lib import html
from parcai.lib.vietnamese import tidy
from parcai.lib.widgets import EditorWidget

logger = logging.getLogger("parcai.fields")


class LineField(models.CharField):
    """One line of typed text: NFC, no invisible marks, single blanks."""

    def to_python(self, value):
        value = super().to_python(value)
        return " ".join(tidy(value).split()) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return super().get_prep_value(self.to_python(value))


class BlockBox(forms.CharField):
    """A browser ends lines its own way; that is no change."""

    def to_python(self, value):
        value = super().to_python(value)
        return value.replace("\r\n", "\n") if value else value


class BlockField(models.TextField):
    """Several lines of typed text: NFC, no invisible marks."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": BlockBox, **kwargs})

    def to_python(self, value):
        value = super().to_python(value)
        return tidy(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return super().get_prep_value(self.to_python(value))


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text behind a stored token; empty when no key of this installation opens it."""
    try:
        return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        logger.error("personal data cannot be read: no key in FIELD_KEYS or SECRET_KEY_FALLBACKS opens it")
        return ""


class EncryptedField(models.TextField):
    """Personal data: encrypted in the database, plain in Python; cannot be filtered by."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(tidy(value)) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name):
        if lookup_name in {"isnull"}:
            return super().get_lookup(lookup_name)
        return None


BLOCK = (
    "p h2 h3 h4 ul ol li dl dt dd table caption thead tbody tfoot tr th td blockquote figure figcaption hr br"
)
AROUND_BLOCK = re.compile(rf" ?(</?(?:{'|'.join(BLOCK.split())})\b[^>]*>) ?")


def _laid_out_alike(text: str) -> str:
    """The text without the blanks and line ends an editor may set as it likes."""
    blanks = html.clean(text).replace("&nbsp;", " ").replace("\u00a0", " ")
    return AROUND_BLOCK.sub(r"\1", " ".join(blanks.split())).strip()


class RichTextBox(RichTextFormField):
    widget = EditorWidget

    def to_python(self, value):
        """No editor sends a NUL; it goes, as all invisible marks do on their way into the database."""
        return super().to_python(value.replace("\x00", "") if isinstance(value, str) else value)

    def has_changed(self, initial, data):
        """Opening and saving is no edit: the editor lays out every text anew."""
        return _laid_out_alike(initial or "") != _laid_out_alike(data or "")


class RichTextField(EditorField):
    """The editor for staff, cleaned on its way into the database; show it with `|richtext`."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RichTextBox, **kwargs})

    def to_python(self, value):
        value = super().to_python(value)
        return html.clean(tidy(value)) if isinstance(value, str) else value

    def clean(self, value, model_instance):
        if html.is_too_heavy(value or ""):
            raise ValidationError(
                _(
                    "Nội dung quá dài hoặc có quá nhiều lớp định dạng lồng nhau. Hãy dán lại dưới dạng văn bản thuần."
                ),
                code="too_heavy",
            )
        return super().clean(value, model_instance)

    def get_prep_value(self, value):
        return super().get_prep_value(self.to_python(value))
