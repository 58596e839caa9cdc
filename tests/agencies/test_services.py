from datetime import date, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from agencies import services
from agencies.models import Agency, Attempt, WorkCalendarDay
from parcai.demo.clock import at
from tests.factories import make_agency

pytestmark = pytest.mark.django_db


def moment(text: str):
    return timezone.datetime.fromisoformat(text)


def test_agencies_are_loaded_once_with_parents_and_successors():
    assert services.load_agencies() == 183
    assert services.load_agencies() == 183
    assert Agency.objects.count() == 183
    split = Agency.objects.get(code="X22246")
    assert sorted(split.successors.values_list("code", flat=True)) == ["X22240-2025", "X22261-2025"]
    assert Agency.objects.get(code="PY-SNV").parent.code == "T54"


def test_a_merger_known_only_by_its_year_ends_with_the_year_and_says_so():
    services.load_agencies()
    merged = Agency.objects.get(code="PY-SKHDT")
    assert (merged.valid_to, merged.valid_to_precision) == (date(2025, 12, 31), Agency.Precision.YEAR)
    assert services.successor_of(merged).code == "PY-STC"


def test_contacts_typed_in_the_admin_stay():
    services.load_agencies()
    Agency.objects.filter(code="PY-SNV").update(phone="(0257) …", email="snv@vidu.vn")
    services.load_agencies()
    assert Agency.objects.get(code="PY-SNV").email == "snv@vidu.vn"


def test_only_bodies_of_today_can_be_asked():
    services.load_agencies()
    codes = set(Agency.objects.answering().values_list("code", flat=True))
    assert {"PY-SNV", "PY-SYT", "X22015-2025"} <= codes
    assert not {"H555", "X22015", "PY-SKHDT", "PY-BAO"} & codes


def test_predecessors_at_any_distance_belong_to_the_lineage():
    first, second, third = make_agency(), make_agency(), make_agency()
    first.successors.add(second)
    second.successors.add(third)
    assert third.with_predecessors() == {first.pk, second.pk, third.pk}
    third.successors.add(first)  # a mistake in the data must not hang anything
    assert third.with_predecessors() == {first.pk, second.pk, third.pk}


def test_the_calendar_keeps_what_the_province_edited():
    services.load_calendar()
    WorkCalendarDay.objects.filter(on=date(2026, 11, 24)).update(is_working=True, name="Đã sửa")
    assert services.load_calendar() == 0
    assert WorkCalendarDay.objects.get(on=date(2026, 11, 24)).name == "Đã sửa"


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        ("2026-02-10T09:00:00+07:00", 15, date(2026, 3, 10)),
        (
            "2026-02-09T18:30:00+00:00",
            15,
            date(2026, 3, 10),
        ),  # half past one at night on the 10th in Việt Nam
        ("2026-02-09T16:59:59+00:00", 15, date(2026, 3, 9)),
        ("2024-05-03T23:59:59+07:00", 1, date(2024, 5, 4)),
    ],
)
def test_due_days_are_counted_in_viet_nam(received, term, due):
    services.load_calendar()
    assert services.due_on(moment(received), term) == due


def test_after_the_cut_off_hour_the_next_day_is_the_day_of_receipt(settings):
    settings.CASE_CUTOFF_HOUR = 17
    assert services.due_on(moment("2026-06-01T16:59:00+07:00"), 1) == date(2026, 6, 2)
    assert services.due_on(moment("2026-06-01T17:00:00+07:00"), 1) == date(2026, 6, 3)


def test_an_edited_day_moves_new_deadlines():
    assert services.due_on(moment("2026-06-01T09:00:00+07:00"), 1) == date(2026, 6, 2)
    WorkCalendarDay.objects.create(on=date(2026, 6, 2), is_working=False, name="Nghỉ bão", basis="Công điện")
    assert services.due_on(moment("2026-06-01T09:00:00+07:00"), 1) == date(2026, 6, 3)


def test_every_skipped_day_has_its_reason():
    services.load_calendar()
    days = services.explain_due(moment("2026-01-01T09:00:00+07:00"), 5)
    assert [(day["on"].day, day["number"], day["reason"]) for day in days] == [
        (2, None, "Nghỉ hoán đổi dịp Tết Dương lịch 2026"),
        (3, None, "nghỉ cuối tuần"),
        (4, None, "nghỉ cuối tuần"),
        (5, 1, ""),
        (6, 2, ""),
        (7, 3, ""),
        (8, 4, ""),
        (9, 5, ""),
    ]


def test_tries_are_limited_per_window_and_kept_as_hashes():
    with at(moment("2026-06-01T09:00:10+07:00")):
        allowed = [services.is_allowed("thu", ["ip:1.2.3.4"], limit=2, seconds=60) for _number in range(4)]
        assert allowed == [True, True, False, False]
        assert services.is_allowed("thu", ["ip:5.6.7.8"], limit=2, seconds=60)
        assert services.is_allowed("khac", ["ip:1.2.3.4"], limit=2, seconds=60)
    with at(moment("2026-06-01T09:01:00+07:00")):
        assert services.is_allowed("thu", ["ip:1.2.3.4"], limit=2, seconds=60)
    assert not Attempt.objects.filter(key__contains="1.2.3.4").exists()


def test_a_try_can_be_taken_back_and_old_ones_are_forgotten():
    for _number in range(5):
        assert services.is_allowed("thu", ["a"], limit=1, seconds=86_400)
        services.refund("thu", ["a"], seconds=86_400)
    Attempt.objects.update(window_at=timezone.now() - timedelta(days=3))
    assert services.forget_attempts() == 1


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 8.8.8.8", "9.9.9.9"),
        (2, "9.9.9.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=header)
    assert services.client_address(request) == address


@pytest.mark.parametrize(
    ("seen", "address"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:9.9.9.9", "9.9.9.9"),
        (" 9.9.9.9 ", "9.9.9.9"),
        ("'; DROP TABLE --", "10.0.0.1"),
        ("9.9.9.9.9", "10.0.0.1"),
    ],
)
def test_one_network_of_the_new_kind_counts_as_one_visitor(settings, seen, address):
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=seen)
    assert services.client_address(request) == address


def test_days_off_fixed_by_law_hold_in_a_year_nobody_entered_and_give_way_to_the_calendar():
    assert services.due_on(moment("2026-12-31T09:00:00+07:00"), 1) == date(2027, 1, 4)
    assert services.due_on(moment("2025-11-21T09:00:00+07:00"), 1) == date(2025, 11, 24)
    assert services.due_on(moment("2026-11-23T09:00:00+07:00"), 1) == date(2026, 11, 25)
    WorkCalendarDay.objects.create(on=date(2027, 1, 1), is_working=True, name="Làm việc", basis="Thử")

    assert services.due_on(moment("2026-12-31T09:00:00+07:00"), 1) == date(2027, 1, 1)
    assert services.years_without_calendar(date(2026, 1, 1), date(2028, 1, 1)) == [2026, 2028]
