import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.roles import Role
from articles import services
from articles.models import Article
from tests.factories import make_agency, make_article, make_campaign, make_image, make_official

pytestmark = pytest.mark.django_db


def public_pages(campaign):
    return [
        "/",
        "/tin-bai/",
        f"/tin-bai/?noi_dung={campaign.pk}",
        campaign.get_absolute_url(),
        "/ke-hoach/2023/",
    ]


def test_nothing_shows_one_second_early_and_everything_shows_one_second_late(client):
    """No worker runs in this test: page, lists and the picture's own address follow the clock alone."""
    campaign, cover = make_campaign(), make_image()
    inner = make_image()
    body = f'<p>Chữ canary trong thân bài <img src="{inner.url_small}" alt="Ảnh"></p>'
    article = make_article(
        title="Bài canary chưa đến giờ", body=body, cover=cover, published=True, campaigns=[campaign]
    )
    addresses = [article.get_absolute_url(), cover.url_small, inner.url_small]

    Article.objects.update(publish_at=timezone.now() + timedelta(seconds=1), first_published_at=None)
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert not any("canary" in client.get(page).content.decode() for page in public_pages(campaign))

    Article.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    assert "canary" in client.get("/").content.decode()
    assert "canary" in client.get(campaign.get_absolute_url()).content.decode()

    Article.objects.update(unpublish_at=timezone.now())
    assert not any("canary" in client.get(page).content.decode() for page in public_pages(campaign))
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_a_withdrawn_article_says_why_and_its_picture_is_gone(client):
    cover = make_image()
    article = make_article(published=True, cover=cover)
    services.announce(article)
    services.withdraw(article, by=make_official(Role.PUBLISHER), reason="Số liệu trong bài chưa đúng")
    response = client.get(article.get_absolute_url())
    assert response.status_code == 410
    assert "Số liệu trong bài chưa đúng" in response.content.decode()
    assert client.get(cover.url_small).status_code == 404


def test_an_old_address_leads_to_the_new_one(client):
    article = make_article(published=True)
    response = client.get(f"/tin-bai/ten-cu-{article.pk}/")
    assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())


def test_a_draft_is_previewed_by_those_who_may_see_it_only(client):
    article = make_article()
    assert client.get(article.get_absolute_url()).status_code == 404
    client.force_login(make_official(Role.COORDINATOR), backend="agencies.auth.OfficialBackend")
    assert client.get(article.get_absolute_url()).status_code == 404
    client.force_login(article.author, backend="agencies.auth.OfficialBackend")
    page = client.get(article.get_absolute_url())
    assert page.status_code == 200
    assert "Bản xem thử" in page.content.decode()


def test_an_editor_of_one_agency_does_not_see_drafts_of_another():
    article = make_article()
    assert Article.objects.visible_to(make_official(Role.EDITOR, agency=article.agency)).exists()
    assert not Article.objects.visible_to(make_official(Role.EDITOR, agency=make_agency())).exists()
    assert Article.objects.visible_to(make_official(Role.EDITOR)).exists()


def test_filters_narrow_the_list(client):
    campaign, agency = make_campaign(), make_agency()
    make_article(published=True, title="Bài thứ nhất", kind="guide", campaigns=[campaign])
    make_article(published=True, title="Bài thứ hai", kind="news", agency=agency)
    for query, shown, hidden in (
        ("loai=guide", "Bài thứ nhất", "Bài thứ hai"),
        (f"noi_dung={campaign.pk}", "Bài thứ nhất", "Bài thứ hai"),
        (f"co_quan={agency.pk}", "Bài thứ hai", "Bài thứ nhất"),
    ):
        page = client.get(f"/tin-bai/?{query}").content.decode()
        assert shown in page
        assert hidden not in page


@pytest.mark.parametrize(
    "query",
    [
        "loai=khong-co",
        "noi_dung=abc",
        "co_quan=99999999999999999999",
        "page=99",
        "page=abc",
        "loai=a&loai=b",
        "x=1",
    ],
)
def test_nonsense_in_the_address_is_no_server_error(client, query):
    make_article(published=True)
    assert client.get(f"/tin-bai/?{query}").status_code in {200, 404}


@pytest.mark.parametrize("path", ["/", "/tin-bai/", "/tin-bai/?loai=news", "article"])
def test_pages_ask_the_same_number_of_queries_however_much_there_is(
    client, path, django_assert_max_num_queries, django_assert_num_queries
):
    campaign, agency, cover = make_campaign(), make_agency(), make_image()
    article = make_article(published=True, campaigns=[campaign], agency=agency, cover=cover)
    path = article.get_absolute_url() if path == "article" else path
    for _number in range(4):
        make_article(published=True, campaigns=[campaign], agency=agency, cover=cover)
    with django_assert_max_num_queries(12) as few:
        client.get(path)
    for _number in range(100):
        make_article(published=True, campaigns=[campaign], agency=agency, cover=cover)
    with django_assert_num_queries(len(few)):
        client.get(path)


def test_a_long_title_and_hostile_words_are_shown_as_words(client):
    article = make_article(published=True, title="<script>alert(1)</script> " + "Rất dài " * 25)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_is_over_is_read_at_its_address_as_an_archive_and_found_by_no_machine(client):
    article = make_article(published=True)
    Article.objects.update(publish_at="2026-02-01T05:00:00Z", unpublish_at="2026-03-02T05:00:00Z")
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Lưu trữ: bài đã hết thời hạn đăng ngày 2/3/2026" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Bản xem thử" not in page


