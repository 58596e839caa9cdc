import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.roles import Role
from articles import services
from articles.models import Article, Image
from tests.factories import ago, make_agency, make_article, make_campaign, make_image, make_official, png

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
        "has_rating": "on",
        "has_share": "on",
        "has_read_aloud": "on",
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
    answer = client.post(f"/quan-tri/articles/image/{image.pk}/delete/", {"post": "yes"}, follow=True)
    assert "Hãy gỡ khỏi các nơi này trước khi xóa" in answer.content.decode()
    assert Image.objects.exists()
    assert Article.objects.exists()


def test_a_picture_is_added_with_words_for_those_who_cannot_see_it(client, editor):
    sign_in(client, editor)
    add = "/quan-tri/articles/image/add/"
    assert "Không" not in client.post(add, {"upload": png(), "alt": ""}).headers.get("Location", "")
    assert not Image.objects.exists()
    client.post(add, {"upload": png(), "alt": "Quầy một cửa", "credit": ""})
    assert Image.objects.get().alt == "Quầy một cửa"
    assert client.get(f"/quan-tri/articles/image/{Image.objects.get().pk}/change/").status_code == 200


def change_page(client, article) -> str:
    return client.get(change(article)).content.decode()


def buttons(page) -> set:
    return set(re.findall(r'<input type="submit" name="(_\w+)"', page)) | set(
        re.findall(r'<input type="submit" value="[^"]*"[^>]* name="(_\w+)"', page)
    )


def test_the_editors_additions_load_after_the_editor_itself(client, editor):
    sign_in(client, editor)
    page = client.get(ADD).content.decode()
    assert 0 < page.index("ckeditor/ckeditor/ckeditor.js") < page.index("js/editor.js")


def test_a_picture_without_words_is_saved_and_not_submitted(client, editor):
    image = make_image()
    sign_in(client, editor)
    body = f'<p>Trước ảnh <img src="{image.url_small}" alt=""></p>'
    page = client.post(ADD, form(body=body, _submit_for_review="1"), follow=True).content.decode()
    assert "ảnh thứ 1 (sau “…Trước ảnh”)" in page
    assert Article.objects.get().status == "draft"


def test_hours_that_have_passed_are_said_beside_the_field(client, editor):
    sign_in(client, editor)
    past = timezone.localtime(ago(days=1))
    day = f"{past.day}/{past.month}/{past.year}"
    page = client.post(ADD, form(unpublish_at_0=day, unpublish_at_1="08:00")).content.decode()
    assert "Giờ hết hạn đã qua" in page
    assert not Article.objects.exists()


def test_the_approver_reads_what_the_reader_will_read_and_has_only_the_buttons_that_fit(client, board):
    image = make_image(alt="Quầy một cửa")
    body = f'<h2>Ba bước</h2><p>Chữ <strong>đậm</strong> <img src="{image.url_small}" alt="Quầy"></p>'
    article = make_article(body=body)
    services.submit(article, by=article.author)
    sign_in(client, board)
    page = change_page(client, article)
    assert f'<h2>Ba bước</h2><p>Chữ <strong>đậm</strong> <img src="{image.url_small}" alt="Quầy"></p>' in page
    assert buttons(page) == {"_approve", "_send_back", "_copy", "_comment"}
    assert 'name="decision_note"' in page
    assert page.count(f"{article.pk}/xem-thu/") == 1
    assert f"/quan-tri/agencies/user/{article.author_id}/" not in page
    assert f"/quan-tri/agencies/agency/{article.agency_id}/" not in page


def test_the_author_of_what_waits_sees_no_button_that_would_do_nothing(client, editor):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    sign_in(client, editor)
    page = change_page(client, article)
    assert buttons(page) == {"_take_back", "_copy", "_comment"}
    assert 'name="decision_note"' not in page


def test_the_words_of_the_reviewer_stand_before_the_form(client, editor, board):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    services.send_back(article, by=board, note="Hãy thêm nguồn số liệu")
    sign_in(client, editor)
    page = change_page(client, article)
    assert page.index("Hãy thêm nguồn số liệu") < page.index('name="title"')


def test_an_observer_reads_everything_and_finds_nothing_to_press(client):
    article = make_article(body="<p>Chữ <em>nghiêng</em></p>")
    sign_in(client, make_official(Role.OBSERVER, is_staff=True))
    page = change_page(client, article)
    assert "<em>nghiêng</em>" in page
    assert buttons(page) == set()
    assert "seen_version" not in page


def test_an_emergency_asks_for_a_reason_and_shows_it(client, board):
    article = make_article()
    sign_in(client, board)
    fields = form(agency=article.agency, title="Tin bão", _publish_in_emergency="1")
    assert "Hãy ghi lý do đăng khẩn cấp" in client.post(change(article), fields, follow=True).content.decode()
    fields |= {"seen_version": 2, "decision_note": "Bão số 13 vào gần bờ"}
    page = client.post(change(article), fields, follow=True).content.decode()
    assert "Bão số 13 vào gần bờ" in page
    assert re.search(r"Đang đăng từ [\d: /]+; đăng khẩn cấp, chờ hậu kiểm", page)


