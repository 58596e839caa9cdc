"""Making a piece: revisions, what is kept while typing, talk, changes of what is public, a look before."""

from datetime import timedelta
from importlib import import_module
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from agencies.roles import Role
from articles import content, desk_tools, files, images, services
from articles.models import Article, Autosave, DocumentType, Presence, PreviewLink, Tag, Topic
from articles.services import StepError
from notifications import services as notifications
from notifications.models import Message
from parcai.lib import html
from tests.articles.test_admin import ADD, change, form, sign_in
from tests.factories import (
    ago,
    make_agency,
    make_article,
    make_campaign,
    make_document,
    make_file,
    make_image,
    make_official,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_official(Role.EDITOR, is_staff=True)


@pytest.fixture
def board():
    return make_official(Role.PUBLISHER, is_staff=True)


def beside(article, name: str) -> str:
    return f"/quan-tri/articles/article/{article.pk}/{name}/"


def signed_in(official) -> Client:
    client = Client()
    sign_in(client, official)
    return client


# Revisions -------------------------------------------------------------------------------------------------------


def test_each_saving_that_changes_something_is_a_revision(client, editor):
    sign_in(client, editor)
    values = form(title="Bản một")
    client.post(ADD, {**values, "_save": "1"})
    article = Article.objects.get()
    client.post(change(article), {**values, "title": "Bản hai", "_save": "1"})
    client.post(change(article), {**values, "title": "Bản hai", "seen_version": 2, "_save": "1"})
    titles = [each.content["title"] for each in article.revisions.all()]
    assert titles == ["Bản hai", "Bản một"]
    assert [each.number for each in article.revisions.all()] == [2, 1]
    assert {each.by for each in article.revisions.all()} == {editor}


def test_two_revisions_stand_side_by_side_with_the_changed_words_marked(client, editor):
    article = make_article(author=editor, body="<p>Nộp hồ sơ trong 15 ngày.</p>", title="Tiêu đề")
    content.keep_revision(article, by=editor, note="Bản đầu")
    article.body = "<p>Nộp hồ sơ trong 10 ngày.</p>"
    article.save()
    content.keep_revision(article, by=editor, note="Lưu")
    sign_in(client, editor)
    page = client.get(beside(article, "lan-sua")).content.decode()
    assert "<del>15 </del>" in page
    assert "<ins>10 </ins>" in page
    assert "Nộp hồ sơ trong " in page
    assert page.count('<table class="sides">') == 1  # the title did not change


def test_a_restored_draft_has_the_old_content_and_loses_nothing(client, editor, board):
    campaign, topic = make_campaign(), Topic.objects.create(name="Một cửa")
    image, file = make_image(), make_file()
    article = make_article(
        author=editor,
        title="Cũ",
        body=f'<p>Cũ <img src="{image.url_small}" alt="x"></p>',
        campaigns=[campaign],
    )
    article.topics.set([topic])
    article.tags.set(Tag.objects.named(["căn cước"]))
    article.files.set([file])
    content.keep_revision(article, by=editor, note="Bản đầu")
    article.title, article.body = "Mới", "<p>Mới</p>"
    article.save()
    for name in ("campaigns", "topics", "tags", "files"):
        getattr(article, name).clear()
    content.note_images(article)
    sign_in(client, board)
    client.post(beside(article, "lan-sua"), {"lan": "1"})
    article = Article.objects.get()
    assert (article.title, article.slug) == ("Cũ", "cu")
    assert list(article.campaigns.all()) == [campaign]
    assert list(article.topics.all()) == [topic]
    assert [tag.name for tag in article.tags.all()] == ["căn cước"]
    assert list(article.files.all()) == [file]
    assert list(article.images.all()) == [image]
    assert list(article.editors.all()) == [board]
    assert [each.content["title"] for each in article.revisions.all()] == ["Cũ", "Mới", "Cũ"]


def test_what_no_longer_exists_is_named_when_restoring(editor):
    file = make_file()
    article = make_article(author=editor)
    article.files.set([file])
    content.keep_revision(article, by=editor, note="Bản đầu")
    article.files.clear()
    file.delete()
    assert services.restore(article, 1, by=editor) == ["tệp đính kèm"]


def test_a_picture_or_file_that_was_deleted_is_named_and_goes_no_further(editor):
    image, file = make_image(alt="Ảnh cũ"), make_file()
    body = f'<p>Trước</p><p><img src="{image.url_medium}" alt="Ảnh cũ"></p><p><a href="{file.get_absolute_url()}">Mẫu đơn</a></p>'
    article = make_article(author=editor, body=body)
    content.keep_revision(article, by=editor, note="Bản đầu")
    article.body = "<p>Mới</p>"
    article.save()
    content.note_images(article)
    images.remove(image)
    files.remove(file)
    missing = services.restore(article, 1, by=editor)
    assert missing == ["ảnh thứ 1 (sau “…Trước”)", "tệp “Mẫu đơn”"]
    with pytest.raises(services.StepError, match=r"ảnh thứ 1.*tệp “Mẫu đơn”"):
        services.submit(article, by=editor)


@pytest.mark.parametrize("number", ["", "0", "9", "x", "-1", "9" * 30, "²"])
def test_an_odd_revision_is_refused_in_words(client, editor, number):
    article = make_article(author=editor)
    content.keep_revision(article, by=editor, note="Bản đầu")
    sign_in(client, editor)
    page = client.post(beside(article, "lan-sua"), {"lan": number}, follow=True).content.decode()
    assert "Không có lần sửa này" in page
    assert client.get(beside(article, "lan-sua"), {"tu": number, "den": number}).status_code == 200


def test_what_is_public_is_not_restored_in_place(client, board):
    article = make_article(published=True, title="Đang đăng")
    content.keep_revision(article, by=board, note="Bản đầu")
    sign_in(client, board)
    page = client.post(beside(article, "lan-sua"), {"lan": "1"}, follow=True).content.decode()
    assert "Chỉ khôi phục được khi bài là bản nháp" in page


def test_old_revisions_go_when_there_are_too_many(editor, monkeypatch):
    monkeypatch.setattr(content, "KEPT", 3)
    article = make_article(author=editor)
    for number in range(6):
        article.title = f"Lần {number}"
        article.save()
        content.keep_revision(article, by=editor, note="Lưu")
    assert [each.number for each in article.revisions.all()] == [6, 5, 4]


# Kept while typing -----------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_apart_and_offered_again(client, editor):
    article = make_article(author=editor, title="Đã lưu")
    sign_in(client, editor)
    typed = form(
        agency=article.agency, title="Đang gõ dở", body="<p>Chữ đang gõ</p>", publish_at_0="15/5/2027"
    )
    answer = client.post(beside(article, "giu"), typed)
    assert answer.status_code == 200
    assert Article.objects.get().title == "Đã lưu"
    assert not article.revisions.exists()
    page = client.get(change(article)).content.decode()
    assert "Bạn có phần soạn chưa lưu" in page
    assert "Đang gõ dở" not in page
    restored = client.get(change(article), {"nhap": "1"}).content.decode()
    assert 'value="Đang gõ dở"' in restored
    assert "Chữ đang gõ" in restored
    assert 'value="15/5/2027"' in restored
    client.post(change(article), {**typed, "publish_at_0": "", "_save": "1"})
    assert Article.objects.get().title == "Đang gõ dở"
    assert not Autosave.objects.exists()


def test_a_new_article_is_kept_before_it_was_ever_saved(client, editor):
    sign_in(client, editor)
    client.post("/quan-tri/articles/article/giu/", form(title="Chưa từng lưu"))
    assert not Article.objects.exists()
    assert 'value="Chưa từng lưu"' in client.get(ADD, {"nhap": "1"}).content.decode()
    client.post(ADD, form(title="Chưa từng lưu", _save="1"))
    assert not Autosave.objects.exists()


def test_what_was_kept_before_somebody_else_saved_does_not_overwrite_them(client, editor, board):
    article = make_article(author=editor)
    sign_in(client, editor)
    typed = form(agency=article.agency, title="Của tôi", seen_version=article.version)
    client.post(beside(article, "giu"), typed)
    other = form(agency=article.agency, title="Của người khác", seen_version=article.version, _save="1")
    signed_in(board).post(change(article), other)
    page = client.get(change(article), {"nhap": "1"}).content.decode()
    assert f'name="seen_version" value="{article.version}"' in page
    answer = client.post(change(article), {**typed, "_save": "1"}).content.decode()
    assert "đã được người khác lưu" in answer
    assert "Của tôi" in answer
    assert Article.objects.get().title == "Của người khác"


def test_a_slot_belongs_to_one_official_and_is_thrown_away_on_wish(client, editor, board):
    article = make_article(author=editor)
    sign_in(client, editor)
    client.post(beside(article, "giu"), form(agency=article.agency, title="Riêng của tôi"))
    assert "Riêng của tôi" not in signed_in(board).get(change(article), {"nhap": "1"}).content.decode()
    assert client.post(beside(article, "bo-phan-giu")).status_code == 302
    assert not Autosave.objects.exists()


def test_too_much_is_not_kept_and_said(client, editor):
    article = make_article(author=editor)
    sign_in(client, editor)
    answer = client.post(beside(article, "giu"), {"body": "x" * (desk_tools.MOST_TYPED + 1)})
    assert answer.status_code == 413
    assert "Hãy bấm Lưu" in answer.json()["error"]


def test_each_form_of_a_new_article_has_a_slot_of_its_own(client, editor):
    sign_in(client, editor)
    keys = [client.get(ADD).context["adminform"].form.fields["form_key"].initial for _tab in range(2)]
    for key, title in zip(keys, ("Bài một", "Bài hai"), strict=True):
        client.post("/quan-tri/articles/article/giu/", form(title=title, form_key=key))

    page = client.get(ADD)
    assert [kept.title for kept in page.context["editing"]["kept"]] == ["Bài hai", "Bài một"]
    restored = client.get(ADD, {"nhap": keys[0]}).content.decode()
    assert 'value="Bài một"' in restored
    assert f'name="form_key" value="{keys[0]}"' in restored
    client.post(ADD, form(title="Bài một", form_key=keys[0], _save="1"))
    assert [kept.title for kept in Autosave.objects.all()] == ["Bài hai"]
    client.post("/quan-tri/articles/article/bo-phan-giu/", {"form_key": keys[1]})
    assert not Autosave.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 400, "'; --", "ệ" * 32, "A" * 32])
