"""Files beside cases: what is taken, who gets them, and when their bytes go."""

import hashlib
import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image as Pillow

from agencies.roles import Role
from feedback import services
from feedback.forms import AttachmentsField
from feedback.models import Case, CaseEvent, CaseFile, Draft
from feedback.services import attachments
from feedback.tasks import sweep_files
from tests.articles.hostile_files import REFUSED
from tests.articles.sample_files import package
from tests.factories import (
    PDF,
    make_agency,
    make_case,
    make_case_file,
    make_coordinator,
    make_head,
    make_officer,
    make_official,
    png,
)
from tests.test_project import VIETNAMESE, status_of

pytestmark = pytest.mark.django_db


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    file._name = name  # as it is sent, not as Django would have tidied it
    return file


def stored() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def photograph() -> bytes:
    """A JPEG as a telephone makes it: turned on its side, with the place where it was taken."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "Nha ba Canary"
    buffer = io.BytesIO()
    Pillow.new("RGB", (80, 40), "#8e1b20").save(buffer, "JPEG", exif=exif, comment=b"Canary")
    return buffer.getvalue()


def bytes_of(row: CaseFile) -> bytes:
    with default_storage.open(row.stored_name) as file:
        return file.read()


def signed_in(official) -> Client:
    client = Client()
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return client


def asker_of(case) -> Client:
    client = Client()
    client.post("/tra-cuu/", {"code": case.code, "pin": case.pin})
    return client


# What is taken


SEEN = (  # the whole world of them knocks in tests/articles; here one of each kind, to see that both checks stand
    "html as pdf",
    "html as png",
    "exe as docx",
    "php as png",
    "svg",
    "svg as png",
    "gif",
    "jpeg as png",
    "heic as jpg",
    "pdf as docx",
    "plain zip as docx",
    "gif and script",
    "pdf and zip",
    "docx with a program between",
    "zip with a lying size",
    "gigapixels in the head",
    "empty pdf",
    "empty png",
)


def test_no_hostile_file_is_taken_and_nothing_is_stored():
    for name in SEEN:
        with pytest.raises(ValidationError) as refused:
            attachments.check(upload(*REFUSED[name]()))
        assert VIETNAMESE.search(refused.value.messages[0]), name
    assert stored() == []


def test_a_refusal_tells_a_citizen_what_to_do():
    for name, words in {
        "a.exe": "Chỉ nhận ảnh",
        "khong-duoi": "Chỉ nhận ảnh",
        "a.gif": "Chỉ nhận ảnh",
        "a.doc": "Word Document (.docx)",
        "a.zip": "Không nhận tệp nén",
        "a.heic": "HEIC",
    }.items():
        with pytest.raises(ValidationError) as refused:
            attachments.check(upload(name, b"x" * 20))
        assert words in refused.value.messages[0], name


@pytest.mark.parametrize(("name", "content"), [("a.pdf", PDF), ("a.png", png().read())])
def test_more_than_ten_megabytes_are_refused_before_they_are_read(monkeypatch, name, content):
    monkeypatch.setattr(attachments, "MOST_BYTES", 100)
    heavy = upload(name, content)
    heavy.file.close()  # reading it would fail
    with pytest.raises(ValidationError, match="nặng quá"):
        attachments.check(heavy)


def test_a_photograph_loses_its_place_and_stands_upright():
    row = make_case_file(make_case(), upload("ảnh\u202e nhà.JPG", photograph()))

    content = bytes_of(row)
    kept = Pillow.open(io.BytesIO(content))
    assert (row.name, row.ending, kept.size, kept.format) == ("ảnh nhà.jpg", "jpg", (40, 80), "JPEG")
    assert not kept.getexif()
    assert b"Canary" not in content
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_document_is_kept_byte_by_byte_under_a_name_that_tells_nothing():
    content = package("docx")
    row = make_case_file(make_case(), upload("../CCCD Nguyễn Thị Mẫu.docx", content))

    assert bytes_of(row) == content
    assert row.name == "CCCD Nguyễn Thị Mẫu.docx"
    assert row.stored_name == f"ho-so/{str(row.pk)[:2]}/{row.pk}.docx"
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM feedback_casefile")
        assert cursor.fetchone()[0].startswith("gAAAA")


def test_the_field_names_every_file_it_refuses_and_takes_five_at_most():
    field = AttachmentsField()
    good, bad = upload("don.pdf", PDF), upload("b\x00<i>.pdf", b"MZ")
    with pytest.raises(ValidationError) as refused:
        field.clean([good, bad, upload("c.exe", b"x")])
    assert [message.split(":")[0] for message in refused.value.messages] == ["b i.pdf", "c.exe"]
    with pytest.raises(ValidationError, match="tối đa 5"):
        field.clean([upload("don.pdf", PDF)] * 6)
    assert [each.name for each in field.clean([good])] == ["don.pdf"]
    assert field.clean([]) == field.clean(None) == []
    several = field.widget.value_from_datadict({}, MultiValueDict({"files": [good, bad]}), "files")
    assert several == [good, bad]


# How many, and all or nothing


def test_five_with_a_question_five_with_a_reply_and_no_more():
    case = make_case(status=Case.Status.NEEDS_INFO)
    checked = attachments.check(upload("don.pdf", PDF))
    services.attach(case, [checked] * 5)
    with pytest.raises(services.TransitionError, match="tối đa 5"):
        services.attach(case, [checked])
    event = CaseEvent.objects.filter(case=case).last()
    services.attach(case, [checked] * 5, event=event)
    assert (case.files.count(), len(stored())) == (10, 10)
    assert set(case.files.filter(event=event).values_list("side", "uploaded_by")) == {("asker", None)}


def test_nothing_is_left_when_the_disk_is_full(monkeypatch):
    case = make_case()
    checked = [attachments.check(upload(f"{number}.pdf", PDF)) for number in range(3)]
    save, saved = FileSystemStorage._save, []

    def full(self, name, content):
        if len(saved) == 2:
            raise OSError("full")
        saved.append(name)
        return save(self, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(OSError, match="full"):
        services.attach(case, checked)
    assert (CaseFile.objects.count(), stored()) == (0, [])


def test_a_file_hangs_on_a_case_or_on_a_draft_and_an_answer_has_none_of_the_asker():
    case, draft = make_case(status=Case.Status.ANSWERED), Draft.objects.create(kind="question", data="{}")
    common = {"side": "asker", "name": "a.pdf", "ending": "pdf", "size": 1, "sha256": "0" * 64}
    for wrong in ({}, {"case": case, "draft": draft}, {"case": case, "answer": case.answers.get()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseFile.objects.create(**common, **wrong)


# Who gets them


def test_the_asker_gets_theirs_only_while_the_case_is_open_on_the_device():
    case, other = make_case(), make_case()
    file = make_case_file(case, upload('đơn "a"\r\nX: y.pdf', PDF))
    assert Client().get(file.get_asker_url()).status_code == 404
    assert asker_of(other).get(file.get_asker_url()).status_code == 404

    owner = asker_of(case)
    answer = owner.get(file.get_asker_url())

    assert answer.getvalue() == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in answer["Content-Disposition"]
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == (
        "nosniff",
        "application/octet-stream",
    )
    assert "no-store" in answer["Cache-Control"]
    assert file.get_asker_url() in owner.get("/tra-cuu/ho-so/").content.decode()
    owner.post("/tra-cuu/dong/")
    assert owner.get(file.get_asker_url()).status_code == 404


def test_officials_get_them_through_the_one_door():
    agency = make_agency()
    case = make_case(status=Case.Status.ASSIGNED, agency=agency)
    file = make_case_file(case)
    elsewhere = make_case(status=Case.Status.ASSIGNED, agency=agency)
    own, stranger = make_officer(agency), make_officer(make_agency())
    observer, nobody = make_official(Role.OBSERVER), make_official(Role.EDITOR)

    def asked(official) -> int:
        return status_of(signed_in(official), file.get_desk_url())

    everybody = (own, make_coordinator(), stranger, observer, nobody)
    assert [asked(official) for official in everybody] == [200, 200, 404, 404, 403]
    assert signed_in(own).get(f"/xu-ly/{elsewhere.code}/tep/{file.pk}/").status_code == 404
    assert file.name in signed_in(own).get(case.get_desk_url()).content.decode()
    assert file.name not in signed_in(observer).get(case.get_desk_url()).content.decode()

    services.set_aside(case, by=make_coordinator())
    assert signed_in(own).get(file.get_desk_url()).status_code == 404


def test_the_asker_reads_the_files_of_an_answer_once_it_is_signed():
    agency = make_agency()
    case = make_case(status=Case.Status.DRAFTED, agency=agency)
    file = make_case_file(case, answer=case.answers.get(), by=make_officer(agency))
    asker = asker_of(case)
    assert asker.get(file.get_asker_url()).status_code == 404
    services.sign(case, by=make_head(agency), version=1)
    assert asker.get(file.get_asker_url()).getvalue() == PDF
    assert file.get_asker_url() in asker.get("/tra-cuu/ho-so/").content.decode()


def test_a_file_lost_from_the_disk_is_not_found():
    case = make_case()
    file = make_case_file(case)
    default_storage.delete(file.stored_name)
    assert asker_of(case).get(file.get_asker_url()).status_code == 404


def test_the_pages_ask_no_more_for_many_files(django_assert_max_num_queries):
    agency = make_agency()
    case = make_case(status=Case.Status.ASSIGNED, agency=agency)
    official, asker = signed_in(make_officer(agency)), asker_of(case)

    def queries() -> int:
        with django_assert_max_num_queries(120) as asked:
            assert official.get(case.get_desk_url()).status_code == 200
            assert asker.get("/tra-cuu/ho-so/").status_code == 200
        return len(asked)

    make_case_file(case)
    one = queries()
    for _number in range(3):
        make_case_file(case)
    assert queries() == one


# Drafts, and bytes nobody owns


def a_draft_with_a_file() -> tuple[Draft, CaseFile]:
    draft = Draft.objects.create(kind="question", data="{}")
    return draft, services.attach_to_draft(draft, [attachments.check(upload("don.pdf", PDF))])[0]


def test_files_of_a_draft_go_over_to_the_case_once_it_is_sent():
    draft, file = a_draft_with_a_file()
    fields = {"kind": "question", "title": "Hỏi thủ tục", "text": "Nội dung", "asker": {"name": "Mẫu"}}
    case = services.send_draft(draft, **fields)
    assert services.send_draft(draft, **fields) == case
    file.refresh_from_db()
    assert (file.case, file.draft) == (case, None)
    with pytest.raises(services.TransitionError, match="đã gửi"):
        services.attach_to_draft(draft, [attachments.check(upload("don.pdf", PDF))])


def test_a_draft_nobody_came_back_to_takes_its_files_along(django_capture_on_commit_callbacks):
    draft, _file = a_draft_with_a_file()
    _kept_draft, kept = a_draft_with_a_file()
    Draft.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=7, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        services.forget_drafts()
    assert list(CaseFile.objects.all()) == [kept]
    assert [path.name for path in stored()] == [f"{kept.pk}.pdf"]


def test_bytes_no_row_knows_of_are_swept_after_a_day():
    kept = make_case_file(make_case())
    _draft, waiting = a_draft_with_a_file()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_case_file(make_case())
        raise ZeroDivisionError
    default_storage.save("ho-so/aa/ghi-chu.txt", ContentFile(b"x"))  # not ours to throw away
    sweep_files()
    assert len(stored()) == 4
    then = time.time() - 25 * 3600
    for path in stored():
        os.utime(path, (then, then))
    sweep_files()
    assert {path.name for path in stored()} == {f"{kept.pk}.pdf", f"{waiting.pk}.pdf", "ghi-chu.txt"}
