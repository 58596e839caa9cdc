import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.roles import Role
from feedback import services
from feedback.desk.steps import STEP_WORDS as DESK_WORDS
from feedback.desk.steps import STEPS
from feedback.models import Case, RefusalReason
from feedback.timeline import STEP_WORDS
from notifications.models import Message
from tests.factories import (
    ANSWER,
    PASSWORD,
    copies,
    make_agency,
    make_campaign,
    make_case,
    make_coordinator,
    make_document,
    make_head,
    make_officer,
    make_official,
    make_published_case,
)

pytestmark = pytest.mark.django_db
Status = Case.Status


def desk(client, official, case, step, **data):
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    if step == "ky":
        data.setdefault("password", PASSWORD)
    return client.post(f"/xu-ly/{case.code}/{step}/", data)


def test_a_case_goes_over_the_desk_from_intake_to_everybody(client):
    agency, case = make_agency(), make_case(email="hoi@vidu.vn")
    coordinator, officer, head = make_coordinator(), make_officer(agency), make_head(agency)

    assert desk(client, coordinator, case, "giao", agency=agency.pk).status_code == 302
    assert desk(client, officer, case, "nhan").status_code == 302
    assert (
        desk(client, officer, case, "luu-nhap", body="Chữ gõ không có khung soạn", version="0").status_code
        == 302
    )
    assert case.answers.get().body == "<p>Chữ gõ không có khung soạn</p>"
    assert desk(client, officer, case, "soan", body="<p>Trả lời.</p>", version="1").status_code == 302
    assert desk(client, head, case, "ky", version="2").status_code == 302
    public = {"title": "Hỏi về khai sinh", "text": "Một người dân hỏi.", "answer": "<p>Trả lời.</p>"}
    assert desk(client, coordinator, case, "cong-khai", **public).status_code == 302

    case.refresh_from_db()
    assert case.is_public
    assert client.get(case.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD])
def test_a_case_of_another_agency_does_not_exist(client, role):
    case = make_case(status=Status.DRAFTED)
    stranger = make_official(role, agency=make_agency())
    client.force_login(stranger, backend="agencies.auth.OfficialBackend")
    assert client.get(case.get_desk_url()).status_code == 404
    for step in STEPS:
        assert client.post(f"{case.get_desk_url()}{step}/").status_code == 404
    assert case.code not in client.get("/xu-ly/?hang=tat-ca").content.decode()


def test_a_step_of_another_role_does_not_exist(client):
    case = make_case(status=Status.DRAFTED)
    assert desk(client, make_officer(case.agency), case, "ky", version="1").status_code == 404
    assert desk(client, make_head(case.agency), case, "cong-khai").status_code == 404
    assert desk(client, make_coordinator(), case, "ky", version="1").status_code == 404


def test_the_observer_sees_the_work_but_not_who_asked(client):
    case = make_case(status=Status.ASSIGNED, email="hoi@vidu.vn")
    client.force_login(make_official(Role.OBSERVER), backend="agencies.auth.OfficialBackend")
    page = client.get(case.get_desk_url()).content.decode()
    assert case.title in page
    assert "Nguyễn Thị Mẫu" not in page
    assert "hoi@vidu.vn" not in page
    assert f'action="{case.get_desk_url()}' not in page


def test_what_is_confidential_stays_with_those_named(client):
    agency, coordinator = make_agency(), make_coordinator()
    case = make_case()
    services.set_aside(case, by=coordinator)
    for official in (
        make_officer(agency),
        make_head(agency),
        make_official(Role.OBSERVER),
        make_coordinator(),
    ):
        client.force_login(official, backend="agencies.auth.OfficialBackend")
        assert client.get(case.get_desk_url()).status_code == 404
    client.force_login(coordinator, backend="agencies.auth.OfficialBackend")
    assert client.get(case.get_desk_url()).status_code == 200


def test_words_stay_when_somebody_was_quicker(client):
    case = make_case(status=Status.ASSIGNED)
    first, second = make_officer(case.agency), make_officer(case.agency)
    desk(client, first, case, "luu-nhap", body="<p>Bản một.</p>", version="0")
    response = desk(client, second, case, "soan", body="<p>Bản hai của tôi.</p>", version="0")
    assert response.status_code == 422
    assert "Bản hai của tôi." in response.content.decode()
    case.refresh_from_db()
    assert case.status == Status.ASSIGNED


def test_words_stay_when_something_is_missing(client):
    case = make_case()
    response = desk(client, make_coordinator(), case, "chuyen", body="", note="Lời nhắn đã gõ")
    assert response.status_code == 422
    assert "Lời nhắn đã gõ" in response.content.decode()


def test_publication_with_a_phone_number_is_refused_beside_the_words(client):
    case = make_case(status=Status.ANSWERED)
    response = desk(client, make_coordinator(), case, "cong-khai", title="Gọi 0912 345 678 giúp tôi")
    assert response.status_code == 422
    assert "0912 345 678" in response.content.decode()
    assert not Case.objects.published().exists()


def test_private_places_are_masked_before_the_official_begins(client):
    case = make_case(status=Status.ANSWERED, text="Xin gọi tôi theo số 0912 345 678 nhé các anh chị.")
    client.force_login(make_coordinator(), backend="agencies.auth.OfficialBackend")
    page = client.get(f"{case.get_desk_url()}cong-khai/").content.decode()
    original, public = page.split('id="ban-cong-khai"')
    public = public.split('id="cho-che"')[0]
    assert "<mark>0912 345 678</mark>" in original
    assert "Xin gọi tôi theo số [đã che] nhé" in public
    assert "0912 345 678" not in public