def test_an_odd_name_of_a_form_shares_the_common_slot(client, editor, key):
    sign_in(client, editor)
    assert client.post("/quan-tri/articles/article/giu/", form(title="Lạ", form_key=key)).status_code == 200
    assert Autosave.objects.get().form_key == ""
    client.get(ADD, {"nhap": key})
    assert client.post(ADD, form(title="Lạ", form_key=key, _save="1")).status_code == 302
    assert not Autosave.objects.exists()


def test_of_many_begun_articles_the_oldest_goes(client, editor, monkeypatch):
    monkeypatch.setattr(desk_tools, "MOST_BEGUN", 2)
    sign_in(client, editor)
    for number in range(4):
        client.post("/quan-tri/articles/article/giu/", form(title=f"Bài {number}", form_key=f"{number:032x}"))
    assert [kept.title for kept in desk_tools.begun(Article, by=editor)] == ["Bài 3", "Bài 2"]


def test_the_longest_text_a_form_may_hold_is_taken(client, editor):
    sign_in(client, editor)
    body = f"<p>{'𝄞' * (html.MAX_LENGTH - 7)}</p>"  # four bytes a letter, twelve on their way
    typed = form(body=body, summary="ệ" * 500, sources="ệ" * 2000, _save="1")
    sent = urlencode(typed, doseq=True)
    assert len(sent) > 2_400_000
    kind = "application/x-www-form-urlencoded"
    assert client.post("/quan-tri/articles/article/giu/", sent, content_type=kind).status_code == 200
    assert client.post(ADD, sent, content_type=kind).status_code == 302
    assert Article.objects.get().body == body


