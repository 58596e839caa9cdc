import pytest

from agencies.roles import Role
from articles import services
from articles.models import Article, Image
from tests.factories import make_agency, make_article, make_image, make_official, png

pytestmark = pytest.mark.django_db
ADD = "/quan-tri/articles/article/add/"


@pytest.fixture
def editor():
    return make_official(Role.EDITOR, is_staff=True)


@pytest.fixture
def board():
    return make_official(Role.PUBLISHER, is_staff=True)


def sign_in(client, official):
    client.force_login(official, backend="agencies.auth.OfficialBackend")


def form(**fields):
    agency = fields.pop("agency", None) or make_agency()
    return {
        "kind": "news",
        "title": "Bài viết trong quản trị",
        "summary": "Tóm tắt.",
        "body": "<p>Nội dung.</p>",
        "agency": agency.pk,
        "seen_version": 1,
        "publish_at_0": "",
        "publish_at_1": "",
        "unpublish_at_0": "",
        "unpublish_at_1": "",
        **fields,
    }


def change(article) -> str:
    return f"/quan-tri/articles/article/{article.pk}/change/"


def test_an_editor_writes_and_submits_and_a_second_person_approves(client, editor, board):
    sign_in(client, editor)
    response = client.post(
        ADD, form(body="<p onclick=x()>Chào<script>x()</script></p>", _submit_for_review="1")
    )
    article = Article.objects.get()
    assert response["Location"] == change(article)
    assert (article.status, article.author, article.body) == ("in_review", editor, "<p>Chào</p>")
    sign_in(client, board)
    client.post(change(article), {"seen_version": article.version, "_approve": "1", **hours()})
    article.refresh_from_db()
    assert article.is_published
    assert client.get(article.get_absolute_url()).status_code == 200


def hours():
    return {"publish_at_0": "", "publish_at_1": "", "unpublish_at_0": "", "unpublish_at_1": ""}


def test_an_editor_cannot_approve_by_asking_for_it(client, editor):
    article = make_article()
    services.submit(article, by=article.author)
    sign_in(client, editor)
    response = client.post(change(article), {"seen_version": article.version, "_approve": "1"}, follow=True)
    assert "thuộc quyền của Ban Biên tập" in response.content.decode()
    assert Article.objects.get().status == "in_review"


def test_words_are_kept_when_somebody_saved_in_between(client, editor):
    article = make_article(author=editor)
    sign_in(client, editor)
    first = form(agency=article.agency, title="Bản của người thứ nhất", _save="1")
    client.post(change(article), first)
    second = client.post(
        change(article), form(agency=article.agency, title="Bản của người thứ hai", _save="1")
    )
    page = second.content.decode()
    assert second.status_code == 200
    assert "đã được người khác lưu" in page
    assert "Bản của người thứ hai" in page
    assert Article.objects.get().title == "Bản của người thứ nhất"


def test_what_is_published_is_not_edited_in_place(client, board):
    article = make_article(published=True)
    sign_in(client, board)
    client.post(
        change(article),
        form(agency=article.agency, title="Tiêu đề khác", seen_version=article.version, _save="1"),
    )
    article.refresh_from_db()
    assert article.title != "Tiêu đề khác"


def test_withdrawing_needs_a_reason_in_words(client, board):
    article = make_article(published=True)
    sign_in(client, board)
    page = client.post(
        change(article), {"seen_version": article.version, "_withdraw": "1"}, follow=True
    ).content.decode()
    assert "Hãy ghi lý do gỡ bài" in page
    article.refresh_from_db()
    client.post(
        change(article), {"seen_version": article.version, "_withdraw": "1", "decision_note": "Sai số liệu"}
    )
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == ("withdrawn", "Sai số liệu")


def test_an_end_before_the_beginning_is_said_beside_the_field(client, editor):
    sign_in(client, editor)
    fields = form(
        publish_at_0="15/5/2027", publish_at_1="08:00", unpublish_at_0="14/5/2027", unpublish_at_1="08:00"
    )
    page = client.post(ADD, fields).content.decode()
    assert "Giờ hết hạn phải sau giờ đăng" in page
    assert not Article.objects.exists()


def test_hours_are_typed_and_shown_in_viet_nam(client, editor, board):
    sign_in(client, editor)
    client.post(ADD, form(publish_at_0="15/5/2027", publish_at_1="08:00", _submit_for_review="1"))
    article = Article.objects.get()
    assert article.publish_at.isoformat() == "2027-05-15T01:00:00+00:00"
    services.approve(article, by=board)
    sign_in(client, board)
    assert (
        "Sẽ đăng lúc 08:00 15/5/2027 giờ Việt Nam"
        in client.get("/quan-tri/articles/article/").content.decode()
    )


def test_only_the_editors_page_is_allowed_inline_style(client, editor):
    sign_in(client, editor)
    assert "'unsafe-inline'" in client.get(ADD)["Content-Security-Policy"]
    for page in ("/", "/quan-tri/", "/quan-tri/articles/article/", "/tai-khoan/dang-nhap/"):
        assert "unsafe" not in client.get(page)["Content-Security-Policy"]
    assert "script-src 'self';" in client.get(ADD)["Content-Security-Policy"] + ";"


def test_published_articles_and_used_pictures_are_not_deleted(client, board):
    image = make_image()
    article = make_article(published=True, cover=image)
    services.announce(article)
    sign_in(client, board)
    assert client.post(f"/quan-tri/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/quan-tri/articles/image/{image.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Article.objects.exists()


def test_a_picture_is_added_with_words_for_those_who_cannot_see_it(client, editor):
    sign_in(client, editor)
    add = "/quan-tri/articles/image/add/"
    assert "Không" not in client.post(add, {"upload": png(), "alt": ""}).headers.get("Location", "")
    assert not Image.objects.exists()
    client.post(add, {"upload": png(), "alt": "Quầy một cửa", "credit": ""})
    assert Image.objects.get().alt == "Quầy một cửa"
    assert client.get(f"/quan-tri/articles/image/{Image.objects.get().pk}/change/").status_code == 200
