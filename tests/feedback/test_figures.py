"""Numbers on how cases are handled: right, nothing small, final after the year, quick."""

import csv
import io
from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from agencies.roles import Role
from feedback import services
from feedback.models import Case, Figure
from parcai import statistics
from parcai.demo.clock import at
from parcai.lib.suppression import hidden
from tests.factories import ANSWER, make_agency, make_case, make_head, make_officer, make_official

pytestmark = pytest.mark.django_db
Status = Case.Status


def moment(month: int, day: int, year: int = 2026, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def copies(case: Case, many: int, **fields) -> None:
    """More cases like one, with their answers."""
    answers = list(case.answers.all())
    for _n in range(many):
        row = Case.objects.get(pk=case.pk)
        row.pk, row.code, row.submission = None, f"X{Case.objects.count():05d}", None
        row._state.adding = True
        row.submission = Case._meta.get_field("submission").get_default()
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        for answer in answers:
            answer.pk, answer.case = None, row
            answer._state.adding = True
            answer.save()


def year_of_two_agencies():
    """Agency A: 7 received in Q1, 6 answered (one late), 5 rated; B: 2 received and answered."""
    first, second = make_agency(name="Sở Nội vụ"), make_agency(name="Sở Y tế")
    with at(moment(1, 5)):
        asked, slow, open_one = (make_case(status=Status.ASSIGNED, agency=first) for _n in range(3))
        other = make_case(status=Status.ASSIGNED, agency=second)
    with at(moment(1, 12)):  # five working days
        for case, agency in ((asked, first), (other, second)):
            services.submit_answer(case, by=make_officer(agency), body=ANSWER, version=0)
            services.sign(case, by=make_head(agency), version=1)
        services.rate(asked, rating=4)
    with at(moment(2, 9)):
        services.submit_answer(slow, by=make_officer(first), body=ANSWER, version=0)
        services.sign(slow, by=make_head(first), version=1)
    asked.refresh_from_db()
    copies(asked, 4)
    copies(other, 1)
    return first, second, open_one


def figure(code: str) -> Figure:
    return Figure.objects.get(code=code)


def test_figures_count_receipt_answer_time_and_stars_and_leave_the_small_unsaid():
    first, second, _open = year_of_two_agencies()
    with at(moment(3, 1)):
        services.count_figures(2026)

    row = figure(f"2026-year-agency-{first.pk}")
    other = figure(f"2026-year-agency-{second.pk}")
    whole = figure("2026-year-all")
    # Two of the other agency are unsaid, so the first is too: else the total would give the two away.
    assert (other.received, other.answered, other.on_time_percent, other.median_days) == (None,) * 4
    assert (row.received, row.answered) == (None, None)
    assert (whole.received, whole.answered, whole.on_time_percent, whole.median_days) == (9, 8, 88, 5.0)
    assert (whole.rated, whole.satisfaction, whole.late) == (5, 4.0, None)
    assert (row.rated, row.satisfaction) == (5, 4.0)
    assert figure("2026-m02-all").answered is None
    assert figure("2026-m01-all").answered is None
    assert figure("2026-q1-all").answered == 8


def test_confidential_cases_are_in_no_figure():
    with at(moment(1, 5)):
        case = make_case()
        copies(case, 5, is_confidential=True)
        copies(case, 5)
        services.count_figures(2026)

    assert figure("2026-year-all").received == 6


def test_a_year_is_final_once_counted_after_its_end():
    with at(moment(12, 20, 2025)):
        case = make_case()
        copies(case, 5)
        services.count_current_figures()
    with at(moment(1, 1, 2026)):
        services.count_current_figures()
        assert figure("2025-year-all").is_final
        copies(case, 3)
        assert services.count_figures(2025) == 0

    assert figure("2025-year-all").received == 6


def test_counting_again_keeps_the_rows_and_drops_what_is_gone():
    agency = make_agency()
    with at(moment(1, 5)):
        case = make_case(status=Status.ASSIGNED, agency=agency)
        copies(case, 5)
        services.count_figures(2026)
        before = figure(f"2026-year-agency-{agency.pk}").pk
        services.count_figures(2026)
        assert figure(f"2026-year-agency-{agency.pk}").pk == before
        Case.objects.update(agency=make_agency())
        services.count_figures(2026)

    assert not Figure.objects.filter(agency=agency).exists()


cells = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=5)


@given(cells)
@settings(max_examples=60, deadline=None)
def test_no_hidden_count_can_be_worked_out(table):
    counts = {(r, c): value for r, row in enumerate(table) for c, value in enumerate(row)}
    rows, columns = range(len(table)), range(3)
    counts |= {(r, "sum"): sum(table[r]) for r in rows}
    counts |= {("sum", c): sum(row[c] for row in table) for c in columns}
    counts["sum", "sum"] = sum(map(sum, table))
    equations = [((r, "sum"), [(r, c) for c in columns]) for r in (*rows, "sum")]
    equations += [(("sum", c), [(r, c) for r in rows]) for c in (*columns, "sum")]

    unsaid = hidden(counts, equations, 5)

    assert {cell for cell, count in counts.items() if 0 < count < 5} <= unsaid
    assert worked_out(unsaid, counts, equations) == set()


