"""The addresses under /api/v1/: lists, single records, figures, the description and the page that explains it all."""

import hashlib
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.machines import AlwaysJSON
from agencies.services import client_address
from parcai import home
from parcai.api import limits, paging, schema, serializers
from parcai.api.problems import Gone, Refused, TooMany, handle
from parcai.lib.problems import OPEN_TO_ALL
from parcai.records import KINDS, Column, Kind, Type
from parcai.records.kinds import absolute

KEPT_FOR = "public, max-age=60"
LANGUAGES = ("vi", "en")


class OpenView(APIView):
    """What all addresses share: nobody is known here, so no cookie is read or set, and every answer may be kept."""

    authentication_classes = []
    permission_classes = []
    parser_classes = []
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON
    http_method_names = ["get", "head", "options"]
    schema: Any = schema.ApiSchema()
    parameters: frozenset[str] = frozenset()  # beside `language`

    def get_exception_handler(self):
        return handle

    def dispatch(self, request, *args, **kwargs):
        self.allowance = limits.take(client_address(request))
        language = _language(request)
        with translation.override(language):
            response: Any = super().dispatch(request, *args, **kwargs)
            response.render()
        return self._with_headers(request, response, language)

    def initial(self, request, *args, **kwargs):
        if self.allowance.is_over:
            raise TooMany
        if request.method in {"GET", "HEAD"}:
            self._check_parameters(request.GET)

    def _check_parameters(self, query) -> None:
        known = self.parameters | {"language"}
        wrong = {name: [_("Không có tham số này.")] for name in query if name not in known}
        wrong |= {
            name: [_("Mỗi tham số chỉ ghi một lần.")]
            for name, values in query.lists()
            if name in known and len(values) > 1
        }
        if query.get("language", "vi") not in LANGUAGES:
            wrong["language"] = [_("Chọn vi hoặc en.")]
        if wrong:
            raise Refused(wrong)

    def options(self, request, *args, **kwargs):
        """What a browser asks before it lets a page elsewhere read."""
        headers = {
            "Allow": ", ".join(self.allowed_methods),
            "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
            "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status=204, headers=headers)

    def _with_headers(self, request, response, language):
        headers = {**OPEN_TO_ALL, **self.allowance.headers}
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            response["ETag"] = etag
            response["Cache-Control"] = KEPT_FOR
            headers |= self.deprecations()
            response = get_conditional_response(request, etag=etag, response=response)
        else:
            response["Cache-Control"] = "no-store"
            response["Content-Language"] = language
            patch_vary_headers(response, ["Accept-Language"])
        for name, value in headers.items():
            response[name] = value
        return response

    def deprecations(self) -> dict[str, str]:
        """Headers that tell when something in the answer is on its way out."""
        return {}


def _language(request) -> str:
    """The language of refusals: the one asked for by name, else the first the program reads of those there are."""
    if (named := request.GET.get("language")) in LANGUAGES:
        return named
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200])
    for code, _weight in accepted:
        if (short := code.split("-")[0]) in LANGUAGES:
            return short
    return LANGUAGES[0]


def _described(id_: str, tags, summary, description, answer, parameters, refusals) -> dict[str, Any]:
    return {
        "id": id_,
        "tags": tags,
        "summary": str(summary),
        "description": str(description),
        "answer": answer,
        "parameters": parameters,
        "refusals": refusals,
    }


class Start(OpenView):
    @property
    def described(self):
        return _described(
            "start",
            ["API"],
            "API có gì",
            "Các loại mục và địa chỉ của chúng.",
            serializers.StartSerializer,
            [schema.language()],
            (400, 429),
        )

    def get(self, request):
        found = {
            "title": settings.PORTAL_NAME,
            "version": "1",
            "documentation": absolute(reverse("api:docs")),
            "openapi": absolute(reverse("api:openapi")),
            "kinds": [
                {
                    "name": kind.name,
                    "title": kind.many,
                    "description": kind.says,
                    "url": absolute(reverse(f"api:{kind.name}-list")),
                }
                for kind in KINDS
            ],
            "statistics": absolute(reverse("api:statistics")),
        }
        return Response(serializers.StartSerializer(found).data)


class Statistics(OpenView):
    @property
    def described(self):
        return _described(
            "statistics",
            ["API"],
            "Các con số về việc trả lời",
            "Như hiện trên trang chủ; con số tính từ quá ít hồ sơ thì để trống.",
            serializers.StatisticsSerializer,
            [schema.language()],
            (400, 429),
        )

    def get(self, request):
        return Response(serializers.StatisticsSerializer(home.answering_counts()).data)


class OfKind(OpenView):
    """An address of one kind of record."""

    kind: Kind = KINDS[0]
    is_list = False

    def chosen_columns(self) -> frozenset[str] | None:
        """The columns asked for; None for all. Raises Refused for a name that is none."""
        if "fields" not in self.request.GET:
            return None
        names = [name.strip() for name in self.request.GET["fields"].split(",")]
        known = {column.name for column in self.kind.columns}
        if wrong := [name for name in names if name not in known]:
            words = _("Không có cột này: %s.") % ", ".join(name[:40] for name in wrong[:5])
            raise Refused({"fields": [words]})
        return frozenset(names)

    def deprecations(self):
        names = self.chosen_columns()
        going = [
            column
            for column in self.kind.columns
            if column.deprecated_on and (names is None or column.name in names)
        ]
        if not going:
            return {}
        since = min(column.deprecated_on for column in going if column.deprecated_on)
        found = {
            "Deprecation": f"@{_midnight(since)}",
            "Link": f'<{absolute(reverse("api:docs"))}#{self.kind.name}>; rel="deprecation"; type="text/html"',
        }
        if ends := [column.ends_on for column in going if column.ends_on]:
            found["Sunset"] = http_date(_midnight(min(ends)))
        return found