def test_what_was_read_and_is_being_edited_says_so_and_shows_nothing_else(client):
    article = make_article(published=True, body="<p>Chữ canary</p>")
    services.take_back(article, by=make_official(Role.PUBLISHER))
    response = client.get(article.get_absolute_url())
    assert response.status_code == 410
    assert "đang được chỉnh sửa" in response.content.decode()
    assert "canary" not in response.content.decode()


def test_what_was_withdrawn_before_its_hour_is_not_known_at_its_address(client):
    article = make_article()
    Article.objects.update(publish_at=timezone.now() + timedelta(days=1))
    article.refresh_from_db()
    services.submit(article, by=article.author)
    services.approve(article, by=make_official(Role.PUBLISHER))
    services.withdraw(article, by=make_official(Role.PUBLISHER), reason="Lý do canary")
    response = client.get(article.get_absolute_url())
    assert response.status_code == 404
    assert "canary" not in response.content.decode()


def test_the_preview_says_what_the_reader_sees_meanwhile(client):
    board = make_official(Role.PUBLISHER, is_staff=True)
    withdrawn, early, edited = make_article(published=True), make_article(), make_article(published=True)
    services.withdraw(withdrawn, by=board, reason="Sai")
    Article.objects.filter(pk=early.pk).update(publish_at=timezone.now() + timedelta(days=1))
    early.refresh_from_db()
    services.submit(early, by=early.author)
    services.approve(early, by=board)
    services.withdraw(early, by=board, reason="Hoãn")
    services.take_back(edited, by=board)
    client.force_login(board, backend="agencies.auth.OfficialBackend")
    pages = [client.get(each.get_absolute_url()).content.decode() for each in (withdrawn, early, edited)]
    for page, words in zip(
        pages,
        ("Người đọc thấy lý do gỡ bài", "Người đọc chưa từng thấy bài này", "Bản đang sửa"),
        strict=True,
    ):
        assert words in page
        assert "Bản xem thử" not in page


def test_a_changed_article_says_when_and_the_true_address_does_not_follow_the_host(client, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    settings.ALLOWED_HOSTS = ["khac.vidu.vn", "testserver"]
    article = make_article(published=True)
    Article.objects.update(
        publish_at="2026-01-05T03:00:00Z",
        first_published_at="2026-01-05T03:00:00Z",
        edited_at="2026-02-06T03:00:00Z",
        approved_at="2026-02-07T03:00:00Z",
    )
    page = client.get(article.get_absolute_url(), headers={"Host": "khac.vidu.vn"}).content.decode()
    assert f'<link rel="canonical" href="https://cchc.vidu.vn{article.get_absolute_url()}">' in page
    assert re.search(r"Cập nhật <time[^>]*>10:00 7/2/2026<", page)


# Reading ---------------------------------------------------------------------------------------------------------


def test_a_long_article_has_a_table_of_contents_and_a_short_one_none(client):
    parts = "".join(f"<h2>Phần <em>{number}</em></h2><p>Chữ.</p>" for number in (1, 2, 3))
    long, short = make_article(published=True, body=parts), make_article(published=True)

    page = client.get(long.get_absolute_url()).content.decode()

    assert '<a href="#muc-2">Phần 2</a>' in page
    assert '<h2 id="muc-2">Phần <em>2</em></h2>' in page
    assert "Trong bài này" not in client.get(short.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (220, 1), (660, 3)])
def test_the_time_to_read_follows_from_the_words(words, minutes):
    assert make_article(body=f"<p>{'chữ ' * words}</p>").minutes == minutes


def test_sharing_needs_no_other_site_and_names_ours(client, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    article = make_article(published=True, title='Một "cửa" & liên thông')

    page = client.get(article.get_absolute_url()).content.decode()

    address = "https%3A%2F%2Fcchc.vidu.vn%2Ftin-bai%2F"
    assert f'href="https://www.facebook.com/sharer/sharer.php?u={address}' in page
    assert "mailto:?subject=M%E1%BB%99t%20%22c%E1%BB%ADa%22" in page
    assert '<meta property="og:url" content="https://cchc.vidu.vn/tin-bai/' in page
    assert "<script src=" not in page.replace('<script src="/static/', "")


def test_the_list_is_narrowed_by_days_of_viet_nam(client):
    for title, hour in (("Bài sát nửa đêm", "2026-03-01T17:30"), ("Bài hôm trước", "2026-03-01T16:30")):
        article = make_article(published=True, title=title)
        Article.objects.filter(pk=article.pk).update(publish_at=f"{hour}:00+00:00")

    page = client.get("/tin-bai/?tu_ngay=2/3/2026&den_ngay=2/3/2026").content.decode()

    assert "Bài sát nửa đêm" in page  # 0:30 of 2/3 here
    assert "Bài hôm trước" not in page


@pytest.mark.parametrize(
    "query", ["tu_ngay=31/2/2026", "den_ngay=x", "tu_ngay=%00", "tu_ngay=1/1/0001", "den_ngay=31/12/9999"]
)
def test_an_odd_day_is_no_server_error(client, query):
    assert client.get(f"/tin-bai/?{query}").status_code in {200, 400}
