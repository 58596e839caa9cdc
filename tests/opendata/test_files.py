"""The files of every data set: readable, the same as the records, and without what nobody may read."""

import csv
import io
import json
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from agencies.models import WorkCalendarDay
from articles import services as publishing
from articles.models import Article
from parcai.lib.exports import CUT, LONGEST_CELL, as_text, csv_parts, guarded
from parcai.opendata import dataset
from parcai.records import KINDS, Type, kind_named
from tests.factories import make_agency, make_article
from tests.records.world import WHOLE, everything_hidden

pytestmark = pytest.mark.django_db
ALL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def download(client, kind, ending) -> bytes:
    response = client.get(f"/du-lieu/{kind.name}/{kind.name}.{ending}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def read_csv(content: bytes) -> list[dict]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_sheet(content: bytes, place: int = 0) -> list[dict]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[place]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def records_of(kind) -> list[dict]:
    return [kind.record(row) for row in kind.ordered()]


def simple(kind, record) -> dict:
    """A record as a table has it, by rules of the test's own."""
    found = {}
    for column in kind.columns:
        value = record[column.name]
        if column.type is Type.REFERENCE:
            value = value and value.id
        elif column.type is Type.LIST and column.of is Type.REFERENCE:
            value = "; ".join(each.id for each in value)
        elif column.type is Type.LIST and isinstance(column.of, tuple):
            value = "; ".join(" | ".join(as_text(part) for part in each.values()) for each in value)
        elif column.type is Type.LIST:
            value = "; ".join(value)
        found[column.name] = value
    return found


@ALL
def test_csv_holds_every_record(client, kind):
    WHOLE[kind.name](), WHOLE[kind.name]()
    rows = read_csv(download(client, kind, "csv"))
    expected = [
        {name: as_text(value) for name, value in simple(kind, each).items()} for each in records_of(kind)
    ]
    assert len(rows) >= 2
    assert [{n: v.removeprefix("'") for n, v in row.items()} for row in rows] == expected


@ALL
def test_json_holds_every_record_as_the_api_has_it(client, kind):
    WHOLE[kind.name](), WHOLE[kind.name]()
    found = json.loads(download(client, kind, "json"))
    assert len(found) >= 2
    for record, expected in zip(found, records_of(kind), strict=True):
        for column in kind.columns:
            value, wanted = record[column.name], expected[column.name]
            if column.type is Type.REFERENCE and wanted:
                assert value == {
                    "kind": wanted.kind,
                    "id": wanted.id,
                    "title": wanted.title,
                    "url": wanted.url,
                }
            elif column.type is Type.LIST and column.of is Type.REFERENCE:
                assert [each["id"] for each in value] == [each.id for each in wanted]
            elif column.type in {Type.DATE, Type.MOMENT}:
                assert value == (wanted and wanted.isoformat())
            elif column.type is not Type.LIST:
                assert value == wanted


@ALL
def test_workbooks_hold_every_record_and_the_dictionary(client, kind):
    WHOLE[kind.name](), WHOLE[kind.name]()
    content = download(client, kind, "xlsx")
    rows = read_sheet(content)
    expected = [simple(kind, each) for each in records_of(kind)]
    assert len(rows) == len(expected) >= 2
    for row, wanted in zip(rows, expected, strict=True):
        for name, value in wanted.items():
            if isinstance(value, datetime):
                value = value.replace(tzinfo=None)
                assert abs((row[name] - value).total_seconds()) < 0.01
            elif isinstance(value, date):
                assert row[name].date() == value
            else:
                assert row[name] == (None if value == "" else value)
    assert load_workbook(io.BytesIO(content)).worksheets[0].freeze_panes == "A2"
    assert [row["cot"] for row in read_sheet(content, 1)] == [column.name for column in kind.columns]


@ALL
def test_packages_hold_both_files_with_dictionary_and_words(client, kind):
    WHOLE[kind.name]()
    found = unzip(download(client, kind, "zip"))
    assert set(found) == {"README.txt", "tu-dien.csv", f"{kind.name}.csv", f"{kind.name}.json"}
    assert found[f"{kind.name}.csv"] == download(client, kind, "csv")
    assert found[f"{kind.name}.json"] == download(client, kind, "json")
    words = found["README.txt"].decode()
    for part in (str(kind.says), "CC BY 4.0", "Sở Nội vụ", "'+84", f"/du-lieu/{kind.name}/"):
        assert part in words
    assert [row["cot"] for row in read_csv(found["tu-dien.csv"])] == [column.name for column in kind.columns]


@ALL
def test_an_empty_data_set_is_a_file_too(client, kind):
    if kind.rows().exists():
        kind.model.objects.all().delete()
    assert json.loads(download(client, kind, "json")) == []
    assert read_csv(download(client, kind, "csv")) == []
    assert read_sheet(download(client, kind, "xlsx")) == []


# What nobody may read


@pytest.mark.parametrize("ending", dataset.FORMATS)
def test_what_is_not_public_is_in_no_file_of_any_kind(client, ending):
    everything_hidden()
    for kind in KINDS:
        content = download(client, kind, ending)
        if ending in {"zip", "xlsx"}:
            content = b"".join(unzip(content).values())
        assert b"anary" not in content, kind.name
        assert b"anary" not in client.get(f"/du-lieu/{kind.name}/").content, kind.name


def test_a_withdrawn_article_leaves_at_once_and_the_tag_changes(client):
    article = make_article(published=True, title="Canary còn đăng")
    make_article(published=True)
    kind = kind_named("articles")
    before = client.get("/du-lieu/articles/articles.csv")
    assert b"Canary" in b"".join(before.streaming_content)
    same = client.get("/du-lieu/articles/articles.csv", headers={"If-None-Match": before["ETag"]})
    assert same.status_code == 304
    Article.objects.filter(pk=article.pk).update(updated_at=timezone.now().replace(year=2020))
    publishing.withdraw(article, by=article.approved_by, reason="Sai")

    after = client.get("/du-lieu/articles/articles.csv", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert not after.has_header("Last-Modified")
    assert b"Canary" not in b"".join(after.streaming_content)
    assert b"Canary" not in download(client, kind, "json")


def test_the_tag_changes_with_what_a_record_names(client):
    article = WHOLE["articles"]()
    document = article.documents.first()
    before = dataset.tag(kind_named("articles"), "csv")
    publishing.withdraw(document, by=document.approved_by, reason="Sai")
    assert dataset.tag(kind_named("articles"), "csv") != before


def test_what_is_embargoed_changes_no_tag(client):
    public = make_article(published=True)
    before = dataset.tag(kind_named("articles"), "csv")
    article = make_article(agency=public.agency)
    publishing.submit(article, by=article.author)
    assert dataset.tag(kind_named("articles"), "csv") == before


# Formulas


EVIL = ["=1+1", "+84 257 384 1234", "-2+3", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", [*EVIL, "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\ufeff＝1"], ids=ascii)
def test_text_that_could_begin_a_formula_is_guarded(text):
    (_mark, _header, line) = csv_parts(["a"], [[text]])
    assert next(csv.reader(io.StringIO(line.decode(), newline=""))) == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "a=1", "84-257", "'", "đ", " a", "1-2"])
def test_other_text_stays_as_it_is(text):
    assert guarded(text) == text


def test_negative_numbers_are_no_text():
    assert list(csv_parts(["a"], [[-2]]))[2] == b"-2\r\n"


@pytest.mark.parametrize("text", EVIL, ids=ascii)
def test_no_cell_becomes_a_formula(client, text):
    agency = make_agency(name="Sở Canary", phone="0257")
    type(agency).objects.filter(pk=agency.pk).update(name=text)
    kind = kind_named("agencies")

    table = {row["id"]: row for row in read_csv(download(client, kind, "csv"))}
    book = load_workbook(io.BytesIO(download(client, kind, "xlsx"))).worksheets[0]

    assert table[agency.code]["name"] == f"'{text}"
    cells = {row[0].value: row[2] for row in book.iter_rows(min_row=2)}
    assert cells[agency.code].data_type in {"s", "inlineStr"}
    assert cells[agency.code].value == text
    assert text in {each["name"] for each in json.loads(download(client, kind, "json"))}


def test_a_phone_number_with_its_country_reads_right(client):
    agency = make_agency(phone="+84 257 384 1234")
    kind = kind_named("agencies")
    rows = {row["id"]: row for row in read_sheet(download(client, kind, "xlsx"))}
    assert rows[agency.code]["phone"] == "+84 257 384 1234"
    assert json.loads(download(client, kind, "json"))[0]["phone"] == "+84 257 384 1234"
    assert "'+84 257 384 1234" in client.get("/du-lieu/agencies/").content.decode().replace("&#x27;", "'")


def test_a_text_no_workbook_takes_is_cut_and_says_so(client):
    article = make_article(published=True)
    Article.objects.filter(pk=article.pk).update(body="<p>" + "chữ " * 10_000 + "</p>", summary="a\x0bb")
    (row,) = read_sheet(download(client, kind_named("articles"), "xlsx"))
    assert len(row["body"]) == LONGEST_CELL
    assert row["body"].endswith(CUT)
    assert row["summary"] == "ab"
    (whole,) = read_csv(download(client, kind_named("articles"), "csv"))
    assert len(whole["body"]) > LONGEST_CELL


# Size


def many_days(count: int) -> None:
    first = date(1990, 1, 1).toordinal()
    WorkCalendarDay.objects.all().delete()
    WorkCalendarDay.objects.bulk_create(
        WorkCalendarDay(on=date.fromordinal(first + number), name="Ngày nghỉ", basis="x")
        for number in range(count)
    )


def test_three_thousand_rows_cost_one_question_for_each_five_hundred(client):
    make_article(published=True)
    one = Article.objects.get()
    copies = (Article(**{**_values(one), "id": None, "slug": f"bai-{number}"}) for number in range(2999))
    Article.objects.bulk_create(copies, batch_size=200)
    kind = kind_named("articles")
    with CaptureQueriesContext(connection) as asked:
        found = list(dataset.as_csv(kind, dataset.records(kind)))
    assert len(found) == 3002  # the mark, the header, 3,000 lines
    chunks = [
        query for query in asked if 'FROM "articles_article"' in query["sql"] and "LIMIT 500" in query["sql"]
    ]
    assert len(chunks) == 7  # the last one finds nothing
    assert len(asked) <= 7 * 8
    assert len({line.split(b",")[0] for line in found[2:]}) == 3000


def _values(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("ending", ["csv", "json", "zip"])
def test_a_long_data_set_is_never_whole_in_memory(client, ending):
    many_days(12_000)
    response = client.get(f"/du-lieu/calendar-days/calendar-days.{ending}")
    tracemalloc.start()
    size = sum(len(part) for part in response.streaming_content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > (40_000 if ending == "zip" else 400_000)
    assert peak < 6_000_000
