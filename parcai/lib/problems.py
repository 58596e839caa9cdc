"""How the API says that something is wrong: one form, whichever room of the house says it."""

from django.http import JsonResponse

# What pages elsewhere may read of an answer. No cookie is ever read or set, so everybody may ask.
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Content-Language, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
        "Deprecation, Sunset, Link"
    ),
}


def is_for_machines(request) -> bool:
    """Whether the answer is read by a program, which no page can help."""
    return request.path.startswith("/api/") and not request.path.startswith("/api/v1/docs/")


def problem(detail, code: str, *, fields=None) -> dict:
    """What went wrong in words, in a word for programs, and by the name of the parameter or field."""
    return {"detail": str(detail), "code": code, "fields": fields or {}}


def problem_response(detail, code: str, *, status: int) -> JsonResponse:
    """The answer where no view of the API has the word."""
    headers = {**OPEN_TO_ALL, "Cache-Control": "no-store"}
    return JsonResponse(
        problem(detail, code), status=status, headers=headers, json_dumps_params={"ensure_ascii": False}
    )