def test_the_desk_is_for_its_roles_only(client):
    assert client.get("/xu-ly/")["Location"].startswith("/tai-khoan/dang-nhap/")
    client.force_login(make_official(Role.EDITOR, is_staff=True), backend="agencies.auth.OfficialBackend")
    assert client.get("/xu-ly/").status_code == 403


def test_every_queue_opens_and_unknown_ones_fall_back(client):
    make_case()
    client.force_login(make_coordinator(), backend="agencies.auth.OfficialBackend")
    for queue in (
        "moi",
        "cho-giao",
        "sap-han",
        "qua-han",
        "tam-dung",
        "cho-cong-khai",
        "tat-ca",
        "khong-co",
        "",
    ):
        assert client.get(f"/xu-ly/?hang={queue}&page=x").status_code == 200


def test_the_list_asks_the_same_number_of_queries_however_much_there_is(client, django_assert_num_queries):
    agency = make_agency()
    make_case(status=Status.ASSIGNED, agency=agency)
    client.force_login(make_officer(agency), backend="agencies.auth.OfficialBackend")
    client.get("/xu-ly/")
    with CaptureQueriesContext(connection) as few:
        client.get("/xu-ly/?hang=dang-giai-quyet")
    for _number in range(22):
        make_case(status=Status.ASSIGNED, agency=agency)
    with django_assert_num_queries(len(few)):
        client.get("/xu-ly/?hang=dang-giai-quyet")


# Who comes in ----------------------------------------------------------------------------------------------------


def enter(client, official):
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return official


def page_of(client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def state(case) -> tuple:
    """What a refused step must not change."""
    return (
        Case.objects.values().get(pk=case.pk),
        list(case.events.values_list("pk", flat=True)),
        list(case.answers.values()),
        Message.objects.count(),
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_signing_in_every_address_of_the_desk_leads_to_the_door(client, method):
    case = make_case()
    paths = [
        "/xu-ly/",
        case.get_desk_url(),
        *(f"{case.get_desk_url()}{step}/" for step in STEPS),
        "/xu-ly/KHONG-CO/",
    ]
    before = state(case)

    for path in paths:
        response = getattr(client, method)(path)
        assert (response.status_code, response["Location"]) == (302, f"/tai-khoan/dang-nhap/?next={path}")
    assert state(case) == before


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.EDITOR, Role.PUBLISHER, Role.PLAN_MANAGER, Role.INDEX_MANAGER]
)
def test_other_roles_have_no_desk(client, role):
    case = make_case(status=Status.ASSIGNED)
    enter(
        client,
        make_official(role, agency=case.agency, is_staff=True, is_superuser=role is Role.ADMINISTRATOR),
    )
    before = state(case)

    assert client.get("/xu-ly/").status_code == 403
    assert client.get(case.get_desk_url()).status_code == 403
    assert {client.post(f"{case.get_desk_url()}{step}/").status_code for step in STEPS} == {403}
    assert state(case) == before


def test_an_officer_without_an_agency_sees_nothing(client):
    case = make_case(status=Status.ASSIGNED, title="Câu hỏi của một cơ quan")
    enter(client, make_official(Role.OFFICER))

    assert "Câu hỏi của một cơ quan" not in page_of(client, "/xu-ly/?hang=tat-ca")
    assert client.get(case.get_desk_url()).status_code == 404


def test_nobody_comes_in_after_the_account_was_closed(client):
    officer = enter(client, make_officer(make_agency()))
    assert client.get("/xu-ly/").status_code == 200
    officer.is_active = False
    officer.save()

    assert client.get("/xu-ly/").status_code == 302


# Queues ----------------------------------------------------------------------------------------------------------

TABS = {
    Role.COORDINATOR: [
        "moi",
        "cho-giao",
        "dang-giai-quyet",
        "sap-han",
        "qua-han",
        "tam-dung",
        "cho-cong-khai",
        "dan-van-ban",
        "thu-rac",
        "yeu-cau-du-lieu",
        "tat-ca",
    ],
    Role.OFFICER: [
        "cua-toi",
        "chua-ai-nhan",
        "tra-lai",
        "cho-ky",
        "co-quan",
        "dang-giai-quyet",
        "sap-han",
        "qua-han",
        "tam-dung",
        "tat-ca",
    ],
    Role.HEAD: ["cho-ky", "co-quan", "dang-giai-quyet", "sap-han", "qua-han", "tam-dung", "tat-ca"],
    Role.OBSERVER: ["dang-giai-quyet", "sap-han", "qua-han", "tam-dung", "tat-ca"],
}


def tabs_on(page: str) -> dict[str, int]:
    return {
        name: int(count)
        for name, count in re.findall(
            r'<a href="\?hang=([a-z-]+)"[^>]*>[^<]*<span class="count">(\d+)</span>', page
        )
    }


def titles_on(page: str) -> list[str]:
    return re.findall(r'<a class="queue__title" href="[^"]*">([^<]*)</a>', page)


