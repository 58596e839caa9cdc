"""A later day for the answer, signed by the head."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from feedback import services
from feedback.models import Case, Extension
from notifications.models import Message
from parcai.demo.clock import at
from tests.factories import make_agency, make_case, make_coordinator, make_head, make_officer

pytestmark = pytest.mark.django_db
Status = Case.Status
WHY = {"ground": "Quy chế, Điều 7", "note": "Phải xác minh tại thực địa."}


def moment(month: int, day: int, hour: int = 9) -> datetime:
    """A moment of 2026 in Việt Nam; the calendar of the tests has weekends only."""
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def in_work(agency, received=(3, 2)) -> Case:
    """Received on Monday 2/3/2026: due on Monday 23/3."""
    with at(moment(*received)):
        return make_case(status=Status.ASSIGNED, agency=agency, email="dan@vidu.vn")


def test_a_head_gives_a_later_day_and_the_asker_reads_ground_day_and_why():
    agency = make_agency()
    head, case = make_head(agency), in_work(agency)

    with at(moment(3, 23, 16)):  # the last day still counts
        services.extend(case, by=head, due_on=date(2026, 4, 3), **WHY)

    assert (case.due_on, case.term, services.due_of(case)) == (date(2026, 4, 3), 24, date(2026, 4, 3))
    row = Extension.objects.get()
    assert (row.from_due, row.to_due, row.from_term, row.to_term) == (
        date(2026, 3, 23),
        date(2026, 4, 3),
        15,
        24,
    )
    assert (row.signer, row.signer_name, row.ground) == (head, head.full_name, "Quy chế, Điều 7")
    event = case.events.last()
    assert (event.step, event.by) == ("extend", head)
    assert "3/4/2026" in event.public_note
    assert "Quy chế, Điều 7" in event.public_note
    message = Message.objects.get(template="case_extended")
    assert message.context["due"] == "3/4/2026"
    assert (message.context["ground"], message.context["reason"]) == (row.ground, row.reason)
    reasons = {day["number"]: day["reason"] for day in services.explain(case) if day["number"]}
    assert (reasons[15], reasons[16], max(reasons)) == ("", "gia hạn", 24)
    assert services.verify_history() == []


def test_pauses_before_and_after_an_extension_are_counted_once():
    agency = make_agency()
    head, officer, case = make_head(agency), make_officer(agency), in_work(agency)
    with at(moment(3, 9)):
        services.ask_back(case, by=officer, note="Nơi đăng ký?")
    with at(moment(3, 11)):  # two working days stand still
        services.add_information(case, text="Phường 1")
    assert case.due_on == date(2026, 3, 25)

    with at(moment(3, 12)):
        services.extend(case, by=head, due_on=date(2026, 4, 1), **WHY)
    with at(moment(3, 31)):
        services.ask_back(case, by=officer, note="Thêm nữa")
    with at(moment(4, 2)):
        services.add_information(case, text="Đây")

    assert case.due_on == services.due_of(case) == date(2026, 4, 3)  # one day was left on 31/3


def test_what_was_late_before_a_pause_is_explained_as_late():
    agency = make_agency()
    officer, case = make_officer(agency), in_work(agency)
    with at(moment(3, 25)):
        services.ask_back(case, by=officer, note="Nơi đăng ký?")
    with at(moment(3, 30)):
        services.add_information(case, text="Phường 1")

    assert case.due_on == services.due_of(case) == services.explain(case)[-1]["on"] == date(2026, 3, 23)


@pytest.mark.parametrize(
    ("day", "to", "match"),
    [
        ((3, 20), date(2026, 3, 23), "sau hạn hiện tại"),
        ((3, 20), date(2026, 4, 14), "không quá ngày 13/4/2026"),  # fifteen working days more
        ((3, 20), date(2026, 3, 28), "không phải ngày làm việc"),
        ((3, 24), date(2026, 4, 3), "đã quá hạn"),
    ],
)
def test_a_day_that_cannot_be_promised_is_refused(day, to, match):
    agency = make_agency()
    head, case = make_head(agency), in_work(agency)

    with at(moment(*day)), pytest.raises(services.TransitionError, match=match):
        services.extend(case, by=head, due_on=to, **WHY)

    assert not Extension.objects.exists()
    assert case.term == 15


def test_only_the_head_of_the_agency_extends_with_words_and_not_without_end(settings):
    agency = make_agency()
    head, case = make_head(agency), in_work(agency)
    settings.CASE_EXTENSIONS = 1
    day = date(2026, 3, 30)

    with at(moment(3, 10)):
        for by in (make_officer(agency), make_coordinator(), make_head(make_agency())):
            with pytest.raises(services.TransitionError, match="không có quyền"):
                services.extend(case, by=by, due_on=day, **WHY)
        for missing in ({"ground": " "}, {"note": ""}):
            with pytest.raises(services.TransitionError, match="Hãy ghi"):
                services.extend(case, by=head, due_on=day, **{**WHY, **missing})
        services.extend(case, by=head, due_on=day, **WHY)
        with pytest.raises(services.TransitionError, match="1 lần"):
            services.extend(case, by=head, due_on=date(2026, 4, 1), **WHY)


def test_the_desk_offers_it_to_the_head_and_keeps_what_was_typed(client):
    agency = make_agency()
    case = make_case(status=Status.ASSIGNED, agency=agency)
    client.force_login(make_head(agency), backend="agencies.auth.OfficialBackend")
    url = f"{case.get_desk_url()}gia-han/"

    refused = client.post(url, {"due_on": "31/2/2027", "ground": "Quy chế <b>", "note": "Lý do\x00"})
    assert refused.status_code == 422
    assert "Quy chế &lt;b&gt;" in refused.content.decode()
    done = client.post(url, {"due_on": services.latest_extension(case).strftime("%d/%m/%Y"), **WHY})

    assert done.status_code == 302
    assert Extension.objects.get().case == case
