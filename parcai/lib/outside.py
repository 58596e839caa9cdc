"""Asking another site whether an address still answers, without being led into our own network.

The name is resolved here, once; every address it has must be a public one; the connection goes to the very address
that was looked at. Each redirect is a new address and is asked the same questions.
"""

import contextlib
import http.client
import re
import socket
import ssl
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

TIMEOUT = 5  # seconds for each step
LONGEST = 15  # seconds for one question, however slowly the answer drips
MOST_REDIRECTS = 4
MOVED = {301, 302, 303, 307, 308}
ASK_AGAIN = {400, 403, 404, 405, 410, 501, 503}  # some sites answer HEAD wrongly
KEPT = "%/:=&?~#+!$,;'@()*[]"
NUMBER_NAME = re.compile(r"(?:0x[0-9a-f]*|\d+)", re.IGNORECASE)
NAT64 = IPv6Network("64:ff9b::/96")


class RefusedError(Exception):
    """The address is none a reader of the portal should be sent to, or none that may be asked; the text says why."""


@dataclass(frozen=True)
class Answer:
    status: int | None  # None: there was no answer
    reason: str = ""  # why not; empty when all is well


def is_public(text: str) -> bool:
    """Whether an IP address lies in the open internet, also when it is wrapped into another one."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    inner: IPv4Address | None = None
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(str(inner))
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_link_local or address.is_private
    )


def taken_apart(address: str) -> tuple[str, str, int, str]:
    """(scheme, host, port, path with query) of an address that may be asked."""
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        name = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise RefusedError("địa chỉ viết sai") from error
    if parts.scheme not in {"http", "https"}:
        raise RefusedError("không phải địa chỉ http hay https")
    if "@" in parts.netloc or "\\" in parts.netloc:
        raise RefusedError("địa chỉ có tên đăng nhập bên trong")
    standard = 443 if parts.scheme == "https" else 80
    if port not in {None, 80, 443}:
        raise RefusedError("cổng kết nối lạ")
    if not name or (
        ":" not in name and NUMBER_NAME.fullmatch(name.rsplit(".", 1)[-1]) and not _is_plain_ip(name)
    ):
        raise RefusedError("địa chỉ viết bằng số theo lối lạ")
    path = quote(parts.path or "/", safe=KEPT) + (f"?{quote(parts.query, safe=KEPT)}" if parts.query else "")
    return parts.scheme, name, port or standard, path


def _is_plain_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def resolved(host: str, port: int) -> str:
    """One public IP address of the host; refused when any of its addresses is not public."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ConnectionError("không tìm thấy máy chủ") from error
    found = [str(row[4][0]) for row in rows]
    if not found or not all(is_public(each) for each in found):
        raise RefusedError("địa chỉ dẫn vào mạng nội bộ")
    return found[0]


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was looked at, whatever the name says by now."""

    def __init__(self, scheme: str, host: str, port: int, ip: str):
        super().__init__(host, port, timeout=TIMEOUT)
        self.scheme, self.ip = scheme, ip
        self.default_port = 443 if scheme == "https" else 80  # named in Host only where it is another

    def connect(self):
        self.sock = socket.create_connection((self.ip, self.port), self.timeout)
        if self.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _ask_once(method: str, address: str, agent: str) -> tuple[int, str]:
    """(status, where it leads): one question, no body read."""
    scheme, host, port, path = taken_apart(address)
    connection = _Pinned(scheme, host, port, resolved(host, port))
    stop = threading.Timer(LONGEST, _cut, [connection])
    stop.daemon = True
    stop.start()
    try:
        connection.request(
            method, path, headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        stop.cancel()
        connection.close()


def _cut(connection: _Pinned) -> None:
    sock = connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def ask(address: str, *, agent: str) -> Answer:
    """What a reader would get at this address, told from its head alone."""
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            status, leads_to = _ask_once("HEAD", address, agent)
            if status in ASK_AGAIN:
                status, leads_to = _ask_once("GET", address, agent)
            if status not in MOVED or not leads_to:
                return Answer(status, _trouble(status))
            address = urljoin(address, leads_to)
    except RefusedError as error:
        return Answer(None, str(error))
    except ssl.SSLError:
        return Answer(None, "chứng thư bảo mật của trang không hợp lệ")
    except TimeoutError:
        return Answer(None, "trang không trả lời kịp")
    except ConnectionError as error:
        return Answer(None, str(error) if type(error) is ConnectionError else "không nối được tới trang")
    except (OSError, ValueError, http.client.HTTPException):
        return Answer(None, "không nối được tới trang")
    return Answer(status, "trang chuyển vòng quanh, không đến đâu")


def _trouble(status: int) -> str:
    """Other refusals (401, 403, 429) may be meant for machines only; a reader may well get the page."""
    if status == 404:
        return "trang ngoài không còn (404)"
    if status == 410:
        return "trang ngoài đã gỡ (410)"
    return f"trang ngoài báo lỗi ({status})" if status >= 500 else ""