def fill_desk():
    """One case for every queue in this agency, and one elsewhere."""
    agency, elsewhere = make_agency(), make_agency()
    mine = make_officer(agency)
    late = timezone.localdate() - timedelta(days=3)
    make_case(title="Hồ sơ mới tiếp nhận")
    make_case(title="Hồ sơ đã vào sổ", status=Status.ACCEPTED)
    make_case(title="Hồ sơ đang giải quyết", status=Status.ASSIGNED, agency=agency)
    claimed = make_case(title="Hồ sơ tôi thụ lý", status=Status.ASSIGNED, agency=agency)
    services.claim(claimed, by=mine)
    make_case(title="Hồ sơ chờ ký đây", status=Status.DRAFTED, agency=agency)
    overdue = make_case(title="Hồ sơ đã quá hạn", status=Status.ASSIGNED, agency=agency)
    soon = make_case(title="Hồ sơ sắp đến hạn", status=Status.ASSIGNED, agency=agency)
    paused = make_case(title="Hồ sơ chờ bổ sung", status=Status.ASSIGNED, agency=agency)
    services.ask_back(paused, by=make_coordinator(), note="Cần thêm")
    Case.objects.filter(pk__in=(overdue.pk, paused.pk)).update(due_on=late)
    Case.objects.filter(pk=soon.pk).update(due_on=timezone.localdate())
    make_case(title="Hồ sơ chờ công khai", status=Status.ANSWERED, agency=agency)
    make_case(title="Hồ sơ không đồng ý", status=Status.ANSWERED, agency=agency, may_publish=False)
    make_case(title="Hồ sơ của nơi khác", status=Status.ASSIGNED, agency=elsewhere)
    hidden = make_case(title="Hồ sơ đã cất riêng", status=Status.ASSIGNED, agency=agency)
    services.set_aside(hidden, by=make_coordinator())
    return agency, mine


IN_AGENCY = {
    "cua-toi": ["Hồ sơ tôi thụ lý"],
    "chua-ai-nhan": ["Hồ sơ sắp đến hạn", "Hồ sơ đang giải quyết", "Hồ sơ đã quá hạn"],
    "tra-lai": [],
    "cho-ky": ["Hồ sơ chờ ký đây"],
    "co-quan": [
        "Hồ sơ chờ bổ sung",
        "Hồ sơ chờ ký đây",
        "Hồ sơ sắp đến hạn",
        "Hồ sơ tôi thụ lý",
        "Hồ sơ đang giải quyết",
        "Hồ sơ đã quá hạn",
    ],
    "dang-giai-quyet": ["Hồ sơ sắp đến hạn", "Hồ sơ tôi thụ lý", "Hồ sơ đang giải quyết", "Hồ sơ đã quá hạn"],
    "sap-han": ["Hồ sơ sắp đến hạn"],
    "qua-han": ["Hồ sơ đã quá hạn"],
    "tam-dung": ["Hồ sơ chờ bổ sung"],
    "tat-ca": [
        "Hồ sơ chờ bổ sung",
        "Hồ sơ chờ công khai",
        "Hồ sơ chờ ký đây",
        "Hồ sơ không đồng ý",
        "Hồ sơ sắp đến hạn",
        "Hồ sơ tôi thụ lý",
        "Hồ sơ đang giải quyết",
        "Hồ sơ đã quá hạn",
    ],
}
EVERYWHERE = {
    **IN_AGENCY,
    "moi": ["Hồ sơ mới tiếp nhận"],
    "cho-giao": ["Hồ sơ đã vào sổ"],
    "cho-cong-khai": ["Hồ sơ chờ công khai"],
    "yeu-cau-du-lieu": [],
    "dan-van-ban": [],
    "thu-rac": [],
    "dang-giai-quyet": [*IN_AGENCY["dang-giai-quyet"], "Hồ sơ của nơi khác"],
    "tat-ca": [*IN_AGENCY["tat-ca"], "Hồ sơ của nơi khác", "Hồ sơ mới tiếp nhận", "Hồ sơ đã vào sổ"],
}


@pytest.mark.parametrize("role", TABS)
def test_every_role_has_its_queues_and_each_holds_what_its_name_says(client, role):
    agency, mine = fill_desk()
    enter(
        client,
        mine if role is Role.OFFICER else make_official(role, agency=agency if role is Role.HEAD else None),
    )
    expected = {
        name: sorted((IN_AGENCY if role in (Role.OFFICER, Role.HEAD) else EVERYWHERE)[name])
        for name in TABS[role]
    }
    found = {name: sorted(titles_on(page_of(client, f"/xu-ly/?hang={name}"))) for name in TABS[role]}

    assert found == expected
    assert tabs_on(page_of(client, "/xu-ly/")) == {name: len(titles) for name, titles in expected.items()}
    assert list(tabs_on(page_of(client, "/xu-ly/"))) == TABS[role]


def test_a_queue_of_another_role_falls_back_to_the_first_with_work(client):
    agency, _mine = fill_desk()
    enter(client, make_head(agency))

    assert titles_on(page_of(client, "/xu-ly/?hang=moi")) == ["Hồ sơ chờ ký đây"]


def test_the_most_urgent_case_stands_first_and_says_how_late_it_is(client):
    agency, _mine = fill_desk()
    enter(client, make_head(agency))

    page = page_of(client, "/xu-ly/?hang=dang-giai-quyet")

    assert titles_on(page)[:2] == ["Hồ sơ đã quá hạn", "Hồ sơ sắp đến hạn"]
    assert "hết hạn hôm nay" in page
    assert re.search(r"quá \d ngày làm việc|vừa quá hạn", page)


