"""Serialisers drawn from the columns of a kind, so that answers and their description cannot differ."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from parcai.records import KINDS, Column, Kind, Type
from parcai.records.kinds import absolute


class ReferenceSerializer(serializers.Serializer):
    """Another record: what it is, its id there, how people know it, and where to read it."""

    kind = serializers.ChoiceField([kind.name for kind in KINDS], help_text="Tên loại của mục được nhắc tới.")
    id = serializers.CharField(help_text="Mã của mục trong loại đó.")
    title = serializers.CharField(help_text="Tên của mục.")
    url = serializers.URLField(help_text="Trang dành cho người đọc.")
    api_url = serializers.SerializerMethodField(help_text="Địa chỉ của mục trong API này.")

    def get_api_url(self, reference) -> str:
        return absolute(reverse(f"api:{reference.kind}-record", args=[reference.id]))


PLAIN: dict[Type | None, type[serializers.Field]] = {
    Type.TEXT: serializers.CharField,
    Type.HTML: serializers.CharField,
    Type.INTEGER: serializers.IntegerField,
    Type.NUMBER: serializers.FloatField,
    Type.BOOLEAN: serializers.BooleanField,
    Type.DATE: serializers.DateField,
    Type.MOMENT: serializers.DateTimeField,
    Type.ADDRESS: serializers.URLField,
}


def says(column: Column) -> str:
    """The words of a column, with what comes in its place when it is on its way out."""
    words = str(column.says)
    if column.choices:
        words += " " + "; ".join(f"{value}: {label}" for value, label in column.choices.choices) + "."
    if column.type is Type.HTML:
        words += " HTML."
    if column.deprecated_on:
        words += f" Đừng dùng nữa (từ {column.deprecated_on.isoformat()})."
        words += f" Thay bằng {column.instead}." if column.instead else ""
    return words


def field_of(column: Column, owner: str) -> serializers.Field:
    """One column of `owner` as a field that is read from a record's values."""
    options: dict[str, Any] = {"help_text": says(column), "allow_null": column.may_be_null, "read_only": True}
    if column.type is Type.REFERENCE:
        return ReferenceSerializer(**options)
    if column.type is Type.LIST:
        if isinstance(column.of, tuple):
            return _of_columns(f"{owner}-{column.name}", column.of)(many=True, **options)
        if column.of is Type.REFERENCE:
            return ReferenceSerializer(many=True, **options)
        return serializers.ListField(child=PLAIN[column.of](), **options)
    if column.choices:
        return serializers.ChoiceField(column.choices.choices, **options)
    return PLAIN[column.type](**options)


def _title(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace("_", "-").split("-"))


def _of_columns(name: str, columns: tuple[Column, ...]) -> type[serializers.Serializer]:
    fields = {column.name: field_of(column, name) for column in columns}
    return type(f"{_title(name)}Serializer", (serializers.Serializer,), fields)


@cache
def serializer_of(kind: Kind) -> type[serializers.Serializer]:
    """The serialiser of a kind's records, made once."""
    return _of_columns(kind.name, kind.columns)


def component_of(kind: Kind) -> str:
    """What the description calls a record of the kind."""
    return _title(kind.name)


@cache
def page_serializer_of(kind: Kind) -> type[serializers.Serializer]:
    """The serialiser of one page of a kind's list."""
    fields = {
        "next": serializers.URLField(allow_null=True, help_text="Trang kế; null ở trang cuối."),
        "previous": serializers.URLField(allow_null=True, help_text="Trang trước; null ở trang đầu."),
        "results": serializer_of(kind)(many=True, help_text="Các mục của trang này."),
    }
    return type(f"{component_of(kind)}PageSerializer", (serializers.Serializer,), fields)


def values(kind: Kind, rows: Iterable, names: frozenset[str] | None = None) -> list[dict]:
    """Records as JSON has them; of `names` only, where given."""
    serializer = serializer_of(kind)()  # one for all rows: its fields are copied when it is made
    for name in list(serializer.fields) if names else ():
        if name not in names:  # type: ignore[operator]
            serializer.fields.pop(name)
    return [serializer.to_representation(kind.record(row, names)) for row in rows]


class KindSerializer(serializers.Serializer):
    """A kind of record the API has."""

    name = serializers.CharField(help_text="Tên loại, không đổi.")
    title = serializers.CharField(help_text="Tên loại bằng tiếng Việt.")
    description = serializers.CharField(help_text="Loại này gồm những gì.")
    url = serializers.URLField(help_text="Danh sách các mục của loại này.")


class StartSerializer(serializers.Serializer):
    """What the API has and where it is described."""

    title = serializers.CharField(help_text="Tên cổng.")
    version = serializers.CharField(help_text="Phiên bản của API.")
    documentation = serializers.URLField(help_text="Trang hướng dẫn cho người.")
    openapi = serializers.URLField(help_text="Mô tả OpenAPI cho chương trình.")
    kinds = KindSerializer(many=True, help_text="Các loại mục.")
    statistics = serializers.URLField(help_text="Các con số về việc trả lời.")


class StatisticsSerializer(serializers.Serializer):
    """How well questions and feedback are answered, as the home page shows it."""

    answered = serializers.IntegerField(help_text="Số hồ sơ đã trả lời.")
    on_time_percent = serializers.IntegerField(
        allow_null=True,
        help_text="Phần trăm trả lời đúng hạn trong những lần trả lời gần nhất; trống khi còn quá ít.",
    )
    median_days = serializers.IntegerField(
        allow_null=True,
        help_text="Một nửa số hồ sơ được trả lời trong chừng này ngày làm việc hoặc ít hơn; trống khi còn quá ít.",
    )
