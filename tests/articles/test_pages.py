"""Fixed pages: their address, their review, who reads them when, and the five every portal begins with."""

import html
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.roles import Role
from articles import arrangement, desk_tools, services
from articles.models import MenuItem, Page
from parcai.demo.clock import at
from parcai.lib.addresses import leads_somewhere
from tests.factories import make_article, make_image, make_official, make_page

pytestmark = pytest.mark.django_db
ADD = "/quan-tri/articles/page/add/"
FIVE = {"gioi-thieu", "lien-he", "tro-nang", "quyen-rieng-tu", "dieu-khoan"}


def signed_in(client, *roles):
    official = make_official(*roles, is_staff=True)
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return official


def text_of(client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def form(**fields) -> dict:
    return {
        "title": "Trang thử",
        "slug": "trang-thu",
        "summary": "",
        "body": "<p>Chữ của trang.</p>",
        "publish_at_0": "",
        "publish_at_1": "",
        "unpublish_at_0": "",
        "unpublish_at_1": "",
        "review_on": "",
        "seen_version": "1",
        "comment": "",
        **fields,
    }


# Reading ---------------------------------------------------------------------------------------------------------


def test_a_page_its_picture_and_its_menu_link_appear_with_its_hour_and_not_a_second_before(client):
    picture = make_image()
    page = make_page(
        slug="canary", body=f'<p>Chữ <img src="{picture.url_small}" alt="Ảnh"></p>', published=True
    )
    MenuItem.objects.create(place=MenuItem.Place.FOOTER, title="Lối canary", page=page)
    hour = timezone.now() + timedelta(days=1)
    Page.objects.update(publish_at=hour, first_published_at=None)

    def seen():
        listed = "/trang/canary/" in client.get("/sitemap-trang-1.xml").content.decode()
        menu = "Lối canary" in text_of(client, "/")
        return (
            client.get("/trang/canary/").status_code,
            client.get(picture.url_small).status_code,
            menu,
            listed,
        )

    with at(hour - timedelta(seconds=1)):
        assert seen() == (404, 404, False, False)
    with at(hour):
        assert seen() == (200, 200, True, True)

    Page.objects.update(unpublish_at=hour + timedelta(hours=1))
    with at(hour + timedelta(minutes=59)):
        assert seen() == (200, 200, True, True)
    with at(hour + timedelta(hours=1)):
        assert seen() == (200, 200, False, False)  # an archive is read at its address and stands in no list


def test_a_page_says_what_it_is_to_readers_and_machines(client, settings):
    make_page(slug="the-le", title="Thể lệ & <b>quy định</b>", summary="Một câu “tóm tắt”.", published=True)
    page = client.get("/trang/the-le/").content.decode()

    assert page.count("<h1>") == 1
    assert "<h1>Thể lệ &amp; &lt;b&gt;quy định&lt;/b&gt;</h1>" in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/trang/the-le/">' in page
    assert 'property="og:title" content="Thể lệ &amp; &lt;b&gt;quy định&lt;/b&gt;"' in page
    assert "noindex" not in page
    assert "data-print" in page


def test_what_is_hostile_in_a_body_is_gone(client):
    make_page(
        slug="hai",
        body='<p onclick="x()">A</p><script>x</script><a href="javascript:x">b</a>',
        published=True,
    )
    page = client.get("/trang/hai/").content.decode()
    rich = page.split('<div class="rich">')[1].split("</div>")[0]

    assert re.sub(r"\s", "", rich) == '<p>A</p><arel="noopenernoreferrernofollow">b</a>'


def test_a_withdrawn_page_says_why_and_leaves_the_menu(client):
    page = make_page(slug="cu", published=True)
    MenuItem.objects.create(place=MenuItem.Place.MAIN, title="Lối cũ", page=page)
    services.withdraw(page, by=make_official(Role.PUBLISHER), reason="Quy định đã đổi")

    response = client.get("/trang/cu/")

    assert response.status_code == 410
    assert "Quy định đã đổi" in html.unescape(response.content.decode())
    assert "Trang này đã được gỡ" in html.unescape(response.content.decode())
    assert "Lối cũ" not in text_of(client, "/")


@pytest.mark.parametrize("slug", ["khong-co", "GIOI-THIEU", "a" * 300, "-", "1"])
def test_no_page_no_error(client, slug):
    make_page(slug="gioi-thieu", published=True)
    assert client.get(f"/trang/{slug}/").status_code == 404


def test_a_draft_is_seen_by_those_who_may_and_through_a_preview_link(client):
    page = make_page(slug="nhap-moi")
    assert client.get("/trang/nhap-moi/").status_code == 404

    token = desk_tools.token(desk_tools.make_preview_link(page, by=page.author))
    response = client.get(f"/xem-thu/{token}/", follow=True)

    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    assert "Người đọc chưa thấy trang này." in html.unescape(response.content.decode())
    client.cookies.clear()
    client.force_login(page.author, backend="agencies.auth.OfficialBackend")
    assert client.get("/trang/nhap-moi/").status_code == 200
    signed_in(client, Role.COORDINATOR)
    assert client.get("/trang/nhap-moi/").status_code == 404


def test_one_page_costs_as_many_queries_as_many(client, django_assert_num_queries):
    make_page(slug="mot", published=True)
    with django_assert_num_queries(3):  # the page, the menus, the notices
        client.get("/trang/mot/")
    for _number in range(5):
        MenuItem.objects.create(title="Thêm", page=make_page(published=True))
    with django_assert_num_queries(3):
        client.get("/trang/mot/")


# Changing --------------------------------------------------------------------------------------------------------


def test_a_change_is_read_once_a_second_person_approves_and_keeps_the_address(client):
    page = make_page(slug="lien-he", body="<p>Số cũ</p>", published=True)
    editor = make_official(Role.EDITOR, is_staff=True)
    draft = services.amend(page, by=editor)
    draft.body = "<p>Số mới</p>"
    draft.save()

    assert draft.slug != "lien-he"
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "Số cũ" in text_of(client, "/trang/lien-he/")

    services.submit(draft, by=editor)
    services.approve(draft, by=make_official(Role.PUBLISHER))
    assert "Số mới" in text_of(client, "/trang/lien-he/")
    assert Page.objects.count() == 1


def test_a_copy_has_an_address_of_its_own():
    page = make_page(slug="goc", published=True)
    copy = services.copy(page, by=make_official(Role.EDITOR))

    assert copy.slug != page.slug
    assert copy.status == Page.Status.DRAFT


def test_two_pages_never_share_an_address():
    make_page(slug="mot-trang")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_page(slug="mot-trang")


def test_an_editor_drafts_a_page_and_the_board_approves_it(client):
    editor = signed_in(client, Role.EDITOR)
    assert client.post(ADD, form(_submit_for_review="1")).status_code == 302

    page = Page.objects.get(slug="trang-thu")
    assert (page.author, page.status) == (editor, Page.Status.IN_REVIEW)
    assert page.revisions.count() == 1
    signed_in(client, Role.PUBLISHER)
    client.post(f"/quan-tri/articles/page/{page.pk}/change/", form(seen_version=page.version, _approve="1"))
    page.refresh_from_db()
    assert page.is_published


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("", "cần được điền"),
        ("Giới thiệu", "Chỉ dùng chữ thường không dấu"),
        ("gioi_thieu", "Chỉ dùng chữ thường không dấu"),
        ("-gioi", "Chỉ dùng chữ thường không dấu"),
        ("a/b", "Chỉ dùng chữ thường không dấu"),
        ("a\n", None),
        ("<script>", "Chỉ dùng chữ thường không dấu"),
        ("a" * 81, "80"),
        ("da-co", "Đã có trang ở địa chỉ này"),
    ],
)
def test_a_wrong_address_is_told_beside_its_field_and_the_text_stays(client, slug, words):
    make_page(slug="da-co")
    signed_in(client, Role.EDITOR)

    response = client.post(ADD, form(slug=slug))

    if words is None:
        assert Page.objects.filter(slug="a").exists()  # a line end around it is no part of what was typed
        return
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert words in str(errors["slug"])
    assert "Chữ của trang." in html.unescape(response.content.decode())


