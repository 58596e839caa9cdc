import csv
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from parcai.search import services as search
from plan.models import Campaign, Evidence, Plan

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_plan_113(path: Path = DATA / "plan_113_items.csv") -> int:
    """Kế hoạch 113/KH-UBND ngày 15/5/2023 with its ten items; what editors changed since stays. Returns new items."""
    plan, _created = Plan.objects.get_or_create(
        year=2023,
        defaults={
            "number": "113/KH-UBND",
            "issued_on": date(2023, 5, 15),
            "issuer": "UBND tỉnh Phú Yên",
            "title": "Thông tin, tuyên truyền công tác cải cách hành chính nhà nước trên địa bàn tỉnh Phú Yên năm 2023",
            "source": "Trang giới thiệu Kế hoạch 113/KH-UBND (Phòng Thanh tra - Hành chính tổng hợp)",
        },
    )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made = 0
    for row in rows:
        _campaign, created = Campaign.objects.get_or_create(
            plan=plan,
            number=int(row["number"]),
            defaults={
                "short_title": row["short_title"],
                "summary": row["summary"],
                "topic_tags": row["topic_tags"],
            },
        )
        made += created
    search.rebuild(Campaign.SEARCH_RECORD, Campaign.objects.select_related("plan"))
    return made


@transaction.atomic
def record_evidence(campaigns, *, kind, key, title, path, agency, happened_at) -> None:
    """Say that something was done for these campaigns; saying it again updates it, leaving a campaign takes it back.

    `happened_at` is aware; `path` begins with "/".
    """
    campaigns = list(campaigns)
    fields = {
        "title": title,
        "path": path,
        "agency": agency,
        "happened_at": happened_at,
        "withdrawn_at": None,
    }
    for campaign in campaigns:
        Evidence.objects.update_or_create(campaign=campaign, kind=kind, key=str(key), defaults=fields)
    elsewhere = Evidence.objects.filter(kind=kind, key=str(key)).exclude(campaign__in=campaigns)
    elsewhere.counted().update(withdrawn_at=timezone.now())


def withdraw_evidence(*, kind, key) -> None:
    """The thing shown as proof is no longer public."""
    Evidence.objects.counted().filter(kind=kind, key=str(key)).update(withdrawn_at=timezone.now())
