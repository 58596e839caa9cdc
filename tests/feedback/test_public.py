import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback import services
from feedback.models import Case
from tests.factories import (
    copies,
    make_agency,
    make_campaign,
    make_case,
    make_coordinator,
    make_head,
    make_officer,
    make_published_case,
)

pytestmark = pytest.mark.django_db
Status = Case.Status


def test_only_published_cases_are_public(client):
    hidden = make_case(status=Case.Status.ANSWERED, title="Câu hỏi chưa công khai đâu")
    shown = make_published_case(title="Câu hỏi đã công khai rồi")
    page = client.get("/hoi-dap/").content.decode()
    assert "Câu hỏi đã công khai rồi" in page
    assert "Câu hỏi chưa công khai đâu" not in page + client.get("/").content.decode()
    assert client.get(f"/hoi-dap/{hidden.pk}/").status_code == 404
    assert client.get(f"/hoi-dap/{shown.pk}/").status_code == 200
    assert client.get(f"/phan-anh/{shown.pk}/").status_code == 404


def test_nothing_public_tells_who_asked(client):
    case = make_case(
        status=Case.Status.ANSWERED,
        title="Chị Canary Thị Lộ hỏi đất",
        text="Tôi tên Canary Thị Lộ.",
        email="lo@vidu.vn",
        answer="<p>Trả lời.</p>",
    )
    Case.objects.filter(pk=case.pk).update(campaign=(campaign := make_campaign()))
    case.refresh_from_db()
    services.publish(
        case, by=make_coordinator(), title="Hỏi về đất ở", text="Một người dân hỏi.", answer="<p>Trả lời.</p>"
    )
    pages = ["/", "/hoi-dap/", case.get_absolute_url(), campaign.get_absolute_url(), "/ke-hoach/2023/"]
    text = "".join(client.get(page).content.decode() for page in pages)
    assert "Hỏi về đất ở" in text
    for secret in ("Canary", "Nguyễn Thị Mẫu", "lo@vidu.vn", case.code, case.pin):
        assert secret not in text


def test_the_answer_carries_agency_title_name_and_days(client):
    case = make_published_case()
    page = client.get(case.get_absolute_url()).content.decode()
    answer = case.answers.get()
    for words in (answer.agency_name, answer.signer_name, answer.signer_title, "Trả lời sau 0 ngày làm việc"):
        assert words in page


def test_taken_offline_is_gone_at_once(client):
    case = make_published_case()
    services.unpublish(case, by=make_coordinator(), note="Sửa")
    assert client.get(case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "query", ["co_quan=abc", "co_quan=9999999999999", "co_quan=-1", "page=0", "page=x", "co_quan=١"]
)
def test_nonsense_in_the_address_is_no_server_error(client, query):
    make_published_case()
    assert client.get(f"/hoi-dap/?{query}").status_code in {200, 404}


def test_the_list_narrows_to_one_agency(client):
    first, second = make_agency(), make_agency()
    make_published_case(agency=first, title="Câu của cơ quan thứ nhất")
    make_published_case(agency=second, title="Câu của cơ quan thứ hai")
    page = client.get(f"/hoi-dap/?co_quan={first.pk}").content.decode()
    assert "Câu của cơ quan thứ nhất" in page
    assert "Câu của cơ quan thứ hai" not in page


@pytest.mark.parametrize("path", ["/", "/hoi-dap/", "detail"])
def test_public_pages_ask_the_same_number_of_queries_however_much_there_is(
    client, path, django_assert_max_num_queries, django_assert_num_queries
):
    agency = make_agency()
    case = make_published_case(agency=agency)
    path = case.get_absolute_url() if path == "detail" else path
    for _number in range(5):
        make_published_case(agency=agency)
    with django_assert_max_num_queries(12) as few:
        client.get(path)
    for _number in range(25):
        make_published_case(agency=agency)
    with django_assert_num_queries(len(few)):
        client.get(path)


# Nothing of the asker --------------------------------------------------------------------------------------------

