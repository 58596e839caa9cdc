"""Headers an answer needs when it differs from the rule of settings.CONTENT_SECURITY_POLICY."""

from collections.abc import Iterable

from csp.constants import SELF


def _replace(response, directives: dict):
    # What django-csp's decorators set; used directly where only the answer itself knows what it shows.
    response._csp_replace = {**getattr(response, "_csp_replace", {}), **directives}
    return response


def in_own_frame(response):
    """Lets a page of our own show this answer in a frame."""
    response["X-Frame-Options"] = "SAMEORIGIN"
    return _replace(response, {"frame-ancestors": [SELF]})


def with_frames(response, sources: Iterable[str]):
    """Lets this answer show frames from these origins."""
    return _replace(response, {"frame-src": list(sources)})
