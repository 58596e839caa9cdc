"""Calls as another system makes them, through Django's test client."""

import itertools
import json
import time

from agencies import keys

INTAKE = "/api/v1/intake/cases/"
_numbers = itertools.count(1)


def new_case(**fields) -> dict:
    """What a call centre sends for somebody who asked by telephone."""
    asked = {
        "kind": "question",
        "title": "Làm lại giấy khai sinh bị mất cần giấy tờ gì?",
        "text": "Tôi bị mất giấy khai sinh, xin hỏi cần những giấy tờ gì để làm lại.",
        "asker": {"name": "Trần Văn Gọi", "address": "Phường Tuy Hòa"},
        "consents": {"answer": True, "publish": False},
    }
    return {**asked, **fields}


def headers(key, method: str, path: str, body: bytes = b"", *, secret=None, moment=None) -> dict[str, str]:
    moment = (
        str(int(time.time()) - next(_numbers) % 200) if moment is None else moment
    )  # none is signed twice
    secret = key.secret if secret is None else secret
    return {
        "X-Key": key.key_id,
        "X-Timestamp": moment,
        "X-Signature": keys.signature(secret, moment, method, path, body),
    }


def get(client, key, path: str, **signed):
    return client.get(path, headers=headers(key, "GET", path, **signed))


def post(client, key, path: str, content, *, call: str | None = None, more=None, **signed):
    """`content` is JSON-encoded unless it is bytes; `call` is the Idempotency-Key, a new one when left out."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    sent = headers(key, "POST", path, body, **signed)
    sent["Idempotency-Key"] = call or f"lan-goi-{next(_numbers)}"
    return client.post(path, body, content_type="application/json", headers={**sent, **(more or {})})
