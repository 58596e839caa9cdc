"""What the board arranges without code: who may, what is refused, when it shows, and that nothing shows early."""

import html
import re
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import services as agencies
from agencies.models import WorkCalendarDay
from agencies.roles import Role
from articles import arrangement
from articles.models import Article, Block, HomeSection, Image, MenuItem, SiteNotice, Topic
from parcai.demo.clock import at
from parcai.lib.addresses import parse_links, validate_address, validate_outside, validate_own_path
from tests.factories import (
    make_article,
    make_campaign,
    make_document,
    make_image,
    make_official,
    make_page,
    make_published_case,
    make_video,
)

pytestmark = pytest.mark.django_db
BASE = "/quan-tri/articles/"
MAIN_TODAY = [
    "/hoi-dap/",
    "/phan-anh/",
    "/tra-cuu/",
    "/ke-hoach/",
    "/tin-bai/",
    "/van-ban/",
    "/video/",
    "/co-quan/",
]
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # nine in the morning in Việt Nam


def signed_in(client, *roles):
    official = make_official(*roles, is_staff=True)
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return official


def text_of(client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def errors_of(response) -> dict:
    assert response.status_code == 200
    return {name: " ".join(words) for name, words in response.context["adminform"].form.errors.items()}


def main_menu(client, path: str = "/") -> list[str]:
    """Addresses of the main menu in their order, which the phone's menu has too."""
    page = client.get(path).content.decode()
    found = [
        re.findall(r'<a href="([^"]*)"', part.split("</nav>")[0])
        for part in page.split('<nav aria-label="Chuyên mục">')[1:]
        + page.split('<nav class="mainnav" aria-label="Chuyên mục">')[1:]
    ]
    assert found[0] == found[1]
    return [html.unescape(each) for each in found[0]]


# Addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/tin-bai/", "/tin-bai/?loai=guide", "/hoi-dap/#noi-dung-chinh", "/rss/tin-bai/", "/trang/x/"],
)
def test_a_page_of_the_portal_is_an_own_address(path):
    validate_own_path(path)
    validate_address(path)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "tin-bai/",
            "//ke-gian.vn/",
            "/\\ke-gian.vn",
            "/tin bai/",
            "/tin-bai/\n",
            "/khong-co-trang-nay/",
        ),
        *("javascript:alert(1)", "/tin-bai/\x00", "https://vidu.vn/", "/tin-bai", "/" + "a" * 600, "///"),
    ],
)
def test_what_is_no_page_of_the_portal_is_refused(path):
    with pytest.raises(ValidationError):
        validate_own_path(path)


@pytest.mark.parametrize(
    "url", ["https://dichvucong.gov.vn", "https://vidu.vn/a?b=c#d", "https://xn--vd-xja.vn/"]
)
def test_an_outside_address_is_one_under_https(url):
    validate_outside(url)
    validate_address(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "http://vidu.vn",
            "ftp://vidu.vn",
            "javascript:alert(1)",
            "data:text/html,x",
            "//vidu.vn",
            "vidu.vn",
        ),
        *(
            "https://",
            "https:///x",
            "https://phuyen.gov.vn@ke-gian.vn/",
            "https://vidu.vn\\x",
            "https://[::1",
        ),
        *("https://vidu.vn/ x", "https://" + "a" * 600 + ".vn", "/tin-bai/"),
    ],
)
def test_what_is_no_outside_address_is_refused(url):
    with pytest.raises(ValidationError):
        validate_outside(url)


def test_lines_of_links_are_read_and_a_wrong_one_is_named():
    good = "Tin bài | /tin-bai/\n\n  A | B  |  https://vidu.vn/?x=1|2 "
    with pytest.raises(ValidationError, match="Dòng 3"):
        parse_links(good, most=5)
    assert parse_links("Tin bài | /tin-bai/\n\n A | B | https://vidu.vn/", most=5) == [
        ("Tin bài", "/tin-bai/"),
        ("A | B", "https://vidu.vn/"),
    ]
    for bad in (
        "Tin bài /tin-bai/",
        "| /tin-bai/",
        "Tin bài |",
        "x" * 121 + " | /",
        "X | javascript:alert(1)",
    ):
        with pytest.raises(ValidationError, match="Dòng 1"):
            parse_links(bad, most=5)
    with pytest.raises(ValidationError, match="Nhiều nhất 2"):
        parse_links("A | /\nB | /\nC | /", most=2)