def test_the_desk_shows_twenty_five_a_page(client):
    for _number in range(27):
        make_case()
    enter(client, make_coordinator())

    assert [len(titles_on(page_of(client, f"/xu-ly/?hang=moi&page={page}"))) for page in (1, 2)] == [25, 2]
    assert 'href="?hang=moi&page=2"' in page_of(client, "/xu-ly/?hang=moi")


@pytest.mark.parametrize(
    "query",
    ["hang=%ff", "hang=😀", "page=-1", "page=99999999999999999999", "page=%F0", "hang[]=moi", "page=١"],
)
def test_an_odd_queue_is_no_server_error(client, query):
    make_case()
    enter(client, make_coordinator())

    assert client.get(f"/xu-ly/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("role", "queue"), [(role, queue) for role, queues in TABS.items() for queue in queues]
)
def test_one_row_costs_as_many_queries_as_a_hundred(client, role, queue, django_assert_num_queries):
    agency = make_agency()
    mine = make_official(role, agency=agency)
    drafter = make_officer(agency)

    if queue == "dan-van-ban":
        yesterday = timezone.localdate() - timedelta(days=1)
        make_document(published=True, number="9/QĐ-UBND", expires_on=yesterday)

    def first() -> Case:
        if queue == "dan-van-ban":
            return make_published_case(agency=agency, answer="<p>Theo Quyết định số 9/QĐ-UBND.</p>")
        if queue == "moi":
            return make_case()
        if queue == "cho-giao":
            return make_case(status=Status.ACCEPTED)
        if queue == "thu-rac":
            case = make_case()
            services.mark_spam(case, by=make_coordinator())
            return case
        status = {"cho-ky": Status.DRAFTED, "cho-cong-khai": Status.ANSWERED}.get(queue, Status.ASSIGNED)
        case = make_case(status=status, agency=agency)
        changes = {"officer": {"cua-toi": mine, "chua-ai-nhan": None}.get(queue, drafter)}
        if queue == "sap-han":
            changes["due_on"] = timezone.localdate()
        if queue == "qua-han":
            changes["due_on"] = timezone.localdate() - timedelta(days=9)
        if queue == "tam-dung":
            changes["status"] = Status.NEEDS_INFO
        if queue == "tra-lai":
            services.submit_answer(case, by=drafter, body=ANSWER, version=0)
            services.send_back(case, by=make_head(agency), note="Sửa")
        Case.objects.filter(pk=case.pk).update(**changes)
        case.refresh_from_db()
        return case

    def ask() -> None:
        """Somebody wants a copy of their data, in every case there is."""
        for each in Case.objects.filter(data_requests=None) if queue == "yeu-cau-du-lieu" else ():
            services.ask_about_data(each, kind="access")

    case = first()
    ask()
    enter(client, mine)
    path = f"/xu-ly/?hang={queue}"
    page_of(client, path)  # what a process learns once
    with CaptureQueriesContext(connection) as one:
        assert len(titles_on(page_of(client, path))) == 1
    copies(case, 99)
    ask()

    with django_assert_num_queries(len(one)):
        assert len(titles_on(page_of(client, path))) == 25


# The screen of one case ------------------------------------------------------------------------------------------

OFFERED = {
    Status.RECEIVED: {
        Role.COORDINATOR: {
            "giao",
            "vao-so",
            "hoi-lai",
            "khong-tiep-nhan",
            "chuyen",
            "trung",
            "tach",
            "linh-vuc",
            "rac",
            "khieu-nai-to-cao",
        }
    },
    Status.ACCEPTED: {
        Role.COORDINATOR: {
            "giao",
            "hoi-lai",
            "khong-tiep-nhan",
            "chuyen",
            "trung",
            "tach",
            "linh-vuc",
            "rac",
            "khieu-nai-to-cao",
        }
    },
    Status.ASSIGNED: {
        Role.COORDINATOR: {"thu-hoi", "linh-vuc", "chuyen-nguoi", "khieu-nai-to-cao"},
        Role.OFFICER: {"soan", "tam-thoi", "nhan", "hoi-lai", "tra-dieu-phoi", "khieu-nai-to-cao"},
        Role.HEAD: {"gia-han", "chuyen-nguoi", "tra-dieu-phoi", "khieu-nai-to-cao"},
    },
    Status.DRAFTED: {Role.HEAD: {"ky", "tra-chuyen-vien", "gia-han"}, Role.COORDINATOR: {"linh-vuc"}},
    Status.ANSWERED: {Role.COORDINATOR: {"linh-vuc"}},  # masking and publishing have a page of their own
    Status.NEEDS_INFO: {Role.COORDINATOR: {"da-bo-sung", "khong-tiep-nhan", "linh-vuc", "khieu-nai-to-cao"}},
}


def offered_on(page: str) -> set[str]:
    return set(re.findall(r'<form method="post" action="/xu-ly/[^/]+/([a-z-]+)/"', page))


@pytest.mark.parametrize("status", OFFERED)
@pytest.mark.parametrize("role", TABS)
def test_the_screen_offers_what_fits_the_status_and_the_role(client, role, status):
    case = make_case(status=status)
    enter(client, make_official(role, agency=case.agency))
    response = client.get(case.get_desk_url())

    if case.agency is None and role in (Role.OFFICER, Role.HEAD):
        assert response.status_code == 404
        return
    assert response.status_code == 200
    expected = OFFERED[status].get(role, set())
    if role is not Role.OBSERVER:
        expected = expected | {"ghi-chu"}
        if status in (Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED):
            expected = expected | {"xin-y-kien"}
    assert offered_on(response.content.decode()) == expected


