"""The nightly look at the portal's links: what is broken is found, what is mended is cleared, nobody is disturbed."""

import http.server
import socket
import threading
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from agencies.models import Attempt
from agencies.roles import Role
from articles import links, services, tasks
from articles.admin.links import edit_address
from articles.models import Article, LinkFault, ListedPage, OutsideAddress
from articles.views.articles import ArticleDetail
from parcai.lib import outside, pagelinks
from tests.factories import make_article, make_image, make_official, make_page, make_video

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def no_sockets(monkeypatch):
    """Fails as soon as anybody asks for a name or opens a connection."""

    def refuse(*args, **kwargs):
        raise AssertionError(f"a socket was opened: {args}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def article_with(*bodies: str, **fields) -> Article:
    return make_article(published=True, body="".join(f"<p>{body}</p>" for body in bodies), **fields)


def night(**options) -> None:
    """A new night: what was looked at so far was looked at yesterday."""
    yesterday = timezone.now() - timedelta(days=1)
    ListedPage.objects.exclude(checked_at=None).update(checked_at=yesterday)
    OutsideAddress.objects.update(checked_at=yesterday)
    links.list_pages()
    links.run(**options)


def found_on(piece) -> dict[str, str]:
    rows = LinkFault.objects.filter(page=piece.get_absolute_url(), fixed_at=None)
    return {row.address: row.reason for row in rows}


# Our own pages


def test_broken_links_pictures_and_places_of_our_own_are_found_and_good_ones_are_not():
    good = make_article(published=True, body="<h2>Một</h2><h2>Hai</h2><h2>Ba</h2>", title="Bài tốt")
    gone = make_article(published=True, title="Bài gỡ")
    services.withdraw(gone, by=make_official(Role.PUBLISHER, is_staff=True), reason="Sai")
    hidden = make_image()
    path = good.get_absolute_url()
    article = article_with(
        f'<a href="{path}">tốt</a> <a href="{path}#muc-2">mục hai</a> <a href="#dau-trang">đầu trang</a>',
        f'<a href="http://127.0.0.1:8000{path}">cả địa chỉ</a> <a href="mailto:a@vidu.vn">thư</a>',
        f'<a href="{path}#muc-9">mục không có</a> <a href="/khong-co/">không có</a>',
        f'<a href="{gone.get_absolute_url()}">đã gỡ</a>',
    )
    Article.objects.filter(pk=article.pk).update(
        body=article.body + f'<p><img src="{hidden.url(480)[:-8]}480.webp" alt="Ảnh mất"></p>'
    )
    hidden.delete()

    night()

    found = found_on(article)
    assert found.pop(f"{path}#muc-9") == "trang có, nhưng không có mục #muc-9"
    assert found.pop("/khong-co/") == "không có địa chỉ này (404)"
    assert found.pop(gone.get_absolute_url()) == "trang đã gỡ (410)"
    assert list(found.values()) == ["không có địa chỉ này (404)"]
    assert next(iter(found)).startswith("/tep/anh/")
    assert LinkFault.objects.get(address="/khong-co/").words == "không có"
    assert set(LinkFault.objects.values_list("page", flat=True)) == {article.get_absolute_url()}


def test_every_page_the_portal_ships_has_only_good_links():
    make_article(published=True)
    make_video(published=True)

    night()

    assert list(LinkFault.objects.values_list("page", "address", "reason")) == []
    assert ListedPage.objects.filter(checked_at=None).count() == 0
    assert ListedPage.objects.filter(path="/").exists()


def test_a_mended_link_is_cleared_and_a_broken_one_comes_back_as_new():
    article = article_with('<a href="/khong-co/">x</a>')
    night()
    fault = LinkFault.objects.get()
    first = fault.first_seen_at
    night()
    fault.refresh_from_db()
    assert (fault.fixed_at, fault.first_seen_at) == (None, first)

    Article.objects.filter(pk=article.pk).update(body="<p>Đã bỏ</p>")
    night()
    fault.refresh_from_db()
    assert fault.fixed_at is not None
    assert LinkFault.objects.waiting().count() == 0

    Article.objects.filter(pk=article.pk).update(body=article.body)
    night()
    fault.refresh_from_db()
    assert fault.fixed_at is None
    assert fault.first_seen_at > first


def test_an_address_that_moved_for_good_is_a_note_and_no_fault():
    moved = make_article(published=True, title="Tên nay")
    article = article_with(f'<a href="/tin-bai/ten-xua-{moved.pk}/">bài cũ</a> <a href="/quan-tri/">vào</a>')

    night()

    note = LinkFault.objects.get(page=article.get_absolute_url())
    assert note.is_note
    assert moved.get_absolute_url() in note.reason
    assert LinkFault.objects.waiting().count() == 0


def test_a_page_that_raises_is_reported_and_does_not_stop_the_run(monkeypatch):
    bad = make_article(published=True, title="Bài hỏng")
    other = article_with(f'<a href="{bad.get_absolute_url()}">sang bài hỏng</a> <a href="/khong-co/">x</a>')
    whole = ArticleDetail.get_context_data

    def raising(self, **kwargs):
        if self.object.pk == bad.pk:
            raise ZeroDivisionError
        return whole(self, **kwargs)

    monkeypatch.setattr(ArticleDetail, "get_context_data", raising)

    night()

    assert found_on(bad) == {bad.get_absolute_url(): "chính trang này không hiện được (500)"}
    assert found_on(other) == {
        bad.get_absolute_url(): "lỗi khi mở (500)",
        "/khong-co/": "không có địa chỉ này (404)",
    }


def test_rendering_writes_nothing_counts_nothing_and_starts_no_session(monkeypatch):
    article = make_article(published=True)
    before = Article.objects.get(pk=article.pk).views
    whole = ArticleDetail.get_context_data

    def writing(self, **kwargs):
        Article.objects.filter(pk=self.object.pk).update(views=before + 1)
        Attempt.objects.create(key="x" * 64, window_at=timezone.now(), count=1)
        return whole(self, **kwargs)

    monkeypatch.setattr(ArticleDetail, "get_context_data", writing)

    night()

    assert ListedPage.objects.get(path=article.get_absolute_url()).checked_at
    assert Article.objects.get(pk=article.pk).views == before
    assert Attempt.objects.count() == 0


def test_pages_are_rendered_over_https_where_the_portal_is(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://cchc.vidu.vn", ["cchc.vidu.vn"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    article = article_with('<a href="https://cchc.vidu.vn/khong-co/">x</a>')

    night()

    assert found_on(article) == {"/khong-co/": "không có địa chỉ này (404)"}
    assert LinkFault.objects.count() == 1


def test_what_stands_around_every_page_is_told_once(monkeypatch):
    make_article(published=True)
    page = '<header><a href="/hong/">x</a></header><main id="m"><a href="/hong-2/">y</a></main>'
    assert pagelinks.read(page, whole=True).links == [("/hong/", "x"), ("/hong-2/", "y")]
    assert pagelinks.read(page, whole=False).links == [("/hong-2/", "y")]
    assert pagelinks.read(page, whole=False).ids == {"m"}


@pytest.mark.parametrize(
    "text",
    ["<a href='/x/", "<main><a href=/x/>a<a href=/y/>b", "<img src><a href>", "</main></a>", "<![x", ""],
)
def test_no_page_breaks_the_reader(text):
    assert isinstance(pagelinks.read(text, whole=True).links, list)


# Some each night


def test_new_and_changed_pages_come_first_then_the_longest_unseen(settings):
    pieces = [make_article(published=True, title=f"Bài {number}") for number in range(4)]
    links.list_pages()
    paths = [piece.get_absolute_url() for piece in pieces]
    days = {paths[0]: 9, paths[1]: 30, paths[2]: 2}
    now = timezone.now()
    ListedPage.objects.exclude(path__in=paths).delete()
    ListedPage.objects.update(changed_at=now - timedelta(days=90))
    for path, ago in days.items():
        ListedPage.objects.filter(path=path).update(checked_at=now - timedelta(days=ago))
    ListedPage.objects.filter(path=paths[2]).update(changed_at=now)

    assert ListedPage.objects.next_to_check(9) == [paths[2], paths[3], paths[1], paths[0]]
    assert ListedPage.objects.next_to_check(2) == [paths[2], paths[3]]
    LinkFault.objects.create(
        page=paths[0], address="/x/", kind="own", reason="x", first_seen_at=now, last_seen_at=now
    )
    assert ListedPage.objects.next_to_check(1) == [paths[0]]


def test_a_night_looks_at_so_many_pages_and_the_next_goes_on_where_it_ended(settings):
    for _number in range(5):
        make_article(published=True)
    links.list_pages()
    total = ListedPage.objects.count()
    settings.LINK_CHECK_PAGES = total - 3

    assert links.run() == total - 3
    assert links.run() == 0

    now = timezone.now()
    ListedPage.objects.exclude(checked_at=None).update(checked_at=now - timedelta(days=1))
    ListedPage.objects.update(changed_at=now - timedelta(days=2))
    left = set(ListedPage.objects.filter(checked_at=None).values_list("path", flat=True))
    links.run(pages=3)
    assert left <= set(
        ListedPage.objects.filter(checked_at__gte=timezone.now() - timedelta(minutes=5)).values_list(
            "path", flat=True
        )
    )


def test_a_bite_ends_when_its_time_is_over(monkeypatch):
    make_article(published=True)
    links.list_pages()
    clock = iter(range(0, 10_000, 10))
    # A clock of its own: the drivers of other databases ask the real one.
    monkeypatch.setattr(links, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _s: None))

    assert links.run(seconds=25) == 2


def test_pages_that_left_the_map_take_their_faults_with_them():
    article = article_with('<a href="/khong-co/">x</a>')
    night()
    services.withdraw(article, by=make_official(Role.PUBLISHER, is_staff=True), reason="Sai")

    tasks.list_pages()

    assert not ListedPage.objects.filter(path=article.get_absolute_url()).exists()
    assert LinkFault.objects.waiting().count() == 0
    tasks.check_links()


def test_the_same_number_of_queries_lists_one_page_and_a_hundred(django_assert_max_num_queries):
    for _number in range(12):
        make_article(published=True)
    with django_assert_max_num_queries(80):
        links.list_pages()


# Other sites


def test_nobody_outside_is_asked_unless_it_is_switched_on(no_sockets):
    article_with('<a href="https://example.com/">ngoài</a> <a href="http://127.0.0.1:9/">trong</a>')

    night()

    assert OutsideAddress.objects.count() == 0
    assert LinkFault.objects.count() == 0


@pytest.fixture
def asked(monkeypatch, settings):
    """Other sites as the test wants them: address -> answer; what was asked is written down."""
    settings.LINK_CHECK_OUTSIDE = True
    settings.DATA_LICENCE = {
        "name": "Giấy phép mẫu",
        "url": "",
    }  # no address of another site on the portal's own pages
    answers: dict = {}
    said: list[str] = []

    def ask(address, *, agent):
        assert settings.SITE_URL in agent
        said.append(address)
        return answers.get(address, outside.Answer(200))

    monkeypatch.setattr(outside, "ask", ask)
    monkeypatch.setattr(links.time, "sleep", lambda seconds: None)
    return answers, said


def test_a_site_is_reported_only_after_two_nights_in_a_row(asked):
    answers, said = asked
    address = "https://example.com/mat"
    answers[address] = outside.Answer(404, "trang ngoài không còn (404)")
    article_with(f'<a href="{address}#phan">ngoài</a>')

    night()
    assert LinkFault.objects.reported().count() == 0
    links.run()
    assert said == [address]

    night()
    fault = LinkFault.objects.reported().get()
    assert (fault.address, fault.status, fault.nights) == (f"{address}#phan", 404, 2)

    answers.clear()
    night()
    fault.refresh_from_db()
    assert fault.fixed_at is not None


def test_one_bad_night_leaves_no_trace(asked):
    answers, _said = asked
    answers["https://example.com/"] = outside.Answer(503, "trang ngoài báo lỗi (503)")
    article_with('<a href="https://example.com/">ngoài</a>')
    night()
    answers.clear()
    night()

    assert LinkFault.objects.count() == 0
    assert OutsideAddress.objects.get().failed_nights == 0


def test_an_address_is_asked_once_a_night_however_many_pages_link_to_it_and_a_night_has_its_measure(
    asked, settings
):
    _answers, said = asked  # the buttons that share a page are none of them
    settings.LINK_CHECK_OUTSIDE_ADDRESSES = 2
    for number in range(3):
        article_with(
            f'<a href="https://example.com/{number}">a</a> <a href="https://example.com/chung">b</a>'
        )

    night()
    links.run()

    assert len(said) == len(set(said)) == 2


def test_one_site_is_given_time_between_two_questions(asked, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(links.time, "sleep", waits.append)
    article_with(
        '<a href="https://example.com/1">a</a> <a href="https://example.com/2">b</a> <a href="https://example.org/">c</a>'
    )

    night()

    assert len(waits) == 1
    assert 0 < waits[0] <= links.SAME_HOST_PAUSE


def test_switching_it_off_again_keeps_what_was_known(asked, settings):
    answers, _said = asked
    answers["https://example.com/"] = outside.Answer(None, "không tìm thấy máy chủ")
    article_with('<a href="https://example.com/">ngoài</a>')
    night()
    night()
    settings.LINK_CHECK_OUTSIDE = False

    night()

    assert LinkFault.objects.waiting().count() == 1


# Not into our own network


def resolves_to(monkeypatch, *addresses):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://10.0.0.1/",
        "http://172.16.5.4/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127.0.0.1./",
        "http://ai-do@example.com/",
        "http://example.com@127.0.0.1/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com:22/",
        "http://example.com:8080/",
        "http://example.com:99999/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "http:///khong-co-ten",
        "http://" + "a" * 300 + ".vn/",
    ],
)
def test_an_address_inside_or_in_disguise_is_never_connected_to(monkeypatch, address):
    def connect(*args, **kwargs):
        raise AssertionError(f"connected to {args}")

    monkeypatch.setattr(socket, "create_connection", connect)
    real = socket.getaddrinfo

    def resolve(host, *args, **kwargs):
        if host == "example.com":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80))]
        return real(host, *args, **{**kwargs, "flags": 0 if host == "localhost" else socket.AI_NUMERICHOST})

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    answer = outside.ask(address, agent="x")

    assert answer.status is None
    assert answer.reason


