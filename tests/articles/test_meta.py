"""What programs read of an article: structured data, the card other sites show, feeds."""

import io
import json
import re

import pytest
from django.core.cache import cache
from PIL import Image as Pillow

from articles import cards, services
from articles.models import Article, Tag, Topic
from parcai.lib import html
from tests.articles.test_admin import Role
from tests.factories import (
    ago,
    make_agency,
    make_article,
    make_campaign,
    make_file,
    make_image,
    make_official,
)

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>')


def data_of(page: str) -> dict:
    return {each["@type"]: each for each in (json.loads(block) for block in BLOCK.findall(page))}


def test_an_article_says_what_it_is_to_programs(client, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    agency = make_agency(name="Sở Tư pháp")
    article = make_article(published=True, title="Khai sinh qua mạng", agency=agency)
    found = data_of(client.get(article.get_absolute_url()).content.decode())
    news = found["NewsArticle"]
    assert news["headline"] == "Khai sinh qua mạng"
    assert news["mainEntityOfPage"] == f"https://cchc.vidu.vn{article.get_absolute_url()}"
    assert news["datePublished"] == article.publish_at.isoformat()
    assert news["author"]["name"] == "Sở Tư pháp"
    assert news["publisher"]["@type"] == "GovernmentOrganization"
    way = found["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in way] == ["Trang chủ", "Tin bài", "Khai sinh qua mạng"]


def test_the_home_page_and_an_agency_say_who_they_are(client, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    agency = make_agency(name="Sở Tư pháp", phone="0257 000 0000")
    home = data_of(client.get("/").content.decode())["GovernmentOrganization"]
    assert home == {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": settings.PUBLISHER["agency"],
        "url": "https://cchc.vidu.vn/",
    }
    found = data_of(client.get(agency.get_absolute_url()).content.decode())["GovernmentOrganization"]
    assert (found["name"], found["telephone"]) == ("Sở Tư pháp", "0257 000 0000")
    assert "email" not in found


def test_no_title_ends_the_block_or_begins_another(client):
    title = '</script><script>alert(1)</script> & "x" \u2028'
    article = make_article(published=True, title=title)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert data_of(page)["NewsArticle"]["headline"].startswith("</script><script>alert(1)</script> &")
    assert "\u2028" not in html.data_block({"a": "\u2028"})


def test_what_is_not_published_says_nothing_to_programs(client):
    editor = make_official(Role.EDITOR, is_staff=True)
    article = make_article(author=editor)
    client.force_login(editor, backend="agencies.auth.OfficialBackend")
    page = client.get(article.get_absolute_url()).content.decode()
    assert BLOCK.findall(page) == []
    assert "og:image" not in page


def test_an_article_without_a_cover_gets_a_card_of_its_own(client, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    plain, covered = make_article(published=True), make_article(published=True, cover=make_image())
    assert (
        f'og:image" content="https://cchc.vidu.vn/tin-bai/{plain.pk}/the.png"'
        in client.get(plain.get_absolute_url()).content.decode()
    )
    assert (
        f'og:image" content="https://cchc.vidu.vn{covered.cover.url_plain}"'
        in client.get(covered.get_absolute_url()).content.decode()
    )
    answer = client.get(f"/tin-bai/{plain.pk}/the.png")
    assert answer["Content-Type"] == "image/png"
    assert Pillow.open(io.BytesIO(answer.content)).size == (1200, 630)


def test_a_card_shows_nothing_before_its_hour_and_changes_with_the_article(client):
    cache.clear()
    waiting = make_article(publish_at=ago(days=-1), published=True)
    assert client.get(f"/tin-bai/{waiting.pk}/the.png").status_code == 404
    article = make_article(published=True, title="Tiêu đề cũ")
    before = client.get(f"/tin-bai/{article.pk}/the.png").content
    draft = services.amend(article, by=article.author)
    draft.title = "Tiêu đề hoàn toàn khác"
    draft.save()
    services.submit(draft, by=article.author)
    services.approve(draft, by=make_official(Role.PUBLISHER))
    assert client.get(f"/tin-bai/{article.pk}/the.png").content != before


@pytest.mark.parametrize("title", ["", "x" * 250, "Ắ" * 250, "từ " * 80, "😀 <svg> ₫ \u202e", "một"])
def test_any_title_makes_a_card(title):
    drawn = cards.draw(title=title, kind="Tin tức", agency="Sở " * 60)
    assert Pillow.open(io.BytesIO(drawn)).size == (1200, 630)


def test_a_topic_has_its_feed_and_a_correction_stands_in_it(client):
    topic = Topic.objects.create(name="Một cửa")
    article, other = make_article(published=True, title="Trong"), make_article(published=True, title="Ngoài")
    article.topics.add(topic)
    article.corrections.create(text="Sai ngày <b>", made_at=ago())
    feed = client.get("/rss/tin-bai/chu-de/mot-cua/").content.decode()
    assert "Trong" in feed
    assert "Sai ngày" in feed
    assert other.title not in feed
    assert client.get("/rss/tin-bai/chu-de/khong-co/").status_code == 404


def test_neighbours_and_related_are_public_and_of_the_same_campaign(client):
    campaign = make_campaign()
    older, middle, newer, secret = (
        make_article(published=number != 3, title=title, campaigns=[campaign])
        for number, title in enumerate(["Bài cũ hơn", "Bài giữa", "Bài mới hơn", "Bài kín"])
    )
    for number, article in enumerate((older, middle, newer)):
        Article.objects.filter(pk=article.pk).update(publish_at=ago(days=3 - number))
    picked, hidden = make_article(published=True, title="Chọn bằng tay"), make_article(title="Chưa đăng")
    middle.related.set([picked, hidden, secret])
    page = client.get(middle.get_absolute_url()).content.decode()
    nav = page.split('class="neighbours"')[1].split("</nav>")[0]
    assert nav.index("Bài cũ hơn") < nav.index("Bài mới hơn")
    assert "Chọn bằng tay" in page
    assert "Chưa đăng" not in page
    assert "Bài kín" not in page


def test_switches_take_away_what_they_name(client):
    article = make_article(published=True, has_rating=False, has_share=False, has_read_aloud=False)
    page = client.get(article.get_absolute_url()).content.decode()
    for gone in ("data-aloud", "data-share", "facebook.com", "danh-gia"):
        assert gone not in page
    assert client.get(f"/tin-bai/{article.pk}/danh-gia/").status_code == 404


def test_topics_and_tags_lead_to_their_lists(client):
    article = make_article(published=True)
    article.topics.add(Topic.objects.create(name="Một cửa <b>"))
    article.tags.set(Tag.objects.named(["Khai sinh", "an sinh"]))
    page = client.get(article.get_absolute_url()).content.decode()
    shown = re.findall(r'<a class="chip[^"]*" href="([^"]+)"[^>]*>([^<]+)</a>', page)
    assert shown == [
        ("/tin-bai/?chu_de=mot-cua-b", "Một cửa &lt;b&gt;"),
        ("/tin-bai/?tu_khoa=khai-sinh", "# Khai sinh"),
        ("/tin-bai/?tu_khoa=an-sinh", "# an sinh"),
    ]
    for address, _words in shown:
        assert article.title in client.get(address).content.decode()


def test_corrections_stand_at_the_head_newest_first_with_their_day(client):
    article = make_article(published=True, body="<p>Thân bài</p>")
    article.corrections.create(text="Sửa số liệu.", made_at="2026-03-01T18:00:00Z")
    article.corrections.create(text="Sửa tên <người>.", made_at="2026-03-05T03:00:00Z")
    page = client.get(article.get_absolute_url()).content.decode()
    lines = [
        " ".join(re.sub(r"<[^>]+>", "", line).split())
        for line in re.findall(r'<p class="correction".*?</p>', page)
    ]
    assert lines == [
        "Đính chính ngày 5/3/2026: Sửa tên &lt;người&gt;.",
        "Đính chính ngày 2/3/2026: Sửa số liệu.",
    ]
    assert page.index('id="dinh-chinh-1"') < page.index("Thân bài")


def test_files_are_offered_with_their_kind_and_size(client):
    article, stored = make_article(published=True), make_file(title="Mẫu đơn <1>")
    article.files.add(stored)
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'<a href="{stored.get_absolute_url()}">Mẫu đơn &lt;1&gt;</a>' in page
    assert "PDF" in page.split("Mẫu đơn &lt;1&gt;")[1][:120]
    answer = client.get(stored.get_absolute_url())
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    answer.close()


def test_views_are_said_with_their_thousands(client):
    article = make_article(published=True)
    Article.objects.update(views=1234)
    assert "1.234 lượt xem" in client.get(article.get_absolute_url()).content.decode()


def test_hand_picked_articles_come_first_and_fill_up_with_the_newest_of_the_campaign(client):
    campaign = make_campaign()
    article = make_article(published=True, campaigns=[campaign])
    for number in range(4):
        each = make_article(published=True, title=f"Cùng nội dung {number}", campaigns=[campaign])
        Article.objects.filter(pk=each.pk).update(publish_at=ago(hours=4 - number))
    picked = make_article(published=True, title="Chọn tay")
    article.related.add(picked)
    page = client.get(article.get_absolute_url()).content.decode()
    section = page.split('id="lien-quan"')[1]
    assert re.findall(r'class="card__title"><a[^>]+>([^<]+)<', section) == [
        "Chọn tay",
        "Cùng nội dung 3",
        "Cùng nội dung 2",
    ]


def test_machines_are_kept_from_archives_and_previews(client):
    assert "Disallow: /xem-thu/" in client.get("/robots.txt").content.decode()
    over = make_article(published=True)
    Article.objects.update(publish_at=ago(days=2), unpublish_at=ago(days=1))
    page = client.get(over.get_absolute_url()).content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert BLOCK.findall(page) == []
    assert "data-seen" not in page