def test_the_address_of_what_was_public_is_settled(client):
    page = make_page(slug="co-dinh", published=True)
    board = make_official(Role.PUBLISHER)
    services.take_back(page, by=board)
    signed_in(client, Role.EDITOR)
    path = f"/quan-tri/articles/page/{page.pk}/change/"

    assert 'name="slug"' not in client.get(path).content.decode()
    client.post(path, form(slug="khac", title="Tên mới", seen_version=page.version, _save="1"))

    page.refresh_from_db()
    assert (page.slug, page.title) == ("co-dinh", "Tên mới")


def test_who_chose_the_address_does_not_approve_it(client):
    page = make_page(slug="cu-ky")
    board = signed_in(client, Role.PUBLISHER)
    path = f"/quan-tri/articles/page/{page.pk}/change/"
    client.post(path, form(slug="moi-hon", title=page.title, body=page.body, seen_version=1, _save="1"))
    page.refresh_from_db()
    assert page.slug == "moi-hon"
    services.submit(page, by=page.author)

    with pytest.raises(services.StepError):
        services.approve(page, by=board)


# The five ---------------------------------------------------------------------------------------------------------


def test_the_known_pages_are_loaded_once_as_drafts(client, capsys):
    author = make_official(Role.EDITOR, username="soan")
    call_command("load_pages", author="soan")

    assert set(Page.objects.values_list("slug", flat=True)) == FIVE
    assert set(Page.objects.values_list("status", "author")) == {("draft", author.pk)}
    assert all(page.review_on > timezone.localdate() for page in Page.objects.all())
    assert not any(f"/trang/{slug}/" in text_of(client, "/") for slug in FIVE)
    Page.objects.filter(slug="lien-he").update(title="Ban biên tập đã sửa")

    call_command("load_pages", author="soan")

    assert Page.objects.get(slug="lien-he").title == "Ban biên tập đã sửa"
    assert (Page.objects.count(), MenuItem.objects.exclude(page=None).count()) == (5, 5)
    assert "0 trang mới" in capsys.readouterr().out