# Menus -----------------------------------------------------------------------------------------------------------


def test_a_new_portal_has_todays_navigation(client):
    assert main_menu(client) == MAIN_TODAY
    footer = client.get("/").content.decode().split('<footer class="footer">')[1]
    for path in ("/lich-lam-viec/", "/rss/tin-bai/", "/tai-khoan/dang-nhap/"):
        assert f'href="{path}"' in footer


def test_without_any_menu_the_essential_links_remain(client):
    MenuItem.objects.all().delete()
    essential = ["/hoi-dap/gui/", "/phan-anh/gui/", "/tra-cuu/"]
    assert main_menu(client) == essential

    MenuItem.objects.create(title="Ẩn", path="/tin-bai/", is_shown=False)
    assert main_menu(client) == essential


def test_menus_follow_order_switch_parents_and_public_pages(client):
    MenuItem.objects.all().delete()
    draft, public = make_page(slug="chua-dang"), make_page(slug="da-dang", published=True)
    head = MenuItem.objects.create(title="Đọc", path="/tin-bai/", order=20)
    MenuItem.objects.create(title="Đầu", url="https://vidu.vn/?a=1&b=2", order=10)
    MenuItem.objects.create(title="Con", page=public, parent=head, order=5)
    MenuItem.objects.create(title="Con nháp", page=draft, parent=head)
    MenuItem.objects.create(title="Nháp", page=draft)
    hidden = MenuItem.objects.create(title="Ẩn", path="/video/", is_shown=False)
    MenuItem.objects.create(title="Con của ẩn", path="/van-ban/", parent=hidden)
    MenuItem.objects.create(title="Trang đã bỏ", path="/trang-cu-khong-con/")

    assert main_menu(client) == ["https://vidu.vn/?a=1&b=2", "/tin-bai/", "/trang/da-dang/"]
    page = text_of(client)
    assert not any(words in page for words in ("Nháp", "Con nháp", "Con của ẩn", "Trang đã bỏ"))


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/tin-bai/", ["/tin-bai/"]),
        ("/tin-bai/?page=1", ["/tin-bai/"]),
        ("/hoi-dap/gui/", ["/hoi-dap/"]),
        ("/", []),
        ("/lich-lam-viec/", []),
    ],
)
def test_the_menu_says_where_one_is(client, path, current):
    page = client.get(path).content.decode()
    nav = page.split('<nav class="mainnav"')[1].split("</nav>")[0]
    assert re.findall(r'<a href="([^"]*)" aria-current="page"', nav) == current


def test_home_in_the_menu_is_current_on_the_home_page_only(client):
    MenuItem.objects.create(title="Trang chủ", path="/", order=1)
    for path, is_current in (("/", True), ("/video/", False)):
        nav = client.get(path).content.decode().split('<nav class="mainnav"')[1].split("</nav>")[0]
        assert ('<a href="/" aria-current="page"' in nav) is is_current


def test_both_menus_cost_one_query_however_many_links(django_assert_num_queries):
    for place in MenuItem.Place.values:
        for _number in range(20):
            head = MenuItem.objects.create(place=place, title="Mục", page=make_page(published=True))
            MenuItem.objects.create(place=place, title="Con", path="/video/", parent=head)
    with django_assert_num_queries(1):
        found = arrangement.menus("/video/")
    assert len(found["footer"]) == 23


def test_a_page_that_refuses_is_drawn_while_the_database_is_away(client):
    with mock.patch("articles.arrangement.menus", side_effect=OperationalError("away")):
        response = client.get("/khong-co-trang-nay/")
    assert response.status_code == 404
    assert 'href="/hoi-dap/gui/"' in response.content.decode()


