"""What speaks of the same thing: shown to whoever is about to ask, to officials, and below what is read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import alike as related
from articles import services as publishing
from articles import tasks
from feedback import alike
from feedback import services as casework
from feedback.models import Case
from parcai import findable
from parcai.search import spelling
from parcai.search.engines import Scope
from parcai.search.similar import similar
from tests.factories import (
    make_agency,
    make_article,
    make_case,
    make_coordinator,
    make_officer,
    make_official,
    make_published_case,
)
from tests.search.test_pages import questions

pytestmark = pytest.mark.django_db

BIRTH = {
    "title": "Con sinh ở tỉnh khác thì đăng ký khai sinh ở đâu?",
    "text": "Con tôi sinh ở bệnh viện tỉnh khác, nay muốn đăng ký khai sinh tại xã thì mang giấy tờ gì.",
}
LAND = {
    "title": "Bị mất sổ đỏ thì làm lại thế nào?",
    "text": "Nhà tôi bị mất sổ đỏ khi chuyển nhà, xin hỏi thủ tục cấp lại sổ đỏ.",
}


def test_the_answer_about_the_same_thing_comes_first_and_others_do_not():
    birth, _land = make_published_case(**BIRTH), make_published_case(**LAND)

    found = alike.answered("muốn đăng ký khai sinh cho con sinh tỉnh khác")

    assert [case.pk for case in found] == [birth.pk]
    assert alike.answered("giờ mở cửa thư viện huyện") == []
    assert alike.answered("") == []
    assert alike.answered("xin hỏi cho tôi là ai vậy") == []


def test_a_case_that_is_not_public_helps_nobody_who_asks():
    make_case(**BIRTH)
    gone = make_published_case(**BIRTH)
    casework.unpublish(gone, by=make_coordinator(), note="Người hỏi xin gỡ.")

    assert alike.answered(BIRTH["title"]) == []


def test_the_next_step_of_asking_shows_answers_that_are_there(client):
    birth = make_published_case(**BIRTH)
    client.post("/hoi-dap/gui/", {"viec": "hoi"})

    response = client.post("/hoi-dap/gui/cau-hoi/", {"title": BIRTH["title"]}, follow=True)

    html = response.content.decode()
    assert response.redirect_chain[-1][0] == "/hoi-dap/gui/tuong-tu/"
    assert "Có thể đã có câu trả lời" in html
    assert birth.get_absolute_url() in html


def test_the_script_of_the_form_reads_a_piece_of_page_and_nothing_stands_in_an_address(client):
    birth = make_published_case(**BIRTH)

    response = client.post(reverse("feedback:alike"), {"q": BIRTH["title"]})

    assert birth.public_title in response.content.decode()
    assert client.get(reverse("feedback:alike"), {"q": BIRTH["title"]}).status_code == 405
    assert "<a" not in client.post(reverse("feedback:alike"), {"q": "\x00<b>"}).content.decode()
    assert "<a" not in client.post(reverse("feedback:alike"), {}).content.decode()


def test_doubles_are_shown_to_officials_who_may_see_them():
    mine, other = make_agency(), make_agency()
    first = make_case(status=Case.Status.ASSIGNED, agency=mine, **BIRTH)
    second = make_case(status=Case.Status.ASSIGNED, agency=other, **BIRTH)
    make_case(**LAND)

    assert alike.doubles(first, user=make_coordinator()) == [second]
    assert alike.doubles(first, user=make_officer(other)) == [second]
    assert alike.doubles(first, user=make_officer(mine)) == []
    assert alike.doubles(first, user=make_official("Biên tập viên")) == []


def test_what_was_set_aside_or_withdrawn_is_no_double():
    first = make_case(**BIRTH)
    secret, withdrawn = make_case(**BIRTH), make_case(**BIRTH)
    coordinator = make_coordinator()
    casework.set_aside(secret, by=coordinator)
    casework.withdraw(withdrawn)

    assert alike.doubles(first, user=coordinator) == []


def test_the_agency_that_answered_such_cases_is_suggested():
    justice, land = make_agency(name="Sở Tư pháp thử"), make_agency(name="Sở Đất thử")
    for _number in range(2):
        make_case(status=Case.Status.ANSWERED, agency=justice, **BIRTH)
    make_case(status=Case.Status.ANSWERED, agency=land, **LAND)
    new = make_case(**BIRTH)

    found = alike.agencies_for(new, user=make_coordinator())

    assert [(each.agency, each.cases) for each in found] == [(justice, 2)]


def test_an_agency_that_ended_is_suggested_by_its_successor():
    today = timezone.localdate()
    old, heir = make_agency(valid_to=today.replace(year=today.year - 1)), make_agency()
    old.successors.add(heir)
    case = make_case(status=Case.Status.ANSWERED, agency=heir, **BIRTH)
    Case.objects.filter(pk=case.pk).update(agency=old)

    found = alike.agencies_for(make_case(**BIRTH), user=make_coordinator())

    assert [each.agency for each in found] == [heir]


def test_the_desk_shows_all_three(client):
    agency = make_agency(name="Sở Tư pháp thử")
    make_published_case(agency=agency, **BIRTH)
    double, new = make_case(**BIRTH), make_case(**BIRTH)
    client.force_login(make_coordinator(), backend="agencies.auth.OfficialBackend")

    html = client.get(new.get_desk_url()).content.decode()

    assert "Gợi ý cơ quan giải quyết" in html
    assert "Sở Tư pháp thử" in html
    assert "Hồ sơ có thể trùng" in html
    assert double.code in html
    assert "Câu tương tự đã trả lời" in html


def test_an_observer_sees_doubles_with_names_masked(client):
    new = make_case(**BIRTH)
    make_case(**{**BIRTH, "title": BIRTH["title"] + " Gọi 0912 345 678"})
    client.force_login(make_official("Giám sát"), backend="agencies.auth.OfficialBackend")

    html = client.get(new.get_desk_url()).content.decode()

    assert "Hồ sơ có thể trùng" in html
    assert "0912 345 678" not in html


def test_an_answer_is_followed_by_those_like_it(client):
    agency = make_agency()
    like = make_published_case(**BIRTH)
    make_published_case(agency=agency, **LAND)
    here = make_published_case(agency=agency, **BIRTH)

    with CaptureQueriesContext(connection) as asked:
        response = client.get(here.get_absolute_url())
    assert len(questions(asked)) <= 12

    assert [case.pk for case in response.context["like"]] == [like.pk]
    assert here.pk not in [case.pk for case in response.context["others"]]


def test_articles_are_followed_by_those_that_say_something_like_them(client):
    here = make_article(published=True, title="Đăng ký khai sinh trực tuyến tại nhà")
    like = make_article(published=True, title="Hướng dẫn đăng ký khai sinh trực tuyến", kind="guide")
    make_article(published=True, title="Chợ hoa Tết Tuy Hòa")
    related.note(here)
    here.refresh_from_db()

    assert here.alike == [like.pk]
    assert [each.pk for each in client.get(here.get_absolute_url()).context["related"]] == [like.pk]

    publishing.withdraw(like, by=make_official("Ban Biên tập", is_staff=True), reason="Sai.")
    assert client.get(here.get_absolute_url()).context["related"] == []


def test_an_article_is_compared_when_it_is_announced_and_again_at_night():
    first = make_article(published=True, title="Đăng ký khai sinh trực tuyến tại nhà")
    tasks.announce()
    second = make_article(published=True, title="Hỏi đáp về đăng ký khai sinh trực tuyến")
    tasks.announce()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.alike, second.alike) == ([], [first.pk])

    tasks.note_alike()

    first.refresh_from_db()
    assert first.alike == [second.pk]


def test_rare_words_weigh_more_than_common_ones():
    for number in range(6):
        make_article(published=True, title=f"Cải cách hành chính ở xã số {number}")
    rare = make_article(published=True, title="Cải cách hành chính và đập thủy lợi")
    spelling.learn(findable.written())

    hits = similar("hành chính đập thủy lợi", Scope(timezone.now()), many=3)

    assert hits[0].object_id == rare.pk