def test_what_is_too_long_for_any_form_is_refused_in_words(client, editor, settings):
    sign_in(client, editor)
    sent = "body=" + "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answer = client.post(ADD, sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "Nội dung gửi lên quá dài" in answer.content.decode()


@pytest.mark.parametrize("name", ["giu", "dang-mo", "lan-sua", "xem-thu", "bo-phan-giu"])
def test_the_side_pages_are_for_those_who_may_see_the_piece(name):
    article = make_article()
    stranger = make_official(Role.EDITOR, agency=make_article().agency, is_staff=True)
    address = beside(article, name)
    method = "get" if name in {"lan-sua", "xem-thu"} else "post"
    assert getattr(signed_in(stranger), method)(address).status_code == 404
    assert getattr(Client(), method)(address).status_code == 302
    observer = signed_in(make_official(Role.OBSERVER, is_staff=True))
    assert observer.post(address).status_code == 403


# Who else has it open --------------------------------------------------------------------------------------------


def test_two_who_open_one_article_are_told_of_each_other(client, editor, board):
    article = make_article(author=editor)
    sign_in(client, editor)
    first = client.get(change(article)).content.decode()
    second = signed_in(board).get(change(article)).content.decode()
    assert str(board) not in first.split("data-others")[1].split("</p>")[0]
    assert str(editor) in second.split("data-others")[1].split("</p>")[0]
    assert client.post(beside(article, "dang-mo")).json() == {"others": [str(board)], "version": 1}


def test_who_left_is_no_longer_named(client, editor, board):
    article = make_article(author=editor)
    desk_tools.note_presence(article, by=board)
    Presence.objects.update(seen_at=ago(minutes=3))
    assert desk_tools.note_presence(article, by=editor) == []
    Presence.objects.update(seen_at=ago(days=2))
    assert desk_tools.forget_presence() == 2


# Talk ------------------------------------------------------------------------------------------------------------


def test_author_and_reviewer_talk_and_are_told(client, editor, board):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    sign_in(client, board)
    values = {"seen_version": article.version, "comment": "Số liệu này <lấy> ở đâu?", "_comment": "1"}
    page = client.post(change(article), values, follow=True).content.decode()
    assert "Số liệu này &lt;lấy&gt; ở đâu?" in page
    told = Message.objects.filter(template="article_comment").exclude(official=None)
    assert {message.official for message in told} == {editor}
    services.comment(article, by=editor, text="Ở báo cáo quý 3.")
    assert {message.official for message in told.all()} == {
        editor,
        board,
    }
    assert Article.objects.get().revisions.count() == 0


@pytest.mark.parametrize(("text", "words"), [("  ", "Hãy viết"), ("x" * 2001, "dài quá 2000")])
def test_an_empty_or_endless_word_is_refused(text, words, editor):
    with pytest.raises(StepError, match=words):
        services.comment(make_article(author=editor), by=editor, text=text)


# Changing what is public -----------------------------------------------------------------------------------------


def test_the_public_reads_the_old_text_until_a_second_person_approves_the_new(client, editor, board):
    article = make_article(published=True, author=editor, body="<p>Văn bản cũ</p>", title="Tiêu đề cũ")
    services.announce(article)
    old_address = article.get_absolute_url()
    sign_in(client, editor)
    answer = client.post(change(article), {"seen_version": article.version, "_amend": "1"})
    draft = Article.objects.get(amends=article)
    assert answer["Location"] == change(draft)
    values = form(
        agency=article.agency,
        title="Tiêu đề mới",
        body="<p>Văn bản mới</p>",
        correction_note="Bản trước ghi nhầm 15 ngày; đúng là 10 ngày.",
        seen_version=draft.version,
    )
    client.post(change(draft), {**values, "_submit_for_review": "1"})
    reader = Client()
    assert "Văn bản cũ" in reader.get(old_address).content.decode()
    draft.refresh_from_db()
    assert reader.get(draft.get_absolute_url()).status_code == 404
    assert Article.objects.published().count() == 1

    answer = signed_in(board).post(change(draft), {"seen_version": draft.version, "_approve": "1"})
    assert answer["Location"] == change(article)
    article.refresh_from_db()
    assert (article.title, article.body) == ("Tiêu đề mới", "<p>Văn bản mới</p>")
    assert article.is_published
    assert article.approved_by == board
    assert not Article.objects.filter(pk=draft.pk).exists()
    assert reader.get(old_address).status_code == 301
    assert [each.text for each in article.corrections.all()] == [
        "Bản trước ghi nhầm 15 ngày; đúng là 10 ngày."
    ]
    assert article.correction_note == ""
    assert [each.content["title"] for each in article.revisions.all()] == ["Tiêu đề mới", "Tiêu đề cũ"]


