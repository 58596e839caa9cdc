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
    body = f'<p>Chữ canary trong thân bài <img src="{inner.url_small}" alt=""></p>'
    article = make_article(
        title="Bài canary chưa đến giờ", body=body, cover=cover, published=True, campaigns=[campaign]
    )
    addresses = [article.get_absolute_url(), cover.url_small, inner.url_small]

    Article.objects.update(publish_at=timezone.now() + timedelta(seconds=1))
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert not any("canary" in client.get(page).content.decode() for page in public_pages(campaign))

    Article.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    assert "canary" in client.get("/").content.decode()
    assert "canary" in client.get(campaign.get_absolute_url()).content.decode()

    Article.objects.update(unpublish_at=timezone.now())
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


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
    for _number in range(30):
        make_article(published=True, campaigns=[campaign], agency=agency, cover=cover)
    with django_assert_num_queries(len(few)):
        client.get(path)


def test_a_long_title_and_hostile_words_are_shown_as_words(client):
    article = make_article(published=True, title="<script>alert(1)</script> " + "Rất dài " * 25)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
