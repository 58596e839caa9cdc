"""The directory: who is shown and who no longer, what is found, who may change it, and one head at a time."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from agencies import services
from agencies.models import Agency, Leader, by_rank, in_vietnamese_order
from agencies.roles import Role
from articles import services as publishing
from parcai.demo.build_directory import make_directory
from tests.factories import (
    make_agency,
    make_article,
    make_leader,
    make_official,
    make_published_case,
)

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)
MOST_QUERIES = 12


def page(client, path="/co-quan/") -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def names(html: str, *agencies) -> list[str]:
    """Those of the agencies whose page is linked, in the order of the page."""
    places = {agency.name: html.find(f'href="{agency.get_absolute_url()}"') for agency in agencies}
    return sorted((name for name, place in places.items() if place >= 0), key=places.get)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def merged(today):
    """A department that ended yesterday, and the one that took over."""
    now = make_agency(code="SO-MOI", name="Sở Nông nghiệp và Môi trường")
    before = make_agency(code="SO-CU", name="Sở Tài nguyên và Môi trường", valid_to=today - YESTERDAY)
    before.successors.add(now)
    return before, now


# The list


def test_agencies_stand_by_level_and_kind_in_vietnamese_order(client):
    commune = make_agency(name="Xã An Dân", kind=Agency.Kind.COMMUNE, level=Agency.Level.COMMUNE)
    y, i, d, office, first = (
        make_agency(name="Sở Y tế"),
        make_agency(name="Sở Đối ngoại"),
        make_agency(name="Sở Du lịch"),
        make_agency(name="Văn phòng", kind=Agency.Kind.OFFICE),
        make_agency(name="Sở Xây dựng", order=0),
    )
    Agency.objects.exclude(pk__in=[first.pk]).update(order=1)

    found = names(page(client), commune, y, i, d, office, first)

    assert found == ["Văn phòng", "Sở Xây dựng", "Sở Du lịch", "Sở Đối ngoại", "Sở Y tế", "Xã An Dân"]


def test_former_bodies_are_folded_away_with_their_successors(client, merged):
    before, now = merged
    html = page(client)

    current, former = html.split('id="truoc-sap-xep"')
    assert names(current, before, now) == [now.name]
    assert names(former, before, now) == [before.name, now.name]
    assert '<details class="more">' in former
    assert f"hoạt động đến hết {before.ends}; nay là" in " ".join(former.split())


def test_a_body_that_has_not_begun_is_in_no_list(client, today):
    coming = make_agency(valid_from=today + YESTERDAY)

    assert names(page(client), coming) == []
    assert "Cơ quan này chưa hoạt động." in page(client, coming.get_absolute_url())


@pytest.mark.parametrize("typed", ["so noi vu", "SỞ NỘI VỤ", "Sở   Nội vụ", "noi so", "vụ!", "nôi"])
def test_search_finds_names_with_and_without_accents(client, typed):
    wanted, other = make_agency(name="Sở Nội vụ"), make_agency(name="Sở Y tế")

    html = page(client, f"/co-quan/?q={quote(typed)}")

    assert names(html, wanted, other) == ["Sở Nội vụ"]
    assert "<strong>1 cơ quan</strong>" in html


def test_search_finds_former_bodies_and_opens_their_part(client, merged):
    html = page(client, "/co-quan/?q=tai+nguyen")

    assert names(html, *merged) == [each.name for each in merged]  # the other one as its successor
    assert '<details class="more" open>' in html


def test_search_says_when_nothing_is_found_and_keeps_what_was_typed(client):
    make_agency()
    html = page(client, "/co-quan/?q=khong+co+ten+nay")

    assert "Không có cơ quan nào khớp với tên này." in html
    assert 'value="khong co ten nay"' in html


HOSTILE = (
    '"><script>alert(1)</script>',
    "' OR 1=1 --",
    "%",
    "_",
    "\\",
    "\u202e\ufeff\u200b",
    "😀",
    "đ" * 100,
    "{{ 7|add:7 }}",
    "&q=2",
)


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_are_only_words(client, typed):
    make_agency(name="Sở Nội vụ")
    html = page(client, f"/co-quan/?q={quote(typed)}")

    assert "<script>alert" not in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("typed", ["!!!", "  ", "\u200b"])
def test_words_without_a_letter_are_no_search(client, typed):
    agency = make_agency()
    assert names(page(client, f"/co-quan/?q={quote(typed)}"), agency) == [agency.name]


def test_too_long_a_search_is_told_beside_the_field_and_kept(client):
    agency, typed = make_agency(), "a" * 101
    html = page(client, f"/co-quan/?q={typed}")

    assert "Viết ngắn hơn: nhiều nhất 100 chữ." in html
    assert f'value="{typed}"' in html
    assert names(html, agency) == [agency.name]


def test_an_empty_directory_says_so(client):
    assert "Chưa có cơ quan nào trong danh bạ." in page(client)


# One agency


def test_what_is_not_known_is_not_yet_published(client):
    agency = make_agency()
    html = page(client, agency.get_absolute_url())

    assert html.count("Chưa công bố.") == 3  # duties, leaders, reception
    assert html.count("<dd>chưa công bố</dd>") == 5  # address, telephone, e-mail, website, first day
    assert "Nguồn: chưa công bố" in html


def test_contacts_can_be_pressed(client):
    agency = make_agency(
        phone="(0257) 3841 234; 0257 3841 235",
        email="so+mot&hai@vidu.vn",
        website="https://vidu.vn/?a=1&b=2",
        address="2 Đường Mẫu",
        duties="Việc một.\nViệc hai.",
        reception="Ngày 15 hằng tháng",
        source="Quyết định 1; https://vidu.vn/nguon",
    )
    html = page(client, agency.get_absolute_url())

    assert (
        '<a href="tel:02573841234">(0257) 3841 234</a>; <a href="tel:02573841235">0257 3841 235</a>' in html
    )
    assert 'href="mailto:so%2Bmot%26hai@vidu.vn"' in html
    assert 'href="https://vidu.vn/?a=1&amp;b=2"' in html
    assert '<a href="https://vidu.vn/nguon" rel="nofollow">' in html
    for text in ("2 Đường Mẫu", "Việc một.\nViệc hai.", "Ngày 15 hằng tháng", "Quyết định 1"):
        assert text in html


def test_what_officials_type_is_only_text(client):
    attack = '"><img src=x onerror=alert(1)>'
    agency = make_agency(
        name=attack, duties=attack, reception=attack, address=attack, phone=attack, source=attack
    )
    make_leader(agency, full_name=attack, position=attack, field=attack, phone=attack, source=attack)

    for path in ("/co-quan/", agency.get_absolute_url()):
        html = page(client, path)
        assert "<img src=x" not in html
        assert escape(attack) in html


def test_leaders_stand_by_rank_and_only_while_they_serve(client, today):
    agency = make_agency()
    make_leader(agency, full_name="Phan Văn An", order=2)
    make_leader(agency, full_name="Lê Thị Đào", order=1)
    make_leader(agency, full_name="Võ Văn Dũng", order=1, valid_to=today)
    make_leader(agency, full_name="Trần Thị Yên", is_head=True, order=9, valid_from=today)
    make_leader(agency, full_name="Người Đã Nghỉ", valid_to=today - YESTERDAY)
    make_leader(agency, full_name="Người Sắp Đến", valid_from=today + YESTERDAY)

    html = page(client, agency.get_absolute_url())

    in_order = ["Trần Thị Yên", "Võ Văn Dũng", "Lê Thị Đào", "Phan Văn An"]
    assert [each.full_name for each in by_rank(agency.leaders.current())] == in_order
    assert sorted(in_order, key=html.index) == in_order
    assert "Người Đã Nghỉ" not in html
    assert "Người Sắp Đến" not in html
    assert html.count("Người đứng đầu") == 1
    assert html.count("Nguồn: Quyết định mẫu") == 1  # one source of four people is said once


def test_the_page_of_a_former_body_leads_on_and_calls_nobody(client, merged):
    before, now = merged
    Agency.objects.filter(pk=before.pk).update(phone="0257 3841 234", reception="Thứ Hai")
    make_leader(before, full_name="Giám Đốc Cũ")

    html = page(client, before.get_absolute_url())

    assert f"Cơ quan này hoạt động đến hết {before.ends}." in html
    assert f'Nay là <a href="{now.get_absolute_url()}">{now.name}</a>.' in html
    for gone in ("tel:", "Giám Đốc Cũ", "Thứ Hai", "Hỏi thủ trưởng cơ quan này"):
        assert gone not in html
    assert names(page(client, now.get_absolute_url()), before) == [before.name]


def test_an_end_known_only_by_its_year_says_no_day(client):
    agency = make_agency(valid_to=date(2025, 12, 31), valid_to_precision=Agency.Precision.YEAR)

    html = page(client, agency.get_absolute_url())

    assert "hoạt động đến năm 2025." in html
    assert "31/12/2025" not in html


@pytest.mark.parametrize(("kind", "is_asked"), [(Agency.Kind.DEPARTMENT, True), (Agency.Kind.CHANNEL, False)])
def test_only_who_answers_can_be_asked(client, kind, is_asked):
    agency = make_agency(kind=kind)

    assert ("Hỏi thủ trưởng cơ quan này" in page(client, agency.get_absolute_url())) is is_asked
    assert agency.is_answering is Agency.objects.answering().filter(pk=agency.pk).exists() is is_asked


def test_only_what_is_published_by_this_agency_is_shown(client):
    agency, other = make_agency(), make_agency()
    make_article(published=True, agency=agency, title="Bài của Sở")
    make_article(agency=agency, title="Bản nháp của Sở")
    make_article(published=True, agency=other, title="Bài nơi khác")
    taken_back = make_article(published=True, agency=agency, title="Bài đã gỡ")
    publishing.withdraw(taken_back, by=make_official(Role.PUBLISHER, is_staff=True), reason="Sai")
    answer, foreign = make_published_case(agency=agency), make_published_case(agency=other)

    html = page(client, agency.get_absolute_url())

    assert "Bài của Sở" in html
    for hidden in ("Bản nháp của Sở", "Bài nơi khác", "Bài đã gỡ", foreign.get_absolute_url()):
        assert hidden not in html
    assert f'href="{answer.get_absolute_url()}"' in html


@pytest.mark.parametrize("code", ["KHONG-CO", "1", "a" * 300])
def test_an_unknown_code_is_no_page(client, code):
    make_agency()
    assert client.get(reverse("agency-detail", args=[code])).status_code == 404


def test_the_sitemap_has_the_directory_and_the_bodies_of_today(client, merged):
    before, now = merged
    found = client.get("/sitemap-trang-1.xml").content.decode()

    assert "/co-quan/</loc>" in found
    assert f"{now.get_absolute_url()}</loc>" in found
    assert before.get_absolute_url() not in found


def questions(client, path) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        page(client, path)
    return len(asked)


def test_many_agencies_leaders_and_pieces_cost_no_more_than_one(client, merged, today):
    before, now = merged
    make_leader(now)
    make_article(published=True, agency=now)
    make_published_case(agency=now)
    first = [questions(client, path) for path in ("/co-quan/", now.get_absolute_url())]

    for number in range(30):
        Agency.objects.get(pk=make_agency(valid_to=today - YESTERDAY, parent=before).pk).successors.add(now)
        make_agency(parent=before, phone="0257 3841 234")
        make_leader(now, full_name=f"Phó Giám Đốc {number}")
    for _number in range(3):
        make_article(published=True, agency=now)
        make_published_case(agency=now)

    assert [questions(client, path) for path in ("/co-quan/", now.get_absolute_url())] == first
    assert max(first) <= MOST_QUERIES


# Rows


def test_the_order_given_comes_before_the_name():
    late, early = make_agency(name="Sở A", order=5), make_agency(name="Sở B")
    assert in_vietnamese_order([late, early]) == [early, late]


def test_the_database_keeps_a_second_head_out():
    agency = make_agency()
    make_leader(agency, is_head=True)
    with pytest.raises(IntegrityError):
        make_leader(agency, is_head=True)


def test_loading_the_agencies_anew_keeps_what_was_entered():
    services.load_agencies()
    Agency.objects.filter(code="PY-SNV").update(duties="Nhiệm vụ", website="https://vidu.vn", order=3)

    services.load_agencies()

    agency = Agency.objects.get(code="PY-SNV")
    assert (agency.duties, agency.website, agency.order) == ("Nhiệm vụ", "https://vidu.vn", 3)


def test_the_demonstration_says_of_each_leader_that_they_are_made_up():
    services.load_agencies()

    assert make_directory() == Leader.objects.count() > 3
    assert make_directory() == 0
    for leader in Leader.objects.all():
        assert leader.full_name.endswith("(tên minh họa)")
        assert leader.source == "Dữ liệu minh họa"


# The admin


def signed_in(*roles) -> Client:
    client = Client()
    client.force_login(make_official(*roles, is_staff=True), backend="agencies.auth.OfficialBackend")
    return client


def leader_form(agency, **fields):
    return {
        "agency": agency.pk,
        "full_name": "Nguyễn Văn Mẫu",
        "position": "Giám đốc",
        "order": "0",
        "source": "Quyết định mẫu",
        **fields,
    }


ADD = "/quan-tri/agencies/leader/add/"


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.ADMINISTRATOR])
def test_the_board_and_administrators_enter_leaders(role):
    agency = make_agency()
    client = signed_in(role)

    assert client.post(ADD, leader_form(agency, is_head="on")).status_code == 302

    leader = agency.leaders.get()
    assert leader.is_head
    changed = f"/quan-tri/agencies/leader/{leader.pk}/change/"
    assert (
        client.post(changed, leader_form(agency, position="Quyền Giám đốc", is_head="on")).status_code == 302
    )
    leader.refresh_from_db()
    assert leader.position == "Quyền Giám đốc"
    assert client.post(f"/quan-tri/agencies/leader/{leader.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not agency.leaders.exists()


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.EDITOR, Role.COORDINATOR])
def test_nobody_else_enters_leaders(role):
    agency = make_agency()
    client = signed_in(role)

    assert client.post(ADD, leader_form(agency)).status_code == 403
    assert not Leader.objects.exists()


def test_the_board_does_not_change_an_agency_itself():
    agency = make_agency(duties="Như cũ")
    client = signed_in(Role.PUBLISHER)

    path = f"/quan-tri/agencies/agency/{agency.pk}/change/"
    assert client.get(path).status_code == 200
    assert client.post(path, agency_form(agency, duties="Đổi")).status_code == 403
    agency.refresh_from_db()
    assert agency.duties == "Như cũ"


def test_a_name_without_a_source_is_not_taken():
    html = signed_in(Role.PUBLISHER).post(ADD, leader_form(make_agency(), source=" ")).content.decode()

    assert 'id="id_source_error"' in html
    assert 'value="Nguyễn Văn Mẫu"' in html
    assert not Leader.objects.exists()


ANOTHER_HEAD = "đang là người đứng đầu"


@pytest.mark.parametrize(
    ("of_the_first", "of_the_second", "is_taken"),
    [
        ({}, {}, False),
        ({"valid_to": date(2025, 6, 30)}, {}, False),  # since when is not said, so it may be the same days
        ({"valid_to": date(2025, 6, 30)}, {"valid_from": "01/07/2025"}, True),
        ({"valid_to": date(2025, 6, 30)}, {"valid_from": "30/06/2025"}, False),
        ({"valid_from": date(2025, 7, 1)}, {"valid_to": "30/06/2025"}, True),
        ({"valid_from": date(2025, 7, 1)}, {"valid_to": "01/07/2025"}, False),
    ],
)
def test_two_heads_never_serve_on_the_same_day(of_the_first, of_the_second, is_taken):
    agency = make_agency()
    make_leader(agency, full_name="Trần Văn Trước", is_head=True, **of_the_first)
    make_leader(make_agency(), is_head=True)  # of another agency: no matter

    response = signed_in(Role.PUBLISHER).post(ADD, leader_form(agency, is_head="on", **of_the_second))

    assert agency.leaders.count() == 1 + is_taken
    if not is_taken:
        html = response.content.decode()
        beside = html.split('id="id_is_head_error"')[1].split("</ul>")[0]
        assert f"Trần Văn Trước {ANOTHER_HEAD}" in beside
        assert 'value="Nguyễn Văn Mẫu"' in html


def test_a_term_that_ends_before_it_begins_is_not_taken():
    html = (
        signed_in(Role.PUBLISHER)
        .post(ADD, leader_form(make_agency(), valid_from="02/01/2026", valid_to="01/01/2026"))
        .content.decode()
    )
    assert "Ngày thôi giữ chức phải sau ngày bắt đầu." in html


def agency_form(agency, *leaders, **fields) -> dict:
    """The form of an agency with its leaders: dicts, those with an id are in the database."""
    data = {
        "name": agency.name,
        "code": agency.code,
        "kind": agency.kind,
        "level": agency.level,
        "order": agency.order,
        "valid_from_precision": agency.valid_from_precision,
        "valid_to_precision": agency.valid_to_precision,
        "leaders-TOTAL_FORMS": len(leaders),
        "leaders-INITIAL_FORMS": sum("id" in leader for leader in leaders),
        **fields,
    }
    for number, leader in enumerate(leaders):
        row = {
            "position": "Giám đốc",
            "order": "0",
            "source": "Quyết định mẫu",
            **leader,
            "agency": agency.pk,
        }
        data |= {f"leaders-{number}-{name}": value for name, value in row.items()}
    return data


def save(agency, *leaders, **fields):
    path = f"/quan-tri/agencies/agency/{agency.pk}/change/"
    return signed_in(Role.ADMINISTRATOR).post(path, agency_form(agency, *leaders, **fields))


def heads(agency) -> set[str]:
    return set(agency.leaders.filter(is_head=True).values_list("full_name", flat=True))


def test_two_new_heads_in_one_saving_are_told_beside_the_second():
    agency = make_agency()
    html = save(
        agency,
        {"full_name": "Lê Văn Một", "is_head": "on"},
        {"full_name": "Lê Văn Hai", "is_head": "on"},
    ).content.decode()

    assert f"Lê Văn Một {ANOTHER_HEAD}" in html.split('id="id_leaders-1-is_head_error"')[1].split("</ul>")[0]
    assert not agency.leaders.exists()


def test_one_steps_down_and_another_follows_in_one_saving():
    agency = make_agency()
    old = make_leader(agency, full_name="Bùi Văn Cũ", is_head=True)

    answer = save(
        agency,
        {"id": old.pk, "full_name": old.full_name, "is_head": "on", "valid_to": "30/06/2026"},
        {"full_name": "Bùi Văn Mới", "is_head": "on", "valid_from": "01/07/2026"},
    )

    assert answer.status_code == 302
    assert heads(agency) == {"Bùi Văn Cũ", "Bùi Văn Mới"}
    assert agency.leaders.get(valid_to=None).full_name == "Bùi Văn Mới"


def test_head_and_deputy_change_places_whoever_is_saved_first():
    agency = make_agency()
    first = make_leader(agency, full_name="An Văn Một")
    second = make_leader(agency, full_name="Bình Văn Hai", is_head=True)
    rows = {leader.pk: leader for leader in agency.leaders.all()}  # in the order of the page

    def swapped(leader):
        return {"id": leader.pk, "full_name": leader.full_name} | (
            {} if leader.is_head else {"is_head": "on"}
        )

    assert save(agency, *(swapped(leader) for leader in rows.values())).status_code == 302
    assert heads(agency) == {first.full_name}
    rows = [Leader.objects.get(pk=pk) for pk in (second.pk, first.pk)]
    assert save(agency, *(swapped(leader) for leader in rows)).status_code == 302
    assert heads(agency) == {second.full_name}


def test_a_head_taken_off_the_list_makes_place_in_the_same_saving():
    agency = make_agency()
    deputy = make_leader(agency, full_name="An Văn Một")
    head = make_leader(agency, full_name="Bình Văn Hai", is_head=True)

    answer = save(
        agency,
        {"id": deputy.pk, "full_name": deputy.full_name, "is_head": "on"},
        {"id": head.pk, "full_name": head.full_name, "is_head": "on", "DELETE": "on"},
    )

    assert answer.status_code == 302
    assert list(agency.leaders.values_list("full_name", "is_head")) == [(deputy.full_name, True)]


def test_leaders_left_alone_stay_as_they_are():
    agency = make_agency()
    head = make_leader(agency, is_head=True)

    row = {"id": head.pk, "full_name": head.full_name, "position": head.position, "is_head": "on"}
    assert save(agency, row, duties="Việc mới").status_code == 302

    assert heads(agency) == {head.full_name}
    agency.refresh_from_db()
    assert agency.duties == "Việc mới"


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "ftp://vidu.vn/", "data:text/html,x", "không phải"])
def test_a_website_is_an_ordinary_address(typed):
    agency = make_agency()
    html = save(agency, website=typed).content.decode()

    assert 'id="id_website_error"' in html
    assert escape(typed) in html
    agency.refresh_from_db()
    assert agency.website == ""


def test_a_website_without_its_beginning_becomes_https():
    agency = make_agency()
    save(agency, website="vidu.vn/so-noi-vu")
    agency.refresh_from_db()
    assert agency.website == "https://vidu.vn/so-noi-vu"


@pytest.mark.parametrize("order", ["-1", "1000", "9" * 30, "abc", ""])
def test_an_order_that_is_none_is_told_beside_its_field(order):
    assert 'id="id_order_error"' in save(make_agency(), order=order).content.decode()


def test_the_list_of_leaders_tells_who_is_shown():
    agency = make_agency()
    make_leader(agency, full_name="Đang Giữ Chức")
    make_leader(agency, full_name="Đã Thôi Chức", valid_to=timezone.localdate() - YESTERDAY)
    client = signed_in(Role.PUBLISHER)

    listed = {
        query: client.get(f"/quan-tri/agencies/leader/?{query}").content.decode()
        for query in ("giu-chuc=dang", "giu-chuc=khong", "q=Giữ", "giu-chuc=x")
    }

    shown = {
        query: tuple(name in html for name in ("Đang Giữ Chức", "Đã Thôi Chức"))
        for query, html in listed.items()
    }
    assert shown == {
        "giu-chuc=dang": (True, False),
        "giu-chuc=khong": (False, True),
        "q=Giữ": (True, False),
        "giu-chuc=x": (True, True),
    }