def test_a_published_case_can_be_taken_offline_or_masked_again(client):
    case = make_published_case()
    enter(client, case.published_by)

    page = page_of(client, case.get_desk_url())

    assert offered_on(page) == {"go", "linh-vuc", "ghi-chu"}
    assert f"{case.get_desk_url()}cong-khai/" in page


def test_the_head_who_drafted_is_not_offered_to_sign(client):
    agency = make_agency()
    both = make_official(Role.OFFICER, Role.HEAD, agency=agency)
    make_officer(agency)
    case = make_case(status=Status.ASSIGNED, agency=agency)
    services.submit_answer(case, by=both, body="<p>Trả lời</p>", version=0)
    enter(client, both)
    assert offered_on(page_of(client, case.get_desk_url())) == {"tra-chuyen-vien", "gia-han", "ghi-chu"}

    response = desk(client, both, case, "ky", version="1")

    assert response.status_code == 422
    assert "không tự ký" in response.content.decode()
    case.refresh_from_db()
    assert case.status == Status.DRAFTED


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OFFICER, Role.HEAD])
def test_those_who_work_on_a_case_see_who_asked(client, role):
    case = make_case(status=Status.ASSIGNED, email="hoi@vidu.vn")
    enter(client, make_official(role, agency=case.agency))

    page = page_of(client, case.get_desk_url())

    for words in ("Nguyễn Thị Mẫu", "hoi@vidu.vn", "Phường Tuy Hòa"):
        assert words in page
    assert case.pin not in page


@pytest.mark.parametrize("status", OFFERED)
def test_the_observer_sees_no_asker_and_no_action_and_changes_nothing(client, status):
    case = make_case(status=status, email="hoi@vidu.vn")
    enter(client, make_official(Role.OBSERVER))
    before = state(case)

    page = page_of(client, case.get_desk_url())

    assert case.title in page
    for words in ("Nguyễn Thị Mẫu", "hoi@vidu.vn", "Phường Tuy Hòa", case.pin, "Người gửi</h2>"):
        assert words not in page
    assert offered_on(page) == set()
    for step in STEPS:
        assert (
            client.post(f"{case.get_desk_url()}{step}/", {"note": "Lời", "version": "1"}).status_code == 404
        )
    assert state(case) == before


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD])
@pytest.mark.parametrize("step", STEPS)
def test_no_step_reaches_a_case_of_another_agency(client, role, step):
    case = make_case(status=Status.DRAFTED if step in {"ky", "tra-chuyen-vien"} else Status.ASSIGNED)
    enter(client, make_official(role, agency=make_agency()))
    before = state(case)
    data = {"note": "Lời", "version": "1", "body": "<p>Lời</p>"}

    assert client.get(f"{case.get_desk_url()}{step}/").status_code == 404
    assert client.post(f"{case.get_desk_url()}{step}/", data).status_code == 404
    assert state(case) == before


@pytest.mark.parametrize("role", TABS)
def test_a_confidential_case_is_found_by_nobody_who_was_not_named(client, role):
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency, title="Tố cáo ông Mười Sáu")
    services.set_aside(case, by=make_coordinator())
    enter(client, make_official(role, agency=agency))

    assert client.get(case.get_desk_url()).status_code == 404
    for queue in TABS[role]:
        page = page_of(client, f"/xu-ly/?hang={queue}")
        assert "Tố cáo ông Mười Sáu" not in page
        assert case.code not in page
    assert "Tố cáo ông Mười Sáu" not in page_of(client, "/tai-khoan/thong-bao/")


@pytest.mark.parametrize("code", ["KHONG-CO", "PY26-0000-0000", "😀", "'", "a" * 500])
def test_an_unknown_code_is_not_found(client, code):
    enter(client, make_coordinator())

    assert client.get(f"/xu-ly/{code}/").status_code == 404
    assert client.post(f"/xu-ly/{code}/giao/").status_code == 404


def test_an_unknown_step_is_not_found_and_a_link_to_a_step_leads_to_the_case(client):
    case = make_case()
    enter(client, make_coordinator())

    assert client.post(f"{case.get_desk_url()}xoa/").status_code == 404
    assert client.get(f"{case.get_desk_url()}giao/")["Location"] == case.get_desk_url()


# Every step ------------------------------------------------------------------------------------------------------


def reloaded(case):
    case.refresh_from_db()
    return case


def test_intake_enters_a_case_in_the_register(client):
    case, coordinator = make_case(), make_coordinator()

    response = desk(client, coordinator, case, "vao-so")

    assert response["Location"] == case.get_desk_url()
    assert reloaded(case).status == Status.ACCEPTED
    assert case.events.last().by == coordinator
    assert "Đã vào sổ." in page_of(client, case.get_desk_url())


def test_intake_routes_with_campaign_and_note(client):
    case, agency, campaign = make_case(), make_agency(), make_campaign()

    desk(client, make_coordinator(), case, "giao", agency=agency.pk, campaign=campaign.pk, note="Gấp")

    assert (reloaded(case).status, case.agency, case.campaign) == (Status.ASSIGNED, agency, campaign)
    assert case.events.last().internal_note == "Gấp"


