"""Documents: in force by their dates alone, nothing public a second early, found by a number in any writing."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.roles import Role
from articles.models import Document, DocumentType
from articles.models.document import Force, number_key
from tests.factories import PDF, make_campaign, make_document, make_file, make_official

pytestmark = pytest.mark.django_db
LIST = "/van-ban/"


def status(client, place) -> int:
    answer = client.get(place)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, a file closes itself
    return answer.status_code


def force(document) -> str:
    return Document.objects.get(pk=document.pk).force


@pytest.mark.parametrize(
    ("field", "shift", "expected"),
    [
        ("effective_on", 1, Force.NOT_YET),
        ("effective_on", 0, Force.IN_FORCE),
        ("effective_on", -1, Force.IN_FORCE),
        ("expires_on", 1, Force.IN_FORCE),
        ("expires_on", 0, Force.IN_FORCE),
        ("expires_on", -1, Force.EXPIRED),
        ("ended_on", 1, Force.IN_FORCE),
        ("ended_on", 0, Force.REPEALED),
    ],
)
def test_force_turns_on_the_day_itself(field, shift, expected):
    day = timezone.localdate() + timedelta(days=shift)
    ground = {"end_ground": "Quyết định 5/QĐ-UBND"} if field == "ended_on" else {}
    assert force(make_document(published=True, **{field: day}, **ground)) == expected


def test_no_day_of_effect_means_unknown_and_nothing_is_guessed():
    assert force(make_document(published=True, effective_on=None)) == Force.UNKNOWN


@pytest.mark.parametrize(("shift", "expected"), [(1, Force.IN_FORCE), (0, Force.REPLACED)])
def test_a_replacement_counts_from_the_day_it_is_in_force(shift, expected):
    old = make_document(published=True)
    make_document(published=True, replaces=[old], effective_on=timezone.localdate() + timedelta(days=shift))
    assert force(old) == expected


def test_a_replacement_nobody_may_read_changes_nothing():
    old = make_document(published=True)
    make_document(replaces=[old])
    assert force(old) == Force.IN_FORCE


@pytest.mark.parametrize("writing", ["113/KH-UBND", "113 kh ubnd", "0113/kh–ubnd", "113KH UBND"])
def test_a_number_is_found_in_any_writing(client, writing):
    make_document(published=True, number="113/KH-UBND", title="Tuyên truyền cải cách hành chính")
    make_document(published=True, number="7/QĐ-UBND", title="Việc khác")
    page = client.get(LIST, {"q": writing}).content.decode()
    assert "113/KH-UBND" in page
    assert "7/QĐ-UBND" not in page


def test_the_words_of_a_title_are_found_without_accents(client):
    make_document(published=True, number="114/KH-UBND", title="Tuyên truyền cải cách hành chính")
    assert "114/KH-UBND" in client.get(LIST, {"q": "tuyen truyen cai cach"}).content.decode()
    assert "114/KH-UBND" not in client.get(LIST, {"q": "dat dai"}).content.decode()


def test_number_key_keeps_numbers_apart():
    assert number_key("08/KH-UBND") == number_key("8 kh ubnd")
    assert number_key("18/KH-UBND") != number_key("8/KH-UBND")


def test_nothing_is_public_one_second_early(client):
    file = make_file()
    document = make_document(published=True, number="999/KH-UBND", files=[file])
    places = [document.get_absolute_url(), file.get_absolute_url()]
    listed = [LIST, "/rss/van-ban/", "/sitemap-van-ban-1.xml"]
    now = timezone.now()
    Document.objects.filter(pk=document.pk).update(
        publish_at=now + timedelta(seconds=60), first_published_at=None
    )
    assert [client.get(place).status_code for place in places] == [404, 404]
    assert Document.objects.published().count() == 0
    for place in listed:
        assert document.get_absolute_url() not in client.get(place).content.decode()
    Document.objects.filter(pk=document.pk).update(publish_at=now - timedelta(seconds=1))
    assert [status(client, place) for place in places] == [200, 200]
    for place in listed:
        assert document.get_absolute_url() in client.get(place).content.decode(), place


def test_the_file_comes_byte_for_byte_and_its_sum_is_on_the_page(client):
    file = make_file()
    document = make_document(published=True, files=[file])
    answer = client.get(file.get_absolute_url())
    assert "attachment" in answer["Content-Disposition"]
    sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert sent == PDF
    assert hashlib.sha256(PDF).hexdigest() in client.get(document.get_absolute_url()).content.decode()


def test_filters_narrow_the_list(client):
    campaign = make_campaign()
    make_document(published=True, number="1/KH-UBND", campaigns=[campaign])
    make_document(published=True, number="2/KH-UBND", expires_on="2024-01-01")
    for query, found, missing in [
        ({"noi_dung": campaign.pk}, "1/KH-UBND", "2/KH-UBND"),
        ({"hieu_luc": "con"}, "1/KH-UBND", "2/KH-UBND"),
        ({"hieu_luc": "het"}, "2/KH-UBND", "1/KH-UBND"),
    ]:
        page = client.get(LIST, query).content.decode()
        assert f">{found}<" in page
        assert f">{missing}<" not in page


def test_the_list_in_the_order_of_numbers(client):
    for number in ("10/KH-UBND", "9/KH-UBND"):
        make_document(published=True, number=number)
    page = client.get(LIST, {"sap_xep": "so"}).content.decode()
    assert page.index(">9/KH-UBND<") < page.index(">10/KH-UBND<")


@pytest.mark.parametrize("many", [1, 15])
def test_the_list_asks_few_questions(client, django_assert_max_num_queries, many):
    for _each in range(many):
        make_document(published=True)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=" + "9" * 500, "loai=x'--", "co_quan=99999999999999999999", "tu_ngay=31/2/2023", "hieu_luc=zz",
        "sap_xep=zz", "noi_dung=abc", "page=-1", "page=99999999999999999999", "page=a&sap_xep=so", "den_ngay=0/0/0",
    ],
)  # fmt: skip
def test_no_query_breaks_the_list(client, query):
    make_document(published=True)
    assert client.get(f"{LIST}?{query}").status_code in (200, 400)


def test_the_page_of_a_replaced_document_leads_to_the_new_one(client):
    old = make_document(published=True)
    new = make_document(published=True, replaces=[old])
    page = client.get(old.get_absolute_url()).content.decode()
    assert "không còn hiệu lực" in page
    assert new.get_absolute_url() in page


def test_a_circle_of_replacements_is_seen():
    first = make_document(published=True)
    second = make_document(published=True, replaces=[first])
    assert first.closes_a_circle([second.pk])
    assert not second.closes_a_circle([first.pk])


def typed(**fields):
    kind = DocumentType.objects.get(name="Kế hoạch")
    return {
        "kind": kind.pk, "number": "5/KH-UBND", "title": "Thử", "issuer": "UBND tỉnh", "issued_on": "15/05/2023",
        "effective_on": "15/05/2023", "seen_version": 1, "_save": "1",
    } | fields  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"effective_on": "14/05/2023"}, "effective_on"),
        ({"expires_on": "01/05/2023"}, "expires_on"),
        ({"ended_on": "01/06/2023"}, "end_ground"),
        ({"end_ground": "Quyết định 5"}, "ended_on"),
        ({"issuer": ""}, "agency"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, fields, beside):
    client.force_login(make_official(Role.EDITOR, is_staff=True))
    answer = client.post(reverse("admin:articles_document_add"), typed(**fields))
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [beside]
    assert not Document.objects.exists()


def test_a_circle_is_said_beside_its_field(client):
    editor = make_official(Role.EDITOR, is_staff=True)
    first = make_document(author=editor, number="5/KH-UBND")
    second = make_document(published=True, replaces=[first])
    client.force_login(editor)
    answer = client.post(
        reverse("admin:articles_document_change", args=[first.pk]),
        typed(replaces=[second.pk], seen_version=first.version),
    )
    assert "replaces" in answer.context["adminform"].form.errors


def test_a_document_entered_twice_is_refused_beside_its_number(client):
    make_document(published=True, number="5/KH-UBND", issuer="UBND tỉnh")
    client.force_login(make_official(Role.EDITOR, is_staff=True))
    answer = client.post(reverse("admin:articles_document_add"), typed(number="05/kh–ubnd"))
    assert "number" in answer.context["adminform"].form.errors
    client.post(reverse("admin:articles_document_add"), typed(number="6/KH-UBND"))
    assert Document.objects.filter(number="6/KH-UBND").exists()


def test_the_campaign_page_names_its_documents(client):
    campaign = make_campaign()
    document = make_document(published=True, campaigns=[campaign])
    assert document.get_absolute_url() in client.get(campaign.get_absolute_url()).content.decode()