def menu_form(**fields) -> dict:
    given = {
        "place": "main",
        "title": "Mục mới",
        "parent": "",
        "path": "",
        "page": "",
        "url": "",
        "order": "50",
    }
    return {**given, "is_shown": "on", **fields}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "path"),
        ({"path": "/tin-bai/", "url": "https://vidu.vn/"}, "url"),
        ({"path": "//ke-gian.vn/"}, "path"),
        ({"path": "/khong-co-trang-nay/"}, "path"),
        ({"url": "http://vidu.vn/"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"path": "/tin-bai/", "title": ""}, "title"),
        ({"path": "/tin-bai/", "title": "x" * 41}, "title"),
        ({"path": "/tin-bai/", "order": "-1"}, "order"),
        ({"path": "/tin-bai/", "order": "99999999999"}, "order"),
        ({"path": "/tin-bai/", "parent": "99999"}, "parent"),
        ({"page": "99999"}, "page"),
        ({"path": "/tin-bai/", "place": "la"}, "place"),
    ],
    ids=str,
)
def test_a_menu_entry_that_leads_nowhere_or_to_two_places_is_refused(client, fields, wrong):
    signed_in(client, Role.PUBLISHER)
    before = MenuItem.objects.count()

    assert list(errors_of(client.post(f"{BASE}menuitem/add/", menu_form(**fields)))) == [wrong]
    assert MenuItem.objects.count() == before


def test_there_is_one_level_below_the_first_and_it_stays_in_its_place(client):
    signed_in(client, Role.PUBLISHER)
    head, other = MenuItem.objects.filter(place="main")[:2]
    child = MenuItem.objects.create(title="Con", path="/video/", parent=head)

    def wrong(path, **fields):
        return list(errors_of(client.post(f"{BASE}menuitem/{path}/", menu_form(path="/video/", **fields))))

    assert wrong("add", parent=child.pk) == ["parent"]
    assert wrong(f"{head.pk}/change", parent=other.pk) == ["parent"]
    assert wrong(f"{head.pk}/change", parent=head.pk) == ["parent"]
    assert wrong("add", parent=head.pk, place="footer") == ["parent"]
    assert wrong(f"{head.pk}/change", place="footer") == ["place"]


