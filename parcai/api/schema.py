"""The OpenAPI description of the API, drawn from the views and from the kinds behind them."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from agencies.machines import ProblemSerializer
from parcai.api import paging
from parcai.api.serializers import component_of
from parcai.records import KINDS
from parcai.records.filters import DayField, MomentField, NumberField, YesNoField

HEADERS = {
    "ETag": "Dấu của nội dung; gửi lại ở If-None-Match để chỉ nhận khi đã đổi.",
    "RateLimit-Limit": "Số câu hỏi một địa chỉ mạng được hỏi trong mỗi khoảng.",
    "RateLimit-Remaining": "Số câu hỏi còn lại trong khoảng này.",
    "RateLimit-Reset": "Số giây đến khoảng kế.",
}
WHY = {
    400: "Có tham số chưa đúng.",
    404: "Không có mục này, hoặc mục chưa được công khai.",
    410: "Mục từng công khai, nay không còn; detail nói vì sao.",
    429: "Hỏi quá nhiều; thử lại sau số giây ở Retry-After.",
}
FIELDS = ("fields", "Chỉ trả về những cột này, cách nhau bằng dấu phẩy, ví dụ title,url.")
LANGUAGE = ("language", "Ngôn ngữ của lời báo lỗi: vi hoặc en. Nội dung luôn là tiếng Việt.")


def _parameter(name: str, words, type_: Any = str, **options) -> OpenApiParameter:
    return OpenApiParameter(name, type_, OpenApiParameter.QUERY, description=str(words), **options)


def language() -> OpenApiParameter:
    return _parameter(*LANGUAGE, enum=["vi", "en"])


def parameters_of(kind, *, is_list: bool) -> list[OpenApiParameter]:
    """What may be asked of a kind's list, or of one record."""
    fields = _parameter(
        FIELDS[0],
        FIELDS[1],
        {
            "type": "array",
            "items": {"type": "string", "enum": [column.name for column in kind.columns]},
            "minItems": 1,
            "uniqueItems": True,
        },
        explode=False,
    )
    if not is_list:
        return [fields, language()]
    return [
        *(_filter(name, each) for name, each in kind.filters.base_filters.items()),
        _parameter("cursor", "Nơi trang bắt đầu, lấy từ next hoặc previous của câu trả lời trước."),
        _parameter(
            "page_size",
            f"Số mục một trang, mặc định {paging.USUAL}.",
            {"type": "integer", "minimum": 1, "maximum": paging.MOST, "default": paging.USUAL},
        ),
        fields,
        language(),
    ]


def id_parameter(kind) -> OpenApiParameter:
    return OpenApiParameter("id", str, OpenApiParameter.PATH, description=str(kind.column("id").says))


def _filter(name: str, found) -> OpenApiParameter:
    says = str(found.says)
    if choices := found.extra.get("choices"):
        says += " " + "; ".join(f"{value}: {label}" for value, label in choices) + "."
        return _parameter(name, says, enum=[str(value) for value, _label in choices])
    field = found.field_class
    if issubclass(field, MomentField):
        return _parameter(name, f"{says} Ví dụ {found.example} hoặc {found.example}T08:00:00+07:00.")
    if issubclass(field, DayField):
        return _parameter(name, f"{says} Ví dụ {found.example}.", {"type": "string", "format": "date"})
    if issubclass(field, YesNoField):
        return _parameter(name, says, {"type": "boolean"})
    if issubclass(field, NumberField):
        return _parameter(name, says, {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"})
    return _parameter(name, f"{says} Ví dụ {found.example}.")


class ApiSchema(AutoSchema):
    """Describes a view by what it says of itself (`described`)."""

    view: Any

    def get_operation_id(self):
        return self.view.described["id"]

    def get_tags(self):
        return self.view.described["tags"]

    def get_summary(self):
        return self.view.described["summary"]

    def get_description(self):  # type: ignore[override]
        return self.view.described["description"]

    def get_override_parameters(self):
        return self.view.described["parameters"]

    def get_auth(self):
        return []

    def get_filter_backends(self):
        return []

    def get_request_serializer(self):
        return None

    def get_response_serializers(self):
        found = {200: OpenApiResponse(self.view.described["answer"], description="Câu trả lời.")}
        return found | {
            status: OpenApiResponse(ProblemSerializer, description=WHY[status])
            for status in self.view.described["refusals"]
        }

    def _get_response_for_code(self, serializer, status_code, media_types=None, direction="response"):
        found = super()._get_response_for_code(serializer, status_code, media_types, direction)
        names = [name for name in HEADERS if status_code == "200" or name != "ETag"]
        found["headers"] = {
            name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in names
        }
        if status_code == "429":
            found["headers"]["Retry-After"] = {
                "description": "Số giây nên chờ.",
                "schema": {"type": "string"},
            }
        return found


@cache
def description() -> dict:
    """The whole description as OpenAPI has it, made once: it follows from the code alone."""
    found = SchemaGenerator().get_schema(request=None, public=True)
    for kind in KINDS:
        shape = found["components"]["schemas"][component_of(kind)]
        shape.pop("required", None)  # `fields` may leave out any of them
        for column in kind.columns:
            if column.deprecated_on:
                shape["properties"][column.name]["deprecated"] = True
    return found
