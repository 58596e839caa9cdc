"""The pages of open data, the catalogue for machines, and what a download is answered with."""

import json
import re

import pytest
from django.conf import settings

from parcai.opendata import dataset, views
from parcai.opendata.models import FrozenVersion
from parcai.records import KINDS, kind_named
from tests.factories import make_article
from tests.records.world import WHOLE

pytestmark = pytest.mark.django_db
ALL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def test_the_list_names_every_set_with_its_files(client):
    make_article(published=True)
    page = client.get("/du-lieu/").content.decode()
    for kind in KINDS:
        assert f'href="/du-lieu/{kind.name}/"' in page
        for ending in dataset.FORMATS:
            assert f'href="/du-lieu/{kind.name}/{kind.name}.{ending}"' in page
    assert 'href="/du-lieu/danh-muc.jsonld"' in page
    assert "CC BY 4.0 (ví dụ minh họa" in page
    assert 'href="/du-lieu/"' in client.get("/").content.decode()


@ALL
def test_a_set_shows_its_dictionary_and_first_rows(client, kind):
    WHOLE[kind.name]()
    page = client.get(f"/du-lieu/{kind.name}/").content.decode()
    for column in kind.columns:
        assert f"<code>{column.name}</code>" in page
    assert "Những dòng đầu" in page
    assert "Chưa có dòng nào" not in page
    blocks = [json.loads(each) for each in re.findall(r'ld\+json">([^<]+)</script>', page)]
    found = next(each for each in blocks if each["@type"] == "Dataset")
    assert found["license"] == settings.DATA_LICENCE["url"]
    assert [each["contentUrl"] for each in found["distribution"]] == [
        f"{settings.SITE_URL}/du-lieu/{kind.name}/{kind.name}.{ending}" for ending in dataset.FORMATS
    ]


def test_no_licence_is_made_up(client, settings):
    settings.DATA_LICENCE = {"name": "Giấy phép dữ liệu mở: chưa công bố", "url": ""}
    page = client.get("/du-lieu/articles/").content.decode()
    assert "chưa công bố" in page
    assert "creativecommons" not in page
    assert "creativecommons" not in client.get("/du-lieu/danh-muc.jsonld").content.decode()


def test_the_catalogue_is_dcat(client):
    make_article(published=True)
    response = client.get("/du-lieu/danh-muc.jsonld")
    assert response["Content-Type"].startswith("application/ld+json")
    found = json.loads(response.content)
    assert found["@type"] == "dcat:Catalog"
    assert found["@context"]["dcat"] == "http://www.w3.org/ns/dcat#"
    for name in ("dct:title", "dct:description", "dct:publisher", "dct:license", "dct:modified"):
        assert found[name], name
    assert [each["dct:identifier"] for each in found["dcat:dataset"]] == [kind.name for kind in KINDS]
    identities = []
    for each in found["dcat:dataset"]:
        assert each["@type"] == "dcat:Dataset"
        for name in ("dct:title", "dct:description"):
            assert each[name]["@language"] == "vi"
        assert each["dct:publisher"]["@type"] == "foaf:Agent"
        assert each["dct:license"]["@type"] == "dct:LicenseDocument"
        assert ("dct:modified" in each) is (each["dct:identifier"] == "articles")
        assert client.get(each["dcat:landingPage"]["@id"].removeprefix(settings.SITE_URL)).status_code == 200
        assert len(each["dcat:distribution"]) == len(dataset.FORMATS)
        for file in each["dcat:distribution"]:
            assert file["@type"] == "dcat:Distribution"
            assert file["dcat:mediaType"]["@id"].startswith("http://www.iana.org/assignments/media-types/")
            address = file["dcat:downloadURL"]["@id"].removeprefix(settings.SITE_URL)
            assert client.head(address).status_code == 200
            identities.append(file["@id"])
    assert len(identities) == len(set(identities))
    known = {*found["@context"], "@id", "@type", "@value", "@language", "@context"}
    assert {name.split(":")[0] for name in _names(found)} <= known


def _names(value):
    if isinstance(value, dict):
        for name, each in value.items():
            if name != "@context":
                yield name
                yield from _names(each)
    elif isinstance(value, list):
        for each in value:
            yield from _names(each)


@pytest.mark.parametrize("ending", dataset.FORMATS)
def test_files_say_what_they_are(client, ending):
    make_article(published=True)
    for method in (client.get, client.head):
        response = method(f"/du-lieu/articles/articles.{ending}")
        assert response["Content-Type"] == dataset.FORMATS[ending]
        assert response["Content-Disposition"] == f'attachment; filename="articles.{ending}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Cache-Control"] == "private, no-cache"
        assert response["ETag"].startswith('W/"')
        assert response.cookies == {}
        if response.streaming:
            assert b"".join(response)
    assert response.content == b""


def test_kinds_that_do_not_say_when_they_change_have_no_tag(client):
    assert not client.get("/du-lieu/agencies/agencies.csv").has_header("ETag")


@pytest.mark.parametrize(
    "path",
    [
        "khong-co/",
        "Articles/",
        "user/",
        "khong-co/khong-co.csv",
        "articles/videos.csv",
        "articles/articles.sql",
        "articles/articles.",
        "articles/articles",
        "articles/ARTICLES.CSV",
        "articles/..%2F..%2Fsettings.py",
        "articles/articles.csv%0d%0aX-A:1",
        "articles/articles.csv/",
        "articles/" + "a" * 3000,
        "articles/dong-bang/articles-2020.zip",
        "articles/dong-bang/articles-99999999999999999999.zip",
        "articles/dong-bang/articles-٢٠٢٦.zip",
        "articles/dong-bang/videos-2020.zip",
        "articles/dong-bang/articles-2020.zip.zip",
    ],
)
def test_odd_names_lead_nowhere(client, path):
    assert client.get(f"/du-lieu/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "articles/", "articles/articles.csv", "danh-muc.jsonld"])
def test_open_data_is_only_read(client, path):
    assert client.post(f"/du-lieu/{path}").status_code == 405


def test_whole_files_are_limited_by_address(client, monkeypatch):
    monkeypatch.setattr(views, "DOWNLOADS", {"limit": 3, "seconds": 3600})
    path = "/du-lieu/articles/articles.csv"
    codes = [client.get(path).status_code for _number in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = client.get("/du-lieu/agencies/agencies.xlsx")
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Bạn tải hơi nhiều tệp" in refused.content.decode()
    assert not refused.has_header("Content-Disposition")
    assert client.head(path).status_code == 200
    assert client.get("/du-lieu/articles/").status_code == 200
    assert client.get(path, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_asking_whether_a_file_changed_is_free(client, monkeypatch):
    monkeypatch.setattr(views, "DOWNLOADS", {"limit": 1, "seconds": 3600})
    make_article(published=True)
    path = "/du-lieu/articles/articles.csv"
    mark = client.get(path)["ETag"]
    for _number in range(3):
        assert client.get(path, headers={"If-None-Match": mark}).status_code == 304


def test_frozen_files_are_limited_too(client, monkeypatch):
    monkeypatch.setattr(views, "DOWNLOADS", {"limit": 0, "seconds": 3600})
    version = views.frozen.freeze(kind_named("topics"), 2026)
    assert client.get(version.get_absolute_url()).status_code == 429
    assert FrozenVersion.objects.count() == 1


def test_pages_cost_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    for _number in range(6):
        WHOLE["articles"]()
    with django_assert_max_num_queries(25):
        client.get("/du-lieu/articles/")
    with django_assert_max_num_queries(25):
        client.get("/du-lieu/")