def test_the_database_itself_keeps_one_target():
    page = make_page()
    for wrong in ({}, {"path": "/", "page": page}, {"path": "/", "url": "https://vidu.vn"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MenuItem.objects.create(title="x", **wrong)


def test_order_and_switch_are_set_in_the_list_at_once_and_the_history_says_who(client):
    board = signed_in(client, Role.PUBLISHER)
    MenuItem.objects.filter(place="footer").delete()
    gone = MenuItem.objects.create(title="Trang đã bỏ", path="/trang-cu-khong-con/", order=900)
    rows = list(MenuItem.objects.all())
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "1"}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-id": row.pk, f"form-{number}-order": 500 - number}
        if row.path != "/video/":
            data[f"form-{number}-is_shown"] = "on"

    assert client.post(f"{BASE}menuitem/", data).status_code == 302

    assert main_menu(client) == [path for path in reversed(MAIN_TODAY) if path != "/video/"]
    logged = LogEntry.objects.filter(content_type__model="menuitem")
    assert set(logged.values_list("user", flat=True)) == {board.pk}
    assert logged.filter(object_id=str(gone.pk)).exists()


@pytest.mark.parametrize("model", ["menuitem", "block", "homesection", "sitenotice"])
def test_each_list_says_how_it_works_and_leads_to_the_home_page(client, model):
    signed_in(client, Role.PUBLISHER)
    page = text_of(client, f"{BASE}{model}/")
    assert '<a href="/" class="viewsitelink">Xem trang chủ</a>' in page
    assert '<p class="help">' in page


# Blocks ----------------------------------------------------------------------------------------------------------


def make_block(**fields) -> Block:
    kind = fields.setdefault("kind", Block.Kind.LINKS)
    fields.setdefault("title", "Khối mẫu")
    if kind == Block.Kind.LINKS:
        fields.setdefault("links", "Tin bài | /tin-bai/")
    return Block.objects.create(**fields)


PLACES = [(Block.Place.HOME, "/"), (Block.Place.LIST, "/tin-bai/"), (Block.Place.ARTICLE, "article")]


@pytest.mark.parametrize(("place", "path"), PLACES)
def test_a_block_and_its_picture_show_in_their_window_only(client, place, path):
    path = make_article(published=True).get_absolute_url() if path == "article" else path
    picture = make_image(alt="Biểu ngữ canary")
    start = timezone.now() + timedelta(days=1)
    block = make_block(
        place=place,
        kind=Block.Kind.BANNER,
        title="",
        image=picture,
        address="/hoi-dap/gui/",
        shown_from=start,
        shown_until=start + timedelta(hours=1),
    )

    def seen():
        return "Biểu ngữ canary" in text_of(client, path), client.get(picture.url_small).status_code

    second = timedelta(seconds=1)
    for moment, expected in (
        (start - second, (False, 404)),
        (start, (True, 200)),
        (start + timedelta(hours=1) - second, (True, 200)),
        (start + timedelta(hours=1), (False, 404)),
    ):
        with at(moment):
            assert seen() == expected, moment
    block.is_shown = False
    block.save()
    with at(start + second):
        assert seen() == (False, 404)
    assert picture.used_in() == [block]


def test_blocks_stand_only_where_they_were_put(client):
    article = make_article(published=True)
    for place in Block.Place.values:
        make_block(place=place, title=f"Khối ở {place}")
    pages = {"home": "/", "list": "/hoi-dap/", "article": article.get_absolute_url()}
    for place, path in pages.items():
        found = re.findall(r"Khối ở (\w+)", text_of(client, path))
        assert found == [place]
    assert "Khối ở" not in text_of(client, "/lich-lam-viec/")


def test_what_is_hostile_in_a_block_is_shown_as_words_or_not_at_all(client):
    make_block(title="<script>alert(1)</script>", links='"><img src=x> | /tin-bai/')
    make_block(
        kind=Block.Kind.TEXT, text='<p onclick="x()">Chữ</p><script>y()</script><iframe src="//x"></iframe>'
    )
    block = make_block(title="Hỏng")
    Block.objects.filter(pk=block.pk).update(links="Xấu | javascript:alert(1)\nTốt | /video/")

    page = client.get("/").content.decode()
    part = page.split('<div class="blocks">')[1].split("</section>")[0]

    assert "<script" not in part
    assert "onclick" not in part
    assert "<iframe" not in part
    assert "javascript:" not in part
    assert "&lt;script&gt;alert(1)" in part
    assert re.findall(r'<a href="([^"]*)"', part) == ["/tin-bai/", "/video/"]


def block_form(**fields) -> dict:
    given = dict.fromkeys(("text", "links", "image", "address", "title"), "")
    hours = dict.fromkeys(("shown_from_0", "shown_from_1", "shown_until_0", "shown_until_1"), "")
    return {"place": "home", "kind": "links", "order": "10", "is_shown": "on", **given, **hours, **fields}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": "A"}, "links"),
        ({"links": "Tin | /tin-bai/"}, "title"),
        ({"title": "A", "links": "Tin /tin-bai/"}, "links"),
        ({"title": "A", "links": "Tin | http://vidu.vn"}, "links"),
        ({"title": "A", "links": "\n".join(["Tin | /tin-bai/"] * 31)}, "links"),
        ({"kind": "text", "title": "A"}, "text"),
        ({"kind": "text", "title": "A", "text": "<p> </p>"}, "text"),
        ({"kind": "text", "text": "<p>Chữ</p>"}, "title"),
        ({"kind": "banner", "title": "A"}, "image"),
        ({"kind": "banner", "title": "A", "image": "la"}, "image"),
        ({"title": "A", "links": "Tin | /tin-bai/", "address": "//x"}, "address"),
        (
            {"title": "A", "links": "Tin | /tin-bai/", "shown_from_0": "xx", "shown_from_1": "8:00"},
            "shown_from",
        ),
        (
            {"title": "A", "links": "Tin | /tin-bai/", "shown_from_0": "1/1/0001", "shown_from_1": "0:00"},
            "shown_from",
        ),
        (
            {
                "title": "A",
                "links": "Tin | /tin-bai/",
                "shown_until_0": "31/12/9999",
                "shown_until_1": "23:59",
            },
            "shown_until",
        ),
        (
            {
                "title": "A",
                "links": "Tin | /tin-bai/",
                "shown_from_0": "2/3/2026",
                "shown_from_1": "8:00",
                "shown_until_0": "2/3/2026",
                "shown_until_1": "8:00",
            },
            "shown_until",
        ),
    ],
    ids=str,
)
def test_a_block_that_would_show_nothing_or_lead_astray_is_refused(client, fields, wrong):
    signed_in(client, Role.PUBLISHER)
    assert list(errors_of(client.post(f"{BASE}block/add/", block_form(**fields)))) == [wrong]
    assert not Block.objects.exists()