DOORS = {Case.Kind.QUESTION: "/hoi-dap/", Case.Kind.FEEDBACK: "/phan-anh/"}
SECRETS = {
    "name": "Canary Thị Tên",
    "email": "canary.thu@vidu.vn",
    "phone": "0987 000 113",
    "address": "Hẻm Canary 77",
    "title": "Canary tiêu đề thật của người hỏi",
    "text": "Canary nội dung thật của người hỏi, đủ dài.",
    "note": "Canary ghi chú nội bộ",
    "draft": "Canary bản nháp cũ của chuyên viên",
    "signed": "0987.113.113",
    "comment": "Canary lời đánh giá",
    "asked": "Canary cơ quan được hỏi",
}


def publish_with_secrets(kind=Case.Kind.QUESTION, show_name=False, campaign=None):
    """A published case that has something to leak in every field the public should not see."""
    agency, coordinator = make_agency(), make_coordinator(full_name="Canary Điều Phối")
    officer, head = make_officer(agency, full_name="Canary Chuyên Viên"), make_head(agency)
    case = services.receive(
        kind=kind,
        title=SECRETS["title"],
        text=SECRETS["text"],
        asker={key: SECRETS[key] for key in ("name", "email", "phone", "address")},
        submission=uuid.uuid4(),
        asked_agency=make_agency(name=SECRETS["asked"]),
        may_publish=True,
        show_name=show_name,
    )
    services.accept(case, by=coordinator, note=SECRETS["note"])
    services.route(case, by=coordinator, agency=agency, campaign=campaign, note=SECRETS["note"])
    services.save_draft(case, by=officer, body=f"<p>{SECRETS['draft']}</p>", version=0)
    services.submit_answer(
        case, by=officer, body=f"<p>Sở trả lời về đất ở. Gọi {SECRETS['signed']}.</p>", version=1
    )
    services.sign(case, by=head, version=2)
    services.publish(
        case,
        by=coordinator,
        title="Hỏi về đất ở nông thôn",
        text="Một người dân hỏi về đất ở.",
        answer="<p>Sở trả lời về đất ở. Gọi [đã che].</p>",
        name=SECRETS["name"],
    )
    services.rate(case, rating=2, comment=SECRETS["comment"])
    return case


def public_pages(client, case, campaign) -> dict[str, str]:
    paths = [
        "/",
        DOORS[case.kind],
        f"{DOORS[case.kind]}?co_quan={case.agency_id}",
        case.get_absolute_url(),
        campaign.get_absolute_url(),
        campaign.plan.get_absolute_url(),
        "/ke-hoach/",
        "/tin-bai/",
        "/tra-cuu/",
        "/lich-lam-viec/",
        "/robots.txt",
    ]
    pages = {path: client.get(path) for path in paths}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(paths, 200)
    return {path: page.content.decode() for path, page in pages.items()}


@pytest.mark.parametrize("kind", DOORS)
def test_no_public_page_shows_anything_of_the_asker_or_the_work_inside(client, kind):
    campaign = make_campaign()
    case = publish_with_secrets(kind, campaign=campaign)

    pages = public_pages(client, case, campaign)

    where_shown = {path for path, page in pages.items() if "Hỏi về đất ở nông thôn" in page}
    assert where_shown >= {DOORS[kind], case.get_absolute_url(), campaign.get_absolute_url()}
    for path, page in pages.items():
        assert "Canary" not in page, path
        for secret in (*SECRETS.values(), case.code, case.code.lower(), case.pin, str(case.submission)):
            assert secret not in page, path


def test_a_name_the_asker_allowed_stands_on_the_page_of_the_case_only(client):
    campaign = make_campaign()
    case = publish_with_secrets(show_name=True, campaign=campaign)

    pages = public_pages(client, case, campaign)

    assert [path for path, page in pages.items() if SECRETS["name"] in page] == [case.get_absolute_url()]
    assert f"Người gửi: {SECRETS['name']}" in pages[case.get_absolute_url()]
    for secret in set(SECRETS.values()) - {SECRETS["name"]}:
        assert secret not in pages[case.get_absolute_url()]


