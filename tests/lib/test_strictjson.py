import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcai.lib import strictjson


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}{}",
        b"\xef\xbb\xbf{}",
        b'{"a": "\xff"}',
        "{}".encode("utf-16"),
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1, "a": 2}',
        b'{"x": {"a": 1, "\\u0061": 2}}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": ["\\ud83d"]}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"a": [[[[[[]]]]]]}',
        b"{'a': 1}",
        b'{"a": "\n"}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_odd_is_refused_in_words(body):
    with pytest.raises(strictjson.UnreadableError, match="JSON"):
        strictjson.loads(body)


def test_what_is_ours_is_read_as_it_stands():
    content = {"tên": "Nguyễn Văn 😀", "danh": [1, 1.5, True, None, {"a": {"b": "c"}}]}

    assert strictjson.loads(json.dumps(content).encode()) == content
    assert strictjson.loads(json.dumps(content, ensure_ascii=False).encode()) == content


@given(st.binary(max_size=300))
def test_bytes_are_read_or_refused(body):
    with contextlib.suppress(strictjson.UnreadableError):
        assert isinstance(strictjson.loads(body), dict)