def test_the_evidence_follows_the_changed_article(editor, board):
    before, after = make_campaign(), make_campaign()
    article = make_article(published=True, author=editor, campaigns=[before])
    services.announce(article)
    draft = services.amend(article, by=editor)
    draft.campaigns.set([after])
    services.submit(draft, by=editor)
    services.approve(draft, by=board)
    assert before.evidence.counted().count() == 0
    assert after.evidence.counted().count() == 1


def test_there_is_one_change_at_a_time_and_it_can_be_opened_again(editor, board):
    article = make_article(published=True, author=editor)
    assert services.amend(article, by=editor).pk == services.amend(article, by=board).pk
    with pytest.raises(StepError, match="đang có một bản sửa"):
        services.take_back(article, by=board)


def test_neither_the_author_of_the_change_nor_of_the_article_approves_it(editor, board):
    article = make_article(published=True, author=board)
    draft = services.amend(article, by=editor)
    services.submit(draft, by=editor)
    with pytest.raises(StepError, match="bản gốc không tự duyệt"):
        services.approve(draft, by=board)
    own = services.amend(make_article(published=True), by=board)
    services.submit(own, by=board)
    with pytest.raises(StepError, match="không tự duyệt"):
        services.approve(own, by=board)


def test_a_change_of_what_was_withdrawn_meanwhile_goes_nowhere(editor, board):
    article = make_article(published=True, author=editor)
    draft = services.amend(article, by=editor)
    services.submit(draft, by=editor)
    services.withdraw(article, by=board, reason="Sai")
    with pytest.raises(StepError, match="không còn đăng"):
        services.approve(draft, by=board)
    assert Article.objects.get(pk=article.pk).status == "withdrawn"


def test_an_urgent_change_is_listed_until_somebody_has_looked(editor, board):
    article = make_article(published=True, author=editor)
    draft = services.amend(article, by=editor)
    found = services.publish_in_emergency(draft, by=board, reason="Số điện thoại sai")
    assert found.pk == article.pk
    assert list(Article.objects.awaiting_review()) == [article]


def test_a_change_that_is_thrown_away_leaves_the_article_as_it_is(client, editor):
    article = make_article(published=True, author=editor)
    draft = services.amend(article, by=editor)
    sign_in(client, editor)
    client.post(f"/quan-tri/articles/article/{draft.pk}/delete/", {"post": "yes"})
    assert list(Article.objects.all()) == [article]
    article.refresh_from_db()
    assert article.is_published


def test_a_copy_is_a_draft_of_its_own(client, board):
    campaign = make_campaign()
    article = make_article(published=True, campaigns=[campaign], title="Mẫu")
    sign_in(client, board)
    answer = client.post(change(article), {"seen_version": article.version, "_copy": "1"})
    copy = Article.objects.exclude(pk=article.pk).get()
    assert answer["Location"] == change(copy)
    assert (copy.title, copy.status, copy.author) == ("Mẫu", "draft", board)
    assert copy.publish_at is None
    assert list(copy.campaigns.all()) == [campaign]


# Reviewed again --------------------------------------------------------------------------------------------------


def test_what_should_be_looked_at_again_is_listed_until_somebody_has(client, board):
    article = make_article(published=True)
    Article.objects.update(review_on=timezone.localdate())
    sign_in(client, board)
    assert article.title in client.get("/quan-tri/articles/article/?viec=xem-lai").content.decode()
    assert "bài đến ngày xem lại" in client.get("/quan-tri/").content.decode()
    values = {"seen_version": article.version, "_look_again": "1"}
    page = client.post(change(article), values, follow=True).content.decode()
    assert "Hãy chọn ngày xem lại tiếp theo" in page
    later = timezone.localdate() + timedelta(days=180)
    article.refresh_from_db()
    values["seen_version"] = article.version
    client.post(change(article), {**values, "next_review_on": f"{later:%d/%m/%Y}"})
    article.refresh_from_db()
    assert article.review_on == later
    assert not Article.objects.stale().exists()


def test_a_day_to_look_again_lies_ahead(client, editor):
    sign_in(client, editor)
    page = client.post(ADD, form(review_on=f"{timezone.localdate():%d/%m/%Y}", _save="1")).content.decode()
    assert "Ngày xem lại phải sau hôm nay" in page


# A look before it is public --------------------------------------------------------------------------------------


def test_a_link_shows_the_draft_with_its_pictures_to_whoever_holds_it(client, editor):
    image = make_image()
    article = make_article(author=editor, cover=image, title="Bản chưa đăng")
    other, file = make_article(title="Bài khác chưa đăng"), make_file()
    article.files.add(file)
    sign_in(client, editor)
    client.post(beside(article, "xem-thu"), {"_create": "1"})
    token = desk_tools.token(PreviewLink.objects.get())
    assert token in client.get(beside(article, "xem-thu")).content.decode()
    reader = Client()
    assert reader.get(image.url_small).status_code == 404
    page = reader.get(f"/xem-thu/{token}/", follow=True)
    assert "Bản chưa đăng" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Cache-Control"] == "private, no-store"
    assert reader.get(image.url_small).status_code == 200
    assert Client().get(file.get_absolute_url()).status_code == 404
    assert reader.get(file.get_absolute_url()).getvalue().startswith(b"%PDF")
    assert reader.get(other.get_absolute_url()).status_code == 404
    client.post(beside(article, "xem-thu"), {"_revoke": "1"})
    assert reader.get(article.get_absolute_url()).status_code == 404
    assert reader.get(image.url_small).status_code == 404
    assert reader.get(file.get_absolute_url()).status_code == 404
    assert Client().get(f"/xem-thu/{token}/").status_code == 410


