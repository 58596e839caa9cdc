"""One person whom nobody else is like goes all the way; afterwards the portal is searched for them, everywhere."""

import logging
import pickle
import re
import uuid
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from django.conf import settings as portal
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from agencies.roles import DESK_ROLES, Role
from feedback import notice, services
from feedback.models import Case
from notifications.services import deliver_due
from parcai.lib.vietnamese import fold
from parcai.records import KINDS
from parcai.search.models import SearchDocument
from tests.factories import make_agency, make_coordinator, make_head, make_officer, make_official

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Lò Quỷnh Quạnh", "quynhquanh@chimyen.vidu.vn", "0987 065 432"
ADDRESS, WORDS = "19 ngõ Quạ Khoang", "con quạ khoang biết hát"
TITLE = "Nuôi chim cảnh trong khu dân cư cần giấy tờ gì?"
TEXT = f"Nhà tôi nuôi {WORDS}, hàng xóm không vui. Xin hỏi thủ tục. Gọi tôi theo số {PHONE}."
REPLY = f"Tôi là {NAME}, nhà ở {ADDRESS}."
DRAFT = f"<p>Kính gửi bà {NAME}: nuôi {WORDS} không cần giấy tờ.</p>"
CANARY = (NAME, EMAIL, PHONE, ADDRESS, WORDS)
ANSWERS = {
    "viec": "hoi",
    "title": TITLE,
    "text": TEXT,
    "personal_ok": "on",
    "agency": "",
    "asker_kind": "cong_dan",
    "name": NAME,
    "email": EMAIL,
    "phone": PHONE,
    "address": ADDRESS,
    "notice": notice.VERSION,
    "answer_consent": "on",
    "publish_consent": "on",
}


WATCHED = (Role.ADMINISTRATOR, Role.PUBLISHER, *DESK_ROLES)


def traces(said: str) -> set[str]:
    """What of the canary stands in a text, however it is written there."""
    plain = fold(said)
    digits = re.sub(r"[\s.]", "", PHONE)
    found = {each for each in CANARY if fold(each) in plain}
    found |= {each for each in CANARY if quote(each) in said or quote_plus(each) in said}
    return found | ({PHONE} if digits in said else set())


