import pytest
from django.utils import timezone

from plan import services
from plan.models import Campaign, Evidence
from tests.factories import make_agency, make_campaign

pytestmark = pytest.mark.django_db


def test_plan_113_is_loaded_once_and_edits_stay():
    assert services.load_plan_113() == 10
    Campaign.objects.filter(number=3).update(summary="Đã sửa")
    assert services.load_plan_113() == 0
    assert [campaign.number for campaign in Campaign.objects.all()] == list(range(1, 11))
    assert Campaign.objects.get(number=3).summary == "Đã sửa"


def record(campaigns):
    services.record_evidence(
        campaigns,
        kind="article",
        key=7,
        title="Bài",
        path="/x/",
        agency=make_agency(),
        happened_at=timezone.now(),
    )


def test_evidence_is_counted_once_moves_and_is_taken_back():
    one, two = make_campaign(), make_campaign()
    record([one])
    record([one])
    assert one.evidence.counted().count() == 1
    record([two])
    assert (one.evidence.counted().count(), two.evidence.counted().count()) == (0, 1)
    services.withdraw_evidence(kind="article", key=7)
    assert not Evidence.objects.counted().exists()
    record([two])
    assert two.evidence.counted().count() == 1


def test_plan_pages_show_ten_campaigns_and_say_when_nothing_was_done(client):
    services.load_plan_113()
    page = client.get("/ke-hoach/2023/").content.decode()
    assert page.count("card--campaign") == 10
    assert page.count("Chưa có hoạt động") == 10
    record([Campaign.objects.get(number=9)])
    page = client.get("/ke-hoach/2023/").content.decode()
    assert page.count("Chưa có hoạt động") == 9
    assert "1 tin bài" in page
    assert client.get("/ke-hoach/2023/9/").status_code == 200
    assert client.get("/ke-hoach/2023/11/").status_code == 404
    assert client.get("/ke-hoach/1999/").status_code == 404