def test_a_banner_needs_a_picture_that_says_what_it_shows(client):
    signed_in(client, Role.PUBLISHER)
    picture = make_image(alt="")
    wrong = errors_of(client.post(f"{BASE}block/add/", block_form(kind="banner", image=picture.pk)))
    assert "chưa có mô tả" in wrong["image"]

    Image.objects.filter(pk=picture.pk).update(alt="Cờ và hoa")
    response = client.post(
        f"{BASE}block/add/", block_form(kind="banner", image=picture.pk, address="/tin-bai/")
    )
    assert response.status_code == 302
    assert 'alt="Cờ và hoa"' in text_of(client)


def test_pictures_stay_out_of_the_text_of_a_block(client):
    signed_in(client, Role.PUBLISHER)
    picture = make_image()
    text = f'<p>A <img src="{picture.url_small}" alt="x"></p>'
    wrong = errors_of(client.post(f"{BASE}block/add/", block_form(kind="text", title="A", text=text)))
    assert "không chứa ảnh" in wrong["text"]


def test_one_block_costs_as_many_queries_as_many(client):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get("/tin-bai/")
        return len(queries)

    make_block(place=Block.Place.LIST, kind=Block.Kind.BANNER, image=make_image())
    one = asked()
    for _number in range(8):
        make_block(place=Block.Place.LIST, kind=Block.Kind.BANNER, image=make_image())
    assert asked() == one


# Home page -------------------------------------------------------------------------------------------------------


def kinds_on(client) -> list[list[str]]:
    parts = client.get("/").context["parts"]
    return [[section["kind"] for section in part["sections"]] for part in parts]


def everything() -> None:
    campaign = make_campaign()
    for _number in range(15):
        make_published_case()
        make_article(published=True, cover=make_image(), campaigns=[campaign])
        make_document(published=True)
        make_video(published=True)
        make_block(kind=Block.Kind.BANNER, image=make_image())


def test_the_home_page_of_a_new_portal_is_todays(client):
    assert kinds_on(client) == [["answers", "numbers"], ["campaigns"], ["articles"]]
    everything()
    assert kinds_on(client) == [
        ["answers", "numbers"],
        *(["campaigns"], ["articles"], ["documents"], ["videos"], ["blocks"]),
    ]


def test_the_three_doors_stay_whatever_was_taken_away(client):
    HomeSection.objects.all().delete()
    page = text_of(client)
    assert re.findall(r'<a class="door" href="([^"]*)"', page) == [
        "/hoi-dap/gui/",
        "/phan-anh/gui/",
        "/tra-cuu/",
    ]
    assert kinds_on(client) == []


def test_sections_follow_order_switch_and_number(client):
    everything()
    HomeSection.objects.filter(kind="articles").update(order=1, many=2, title="Chữ <b>riêng</b>")
    HomeSection.objects.filter(kind="videos").update(order=2, many=1)
    HomeSection.objects.filter(kind="numbers").update(order=3)
    HomeSection.objects.filter(kind__in=["documents", "campaigns"]).update(is_shown=False)

    assert kinds_on(client) == [["articles"], ["videos"], ["numbers", "answers"], ["blocks"]]
    page = client.get("/").content.decode()
    assert "Chữ &lt;b&gt;riêng&lt;/b&gt;</h2>" in page
    assert len(set(re.findall(r'href="/tin-bai/[^"]+-\d+/"', page))) == 2
    assert len(set(re.findall(r'href="/video/[^"]+-\d+/"', page))) == 1
    assert "/ke-hoach/2023/1/" not in page