def test_once_approved_they_stand_in_the_footer_and_every_link_in_them_leads_somewhere(client):
    author, board = make_official(Role.EDITOR), make_official(Role.PUBLISHER)
    for page in arrangement.load_pages(author=author):
        services.submit(page, by=author)
        services.approve(page, by=board)

    footer = client.get("/").content.decode().split('<footer class="footer">')[1]

    assert set(re.findall(r'href="/trang/([^/]+)/"', footer)) == FIVE
    for page in Page.objects.all():
        assert client.get(page.get_absolute_url()).status_code == 200
        assert all(leads_somewhere(path) for path in re.findall(r'href="(/[^"]*)"', page.body)), page
        assert "$" not in page.body


def test_what_nobody_has_published_is_said_so_and_what_is_set_is_escaped(settings):
    settings.PUBLISHER = {
        "agency": "Sở A & <b>B</b>",
        "responsible": "",
        "address": "",
        "phone": "",
        "email": "",
    }
    arrangement.load_pages(author=make_official(Role.EDITOR))

    contact = Page.objects.get(slug="lien-he").body
    assert "<dd>chưa công bố</dd>" in contact
    assert "Sở A &amp; &lt;b&gt;B&lt;/b&gt;" in contact


def test_loading_needs_an_official_who_works_here():
    make_official(Role.EDITOR, username="nghi", is_active=False)
    for name in ("khong-co", "nghi"):
        with pytest.raises(CommandError):
            call_command("load_pages", author=name)
    assert not Page.objects.exists()


def test_an_article_picture_shown_in_a_page_says_where_it_is_used():
    picture = make_image()
    page = make_page(body=f'<p><img src="{picture.url_small}" alt="Ảnh"></p>')
    article = make_article(cover=picture)

    assert set(picture.used_in()) == {page, article}
