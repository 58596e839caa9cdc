from django.db import InterfaceError, OperationalError
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render


class CleanRequestMiddleware:
    """A NUL in an address is nobody's typing: refused before PostgreSQL stumbles over it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            return render(request, "400.html", status=400)
        return self.get_response(request)


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
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
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