def test_officials_who_do_not_sign_are_not_named(client):
    case = publish_with_secrets()

    page = client.get(case.get_absolute_url()).content.decode()

    assert "Canary Chuyên Viên" not in page
    assert "Canary Điều Phối" not in page
    assert case.answers.get().signer_name in page


# What is public and what is not any more -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status",
    [Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.DRAFTED, Status.ANSWERED, Status.NEEDS_INFO],
)
@pytest.mark.parametrize("kind", DOORS)
def test_a_case_that_is_not_published_has_no_page(client, kind, status):
    case = make_case(status=status, kind=kind)

    assert client.get(case.get_absolute_url()).status_code == 404
    assert case.title not in client.get(DOORS[kind]).content.decode()


def take_down(case):
    services.unpublish(case, by=make_coordinator(), note="Gỡ")


def reopen(case):
    services.reopen(case, note="Chưa rõ")


def hide(case):
    Case.objects.filter(pk=case.pk).update(is_confidential=True)


def embargo(case):
    Case.objects.filter(pk=case.pk).update(published_at=timezone.now() + timedelta(minutes=1))


@pytest.mark.parametrize("act", [take_down, reopen, hide, embargo])
def test_what_leaves_the_public_leaves_every_page_at_once(client, act):
    campaign = make_campaign()
    case = publish_with_secrets(campaign=campaign)
    paths = ["/", "/hoi-dap/", campaign.get_absolute_url()]
    assert all("Hỏi về đất ở nông thôn" in client.get(path).content.decode() for path in paths)

    act(case)

    assert client.get(case.get_absolute_url()).status_code == 404
    for path in ("/", "/hoi-dap/"):
        assert "Hỏi về đất ở nông thôn" not in client.get(path).content.decode()
    if act in (take_down, reopen):  # the steps also take the evidence back
        assert "Hỏi về đất ở nông thôn" not in client.get(campaign.get_absolute_url()).content.decode()


def test_each_kind_has_its_own_list_and_address(client):
    question = make_published_case(title="Đây là một câu hỏi thật", kind=Case.Kind.QUESTION)
    feedback = make_published_case(title="Đây là một phản ánh thật", kind=Case.Kind.FEEDBACK)

    assert "Đây là một phản ánh thật" not in client.get("/hoi-dap/").content.decode()
    assert "Đây là một câu hỏi thật" not in client.get("/phan-anh/").content.decode()
    assert client.get(f"/hoi-dap/{feedback.pk}/").status_code == 404
    assert client.get(f"/phan-anh/{question.pk}/").status_code == 404


def test_the_public_answer_shows_the_masked_words_not_the_signed_ones(client):
    case = publish_with_secrets()

    page = client.get(case.get_absolute_url()).content.decode()

    assert "Sở trả lời về đất ở." in page
    assert SECRETS["signed"] not in page


def test_public_words_are_escaped(client):
    body = '<p>Đọc <a href="javascript:alert(3)">đây</a><img src=x onerror=alert(4)></p>'
    case = make_case(status=Status.ANSWERED, show_name=True, answer=body)
    services.publish(
        case,
        by=make_coordinator(),
        title="<script>alert(1)</script> tiêu đề",
        text="<img src=x onerror=alert(2)>",
        answer=body,
        name="<b>Bà Mẫu</b>",
    )

    for path in ("/", "/hoi-dap/", case.get_absolute_url()):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "javascript:" not in page
        assert "<b>Bà" not in page


# Pages and filters -----------------------------------------------------------------------------------------------


def titles_on(response) -> list[str]:
    return re.findall(r'<h3 class="card__title"><a href="[^"]*">([^<]*)</a>', response.content.decode())