def test_the_agency_asked_is_proposed_or_its_successor(client):
    successor = make_agency()
    asked = make_agency()
    case = make_case(asked_agency=asked)
    asked.valid_to = timezone.localdate() - timedelta(days=1)
    asked.save()
    asked.successors.set([successor])
    enter(client, make_coordinator())

    page = page_of(client, case.get_desk_url())
    assert f'name="suggested" value="{successor.pk}"' in page
    assert f"người gửi muốn hỏi cơ quan này; kế thừa {asked}" in page


def test_intake_asks_back(client):
    case = make_case()

    desk(client, make_coordinator(), case, "hoi-lai", note="Nơi đăng ký?")

    assert (reloaded(case).status, case.events.last().public_note) == (Status.NEEDS_INFO, "Nơi đăng ký?")


def test_an_officer_asks_back(client):
    case = make_case(status=Status.ASSIGNED)

    desk(client, make_officer(case.agency), case, "hoi-lai", note="Nơi đăng ký?")

    assert (reloaded(case).status, case.resumes_to) == (Status.NEEDS_INFO, Status.ASSIGNED)


def test_intake_refuses_with_a_reason(client):
    case, reason = make_case(), RefusalReason.objects.get(name="Ngoài phạm vi của cổng")

    desk(client, make_coordinator(), case, "khong-tiep-nhan", reason=reason.pk, note="Mời hỏi nơi khác")

    assert reloaded(case).status == Status.REJECTED
    assert case.events.last().public_note == reason.in_full("Mời hỏi nơi khác")


def test_intake_forwards_to_a_body_outside(client):
    case = make_case()

    desk(client, make_coordinator(), case, "chuyen", body="Tòa án nhân dân", note="Xin liên hệ.")

    assert reloaded(case).status == Status.FORWARDED
    assert case.events.last().public_note == "Đã chuyển đến Tòa án nhân dân. Xin liên hệ."


def test_intake_joins_a_duplicate_by_its_code_however_typed(client):
    case, original = make_case(), make_case()

    desk(client, make_coordinator(), case, "trung", of=original.code.lower().replace("-", " "))

    assert (reloaded(case).status, case.duplicate_of) == (Status.DUPLICATE, original)


def test_intake_sets_a_complaint_aside_without_a_note(client):
    case, coordinator = make_case(), make_coordinator()

    response = desk(client, coordinator, case, "khieu-nai-to-cao", note="")

    assert response.status_code == 302
    assert (reloaded(case).status, case.is_confidential) == (Status.FORWARDED, True)


def test_an_officer_gives_a_case_back_and_it_leaves_their_desk(client):
    case = make_case(status=Status.ASSIGNED)

    response = desk(client, make_officer(case.agency), case, "tra-dieu-phoi", note="Thuộc Sở Xây dựng")

    assert response["Location"] == "/xu-ly/"
    assert (reloaded(case).status, case.agency) == (Status.ACCEPTED, None)


def test_a_head_sends_a_draft_back(client):
    case = make_case(status=Status.DRAFTED)

    desk(client, make_head(case.agency), case, "tra-chuyen-vien", note="Nêu rõ căn cứ")

    assert (reloaded(case).status, case.events.last().internal_note) == (Status.ASSIGNED, "Nêu rõ căn cứ")


def test_intake_takes_a_page_offline(client):
    case = make_published_case()

    desk(client, make_coordinator(), case, "go", note="Người gửi đổi ý")

    assert reloaded(case).published_at is None
    assert client.get(case.get_absolute_url()).status_code == 404


def test_the_name_can_be_shown_only_when_the_asker_allowed_it(client):
    public = {"title": "Hỏi về khai sinh", "text": "Hỏi", "answer": ANSWER, "name": "Bà Mẫu"}
    shy, open_ = make_case(status=Status.ANSWERED), make_case(status=Status.ANSWERED, show_name=True)

    for case in (shy, open_):
        desk(client, make_coordinator(), case, "cong-khai", **public)

    assert (reloaded(shy).public_name, reloaded(open_).public_name) == ("", "Bà Mẫu")


# Errors ----------------------------------------------------------------------------------------------------------

MISSING = [
    # status, role, step, what is typed, what is missing, words that must stay
    (
        Status.RECEIVED,
        Role.COORDINATOR,
        "giao",
        {"agency": "", "note": "Ghi chú đã gõ"},
        "Chọn cơ quan giải quyết.",
        "Ghi chú đã gõ",
    ),
    (Status.RECEIVED, Role.COORDINATOR, "hoi-lai", {"note": " "}, "Hãy viết vài lời ở ô này.", ""),
    (
        Status.RECEIVED,
        Role.COORDINATOR,
        "khong-tiep-nhan",
        {"note": "Lời thêm"},
        "Chọn một lý do.",
        "Lời thêm",
    ),
    (
        Status.RECEIVED,
        Role.COORDINATOR,
        "chuyen",
        {"body": " ", "note": "Lời nhắn đã gõ"},
        "Chọn hoặc ghi tên cơ quan nhận.",
        "Lời nhắn đã gõ",
    ),
    (
        Status.RECEIVED,
        Role.COORDINATOR,
        "trung",
        {"of": "PY26-AAAA-AAAA"},
        "Không có hồ sơ nào mang mã này.",
        "PY26-AAAA-AAAA",
    ),
    (
        Status.ASSIGNED,
        Role.OFFICER,
        "soan",
        {"body": "<p>Lời đã gõ</p>"},
        "",
        "Lời đã gõ",
    ),
    (
        Status.ASSIGNED,
        Role.OFFICER,
        "luu-nhap",
        {"body": "", "version": "0"},
        "Hãy viết nội dung trả lời.",
        "",
    ),
    (
        Status.ASSIGNED,
        Role.OFFICER,
        "soan",
        {"body": "<p> </p>", "version": "0"},
        "Hãy viết nội dung trả lời.",
        "",
    ),
    (Status.ASSIGNED, Role.HEAD, "tra-dieu-phoi", {"note": ""}, "Hãy viết vài lời ở ô này.", ""),
    (Status.DRAFTED, Role.HEAD, "tra-chuyen-vien", {"note": ""}, "Hãy viết vài lời ở ô này.", ""),
    (
        Status.DRAFTED,
        Role.HEAD,
        "ky",
        {"version": "7"},
        "Dự thảo vừa thay đổi. Hãy đọc lại trước khi ký.",
        "",
    ),
    (Status.DRAFTED, Role.HEAD, "ky", {"version": "x"}, "", ""),
    (
        Status.ANSWERED,
        Role.COORDINATOR,
        "cong-khai",
        {"viec": "che", "field": "text", "words": "Không có chữ này", "reason": "other", "note": "Ghi"},
        "Không thấy “Không có chữ này” trong phần nội dung.",
        "Không có chữ này",
    ),
    (
        Status.ANSWERED,
        Role.COORDINATOR,
        "cong-khai",
        {"title": "Gọi 0912345678"},
        "Cần che thông tin cá nhân",
        "Gọi 0912345678",
    ),
]


