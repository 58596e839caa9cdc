"""Videos: told about here, played on another site only when somebody presses."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.roles import Role
from articles import content, services
from articles.models import Video
from plan.models import Evidence
from tests.factories import make_agency, make_campaign, make_image, make_official, make_video

pytestmark = pytest.mark.django_db
ADD = "/quan-tri/articles/video/add/"


def sign_in(client, *roles, **fields):
    official = make_official(*roles, is_staff=True, **fields)
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return official


def form(**fields):
    agency = fields.pop("agency", None) or make_agency()
    return {
        "title": "Video trong quản trị",
        "link": "https://youtu.be/MinhHoa0001",
        "summary": "Tóm tắt.",
        "duration": "",
        "recorded_on": "",
        "transcript": "",
        "agency": agency.pk,
        "seen_version": 1,
        "publish_at_0": "",
        "publish_at_1": "",
        "unpublish_at_0": "",
        "unpublish_at_1": "",
        **fields,
    }


def frames(response) -> str:
    return next(
        (each for each in response["Content-Security-Policy"].split("; ") if each.startswith("frame-src")), ""
    )


# In the admin


def test_an_editor_writes_a_video_and_the_board_publishes_it(client):
    sign_in(client, Role.EDITOR)
    response = client.post(
        ADD,
        form(duration="12:30", transcript="<p onclick=x()>Xin chào</p>", _submit_for_review="1"),
    )
    video = Video.objects.get()
    assert response.status_code == 302
    assert video.transcript == "<p>Xin chào</p>"
    assert video.status == Video.Status.IN_REVIEW

    sign_in(client, Role.PUBLISHER)
    client.post(
        f"/quan-tri/articles/video/{video.pk}/change/",
        {"_approve": "1", "seen_version": 2, "publish_at_0": "", "publish_at_1": "", "review_on": ""},
    )

    client.logout()
    assert client.get(video.get_absolute_url()).status_code in {301, 302, 200}
    assert Video.objects.published().get() == video


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/watch?v=MinhHoa0001",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=ngan",
        "javascript:alert(1)",
        "https://youtube.com.la.example/watch?v=MinhHoa0001",
        "Xem trên YouTube",
    ],
)
def test_a_link_elsewhere_is_refused_beside_its_field_and_the_words_stay(client, link):
    sign_in(client, Role.EDITOR)

    response = client.post(ADD, form(link=link))

    page = response.content.decode()
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"link"}
    assert "YouTube hoặc Vimeo" in page
    assert "Video trong quản trị" in page
    assert not Video.objects.exists()


@pytest.mark.parametrize("duration", ["5", "5:7", "5:60", "0:00", "1:60:00", "năm phút", "1:5:30"])
def test_a_duration_nobody_can_read_is_refused_beside_its_field(client, duration):
    sign_in(client, Role.EDITOR)

    response = client.post(ADD, form(duration=duration))

    assert response.context["adminform"].form.errors.keys() == {"duration"}
    assert "ví dụ 5:07" in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "seconds", "iso"),
    [
        ("5:07", 307, "PT5M7S"),
        ("0:45", 45, "PT45S"),
        ("75:00", 4500, "PT1H15M"),
        ("1:15:30", 4530, "PT1H15M30S"),
        ("", 0, ""),
    ],
)
def test_a_duration_is_known_to_people_and_machines(client, typed, seconds, iso):
    video = make_video(duration=typed)
    video.full_clean(exclude=["author"])

    assert (video.seconds, video.iso_duration) == (seconds, iso)


def test_an_editor_of_another_agency_does_not_find_it(client):
    video = make_video(agency=make_agency())
    sign_in(client, Role.EDITOR, agency=make_agency())

    assert client.get(f"/quan-tri/articles/video/{video.pk}/change/").status_code == 302
    assert video.title not in client.get("/quan-tri/articles/video/").content.decode()


def test_a_change_of_a_public_video_is_a_draft_until_it_is_approved(client):
    video = make_video(published=True, title="Tên cũ", poster=make_image(), transcript="<p>Lời cũ</p>")
    draft = services.amend(video, by=make_official(Role.EDITOR, is_staff=True))
    draft.title = "Tên mới"
    draft.save()
    assert "Tên mới" not in client.get(video.get_absolute_url()).content.decode()

    services.submit(draft, by=draft.author)
    services.approve(draft, by=make_official(Role.PUBLISHER, is_staff=True))

    video.refresh_from_db()
    assert (video.title, video.poster is not None, video.transcript) == ("Tên mới", True, "<p>Lời cũ</p>")
    page = client.get(video.get_absolute_url()).content.decode()
    assert "Tên mới" in page


def test_the_form_shows_what_is_locked(client):
    video = make_video(published=True, poster=make_image(), transcript="<p>Lời thoại đã duyệt</p>")
    sign_in(client, Role.PUBLISHER)

    page = client.get(f"/quan-tri/articles/video/{video.pk}/change/").content.decode()

    assert "Lời thoại đã duyệt" in page
    assert 'name="link"' not in page
    assert "https://www.youtube.com/watch?v=MinhHoa0001" in page


# The page


def test_the_page_names_nothing_of_the_other_site_but_a_link_and_lets_only_its_player_in(client):
    video = make_video(published=True, transcript="<p>Từng lời một</p>", duration="4:20")

    response = client.get(video.get_absolute_url())

    page = response.content.decode()
    loaded = re.findall(
        r'<(?:img|script|iframe|link|video|source)\b[^>]*\b(?:src|srcset|href)="(https?:[^"]*)"', page
    )
    assert all("youtube" not in each for each in loaded)
    assert "<iframe" not in page
    assert 'href="https://www.youtube.com/watch?v=MinhHoa0001"' in page
    assert 'data-embed="https://www.youtube-nocookie.com/embed/MinhHoa0001?rel=0"' in page
    assert "Từng lời một" in page
    assert "4:20" in page
    assert frames(response) == "frame-src https://www.youtube-nocookie.com"


def test_a_link_to_another_video_in_the_words_spoken_stays_a_link(client):
    other = '<p><a href="https://vimeo.com/123456">Phần hai</a></p>'
    video = make_video(published=True, transcript=other)

    response = client.get(video.get_absolute_url())

    assert response.content.decode().count("data-embed=") == 1
    assert 'href="https://vimeo.com/123456"' in response.content.decode()
    assert frames(response) == "frame-src https://www.youtube-nocookie.com"


def test_other_pages_let_no_frame_in(client):
    make_video(published=True)

    for path in ("/", "/video/"):
        assert frames(client.get(path)) == "", path


def test_a_video_without_words_says_so_and_one_with_a_poster_shows_our_own_picture(client):
    picture = make_image(credit="Sở Nội vụ")
    video = make_video(published=True, poster=picture)

    page = client.get(video.get_absolute_url()).content.decode()

    assert "chưa có lời thoại" in page
    assert picture.url_small in page
    assert "Ảnh: Sở Nội vụ" in page
    assert client.get(picture.url_small).status_code == 200


def test_a_poster_is_public_with_its_video_and_not_before(client):
    picture, inner = make_image(), make_image()
    video = make_video(poster=picture, transcript=f'<p>Lời <img src="{inner.url_small}" alt="Sơ đồ"></p>')
    assert [client.get(each.url_small).status_code for each in (picture, inner)] == [404, 404]

    services.submit(video, by=video.author)
    services.approve(video, by=make_official(Role.PUBLISHER, is_staff=True))

    assert [client.get(each.url_small).status_code for each in (picture, inner)] == [200, 200]
    assert picture.used_in() == [video]
    assert inner.used_in() == [video]


def test_nothing_of_a_video_shows_before_its_hour_or_after_its_withdrawal(client):
    campaign, board = make_campaign(), make_official(Role.PUBLISHER, is_staff=True)
    video = make_video(title="Video canary", campaigns=[campaign])
    pages = ("/", "/video/", campaign.get_absolute_url(), "/rss/video/", "/sitemap-video-1.xml")
    Video.objects.filter(pk=video.pk).update(publish_at=timezone.now() + timedelta(hours=1))
    video.refresh_from_db()
    services.submit(video, by=video.author)
    services.approve(video, by=board)
    assert client.get(video.get_absolute_url()).status_code == 404
    assert not any("canary" in client.get(path).content.decode() for path in pages)

    Video.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    assert client.get(video.get_absolute_url()).status_code == 200
    assert all("canary" in client.get(path).content.decode() for path in pages[1:])

    video.refresh_from_db()
    services.withdraw(video, by=board, reason="Nói sai tên cơ quan")
    gone = client.get(video.get_absolute_url())
    assert gone.status_code == 410
    assert "Nói sai tên cơ quan" in gone.content.decode()
    assert not any("canary" in client.get(path).content.decode() for path in pages)


def test_an_old_address_leads_to_the_present_one(client):
    video = make_video(published=True, title="Tên nay")

    response = client.get(f"/video/ten-xua-{video.pk}/")

    assert (response.status_code, response["Location"]) == (301, video.get_absolute_url())


def test_a_published_video_is_evidence_for_its_campaigns():
    campaign = make_campaign()
    video = make_video(published=True, campaigns=[campaign])

    services.announce(video)

    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.path) == ("video", video.get_absolute_url())


def test_other_videos_of_the_same_campaign_are_offered(client):
    campaign = make_campaign()
    video = make_video(published=True, campaigns=[campaign])
    make_video(published=True, title="Cùng nội dung", campaigns=[campaign])
    make_video(published=True, title="Khác nội dung", campaigns=[make_campaign()])

    page = client.get(video.get_absolute_url()).content.decode()

    assert "Cùng nội dung" in page
    assert "Khác nội dung" not in page


# Lists and machines


def titles(client, query="") -> list[str]:
    page = client.get(f"/video/{query}").content.decode()
    return re.findall(r'class="card__title"><a href="/video/[^"]*">([^<]*)</a>', page)


def test_the_list_is_filtered_by_words_campaign_and_agency(client):
    agency, campaign = make_agency(), make_campaign()
    make_video(published=True, title="Đăng ký hộ kinh doanh", agency=agency)
    make_video(published=True, title="Nộp hồ sơ qua bưu điện", campaigns=[campaign])

    assert titles(client) == ["Nộp hồ sơ qua bưu điện", "Đăng ký hộ kinh doanh"]
    for words in ("hộ kinh doanh", "ho kinh doanh", "DANG KY", "kinh hộ"):
        assert titles(client, f"?q={words}") == ["Đăng ký hộ kinh doanh"], words
    assert titles(client, f"?noi_dung={campaign.pk}") == ["Nộp hồ sơ qua bưu điện"]
    assert titles(client, f"?co_quan={agency.pk}") == ["Đăng ký hộ kinh doanh"]
    assert titles(client, "?q=không có từ này") == []
    assert "Không có video nào khớp" in client.get("/video/?q=zzz").content.decode()


@pytest.mark.parametrize(
    "query", ["?noi_dung=x&co_quan=999999999999999999999", "?page=99&q=%2500", "?q=" + "a" * 500]
)
def test_no_input_breaks_the_list(client, query):
    assert client.get(f"/video/{query}").status_code in {200, 404}


def test_the_list_turns_pages_and_costs_as_many_queries_with_many(client):
    make_video(published=True, poster=make_image())
    client.get("/video/")
    with CaptureQueriesContext(connection) as one:
        client.get("/video/")
    for _number in range(13):
        make_video(published=True, poster=make_image())

    with CaptureQueriesContext(connection) as many:
        assert len(titles(client)) == 12

    assert len(many) == len(one) <= 8
    assert len(titles(client, "?page=2")) == 2


def test_the_feed_tells_what_is_said_and_the_map_where_it_is(client, settings):
    settings.SITE_URL = "https://cchc.vidu.vn"
    video = make_video(published=True, title="Video & <thẻ>", transcript="<p>Lời <strong>đậm</strong></p>")

    feed = ET.fromstring(client.get("/rss/video/").content)  # noqa: S314 - our own page
    atom = "{http://www.w3.org/2005/Atom}"
    entry = feed.find(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == "Video & <thẻ>"
    assert "<strong>đậm</strong>" in entry.findtext(f"{atom}summary")
    assert entry.find(f"{atom}link").get("href") == f"https://cchc.vidu.vn{video.get_absolute_url()}"
    assert "/sitemap-video-1.xml" in client.get("/sitemap.xml").content.decode()
    assert video.get_absolute_url() in client.get("/sitemap-video-1.xml").content.decode()
    assert "<loc>https://cchc.vidu.vn/video/</loc>" in client.get("/sitemap-trang-1.xml").content.decode()


def test_the_campaign_shows_its_videos_and_none_where_there_is_none(client):
    campaign = make_campaign()
    assert 'id="video"' not in client.get(campaign.get_absolute_url()).content.decode()

    make_video(published=True, title="Video của nội dung", campaigns=[campaign])

    assert "Video của nội dung" in client.get(campaign.get_absolute_url()).content.decode()


def test_a_revision_holds_all_of_a_video_and_gives_it_back():
    campaign = make_campaign()
    video = make_video(
        duration="5:07", recorded_on="2026-05-15", campaigns=[campaign], transcript="<p>Một</p>"
    )
    video.refresh_from_db()
    kept = content.snapshot(video)
    video.duration, video.recorded_on, video.transcript = "", None, ""
    video.save()
    video.campaigns.clear()

    assert content.put(video, kept) == []

    video.refresh_from_db()
    assert content.snapshot(video) == kept