def worked_out(unsaid: set, counts: dict, equations: list) -> set:
    """Unsaid cells somebody could work out, found another way: by real numbers, one unknown at a time and by elimination."""
    names = sorted(unsaid, key=str)
    matrix = []
    for total, parts in equations:
        row = [Fraction((name in parts) - (name == total)) for name in names]
        if any(row):
            matrix.append(row)
    pivots = []
    for column in range(len(names)):
        found = next((r for r in range(len(pivots), len(matrix)) if matrix[r][column]), None)
        if found is None:
            continue
        place = len(pivots)
        matrix[place], matrix[found] = matrix[found], matrix[place]
        matrix[place] = [value / matrix[place][column] for value in matrix[place]]
        for r, row in enumerate(matrix):
            if r != place and row[column]:
                matrix[r] = [a - row[column] * b for a, b in zip(row, matrix[place], strict=True)]
        pivots.append(column)
    return {
        names[column]
        for place, column in enumerate(pivots)
        if sum(map(bool, matrix[place])) == 1 and counts[names[column]]
    }


def test_the_page_shows_a_chosen_period_and_never_a_small_number(client, django_assert_max_num_queries):
    year_of_two_agencies()
    with at(moment(3, 1)):
        services.count_figures(2026)

    with django_assert_max_num_queries(12):
        page = client.get("/thong-ke/?ky=2026-q1").content.decode()
    assert "Quý I năm 2026" in page
    assert "ít hơn 5" in page
    whole = client.get("/thong-ke/?ky=2026").content.decode()
    assert "<svg" in whole
    assert "Tháng 1 nhận nhiều nhất (9 hồ sơ)" in whole
    for strange in ("2026-q5", "1999", "2026-", "²026", "a" * 5000, "2026-year", "%00"):
        response = client.get("/thong-ke/", {"ky": strange})
        assert response.status_code == 200
        assert "Không có số liệu của kỳ này" in response.content.decode()


def test_files_hold_what_the_page_shows(client):
    first, _second, _open = year_of_two_agencies()
    with at(moment(3, 1)):
        services.count_figures(2026)

    text = b"".join(client.get("/thong-ke/tep/2026.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    agency = next(row for row in rows if row["tên"] == str(first))
    assert (agency["tiếp nhận"], agency["lượt đánh giá"]) == ("không nêu", "5")
    book = load_workbook(io.BytesIO(b"".join(client.get("/thong-ke/tep/2026-q1.xlsx"))))
    assert book.sheetnames == ["Số liệu", "Cách tính"]
    for wrong in ("2026.json", "2026-q9.csv", "2027.csv", "csv", "../2026.csv"):
        assert client.get(f"/thong-ke/tep/{wrong}").status_code == 404


def test_the_report_of_a_year_is_there_when_the_year_is_over(client):
    with at(moment(12, 20, 2025)):
        make_case()
        services.count_figures(2025)
    Figure.objects.update(is_final=False)
    assert client.get("/thong-ke/2025/").status_code == 404
    with at(moment(1, 1, 2026)):
        services.count_figures(2025)

    assert "Báo cáo công khai" in client.get("/thong-ke/2025/").content.decode()


def test_the_overview_shows_a_head_their_own_agency_alone(django_assert_max_num_queries):
    mine, other = make_agency(name="Sở Nội vụ"), make_agency(name="Sở Y tế")
    with at(moment(1, 5)):
        own = make_case(status=Status.ASSIGNED, agency=mine)
        foreign = make_case(status=Status.ASSIGNED, agency=other)
    pages = {}
    for name, user in {
        "head": make_head(mine),
        "intake": make_official(Role.COORDINATOR),
        "observer": make_official(Role.OBSERVER),
    }.items():
        client = Client()
        client.force_login(user, backend="agencies.auth.OfficialBackend")
        with at(moment(3, 1)), django_assert_max_num_queries(15):
            pages[name] = client.get("/xu-ly/tong-quan/").content.decode()
        if name == "intake":
            one = client.get(f"/xu-ly/tong-quan/?co_quan={mine.code}").content.decode()
            assert foreign.code not in one
            assert client.get("/xu-ly/tong-quan/?co_quan=khong-co").status_code == 200

    assert own.code in pages["head"]
    assert foreign.code not in pages["head"]
    assert own.code in pages["intake"]
    assert foreign.code in pages["observer"]
    assert "Nguyễn Thị Mẫu" not in pages["observer"]


def test_periods_are_read_strictly():
    assert statistics.read_period("2026-q2") == statistics.Period(2026, "q2")
    found = defaultdict(int)
    for text in ("", "26", "2026q2", "2026-m01", "-q1", "2026-q2-"):
        found[statistics.read_period(text)] += 1
    assert found == {None: 6}
