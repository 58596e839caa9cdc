"""Documents: in force by their dates alone, nothing public a second early, found by a number in any writing."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agencies.roles import Role
from articles import content, services
from articles.models import Document, DocumentType
from articles.models.document import Force, number_key
from parcai.search.models import SearchDocument
from tests.factories import PDF, make_agency, make_campaign, make_document, make_file, make_official

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


def test_a_replacement_without_a_day_of_effect_leaves_the_old_one_unknown():
    old = make_document(published=True)
    new = make_document(published=True, replaces=[old], effective_on=None)
    assert force(old) == Force.UNKNOWN
    Document.objects.filter(pk=new.pk).update(status="withdrawn")
    assert force(old) == Force.IN_FORCE


def test_every_day_has_its_own_answer():
    document = make_document(published=True, effective_on="2024-03-01", expires_on="2024-12-31")

    def found(method, day):
        return document in getattr(Document.objects, method)(date.fromisoformat(day))

    assert found("not_yet", "2024-02-29")
    assert not found("in_force", "2024-02-29")
    assert found("in_force", "2024-03-01")
    assert found("in_force", "2024-12-31")
    assert not found("ended", "2024-12-31")
    assert found("ended", "2025-01-01")
    assert not found("unclear", "2025-01-01")


def test_a_part_that_ended_is_said_while_the_rest_binds():
    document = make_document(published=True, partly_note="Điều 5, theo Quyết định 9/QĐ-UBND")
    assert force(document) == Force.PARTLY
    assert document in Document.objects.in_force()


@pytest.mark.parametrize(
    "fields",
    [
        {"issuer": ""},
        {"issued_on": "2024-01-02", "effective_on": "2024-01-01", "expires_on": "2024-01-01"},
        {"effective_on": "2024-01-02", "expires_on": "2024-01-01"},
        {"ended_on": "2024-01-02"},
        {"end_ground": "Quyết định 9"},
        {"number": "48/KH-UBND", "issued_on": "2023-05-15"},
        {"number": "048/kh–ubnd", "issued_on": "2023-05-15"},
        {"number": "49/KH-UBND", "issued_on": None},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(fields):
    make_document(number="48/KH-UBND", issued_on="2023-05-15")
    make_document(number="49/KH-UBND", issued_on=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_document(**fields)


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


def test_the_list_is_narrowed_to_an_issuer_of_the_portals_list_or_outside_it(client):
    agency = make_agency(name="Sở Nội vụ")
    make_document(published=True, number="1/KH-SNV", agency=agency)
    make_document(published=True, number="2/NQ-CP", issuer="Chính phủ")
    make_document(number="3/KH-SYT", issuer="Sở chưa đăng gì")
    page = client.get(LIST).content.decode()
    assert '<option value="chinh-phu">Chính phủ</option>' in page
    assert f'<option value="a{agency.pk}">Sở Nội vụ</option>' in page
    assert "Sở chưa đăng gì" not in page
    for key, found, missing in (
        (f"a{agency.pk}", "1/KH-SNV", "2/NQ-CP"),
        ("chinh-phu", "2/NQ-CP", "1/KH-SNV"),
    ):
        page = client.get(LIST, {"co_quan": key}).content.decode()
        assert f">{found}<" in page
        assert f">{missing}<" not in page


def test_a_number_is_meant_as_a_whole_and_a_word_may_be_a_beginning(client):
    make_document(published=True, number="11/KH-UBND", title="Chuyển đổi số")
    make_document(published=True, number="113/KH-UBND", title="Tuyên truyền")
    page = client.get(LIST, {"q": "kế hoạch 11"}).content.decode()
    assert ">11/KH-UBND<" in page
    assert ">113/KH-UBND<" not in page
    assert ">113/KH-UBND<" in client.get(LIST, {"q": "113/khub"}).content.decode()
    assert ">113/KH-UBND<" in client.get(LIST, {"q": "tuyen tr"}).content.decode()


def test_the_list_in_the_order_of_numbers(client):
    for number in ("10/KH-UBND", "9/KH-UBND"):
        make_document(published=True, number=number)
    page = client.get(LIST, {"sap_xep": "so"}).content.decode()
    assert page.index(">9/KH-UBND<") < page.index(">10/KH-UBND<")


@pytest.mark.parametrize("query", ["", "?sap_xep=so", "?sap_xep=ban-hanh&q=kh+ubnd&hieu_luc=con"])
def test_one_document_costs_as_many_questions_as_many(
    client, query, django_assert_max_num_queries, django_assert_num_queries
):
    make_document(published=True, files=[make_file()], campaigns=[make_campaign()])
    client.get(LIST)
    with django_assert_max_num_queries(12) as few:
        client.get(LIST + query)
    for _each in range(15):
        make_document(published=True, files=[make_file()], agency=make_agency(), campaigns=[make_campaign()])
    with django_assert_num_queries(len(few)):
        client.get(LIST + query)


def test_the_page_asks_few_questions_however_much_belongs_to_it(client, django_assert_max_num_queries):
    campaigns, files = [make_campaign(), make_campaign()], [make_file(), make_file(title="Phụ lục")]
    olds = [make_document(published=True) for _each in range(3)]
    document = make_document(published=True, campaigns=campaigns, files=files, replaces=olds)
    make_document(published=True, replaces=[document])
    client.get(document.get_absolute_url())
    with django_assert_max_num_queries(14):
        client.get(document.get_absolute_url())


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
    assert "Văn bản này đã được thay thế bởi" in page
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
        ({"effective_on": "14/05/2023", "expires_on": "14/05/2023"}, "expires_on"),
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


def test_a_document_may_bind_from_a_day_before_it_was_issued_and_the_official_is_warned(client):
    client.force_login(make_official(Role.EDITOR, is_staff=True))
    answer = client.post(
        reverse("admin:articles_document_add"), typed(effective_on="01/05/2023", _continue="1"), follow=True
    )

    document = Document.objects.get()
    assert str(document.effective_on) == "2023-05-01"
    warned = [str(each) for each in answer.context["messages"] if each.level_tag == "warning"]
    assert len(warned) == 1
    assert "đứng trước ngày ban hành" in warned[0]
    again = client.post(
        reverse("admin:articles_document_change", args=[document.pk]),
        typed(effective_on="01/05/2023", title="Đổi trích yếu", seen_version=document.version),
        follow=True,
    )
    assert [each for each in again.context["messages"] if each.level_tag == "warning"] == []
    assert Document.objects.in_force().get() == document
    document.refresh_from_db()
    services.submit(document, by=document.author)
    client.force_login(make_official(Role.PUBLISHER, is_staff=True))
    read = client.get(reverse("admin:articles_document_change", args=[document.pk])).content.decode()
    assert "(có hiệu lực trước ngày ban hành)" in read  # whoever approves is told as well


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


def test_a_withdrawn_document_says_why_and_its_file_is_gone(client):
    file = make_file()
    document = make_document(published=True, files=[file])
    services.withdraw(document, by=make_official(Role.PUBLISHER, is_staff=True), reason="Đăng nhầm bản")
    answer = client.get(document.get_absolute_url())
    assert answer.status_code == 410
    assert "Đăng nhầm bản" in answer.content.decode()
    assert client.get(file.get_absolute_url()).status_code == 404
    assert document.get_absolute_url() not in client.get(LIST).content.decode()


def test_a_draft_is_seen_by_officials_alone_and_marked(client):
    document = make_document(number="7/KH-UBND")
    assert client.get(document.get_absolute_url()).status_code == 404
    client.force_login(make_official(Role.PUBLISHER, is_staff=True))
    answer = client.get(document.get_absolute_url())
    assert answer["X-Robots-Tag"] == "noindex"
    assert "Bản xem thử" in answer.content.decode()


def test_nothing_made_up_stands_where_a_fact_is_missing(client):
    document = make_document(published=True, issued_on=None, effective_on=None)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "<dt>Ngày ban hành</dt><dd>chưa công bố</dd>" in page
    assert "<dt>Có hiệu lực từ</dt><dd>chưa xác định</dd>" in page
    assert "<dt>Người ký</dt><dd>chưa công bố</dd>" in page


def test_a_document_is_copied_by_no_button_and_no_request(client):
    document = make_document(published=True)
    client.force_login(make_official(Role.PUBLISHER, is_staff=True))
    place = reverse("admin:articles_document_change", args=[document.pk])
    assert 'name="_copy"' not in client.get(place).content.decode()
    client.post(place, {"_copy": "1", "seen_version": document.version})
    assert Document.objects.count() == 1


def test_a_change_that_makes_it_another_document_is_refused_with_words():
    make_document(published=True, number="48/KH-UBND")
    document = make_document(published=True, number="49/KH-UBND")
    board = make_official(Role.PUBLISHER, is_staff=True)
    draft = services.amend(document, by=document.author)
    draft.number = "48/KH-UBND"
    draft.save()
    with pytest.raises(services.StepError, match="đã có trên cổng"):
        services.submit(draft, by=document.author)
    document.refresh_from_db()
    draft.number = "50/KH-UBND"
    draft.save()
    services.submit(draft, by=document.author)
    assert services.approve(draft, by=board).number == "50/KH-UBND"


def test_restoring_a_number_another_document_has_now_is_refused_with_words():
    document = make_document(number="48/KH-UBND")
    content.keep_revision(document, by=document.author, note="Bản đầu")
    document.number = "49/KH-UBND"
    document.save()
    make_document(number="48/KH-UBND")
    with pytest.raises(services.StepError, match="nay đã có một văn bản khác"):
        services.restore(document, 1, by=document.author)
    document.refresh_from_db()
    assert document.number == "49/KH-UBND"


def test_what_a_campaign_counts_as_evidence_goes_with_the_document():
    campaign = make_campaign()
    document = make_document(published=True, campaigns=[campaign], title="Rất dài " * 60)
    services.announce(document)
    assert campaign.evidence.counted().get().kind == "document"
    services.withdraw(document, by=make_official(Role.PUBLISHER, is_staff=True), reason="Nhầm")
    assert not campaign.evidence.counted().exists()


def test_the_admin_finds_a_number_in_any_writing_and_by_force(client):
    make_document(published=True, number="113/KH-UBND")
    make_document(published=True, number="7/QĐ-UBND", expires_on="2024-01-01")
    client.force_login(make_official(Role.PUBLISHER, is_staff=True))
    listed = reverse("admin:articles_document_changelist")
    for query, found, missing in (
        ({"q": "113 kh ubnd"}, "113/KH-UBND", "7/QĐ-UBND"),
        ({"hieu_luc": "het"}, "7/QĐ-UBND", "113/KH-UBND"),
    ):
        page = client.get(listed, query).content.decode()
        assert f">{found}<" in page
        assert f">{missing}<" not in page


def test_a_type_in_use_is_kept_and_one_without_documents_is_not(client):
    used = make_document().kind
    unused = DocumentType.objects.create(name="Loại thử")
    client.force_login(make_official(Role.PUBLISHER, is_staff=True))
    for kind, status_code in ((used, 403), (unused, 200)):
        place = reverse("admin:articles_documenttype_delete", args=[kind.pk])
        assert client.get(place).status_code == status_code


def test_the_campaign_page_names_its_documents(client):
    campaign = make_campaign()
    document = make_document(published=True, campaigns=[campaign])
    assert document.get_absolute_url() in client.get(campaign.get_absolute_url()).content.decode()


def test_documents_follow_the_new_name_of_their_kind(client):
    kind = DocumentType.objects.create(name="Thư ngỏ")
    document = make_document(published=True, kind=kind)
    other = make_document(published=True)
    client.force_login(make_official(Role.PUBLISHER, is_staff=True))

    client.post(
        reverse("admin:articles_documenttype_change", args=[kind.pk]), {"name": "Hịch văn", "place": 100}
    )

    assert list(Document.objects.holding("hich van")) == [document]
    assert not Document.objects.holding("thu ngo").exists()
    assert list(Document.objects.holding("ke hoach")) == [other]
    found = SearchDocument.objects.get(record="document", object_id=document.pk)
    assert " hich van " in found.head


def test_a_change_that_would_make_a_twin_is_said_and_not_merged(monkeypatch):
    board = [make_official(Role.PUBLISHER, is_staff=True) for _each in range(2)]
    make_document(published=True, number="7/KH-UBND")
    document = make_document(published=True, number="8/KH-UBND")
    draft = services.amend(document, by=board[0])
    Document.objects.filter(pk=draft.pk).update(number="7/KH-UBND")
    draft.refresh_from_db()
    monkeypatch.setattr(Document, "what_is_wrong", lambda self, by: "")  # the twin came after that look
    services.submit(draft, by=board[0])

    with pytest.raises(services.StepError, match="nay đã có một văn bản khác như vậy"):
        services.approve(draft, by=board[1])

    document.refresh_from_db()
    assert (document.number, document.amendments.count()) == ("8/KH-UBND", 1)
