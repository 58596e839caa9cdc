"""Pages of a list by keyset: where a page begins is said by the row before it, so that nothing is skipped or repeated
while rows come and go, and the thousandth page costs what the first does."""

from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from parcai.api.problems import Refused
from parcai.records import Kind
from parcai.records.kinds import behind

MOST, USUAL = 100, 20


@dataclass(frozen=True)
class Cursor:
    """A place in the list of a kind: behind the row with these values, or in front of it."""

    is_back: bool
    at: tuple

    def text(self, kind: Kind) -> str:
        values = [each.isoformat() if isinstance(each, date) else each for each in self.at]
        return _signer(kind).sign_object([self.is_back, values])


def _signer(kind: Kind) -> signing.Signer:
    """Without a time: the same page has the same addresses, and so the same mark, whenever it is asked for."""
    return signing.Signer(salt=f"api:{kind.name}:{','.join(kind.order)}")


def read_cursor(kind: Kind, text: str) -> Cursor:
    """A cursor as one of our own answers gave it. Raises Refused for any other."""
    try:
        is_back, values = _signer(kind).unsign_object(text)
        fields = [_field(kind, name) for name in kind.order]
        return Cursor(
            is_back, tuple(field.to_python(value) for field, value in zip(fields, values, strict=True))
        )
    except (signing.BadSignature, ValidationError, ValueError, UnicodeError):
        words = _("Con trỏ này không đúng. Lấy địa chỉ trang kế ở next của câu trả lời trước.")
        raise Refused({"cursor": [words]}) from None


def _field(kind: Kind, name: str):
    plain = name.lstrip("-")
    return kind.model._meta.pk if plain == "pk" else kind.model._meta.get_field(plain)


def _entered(rows: QuerySet, condition: Q) -> QuerySet:
    """Rows that meet the condition, which stands first in the question: of two bounds of one moment ("not later than
    now" is the other) SQLite walks its index from the one it reads first."""
    known = len(rows.query.where.children)
    rows = rows.filter(condition)
    conditions = rows.query.where.children
    conditions[:] = [*conditions[known:], *conditions[:known]]
    return rows


def _reversed(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def page(
    kind: Kind, rows: QuerySet, cursor: Cursor | None, size: int
) -> tuple[list, Cursor | None, Cursor | None]:
    """The rows of one page, and the cursors of the next and of the one before where there are such."""
    is_back = bool(cursor and cursor.is_back)
    order = _reversed(kind.order) if is_back else kind.order
    rows = rows.order_by(*order)
    if cursor:
        rows = _entered(rows, behind(order, cursor.at))
    found = list(rows[: size + 1])
    is_more, found = len(found) > size, found[:size]
    if is_back:
        found.reverse()
    has_next, has_previous = (bool(found), is_more) if is_back else (is_more, bool(cursor and found))
    return (
        found,
        Cursor(False, _values(kind, found[-1])) if has_next else None,
        Cursor(True, _values(kind, found[0])) if has_previous else None,
    )


def _values(kind: Kind, row) -> tuple:
    return tuple(getattr(row, name.lstrip("-")) for name in kind.order)