@pytest.mark.parametrize("state", ["published", "draft", "in_review", "withdrawn"])
def test_an_emergency_is_confirmed_from_every_state(client, board, state):
    other = make_official(Role.PUBLISHER, is_staff=True)
    article = make_article()
    services.publish_in_emergency(article, by=other, reason="Bão")
    if state == "withdrawn":
        services.withdraw(article, by=other, reason="Nhầm")
    elif state != "published":
        services.take_back(article, by=other)
    if state == "in_review":
        services.submit(article, by=article.author)
    sign_in(client, board)
    assert "_review_afterwards" in buttons(change_page(client, article))
    fields = form(agency=article.agency, seen_version=article.version, _review_afterwards="1")
    client.post(change(article), fields)
    article.refresh_from_db()
    assert article.reviewed_at


def test_what_was_public_is_not_deleted_after_it_was_taken_back(client, board):
    article, unseen = make_article(published=True), make_article()
    services.take_back(article, by=board)
    sign_in(client, board)
    assert client.post(f"/quan-tri/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/quan-tri/articles/article/{unseen.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Article.objects.get() == article


def test_the_question_before_deleting_names_the_article_only(client, editor):
    article = make_article(author=editor, campaigns=[make_campaign()])
    sign_in(client, editor)
    page = client.get(f"/quan-tri/articles/article/{article.pk}/delete/").content.decode()
    assert article.title in page
    assert "Article_campaigns" not in page
    assert client.post(f"/quan-tri/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Article.objects.exists()


def test_who_changes_the_text_is_remembered_and_who_changes_the_hour_is_not(client, board):
    other = make_official(Role.PUBLISHER, is_staff=True)
    article = make_article()
    for official, fields in (
        (board, {"title": "Tiêu đề khác"}),
        (other, {"title": "Tiêu đề khác", "publish_at_0": "15/5/2027", "publish_at_1": "08:00"}),
    ):
        article.refresh_from_db()
        sign_in(client, official)
        values = form(
            **{
                "agency": article.agency,
                "summary": article.summary,
                "body": article.body,
                "seen_version": article.version,
                "_save": "1",
                **fields,
            }
        )
        assert client.post(change(article), values).status_code == 302
    article.refresh_from_db()
    assert list(article.editors.all()) == [board]
    assert article.edited_at
    assert article.publish_at.isoformat() == "2027-05-15T01:00:00+00:00"


@pytest.mark.parametrize(
    ("posted", "is_edit"),
    [
        ("<h2>Ba bước</h2>\r\n\r\n<ul>\r\n\t<li>Một <b>hai</b></li>\r\n</ul>\r\n", False),
        ("<h2>Ba bước</h2><ul><li>Một<b>hai</b></li></ul>", True),
        ("<h2>Ba bước</h2><ul><li>Một hai</li></ul>", True),
    ],
    ids=["laid out anew", "a blank less", "no longer bold"],
)
def test_the_editors_own_layout_of_a_text_is_no_edit(client, board, posted, is_edit):
    body = "<h2>Ba bước</h2><ul><li>Một <b>hai</b></li></ul>"
    article = make_article(body=body, summary="Dòng một\nDòng hai")
    sign_in(client, board)
    values = form(agency=article.agency, title=article.title, summary="Dòng một\r\nDòng hai", body=posted)
    client.post(change(article), {**values, "_save": "1"})
    article.refresh_from_db()
    assert article.editors.exists() is is_edit
    assert (article.edited_at is not None) is is_edit


def test_words_typed_while_the_article_was_submitted_are_shown_to_copy(client, editor):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    sign_in(client, editor)
    typed = form(
        agency=article.agency,
        title="Tiêu đề gõ dở",
        body="<p>Thân bài <b>gõ dở</b><script>x()</script></p>",
        _save="1",
    )
    page = client.post(change(article), typed).content.decode()
    assert "đã được người khác lưu hoặc chuyển bước" in page
    assert "Tiêu đề gõ dở" in page
    assert "<p>Thân bài <b>gõ dở</b></p>" in page
    assert "x()" not in page


def test_withdrawn_before_its_hour_the_address_is_said_to_show_nothing(client, board):
    article = make_article(publish_at=timezone.now() + timedelta(days=1))
    services.submit(article, by=article.author)
    services.approve(article, by=make_official(Role.PUBLISHER))
    sign_in(client, board)
    fields = {"seen_version": article.version, "_withdraw": "1", "decision_note": "Hoãn"}
    page = client.post(change(article), fields, follow=True).content.decode()
    assert "người đọc chưa từng thấy bài" in page
    assert "địa chỉ của bài hiện lý do" not in page


def test_the_history_tells_each_step_once_with_its_words(client, board):
    article = make_article()
    services.submit(article, by=article.author)
    sign_in(client, board)
    fields = {"seen_version": article.version, "_send_back": "1", "decision_note": "Thêm nguồn", **hours()}
    client.post(change(article), fields)
    page = client.get(f"/quan-tri/articles/article/{article.pk}/history/").content.decode()
    assert "Gửi duyệt." in page
    assert "Trả lại: Thêm nguồn" in page
    assert page.split('id="change-history"')[1].count("<tr>") == 3  # the heading and two steps
    assert str(board) in page


def test_an_article_offers_the_agencies_of_today_and_keeps_its_own(client, editor):
    old, gone, today = (
        make_agency(name="Sở đã sáp nhập", valid_to="2020-01-01"),
        make_agency(name="Sở đã giải thể", valid_to="2020-01-01"),
        make_agency(name="Sở hôm nay"),
    )
    article = make_article(author=editor, agency=old)
    sign_in(client, editor)
    page = change_page(client, article)
    assert "data-search-select" in page
    assert today.name in page
    assert old.name in page
    assert gone.name not in page
