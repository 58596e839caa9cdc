"""JSON from other systems, read strictly: what is odd is refused in words instead of being guessed at."""

import json
import math

from django.utils.translation import gettext as _

DEEPEST = 5


class UnreadableError(ValueError):
    """The text is no JSON of ours; the message says what is wrong."""


def _once_each(pairs):
    found: dict = {}
    for name, value in pairs:
        if name in found:
            raise UnreadableError(_("JSON có tên trường lặp lại."))
        found[name] = value
    return found


def _no_number(name):
    raise UnreadableError(_("JSON không nhận NaN hay Infinity."))


def _finite(text):
    number = float(text)
    if not math.isfinite(number):
        raise UnreadableError(_("JSON có số quá lớn."))
    return number


def loads(body: bytes) -> dict:
    """The object in the body: UTF-8, each name once, no NUL or broken characters, at most `DEEPEST` levels."""
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except UnreadableError:
        raise
    except UnicodeDecodeError:
        raise UnreadableError(_("Nội dung phải là JSON mã hóa UTF-8.")) from None
    except (ValueError, RecursionError):  # also a number of thousands of digits
        raise UnreadableError(_("Nội dung không phải là JSON đọc được.")) from None
    if not isinstance(found, dict):
        raise UnreadableError(_("Nội dung phải là một đối tượng JSON."))
    _look_through(found, 1)
    return found


def _look_through(value, level: int) -> None:
    if level > DEEPEST:
        raise UnreadableError(_("JSON lồng quá nhiều tầng."))
    if isinstance(value, str) and any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise UnreadableError(_("JSON có ký tự không hợp lệ (NUL hoặc nửa ký tự)."))
    if isinstance(value, dict):
        for name, each in value.items():
            _look_through(name, level)
            _look_through(each, level + 1)
    if isinstance(value, list):
        for each in value:
            _look_through(each, level + 1)
