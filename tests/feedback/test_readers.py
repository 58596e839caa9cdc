"""What readers of published cases do: narrow the list, follow by e-mail, say that an answer helped."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Topic
from feedback import services
from feedback.models import Case, HelpfulVote
from feedback.views import readers
from notifications.models import Message, Subscription
from tests.factories import make_agency, make_campaign, make_case, make_coordinator, make_head, make_officer
from tests.factories import make_published_case as published

pytestmark = pytest.mark.django_db
Status = Case.Status
WHO = "nguoi.theo.doi@vidu.vn"
OWN = {"Sec-Fetch-Site": "same-origin"}


def followed(**fields):
    case = published(**fields)
    services.ask_to_follow(case, email=WHO)
    Subscription.objects.update(confirmed_at="2026-01-01T00:00+07:00")
    Message.objects.all().delete()
    return case


def told():
    return list(Message.objects.filter(template__startswith="follow_").values_list("template", flat=True))


# Following -------------------------------------------------------------------------------------------------------


def test_every_address_gets_the_same_answer(client):
    case = followed()
    path = f"{case.get_absolute_url()}theo-doi/"
    known, new = (client.post(path, {"email": email}) for email in (WHO, "moi@vidu.vn"))
    assert (known.status_code, new.status_code) == (200, 200)
    assert known.content == new.content
    assert client.post(path, {"email": "không phải thư"}).status_code == 422
    hidden = make_case(status=Status.ANSWERED)
    assert client.post(f"{hidden.get_absolute_url()}theo-doi/", {"email": WHO}).status_code == 404


def test_one_mailbox_gets_few_letters_a_day_and_nobody_learns_of_it(client, monkeypatch):
    monkeypatch.setitem(readers.LETTERS, "limit", 1)
    first, second = published(), published()
    answers = [client.post(f"{c.get_absolute_url()}theo-doi/", {"email": WHO}) for c in (first, second)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Message.objects.filter(template="subscription_confirm").count() == 1


def test_followers_are_told_of_changes_and_of_nothing_else():
    case, by = followed(), make_coordinator()
    words = services.proposal_for_public(case)
    services.publish(case, by=by, **words)
    assert told() == []
    services.publish(case, by=by, **words | {"title": "Một tiêu đề khác hẳn"})
    services.unpublish(case, by=by, note="Xem lại")
    services.publish(case, by=by, **words)
    assert sorted(told()) == ["follow_changed", "follow_changed", "follow_withdrawn"]


def test_followers_are_told_when_it_is_reopened_and_answered_anew(client):
    agency = make_agency()
    case = followed(agency=agency)
    services.find_helpful(case, voter="a")
    services.reopen(case, note="Canary chưa rõ")
    gone = client.get(case.get_absolute_url())
    assert gone.status_code == 404
    assert "đang được xem lại" in gone.content.decode()
    assert case.title not in gone.content.decode()
    services.submit_answer(case, by=make_officer(agency), body="<p>Trả lời lần hai.</p>", version=0)
    services.sign(case, by=make_head(agency), version=1)
    services.publish(case, by=make_coordinator(), **services.proposal_for_public(case))
    assert told() == ["follow_answered", "follow_reopened"]
    page = client.get(case.get_absolute_url()).content.decode()
    assert "câu trả lời lần 2" in page
    assert "người thấy hữu ích" not in page  # said of the answer before


def test_a_page_that_is_gone_is_told_without_a_link_or_a_word_of_it():
    case = followed(title="Canary tiêu đề")
    services.withdraw_consent(case)
    letter = Message.objects.get(template="follow_withdrawn")
    assert letter.context["path"] == ""
    assert "Canary" not in str(letter.context)


def test_who_follows_a_case_that_is_joined_to_another_follows_the_other():
    main, case = published(), followed()
    services.reopen(case, note="Chưa rõ")
    services.mark_duplicate(case, by=make_coordinator(), of=main)
    assert services.follows(main).count() == 1
    assert services.follows(case).count() == 0
    assert "follow_joined" in told()
    services.unpublish(main, by=make_coordinator(), note="Xem lại")
    assert "follow_withdrawn" in told()


# Helpful ---------------------------------------------------------------------------------------------------------


def vote(client, case, **headers):
    return client.post(f"{case.get_absolute_url()}huu-ich/", headers={**OWN, **headers})


def test_one_vote_for_a_visitor_whatever_becomes_of_cookies(client):
    case = published()
    assert vote(client, case)["Location"] == case.get_absolute_url()
    vote(Client(), case)
    vote(Client(REMOTE_ADDR="127.0.0.77"), case)  # a telephone changes its last number by itself
    vote(client, case, **{"User-Agent": "Máy khác"})
    case.refresh_from_db()
    assert case.helpful == 2
    assert "2 người thấy hữu ích" in client.get(case.get_absolute_url()).content.decode()
    assert not HelpfulVote.objects.filter(key__contains="127").exists()


def test_other_sites_press_no_button_and_hidden_answers_take_no_vote(client):
    case, hidden = published(), make_case(status=Status.ANSWERED)
    assert vote(client, case, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert vote(client, hidden).status_code == 404
    case.refresh_from_db()
    assert case.helpful == 0


# The list --------------------------------------------------------------------------------------------------------


def titles(client, query=""):
    page = client.get(f"/hoi-dap/?{query}").content.decode()
    return re.findall(r'card__title"><a[^>]*>([^<]*)<', page)


def test_the_list_narrows_by_each_choice_and_by_words(client):
    land, campaign = Topic.objects.create(name="Đất đai", slug="dat-dai"), make_campaign()
    agency = make_agency()
    first = published(agency=agency, title="Cấp sổ đỏ lần đầu ở xã miền núi")
    Case.objects.filter(pk=first.pk).update(
        topic=land, campaign=campaign, published_at="2026-03-05T23:30+07:00"
    )
    published(title="Đổi thẻ bảo hiểm y tế cho con")
    for query in (
        "linh_vuc=dat-dai",
        f"co_quan={agency.pk}",
        f"noi_dung={campaign.pk}",
        "den_ngay=5/3/2026",
        "tu_ngay=5/3/2026&den_ngay=5/3/2026",
        "q=so+do+mien+nui",
        f"q=sổ+đỏ&co_quan={agency.pk}&linh_vuc=dat-dai",
    ):
        assert titles(client, query) == ["Cấp sổ đỏ lần đầu ở xã miền núi"], query
    assert titles(client, "q=bao+hiem+y+te") == ["Đổi thẻ bảo hiểm y tế cho con"]
    assert titles(client, "den_ngay=4/3/2026") == []


def test_nothing_found_leads_to_asking_with_the_words(client):
    published()
    page = client.get("/hoi-dap/?q=xe+buýt+đêm").content.decode()
    assert 'href="/hoi-dap/gui/?cau=xe+bu%C3%BDt+%C4%91%C3%AAm"' in page


def test_what_helped_most_comes_first_when_asked_for(client):
    most, newest = (
        published(title="Câu được nhiều người thấy hữu ích"),
        published(title="Câu mới nhất vừa đăng"),
    )
    Case.objects.filter(pk=most.pk).update(helpful=9)
    assert titles(client)[0] == newest.public_title
    assert titles(client, "sap_xep=huu-ich")[0] == most.public_title


@pytest.mark.parametrize(
    "query",
    [
        "linh_vuc=khong",
        "tu_ngay=32/13/2026",
        "q=" + "x" * 300,
        "sap_xep=x",
        "q=%00",
        "tu_ngay=1/1/9999",
        "q=%22-",
    ],
)
def test_odd_choices_are_answered_in_words(client, query):
    published()
    assert client.get(f"/hoi-dap/?{query}").status_code in {200, 400}


@pytest.mark.parametrize("query", ["", "q=giay+khai+sinh", "sap_xep=huu-ich"])
def test_seven_rows_cost_as_many_questions_as_one(client, query):
    case = published()
    client.get(f"/hoi-dap/?{query}")

    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/hoi-dap/?{query}")
        return len(asked)

    one = questions()
    for _number in range(6):
        published(agency=case.agency)
    assert questions() == one <= 12


# What search engines read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", [True, False])
def test_the_page_carries_a_qa_page_without_who_asked(client, shown):
    case = make_case(status=Status.ANSWERED, title="Hỏi </script><b>x về đất")
    Case.objects.filter(pk=case.pk).update(show_name=shown)
    case.refresh_from_db()
    services.publish(case, by=make_coordinator(), **services.proposal_for_public(case))
    page = client.get(case.get_absolute_url()).content.decode()
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    [qa] = [each for each in map(json.loads, data) if each["@type"] == "QAPage"]
    question = qa["mainEntity"]
    assert question["name"] == "Hỏi </script><b>x về đất"
    assert question["acceptedAnswer"]["upvoteCount"] == 0
    assert ("Nguyễn Thị Mẫu" in page) == shown
    assert case.code not in page
