"""The door for other systems: signed calls in JSON, each with one answer, one line of log and a limit.

What a call may do is said by its key (`ApiKey`); what it does are the same steps officials press buttons for.
"""

import logging
import re
import time

from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies import keys, services
from agencies.models import ApiKey
from parcai.lib import strictjson

log = logging.getLogger("parcai.calls")
LARGEST_BODY = 64 * 1024
WINDOW = 60  # seconds
VERBS = {
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
}  # what else stands there is not written down


class Refusal(exceptions.APIException):
    """A call that is not done: status, a code for programs, words for people, and what is wrong with which field."""

    def __init__(
        self, status: int, code: str, detail, fields: dict | None = None, *, wait: int | None = None, **more
    ):
        super().__init__(detail, code)
        self.status_code, self.code, self.words = status, code, str(detail)
        self.fields, self.wait, self.more = fields or {}, wait, more


class ProblemSerializer(serializers.Serializer):
    """What every refusal looks like."""

    detail = serializers.CharField(help_text=gettext_lazy("Lý do, bằng tiếng Việt, cho người đọc."))
    code = serializers.CharField(
        help_text=gettext_lazy("Lý do cho chương trình; không đổi trong phiên bản 1.")
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text=gettext_lazy(
            "Trường nào sai và vì sao; tên trường con viết sau dấu chấm, ví dụ asker.phone."
        ),
    )
    see = serializers.CharField(
        required=False,
        help_text=gettext_lazy("Địa chỉ trang hướng dẫn, chỉ có khi nội dung thuộc nơi khác giải quyết."),
    )


# What DRF itself refuses, in our words.
WORDS = {
    exceptions.NotAuthenticated: ("not_authenticated", gettext_lazy("Lời gọi chưa được ký đúng.")),
    exceptions.AuthenticationFailed: ("not_authenticated", gettext_lazy("Lời gọi chưa được ký đúng.")),
    exceptions.NotFound: ("not_found", gettext_lazy("Không có hồ sơ này trong phạm vi của khóa.")),
    exceptions.MethodNotAllowed: ("method_not_allowed", gettext_lazy("Địa chỉ này không nhận cách gọi đó.")),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", gettext_lazy("Chỉ nhận application/json.")),
}


def _flat(errors, path="") -> dict[str, list[str]]:
    """Nested errors of serializers as one level: asker.phone."""
    if isinstance(errors, dict):
        found: dict[str, list[str]] = {}
        for name, inner in errors.items():
            place = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            for where, words in _flat(inner, place).items():
                found.setdefault(where, []).extend(words)
        return found
    return {path: [str(each) for each in errors]}


def refused(error, context):
    """The answer to anything that went wrong; None for what nobody expected."""
    if isinstance(error, OperationalError | InterfaceError):
        words = _("Cơ sở dữ liệu đang gián đoạn. Hãy gọi lại sau ít phút.")
        error = Refusal(503, "unavailable", words, wait=30)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.ValidationError):
        error = Refusal(400, "invalid", _("Có trường chưa đúng."), _flat(error.detail))
    if not isinstance(error, exceptions.APIException):
        return None
    header = getattr(error, "auth_header", None)
    if not isinstance(error, Refusal):
        code, said = WORDS.get(type(error), ("refused", gettext_lazy("Không nhận lời gọi này.")))
        error = Refusal(error.status_code, code, said)
    body = {"detail": error.words, "code": error.code, "fields": error.fields, **error.more}
    response = Response(body, status=error.status_code)
    if header:
        response["WWW-Authenticate"] = header
    if error.wait:
        response["Retry-After"] = str(error.wait)
    return response


class SignedCall(BaseAuthentication):
    """`X-Key`, `X-Timestamp` and `X-Signature` over verb, address and body. All that is wrong looks the same."""

    def authenticate(self, request):
        given = {name: request.headers.get(name, "") for name in ("X-Key", "X-Timestamp", "X-Signature")}
        if not keys.is_in_time(given["X-Timestamp"]):
            raise exceptions.AuthenticationFailed
        query = request.META.get("QUERY_STRING", "")
        key = keys.opened_by(
            given["X-Key"],
            given["X-Signature"],
            moment=given["X-Timestamp"],
            method=request.method,
            address=request.path + (f"?{query}" if query else ""),
            body=request.body,
            caller=services.exact_address(request),
        )
        if key is None:
            raise exceptions.AuthenticationFailed
        keys.note_use(key)
        return key.account, key

    def authenticate_header(self, request):
        return 'HMAC-SHA256 realm="parcai"'


class SignedCallScheme(OpenApiAuthenticationExtension):
    target_class = SignedCall
    name = ["X-Key", "X-Timestamp", "X-Signature"]
    SAYS = (
        gettext_lazy("Mã khóa do Quản trị hệ thống cấp."),
        gettext_lazy("Số giây từ 1/1/1970 (UTC) lúc ký; lệch không quá 5 phút."),
        gettext_lazy(
            "v1= và HMAC-SHA256 (hex) của <X-Timestamp>.<METHOD>.<đường dẫn?truy vấn>.<sha256 của nội dung, hex>."
        ),
    )

    def get_security_definition(self, auto_schema):
        return [
            {"type": "apiKey", "in": "header", "name": name, "description": str(says)}
            for name, says in zip(self.name, self.SAYS, strict=True)
        ]


class StrictJSON(BaseParser):
    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return strictjson.loads(stream.read())
        except strictjson.UnreadableError as error:
            raise Refusal(400, "unreadable", error) from error


