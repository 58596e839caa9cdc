"""What the forms of pieces refuse: said on top with the way to the field, in words that fit what happened."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.roles import Role
from articles import services
from articles.models import Article
from tests.articles.test_admin import ADD, change, form, sign_in
from tests.factories import make_article, make_document, make_official

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_official(Role.EDITOR, is_staff=True)


@pytest.fixture
def board():
    return make_official(Role.PUBLISHER, is_staff=True)


def refused(answer) -> list[tuple[str, str]]:
    return [(each.get("place", ""), str(each["text"])) for each in answer.context["refused"]]


def test_what_was_refused_stands_on_top_and_leads_to_its_field(client, editor):
    sign_in(client, editor)
    answer = client.post(ADD, form(title="", body="", agency=make_article().agency, topics=["78"]))
    page = answer.content.decode()
    assert refused(answer)[0] == ("id_title", "Ô này cần được điền.")
    assert ("cke_id_body", "Ô này cần được điền.") in refused(answer)
    assert '<a href="#id_title">Tiêu đề</a>: Ô này cần được điền.' in page
    assert "autofocus" in page.split("Chưa lưu được")[0]
    assert "được đánh dấu" not in page


def test_inline_rows_are_named_too(client):
    sign_in(client, make_official(Role.ADMINISTRATOR, is_staff=True))
    agency = make_article().agency
    path = reverse("admin:agencies_agency_change", args=[agency.pk])
    page = client.get(path)
    rows = {
        name: value
        for formset in page.context["inline_admin_formsets"]
        for name, value in {
            f"{formset.formset.prefix}-TOTAL_FORMS": 1,
            f"{formset.formset.prefix}-INITIAL_FORMS": 0,
            f"{formset.formset.prefix}-0-order": "x",
        }.items()
    }
    assert len(refused(client.post(path, {"name": agency.name, **rows}))) > 1


def test_who_typed_nothing_is_not_told_that_it_is_kept(client, editor, board):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    seen = article.version
    services.take_back(article, by=editor)
    services.submit(article, by=editor)
    sign_in(client, board)
    hours = dict.fromkeys(("publish_at_0", "publish_at_1", "unpublish_at_0", "unpublish_at_1"), "")
    looked = client.post(change(article), {"seen_version": seen, "_approve": "1", **hours}).content.decode()
    assert "Trong lúc bạn xem" in looked
    assert "vẫn còn dưới đây" not in looked
    typed = client.post(
        change(article),
        {"seen_version": seen, "_send_back": "1", "decision_note": "Xem lại đoạn hai", **hours},
    ).content.decode()
    assert "vẫn còn dưới đây" in typed
    assert "Xem lại đoạn hai" in typed


@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
@pytest.mark.parametrize("field", ["publish_at", "unpublish_at", "review_on"])
def test_an_hour_in_no_year_anybody_means_is_refused(client, editor, field, year):
    sign_in(client, editor)
    given = (
        {field: f"31/12/{year}"}
        if field == "review_on"
        else {f"{field}_0": f"31/12/{year}", f"{field}_1": "23:59"}
    )
    answer = client.post(ADD, form(**given))
    assert any("Hãy chọn ngày từ năm 2020" in text for _place, text in refused(answer))
    assert not Article.objects.exists()


@pytest.mark.parametrize("year", ["0001", "1944", "9999"])
@pytest.mark.parametrize("field", ["issued_on", "effective_on", "expires_on"])
def test_a_document_of_no_year_is_refused(client, editor, field, year):
    document = make_document(author=editor)
    sign_in(client, editor)
    answer = client.post(
        reverse("admin:articles_document_change", args=[document.pk]),
        {
            "kind": document.kind_id,
            "number": document.number,
            "title": "Thử",
            "issuer": document.issuer,
            "seen_version": 1,
            field: f"31/12/{year}",
        },
    )
    assert any("Hãy chọn ngày từ năm 1945" in text for _place, text in refused(answer))


def test_an_hour_that_has_passed_means_now_and_is_said(client, editor):
    sign_in(client, editor)
    day = timezone.localdate()
    page = client.post(
        ADD, form(publish_at_0=f"{day:%d/%m/%Y}", publish_at_1="00:00", _save="1"), follow=True
    ).content.decode()
    assert "đã qua: bài sẽ lên ngay khi được duyệt" in page
