from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from parcai.lib.headers import with_frames
from parcai.lib.problems import is_for_machines, problem_response
from parcai.lib.video import PLAYERS

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=()"

MOST_TYPED = 1024 * 1024  # bytes of a form of the public; officials write longer texts
MOST_UPLOADED = 52 * 1024 * 1024  # bytes of a form with files: five of 10 MB and what stands around them
DESKS = ("/quan-tri/", "/xu-ly/")


class CleanRequestMiddleware:
    """Refuses what no browser of ours sends, before anything reads it, with a page people can understand.

    A NUL in the address (PostgreSQL would stumble), a name that is not ours, and forms in another encoding than
    UTF-8: Django would hand their bytes to whichever codec the visitor names. It stands outside Django's own security
    middleware, which asks for the name, and gives a refusal the same headers.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.secure = SecurityMiddleware(get_response).process_response

    def __call__(self, request):
        response = self._refusal(request) or self.get_response(request)
        # Also for answers that were made before the inner rooms saw the request.
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    def _refusal(self, request):
        """The page that says why the request is not taken; None for one that is."""
        try:
            return None if self._is_clean(request) else self._refuse(request, 400)
        except RequestDataTooBig:
            return self._refuse(request, 413)

    def _is_clean(self, request) -> bool:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            return False
        if request.content_params.get("charset", "utf-8").strip().lower() != "utf-8":
            return False
        most = {"application/x-www-form-urlencoded": MOST_TYPED, "multipart/form-data": MOST_UPLOADED}
        length = request.headers.get("Content-Length", "")
        is_number = length.isascii() and length.isdigit()
        is_long = is_number and int(length) > most.get(request.content_type, int(length))
        if is_long and not request.path.startswith(DESKS):
            raise RequestDataTooBig
        try:
            request.get_host()
            request.POST  # noqa: B018 - read here, so that a form nobody can read is refused here
        except RequestDataTooBig:
            raise
        except (BadRequest, LookupError, MultiPartParserError, OSError, SuspiciousOperation, ValueError):
            return False
        return True

    def _refuse(self, request, status: int):
        if is_for_machines(request):
            words = _("Địa chỉ hoặc tiêu đề của lời gọi không đọc được.")
            return self.secure(request, problem_response(words, "bad_request", status=status))
        return self.secure(request, render(request, f"{status}.html", status=status))


class DatabaseOutageMiddleware:
    """When the database is away: a plain page with a word about trying again, never a traceback."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return self._sorry(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError | InterfaceError):
            return self._sorry(request)
        return None

    def _sorry(self, request):
        if is_for_machines(request):
            words = _("Cổng đang gián đoạn. Hãy gọi lại sau ít phút.")
            response: HttpResponse = problem_response(words, "unavailable", status=503)
        else:
            response = render(None, "503.html", status=503)
        response["Retry-After"] = "30"
        response["Cache-Control"] = "private, no-store"
        return response


class PrivateByDefaultMiddleware:
    """No page is kept by a shared cache unless its view said so; pages of officials and forms are not kept at all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            plain = request.method == "GET" and response.status_code == 200 and not response.cookies
            official = hasattr(request, "session") and request.session.accessed
            response["Cache-Control"] = "private, no-cache" if plain and not official else "private, no-store"
        return response


class PlayerMiddleware:
    """A page that shows a video (components/video.html), and no other, may load the players of the two hosts.

    Nothing a person types can write this tag: rich text has no classes, all other text is escaped.
    """

    MARK = b'<figure class="video">'

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_settled = "frame-src" in getattr(response, "_csp_replace", {})  # the view knows which one it shows
        shows_video = not is_settled and not response.streaming and self.MARK in response.content
        return with_frames(response, PLAYERS) if shows_video else response


class FriendlyRefusalMiddleware:
    """An address that only takes a button's press says so, instead of an empty page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html", request=request)
            response["Content-Type"] = "text/html; charset=utf-8"
        return response


class CompressTextMiddleware(GZipMiddleware):
    """Pages leave compressed; pictures and fonts are compressed already.

    Against guessing a secret from the length (BREACH) Django pads each answer and masks each CSRF token.
    """

    TEXT = (
        "text/",
        "application/json",
        "application/xml",
        "application/rss+xml",
        "application/atom+xml",
        "image/svg",
    )

    def process_response(self, request, response):
        if response.headers.get("Content-Type", "").startswith(self.TEXT):
            return super().process_response(request, response)
        return response
