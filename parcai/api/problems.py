"""What the API answers when it cannot give what was asked for."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from parcai.lib.problems import problem

WORDS = {
    "not_found": _("Không có mục nào ở địa chỉ này."),
    "method_not_allowed": _("API này chỉ để đọc: dùng GET, HEAD hoặc OPTIONS."),
    "throttled": _("Bạn hỏi quá nhiều trong một lúc. Xin thử lại sau số giây ghi ở Retry-After."),
    "invalid": _("Có tham số chưa đúng; xem từng tham số ở fields."),
}


class Gone(exceptions.APIException):
    """Something that was public and is no longer; the detail says why."""

    status_code = 410
    default_code = "gone"


class TooMany(exceptions.APIException):
    """More was asked from one address than is answered in a while."""

    status_code = 429
    default_code = "throttled"


class Refused(exceptions.ValidationError):
    """Parameters that are none, each with its words."""

    def __init__(self, fields: dict[str, list[str]]):
        self.fields = {name: [str(each) for each in words] for name, words in fields.items()}
        super().__init__(self.fields)


def handle(error: Exception, context) -> Response | None:
    """Every refusal in the one form of `parcai.lib.problems`; what is no refusal goes on as an error of ours."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    code = error.default_code
    headers = {"Allow": ", ".join(context["view"].allowed_methods)} if error.status_code == 405 else {}
    fields = error.fields if isinstance(error, Refused) else {}
    words = error.detail if isinstance(error, Gone) else WORDS.get(code, error.detail)
    return Response(problem(words, code, fields=fields), status=error.status_code, headers=headers)