def test_a_link_ends_by_itself_and_cannot_be_made_up(editor):
    article = make_article(author=editor)
    link = desk_tools.make_preview_link(article, by=editor)
    token = desk_tools.token(link)
    assert Client().get(f"/xem-thu/{token}/").status_code == 302
    PreviewLink.objects.update(expires_at=timezone.now())
    for text in (token, token[:-1] + "x", f"{link.pk}", "1:x", "%00", "x" * 300):
        assert Client().get(f"/xem-thu/{text}/").status_code in {400, 410}


def test_only_officials_get_the_page_in_a_frame(client, editor):
    article = make_article(author=editor)
    sign_in(client, editor)
    framed = client.get(article.get_absolute_url(), {"khung": "1"})
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert 'class="officialbar"' not in framed.content.decode()
    assert 'class="officialbar"' in client.get(article.get_absolute_url()).content.decode()
    assert client.get(article.get_absolute_url())["X-Frame-Options"] == "DENY"
    public = make_article(published=True)
    answer = Client().get(public.get_absolute_url(), {"khung": "1"})
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


# Many at once ----------------------------------------------------------------------------------------------------

LISTED = "/quan-tri/articles/article/"


def test_many_are_approved_as_they_were_listed_and_each_row_is_reported(client, editor, board):
    fine, changed, own = (make_article(author=author, title=title) for author, title in (
        (editor, "Bài ổn"), (editor, "Bài vừa đổi"), (board, "Bài của tôi")
    ))  # fmt: skip
    for article in (fine, changed, own):
        services.submit(article, by=article.author)
    sign_in(client, board)
    keys = [article.pk for article in (fine, changed, own)]
    asked = client.post(LISTED, {"action": "approve_many", "_selected_action": keys}).content.decode()
    rows = [f"{article.pk}:{article.version}" for article in (fine, changed, own)]
    assert all(f'name="row" value="{row}"' in asked for row in rows)
    assert Article.objects.filter(status="in_review").count() == 3
    services.take_back(changed, by=editor)
    services.submit(changed, by=editor)
    answer = client.post(
        LISTED, {"action": "approve_many", "_selected_action": keys, "row": rows, "_confirmed": "1"}
    ).content.decode()
    assert "Xong 1 trên 3 mục" in answer
    assert "Đã thay đổi từ lúc bạn xem danh sách" in answer
    assert "không tự duyệt" in answer
    assert list(Article.objects.filter(status="approved")) == [fine]


def test_withdrawing_many_needs_words_and_keeps_the_list(client, board):
    articles = [make_article(published=True) for _number in range(2)]
    sign_in(client, board)
    keys = [article.pk for article in articles]
    rows = [f"{article.pk}:{article.version}" for article in articles]
    values = {"action": "withdraw_many", "_selected_action": keys, "row": rows, "_confirmed": "1"}
    answer = client.post(LISTED, values)
    assert answer.status_code == 422
    assert all(f'name="row" value="{row}"' in answer.content.decode() for row in rows)
    client.post(LISTED, {**values, "note": "Sai số liệu"})
    assert {article.withdrawn_reason for article in Article.objects.all()} == {"Sai số liệu"}


def test_an_editor_has_no_step_of_the_board_for_many(client, editor):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    sign_in(client, editor)
    values = {"action": "approve_many", "_selected_action": [article.pk], "row": f"{article.pk}:2"}
    client.post(LISTED, {**values, "_confirmed": "1"})
    assert Article.objects.get().status == "in_review"


@pytest.mark.parametrize("row", ["", "x", "1:", ":1", "²:1", f"{'9' * 40}:1"])
def test_odd_rows_are_no_server_error(client, board, row):
    article = make_article()
    sign_in(client, board)
    values = {"action": "submit_many", "_selected_action": [article.pk], "row": row, "_confirmed": "1"}
    assert client.post(LISTED, values).status_code == 200
    assert Article.objects.get().status == "draft"


# What an article belongs to --------------------------------------------------------------------------------------


def test_tags_are_one_however_they_are_written(client, editor):
    sign_in(client, editor)
    client.post(ADD, form(title="Một", tags="Căn cước,  đất đai", _save="1"))
    client.post(ADD, form(title="Hai", tags="căn  cước, CĂN CƯỚC", _save="1"))
    assert [tag.name for tag in Tag.objects.all()] == ["Căn cước", "đất đai"]
    assert [tag.articles.count() for tag in Tag.objects.all()] == [2, 1]


def test_tones_and_signs_make_another_tag(client, editor):
    names = ["báo", "bão", "C", "C#", "C++"]
    sign_in(client, editor)
    client.post(ADD, form(tags=", ".join(names), _submit_for_review="1"))
    article = Article.objects.get()
    assert sorted(tag.name for tag in article.tags.all()) == sorted(names)
    services.approve(article, by=make_official(Role.PUBLISHER, is_staff=True))
    assert article.title in client.get("/tin-bai/?tu_khoa=bao").content.decode()


@pytest.mark.parametrize("name", ["İ" * 60, "ß" * 60, "ΐ" * 60])
def test_letters_that_grow_in_small_are_no_server_error(client, editor, name):
    sign_in(client, editor)
    client.post(ADD, form(tags=name, _save="1"))
    assert [tag.name for tag in Tag.objects.all()] == [name]