def test_a_name_that_leads_inside_is_refused_also_when_another_of_its_addresses_is_public(
    monkeypatch, no_sockets
):
    resolves_to(monkeypatch, "93.184.215.14", "10.1.2.3")

    assert outside.ask("http://example.com/", agent="x") == outside.Answer(
        None, "địa chỉ dẫn vào mạng nội bộ"
    )


class Site(http.server.BaseHTTPRequestHandler):
    answers: dict = {}
    seen: list = []

    def do_HEAD(self):
        type(self).seen.append((self.command, self.path, self.headers["Host"], self.headers["User-Agent"]))
        status, location = self.answers.get((self.command, self.path)) or self.answers.get(
            self.path, (200, "")
        )
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()

    def log_message(self, *args):
        pass


@pytest.fixture
def site(monkeypatch):
    """A site at example.com: its name resolves to a public address, and connections to that one reach the test."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Site.answers, Site.seen = {}, []
    connect = socket.create_connection
    opened: list = []

    def to_test(address, *args, **kwargs):
        opened.append(address[0])
        assert address[0] == "93.184.215.14"
        return connect(server.server_address, *args, **kwargs)

    def resolve(host, port, *args, **kwargs):
        ip = {"example.com": "93.184.215.14", "ben-trong.example": "10.0.0.7"}.get(host, host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    monkeypatch.setattr(socket, "create_connection", to_test)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield opened
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_that_answers_is_well_and_asked_by_name_with_an_honest_agent(site):
    assert (
        outside.ask("http://example.com/trang một?q=có#phần", agent="CCHC (+https://cchc.vidu.vn)").reason
        == ""
    )

    method, path, host, agent = Site.seen[0]
    assert (method, host, agent) == ("HEAD", "example.com", "CCHC (+https://cchc.vidu.vn)")
    assert path == "/trang%20m%E1%BB%99t?q=c%C3%B3"


@pytest.mark.parametrize(
    ("status", "is_fault"),
    [
        (200, False),
        (204, False),
        (401, False),
        (403, False),
        (429, False),
        (404, True),
        (410, True),
        (500, True),
        (502, True),
    ],
)
def test_what_counts_as_broken(site, status, is_fault):
    Site.answers["/"] = (status, "")

    answer = outside.ask("http://example.com/", agent="x")

    assert (answer.status, bool(answer.reason)) == (status, is_fault)


def test_a_site_that_answers_only_to_get_is_asked_again(site):
    Site.answers[("HEAD", "/")] = (405, "")

    assert outside.ask("http://example.com/", agent="x") == outside.Answer(200)
    assert [method for method, *_rest in Site.seen] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://ben-trong.example/",
        "//169.254.169.254/latest/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://example.com:6379/",
    ],
)
def test_a_redirect_into_our_network_is_not_followed(site, location):
    Site.answers["/"] = (302, location)

    answer = outside.ask("http://example.com/", agent="x")

    assert answer.status is None
    assert site == ["93.184.215.14"]


def test_redirects_are_followed_so_far_and_no_further(site):
    Site.answers |= {"/a": (301, "/b"), "/b": (302, "http://example.com/c"), "/vong": (301, "/vong")}

    assert outside.ask("http://example.com/a", agent="x") == outside.Answer(200)
    assert "vòng quanh" in outside.ask("http://example.com/vong", agent="x").reason
    assert len(Site.seen) == 3 + outside.MOST_REDIRECTS + 1


def test_the_connection_goes_where_the_name_led_when_it_was_looked_at(monkeypatch):
    """A name that changes its mind between the look and the connection gains nothing."""
    answers = iter(["93.184.215.14", "127.0.0.1"])
    opened = []

    def connect(address, *args, **kwargs):
        opened.append(address[0])
        raise ConnectionRefusedError

    resolves = lambda *args, **kwargs: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", resolves)
    monkeypatch.setattr(socket, "create_connection", connect)

    assert outside.ask("http://example.com/", agent="x").reason == "không nối được tới trang"
    assert opened == ["93.184.215.14"]


def test_a_site_that_drips_its_answer_is_left(monkeypatch, site):
    monkeypatch.setattr(outside, "LONGEST", 0.3)
    stop = threading.Event()
    monkeypatch.setattr(Site, "do_HEAD", lambda self: stop.wait(3))

    answer = outside.ask("http://example.com/", agent="x")

    stop.set()
    assert answer.status is None


# For the officials


def sign_in(client, *roles):
    client.force_login(make_official(*roles, is_staff=True), backend="agencies.auth.OfficialBackend")


def test_the_board_sees_what_waits_opens_the_piece_and_looks_again(client):
    article = article_with('<a href="/khong-co/">chữ của liên kết</a>')
    night()
    sign_in(client, Role.PUBLISHER)
    listed = reverse("admin:articles_linkfault_changelist")

    index = client.get("/quan-tri/").content.decode()
    page = client.get(f"{listed}?tinh_trang=hong").content.decode()
    assert f'href="{listed}?tinh_trang=hong"' in index
    assert "liên kết hỏng cần sửa" in index
    assert "chữ của liên kết" in page
    assert f"/quan-tri/articles/article/{article.pk}/change/" in page

    Article.objects.filter(pk=article.pk).update(body="<p>Đã sửa</p>")
    fault = LinkFault.objects.get()
    answer = client.post(listed, {"action": "check_again", "_selected_action": [fault.pk]}, follow=True)

    assert "1 liên kết đã hết lỗi" in answer.content.decode()
    assert "liên kết hỏng cần sửa" not in client.get("/quan-tri/").content.decode()
    assert "chữ của liên kết" in client.get(f"{listed}?tinh_trang=het").content.decode()


def test_looking_again_asks_other_sites_only_where_that_is_allowed(client, asked, settings):
    answers, said = asked
    answers["https://example.com/"] = outside.Answer(404, "trang ngoài không còn (404)")
    article_with('<a href="https://example.com/">ngoài</a>')
    night()
    night()
    sign_in(client, Role.PUBLISHER)
    listed = reverse("admin:articles_linkfault_changelist")
    choice = {"action": "check_again", "_selected_action": [LinkFault.objects.get().pk]}
    said.clear()

    settings.LINK_CHECK_OUTSIDE = False
    client.post(listed, choice)
    assert said == []
    settings.LINK_CHECK_OUTSIDE = True
    client.post(listed, choice)
    assert said == ["https://example.com/"]
    assert LinkFault.objects.get().nights == 2


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("/tin-bai/bai-7/", "/quan-tri/articles/article/7/change/"),
        ("/video/phim-8/", "/quan-tri/articles/video/8/change/"),
        ("/trang/gioi-thieu/", "/quan-tri/articles/page/?slug=gioi-thieu"),
        ("/lich-lam-viec/", ""),
        ("/tin-bai/", ""),
        ("/khong-co-nua/", ""),
    ],
)
def test_each_kind_of_piece_has_the_way_to_its_form(page, form):
    assert edit_address(page) == form


def test_the_list_names_the_piece(client):
    article, page = (
        make_article(published=True, title="Bài có liên kết hỏng"),
        make_page(published=True, title="Trang cố định"),
    )
    now = timezone.now()
    for each in (article, page):
        LinkFault.objects.create(
            page=each.get_absolute_url(), address="/khong-co/", kind="own", reason="Không có trang này",
            first_seen_at=now, last_seen_at=now,
        )  # fmt: skip
    client.force_login(make_official(Role.PUBLISHER, is_staff=True), backend="agencies.auth.OfficialBackend")
    shown = client.get("/quan-tri/articles/linkfault/").content.decode()
    assert f'<a href="{article.get_absolute_url()}">Bài có liên kết hỏng</a>' in shown
    assert "Trang cố định</a>" in shown


def test_who_only_reads_looks_at_nothing_again(client):
    article = article_with('<a href="/khong-co/">x</a>')
    night()
    Article.objects.filter(pk=article.pk).update(body="<p>Đã sửa</p>")
    sign_in(client, Role.OBSERVER)
    listed = reverse("admin:articles_linkfault_changelist")

    client.post(listed, {"action": "check_again", "_selected_action": [LinkFault.objects.get().pk]})

    assert LinkFault.objects.waiting().count() == 1
    assert "/khong-co/" in client.get(listed).content.decode()


def test_the_list_costs_as_many_queries_with_many_rows(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    now = timezone.now()

    def fault(number):
        LinkFault.objects.create(
            page=f"/tin-bai/bai-{number}/",
            address="/x/",
            kind="own",
            reason="x",
            first_seen_at=now,
            last_seen_at=now,
        )

    fault(1)
    sign_in(client, Role.EDITOR)
    listed = reverse("admin:articles_linkfault_changelist")
    client.get(listed)
    with CaptureQueriesContext(connection) as one:
        client.get(listed)
    for number in range(2, 20):
        fault(number)
    with django_assert_num_queries(len(one)):
        client.get(listed)


def test_the_command_tells_what_it_found():
    article_with('<a href="/khong-co/">x</a>')
    said = StringIO()

    call_command("check_links", pages=500, stdout=said)

    assert "còn 1 liên kết hỏng" in said.getvalue()
    assert "/khong-co/: không có địa chỉ này (404)" in said.getvalue()
