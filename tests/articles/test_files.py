import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from agencies.roles import Role
from articles import files
from articles.models import File
from parcai.lib import documents
from tests.articles.sample_files import object_stream, package, package_parts, pdf, relations
from tests.factories import make_agency, make_article, make_file, make_official

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/articles/file/"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def board(client):
    official = make_official(Role.PUBLISHER, is_staff=True)
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return client


def stored(tmp_path) -> list:
    return [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


# What is taken


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "odt", "ods", "odp"])
def test_an_honest_package_is_taken(kind):
    assert make_file(upload=upload(f"a.{kind}", package(kind))).ending == kind


HONEST = {
    "a pdf of many objects in one stream": (
        "a.pdf",
        pdf(object_stream(b"4 0 <</Type/Font/BaseFont/Arial>>")),
    ),
    "a pdf that opens at its first page": ("a.pdf", pdf(b"<</OpenAction[3 0 R/Fit]>>")),
    "a pdf signed once more": (
        "a.pdf",
        pdf() + b"5 0 obj\n<</Type/Sig>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n\n",
    ),
    "a pdf whose picture looks like a script": (
        "a.pdf",
        pdf(b"<<>>stream\n\x8f/JS\xa0\x12/JSx(\x90\x01endstream"),
    ),
    "a presentation with the table of a chart": (
        "a.pptx",
        package("pptx", {"ppt/embeddings/t.xlsx": package("xlsx")}),
    ),
    "a document with links and the template of its office": (
        "a.docx",
        package(
            "docx",
            {
                "word/_rels/document.xml.rels": relations(
                    '<Relationship Type="x/hyperlink" Target="https://phuyen.gov.vn" TargetMode="External"/>'
                    '<Relationship Type="x/attachedTemplate" Target="file:///C:\\Mau.dotx" TargetMode="External"/>'
                )
            },
        ),
    ),
    "a table of ten thousand empty cells": ("a.xlsx", package("xlsx", {"xl/s.xml": "<c r='A1'/>" * 600_000})),
    "an ending in capitals": ("KE HOACH.PDF", pdf()),
}


@pytest.mark.parametrize("name", HONEST)
def test_what_offices_really_make_is_taken(name):
    file, content = HONEST[name]
    assert make_file(upload=upload(file, content)).size == len(content)