def test_the_keys_of_before_are_made_anew():
    Tag.objects.create(name="Căn  Cước", key="can cuoc", slug="can-cuoc")
    migration = import_module("articles.migrations.0019_tag_keys")
    migration.keep_tones(apps, None)
    assert Tag.objects.get().key == "căn cước"


@pytest.mark.parametrize("names", [("Bão", "Báo"), ("!!!", "???"), ("Bão", "bão"), ("x" * 79, "X" * 79)])
@pytest.mark.parametrize("kind", ["topic", "documenttype"])
def test_names_that_read_alike_without_tones_get_addresses_of_their_own(client, board, kind, names):
    model = {"topic": Topic, "documenttype": DocumentType}[kind]
    sign_in(client, board)
    for name in names:
        client.post(f"/quan-tri/articles/{kind}/add/", {"name": name, "place": 1})
    rows = [model.objects.get(name=name) for name in names]
    assert rows[1].slug != rows[0].slug
    before = [row.slug for row in rows]
    for row in rows:
        row.save()
    assert [row.slug for row in rows] == before


@pytest.mark.parametrize(
    ("tags", "words"), [(", ".join(f"từ {n}" for n in range(13)), "Nhiều nhất 12"), ("x" * 61, "quá dài")]
)
def test_too_many_or_endless_tags_are_said_beside_the_field(client, editor, tags, words):
    sign_in(client, editor)
    page = client.post(ADD, form(tags=tags, _save="1")).content.decode()
    assert words in page
    assert tags in page
    assert not Tag.objects.exists()


def test_sources_are_words_with_or_without_an_address():
    article = Article(sources="Báo Phú Yên https://baophuyen.vn/a\n\nSở Nội vụ\nhttps://chinhphu.vn")
    assert article.source_list == [
        ("Báo Phú Yên", "https://baophuyen.vn/a"),
        ("Sở Nội vụ", ""),
        ("https://chinhphu.vn", "https://chinhphu.vn"),
    ]


def test_a_topic_in_use_is_not_deleted(client, board):
    topic = Topic.objects.create(name="Đất đai")
    make_article().topics.add(topic)
    sign_in(client, board)
    client.post(f"/quan-tri/articles/topic/{topic.pk}/delete/", {"post": "yes"})
    assert Topic.objects.filter(slug="dat-dai").exists()


# What must hold when people are quick, careless or at odds ---------------------------------------------------------


def in_review(article, by, **changes):
    draft = services.amend(article, by=by)
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save()
    services.submit(draft, by=by)
    return draft


def test_a_change_of_nothing_changes_nothing(editor, board):
    end, day = timezone.now() + timedelta(days=9), timezone.localdate() + timedelta(days=5)
    article = make_article(published=True, author=editor, unpublish_at=end, review_on=day)
    before = content.snapshot(article)
    services.approve(in_review(article, editor), by=board)
    article.refresh_from_db()
    assert (article.unpublish_at, article.review_on) == (end, day)
    assert content.snapshot(article) == before


def test_of_two_who_approve_one_change_the_second_is_told(editor, board):
    campaign = make_campaign()
    article = make_article(published=True, author=editor, campaigns=[campaign])
    draft = in_review(article, editor, correction_note="Sai ngày")
    stale = Article.objects.get(pk=draft.pk)
    services.approve(draft, by=board)
    with pytest.raises(StepError, match="người khác thay đổi"):
        services.approve(stale, by=make_official(Role.PUBLISHER))
    assert list(article.campaigns.all()) == [campaign]
    assert article.corrections.count() == 1


def test_a_change_taken_back_meanwhile_is_not_published(editor, board):
    article = make_article(published=True, author=editor, title="Đang đăng")
    draft = in_review(article, editor, title="Bản xong")
    stale = Article.objects.get(pk=draft.pk)
    services.take_back(draft, by=editor)
    Article.objects.filter(pk=draft.pk).update(title="Đang viết dở")
    with pytest.raises(StepError, match="người khác thay đổi"):
        services.approve(stale, by=board)
    assert Article.objects.get(pk=article.pk).title == "Đang đăng"


def test_an_emergency_is_not_settled_by_approving_a_change(editor, board):
    article = make_article(author=editor)
    services.publish_in_emergency(article, by=board, reason="Bão")
    services.approve(in_review(article, editor), by=board)
    article.refresh_from_db()
    assert article.awaits_review
    assert article.bypassed_by == board


def test_who_edited_an_emergency_does_not_review_it(client, editor, board):
    other, third = (make_official(Role.PUBLISHER, is_staff=True) for _number in range(2))
    article = make_article(author=editor)
    article.editors.add(other)
    services.publish_in_emergency(article, by=board, reason="Bão")
    with pytest.raises(StepError, match="không tự hậu kiểm"):
        services.review_afterwards(article, by=other)
    sign_in(client, other)
    assert 'name="_review_afterwards"' not in client.get(change(article)).content.decode()
    services.review_afterwards(article, by=third)
    assert not article.awaits_review


def test_who_wrote_an_urgent_change_does_not_review_it(editor, board):
    writer = make_official(Role.PUBLISHER, is_staff=True)
    article = make_article(published=True, author=editor)
    services.publish_in_emergency(services.amend(article, by=writer), by=board, reason="Sai số điện thoại")
    article.refresh_from_db()
    with pytest.raises(StepError, match="không tự hậu kiểm"):
        services.review_afterwards(article, by=writer)


