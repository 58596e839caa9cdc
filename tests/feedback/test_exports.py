"""Lists of cases officials take away: what they may see, masked, counted, logged, gone after some days."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from agencies.models import User
from agencies.roles import Role
from feedback import services
from feedback.models import Case, ExportJob
from feedback.services import exporting
from notifications.models import Message
from tests.factories import make_agency, make_case, make_coordinator, make_head, make_officer, make_official

pytestmark = pytest.mark.django_db
Status = Case.Status
CANARY = "Nguyễn Thị Mẫu"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="agencies.auth.OfficialBackend")
    return client


def rows_of(job: ExportJob) -> list[dict]:
    with default_storage.open(job.stored_name) as file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))


def take(cases, by, **fields) -> ExportJob:
    fields = {"queue": "tat-ca", "ending": "csv"} | fields
    return services.ask_for_export([case.pk for case in cases], by=by, **fields)


def test_an_official_takes_away_what_they_see_masked_and_it_is_logged():
    agency = make_agency()
    officer = make_officer(agency)
    mine = make_case(status=Status.ASSIGNED, agency=agency, title=f"=1+1 của {CANARY}, 0912345678")
    foreign = make_case(status=Status.ASSIGNED)
    hidden = make_case(status=Status.ASSIGNED, agency=agency)
    services.set_aside(hidden, by=make_coordinator(), note="")

    client = signed_in(officer)
    response = client.post("/xu-ly/xuat/", {"hang": "tat-ca", "ending": "csv"})
    assert response.status_code == 302
    job = ExportJob.objects.get()
    file = client.get(job.get_absolute_url())
    text = b"".join(file).decode("utf-8-sig")

    assert (job.by, job.count, job.is_unmasked, job.state, job.ids) == (officer, 1, False, "ready", [])
    assert "attachment" in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    assert mine.code in text
    assert foreign.code not in text
    assert hidden.code not in text
    for private in (CANARY, "0912345678", mine.text):
        assert private not in text
    assert rows_of(job)[0]["Tiêu đề"].startswith("'=")
    assert ExportJob.objects.get().fetched_at


def test_names_leave_only_with_a_reason_and_only_for_intake_and_heads():
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)
    for by, words in (
        (make_officer(agency), "Báo cáo"),
        (make_official(Role.OBSERVER), "Báo cáo"),
        (make_head(agency), " "),
    ):
        with pytest.raises(services.TransitionError):
            take([case], by, is_unmasked=True, reason=words)
    assert not ExportJob.objects.exists()

    job = take([case], make_head(agency), is_unmasked=True, reason="Báo cáo Thường trực", ending="xlsx")

    with default_storage.open(job.stored_name) as file:
        book = load_workbook(io.BytesIO(file.read()))
    names = [cell.value for cell in book["Hồ sơ"][2]]
    assert CANARY in names
    assert ["Lý do", "Báo cáo Thường trực"] in [[c.value for c in row] for row in book["Về tệp này"].rows]
    refused = signed_in(make_head(agency)).post(
        "/xu-ly/xuat/", {"hang": "tat-ca", "ending": "csv", "is_unmasked": "on", "reason": ""}
    )
    assert refused.status_code == 422
    assert "Ghi lý do" in refused.content.decode()


def test_a_long_list_is_made_by_the_worker_once_and_its_official_is_told(monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    agency = make_agency()
    officer = make_officer(agency)
    cases = [make_case(status=Status.ASSIGNED, agency=agency) for _n in range(2)]
    job = take(cases, officer)
    assert job.state == "waiting"
    Case.objects.filter(pk=cases[1].pk).update(agency=make_agency())  # gone to another agency meanwhile

    assert (services.make_exports(), services.make_exports()) == (1, 0)

    job.refresh_from_db()
    assert [row["Mã hồ sơ"] for row in rows_of(job)] == [cases[0].code]
    assert job.count == 1
    assert list(
        Message.objects.filter(template="export_ready", channel="in_app").values_list("official", flat=True)
    ) == [officer.pk]


def test_a_worker_that_dies_leaves_the_list_to_the_next_and_not_for_ever(monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    agency = make_agency()
    job = take([make_case(status=Status.ASSIGNED, agency=agency)], make_officer(agency))
    monkeypatch.setattr(exporting, "_write", lambda job: 1 / 0)
    for _try in range(4):
        services.make_exports()
        assert services.make_exports() == 0  # another worker holds it
        ExportJob.objects.update(leased_until=timezone.now() - timedelta(minutes=1))

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 3)


def test_a_file_is_its_officials_alone_and_goes_after_its_days():
    agency = make_agency()
    officer = make_officer(agency)
    job = take([make_case(status=Status.ASSIGNED, agency=agency)], officer)
    url = job.get_absolute_url()

    for other in (make_officer(agency), make_coordinator(), make_official(Role.OBSERVER)):
        assert signed_in(other).get(url).status_code == 404
    assert signed_in(officer).get(f"/xu-ly/xuat/{uuid.uuid4()}/").status_code == 404
    User.objects.filter(pk=officer.pk).update(agency=make_agency())
    assert signed_in(officer).get(url).status_code == 404
    User.objects.filter(pk=officer.pk).update(agency=agency)
    ExportJob.objects.update(expires_at=timezone.now())
    assert signed_in(officer).get(url).status_code == 404
    stored = job.stored_name

    assert (services.expire_exports(), services.expire_exports()) == (1, 0)
    assert not default_storage.exists(stored)
    assert ExportJob.objects.get().state == "expired"


def test_a_day_has_so_many_exports_and_no_more(settings):
    settings.EXPORTS_A_DAY = 2
    agency = make_agency()
    officer, case = make_officer(agency), make_case(status=Status.ASSIGNED, agency=agency)
    for _n in range(2):
        take([case], officer)

    with pytest.raises(services.TransitionError, match="2 lần"):
        take([case], officer)
    page = signed_in(officer).post("/xu-ly/xuat/", {"hang": "tat-ca", "ending": "csv"})
    assert page.status_code == 422
    assert ExportJob.objects.count() == 2


@pytest.mark.parametrize(
    "data", [{"hang": "moi"}, {"hang": "x\x00"}, {"ending": "exe"}, {"hang": "", "ending": ""}]
)
def test_what_is_no_queue_of_theirs_or_no_file_is_refused(data):
    client = signed_in(make_officer(make_agency()))

    assert client.post("/xu-ly/xuat/", {"hang": "tat-ca", "ending": "csv"} | data).status_code == 422
    assert not ExportJob.objects.exists()


def test_the_journal_is_read_and_not_changed():
    agency = make_agency()
    job = take([make_case(status=Status.ASSIGNED, agency=agency)], make_officer(agency))
    client = signed_in(make_official(Role.OBSERVER, is_staff=True))

    page = client.get(f"/quan-tri/feedback/exportjob/{job.pk}/change/")
    assert page.status_code == 200
    assert client.post(f"/quan-tri/feedback/exportjob/{job.pk}/delete/").status_code == 403
    assert client.post(f"/quan-tri/feedback/exportjob/{job.pk}/change/", {"count": 0}).status_code == 403
