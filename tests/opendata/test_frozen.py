"""Frozen years: written once, and never going on showing what was withdrawn."""

import hashlib
import json
import zipfile
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies.models import WorkCalendarDay
from articles import services as publishing
from articles.models import Article
from feedback import services as cases
from feedback.models import Case
from parcai.celery import app
from parcai.opendata import frozen, tasks
from parcai.opendata.models import FrozenVersion
from parcai.records import KINDS, kind_named
from tests.factories import ago, make_article, make_coordinator, make_document, make_published_case
from tests.records.world import WHOLE, everything_hidden

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


def content_of(version) -> dict[str, bytes]:
    with default_storage.open(version.stored_name) as file, zipfile.ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist()}


def records_in(version) -> list[dict]:
    return json.loads(content_of(version)[f"{version.kind}.json"])


def freeze(name: str) -> FrozenVersion:
    return frozen.freeze(kind_named(name), YEAR)


def mended(version) -> FrozenVersion:
    frozen.mend_all()
    return FrozenVersion.objects.get(pk=version.pk)


def test_every_kind_is_frozen_with_its_checksum_and_nobody_may_not_read(client):
    everything_hidden()
    for make in WHOLE.values():
        make()

    made = frozen.freeze_year(YEAR)

    assert [each.kind for each in made] == [kind.name for kind in KINDS]
    for version in made:
        response = client.get(version.get_absolute_url())
        content = b"".join(response.streaming_content)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (version.sha256, version.size)
        assert response["Content-Disposition"] == f'attachment; filename="{version.kind}-{YEAR}.zip"'
        parts = content_of(version)
        assert set(parts) == {"README.txt", "tu-dien.csv", f"{version.kind}.csv", f"{version.kind}.json"}
        assert b"anary" not in b"".join(parts.values())
        assert len(records_in(version)) == version.rows
        assert version.rows or version.kind == "calendar-days"  # its row is of another year
        assert version.sha256 in client.get(f"/du-lieu/{version.kind}/").content.decode()


def test_a_year_holds_its_rows_and_no_others():
    article = make_article(published=True)
    old = make_article(published=True)
    Article.objects.filter(pk=old.pk).update(publish_at=ago(days=400))
    WorkCalendarDay.objects.all().delete()
    for on in (date(YEAR - 1, 12, 31), date(YEAR, 1, 1), date(YEAR, 12, 31), date(YEAR + 1, 1, 1)):
        WorkCalendarDay.objects.create(on=on, name="Ngày nghỉ", basis="x")
    assert [each["id"] for each in records_in(freeze("articles"))] == [str(article.pk)]
    assert [each["on"] for each in records_in(freeze("calendar-days"))] == [f"{YEAR}-01-01", f"{YEAR}-12-31"]
    assert len(records_in(freeze("agencies"))) == kind_named("agencies").rows().count() > 0


def test_what_is_frozen_is_never_overwritten():
    make_article(published=True)
    (first,) = [each for each in frozen.freeze_year(YEAR) if each.kind == "articles"]
    make_article(published=True)

    assert frozen.freeze_year(YEAR) == []
    assert freeze("articles") is None

    version = FrozenVersion.objects.get(kind="articles")
    assert (version.sha256, version.rows) == (first.sha256, 1)
    _folders, files = default_storage.listdir("du-lieu")
    assert len(files) == len(KINDS)


def test_new_rows_do_not_touch_it():
    make_article(published=True)
    version = freeze("articles")
    make_article(published=True)
    assert frozen.is_whole(version)
    assert frozen.mend_all() == 0


def test_a_withdrawn_record_leaves_the_frozen_file_at_once(client):
    article, other = make_article(published=True, title="Canary"), make_article(published=True)
    version = freeze("articles")
    assert b"Canary" in content_of(version)["articles.csv"]
    publishing.withdraw(article, by=article.approved_by, reason="Sai")

    refused = client.get(version.get_absolute_url())
    assert (refused.status_code, refused["Retry-After"]) == (503, "600")
    assert "Canary" not in refused.content.decode()
    tasks.mend_frozen()

    again = FrozenVersion.objects.get(pk=version.pk)
    assert [each["id"] for each in records_in(again)] == [str(other.pk)]
    assert b"Canary" not in b"".join(content_of(again).values())
    assert again.sha256 != version.sha256
    assert not default_storage.exists(version.stored_name)
    assert b"".join(client.get(again.get_absolute_url()).streaming_content)
    page = client.get("/du-lieu/articles/").content.decode()
    assert "bỏ 1 mục không còn công khai" in page
    assert again.sha256 in page
    assert "bỏ 1 mục" in content_of(again)["README.txt"].decode()
    assert again.changes[0]["sha256_before"] == version.sha256
    assert frozen.mend_all() == 0


