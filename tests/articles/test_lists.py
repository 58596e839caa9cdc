"""The list of articles: what narrows it, what its address says, how many questions it asks."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Tag, Topic
from parcai.lib import paging
from tests.factories import make_agency, make_article, make_campaign, make_image, make_official

pytestmark = pytest.mark.django_db


def titles(client, query) -> list[str]:
    page = client.get(f"/tin-bai/?{query}").content.decode()
    return re.findall(r'class="card__title"><a href="[^"]+">([^<]+)</a>', page)


def head(page: str) -> str:
    return page.split("</head>")[0]


@pytest.fixture
def two():
    """One article that belongs to everything and one that belongs to nothing of it."""
    agency, campaign = make_agency(code="PY-A"), make_campaign()
    topic = Topic.objects.create(name="Chuyển đổi số")
    one = make_article(
        published=True,
        title="Một cửa liên thông ở xã",
        summary="Người dân nộp hồ sơ tại nhà.",
        kind="guide",
        agency=agency,
        campaigns=[campaign],
    )
    one.topics.add(topic)
    one.tags.set(Tag.objects.named(["Khai sinh"]))
    make_article(published=True, title="Đường điện về bản", summary="Sáng cả bản.", kind="news")
    return one


@pytest.mark.parametrize(
    "query",
    [
        "loai=guide",
        "noi_dung={campaign}",
        "co_quan={agency}",
        "chu_de=chuyen-doi-so",
        "tu_khoa=khai-sinh",
        "q=mot cua",
        "q=MỘT CỬA",
        "q=xã cửa",
        "q=hồ sơ tại nhà",
        "q=lien thong nha",
        "loai=guide&chu_de=chuyen-doi-so&tu_khoa=khai-sinh&q=ho so",
    ],
)
def test_each_choice_narrows_the_list(client, two, query):
    query = query.format(campaign=two.campaigns.get().pk, agency=two.agency_id)
    assert titles(client, query) == ["Một cửa liên thông ở xã"]


@pytest.mark.parametrize("query", ["q=khong co tu nay", "tu_khoa=khong-co", "q=một điện"])
def test_what_nothing_has_finds_nothing_and_offers_the_way_back(client, two, query):
    page = client.get(f"/tin-bai/?{query}").content.decode()
    assert "Không có tin bài nào khớp với lựa chọn." in page
    assert "Xem tất cả tin bài" in page


@pytest.mark.parametrize("query", ["q=%22%27%3Cscript%3E", "q=%25", "q=_", "q=...", "q=", "q=%F0%9F%98%80"])
def test_signs_without_letters_narrow_by_their_letters_alone(client, two, query):
    response = client.get(f"/tin-bai/?{query}")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace("<script src", "")
    assert len(titles(client, query)) == (0 if "script" in query or query == "q=_" else 2)


def test_a_percent_sign_is_no_wildcard(client, two):
    make_article(published=True, title="Tăng 100% hồ sơ")
    assert titles(client, "q=100%25") == ["Tăng 100% hồ sơ"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"q={'x' * 201}", "Viết ngắn hơn 200 ký tự."),
        ("loai=khong-co", "Chọn một loại trong danh sách."),
        ("noi_dung=abc", "Chọn một nội dung trong danh sách."),
        ("co_quan=99999999999999999999", "Chọn một cơ quan trong danh sách."),
        ("chu_de=khong-co", "Chọn một chủ đề trong danh sách."),
        ("tu_ngay=31/2/2026", "Viết ngày như 15/5/2026."),
    ],
)
def test_what_the_list_cannot_understand_is_said_beside_the_field_and_narrows_nothing(
    client, two, query, words
):
    page = client.get(f"/tin-bai/?{query}").content.decode()
    assert words in page
    assert len(titles(client, query)) == 2


@pytest.mark.parametrize(
    "query",
    ["tu_ngay=1/1/0001", "den_ngay=31/12/9999", "tu_ngay=31/12/9999", "den_ngay=1/1/0001", "q=" + "a " * 90]
    + [f"page={number}" for number in ("0", "-1", "9" * 30, "9" * 5000, "1.5", "abc", "last", "%00x", "")],
)
def test_odd_values_are_no_server_error(client, two, query):
    assert client.get(f"/tin-bai/?{query}").status_code in {200, 400}


def test_a_number_beyond_the_end_shows_the_last_page_under_its_true_address(client, two):
    for _number in range(12):
        make_article(published=True, agency=two.agency, author=two.author)
    page = client.get("/tin-bai/?page=99").content.decode()
    assert "Trang 2 trên 2" in page
    assert re.search(r'<link rel="canonical" href="[^"]+/tin-bai/\?page=2">', page)


def test_a_choice_is_shown_and_can_be_taken_off(client, two):
    page = client.get("/tin-bai/?loai=guide&q=mot+cua&tu_ngay=1/1/2024&x=1").content.decode()
    chips = dict(re.findall(r'<a class="chip" href="([^"]+)">.*?<strong>(.*?)</strong>', page))
    assert chips == {
        "/tin-bai/?loai=guide&amp;tu_ngay=01%2F01%2F2024": "mot cua",
        "/tin-bai/?q=mot+cua&amp;tu_ngay=01%2F01%2F2024": "Hướng dẫn dịch vụ công",
        "/tin-bai/?q=mot+cua&amp;loai=guide": "1/1/2024",
    }
    for address in chips:
        assert client.get(address.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("query", "heading", "feed"),
    [
        ("", "Tin bài cải cách hành chính", None),
        ("loai=guide", "Hướng dẫn dịch vụ công", "/rss/tin-bai/loai/guide/"),
        ("co_quan={agency.pk}", "Tin bài của {agency.name}", "/rss/tin-bai/co-quan/PY-A/"),
        ("noi_dung={campaign.pk}", "Tin bài: {campaign}", "/rss/tin-bai/noi-dung/{campaign.pk}/"),
        ("chu_de=chuyen-doi-so", "Chủ đề: Chuyển đổi số", "/rss/tin-bai/chu-de/chuyen-doi-so/"),
        ("tu_khoa=khai-sinh", "Từ khóa: Khai sinh", None),
        ("loai=guide&chu_de=chuyen-doi-so", "Tin bài cải cách hành chính", None),
    ],
)
def test_one_choice_is_the_heading_and_has_its_feed(client, two, query, heading, feed):
    known = {"agency": two.agency, "campaign": two.campaigns.get()}
    page = client.get(f"/tin-bai/?{query.format(**known)}").content.decode()
    assert f"<h1>{heading.format(**known)}</h1>" in page
    feeds = re.findall(r'<link rel="alternate"[^>]+href="(/rss/tin-bai/[^"]*)"', head(page))
    wanted = feed.format(**known) if feed else "/rss/tin-bai/"
    assert feeds[-1] == wanted
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize(
    ("query", "is_found"),
    [("", True), ("loai=guide", True), ("page=2", True), ("loai=guide&chu_de=chuyen-doi-so", False), ("q=mot", False),
     ("tu_ngay=1/1/2024", False)],
)  # fmt: skip
def test_search_engines_keep_plain_lists_and_leave_searches(client, two, query, is_found):
    page = client.get(f"/tin-bai/?{query}").content.decode()
    assert ('<meta name="robots" content="noindex, follow">' not in page) is is_found


def test_the_address_says_what_comes_before_and_after(client, two, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    for _number in range(25):
        make_article(published=True, kind="guide", agency=two.agency, author=two.author)
    page = head(client.get("/tin-bai/?page=2&loai=guide&x=%22%3E").content.decode())
    assert '<link rel="canonical" href="https://cchc.vidu.vn/tin-bai/?loai=guide&amp;page=2">' in page
    assert '<link rel="prev" href="/tin-bai/?loai=guide">' in page
    assert '<link rel="next" href="/tin-bai/?loai=guide&amp;page=3">' in page


def test_two_words_of_one_address_are_found_together_and_no_article_twice(client):
    article = make_article(published=True, title="Bài về hai ngôn ngữ")
    article.tags.add(*[Tag.objects.create(name=name, key=name, slug="c") for name in ("c", "c#")])
    assert titles(client, "tu_khoa=c") == ["Bài về hai ngôn ngữ"]


def test_a_keyword_nobody_has_published_is_not_shown(client):
    article = make_article(title="Chưa đăng")
    article.tags.set(Tag.objects.named(["Việc Kín"]))
    assert "Việc Kín" not in client.get("/tin-bai/?tu_khoa=viec-kin").content.decode()


def test_only_what_has_articles_is_offered(client, two):
    empty, hidden = make_agency(name="Sở chưa có bài"), make_agency(name="Sở chỉ có bản nháp")
    make_article(agency=hidden)
    Topic.objects.create(name="Chủ đề chưa có bài")
    page = client.get("/tin-bai/").content.decode()
    for words in (empty.name, hidden.name, "Chủ đề chưa có bài"):
        assert words not in page


def test_the_words_follow_every_change_of_title_and_summary():
    article = make_article(title="Đường Hùng Vương", summary="Tóm tắt")
    assert article.folded == "duong hung vuong tom tat"
    article.title = "Phố mới"
    article.save(update_fields=["title"])
    article.refresh_from_db()
    assert article.folded == "pho moi tom tat"


CHOICES = "loai=news noi_dung={campaign} co_quan={agency} chu_de=chu-de tu_khoa=tu-khoa q=tin tu_ngay=1/1/2024".split()


@pytest.mark.parametrize("choice", ["", *CHOICES, "&".join(CHOICES)])
def test_one_row_costs_as_many_questions_as_many(client, choice, monkeypatch):
    """Also when the list became a long one and its map has to be drawn."""
    agency, campaign, cover, author = make_agency(), make_campaign(), make_image(), make_official()
    topic = Topic.objects.create(name="Chủ đề")
    [tag] = Tag.objects.named(["Từ khóa"])

    def publish():
        article = make_article(agency=agency, cover=cover, author=author, campaigns=[campaign])
        article.topics.add(topic)
        article.tags.add(tag)
        Article.objects.filter(pk=article.pk).update(
            status="approved", publish_at=timezone.now() - timedelta(minutes=1)
        )

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    path = f"/tin-bai/?{choice.format(campaign=campaign.pk, agency=agency.pk)}"
    publish()
    client.get(path)
    few = questions()
    for _number in range(30):
        publish()
    assert questions() == few <= 12
    assert len(titles(client, path.split("?")[1])) == 12

    monkeypatch.setattr(paging, "STRIDE", 10)
    assert questions() <= 12 + 2  # the first visitor of a minute pays for the map
    assert questions() <= 12
