from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from agencies.roles import Role
from articles import services
from articles.models import Article
from articles.services import StepError
from notifications.models import Message
from plan.models import Evidence
from tests.factories import ago, make_article, make_campaign, make_image, make_official

pytestmark = pytest.mark.django_db
Status = Article.Status


def publisher():
    return make_official(Role.PUBLISHER, is_staff=True)


def submitted(**fields):
    article = make_article(**fields)
    services.submit(article, by=article.author)
    return article


def test_a_second_person_approves_and_the_author_is_told():
    article = submitted()
    services.approve(article, by=publisher())
    assert article.is_published
    assert Message.objects.filter(template="article_approved", official=article.author).count() == 1


def test_own_work_is_not_approved_nor_what_one_has_edited():
    board = publisher()
    own = submitted(author=board)
    with pytest.raises(StepError, match="không tự duyệt"):
        services.approve(own, by=board)
    edited = make_article()
    edited.editors.add(board)
    services.submit(edited, by=edited.author)
    with pytest.raises(StepError, match="không tự duyệt"):
        services.approve(edited, by=board)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OBSERVER, Role.COORDINATOR])
def test_only_the_board_decides(role):
    article, other = submitted(), make_official(role)
    for step in (
        lambda: services.approve(article, by=other),
        lambda: services.send_back(article, by=other, note="x"),
        lambda: services.withdraw(article, by=other, reason="x"),
        lambda: services.publish_in_emergency(article, by=other, reason="x"),
        lambda: services.take_back(article, by=other),
    ):
        with pytest.raises(StepError):
            step()
    assert Article.objects.get().status == Status.IN_REVIEW


def test_a_draft_is_not_approved_past_review():
    with pytest.raises(StepError):
        services.approve(make_article(), by=publisher())


def test_of_two_decisions_on_one_copy_the_second_is_refused():
    article = submitted()
    stale = Article.objects.get(pk=article.pk)
    services.approve(article, by=publisher())
    with pytest.raises(StepError):
        services.send_back(stale, by=publisher(), note="Sửa")
    assert Article.objects.get().status == Status.APPROVED


def test_the_hour_is_kept_when_it_lies_ahead_and_never_in_the_past():
    ahead, past = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    first, second = submitted(publish_at=ahead), submitted(publish_at=past)
    services.approve(first, by=publisher())
    services.approve(second, by=publisher())
    assert first.publish_at == ahead
    assert first.is_scheduled
    assert second.publish_at == second.approved_at


def test_what_follows_a_publication_happens_once_and_not_before():
    campaign = make_campaign()
    article = submitted(publish_at=timezone.now() + timedelta(hours=1), campaigns=[campaign])
    services.approve(article, by=publisher())
    assert services.announce(article) is False
    Article.objects.update(publish_at=timezone.now())
    article.refresh_from_db()
    assert [services.announce(article), services.announce(article)] == [True, False]
    assert Evidence.objects.counted().get().campaign == campaign


def test_withdrawing_needs_a_reason_and_takes_the_evidence_back():
    article = make_article(published=True, campaigns=[make_campaign()])
    services.announce(article)
    with pytest.raises(StepError, match="lý do"):
        services.withdraw(article, by=publisher(), reason=" ")
    services.withdraw(article, by=publisher(), reason="Số liệu sai")
    assert not Article.objects.published().exists()
    assert not Evidence.objects.counted().exists()


def test_an_emergency_is_listed_until_somebody_else_has_looked():
    board = publisher()
    article = make_article(author=board)
    services.publish_in_emergency(article, by=board, reason="Bão gần bờ")
    assert article.is_published
    assert Article.objects.awaiting_review().get() == article
    with pytest.raises(StepError):
        services.review_afterwards(article, by=board)
    services.review_afterwards(article, by=publisher())
    assert not Article.objects.awaiting_review().exists()