@pytest.mark.parametrize("step", ["withdraw", "take_back"])
def test_what_is_taken_away_is_shown_by_no_preview_link(step, editor, board):
    article = make_article(author=editor, title="Lộ số điện thoại")
    token = desk_tools.token(desk_tools.make_preview_link(article, by=editor))
    services.submit(article, by=editor)
    services.approve(article, by=board)
    reader = Client()
    assert reader.get(f"/xem-thu/{token}/").status_code == 302
    if step == "withdraw":
        services.withdraw(article, by=board, reason="Lộ thông tin")
    else:
        services.take_back(article, by=board)
    answer = reader.get(article.get_absolute_url())
    assert answer.status_code == 410
    assert "Lộ số điện thoại" not in answer.content.decode()


def test_a_revision_is_not_put_back_over_what_was_approved_meanwhile(editor, board):
    article = make_article(author=editor, title="Cũ")
    content.keep_revision(article, by=editor, note="Bản đầu")
    article.title = "Mới"
    article.save()
    stale = Article.objects.get(pk=article.pk)
    services.submit(article, by=editor)
    services.approve(article, by=board)
    with pytest.raises(StepError, match="người khác thay đổi"):
        services.restore(stale, 1, by=editor)
    assert Article.objects.get().title == "Mới"


def test_an_end_before_the_hour_of_the_piece_is_said_and_not_merged(client, editor, board):
    hour = timezone.now() + timedelta(days=5)
    article = make_article(published=True, author=editor, publish_at=hour)
    draft = in_review(article, editor, unpublish_at=hour - timedelta(days=1))
    with pytest.raises(StepError, match="đến trước giờ đăng"):
        services.approve(draft, by=board)
    own = services.amend(make_article(published=True, author=editor, publish_at=hour), by=editor)
    sign_in(client, editor)
    day = timezone.localtime(hour - timedelta(days=1))
    values = form(agency=own.agency, seen_version=own.version, unpublish_at_0=f"{day:%d/%m/%Y}")
    page = client.post(change(own), {**values, "unpublish_at_1": "08:00", "_save": "1"}).content.decode()
    assert "Giờ hết hạn phải sau giờ đăng" in page


def test_a_change_begun_before_the_withdrawal_is_what_one_goes_on_with(editor, board):
    article = make_article(published=True, author=editor, title="Sai")
    draft = in_review(article, editor, title="Đúng")
    services.comment(draft, by=board, text="Sửa cả bảng")
    services.withdraw(article, by=board, reason="Sai số liệu")
    services.take_back(article, by=board)
    article.refresh_from_db()
    assert (article.title, article.status) == ("Đúng", "draft")
    assert article.comments.count() == 1
    assert list(Article.objects.all()) == [article]
    assert [each.content["title"] for each in article.revisions.all()][:2] == ["Đúng", "Sai"]


def test_the_history_of_a_change_stays_with_the_piece(client, editor, board):
    article = make_article(published=True, author=editor)
    draft = in_review(article, editor)
    services.send_back(draft, by=board, note="Thêm nguồn")
    services.submit(draft, by=editor)
    services.approve(draft, by=board)
    sign_in(client, board)
    page = client.get(f"/quan-tri/articles/article/{article.pk}/history/").content.decode()
    assert "Trả lại: Thêm nguồn" in page


def test_the_author_of_a_text_does_not_approve_its_copy(editor, board):
    draft = services.copy(make_article(author=board), by=editor)
    services.submit(draft, by=editor)
    with pytest.raises(StepError, match="không tự duyệt"):
        services.approve(draft, by=board)


def test_a_word_leaves_what_others_are_typing_alone(client, editor, board):
    article = make_article(author=editor)
    typed = form(agency=article.agency, title="Đang gõ", seen_version=article.version)
    values = form(
        agency=article.agency,
        title=article.title,
        summary=article.summary,
        body=article.body,
        seen_version=article.version,
        comment="Nhớ ghi nguồn",
    )
    signed_in(board).post(change(article), {**values, "_comment": "1"})
    sign_in(client, editor)
    assert client.post(change(article), {**typed, "_save": "1"}).status_code == 302
    assert Article.objects.get().title == "Đang gõ"
    assert not article.editors.exists()


def test_odd_characters_are_kept_or_dropped_and_never_a_server_error(client, editor, board):
    article = make_article(author=editor)
    sign_in(client, editor)
    assert client.post(beside(article, "giu"), {"title": "a\x00b", "seen_version": "1"}).status_code == 200
    assert Autosave.objects.get().fields["title"] == ["ab"]
    services.submit(article, by=editor)
    sign_in(client, board)
    values = {"action": "send_back_many", "row": f"{article.pk}:{article.version}", "note": "Sửa\x00"}
    client.post(LISTED, {**values, "_selected_action": [article.pk], "_confirmed": "1"})
    assert Article.objects.get().review_note == "Sửa"


@pytest.mark.parametrize(
    "odd", [{"cover": "khong-phai-uuid"}, {"files": "abc"}, {"related": "9" * 30}, {"agency": "x"}]
)
def test_odd_relations_kept_aside_do_not_break_the_form(client, editor, odd):
    article = make_article(author=editor)
    sign_in(client, editor)
    client.post(beside(article, "giu"), {"title": "Giữ được", "seen_version": "1", **odd})
    answer = client.get(change(article), {"nhap": "1"})
    assert answer.status_code == 200
    assert 'value="Giữ được"' in answer.content.decode()


def test_nothing_is_related_to_itself(editor, board):
    article = make_article(published=True, author=editor)
    draft = services.amend(article, by=editor)
    draft.related.set([article, draft])
    services.submit(draft, by=editor)
    services.approve(draft, by=board)
    assert not article.related.exists()


