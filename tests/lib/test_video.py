import pytest

from parcai.lib import video

ID = "dQw4w9WgXcQ"
WATCH = f"https://www.youtube.com/watch?v={ID}"
PLAYER = f"https://www.youtube-nocookie.com/embed/{ID}?rel=0"


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.youtube.com/watch?v={ID}",
        f"http://youtube.com/watch?v={ID}",
        f"https://m.youtube.com/watch?app=desktop&v={ID}&feature=share",
        f"https://www.youtube.com/watch/?v={ID}#binh-luan",
        f"https://youtu.be/{ID}?si=abcDEF",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/live/{ID}?feature=share",
        f"https://www.youtube.com/embed/{ID}/",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"HTTPS://WWW.YouTube.com:443/watch?v={ID}",
        f"  https://youtu.be/{ID}\n",
    ],
)
def test_every_way_youtube_writes_a_link_leads_to_the_same_video(link):
    assert video.parse(link) == video.VideoLink("YouTube", ID, WATCH, PLAYER)


@pytest.mark.parametrize(
    ("query", "seconds"),
    [("t=95", 95), ("t=95s", 95), ("t=1m5s", 65), ("t=1h2m3s", 3723), ("start=40", 40)],
)
def test_the_moment_to_begin_at_is_kept(query, seconds):
    found = video.parse(f"https://youtu.be/{ID}?{query}")
    assert found.watch_url == f"{WATCH}&t={seconds}"
    assert found.embed_url == f"{PLAYER}&start={seconds}"


@pytest.mark.parametrize("query", ["t=", "t=0", "t=abc", "t=-5", "t=99999999999", "t=%22onload"])
def test_a_moment_nobody_can_read_is_left_out(query):
    assert video.parse(f"https://youtu.be/{ID}?{query}").embed_url == PLAYER


@pytest.mark.parametrize(
    "link",
    [
        "https://vimeo.com/76979871",
        "https://www.vimeo.com/76979871/",
        "https://player.vimeo.com/video/76979871?h=x",
    ],
)
def test_a_video_of_vimeo(link):
    watch, player = "https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"
    assert video.parse(link) == video.VideoLink("Vimeo", "76979871", watch, player)


@pytest.mark.parametrize(
    "link",
    [
        "",
        None,
        "youtube",
        f"//www.youtube.com/watch?v={ID}",
        f"javascript:alert(1)//youtu.be/{ID}",
        f"data:text/html,https://youtu.be/{ID}",
        f"ftp://youtube.com/watch?v={ID}",
        f"https://youtube.com.evil.example/watch?v={ID}",
        f"https://evil-youtube.com/watch?v={ID}",
        f"https://evil.youtube.com/watch?v={ID}",
        f"https://youtube.com@evil.example/watch?v={ID}",
        f"https://nguoi:mat-khau@www.youtube.com/watch?v={ID}",
        f"https://evil.example/?https://www.youtube.com/watch?v={ID}",
        f"https://evil.example/#https://youtu.be/{ID}",
        f"https://www.youtube.com:8443/watch?v={ID}",
        f"https://www.youtube.com:port/watch?v={ID}",
        f"https://www.youtube.com\\@evil.example/watch?v={ID}",
        f"https://evil.example\\www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com/\twatch?v={ID}",
        f"https://www.youtube.com/watch?v={ID}x",
        f"https://www.youtube.com/watch?v={ID[:-1]}",
        f"https://www.youtube.com/watch?v={ID[:-1]}%22",
        f"https://www.youtube.com/watch?v={ID[:-1]}\u0430",
        f"https://www.youtube.com/redirect?q=https://evil.example&v={ID}",
        f"https://www.youtube.com/embed/{ID}/../../redirect",
        f"https://www.youtube.com/embed/{ID}%2f..",
        "https://www.youtube.com/embed/videoseries?list=PL1",
        "https://www.youtube.com/embed/live_stream?channel=UC1",
        "https://www.youtube.com/@kenh",
        f"https://youtu.be/{ID}/x",
        f"https://уoutube.com/watch?v={ID}",
        f"https://[::1/watch?v={ID}",
        "https://vimeo.com/",
        "https://vimeo.com/76979871x",
        "https://vimeo.com/channels/staffpicks/76979871",
        "https://vimeo.com/76979871/abcdef0123",
        "https://vimeo.com/\u0667\u0666",
        "https://vimeo.com.evil.example/76979871",
        "https://player.vimeo.com/76979871",
        f"https://youtu.be/{ID}?" + "a=" * 400,
    ],
)
def test_everything_else_is_no_video(link):
    assert video.parse(link) is None
