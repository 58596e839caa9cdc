from collections import Counter

import pytest
from django.core.management import call_command
from django.urls import resolve

from agencies.models import ApiKey, User
from agencies.roles import Role
from articles.models import Article
from feedback import services
from feedback.models import Case
from parcai.demo.people import ACCOUNTS
from parcai.lib import html
from plan.models import Campaign
from tests.feedback.signing import INTAKE, get

pytestmark = pytest.mark.django_db


def counts():
    return Article.objects.count(), Case.objects.count(), User.objects.count()


def test_the_demonstration_province_is_whole_and_built_once(capsys, client, settings):
    call_command("demo")
    before = counts()
    call_command("demo")
    assert counts() == before

    assert Article.objects.published().count() >= 50
    assert Article.objects.count() >= 60
    assert {"draft", "in_review", "approved", "withdrawn"} == set(
        Article.objects.values_list("status", flat=True)
    )
    assert all(campaign.evidence.counted().exists() for campaign in Campaign.objects.all())

    states = Counter(Case.objects.values_list("status", flat=True))
    assert Case.objects.count() >= 80
    assert set(states) == set(Case.Status.values)
    assert Case.objects.overdue().count() >= 5
    assert Case.objects.published().count() >= 40
    assert services.verify_history() == []

    for username, _name, _title, _agency, roles, _is_staff in ACCOUNTS:
        person = User.objects.get(username=username)
        assert person.roles == {str(role) for role in roles}
        assert person.is_demonstration
        answer = client.post(
            "/tai-khoan/dang-nhap/", {"username": username, "password": settings.DEMO_PASSWORD}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/tai-khoan/"), username
        client.logout()
    key = ApiKey.objects.get()
    assert get(client, key, f"{INTAKE}PY26-AAAA-AAAA/", secret=settings.DEMO_PASSWORD).status_code == 404
    assert (key.is_demonstration, key.account.is_demonstration, key.may_answer) == (True, True, False)
    assert {role for account in ACCOUNTS for role in account[4]} == set(Role)
    assert "Bản minh họa" in client.get("/").content.decode()

    for article in Article.objects.all():
        for path, _words in html.links(article.body):
            if path.startswith("/"):
                assert resolve(path), (article, path)
