import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection

from feedback.models import Case
from parcai.lib.fields import decrypt, encrypt
from tests.factories import make_article, make_case

pytestmark = pytest.mark.django_db


def test_an_older_key_still_reads_and_a_strange_one_reads_nothing(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    token = encrypt("Nguyễn Thị Mẫu")
    settings.FIELD_KEYS = [new, old]
    assert decrypt(token) == "Nguyễn Thị Mẫu"
    assert encrypt("x") != encrypt("x")
    settings.FIELD_KEYS = [new]
    assert decrypt(token) == ""


def test_encrypted_fields_are_not_asked_by_value():
    make_case()
    with pytest.raises(FieldError):
        Case.objects.filter(asker_name="Nguyễn Thị Mẫu").exists()


def test_typed_text_is_tidied_on_its_way_into_the_database():
    case = make_case(title="  Hỏi\u200b về \u202e thủ   tục ", text="Dòng một\r\n\r\nDòng hai\x07 ")
    case.refresh_from_db()
    assert case.title == "Hỏi về thủ tục"
    assert case.text == "Dòng một\n\nDòng hai"


def test_rich_text_is_clean_in_the_database_itself():
    article = make_article(body="<p onclick=x()>Chào<script>x()</script></p>")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM articles_article WHERE id = %s", [article.pk])
        assert cursor.fetchone() == ("<p>Chào</p>",)