class Walker(Client):
    """A client that remembers every address it asked for or was sent to."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.addresses: list[str] = []

    def request(self, **request):
        response = super().request(**request)
        self.addresses += [
            f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}",
            response.get("Location", ""),
        ]
        return response

    def enter(self, user):
        self.force_login(user, backend="agencies.auth.OfficialBackend")
        return self


def ask_by_the_web(walker) -> Case:
    """Screen by screen, wherever the portal sends the asker next."""
    path = "/hoi-dap/gui/"
    for _screen in range(15):
        response = walker.post(path, {name: value for name, value in ANSWERS.items() if value})
        assert response.status_code == 302, (
            path,
            re.findall(r'<li><a href="#[^<]*</a>', response.content.decode()),
        )
        path = response["Location"].partition("#")[0].partition("?")[0]
        if path.endswith("/bien-nhan/"):
            walker.get(path)
            return Case.objects.get()
        walker.get(path)
    raise AssertionError("the asking has no end")


@pytest.fixture
def journey(caplog, settings, tmp_path):
    """Asked by the web, routed, asked back, answered, masked, published, joined by a double, looked for."""
    caplog.set_level(logging.DEBUG)
    agency, coordinator = make_agency(), make_coordinator()
    officer, head = make_officer(agency), make_head(agency)
    walker = Walker()
    walker.post("/hoi-dap/tuong-tu/", {"title": TITLE, "text": TEXT})
    case = ask_by_the_web(walker)
    desk = case.get_desk_url()

    def step(by, name, **data):
        response = walker.enter(by).post(f"{desk}{name}/", data)
        assert response.status_code == 302, (name, response.status_code)

    def as_asker(step_name, **data):
        walker.logout()
        walker.post("/tra-cuu/", {"code": case.code, "pin": case.pin})
        walker.get("/tra-cuu/ho-so/")
        assert walker.post(f"/tra-cuu/ho-so/{step_name}/", data).status_code == 302

    services.route(case, by=coordinator, agency=agency)
    step(officer, "hoi-lai", note="Xin cho biết nơi ở.")
    as_asker("bo-sung", note=REPLY)
    case.refresh_from_db()
    services.submit_answer(case, by=officer, body=DRAFT, version=0)
    services.sign(case, by=head, version=1)
    assert services.masks(case)
    for field in ("text", "answer"):
        services.mask(case, by=coordinator, field=field, words=WORDS, reason="private_life")
    walker.enter(coordinator).get(f"{desk}cong-khai/")
    assert walker.post(f"{desk}cong-khai/", {"viec": "dang", "title": TITLE}).status_code == 302
    as_asker("danh-gia", rating="2", comment=f"{NAME} chưa vui")
    other = services.receive(
        kind="question",
        title="Một câu khác về chim cảnh",
        text="Tôi cũng nuôi chim trong nhà, xin hỏi thủ tục.",
        asker={"name": "Người Khác", "email": "khac@vidu.vn"},
        submission=uuid.uuid4(),
        may_publish=True,
    )
    case.refresh_from_db()
    services.mark_duplicate(other, by=coordinator, of=case)
    while deliver_due():
        pass
    walker.logout()
    return case, walker, caplog, Path(portal.EMAIL_FILE_PATH)


def test_the_canary_is_found_nowhere_but_in_its_own_case(journey):
    case, walker, caplog, outbox = journey
    assert case.is_public
    places: dict[str, str] = {}

    # Public: pages, feeds, API, open data, sitemap, search
    paths = [
        "/",
        "/hoi-dap/",
        case.get_absolute_url(),
        "/rss/hoi-dap/",
        "/sitemap.xml",
        "/du-lieu/",
        "/thong-ke/",
    ]
    paths += [
        "/tim-kiem/?q=nuôi+chim+cảnh",
        f"/tim-kiem/?q={quote(NAME)}",
        "/tim-kiem/goi-y/?q=nuoi",
        "/du-lieu/danh-muc.jsonld",
    ]
    paths += [
        reverse("feed-question"),
        reverse("sitemap-part", args=["tra-loi", 1]),
        reverse("api:statistics"),
    ]
    paths += [reverse(f"api:{kind.name}-list") for kind in KINDS] + [
        reverse("api:questions-record", args=[case.pk])
    ]
    paths += [
        reverse("open-data-file", args=["questions", f"questions.{ending}"]) for ending in ("csv", "json")
    ]
    visitor = Client()
    for path in paths:
        response = visitor.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        said = body.decode(errors="replace")
        if NAME in path or quote(NAME) in path:
            said = (
                said.replace(NAME, "").replace(quote(NAME), "").replace(quote_plus(NAME), "")
            )  # typed by the visitor
        places[path] = said
    assert TITLE in places["/hoi-dap/"]
    assert "[đã che]" in places[case.get_absolute_url()]

    # Officials of another agency, those who watch, and the lists of the admin, for the almighty account too
    officials = {role: make_official(role, agency=make_agency(), is_staff=True) for role in WATCHED}
    officials["almighty"] = make_official(is_staff=True, is_superuser=True)
    for role, official in officials.items():
        client = Client()
        client.force_login(official, backend="agencies.auth.OfficialBackend")
        models = [
            model
            for model in admin.site._registry
            if model._meta.app_label in {"feedback", "notifications", "search"}
        ]
        seen = [f"/quan-tri/{model._meta.app_label}/{model._meta.model_name}/" for model in models]
        if role in DESK_ROLES:
            seen = [
                "/xu-ly/?hang=tat-ca",
                case.get_desk_url(),
                f"{case.get_desk_url()}ban-sao/",
                "/tai-khoan/thong-bao/",
            ]
        for path in seen:
            places[f"{role} {path}"] = client.get(path, follow=True).content.decode()

    # What runs beside the pages
    places["log"] = "\n".join(
        f"{each.getMessage()} {each.__dict__}" for each in [*caplog.get_records("setup"), *caplog.records]
    )
    places["addresses"] = "\n".join(walker.addresses)
    places["cache"] = "\n".join(f"{key} {value!r}" for key, value in kept_in_cache())
    places["queue"] = "\n".join(
        path.read_text(errors="replace")
        for path in Path(portal.VAR_DIR, "queue").rglob("*")
        if path.is_file()
    )
    for row in SearchDocument.objects.exclude(kind=Case.INSIDE):
        places[f"index {row.pk}"] = f"{row.head} {row.terms}"
    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in outbox.glob("*")]
    mine = [letter for letter in letters if EMAIL in str(letter["To"])]
    for number, letter in enumerate(letter for letter in letters if letter not in mine):
        parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
        places[f"letter {number} to {letter['To']}"] = f"{letter['Subject']}\n" + "\n".join(parts)

    assert len(mine) >= 3  # receipt, ask-back, answer: it was there to be found
    assert len(letters) > len(mine)
    assert {place: traces(said) for place, said in places.items() if traces(said)} == {}


def kept_in_cache():
    """Everything the cache holds, keys and values, in memory or in Redis."""
    if hasattr(cache, "_cache") and isinstance(cache._cache, dict):
        return [(key, pickle.loads(value)) for key, value in cache._cache.items()]  # noqa: S301 - our own
    client = cache._cache.get_client(None)
    return [
        (key.decode(), client.get(key) if client.type(key) == b"string" else "") for key in client.scan_iter()
    ]