def test_a_section_of_articles_may_be_of_one_kind_campaign_or_topic(client):
    campaign, topic = make_campaign(short_title="Một cửa"), Topic.objects.create(name="Đất đai")
    HomeSection.objects.all().delete()
    make_article(published=True, title="Bài thường")
    make_article(published=True, title="Bài hướng dẫn", kind="guide")
    make_article(published=True, title="Bài của nội dung", campaigns=[campaign])
    make_article(published=True, title="Bài đất đai").topics.add(topic)
    make_article(title="Bài đất đai nháp").topics.add(topic)
    sections = (
        ({"article_kind": "guide"}, "Hướng dẫn dịch vụ công", "loai=guide", "Bài hướng dẫn"),
        ({"campaign": campaign}, "Một cửa", f"noi_dung={campaign.pk}", "Bài của nội dung"),
        ({"topic": topic}, "Đất đai", "chu_de=dat-dai", "Bài đất đai"),
    )
    for number, (narrowing, *_rest) in enumerate(sections):
        HomeSection.objects.create(kind="articles", order=number, **narrowing)

    found = [part["sections"][0] for part in client.get("/").context["parts"]]

    for section, (_narrowing, title, query, article) in zip(found, sections, strict=True):
        assert (section["title"], section["all_url"]) == (title, f"/tin-bai/?{query}")
        assert [each.title for each in section["rows"]] == [article]
        assert client.get(section["all_url"]).status_code == 200


def test_two_sections_of_one_kind_have_names_of_their_own(client):
    HomeSection.objects.create(kind="numbers", order=99)
    make_article(published=True)
    HomeSection.objects.create(kind="articles", order=100)
    ids = re.findall(r'\sid="([^"]+)"', client.get("/").content.decode())
    assert len(ids) == len(set(ids))


def test_home_with_everything_on_asks_at_most_twelve_queries_with_one_row_or_many(
    client, django_assert_num_queries, settings
):
    settings.PLAN_YEAR = 2023
    make_published_case()
    make_article(published=True, cover=make_image(), campaigns=[make_campaign()])
    make_document(published=True)
    make_video(published=True)
    make_block()
    with CaptureQueriesContext(connection) as one:
        assert len(kinds_on(client)) == 6
    assert len(one) <= 12
    everything()
    with django_assert_num_queries(len(one)):
        client.get("/")


def test_a_section_switched_off_asks_nothing(client):
    HomeSection.objects.update(is_shown=False)
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) == 3  # the sections, the menus, the notices


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "videos", "article_kind": "guide"}, "article_kind"),
        ({"many": "0"}, "many"),
        ({"many": "13"}, "many"),
        ({"many": "-1"}, "many"),
        ({"many": "x"}, "many"),
        ({"kind": "la"}, "kind"),
        ({"title": "x" * 81}, "title"),
        ({"article_kind": "guide", "topic": "TOPIC"}, "topic"),
    ],
    ids=str,
)
def test_a_section_that_cannot_be_is_refused(client, fields, wrong):
    signed_in(client, Role.PUBLISHER)
    topic = Topic.objects.create(name="Chủ đề")
    given = {"kind": "articles", "title": "", "many": "6", "article_kind": "", "campaign": "", "topic": ""}
    data = {**given, "order": "5", "is_shown": "on", **fields}
    data = {name: topic.pk if value == "TOPIC" else value for name, value in data.items()}

    assert list(errors_of(client.post(f"{BASE}homesection/add/", data))) == [wrong]


def test_nothing_of_the_home_page_shows_early(client):
    hour = timezone.now() + timedelta(days=1)
    for make in (make_article, make_document, make_video):
        make(title="Canary chưa đến giờ", published=True)
    Article.objects.update(publish_at=hour, first_published_at=None)
    make_document.__globals__["Document"].objects.update(publish_at=hour, first_published_at=None)
    make_video.__globals__["Video"].objects.update(publish_at=hour, first_published_at=None)

    with at(hour - timedelta(seconds=1)):
        assert "Canary" not in text_of(client)
    with at(hour):
        assert text_of(client).count("Canary chưa đến giờ") >= 3


# Notices ---------------------------------------------------------------------------------------------------------


def make_notice(**fields) -> SiteNotice:
    now = timezone.now()
    return SiteNotice.objects.create(
        **{
            "text": "Lời báo",
            "starts_at": now - timedelta(hours=1),
            "ends_at": now + timedelta(hours=1),
            **fields,
        }
    )