def test_sending_back_carries_words_to_the_author():
    article = submitted()
    with pytest.raises(StepError):
        services.send_back(article, by=publisher(), note="")
    services.send_back(article, by=publisher(), note="Thêm nguồn")
    assert (article.status, article.review_note) == (Status.DRAFT, "Thêm nguồn")
    services.submit(article, by=article.author)
    services.take_back(article, by=article.author)
    assert article.status == Status.DRAFT


def told(template) -> set:
    return {message.official for message in Message.objects.filter(template=template, channel="in_app")}


def test_the_board_is_told_what_waits_except_who_wrote_or_sent_it():
    author, reader, absent = publisher(), publisher(), publisher()
    absent.is_active = False
    absent.save()
    submitted(author=author)
    assert told("article_submitted") == {reader}


def test_an_emergency_needs_a_reason_and_the_rest_of_the_board_is_told_it():
    board, other = publisher(), publisher()
    article = make_article(author=board)
    with pytest.raises(StepError, match="lý do"):
        services.publish_in_emergency(article, by=board, reason=" ")
    services.publish_in_emergency(article, by=board, reason="Bão số 13 sắp đổ bộ")
    assert (article.bypassed_by, article.bypass_reason) == (board, "Bão số 13 sắp đổ bộ")
    assert told("article_emergency") == {other}
    assert Message.objects.filter(template="article_emergency").first().context["note"] == (
        "Bão số 13 sắp đổ bộ"
    )


@pytest.mark.parametrize("away", ["take_back", "withdraw"])
def test_an_emergency_taken_away_waits_for_its_review_all_the_same(away):
    board, other = publisher(), publisher()
    article = make_article(author=board)
    services.publish_in_emergency(article, by=board, reason="Khẩn")
    if away == "withdraw":
        services.withdraw(article, by=board, reason="Nhầm")
    else:
        services.take_back(article, by=board)
    assert Article.objects.awaiting_review().get() == article
    with pytest.raises(StepError, match="không tự hậu kiểm"):
        services.review_afterwards(article, by=board)
    services.review_afterwards(article, by=other)
    assert not Article.objects.awaiting_review().exists()


def test_a_second_approval_leaves_an_unreviewed_emergency_waiting_and_clears_a_reviewed_one():
    board, other = publisher(), publisher()
    article = make_article(author=board)
    services.publish_in_emergency(article, by=board, reason="Khẩn")

    def approved_again():
        services.take_back(article, by=other)
        services.submit(article, by=board)
        services.approve(article, by=other)

    approved_again()
    assert article.awaits_review
    services.review_afterwards(article, by=other)
    approved_again()
    assert (article.bypassed_at, article.bypassed_by, article.bypass_reason) == (None, None, "")


def test_hours_that_have_passed_are_refused_in_words():
    late = {"publish_at": ago(days=2), "unpublish_at": ago(days=1)}
    for article, step in (
        (submitted(**late), lambda each: services.approve(each, by=publisher())),
        (make_article(**late), lambda each: services.publish_in_emergency(each, by=publisher(), reason="x")),
    ):
        with pytest.raises(StepError, match="Giờ hết hạn đã qua"):
            step(article)
        article.refresh_from_db()
        assert article.approved_at is None


def test_everybody_who_edited_since_the_last_approval_is_kept_from_approving_the_next():
    first, second, reader = publisher(), publisher(), publisher()
    article = make_article()
    article.editors.add(first, second)
    services.submit(article, by=article.author)
    for editor in (first, second):
        with pytest.raises(StepError, match="không tự duyệt"):
            services.approve(article, by=editor)
    services.approve(article, by=reader)
    services.take_back(article, by=reader)
    services.submit(article, by=article.author)
    services.approve(article, by=first)
    assert article.is_published


