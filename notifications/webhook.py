"""Short messages through the province's own gateway (SMS, Zalo): one signed POST a message.

The gateway is one address in the settings; nothing a person types decides where a request goes. The signature covers
the moment and the body, so that a copy sent later or changed on its way is told apart:

    X-Signature: v1=<hex of HMAC-SHA256(secret, "<X-Timestamp>.<body>")>

`Idempotency-Key` is the message's id: a gateway that got it twice sends once.
"""

import hashlib
import hmac
import http.client
import json
import time
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 10  # seconds
TRY_AGAIN = {401, 403, 404, 408, 425, 429}  # a wrong key or address is ours to mend, not the message's fault


class RefusedError(Exception):
    """The gateway said that it will never take this message."""


class GatewayError(Exception):
    """The gateway is away or asks to be tried later."""


def is_set() -> bool:
    return bool(settings.MESSAGE_WEBHOOK_URL)


def signature(secret: str, moment: str, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def post(key: str, phone: str, text: str) -> None:
    """Hand one short message to the gateway. Raises RefusedError or GatewayError."""
    address = urlsplit(settings.MESSAGE_WEBHOOK_URL)
    body = json.dumps({"id": key, "to": phone, "text": text}, ensure_ascii=False).encode()
    moment = str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        "X-Timestamp": moment,
        "X-Signature": signature(settings.MESSAGE_WEBHOOK_SECRET, moment, body),
    }
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    secure = address.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(address.hostname or "", address.port, timeout=TIMEOUT)
    try:
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise GatewayError(type(error).__name__) from error
    finally:
        connection.close()
    if 200 <= status < 300:
        return
    if 400 <= status < 500 and status not in TRY_AGAIN:
        raise RefusedError(f"HTTP {status}")
    raise GatewayError(f"HTTP {status}")
