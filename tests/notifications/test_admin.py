from pathlib import Path

import pytest
from django.conf import settings

from agencies.roles import Role
from notifications.admin import LABELS
from notifications.models import Message
from notifications.services import notify
from tests.factories import make_official


def test_every_message_has_a_name_officials_understand():
    templates = Path(settings.BASE_DIR, "templates", "messages").glob("*.subject.txt")
    assert {path.name.split(".")[0] for path in templates} == set(LABELS)


@pytest.mark.django_db
def test_the_outbox_is_listed_and_filtered_by_those_names(client):
    for template in ("answer_waiting", "case_assigned"):
        notify(template, {}, dedupe_key=template, recipient="a@vidu.vn")
    client.force_login(
        make_official(Role.ADMINISTRATOR, is_staff=True), backend="agencies.auth.OfficialBackend"
    )

    page = client.get("/quan-tri/notifications/message/").content.decode()
    assert "Trả lời chờ thủ trưởng ký" in page
    assert "answer_waiting</" not in page
    filtered = client.get("/quan-tri/notifications/message/?template=case_assigned").context["cl"]
    assert [message.template for message in filtered.queryset] == ["case_assigned"]
    message = Message.objects.get(template="answer_waiting")
    page = client.get(f"/quan-tri/notifications/message/{message.pk}/change/").content.decode()
    assert "Trả lời chờ thủ trưởng ký" in page