@pytest.mark.parametrize(("status", "role", "step", "typed", "error", "kept"), MISSING)
def test_an_error_stands_by_the_form_and_the_typed_words_stay(client, status, role, step, typed, error, kept):
    case = make_case(status=status)
    before = state(case)

    response = desk(client, make_official(role, agency=case.agency), case, step, **typed)

    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert error in page
    assert kept in page
    assert state(case) == before


STALE = [
    (Status.RECEIVED, Role.COORDINATOR, "giao", {"note": "Ghi chú đã gõ"}),
    (Status.RECEIVED, Role.COORDINATOR, "hoi-lai", {"note": "Lời hỏi đã gõ"}),
    (Status.RECEIVED, Role.COORDINATOR, "khong-tiep-nhan", {"note": "Lý do đã gõ"}),
    (Status.RECEIVED, Role.COORDINATOR, "chuyen", {"body": "Tòa án đã gõ", "note": "Lời nhắn đã gõ"}),
    (Status.ASSIGNED, Role.OFFICER, "soan", {"body": "<p>Trả lời đã gõ</p>", "version": "0"}),
    (Status.ASSIGNED, Role.OFFICER, "luu-nhap", {"body": "<p>Trả lời đã gõ</p>", "version": "0"}),
    (Status.ASSIGNED, Role.OFFICER, "hoi-lai", {"note": "Lời hỏi đã gõ"}),
    (Status.DRAFTED, Role.HEAD, "tra-chuyen-vien", {"note": "Ý kiến đã gõ"}),
]


@pytest.mark.parametrize(("status", "role", "step", "typed"), STALE)
def test_words_stay_when_the_case_was_closed_meanwhile(client, status, role, step, typed):
    case = make_case(status=status)
    agency = case.agency or make_agency()
    services.withdraw(Case.objects.get(pk=case.pk))
    before = state(case)
    data = {**typed, **({"agency": agency.pk} if step == "giao" else {})}

    response = desk(client, make_official(role, agency=agency), case, step, **data)

    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    for words in typed.values():
        assert words in page
    assert state(case) == before


def test_nobody_reopens_an_answer_through_the_desk(client):
    case = make_published_case()
    before = state(case)
    coordinator, head = make_coordinator(), make_head(case.agency)

    assert desk(client, coordinator, case, "giao", agency=make_agency().pk).status_code == 422
    assert desk(client, coordinator, case, "vao-so").status_code == 422
    assert desk(client, head, case, "tra-chuyen-vien", note="Viết lại").status_code == 422
    assert state(case) == before


def test_an_older_version_keeps_the_words_and_names_who_was_quicker(client):
    case = make_case(status=Status.ASSIGNED)
    first, second = make_officer(case.agency, full_name="Chuyên Viên Nhanh"), make_officer(case.agency)
    desk(client, first, case, "luu-nhap", body="<p>Bản một.</p>", version="0")
    desk(client, first, case, "luu-nhap", body="<p>Bản hai.</p>", version="1")

    response = desk(client, second, case, "luu-nhap", body="<p>Bản của tôi.</p>", version="1")

    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "Chuyên Viên Nhanh vừa lưu bản nháp này" in page
    assert "Bản của tôi." in page
    assert case.answers.get().body == "<p>Bản hai.</p>"


@pytest.mark.parametrize("body", ["<div>" * 70 + "sâu" + "</div>" * 70, "a" * 200_001])
def test_a_text_too_heavy_to_clean_is_refused(client, body):
    case = make_case(status=Status.ASSIGNED)
    before = state(case)

    assert (
        desk(client, make_officer(case.agency), case, "luu-nhap", body=body, version="0").status_code == 422
    )
    assert state(case) == before


@pytest.mark.parametrize("agency", ["0", "-1", "99999999999999999999", "abc", "\x00", "😀"])
def test_an_odd_agency_is_refused_beside_the_field(client, agency):
    case = make_case()

    assert desk(client, make_coordinator(), case, "giao", agency=agency).status_code == 422
    assert reloaded(case).status == Status.RECEIVED


