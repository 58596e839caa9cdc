"""Every page type, in the three contrasts, on the smallest phone and on a laptop, against the rules of WCAG 2.2 AA."""

import base64
import gzip
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from agencies.roles import Role
from agencies.services import load_calendar
from articles import content
from articles import services as publishing
from articles.models import Article
from feedback.models import Case
from plan import services as plan
from plan.models import Campaign
from tests.browser.conftest import sign_in
from tests.browser.test_journey import write
from tests.factories import (
    PASSWORD,
    make_agency,
    make_article,
    make_case,
    make_coordinator,
    make_document,
    make_file,
    make_head,
    make_image,
    make_officer,
    make_official,
    make_page,
    make_published_case,
    make_video,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
CONTRASTS = ("thuong", "cao", "toi")
WIDTHS = (320, 1280)
LOOKS = [(contrast, width) for contrast in CONTRASTS for width in WIDTHS]


@pytest.fixture
def world():
    plan.load_plan_113()
    load_calendar()
    agency, cover, campaign = make_agency(name="Sở Nội vụ"), make_image(), Campaign.objects.get(number=3)
    body = (
        "<h2>Hồ sơ</h2><ul><li>Đơn</li></ul><h2>Nơi nộp</h2><p>Một cửa</p><h2>Thời hạn</h2><table><thead><tr><th>Việc</th><th>Thời hạn</th></tr></thead>"
        "<tbody><tr><td>Khai sinh</td><td>Trong ngày</td></tr></tbody></table><blockquote><p>Trích</p></blockquote>"
        '<p><a href="https://dichvucong.gov.vn">Cổng Dịch vụ công</a></p>'
    )
    article = make_article(published=True, body=body, cover=cover, campaigns=[campaign], agency=agency)
    gone = make_article(published=True, agency=agency)
    publishing.withdraw(gone, by=make_official(Role.PUBLISHER, is_staff=True), reason="Số liệu chưa đúng.")
    archived = make_article(published=True, agency=agency)
    yesterday = timezone.now() - timedelta(days=1)
    Article.objects.filter(pk=archived.pk).update(
        publish_at=yesterday - timedelta(days=1), unpublish_at=yesterday
    )
    for _number in range(16):
        make_published_case(agency=agency)
    old = make_document(published=True, number="1/QĐ-UBND", files=[make_file()])
    new = make_document(published=True, number="2/QĐ-UBND", replaces=[old], campaigns=[campaign])
    citing = make_article(published=True, agency=agency, body="<p>Theo 1/QĐ-UBND và 2/QĐ-UBND.</p>")
    content.keep_revision(citing, by=citing.author, note="Bản đầu")
    citing.title = "Tiêu đề khác"
    content.keep_revision(citing, by=citing.author, note="Lưu")
    return {
        "old": old,
        "new": new,
        "citing": citing,
        "video": make_video(published=True, agency=agency, campaigns=[campaign]),
        "page": make_page(published=True),
        "agency": agency,
        "article": article,
        "gone": gone,
        "archived": archived,
        "public": make_published_case(agency=agency, show_name=True),
        "received": make_case(),
        "asked": make_case(status=Case.Status.NEEDS_INFO),
        "assigned": make_case(status=Case.Status.ASSIGNED, agency=agency),
        "drafted": make_case(status=Case.Status.DRAFTED, agency=agency),
        "answered": make_case(status=Case.Status.ANSWERED, agency=agency),
    }


def problems(page, name, width, exclude=None) -> list[str]:
    """What axe finds, and whether the page has to be moved sideways."""
    context = {"exclude": [[exclude]]} if exclude else None
    result = Axe().run(page, context=context, options=RULES)
    found = [
        f"{name}: {violation['id']}: {node['target']}"
        for violation in result.response["violations"]
        for node in violation["nodes"][:3]
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{name}: wider than {width}")
    return found


def look(contrast, width) -> dict:
    return {
        "viewport": {"width": width, "height": 800},
        "cookies": {"tuong_phan": contrast},
        "watch": False,
        "bypass_csp": True,
    }


@pytest.mark.parametrize(("contrast", "width"), LOOKS)
def test_pages_everybody_reads(open_page, world, settings, contrast, width):
    settings.DEBUG = True  # the gallery is for developers
    addresses = [
        "/",
        "/ke-hoach/",
        "/ke-hoach/2023/",
        "/ke-hoach/2023/3/",
        "/ke-hoach/2023/4/",
        "/tin-bai/",
        "/tin-bai/?loai=criticism",
        world["article"].get_absolute_url(),
        world["gone"].get_absolute_url(),
        world["archived"].get_absolute_url(),
        "/tin-bai/?q=mot+cua&loai=news",
        "/van-ban/",
        world["old"].get_absolute_url(),
        world["new"].get_absolute_url(),
        "/video/",
        world["video"].get_absolute_url(),
        world["page"].get_absolute_url(),
        "/co-quan/",
        world["agency"].get_absolute_url(),
        "/tai-khoan/dang-xuat/",
        "/hoi-dap/",
        world["public"].get_absolute_url(),
        "/phan-anh/",
        "/hoi-dap/gui/",
        "/khieu-nai-to-cao/khieu-nai/",
        "/khieu-nai-to-cao/to-cao/",
        "/tra-cuu/",
        "/tim-kiem/",
        "/tim-kiem/?q=b%C3%A0i",
        "/tim-kiem/?q=bai&loai=tin-bai&sap_xep=moi",
        "/tim-kiem/?q=khongcogi&tu_ngay=31/2/2026",
        "/du-lieu/",
        "/du-lieu/articles/",
        "/lich-lam-viec/?tu_ngay=10/2/2026&so_ngay=15",
        "/api/v1/docs/",
        "/tai-khoan/dang-nhap/",
        "/trang-mau/",
    ]
    page = open_page(**look(contrast, width))
    found = []
    for address in addresses:
        page.goto(address)
        found += problems(page, address, width)
    settings.DEBUG = False
    page.goto("/khong-co-trang-nay/")
    found += problems(page, "404", width)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(("contrast", "width"), LOOKS)
def test_asking_with_and_without_errors(open_page, world, contrast, width):
    page = open_page(**look(contrast, width))
    found = []

    def go_on(name):
        page.get_by_role("button", name=re.compile("^(Tiếp tục|Gửi)")).first.click()
        page.wait_for_load_state()
        found.extend(problems(page, name, width))

    page.goto("/phan-anh/gui/")
    go_on("question")
    page.fill("[name=title]", "Ngắn")
    go_on("question with errors")
    page.fill("[name=title]", "Bộ phận một cửa yêu cầu thêm giấy tờ")
    go_on("answers like it")
    if page.url.endswith("/tuong-tu/"):
        page.get_by_role("link", name="Chưa đúng điều tôi cần").click()
    page.fill("[name=text]", "Tôi nộp hồ sơ và bị yêu cầu thêm giấy. Số của tôi là 0912 345 678.")
    go_on("content with private details")
    page.check("[name=personal_ok]")
    go_on("files")
    go_on("agency")
    go_on("who")
    go_on("asker")
    go_on("asker with errors")
    page.fill("[name=name]", "Nguyễn Thị Mẫu")
    go_on("contact")
    go_on("place")
    page.fill("[name=address]", "Phường Tuy Hòa")
    go_on("consent")
    go_on("consent with errors")
    page.check("[name=answer_consent]")
    go_on("publication")
    go_on("review")
    go_on("receipt")
    assert page.locator("#ma-ho-so").is_visible()
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(("contrast", "width"), LOOKS)
def test_following_a_case(open_page, world, contrast, width):
    page = open_page(**look(contrast, width))
    found = []
    for state in ("received", "asked", "assigned", "answered"):
        page.goto("/tra-cuu/")
        page.fill("[name=code]", world[state].code)
        page.fill("[name=pin]", world[state].pin)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/ho-so/")
        for summary in page.locator("details > summary").all():
            if summary.is_visible():
                summary.click()
        found += problems(page, state, width)
    page.goto("/tra-cuu/")
    page.fill("[name=code]", "PY26-AAAA-AAAA")
    page.locator("main form button[type=submit]").click()
    found += problems(page, "lookup with errors", width)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(("contrast", "width"), LOOKS)
def test_the_desk(open_page, world, contrast, width):
    agency, found = world["agency"], []
    seats = {
        make_coordinator(): ["/xu-ly/", world["received"].get_desk_url(), world["answered"].get_desk_url()],
        make_officer(agency): ["/xu-ly/?hang=dang-giai-quyet", world["assigned"].get_desk_url()],
        make_head(agency): [world["drafted"].get_desk_url(), "/tai-khoan/thong-bao/", "/tai-khoan/mat-khau/"],
        make_official(Role.OBSERVER): ["/xu-ly/?hang=tat-ca"],
    }
    for official, addresses in seats.items():
        page = sign_in(open_page(**look(contrast, width)), official, PASSWORD)
        for address in addresses:
            page.goto(address)
            page.wait_for_timeout(400 if "/xu-ly/PY" in address else 0)  # the editor builds itself
            found += problems(page, address, width, exclude=".cke")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_admin(open_page, world, width, scheme):
    """The admin keeps Django's own light and dark; the portal's contrasts are for its pages."""
    seats = {
        make_official(Role.PUBLISHER, is_staff=True): (
            "/quan-tri/",
            "/quan-tri/search/synonym/",
            "/quan-tri/search/bestbet/add/",
            "/quan-tri/search/askedwords/",
            "/quan-tri/articles/article/",
            "/quan-tri/articles/article/add/",
            f"/quan-tri/articles/article/{world['article'].pk}/change/",
            f"/quan-tri/articles/article/{world['citing'].pk}/lan-sua/",
            f"/quan-tri/articles/article/{world['citing'].pk}/xem-thu/",
            "/quan-tri/articles/document/",
            "/quan-tri/articles/document/add/",
            "/quan-tri/articles/homesection/",
            "/quan-tri/articles/sitenotice/add/",
        ),
        make_official(Role.ADMINISTRATOR, is_staff=True): (
            "/quan-tri/agencies/user/add/",
            "/quan-tri/agencies/workcalendarday/",
        ),
    }
    found = []
    for official, addresses in seats.items():
        page = sign_in(open_page(**look("thuong", width), color_scheme=scheme), official, PASSWORD)
        for address in addresses:
            page.goto(address)
            page.wait_for_timeout(400 if "add" in address else 0)
            found += problems(page, address, width, exclude=".cke")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("address", ["/", "/tin-bai/", "/hoi-dap/gui/", "/tra-cuu/"])
def test_large_text_on_a_small_phone_needs_no_sideways_moving(open_page, world, address):
    page = open_page({"width": 320, "height": 700}, cookies={"co_chu": "lon"})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_display_choices_stay_without_javascript(open_page, world):
    page = open_page({"width": 1280, "height": 800}, script=False)
    page.goto("/tin-bai/?loai=news")
    page.get_by_role("link", name="Tối").first.click()
    page.get_by_role("link", name="Chữ lớn").first.click()
    assert page.url.endswith("/tin-bai/?loai=news")
    page.goto("/hoi-dap/")
    assert page.get_attribute("html", "data-tuong-phan") == "toi"
    assert page.get_attribute("html", "data-co-chu") == "lon"


def test_a_receipt_prints_with_its_codes_and_without_navigation(open_page, world):
    page = open_page()
    page.goto("/hoi-dap/gui/cau-hoi/")
    write(page)
    page.get_by_role("button", name="Gửi câu hỏi").click()
    page.emulate_media(media="print")
    assert page.locator("#ma-ho-so").is_visible()
    assert page.locator("#ma-pin").is_visible()
    assert not page.locator(".mainnav").first.is_visible()
    assert not page.get_by_role("button", name="In biên nhận").is_visible()


def test_the_first_view_of_home_weighs_under_100_kb_compressed(open_page, world):
    page = open_page({"width": 360, "height": 780})
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    static, sent = set(), {}
    wire.on(
        "Network.responseReceived",
        lambda event: static.add(event["requestId"]) if "/static/" in event["response"]["url"] else None,
    )
    wire.on("Network.loadingFinished", lambda event: sent.update({event["requestId"]: event}))
    page.goto("/")
    page.wait_for_load_state("networkidle")

    # Static files leave as ready-made brotli copies in a running portal; the suite serves them from the tree.
    bodies = {key: wire.send("Network.getResponseBody", {"requestId": key}) for key in sent if key in static}
    weight = sum(event["encodedDataLength"] for key, event in sent.items() if key not in static)
    for body in bodies.values():
        text = body["body"]
        weight += len(base64.b64decode(text) if body["base64Encoded"] else gzip.compress(text.encode()))
    assert len(sent) >= 9
    assert weight <= 100 * 1024
