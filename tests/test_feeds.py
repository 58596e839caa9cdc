"""Feeds and sitemaps: well formed, from SITE_URL, and nothing before its hour or after its withdrawal."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.http import http_date

from agencies.roles import Role
from articles import services as publishing
from articles.models import Article
from feedback import services as cases
from feedback.models import Case
from parcai import feeds
from tests.factories import (
    ago,
    make_agency,
    make_article,
    make_campaign,
    make_case,
    make_coordinator,
    make_document,
    make_official,
    make_published_case,
    make_video,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
EVERYTHING = (
    "/rss/tin-bai/",
    "/rss/tin-bai/loai/news/",
    "/rss/hoi-dap/",
    "/rss/phan-anh/",
    "/sitemap.xml",
    "/sitemap-trang-1.xml",
    "/sitemap-tin-bai-1.xml",
    "/sitemap-tra-loi-1.xml",
    "/sitemap-tin-moi.xml",
)


def read(client, path) -> ET.Element:
    response = client.get(path)
    assert response.status_code == 200, path
    return ET.fromstring(response.content)  # noqa: S314 - our own page


def entries(client, path) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in read(client, path).iter(f"{ATOM}entry")]


def addresses(client, path) -> list[str]:
    return [each.text for each in read(client, path).iter(f"{MAP}loc")]


@pytest.mark.parametrize("path", EVERYTHING)
def test_an_empty_portal_has_well_formed_feeds_and_maps(client, path):
    read(client, path)


def test_articles_come_newest_first_with_their_text(client, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    old = make_article(published=True, title="Bài trước", body="<p>Chữ <strong>đậm</strong></p>")
    Article.objects.filter(pk=old.pk).update(publish_at=timezone.now() - timedelta(days=2))
    make_article(published=True, title="Bài sau & mới <hơn>")

    feed = read(client, "/rss/tin-bai/")

    found = list(feed.iter(f"{ATOM}entry"))
    assert [entry.findtext(f"{ATOM}title") for entry in found] == ["Bài sau & mới <hơn>", "Bài trước"]
    assert "<strong>đậm</strong>" in found[1].findtext(f"{ATOM}summary")
    links = [link.get("href") for link in feed.iter(f"{ATOM}link")]
    assert all(link.startswith("https://cchc.vidu.vn/") for link in links)


def test_the_host_of_a_request_decides_no_address(client, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://cchc.vidu.vn", ["*"]
    make_article(published=True)
    make_published_case()

    for path in EVERYTHING:
        assert b"la.example" not in client.get(path, headers={"Host": "la.example"}).content, path


def test_a_feed_of_a_kind_a_campaign_or_an_agency_holds_those_alone(client):
    agency, campaign = make_agency(code="PY-ABC"), make_campaign()
    make_article(published=True, title="Của cơ quan", agency=agency)
    make_article(published=True, title="Của nội dung", campaigns=[campaign])
    make_article(published=True, title="Hướng dẫn", kind=Article.Kind.GUIDE)

    assert entries(client, "/rss/tin-bai/co-quan/PY-ABC/") == ["Của cơ quan"]
    assert entries(client, f"/rss/tin-bai/noi-dung/{campaign.pk}/") == ["Của nội dung"]
    assert entries(client, "/rss/tin-bai/loai/guide/") == ["Hướng dẫn"]


@pytest.mark.parametrize(
    "path", ["loai/khac", "noi-dung/abc", "noi-dung/99999999999", "co-quan/khong-co", "tac-gia/1"]
)
def test_a_feed_about_nothing_is_not_found(client, path):
    assert client.get(f"/rss/tin-bai/{path}/").status_code == 404


def test_what_is_not_public_stands_in_no_feed_and_no_map(client):
    board = make_official(Role.PUBLISHER, is_staff=True)
    for title in ("Canary hẹn giờ", "Canary đã gỡ", "Canary hết hạn"):
        article = make_article(title=title, author=make_official(Role.EDITOR, is_staff=True))
        if title == "Canary hẹn giờ":
            Article.objects.filter(pk=article.pk).update(publish_at=timezone.now() + timedelta(seconds=30))
            article.refresh_from_db()
        publishing.submit(article, by=article.author)
        publishing.approve(article, by=board)
        if title == "Canary đã gỡ":
            publishing.withdraw(article, by=board, reason="Sai")
        if title == "Canary hết hạn":
            Article.objects.filter(pk=article.pk).update(
                publish_at=timezone.now() - timedelta(days=2), unpublish_at=timezone.now() - timedelta(days=1)
            )
    make_article(title="Canary bản nháp")
    make_case(status=Case.Status.ANSWERED, title="Canary chưa công khai")
    taken_down = make_published_case(title="Canary đã gỡ xuống")
    cases.unpublish(taken_down, by=make_coordinator(), note="Gỡ")

    text = "".join(client.get(path).content.decode() for path in EVERYTHING)

    assert "anary" not in text
    assert "/tin-bai/canary" not in text
    assert taken_down.get_absolute_url() not in text


def test_an_answer_shows_its_masked_words_and_nobody_who_asked(client):
    make_published_case(title="Hỏi về khai sinh", text="Gọi tôi 0912 345 678 nhé, cảm ơn nhiều.")

    feed = client.get("/rss/hoi-dap/").content.decode()

    assert "Hỏi về khai sinh" in feed
    assert "0912" not in feed
    assert "Nguyễn Thị Mẫu" not in feed


def test_the_map_is_split_and_names_every_public_page_once(client, monkeypatch):
    monkeypatch.setattr(feeds, "SITEMAP_LENGTH", 2)
    articles = [make_article(published=True) for _number in range(3)]
    answer = make_published_case()

    files = addresses(client, "/sitemap.xml")
    paths = [file.split("://")[1].split("/", 1)[1] for file in files]
    found = [address for path in paths for address in addresses(client, f"/{path}")]

    assert "sitemap-tin-bai-2.xml" in paths
    for each in (*articles, answer):
        assert (
            sum(
                address.endswith(each.get_absolute_url())
                for address in found
                if "/tin-bai/" in address or "/hoi-dap/" in address
            )
            >= 1
        )
    assert client.get("/sitemap-tin-bai-3.xml").status_code == 404
    assert client.get("/sitemap-trang-2.xml").status_code == 404


def test_the_news_map_holds_the_last_two_days(client):
    make_article(published=True, title="Tin hôm nay")
    old = make_article(published=True, title="Tin tuần trước")
    Article.objects.filter(pk=old.pk).update(publish_at=timezone.now() - timedelta(days=7))

    text = client.get("/sitemap-tin-moi.xml").content.decode()

    assert "Tin hôm nay" in text
    assert "Tin tuần trước" not in text


@pytest.mark.parametrize("path", ["/rss/tin-bai/", "/rss/hoi-dap/", "/sitemap.xml", "/sitemap-tin-bai-1.xml"])
def test_one_row_costs_as_many_queries_as_many(client, path, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_article(published=True)
    make_published_case()
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _number in range(6):
        make_article(published=True)
        make_published_case()

    with django_assert_num_queries(len(one)):
        client.get(path)
    assert len(one) <= 12


@pytest.mark.parametrize(
    "path", ["/rss/tin-bai/", "/rss/van-ban/", "/rss/video/", "/sitemap-tin-bai-1.xml", "/sitemap.xml"]
)
def test_what_is_kept_between_is_asked_about_each_time(client, path):
    for make in (make_article, make_document, make_video):
        make(published=True)
    first = client.get(path)
    assert first["Cache-Control"] == "public, no-cache"
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/rss/tin-bai/", "/sitemap-tin-bai-1.xml"])
def test_a_withdrawn_text_is_gone_from_what_was_kept(client, path):
    make_article(published=True, publish_at=ago(days=2))
    article = make_article(published=True, title="Bài sẽ gỡ")
    first = client.get(path)
    publishing.withdraw(article, by=make_official(Role.PUBLISHER), reason="Sai")
    marks = {"If-None-Match": first["ETag"], "If-Modified-Since": http_date(timezone.now().timestamp())}
    for name, value in marks.items():
        answer = client.get(path, headers={name: value})
        assert answer.status_code == 200
        assert article.get_absolute_url() not in answer.content.decode()


def test_a_word_between_officials_moves_no_date(client):
    board = make_official(Role.PUBLISHER, is_staff=True)
    for make, kind in ((make_article, "article"), (make_document, "document"), (make_video, "video")):
        piece = make(published=True)
        type(piece).objects.filter(pk=piece.pk).update(updated_at=ago(days=1))
        client.force_login(board, backend="agencies.auth.OfficialBackend")
        client.post(
            f"/quan-tri/articles/{kind}/{piece.pk}/change/",
            {"seen_version": piece.version, "comment": "Đã đọc", "_comment": "1"},
        )
        assert piece.comments.count() == 1
        before = piece.updated_at
        piece.refresh_from_db()
        assert piece.updated_at < before
        assert piece.reads_since == piece.publish_at


def test_robots_name_the_map(client):
    assert "Sitemap: http" in client.get("/robots.txt").content.decode()
    assert "/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_no_typed_character_breaks_a_feed(client):
    make_article(published=True, title="Bài \ufffe có \uffff ký tự lạ")
    make_published_case(
        title="Hỏi \uffff về đất đai ở xã", text="Nội dung \ufdd0 câu hỏi dài hơn hai mươi ký tự."
    )

    for path in EVERYTHING:
        read(client, path)
