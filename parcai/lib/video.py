"""A video elsewhere, known by its link alone: two hosts, and of a link nothing is kept but the video's number.

The portal never asks the other site anything; a reader's browser does, once they press.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

YOUTUBE, VIMEO = "YouTube", "Vimeo"
YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com"}
NO_COOKIE_HOSTS = {"youtube-nocookie.com", "www.youtube-nocookie.com"}
VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com"}
# What a page that shows a video lets be framed (parcai.middleware.PlayerMiddleware).
PLAYERS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]

LINK = re.compile(r"https?://[!-\[\]-~]{1,500}", re.IGNORECASE)  # printable ASCII but for the backslash
YOUTUBE_ID = re.compile(
    r"(?!videoseries|live_stream)[A-Za-z0-9_-]{11}"
)  # two words of YouTube's own are as long
YOUTUBE_PATH = re.compile(r"/(?:shorts|live|embed)/([A-Za-z0-9_-]{11})/?")
VIMEO_PATH = re.compile(r"/(\d{1,12})/?")
VIMEO_PLAYER_PATH = re.compile(r"/video/(\d{1,12})/?")
START = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,5})s?)?")


@dataclass(frozen=True)
class VideoLink:
    host: str  # as people call it
    id: str
    watch_url: str
    embed_url: str


def parse(url: str) -> VideoLink | None:
    """The video behind a link typed by a person; None for anything but a video of the two hosts."""
    url = (url or "").strip()
    if not LINK.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if "@" in parts.netloc or port not in {None, 80, 443}:
        return None
    return _youtube(parts) or _vimeo(parts)


def _youtube(parts: SplitResult) -> VideoLink | None:
    query = parse_qs(parts.query)
    found: str | None = None
    if parts.hostname == "youtu.be":
        found = parts.path.strip("/")
    elif parts.hostname in YOUTUBE_HOSTS and parts.path.rstrip("/") == "/watch":
        found = query.get("v", [""])[0]
    elif parts.hostname in YOUTUBE_HOSTS or parts.hostname in NO_COOKIE_HOSTS:
        path = YOUTUBE_PATH.fullmatch(parts.path)
        found = path[1] if path else None
    if not found or not YOUTUBE_ID.fullmatch(found):
        return None
    start = _seconds((query.get("t") or query.get("start") or [""])[0])
    return VideoLink(
        host=YOUTUBE,
        id=found,
        watch_url=f"https://www.youtube.com/watch?v={found}" + (f"&t={start}" if start else ""),
        embed_url=f"{PLAYERS[0]}/embed/{found}?rel=0" + (f"&start={start}" if start else ""),
    )


def _vimeo(parts: SplitResult) -> VideoLink | None:
    if parts.hostname in VIMEO_HOSTS:
        path = VIMEO_PATH.fullmatch(parts.path)
    elif parts.hostname == "player.vimeo.com":
        path = VIMEO_PLAYER_PATH.fullmatch(parts.path)
    else:
        path = None
    if not path:
        return None
    return VideoLink(
        host=VIMEO,
        id=path[1],
        watch_url=f"https://vimeo.com/{path[1]}",
        embed_url=f"{PLAYERS[1]}/video/{path[1]}?dnt=1",
    )


def _seconds(text: str) -> int:
    """Where to begin: "95", "95s" or "1h2m3s"; 0 for what cannot be read."""
    found = START.fullmatch(text)
    if not found:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
