"""Addresses officials type for menus, links and banners: a page of the portal, or an outside one under https."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

OWN_PATH = re.compile(r"/(?!/)[^\\\s\x00-\x1f\x7f]*")
LONGEST = 500
_is_url = URLValidator(schemes=["https"])


@lru_cache(maxsize=512)
def leads_somewhere(path: str) -> bool:
    """Whether the portal has a page at `path`; what stands after ? or # is the page's own matter."""
    try:
        resolve(re.split(r"[?#]", path, maxsplit=1)[0])
    except Resolver404:
        return False
    return True


def is_own(address: str) -> bool:
    return address.startswith("/")


def validate_own_path(value: str) -> None:
    if not OWN_PATH.fullmatch(value) or len(value) > LONGEST:
        raise ValidationError(
            _("Địa chỉ trong cổng bắt đầu bằng một dấu / và không có dấu cách, ví dụ: /tin-bai/"),
            code="own_path",
        )
    if not leads_somewhere(value):
        raise ValidationError(
            _("Cổng không có trang nào ở địa chỉ %(path)s. Hãy mở trang đó rồi chép lại địa chỉ."),
            code="nowhere",
            params={"path": value},
        )


def validate_outside(value: str) -> None:
    try:
        _is_url(value)
        has_account = "@" in urlsplit(value).netloc
    except (ValidationError, ValueError):
        has_account = True
    if has_account or "\\" in value or len(value) > LONGEST:
        raise ValidationError(
            _("Địa chỉ ngoài cổng viết đầy đủ và bắt đầu bằng https://, ví dụ: https://dichvucong.gov.vn"),
            code="outside",
        )


def validate_address(value: str) -> None:
    """A page of the portal or an outside address."""
    if is_own(value):
        validate_own_path(value)
    else:
        validate_outside(value)


def parse_links(text: str, *, most: int) -> list[tuple[str, str]]:
    """Lines of "tên | địa chỉ" as (name, address); a line that is wrong is named by its number."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, bar, address = (part.strip() for part in line.rpartition("|"))
        if not bar or not name or not address:
            raise ValidationError(
                _("Dòng %(number)d: viết tên, một gạch đứng rồi địa chỉ, ví dụ: Tin bài | /tin-bai/"),
                code="line",
                params={"number": number},
            )
        if len(name) > 120:
            raise ValidationError(
                _("Dòng %(number)d: tên dài quá 120 ký tự."), code="long", params={"number": number}
            )
        try:
            validate_address(address)
        except ValidationError as error:
            words = _("Dòng %(number)d: %(why)s") % {"number": number, "why": error.messages[0]}
            raise ValidationError(words, code="address") from error
        found.append((name, address))
    if len(found) > most:
        raise ValidationError(_("Nhiều nhất %d đường dẫn trong một khối.") % most, code="many")
    return found
