"""What waits for an official on the first page of the admin."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from agencies.models import WorkCalendarDay
from agencies.roles import Role
from articles import services as publishing
from notifications.models import Message
from notifications.services import notify
from parcai.demo.clock import at
from tests.factories import make_agency, make_article, make_official

pytestmark = pytest.mark.django_db


def waiting(client, official) -> dict[str, int]:
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    found = client.get("/quan-tri/").context["waiting"]
    for item in found:
        assert client.get(item["url"]).context["cl"].result_count >= item["count"]
    return {str(item["text"]): item["count"] for item in found}


def test_the_board_sees_what_it_may_approve_and_not_its_own(client):
    board = make_official(Role.PUBLISHER, is_staff=True)
    for author in (make_official(Role.EDITOR, is_staff=True), board):
        article = make_article(author=author)
        publishing.submit(article, by=author)
    later = make_article(publish_at=timezone.now() + timedelta(days=2))
    publishing.submit(later, by=later.author)
    publishing.approve(later, by=board)
    urgent = make_article()
    publishing.publish_in_emergency(urgent, by=board, reason="Bão")

    assert waiting(client, board) == {
        "bài chờ bạn duyệt": 1,
        "bài đã duyệt, đang chờ đến giờ đăng": 1,
        "bài đăng khẩn cấp chờ hậu kiểm": 1,
    }


def test_the_board_finds_in_the_list_what_it_was_counted_also_after_it_was_taken_away(client):
    board = make_official(Role.PUBLISHER, is_staff=True)
    for step in (publishing.take_back, lambda each, by: publishing.withdraw(each, by=by, reason="Nhầm")):
        article = make_article()
        publishing.publish_in_emergency(article, by=board, reason="Bão")
        step(article, by=board)

    assert waiting(client, board)["bài đăng khẩn cấp chờ hậu kiểm"] == 2
    listed = client.get("/quan-tri/articles/article/?viec=hau-kiem").context["cl"]
    assert listed.result_count == 2


def test_an_editor_sees_what_came_back_to_them_only(client):
    agency = make_agency()
    editor = make_official(Role.EDITOR, agency=agency, is_staff=True)
    other = make_official(Role.EDITOR, agency=agency, is_staff=True)
    for author in (editor, other):
        article = make_article(author=author, agency=agency)
        publishing.submit(article, by=author)
        publishing.send_back(article, by=make_official(Role.PUBLISHER), note="Bổ sung nguồn")

    assert waiting(client, editor) == {"bài của bạn được trả lại để sửa": 1}


def test_who_runs_the_portal_sees_failed_and_late_mail(client):
    for number in range(3):
        notify("case_received", {"code": "PY26-AAAA-AAAA"}, dedupe_key=f"{number}", recipient="a@vidu.vn")
    Message.objects.filter(dedupe_key="email:0").update(status=Message.Status.FAILED)
    Message.objects.filter(dedupe_key="email:1").update(created_at=timezone.now() - timedelta(hours=1))

    counts = waiting(client, make_official(Role.ADMINISTRATOR, is_staff=True))

    assert counts == {"thư không gửi được": 1, "thư chờ gửi quá 15 phút": 1}
    assert waiting(client, make_official(Role.PLAN_MANAGER, is_staff=True)) == {}


def notices(client, *roles, day=date(2026, 6, 1), **fields) -> list[str]:
    client.force_login(
        make_official(*roles, is_staff=True, **fields), backend="agencies.auth.OfficialBackend"
    )
    with at(datetime.combine(day, time(9), tzinfo=timezone.get_current_timezone())):
        response = client.get("/quan-tri/")
    assert not response.cookies.get("messages") or not response.cookies["messages"].value
    return [str(message) for message in response.context["messages"]]


MAIL_STAYS = "Thư gửi đi đang ghi vào thư mục, chưa gửi cho ai: đặt EMAIL_URL."


def test_who_runs_the_portal_hears_that_mail_does_not_leave(client, settings):
    settings.PRODUCTION, settings.MAIL_LEAVES = True, False

    assert notices(client, Role.ADMINISTRATOR) == [MAIL_STAYS]
    assert MAIL_STAYS in client.get("/quan-tri/").content.decode()
    assert notices(client, Role.EDITOR) == []

    settings.MAIL_LEAVES = True
    assert notices(client, Role.ADMINISTRATOR) == []


def test_who_runs_the_portal_hears_which_contacts_the_footer_lacks(client, settings):
    settings.PUBLISHER = {**settings.PUBLISHER, "phone": "", "responsible": ""}

    assert notices(client, Role.ADMINISTRATOR) == [
        "Chân trang còn thiếu: người chịu trách nhiệm (PUBLISHER_RESPONSIBLE), điện thoại (PUBLISHER_PHONE)."
    ]
    assert notices(client, Role.PUBLISHER) == []


def test_next_years_calendar_is_asked_for_from_october_on(client):
    said = (
        "Chưa có lịch làm việc năm 2027: hạn trả lời sang năm sau mới tính theo ngày nghỉ cố định trong luật."
    )

    assert notices(client, Role.ADMINISTRATOR, day=date(2026, 9, 30)) == []
    assert notices(client, Role.ADMINISTRATOR, day=date(2026, 10, 1)) == [said]
    assert notices(client, Role.COORDINATOR, day=date(2026, 10, 1)) == []

    WorkCalendarDay.objects.create(on=date(2027, 2, 8), name="Tết", basis="Thông báo")
    assert notices(client, Role.ADMINISTRATOR, day=date(2026, 10, 1)) == []


def test_every_page_of_the_admin_knows_the_way_to_the_desk_and_the_inbox(client):
    officials = {
        (Role.EDITOR,): ["Thông báo (0)"],
        (Role.EDITOR, Role.COORDINATOR): ["Bàn xử lý", "Thông báo (0)"],
    }
    for roles, titles in officials.items():
        client.force_login(make_official(*roles, is_staff=True), backend="agencies.auth.OfficialBackend")
        for path in ("/quan-tri/", "/quan-tri/articles/article/"):
            links = client.get(path).context["work_links"]
            assert [str(link["title"]) for link in links] == titles
            assert {client.get(link["url"]).status_code for link in links} == {200}
