import html
import re
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from agencies.models import WorkCalendarDay
from feedback import services
from feedback.models import Case
from notifications import services as notifications
from parcai.demo.clock import at
from parcai.home import SMALLEST_SAMPLE
from plan.models import Plan
from plan.services import load_plan_113
from tests.factories import (
    make_agency,
    make_article,
    make_campaign,
    make_case,
    make_coordinator,
    make_head,
    make_officer,
    make_official,
    make_published_case,
)

pytestmark = pytest.mark.django_db


def page_of(client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def shown_section(response, kind: str) -> dict:
    sections = [section for part in response.context["parts"] for section in part["sections"]]
    return next(section for section in sections if section["kind"] == kind)


def figures(client) -> tuple:
    """Answered cases, percent on time and median days; and each of them, or its lack, stands on the page."""
    response = client.get("/")
    counts = shown_section(response, "numbers")["counts"]
    shown = re.findall(r"<dd>(.*?)</dd>", html.unescape(response.content.decode()))
    shown = [re.sub("<[^>]*>", " ", each).split() for each in shown]
    found = (counts["answered"], counts["on_time_percent"], counts["median_days"])
    words = [["đủ", "số", "liệu"] if each is None else [str(each)] for each in found]
    assert [set(word) <= set(each) for word, each in zip(words, shown, strict=True)] == [True] * 3
    return found


# Home ------------------------------------------------------------------------------------------------------------


def test_an_empty_portal_says_so_and_opens_its_three_doors(client):
    page = page_of(client)

    for words in (
        "Chưa có câu trả lời nào được công khai.",
        "Chưa có kế hoạch nào",
        "Chưa có tin bài nào được đăng.",
    ):
        assert words in page
    doors = re.findall(r'<a class="door" href="([^"]*)"', page)
    assert doors == ["/hoi-dap/gui/", "/phan-anh/gui/", "/tra-cuu/"]


def test_home_asks_at_most_twelve_queries_with_many_rows(client, django_assert_max_num_queries):
    load_plan_113()
    agency, campaigns = make_agency(), list(Plan.objects.get(year=2023).campaigns.all())
    for _number in range(30):
        make_published_case(agency=agency)
        article = make_article(published=True, agency=agency, campaigns=campaigns[:3])
        make_article(agency=agency, author=article.author)
    for case in Case.objects.all()[:10]:
        services.publish(case, by=make_coordinator(), **services.proposal_for_public(case))
    WorkCalendarDay.objects.create(on=timezone.localdate(), name="Ngày mẫu", basis="Thử")

    with django_assert_max_num_queries(12):
        page = page_of(client)

    assert page.count('class="card card--campaign"') == 10
    assert len(re.findall(r'href="/hoi-dap/\d+/"', page)) == 5
    assert len(set(re.findall(r'href="/tin-bai/[^"]+-\d+/"', page))) == 6
    assert figures(client)[0] == 30


def test_home_shows_the_newest_first_and_nothing_that_waits(client):
    make_article(title="Bản nháp chưa duyệt")
    make_article(published=True, title="Bài đã đăng rồi")
    make_case(status=Case.Status.ANSWERED, title="Câu chưa công khai đâu")
    old, new = (
        make_published_case(title="Câu công khai trước"),
        make_published_case(title="Câu công khai sau"),
    )
    Case.objects.filter(pk=old.pk).update(published_at=new.published_at - timedelta(hours=1))

    page = page_of(client)

    assert page.index("Câu công khai sau") < page.index("Câu công khai trước")
    assert "Bài đã đăng rồi" in page
    assert "Bản nháp chưa duyệt" not in page
    assert "Câu chưa công khai đâu" not in page


@pytest.mark.parametrize("count", [0, 1, SMALLEST_SAMPLE - 1])
def test_under_five_answered_cases_no_rate_is_given(client, count):
    for _number in range(count):
        make_case(status=Case.Status.ANSWERED)

    assert figures(client) == (count, None, None)


def test_from_five_answered_cases_on_the_rate_and_the_median_are_given(client):
    agency = make_agency()
    officer, head = make_officer(agency), make_head(agency)
    received = datetime(2026, 3, 2, 2, tzinfo=UTC)  # a Monday; due on 23/3
    for days_later in (1, 2, 3, 4, 28):
        with at(received):
            case = make_case(status=Case.Status.ASSIGNED, agency=agency)
        with at(received + timedelta(days=days_later)):
            services.submit_answer(case, by=officer, body="<p>Trả lời</p>", version=0)
            services.sign(case, by=head, version=1)
    with at(received + timedelta(days=29)):
        services.reopen(case, note="Chưa rõ")  # the late one, now open again: still late
    hidden = make_case(status=Case.Status.ANSWERED)
    Case.objects.filter(pk=hidden.pk).update(is_confidential=True)
    make_case(status=Case.Status.DRAFTED)

    assert figures(client) == (4, 80, 3)


def test_campaigns_count_what_stands_as_evidence(client):
    campaign, empty = (
        make_campaign(short_title="Nội dung có việc"),
        make_campaign(short_title="Nội dung trống"),
    )
    case = make_case(status=Case.Status.ANSWERED)
    Case.objects.filter(pk=case.pk).update(campaign=campaign)
    case.refresh_from_db()
    coordinator = make_coordinator()
    services.publish(case, by=coordinator, **services.proposal_for_public(case))

    def counted():
        response = client.get("/")
        found = shown_section(response, "campaigns")["rows"]
        idle = sum(not each.evidence_count for each in found)
        assert response.content.decode().count("Chưa có hoạt động") == idle
        return {each.short_title: (each.article_count, each.case_count) for each in found}

    assert counted() == {"Nội dung có việc": (0, 1), empty.short_title: (0, 0)}
    services.unpublish(case, by=coordinator, note="Gỡ")
    assert counted() == {"Nội dung có việc": (0, 0), empty.short_title: (0, 0)}


def test_the_plan_of_another_year_can_be_chosen(client, settings):
    make_campaign(short_title="Nội dung năm 2023")
    plan = Plan.objects.create(year=2027, number="9/KH", issued_on="2027-01-02", issuer="UBND", title="KH")
    make_campaign(plan=plan, short_title="Nội dung năm 2027")
    assert "Nội dung năm 2023" in page_of(client)
    assert "Nội dung năm 2027" not in page_of(client)

    settings.PLAN_YEAR = 2027

    assert "Nội dung năm 2027" in page_of(client)


def test_visitors_get_no_session_and_one_address_for_all(client):
    make_published_case()

    response = client.get("/")

    assert response.cookies == {}
    assert response["Cache-Control"] == "private, no-cache"


def test_a_signed_in_official_is_greeted_and_the_page_is_not_kept(client):
    official = make_coordinator(full_name="Nguyễn Văn Điều")
    client.force_login(official, backend="agencies.auth.OfficialBackend")

    response = client.get("/")

    assert "Nguyễn Văn Điều" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("path", ["/", "/ke-hoach/", "/lich-lam-viec/", "/robots.txt", "/hien-thi/"])
def test_reading_pages_refuse_other_methods(client, method, path):
    assert getattr(client, method)(path).status_code == 405


# Appearance ------------------------------------------------------------------------------------------------------


def mirrored(client) -> tuple[str, str]:
    return re.search(
        r'<html lang="vi" data-tuong-phan="([^"]*)" data-co-chu="([^"]*)">', page_of(client)
    ).groups()


@pytest.mark.parametrize("contrast", ["thuong", "cao", "toi"])
@pytest.mark.parametrize("size", ["nho", "vua", "lon"])
def test_chosen_contrast_and_size_stay_on_the_next_visit(client, contrast, size):
    assert mirrored(client) == ("thuong", "vua")
    client.get(f"/hien-thi/?tuong_phan={contrast}")
    client.get(f"/hien-thi/?co_chu={size}")

    assert mirrored(client) == (contrast, size)
    for name in ("tuong_phan", "co_chu"):
        cookie = client.cookies[name]
        assert (cookie["max-age"], cookie["samesite"], cookie["path"]) == (365 * 24 * 3600, "Lax", "/")


def test_choosing_one_leaves_the_other_as_it_was(client):
    client.get("/hien-thi/?tuong_phan=toi&co_chu=lon")
    client.get("/hien-thi/?tuong_phan=cao")

    assert mirrored(client) == ("cao", "lon")


@pytest.mark.parametrize("bad", ["", "xanh", "TOI", "toi ", "'><script>", "cao;path=/", "cao,toi"])
def test_values_nobody_offers_are_ignored(client, bad):
    response = client.get("/hien-thi/", {"tuong_phan": bad, "co_chu": bad})
    assert response.status_code == 302
    assert response.cookies == {}
    client.cookies["tuong_phan"] = bad
    client.cookies["co_chu"] = bad

    assert mirrored(client) == ("thuong", "vua")


def test_the_choice_leads_back_where_the_visitor_was(client):
    target = "/hoi-dap/?co_quan=3&page=2"

    assert client.get("/hien-thi/", {"co_chu": "lon", "ve": target})["Location"] == target
    link = re.search(
        r'href="(/hien-thi/\?co_chu=lon&ve=[^"]*)"', page_of(client, "/hoi-dap/?co_quan=3")
    ).group(1)
    assert client.get(link)["Location"] == "/hoi-dap/?co_quan=3"


@pytest.mark.parametrize(
    "target",
    [
        "https://ke-gian.vn/",
        "//ke-gian.vn/",
        "/\\ke-gian.vn/",
        "\\\\ke-gian.vn",
        "http:ke-gian.vn",
        "///ke-gian.vn",
        "javascript:alert(1)",
        "data:text/html,x",
        " https://ke-gian.vn/",
        "https://testserver@ke-gian.vn/",
        "/\t/ke-gian.vn",
        "tin-bai/",
        "",
    ],
)
def test_the_choice_never_leads_elsewhere(client, target):
    response = client.get("/hien-thi/", {"co_chu": "lon", "ve": target})

    assert (response.status_code, response["Location"]) == (302, "/")


def test_an_address_with_line_breaks_cannot_add_a_header(client):
    response = client.get("/hien-thi/", {"co_chu": "lon", "ve": "/x\r\nSet-Cookie: a=b"})

    assert response.status_code in {302, 400}
    assert "a" not in response.cookies
    assert "\n" not in response.headers.get("Location", "")


# The working calendar --------------------------------------------------------------------------------------------


def result_on(page: str) -> str | None:
    found = re.search(r'<h2 id="ket-qua">([^<]*)</h2>', page)
    return found.group(1) if found else None


def test_the_calculator_counts_as_the_deadlines_do(client):
    WorkCalendarDay.objects.create(on=date(2026, 3, 4), name="Ngày nghỉ mẫu", basis="Thử")
    WorkCalendarDay.objects.create(on=date(2026, 3, 7), is_working=True, name="Làm bù mẫu", basis="Thử")
    with at(datetime(2026, 3, 2, 2, tzinfo=UTC)):
        case = make_case()

    page = page_of(client, "/lich-lam-viec/?tu_ngay=2/3/2026&so_ngay=15")

    assert case.due_on == date(2026, 3, 23)
    assert result_on(page) == "Hạn: hết ngày 23/3/2026 (Thứ Hai)"
    assert "Ngày nghỉ mẫu" in page
    assert "ngày làm việc 4 (Làm bù mẫu)" in page
    assert page.count('<li class="is-skipped">') == 6  # five days of weekends and one day off


@pytest.mark.parametrize(
    "query",
    [
        "tu_ngay=&so_ngay=15",
        "tu_ngay=31/2/2026&so_ngay=15",
        "tu_ngay=1/1/1999&so_ngay=15",
        "tu_ngay=1/1/2101&so_ngay=15",
        "tu_ngay=1/1/0001&so_ngay=15",
        "tu_ngay=31/12/9999&so_ngay=120",
        "tu_ngay=2/3/2026&so_ngay=0",
        "tu_ngay=2/3/2026&so_ngay=-1",
        "tu_ngay=2/3/2026&so_ngay=121",
        "tu_ngay=2/3/2026&so_ngay=99999999999999999999",
        "tu_ngay=2/3/2026&so_ngay=x",
        "tu_ngay=2/3/2026",
        "tu_ngay=😀&so_ngay=😀",
        "tu_ngay=%ff&so_ngay=%ff",
    ],
)
def test_the_calculator_points_at_what_cannot_be_counted(client, query):
    page = page_of(client, f"/lich-lam-viec/?{query}")

    assert result_on(page) is None
    assert 'aria-invalid="true"' in page


def test_before_a_question_the_calculator_shows_no_error(client):
    page = page_of(client, "/lich-lam-viec/")

    assert 'aria-invalid="true"' not in page
    assert "chưa công bố: mới tính các ngày nghỉ luật định" in page


def test_the_calendar_lists_this_year_and_later(client):
    WorkCalendarDay.objects.create(on=date(2025, 12, 31), name="Ngày của năm trước", basis="Thử")
    WorkCalendarDay.objects.create(on=date(2026, 1, 1), name="Tết Dương lịch", basis="Thử")
    WorkCalendarDay.objects.create(on=date(2027, 2, 6), name="Làm bù năm sau", is_working=True, basis="Thử")

    with at(datetime(2026, 6, 1, tzinfo=UTC)):
        page = page_of(client, "/lich-lam-viec/")

    rows = re.findall(r'<td class="number">([^<]*)</td><td>([^<]*)</td><td>([^<]*)</td>', page)
    law_2026 = [("2/9/2026", "Quốc khánh", "Nghỉ"), ("24/11/2026", "Ngày Văn hóa Việt Nam", "Nghỉ")]
    assert rows[:4] == [
        *law_2026,
        ("1/1/2027", "Tết Dương lịch", "Nghỉ"),
        ("6/2/2027", "Làm bù năm sau", "Làm việc"),
    ]
    assert ("1/1/2026", "Tết Dương lịch", "Nghỉ") in rows[4:]  # past, folded away
    assert "Ngày của năm trước" not in page


def test_what_reaches_into_a_year_without_calendar_says_so(client):
    WorkCalendarDay.objects.create(on=date(2026, 11, 24), name="Ngày Văn hóa Việt Nam", basis="Thử")

    page = page_of(client, "/lich-lam-viec/?tu_ngay=21/12/2026&so_ngay=15")

    assert result_on(page) == "Hạn: hết ngày 12/1/2027 (Thứ Ba)"  # 1/1/2027 is off by law
    assert "năm 2027 chưa công bố" in page


# Machines --------------------------------------------------------------------------------------------------------


def test_the_live_page_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/khoe/")

    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok", "text/plain")
    assert "no-store" in response["Cache-Control"]


def test_the_ready_page_tells_whether_the_worker_lives(client):
    assert client.get("/san-sang/").json() == {"database": True, "cache": True, "worker": False}
    notifications.beat()
    assert client.get("/san-sang/").json() == {"database": True, "cache": True, "worker": True}

    with at(timezone.now() + notifications.LATE_AFTER + timedelta(seconds=1)):
        response = client.get("/san-sang/")

    assert (response.status_code, response.json()["worker"]) == (200, False)


def test_without_the_database_the_portal_is_not_ready(client):
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("away")):
        response = client.get("/san-sang/")

    assert response.status_code == 503
    assert response.json()["database"] is False
    assert "away" not in response.content.decode()