def test_the_desk_refuses_a_form_without_its_token():
    case, coordinator = make_case(), make_coordinator()
    client = Client(enforce_csrf_checks=True)
    enter(client, coordinator)

    response = client.post(f"{case.get_desk_url()}vao-so/")

    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in response.content.decode()
    assert reloaded(case).status == Status.RECEIVED


def test_what_askers_and_officials_typed_is_escaped_on_the_desk(client):
    bad = "<script>alert(1)</script>"
    case = make_case(title=f"{bad} hỏi thủ tục", text=f"{bad} nội dung đủ dài để gửi đi")
    services.accept(case, by=make_coordinator(full_name=bad), note=bad)
    enter(client, make_coordinator())

    for path in ("/xu-ly/?hang=tat-ca", case.get_desk_url()):
        assert bad not in client.get(path).content.decode()


def test_pages_of_the_desk_are_not_kept_anywhere(client):
    case = make_case()
    enter(client, make_coordinator())

    for path in ("/xu-ly/", case.get_desk_url()):
        assert "no-store" in client.get(path)["Cache-Control"]


# Who watches, and what was typed too late ------------------------------------------------------------------------


def test_an_observer_reads_the_work_and_not_the_person(client):
    agency = make_agency()
    case = make_case(
        status=Status.ASSIGNED,
        agency=agency,
        title="Nguyễn Thị Mẫu hỏi về đất",
        text="Tôi là Nguyễn Thị Mẫu, gọi tôi số 0912 345 678 nhé.",
    )
    services.ask_back(case, by=make_officer(agency), note="Bà Mẫu cho biết số thửa")
    services.add_information(case, text="Thửa 12, thư mau@vidu.vn")
    services.submit_answer(
        case, by=make_officer(agency), body="<p>Kính gửi bà Nguyễn Thị Mẫu: …</p>", version=0
    )
    client.force_login(make_official(Role.OBSERVER), backend="agencies.auth.OfficialBackend")

    pages = [client.get(path).content.decode() for path in (case.get_desk_url(), "/xu-ly/?hang=tat-ca")]

    for page in pages:
        assert "[đã che] hỏi về đất" in page
        for secret in ("Nguyễn Thị Mẫu", "Bà Mẫu", "0912 345 678", "mau@vidu.vn"):
            assert secret not in page, secret
    assert Case.objects.get().title == "Nguyễn Thị Mẫu hỏi về đất"


def test_words_for_a_case_that_has_just_left_are_shown_to_be_copied(client):
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)
    services.return_to_intake(case, by=make_head(agency), note="Không thuộc Sở")

    response = desk(
        client, make_officer(agency), case, "luu-nhap", body="<p>Lời tôi đã soạn</p>", version="0"
    )

    assert response.status_code == 404
    assert "Lời tôi đã soạn" in response.content.decode()
    assert case.title not in response.content.decode()


def test_the_officer_is_told_when_nobody_can_be_written_to(client):
    case = make_case(status=Status.DRAFTED)

    desk(client, make_head(case.agency), case, "ky", version="1")
    response = client.get(case.get_desk_url())

    assert "Người gửi không để lại thư điện tử" in response.content.decode()


def test_the_desk_has_words_for_every_step():
    assert set(DESK_WORDS) == set(STEP_WORDS)


@pytest.mark.parametrize(
    ("status", "role", "step", "leads"),
    [
        (Status.NEEDS_INFO, Role.COORDINATOR, "da-bo-sung", Status.RECEIVED),
        (Status.ASSIGNED, Role.COORDINATOR, "thu-hoi", Status.ACCEPTED),
        (Status.ASSIGNED, Role.OFFICER, "khieu-nai-to-cao", Status.FORWARDED),
    ],
)
def test_ways_out_that_officials_need(client, status, role, step, leads):
    agency = make_agency()
    case = make_case(status=status, agency=agency)

    desk(client, make_official(role, agency=agency), case, step, note="Lý do")

    assert reloaded(case).status == leads


def test_what_nobody_has_taken_is_a_queue_of_its_own(client):
    agency = make_agency()
    make_case(status=Status.ASSIGNED, agency=agency, title="Chưa có ai nhận hồ sơ này")
    client.force_login(make_officer(agency), backend="agencies.auth.OfficialBackend")

    page = client.get("/xu-ly/?hang=chua-ai-nhan").content.decode()

    assert "Chưa có ai nhận hồ sơ này" in page


@pytest.mark.parametrize(
    ("step", "fields"), [("chuyen", {"body": "Tòa án"}), ("hoi-lai", {"note": "Cần thêm"})]
)
def test_a_page_that_stood_open_takes_no_step_that_no_longer_fits(client, step, fields):
    case = make_case(status=Status.ASSIGNED)

    response = desk(client, make_coordinator(), case, step, **fields)

    assert response.status_code == 422
    assert "Bước này không còn phù hợp" in response.content.decode()
    assert next(iter(fields.values())) in response.content.decode()
    assert reloaded(case).status == Status.ASSIGNED


def test_an_observer_does_not_read_a_name_split_by_markup(client):
    case = make_case(
        status=Status.ANSWERED, answer="<p>Kính gửi bà Nguyễn&nbsp;<strong>Thị</strong>&nbsp;Mẫu.</p>"
    )
    client.force_login(make_official(Role.OBSERVER), backend="agencies.auth.OfficialBackend")

    assert "Mẫu" not in client.get(case.get_desk_url()).content.decode()