@pytest.mark.parametrize("path", ["/", "/tin-bai/", "/hoi-dap/gui/", "/tra-cuu/", "/tai-khoan/dang-nhap/"])
def test_a_notice_stands_on_every_page_from_its_hour_to_its_hour(client, path):
    start = timezone.now() + timedelta(days=1)
    make_notice(text="Canary <b>báo</b>", starts_at=start, ends_at=start + timedelta(hours=2))
    second = timedelta(seconds=1)
    for moment, is_shown in (
        (start - second, False),
        (start, True),
        (start + timedelta(hours=2) - second, True),
        (start + timedelta(hours=2), False),
    ):
        with at(moment):
            page = client.get(path).content.decode()
        assert ("Canary &lt;b&gt;báo&lt;/b&gt;" in page) is is_shown, moment
        assert ('aria-label="Thông báo của cổng"' in page) is is_shown


def test_pages_that_refuse_carry_no_notice(client):
    make_notice(text="Canary báo")
    assert "Canary" in text_of(client)
    assert "Canary" not in html.unescape(client.get("/khong-co-trang-nay/").content.decode())


def test_planned_downtime_says_its_hours_in_viet_nam_and_comes_first(client):
    make_notice(text="Tin thường")
    make_notice(
        kind="maintenance",
        text="Nâng cấp máy chủ.",
        address="/trang/dieu-khoan/",
        down_from=datetime(2026, 12, 10, 15, tzinfo=UTC),
        down_until=datetime(2026, 12, 10, 19, tzinfo=UTC),
    )
    page = text_of(client)
    assert "cổng ngừng từ 22:00 10/12/2026 đến 02:00 11/12/2026" in page
    assert page.index("Nâng cấp máy chủ.") < page.index("Tin thường")
    assert '<a href="/trang/dieu-khoan/"' in page


def notice_form(**fields) -> dict:
    """A notice from Monday 2/3/2026 on, times as officials type them."""
    given = {"kind": "maintenance", "text": "Bảo trì", "address": "", "urgent_reason": ""}
    hours = {
        "starts_at_0": "2/3/2026",
        "starts_at_1": "9:00",
        "ends_at_0": "31/3/2026",
        "ends_at_1": "9:00",
        "down_from_0": "20/3/2026",
        "down_from_1": "22:00",
        "down_until_0": "21/3/2026",
        "down_until_1": "2:00",
    }
    return {**given, **hours, **fields}


def test_seven_working_days_are_counted_by_the_calendar():
    assert (
        arrangement.earliest_downtime(MONDAY).isoformat() == "2026-03-12"
    )  # the seventh, 11/3, runs to its end
    WorkCalendarDay.objects.create(on="2026-03-05", name="Ngày nghỉ mẫu", basis="Thử")
    assert arrangement.earliest_downtime(MONDAY).isoformat() == "2026-03-13"
    assert agencies.due_on(MONDAY, 7).isoformat() == "2026-03-12"


@pytest.mark.parametrize(
    ("day", "hour", "is_allowed"),
    [
        ("11/3/2026", "23:59", False),
        ("12/3/2026", "0:00", True),
        ("13/3/2026", "22:00", True),
        ("2/3/2026", "22:00", False),
    ],
)
def test_planned_downtime_is_announced_seven_working_days_ahead(client, day, hour, is_allowed):
    signed_in(client, Role.PUBLISHER)
    with at(MONDAY):
        response = client.post(f"{BASE}sitenotice/add/", notice_form(down_from_0=day, down_from_1=hour))
        if is_allowed:
            assert response.status_code == 302
            assert SiteNotice.objects.get().is_urgent is False
        else:
            wrong = errors_of(response)
            assert list(wrong) == ["down_from"]
            assert "sớm nhất từ ngày 12/3/2026" in wrong["down_from"]
            assert not SiteNotice.objects.exists()


def test_what_will_only_be_shown_later_counts_from_then(client):
    signed_in(client, Role.PUBLISHER)
    with at(MONDAY):
        late = notice_form(starts_at_0="9/3/2026", down_from_0="18/3/2026")
        assert "từ ngày 19/3/2026" in errors_of(client.post(f"{BASE}sitenotice/add/", late))["down_from"]
    with at(MONDAY + timedelta(days=7)):  # a start in the past tells nobody anything earlier
        past = notice_form(down_from_0="13/3/2026")
        assert "từ ngày 19/3/2026" in errors_of(client.post(f"{BASE}sitenotice/add/", past))["down_from"]