def test_without_the_cache_the_portal_is_ready(client):
    with mock.patch("parcai.views.cache.get", side_effect=ConnectionError("secret-host")):
        response = client.get("/san-sang/")

    assert response.status_code == 200
    assert response.json()["cache"] is False
    assert "secret-host" not in response.content.decode()


def test_when_the_database_is_away_a_plain_page_asks_to_try_again(client):
    with mock.patch("parcai.views.Plan.objects.filter", side_effect=OperationalError("away")):
        response = client.get("/")

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Cổng tạm ngừng trong chốc lát" in response.content.decode()
    assert "away" not in response.content.decode()


def test_officials_are_told_when_the_worker_sleeps_and_visitors_are_not(client):
    words = "Tiến trình nền đang chậm"
    assert words not in page_of(client)
    client.force_login(make_official(), backend="agencies.auth.OfficialBackend")
    assert words in page_of(client)

    notifications.beat()

    assert words not in page_of(client)


def test_robots_keep_out_of_desk_admin_accounts_status_and_previews(client, settings):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Allow: /api/v1/docs/",
        "Disallow: /api/",
        "Disallow: /quan-tri/",
        "Disallow: /xu-ly/",
        "Disallow: /tai-khoan/",
        "Disallow: /tra-cuu/",
        "Disallow: /xem-thu/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