def test_an_editor_writes_for_their_own_agency_only(client):
    own, other = make_agency(name="Sở Của Tôi"), make_agency(name="Sở Khác")
    sign_in(client, make_official(Role.EDITOR, agency=own, is_staff=True))
    page = client.post(ADD, form(agency=other, _save="1")).content.decode()
    assert "Sở Khác" not in page
    assert not Article.objects.exists()
    client.post(ADD, form(agency=own, _save="1"))
    assert Article.objects.get().agency == own


def test_drafts_of_others_are_not_named_through_related(client):
    secret, public = make_article(title="Bản nháp kín"), make_article(published=True, title="Đã đăng")
    own = make_agency()
    sign_in(client, make_official(Role.EDITOR, agency=own, is_staff=True))
    page = client.post(ADD, form(agency=own, related=[secret.pk], _save="1")).content.decode()
    assert "Bản nháp kín" not in page
    assert not Article.objects.filter(agency=own).exists()
    client.post(ADD, form(agency=own, related=[public.pk], _save="1"))
    assert list(Article.objects.get(agency=own).related.all()) == [public]


def test_asking_again_for_words_does_not_renew_what_was_seen(client, editor, board):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    seen = f"{article.pk}:{article.version}"
    services.take_back(article, by=editor)
    services.submit(article, by=editor)
    sign_in(client, board)
    values = {"action": "send_back_many", "_selected_action": [article.pk], "row": seen, "_confirmed": "1"}
    assert f'name="row" value="{seen}"' in client.post(LISTED, values).content.decode()
    assert "Đã thay đổi" in client.post(LISTED, {**values, "note": "Sửa"}).content.decode()


def test_a_choice_made_by_hand_is_no_server_error(client, board):
    sign_in(client, board)
    page = client.post(LISTED, {"action": "submit_many", "_selected_action": "abc"}, follow=True)
    assert "Hãy chọn lại" in page.content.decode()


def test_observers_keep_nothing_aside(client):
    sign_in(client, make_official(Role.OBSERVER, is_staff=True))
    for address in ("giu/", "0/giu/", "bo-phan-giu/"):
        assert client.post(f"/quan-tri/articles/article/{address}", {"title": "x"}).status_code in {403, 404}
    assert not Autosave.objects.exists()


def test_what_nobody_came_back_for_is_forgotten(client, editor):
    article = make_article(author=editor)
    sign_in(client, editor)
    client.post(beside(article, "giu"), {"title": "x"})
    assert desk_tools.forget_typed() == 0
    Autosave.objects.update(saved_at=ago(days=91))
    assert desk_tools.forget_typed() == 1


def test_who_left_the_service_gets_no_mail(editor, board):
    article = make_article(author=editor)
    services.submit(article, by=editor)
    type(editor).objects.filter(pk=editor.pk).update(is_active=False)
    article.refresh_from_db()
    services.approve(article, by=board)
    assert not Message.objects.filter(template="article_approved").exists()


# What has become of it -------------------------------------------------------------------------------------------


def test_a_link_to_a_change_that_was_approved_leads_to_the_piece(client):
    article = make_article(published=True)
    author, board = article.author, make_official(Role.PUBLISHER, is_staff=True)
    draft = services.amend(article, by=author)
    old = change(draft)
    services.submit(draft, by=author)
    services.approve(draft, by=board)
    sign_in(client, board)

    response = client.get(old)

    assert (response.status_code, response["Location"]) == (302, change(article))
    assert "bạn đang xem bài gốc" in client.get(change(article)).content.decode()
    for nowhere in ("99999999", "abc", "9" * 30):
        assert client.get(change(article).replace(f"/{article.pk}/", f"/{nowhere}/")).status_code == 302


def told(official, template: str) -> list[str]:
    """Words of the messages of that sort to an official."""
    rows = Message.objects.filter(template=template, official=official)
    return [notifications.text_of(each) for each in rows]


def test_an_author_is_told_of_an_emergency_and_of_a_withdrawal():
    document = make_document(title="Về việc thử")
    author, board = document.author, make_official(Role.PUBLISHER, is_staff=True)
    services.publish_in_emergency(document, by=board, reason="Bão đang đến.")
    document.refresh_from_db()
    services.withdraw(document, by=board, reason="Có sai sót.")

    [emergency], [gone] = told(author, "article_emergency_author"), told(author, "article_withdrawn")
    assert "đã đăng khẩn cấp văn bản" in emergency
    assert "Bão đang đến." in emergency
    assert "đã gỡ văn bản" in gone
    assert "Có sai sót." in gone


def test_nobody_is_told_of_what_they_did_themselves():
    board = make_official(Role.PUBLISHER, is_staff=True)
    article = make_article(author=board)
    services.publish_in_emergency(article, by=board, reason="Bão đang đến.")
    article.refresh_from_db()
    services.withdraw(article, by=board, reason="Có sai sót.")

    assert told(board, "article_emergency_author") == told(board, "article_withdrawn") == []


def test_the_words_of_a_picture_the_public_sees_are_changed_by_the_board_alone(client):
    image = make_image()
    article = make_article(published=True, cover=image)
    path = f"/quan-tri/articles/image/{image.pk}/change/"
    words = {"alt": "Chữ mới của ảnh", "credit": ""}

    sign_in(client, article.author)
    assert client.post(path, words).status_code == 403
    sign_in(client, make_official(Role.PUBLISHER, is_staff=True))
    assert client.post(path, words).status_code == 302

    image.refresh_from_db()
    assert image.alt == "Chữ mới của ảnh"