def test_a_package_written_piece_by_piece_is_taken():
    """Programs that cannot go back write each size behind its part."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_args):
            raise io.UnsupportedOperation

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in package_parts("docx").items():
            archive.writestr(name, content)
    assert make_file(upload=upload("a.docx", pipe.getvalue())).ending == "docx"


def test_a_script_across_two_chunks_is_found():
    for shift in range(-12, 3):
        before = b"(" + b"x" * (1024 * 1024 + shift - 150) + b")"
        with pytest.raises(ValidationError, match="mã lệnh"):
            documents.check(io.BytesIO(pdf(before, b"<</S/JavaScript>>")), "pdf")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("a.doc", "Word Document (.docx)"),
        ("a.xls", "Excel Workbook (.xlsx)"),
        ("a.ppt", "PowerPoint Presentation (.pptx)"),
        ("a.xlsm", "macro"),
        ("a.rar", "từng tệp"),
        ("a.png", "Thư viện ảnh"),
        ("a.csv", "Chỉ nhận tệp PDF"),
    ],
)
def test_a_refusal_shows_the_way_out(name, hint):
    with pytest.raises(ValidationError) as refused:
        make_file(upload=upload(name, pdf()))
    assert hint in refused.value.messages[0]


def test_too_heavy_a_file_is_refused_before_it_is_read(settings):
    settings.FILE_MAX_BYTES = 100
    heavy = upload("a.pdf", pdf())
    heavy.file.close()  # reading it would fail
    with pytest.raises(ValidationError, match="nặng quá"):
        files.examine(heavy)


def test_a_large_upload_goes_from_disk_to_disk(tmp_path):
    content = pdf(b"(" + b"x" * 3_000_000 + b")")
    large = TemporaryUploadedFile("a.pdf", "application/pdf", len(content), None)
    large.write(content)
    with large:
        file = make_file(upload=large)
    with default_storage.open(file.stored_name) as kept:
        assert kept.read() == content


# Names


@pytest.mark.parametrize(
    ("given", "tidied"),
    [
        ("Kế hoạch 113.pdf", "Kế hoạch 113.pdf"),
        ("Ke\u0302\u0301 hoạch.PDF", "Kế hoạch.pdf"),
        ("C:\\Users\\a\\Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ('a<b>:"|?*.pdf', "a b.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("CON.pdf", "tep CON.pdf"),
        ("com1.tar.pdf", "tep com1.tar.pdf"),
        ("....pdf", "tep.pdf"),
        (".pdf", "tep.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("😀.pdf", "😀.pdf"),
    ],
)
def test_the_name_for_the_reader_is_tidied(given, tidied):
    assert files.tidy_name(given, "pdf") == tidied


# All or nothing


def test_nothing_is_left_when_the_row_cannot_be_written(tmp_path, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("database away")

    monkeypatch.setattr(File, "save", fail)
    with pytest.raises(RuntimeError):
        make_file()
    assert stored(tmp_path) == []


def test_nothing_is_left_when_the_disk_is_full(tmp_path, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("full")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    with pytest.raises(OSError, match="full"):
        make_file()
    assert not File.objects.exists()
    assert stored(tmp_path) == []


def test_a_removed_file_leaves_the_disk_when_the_row_is_gone_for_good(
    tmp_path, django_capture_on_commit_callbacks
):
    file = make_file()
    with django_capture_on_commit_callbacks() as after:
        files.remove(file)
    assert len(stored(tmp_path)) == 1
    [delete] = after
    delete()
    assert stored(tmp_path) == []


def test_a_file_in_use_is_not_removed():
    file = make_file()
    make_article().files.add(file)
    with pytest.raises(ValidationError, match="đang được dùng"):
        files.remove(file)
    assert File.objects.filter(pk=file.pk).exists()


# Handing out


def test_a_file_goes_to_those_who_may_read_what_offers_it(client):
    file = make_file()
    article = make_article()
    article.files.add(file)
    assert client.get(file.get_absolute_url()).status_code == 404
    public = make_article(published=True)
    public.files.add(file)
    answer = client.get(file.get_absolute_url())
    assert answer.getvalue().startswith(b"%PDF")
    assert answer["Cache-Control"].startswith("private, max-age=")
    again = client.get(file.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(file.get_absolute_url().replace(".pdf", ".docx")).status_code == 404
    public.files.clear()
    hidden = client.get(file.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})
    assert hidden.status_code == 404


def test_a_file_lost_from_the_disk_is_not_found(client):
    file = make_file()
    default_storage.delete(file.stored_name)
    assert board(client).get(file.get_absolute_url()).status_code == 404


# The library in the admin


def test_a_file_is_added_once_and_only_its_title_changes(client):
    page = board(client).get(f"{LIST}add/").content.decode()
    assert "tối đa 50,0 MB" in page.replace("\xa0", " ")
    client.post(f"{LIST}add/", {"title": "Kế hoạch", "upload": upload("kh.docx", package("docx"))})
    file = File.objects.get()
    assert (file.title, file.original_name) == ("Kế hoạch", "kh.docx")

    shown = client.get(f"{LIST}{file.pk}/change/").content.decode()
    assert 'type="file"' not in shown
    for words in (file.sha256, "Word (.docx)", file.get_absolute_url(), "Chưa dùng ở đâu"):
        assert words in shown
    client.post(f"{LIST}{file.pk}/change/", {"title": "Kế hoạch 113", "upload": upload("b.pdf", pdf())})
    after = File.objects.get()
    assert (after.title, after.sha256, after.ending) == ("Kế hoạch 113", file.sha256, "docx")


def test_what_was_typed_stays_when_the_file_is_refused(client):
    page = board(client).post(f"{LIST}add/", {"title": "Kế hoạch 113", "upload": upload("a.doc", b"x")})
    assert "kiểu cũ chưa nhận" in page.content.decode()
    assert 'value="Kế hoạch 113"' in page.content.decode()


def test_where_a_file_is_used_is_a_list_of_links(client):
    file = make_file()
    article = make_article(title="Bài có tệp")
    article.files.add(file)
    page = board(client).get(f"{LIST}{file.pk}/change/").content.decode()
    assert f'<a href="/quan-tri/articles/article/{article.pk}/change/">Tin bài: Bài có tệp</a>' in page
    assert "Bản nháp" in page


def test_an_editor_does_not_learn_the_titles_of_another_agencys_drafts(client):
    editor = make_official(Role.EDITOR, is_staff=True, agency=make_agency())
    file = make_file(by=editor)
    make_article(title="Bài chưa đăng của sở khác").files.add(file)
    client.force_login(editor, backend="agencies.auth.OfficialBackend")
    page = client.get(f"{LIST}{file.pk}/change/").content.decode()
    assert "Bài chưa đăng của sở khác" not in page
    assert "1 nội dung của cơ quan khác" in page


def test_deleting_a_file_in_use_is_refused_in_words_by_every_way(client, tmp_path):
    file = make_file(title="Kế hoạch")
    make_article(title="Bài có tệp").files.add(file)
    board(client)
    for answer in (
        client.get(f"{LIST}{file.pk}/delete/", follow=True),
        client.post(f"{LIST}{file.pk}/delete/", {"post": "yes"}, follow=True),
        client.post(LIST, {"action": "delete_selected", "_selected_action": [file.pk]}),
        client.post(LIST, {"action": "delete_selected", "_selected_action": [file.pk], "post": "yes"}),
    ):
        assert "Kế hoạch đang dùng ở: Bài có tệp" in answer.content.decode()
    assert File.objects.exists()
    assert len(stored(tmp_path)) == 1


@pytest.mark.parametrize("way", ["one", "many"])
def test_deleting_an_unused_file_takes_its_bytes_along(
    client, tmp_path, way, django_capture_on_commit_callbacks
):
    file = make_file()
    board(client)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "one":
            client.post(f"{LIST}{file.pk}/delete/", {"post": "yes"})
        else:
            client.post(LIST, {"action": "delete_selected", "_selected_action": [file.pk], "post": "yes"})
    assert not File.objects.exists()
    assert stored(tmp_path) == []


def test_a_file_taken_into_use_meanwhile_stays(client, monkeypatch):
    file = make_file()
    monkeypatch.setattr(
        files,
        "remove",
        lambda _file: (_ for _ in ()).throw(ValidationError("Tệp đang được dùng nên chưa xóa được.")),
    )
    page = board(client).post(f"{LIST}{file.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "đang được dùng" in page
    assert "xóa thành công" not in page
    assert File.objects.exists()


def test_the_list_asks_no_more_for_many_files(client, django_assert_max_num_queries):
    board(client)

    def queries() -> int:
        with django_assert_max_num_queries(40) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    make_article().files.add(make_file())
    one = queries()
    for _number in range(5):
        make_article().files.add(make_file())
    assert queries() == one