@pytest.mark.parametrize("how", ["unpublished", "confidential"])
def test_a_case_taken_offline_leaves_it(client, how):
    case = make_published_case(title="Canary")
    version = freeze("questions")
    if how == "unpublished":
        cases.unpublish(case, by=make_coordinator(), note="Gỡ")
    else:
        Case.objects.filter(pk=case.pk).update(is_confidential=True)
    assert client.get(version.get_absolute_url()).status_code == 503
    assert records_in(mended(version)) == []


def test_a_case_masked_anew_is_written_as_everybody_reads_it():
    case = make_published_case(title="Canary riêng tư")
    version = freeze("questions")
    case.refresh_from_db()
    cases.publish(case, by=make_coordinator(), **{**cases.proposal_for_public(case), "title": "Đã che lại"})
    assert not frozen.is_whole(version)
    again = mended(version)
    assert [each["title"] for each in records_in(again)] == ["Đã che lại"]
    assert again.changes[0]["renewed"] == 1


def test_the_name_of_a_withdrawn_document_leaves_the_articles_that_cite_it():
    document = make_document(published=True, title="Canary văn bản")
    article, untouched = make_article(published=True), make_article(published=True)
    article.documents.add(document)
    version = freeze("articles")
    before = {each["id"]: each for each in records_in(version)}
    assert b"Canary" in content_of(version)["articles.json"]
    publishing.withdraw(document, by=document.approved_by, reason="Sai")
    assert not frozen.is_whole(version)

    again = mended(version)

    found = {each["id"]: each for each in records_in(again)}
    assert found[str(article.pk)]["documents"] == []
    assert found[str(untouched.pk)] == before[str(untouched.pk)]
    assert b"Canary" not in b"".join(content_of(again).values())


def test_two_workers_mend_one_version_once():
    article = make_article(published=True)
    version = freeze("articles")
    other = FrozenVersion.objects.get(pk=version.pk)
    publishing.withdraw(article, by=article.approved_by, reason="Sai")
    frozen.mend(version)
    with pytest.raises(FileNotFoundError):
        frozen.mend(other)  # its file is gone already
    assert frozen.mend_all() == 0
    assert len(default_storage.listdir("du-lieu")[1]) == 1


def test_a_missing_file_is_said_and_stops_nothing(client, caplog):
    lost, other = make_article(published=True), make_published_case()
    broken, whole = freeze("articles"), freeze("questions")
    default_storage.delete(broken.stored_name)
    assert client.get(broken.get_absolute_url()).status_code == 404
    publishing.withdraw(lost, by=lost.approved_by, reason="Sai")
    cases.unpublish(other, by=make_coordinator(), note="Gỡ")
    assert frozen.mend_all() == 1
    assert "missing" in caplog.text
    assert records_in(FrozenVersion.objects.get(pk=whole.pk)) == []


def test_kinds_nobody_declares_any_longer_go(client):
    version = freeze("articles")
    FrozenVersion.objects.filter(pk=version.pk).update(kind="ngay-xua")
    assert client.get(f"/du-lieu/ngay-xua/dong-bang/ngay-xua-{YEAR}.zip").status_code == 404
    assert frozen.mend_all() == 1
    assert not FrozenVersion.objects.exists()


def test_the_command_says_what_it_froze(capsys):
    call_command("freeze_data", year=YEAR)
    assert f"Năm {YEAR}: {len(KINDS)} bộ mới đóng băng." in capsys.readouterr().out
    for year in (0, 1999, YEAR + 1, 10**20):
        with pytest.raises(CommandError):
            call_command("freeze_data", year=year)


def test_the_year_that_ended_is_frozen_by_itself():
    make_article(published=True)
    tasks.freeze_last_year()
    tasks.freeze_last_year()
    assert set(FrozenVersion.objects.values_list("year", flat=True)) == {YEAR - 1}
    timetable = app.conf.beat_schedule
    assert timetable["freeze-last-year"]["task"] == tasks.freeze_last_year.name
    assert timetable["mend-frozen"]["task"] == tasks.mend_frozen.name
    assert timetable["freeze-last-year"]["schedule"].month_of_year == {1}