def test_urgent_downtime_needs_a_reason_and_keeps_who_decided(client):
    official = signed_in(client, Role.ADMINISTRATOR)
    soon = {"down_from_0": "3/3/2026", "is_urgent": "on"}
    with at(MONDAY):
        wrong = errors_of(client.post(f"{BASE}sitenotice/add/", notice_form(**soon, urgent_reason=" ")))
        assert list(wrong) == ["urgent_reason"]
        response = client.post(f"{BASE}sitenotice/add/", notice_form(**soon, urgent_reason="Lỗ hổng nặng"))
    assert response.status_code == 302
    notice = SiteNotice.objects.get()
    assert (notice.is_urgent, notice.urgent_by, notice.urgent_reason) == (True, official, "Lỗ hổng nặng")
    assert LogEntry.objects.filter(content_type__model="sitenotice", user=official).exists()


def test_a_word_is_mended_late_but_the_hour_is_not_moved_up(client):
    signed_in(client, Role.PUBLISHER)
    with at(MONDAY):
        client.post(f"{BASE}sitenotice/add/", notice_form())
    path = f"{BASE}sitenotice/{SiteNotice.objects.get().pk}/change/"
    with at(MONDAY + timedelta(days=17)):  # 19/3, the evening before
        assert client.post(path, notice_form(text="Bảo trì máy chủ")).status_code == 302
        assert list(errors_of(client.post(path, notice_form(down_from_0="19/3/2026")))) == ["down_from"]
    assert SiteNotice.objects.get().text == "Bảo trì máy chủ"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": ""}, ["text"]),
        ({"text": "x" * 301}, ["text"]),
        ({"address": "//ke-gian.vn"}, ["address"]),
        ({"address": "javascript:alert(1)"}, ["address"]),
        ({"ends_at_0": "2/3/2026", "ends_at_1": "9:00"}, ["ends_at"]),
        ({"starts_at_0": "", "starts_at_1": ""}, ["starts_at"]),
        ({"down_from_0": "", "down_from_1": ""}, ["down_from"]),
        ({"down_until_0": "", "down_until_1": ""}, ["down_until"]),
        ({"down_until_0": "20/3/2026", "down_until_1": "22:00"}, ["down_until"]),
        ({"ends_at_0": "21/3/2026", "ends_at_1": "1:59"}, ["ends_at"]),
        ({"kind": "info"}, ["down_from", "down_until"]),
        ({"starts_at_0": "1/1/0001"}, ["starts_at"]),
        ({"starts_at_0": "31/12/9999", "ends_at_0": "31/12/9999"}, ["starts_at", "ends_at"]),
        ({"down_from_0": "30/2/2026"}, ["down_from"]),
        ({"kind": "la"}, ["kind"]),
    ],
    ids=str,
)
def test_a_notice_that_cannot_be_is_refused_beside_its_field(client, fields, wrong):
    signed_in(client, Role.PUBLISHER)
    with at(MONDAY):
        found = errors_of(client.post(f"{BASE}sitenotice/add/", notice_form(**fields)))
    assert sorted(set(found) - {"down_from", "down_until"} | (set(found) & set(wrong))) == sorted(wrong)
    assert not SiteNotice.objects.exists()


def test_the_database_itself_keeps_hours_and_reasons():
    now = timezone.now()
    for wrong in (
        {"ends_at": now - timedelta(hours=2)},
        {"kind": "maintenance"},
        {"is_urgent": True},
        {"is_urgent": True, "urgent_reason": "Lý do"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_notice(**wrong)


# Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.PUBLISHER, {"menuitem", "block", "homesection", "sitenotice", "page"}),
        (Role.ADMINISTRATOR, {"sitenotice"}),
        (Role.EDITOR, {"page"}),
        (Role.OBSERVER, set()),
        (Role.COORDINATOR, set()),
    ],
)
def test_the_board_arranges_and_others_only_what_is_theirs(client, role, allowed):
    signed_in(client, role)
    models = ("menuitem", "block", "homesection", "sitenotice", "page")
    assert {name for name in models if client.get(f"{BASE}{name}/add/").status_code == 200} == allowed