def test_each_step_is_a_line_of_history_with_its_words_and_who():
    board, other = publisher(), publisher()
    article = submitted()
    services.send_back(article, by=board, note="Thêm nguồn")
    services.submit(article, by=article.author)
    services.approve(article, by=board)
    services.withdraw(article, by=board, reason="Số liệu sai")
    services.take_back(article, by=board)
    services.publish_in_emergency(article, by=board, reason="Bão")
    services.review_afterwards(article, by=other)
    lines = LogEntry.objects.filter(object_id=article.pk).order_by("pk")
    assert [(line.user, line.get_change_message()) for line in lines] == [
        (article.author, "Gửi duyệt."),
        (board, "Trả lại: Thêm nguồn"),
        (article.author, "Gửi duyệt."),
        (board, "Duyệt."),
        (board, "Gỡ: Số liệu sai"),
        (board, "Đưa về nháp."),
        (board, "Đăng khẩn cấp: Bão"),
        (other, "Hậu kiểm."),
    ]
    assert article.withdrawn_by == board


def test_what_was_public_remembers_it_also_when_no_worker_was_awake():
    seen = make_article(published=True)
    Article.objects.update(publish_at=ago(days=3), first_published_at=None)
    seen.refresh_from_db()
    assert seen.was_public
    services.take_back(seen, by=publisher())
    assert seen.was_public
    assert seen.first_published_at == seen.publish_at
    ahead = submitted(publish_at=timezone.now() + timedelta(days=1))
    services.approve(ahead, by=publisher())
    services.withdraw(ahead, by=publisher(), reason="Hoãn")
    assert not ahead.was_public


def test_the_worker_notes_the_first_hour_and_never_a_second():
    article = submitted(publish_at=timezone.now() + timedelta(hours=1))
    services.approve(article, by=publisher())
    hour = ago(minutes=1)
    Article.objects.update(publish_at=hour)
    services.announce(article)
    assert article.first_published_at == hour


def test_an_article_approved_again_keeps_the_day_it_first_appeared():
    article = make_article(published=True)
    first = ago(days=30)
    Article.objects.update(publish_at=first, first_published_at=first)
    article.refresh_from_db()
    services.take_back(article, by=publisher())
    Article.objects.update(edited_at=timezone.now())
    article.refresh_from_db()
    services.submit(article, by=article.author)
    services.approve(article, by=publisher())
    assert (article.publish_at, article.first_published_at) == (first, first)
    assert article.was_changed
    assert article.revised_at == article.approved_at


def test_an_article_whose_time_is_over_stays_evidence_also_when_the_worker_comes_late():
    article = make_article(published=True, campaigns=[make_campaign()])
    Article.objects.update(publish_at=ago(days=3), unpublish_at=ago(days=1))
    assert services.announce(article) is True
    assert Evidence.objects.counted().get().path == article.get_absolute_url()


@pytest.mark.parametrize("step", ["submit", "approve", "emergency"])
def test_a_picture_without_a_description_is_named_and_goes_no_further(step):
    image, article = make_image(), make_article()
    body = f'<p>Quầy số một.</p><p>Người dân chờ <img src="{image.url_small}" alt=" "></p>'
    if step == "approve":
        services.submit(article, by=article.author)
    Article.objects.update(body=body)
    article.refresh_from_db()
    with pytest.raises(StepError, match=r"ảnh thứ 1 \(sau “…Quầy số một\. Người dân chờ”"):
        if step == "submit":
            services.submit(article, by=article.author)
        elif step == "approve":
            services.approve(article, by=publisher())
        else:
            services.publish_in_emergency(article, by=publisher(), reason="Khẩn")


def test_the_library_learns_a_description_written_in_a_text_and_keeps_its_own():
    nameless, named = make_image(alt=""), make_image(alt="Tên cũ")
    make_article(
        body=f'<p><img src="{nameless.url_small}" alt="Quầy một cửa">'
        f'<img src="{named.url_small}" alt="Khác"></p>'
    )
    for image in (nameless, named):
        image.refresh_from_db()
    assert (nameless.alt, named.alt) == ("Quầy một cửa", "Tên cũ")