class AlwaysJSON(BaseContentNegotiation):
    def select_parser(self, request, parsers):
        is_ours = (request.content_type or "").split(";")[0].strip().lower() == StrictJSON.media_type
        return parsers[0] if is_ours else None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 8, "maxLength": 128, "pattern": f"^{keys.IDEMPOTENCY_KEY}$"},
    OpenApiParameter.HEADER,
    required=True,
    description=gettext_lazy(
        "Do bên gọi đặt, mỗi việc một mã. Gọi lại với cùng mã và cùng nội dung thì nhận lại câu trả lời đầu tiên."
    ),
)


HEADERS = [
    *(
        OpenApiParameter(name, int, OpenApiParameter.HEADER, response=True, description=says)
        for name, says in (
            ("RateLimit-Limit", gettext_lazy("Số lượt gọi mỗi phút của khóa.")),
            ("RateLimit-Remaining", gettext_lazy("Số lượt còn lại trong phút này.")),
            ("RateLimit-Reset", gettext_lazy("Số giây đến phút sau.")),
        )
    ),
    OpenApiParameter(
        "Retry-After",
        int,
        OpenApiParameter.HEADER,
        response=[429, 503],
        description=gettext_lazy("Số giây nên chờ."),
    ),
]


class SignedView(APIView):
    """A page only other systems open. `scopes` says which right of a key each verb asks for."""

    scopes: dict[str, str] = {}
    authentication_classes = [SignedCall]
    permission_classes = []
    parser_classes = [StrictJSON]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON
    throttle_classes = []
    metadata_class = None
    http_method_names = ["get", "head", "post"]
    key: ApiKey  # once the call is known to be signed
    calls = 0  # of this key in this minute
    limit: dict[str, str] = {}

    def get_exception_handler(self):
        return refused

    def dispatch(self, request, *args, **kwargs):
        started, status = time.monotonic(), 500
        try:
            response = super().dispatch(request, *args, **kwargs)
            status = response.status_code
        finally:
            self._log(request, status, started)
        return response

    def _log(self, request, status, started):
        """One line a call: nothing that was sent and nothing that tells a case, or the line itself would be a secret."""
        key = getattr(self, "key", None)
        template = re.sub(r"<\w+:(\w+)>", r"{\1}", request.resolver_match.route)
        log.info(
            "key=%s %s /%s %d %dms",
            key.key_id if key else "-",
            request.method if request.method in VERBS else "-",
            template,
            status,
            (time.monotonic() - started) * 1000,
        )

    def initial(self, request, *args, **kwargs):
        self._refuse_what_is_no_call(request)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request):
        super().perform_authentication(request)
        self.key = request.auth
        self._count()

    def _refuse_what_is_no_call(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length[:12]) > LARGEST_BODY:
            raise Refusal(413, "too_large", _("Nội dung lớn nhất là 64 KB."))
        if request.method == "POST" and not AlwaysJSON().select_parser(request, self.parser_classes):
            raise exceptions.UnsupportedMediaType(request.content_type)

    def check_permissions(self, request):
        scope = self.scopes.get("GET" if request.method == "HEAD" else request.method)
        if scope is None:
            raise exceptions.MethodNotAllowed(request.method)
        if not getattr(self.key, f"may_{scope}"):
            raise Refusal(403, "scope", _("Khóa này không được cấp quyền làm việc đó."))
        if request.method != "POST":
            return
        if not re.fullmatch(keys.IDEMPOTENCY_KEY, request.headers.get("Idempotency-Key", "")):
            words = _("Cần tiêu đề Idempotency-Key dài 8 đến 128 ký tự, không dấu, không khoảng trắng.")
            raise Refusal(400, "idempotency_key", words)
        try:
            keys.note_signature(self.key, request.headers["X-Signature"], request.headers["Idempotency-Key"])
        except keys.ReusedSignatureError:
            words = _("Chữ ký này đã dùng cho một lời gọi khác. Hãy ký lại.")
            raise Refusal(409, "signature_reused", words) from None

    def _count(self):
        """Counts the call, also one that will be refused; the key's limit stands in the headers of every answer."""
        most = self.key.calls_a_minute
        self.calls, ends_in = services.calls_so_far("api-key", str(self.key.pk), seconds=WINDOW)
        self.limit = {
            "RateLimit-Limit": str(most),
            "RateLimit-Remaining": str(max(most - self.calls, 0)),
            "RateLimit-Reset": str(ends_in),
        }

    def check_throttles(self, request):
        """After the signature has been noted: a copy of a call that came too early must not carry another later."""
        if self.calls > self.key.calls_a_minute:
            words = _("Gọi quá nhiều. Hãy chờ rồi gọi lại.")
            raise Refusal(429, "too_many_calls", words, wait=int(self.limit["RateLimit-Reset"]))

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        for name, value in self.limit.items():
            response[name] = value
        return response

    def once(self, request, make_answer, status=201):
        """Do what the call asks, once for its Idempotency-Key; the same answer again for the same call."""
        asked = f"{request.method} {request.path}\n".encode() + request.body
        try:
            answer, is_repeated = keys.once(self.key, request.headers["Idempotency-Key"], asked, make_answer)
        except keys.ReusedCallError:
            words = _("Idempotency-Key này đã dùng cho một nội dung khác.")
            raise Refusal(422, "idempotency_key_reused", words) from None
        response = Response(answer, status=status)
        if is_repeated:
            response["Idempotency-Replayed"] = "true"
        return response
