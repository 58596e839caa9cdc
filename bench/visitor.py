"""A visitor over plain HTTP: keeps cookies, reads forms, follows redirects. No browser, no Django."""

import http.client
import re
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

NOTICE = re.compile(r'name="notice" value="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    def __init__(self, base: str):
        self.base, self.cookies = base, {}
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)

    def request(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, text, response.headers

    def get(self, path: str) -> tuple[int, str]:
        status, text, headers = self.request("GET", path)
        while status in {301, 302, 303}:
            path = urlsplit(urljoin(self.base + path, headers["Location"])).path
            status, text, headers = self.request("GET", path)
        self.page = text
        return status, text

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form with the token of the page read last, and follow where it leads."""
        token = TOKEN.search(self.page)
        fields["csrfmiddlewaretoken"] = unescape(token.group(1)) if token else ""
        status, text, headers = self.request("POST", path, urlencode(fields))
        if status in {301, 302, 303}:
            return self.get(urlsplit(urljoin(self.base + path, headers["Location"])).path)
        self.page = text
        return status, text


def ask(visitor: Visitor, number: int) -> str:
    """One question from the first screen to the receipt; returns the code. Raises AssertionError when it goes wrong."""
    steps = (
        ("/hoi-dap/gui/", {"viec": "hoi"}),
        ("/hoi-dap/gui/cau-hoi/", {"title": f"Câu hỏi đo tải số {number}"}),
        ("/hoi-dap/gui/noi-dung/", {"text": f"Nội dung câu hỏi đo tải lần thứ {number}."}),
        ("/hoi-dap/gui/tep/", {}),
        ("/hoi-dap/gui/co-quan/", {"agency": ""}),
        ("/hoi-dap/gui/tu-cach/", {"asker_kind": "cong_dan"}),
        ("/hoi-dap/gui/nguoi-gui/", {"name": "Người Đo Tải"}),
        ("/hoi-dap/gui/lien-he/", {"email": f"do.tai.{number}@vidu.vn"}),
        ("/hoi-dap/gui/noi-o/", {"address": ""}),
        ("/hoi-dap/gui/dong-y/", {"answer_consent": "on", "notice": ""}),
        ("/hoi-dap/gui/cong-khai/", {"publish_consent": ""}),
        ("/hoi-dap/gui/xem-lai/", {}),
    )
    status, text = visitor.get(steps[0][0])
    for path, fields in steps:
        if "notice" in fields:  # the version of the notice that stands on the page
            fields = {**fields, "notice": NOTICE.findall(visitor.page)[0]}
        status, text = visitor.post(path, **fields)
        assert status == 200, f"{path}: {status}"
    found = re.search(r"PY\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert found, "no receipt"
    return found.group()
