"""What every answer carries, and what is refused before any page reads it."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory

from agencies.roles import Role
from parcai import home
from tests.factories import make_article, make_official

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/dang-nhap/"
ODD_FORMS = [
    *(
        f"application/x-www-form-urlencoded; charset={charset}"
        for charset in ("utf-16", "utf-7", "idna", "hex", "unicode_escape", "cp1258", '"utf-16"')
    ),
    *(f"multipart/form-data; boundary=x; charset={charset}" for charset in ("utf-7", "idna", "hex")),
    "application/x-www-form-urlencoded; charset*=utf-8''utf-16",
    "multipart/form-data",
    "text/plain; charset=hex",
]


def carries_everything(response) -> bool:
    return (
        "default-src 'none'" in response["Content-Security-Policy"]
        and response["X-Frame-Options"] == "DENY"
        and response["X-Content-Type-Options"] == "nosniff"
        and response["Referrer-Policy"] == "same-origin"
        and response["Cross-Origin-Opener-Policy"] == "same-origin"
        and "camera=()" in response["Permissions-Policy"]
        and "private" in response["Cache-Control"]
    )


@pytest.mark.parametrize("content_type", ODD_FORMS)
@pytest.mark.parametrize("path", [LOGIN, "/hoi-dap/gui/", "/tra-cuu/"])
def test_a_form_in_another_encoding_is_refused_with_a_page(path, content_type):
    body = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\na\xff\r\n--x--\r\n'

    response = Client(raise_request_exception=False).generic("POST", path, body, content_type=content_type)

    assert response.status_code == 400
    assert "Yêu cầu này không đọc được" in response.content.decode()
    assert carries_everything(response)


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF-8", '; charset="utf-8"'])
def test_a_form_in_our_encoding_is_read(client, charset):
    official = make_official(Role.COORDINATOR)

    response = client.post(
        LOGIN,
        f"username={official.username}&password=mat-khau-cua-bai-kiem",
        content_type=f"application/x-www-form-urlencoded{charset}",
    )

    assert response["Location"] == "/tai-khoan/"


def test_too_large_and_too_many_fields_are_refused_with_a_page(client):
    too_large, too_many = b"a=" + b"x" * 1_100_000, b"&".join(b"a=1" for _number in range(600))
    for body, status, said in (
        (too_large, 413, "Nội dung gửi lên quá dài"),
        (too_many, 400, "Yêu cầu này không đọc được"),
    ):
        response = client.post(LOGIN, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == status
        assert said in response.content.decode()


def test_officials_may_send_the_longest_text_there_is(client):
    longest = b"a=" + b"x" * 2_500_000
    form = {"content_type": "application/x-www-form-urlencoded"}

    assert client.post("/quan-tri/login/", longest, **form).status_code != 413
    assert client.post("/quan-tri/login/", longest * 2, **form).status_code == 413
    assert client.post("/hoi-dap/gui/", longest, **form).status_code == 413


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/?q=%00", {}),
        ("/hoi-dap/%00/", {}),
        ("/", {"HTTP_HOST": "evil.vn"}),
        (LOGIN, {"HTTP_HOST": "evil.vn:99"}),
        ("/", {"HTTP_HOST": "a b"}),
        ("/khong-co/", {}),
        ("/", {}),
    ],
)
def test_every_answer_carries_the_security_headers(client, path, extra):
    response = client.get(path, **extra)

    assert carries_everything(response)
    if extra or "%00" in path:
        assert response.status_code == 400
        assert "evil.vn" not in response.content.decode()


def test_a_strange_name_is_refused_where_everything_goes_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = Client(HTTP_HOST="evil.vn").get("/hoi-dap/")

    assert response.status_code == 400
    assert carries_everything(response)


def test_an_address_for_buttons_says_so(client):
    client.force_login(make_official(Role.COORDINATOR), backend="agencies.auth.OfficialBackend")

    for response in (client.get("/tai-khoan/dang-xuat/"), client.put("/")):
        assert response.status_code == 405
        assert response["Allow"]
        assert "Trang này chỉ mở bằng nút bấm" in response.content.decode()
        assert carries_everything(response)
    assert client.get("/xu-ly/").status_code == 200


def test_a_content_type_that_cannot_be_read_is_refused_with_a_page():
    from parcai.wsgi import application

    answer = {}
    environ = RequestFactory().generic("POST", LOGIN, b"x").environ
    environ["CONTENT_TYPE"] = "text/plain; x*=nosuch''y"

    body = b"".join(
        application(environ, lambda status, headers: answer.update(status=status, headers=headers))
    )

    assert answer["status"] == "400 Bad Request"
    assert "Yêu cầu này không đọc được" in body.decode()
    assert "Content-Security-Policy" in dict(answer["headers"])


def test_what_is_refused_further_in_has_the_whole_page_around_it_too(client, monkeypatch):
    def refuse():
        raise SuspiciousOperation("a step further in")

    monkeypatch.setattr(home, "answering_counts", refuse)

    response = client.get("/")

    assert response.status_code == 400
    assert 'href="/tra-cuu/"' in response.content.decode().split("<main")[0]
    assert carries_everything(response)


def test_only_a_page_that_shows_a_video_may_frame_the_two_players(client):
    link = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    shown = make_article(published=True, body=f'<p><a href="{link}">Phim</a></p>')
    told = make_article(
        published=True, body=f'<p>Xem <a href="{link}">phim</a>, &lt;figure class="video"&gt;</p>'
    )

    response = client.get(shown.get_absolute_url())
    sources = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert sources["frame-src"] == "https://www.youtube-nocookie.com https://player.vimeo.com"
    assert sources["default-src"] == "'none'"
    assert carries_everything(response)
    assert "frame-src" not in client.get(told.get_absolute_url())["Content-Security-Policy"]
    assert "frame-src" not in client.get(LOGIN)["Content-Security-Policy"]