def _midnight(day) -> int:
    return int(timezone.make_aware(datetime.combine(day, time.min)).timestamp())


class RecordList(OfKind):
    is_list = True

    @property
    def parameters(self):  # type: ignore[override]
        return frozenset({*self.kind.filters.base_filters, "cursor", "page_size", "fields"})

    @property
    def described(self):
        return _described(
            f"{self.kind.name}-list",
            [str(self.kind.many)],
            f"Danh sách: {self.kind.many}",
            self.kind.says,
            serializers.page_serializer_of(self.kind),
            schema.parameters_of(self.kind, is_list=True),
            (400, 429),
        )

    def get(self, request):
        names, rows, cursor, size = self._asked(request.GET)
        found, next_, previous = paging.page(self.kind, rows, cursor, size)
        return Response(
            {
                "next": self._address(request, next_),
                "previous": self._address(request, previous),
                "results": serializers.values(self.kind, found, names),
            }
        )

    def _asked(self, query):
        """What the parameters mean; all that is wrong with them is said at once."""
        wrong: dict[str, list[str]] = {}
        names = rows = cursor = None
        size = paging.USUAL
        try:
            names = self.chosen_columns()
        except Refused as refused:
            wrong |= refused.fields
        try:
            rows = self.kind.chosen(query)
        except ValidationError as refused:
            wrong |= refused.message_dict
        try:
            cursor = paging.read_cursor(self.kind, query["cursor"]) if "cursor" in query else None
        except Refused as refused:
            wrong |= refused.fields
        if "page_size" in query:
            text = query["page_size"]
            size = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
            if not 1 <= size <= paging.MOST:
                wrong["page_size"] = [_("Viết một số từ 1 đến %d.") % paging.MOST]
        if wrong:
            raise Refused(wrong)
        return names, rows, cursor, size

    def _address(self, request, cursor) -> str | None:
        """The same question with another place in the list, under the portal's own name."""
        if cursor is None:
            return None
        query = {name: request.GET[name] for name in sorted(request.GET) if name != "cursor"}
        path = reverse(f"api:{self.kind.name}-list")
        return f"{absolute(path)}?{urlencode({**query, 'cursor': cursor.text(self.kind)})}"


class Record(OfKind):
    parameters = frozenset({"fields"})

    @property
    def described(self):
        return _described(
            f"{self.kind.name}-record",
            [str(self.kind.many)],
            f"Một mục: {self.kind.one}",
            self.kind.says,
            serializers.serializer_of(self.kind),
            [schema.id_parameter(self.kind), *schema.parameters_of(self.kind, is_list=False)],
            (400, 404, 410, 429),
        )

    def get(self, request, id):
        names = self.chosen_columns()
        row = self.kind.find(id)
        if row is None:
            if words := self.kind.gone(id):
                raise Gone(str(words))
            raise Http404
        return Response(serializers.values(self.kind, [row], names)[0])


class Description(OpenView):
    """/api/v1/openapi.json"""

    schema = None

    def get(self, request):
        return Response(schema.description())


class Nothing(OpenView):
    """Every other address below."""

    schema = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise Http404

    def _check_parameters(self, query) -> None:
        """Nothing is asked of what is not there."""

    def get(self, request, *args, **kwargs):
        raise Http404


TYPES = {
    Type.TEXT: gettext_lazy("chữ"),
    Type.HTML: gettext_lazy("HTML đã làm sạch"),
    Type.INTEGER: gettext_lazy("số nguyên"),
    Type.NUMBER: gettext_lazy("số"),
    Type.BOOLEAN: gettext_lazy("true hoặc false"),
    Type.DATE: gettext_lazy("ngày"),
    Type.MOMENT: gettext_lazy("thời điểm"),
    Type.ADDRESS: gettext_lazy("địa chỉ"),
    Type.LIST: gettext_lazy("danh sách"),
}


@require_safe
def docs(request):
    """How to use the API, for people: every kind with its parameters and columns, from the declarations."""
    context = {
        "kinds": [_explained(kind) for kind in KINDS],
        "start": absolute(reverse("api:start")),
        "openapi": absolute(reverse("api:openapi")),
        "statistics": absolute(reverse("api:statistics")),
        "limit": limits.LIMIT,
        "seconds": limits.SECONDS,
        "usual": paging.USUAL,
        "most": paging.MOST,
    }
    return render(request, "api/docs.html", context)


def _explained(kind: Kind) -> dict:
    shown = [column.name for column in kind.columns if column.name in {"title", "name", "url", "id"}]
    query = {"fields": ",".join(shown), "page_size": 5}
    return {
        "kind": kind,
        "example": f"{absolute(reverse(f'api:{kind.name}-list'))}?{urlencode(query, safe=',')}",
        "filters": [
            {
                "name": name,
                "says": each.says,
                "choices": each.extra.get("choices", ()),
                "example": each.example,
            }
            for name, each in kind.filters.base_filters.items()
        ],
        "columns": [_column(column) for column in kind.columns],
    }


def _column(column: Column) -> dict:
    parts = column.of if isinstance(column.of, tuple) else ()
    type_ = _("mục của %s") % column.to if column.to else str(TYPES[column.type])
    if column.type is Type.LIST and isinstance(column.of, Type):
        type_ = _("danh sách %s") % (type_ if column.to else TYPES[column.of])
    return {
        "name": column.name,
        "type": _("%s, hoặc null") % type_ if column.may_be_null else type_,
        "says": serializers.says(column),
        "parts": [_column(part) for part in parts],
    }
