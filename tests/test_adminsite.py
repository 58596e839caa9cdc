"""What waits for an official on the first page of the admin."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.roles import Role
from articles import services as publishing
from notifications.models import Message
from notifications.services import notify
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
    publishing.publish_in_emergency(urgent, by=board)

    assert waiting(client, board) == {
        "bài chờ bạn duyệt": 1,
        "bài đã duyệt, đang chờ đến giờ đăng": 1,
        "bài đăng khẩn cấp chờ hậu kiểm": 1,
    }


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