def test_the_list_shows_fifteen_a_page_newest_first_and_keeps_the_filter(client):
    agency = make_agency()
    first_hour = timezone.now() - timedelta(hours=20)
    for number in range(17):
        case = make_published_case(agency=agency, title=f"Câu hỏi thứ {number:02d} của dân")
        Case.objects.filter(pk=case.pk).update(published_at=first_hour + timedelta(hours=number))

    first, second = (
        client.get(f"/hoi-dap/?co_quan={agency.pk}"),
        client.get(f"/hoi-dap/?co_quan={agency.pk}&page=2"),
    )

    assert titles_on(first) == [f"Câu hỏi thứ {number:02d} của dân" for number in range(16, 1, -1)]
    assert titles_on(second) == ["Câu hỏi thứ 01 của dân", "Câu hỏi thứ 00 của dân"]
    assert f'<a rel="next" href="?co_quan={agency.pk}&amp;page=2">' in first.content.decode()
    assert f'<a rel="prev" href="?co_quan={agency.pk}&amp;page=1">' in second.content.decode()
    assert titles_on(client.get("/hoi-dap/?page=3")) == titles_on(second)


def test_one_page_has_no_pagination(client):
    make_published_case()

    assert 'aria-label="Các trang"' not in client.get("/hoi-dap/").content.decode()


ODD = [
    "abc",
    "0",
    "-1",
    "9999999999999",
    "1e3",
    "%ff",
    "%ED%A0%80",
    "١",
    "１",
    "' OR 1=1",
    "😀",
    "[]",
    "null",
    " 1",
    "1" * 5000,
]


@pytest.mark.parametrize("door", DOORS.values())
@pytest.mark.parametrize("name", ["co_quan", "page", "khac"])
@pytest.mark.parametrize("value", ODD)
def test_odd_filters_are_never_a_server_error(client, door, name, value):
    make_published_case()

    assert client.get(f"{door}?{name}={value}").status_code in {200, 404}


@pytest.mark.parametrize("door", DOORS.values())
def test_a_nul_in_the_address_is_refused(client, door):
    for query in ("co_quan=%00", "co_quan=1%00", "%00=1"):
        response = client.get(f"{door}?{query}")
        assert response.status_code == 400
        assert "<title>Yêu cầu này không đọc được – Cải cách" in response.content.decode()


def test_an_unknown_agency_shows_an_empty_list_not_everything(client):
    make_published_case(title="Câu hỏi của cơ quan khác")

    page = client.get("/hoi-dap/?co_quan=99999999").content.decode()

    assert "Câu hỏi của cơ quan khác" not in page
    assert "Không có câu trả lời nào khớp với lựa chọn." in page


def test_only_agencies_with_a_public_answer_of_the_kind_can_be_chosen(client):
    asked, silent, other_kind = (
        make_agency(name="Sở Có Câu"),
        make_agency(name="Sở Im"),
        make_agency(name="Sở Kia"),
    )
    make_published_case(agency=asked)
    make_case(status=Status.ANSWERED, agency=silent)
    make_published_case(agency=other_kind, kind=Case.Kind.FEEDBACK)

    page = client.get("/hoi-dap/").content.decode()

    assert re.findall(r"<option value=\"\d+\"[^>]*>([^<]*)</option>", page) == ["Sở Có Câu"]


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "1 OR 1"])
def test_odd_numbers_of_cases_are_not_found(client, pk):
    assert client.get(f"/hoi-dap/{pk}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_public_pages_are_for_reading(client, method):
    case = make_published_case()

    assert getattr(client, method)(case.get_absolute_url()).status_code == 405
    assert getattr(client, method)("/hoi-dap/").status_code == 405


@pytest.mark.parametrize("name", ["home", "list", "filtered", "detail", "campaign"])
def test_one_public_case_costs_as_many_queries_as_a_hundred(client, name, django_assert_num_queries):
    agency, campaign = make_agency(), make_campaign()
    case = make_published_case(agency=agency)
    if name == "home":  # under five cases the home page has no figures to count
        for _number in range(4):
            make_published_case(agency=agency)

    def in_campaign():
        Case.objects.update(campaign=campaign)

    in_campaign()
    path = {
        "home": "/",
        "list": "/hoi-dap/",
        "filtered": f"/hoi-dap/?co_quan={agency.pk}",
        "detail": case.get_absolute_url(),
        "campaign": campaign.get_absolute_url(),
    }[name]
    with CaptureQueriesContext(connection) as one:
        assert client.get(path).status_code == 200
    copies(case, 99)
    in_campaign()

    with django_assert_num_queries(len(one)):
        client.get(path)
    assert len(one) <= 12
