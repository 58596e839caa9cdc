import pytest
from django.contrib.auth.models import Group
from django.test import Client

from agencies.models import Attempt, User
from agencies.roles import Role
from tests.factories import PASSWORD, make_official

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/dang-nhap/"


def sign_in(client, official, password=PASSWORD, **extra):
    where = {"REMOTE_ADDR": extra.pop("REMOTE_ADDR")} if "REMOTE_ADDR" in extra else {}
    return client.post(LOGIN, {"username": official.username, "password": password, **extra}, **where)


def test_the_nine_roles_exist():
    assert set(Group.objects.values_list("name", flat=True)) == {str(role) for role in Role}


@pytest.mark.parametrize("role", list(Role))
def test_only_the_board_approves_articles(role):
    assert make_official(role).has_perm("articles.approve_article") is (role is Role.PUBLISHER)


@pytest.mark.parametrize(
    ("role", "start"),
    [(Role.COORDINATOR, "/xu-ly/"), (Role.HEAD, "/xu-ly/"), (Role.EDITOR, "/quan-tri/")],
)
def test_officials_begin_where_their_work_is(client, role, start):
    official = make_official(role, is_staff=role is Role.EDITOR)
    assert sign_in(client, official)["Location"] == "/tai-khoan/"
    assert client.get("/tai-khoan/")["Location"] == start


def test_a_demonstration_account_opens_nothing_outside_the_demonstration(client, settings):
    official = make_official(Role.COORDINATOR, is_demonstration=True)
    assert sign_in(client, official).status_code == 302
    assert client.get("/xu-ly/").status_code == 200
    settings.DEMONSTRATION = False
    assert client.get("/xu-ly/").status_code == 302
    assert sign_in(client, official).status_code == 200


def test_a_dismissed_official_is_out_at_once(client):
    official = make_official(Role.COORDINATOR)
    sign_in(client, official)
    User.objects.filter(pk=official.pk).update(is_active=False)
    assert client.get("/xu-ly/").status_code == 302


def test_guessing_is_stopped_after_five_tries(client, settings):
    settings.AXES_ENABLED = True
    official = make_official(Role.COORDINATOR)
    codes = [sign_in(client, official, "sai").status_code for _number in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    assert sign_in(client, official).status_code == 429
    assert sign_in(client, make_official(Role.HEAD)).status_code == 302


def test_one_address_cannot_try_one_password_on_every_account(client):
    officials = [make_official(Role.COORDINATOR) for _number in range(3)]
    wrong = [sign_in(client, User(username=f"ten{number}"), "sai") for number in range(30)]
    assert {response.status_code for response in wrong} == {200}

    refused = sign_in(client, officials[0])
    elsewhere = sign_in(client, officials[0], REMOTE_ADDR="9.9.9.9")

    assert refused.status_code == 429
    assert "Bạn thử hơi nhiều lần" in refused.content.decode()
    assert "default-src 'none'" in refused["Content-Security-Policy"]
    assert elsewhere.status_code == 302


def test_signing_in_rightly_counts_for_nothing(client):
    official = make_official(Role.COORDINATOR)

    assert {sign_in(client, official).status_code for _number in range(40)} == {302}


def test_an_account_under_attack_slows_down_and_still_opens_to_its_owner(client):
    head = make_official(Role.HEAD)
    for number in range(20):
        assert sign_in(client, head, "sai", REMOTE_ADDR=f"10.0.0.{number}").status_code == 200

    tries = [sign_in(client, head, "sai", REMOTE_ADDR="10.9.9.9").status_code for _number in range(3)]
    owner = sign_in(client, head, REMOTE_ADDR="192.0.2.7")

    assert tries == [200, 429, 429]
    assert owner.status_code == 302
    assert sign_in(client, make_official(Role.HEAD), "sai", REMOTE_ADDR="10.9.9.9").status_code == 200


def test_without_limits_in_the_demonstration_nothing_is_counted(client, settings):
    settings.RATE_LIMITS = settings.AXES_ENABLED = False

    codes = {sign_in(client, User(username="ai-do"), "sai").status_code for _number in range(40)}

    assert codes == {200}
    assert not Attempt.objects.exists()


def test_nobody_is_led_elsewhere_after_signing_in(client):
    assert sign_in(client, make_official(Role.EDITOR), next="https://evil.vn/")["Location"] == "/tai-khoan/"


def test_an_unknown_name_and_a_wrong_password_read_the_same(client):
    def summary(username):
        page = client.post(LOGIN, {"username": username, "password": "sai"}).content.decode()
        return page[page.index('class="summary"') : page.index('class="field')].replace(username, "")

    assert summary(make_official(Role.EDITOR).username) == summary("khong-co")


def test_passwords_are_long_and_changed_by_their_owner(client):
    official = make_official(Role.EDITOR)
    sign_in(client, official)
    short = client.post(
        "/tai-khoan/mat-khau/",
        {"old_password": PASSWORD, "new_password1": "ngan-qua", "new_password2": "ngan-qua"},
    )
    assert "Mật khẩu ngắn quá" in short.content.decode()
    new = "mot-mat-khau-that-dai-113"
    client.post(
        "/tai-khoan/mat-khau/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert User.objects.get(pk=official.pk).check_password(new)


def test_an_administrator_does_not_make_a_superuser(client):
    administrator = make_official(Role.ADMINISTRATOR, is_staff=True)
    client.force_login(administrator, backend="agencies.auth.OfficialBackend")
    page = client.get(f"/quan-tri/agencies/user/{administrator.pk}/change/").content.decode()
    assert 'name="full_name"' in page
    assert 'name="is_superuser"' not in page


ARTICLES = "/quan-tri/articles/article/"


def test_signing_in_from_a_page_of_the_admin_ends_on_that_page(client):
    editor = make_official(Role.EDITOR, is_staff=True)

    door = client.get(ARTICLES, follow=True)
    signed_in = client.post(
        door.redirect_chain[-1][0],
        {"username": editor.username, "password": PASSWORD, "next": door.context["next"]},
        follow=True,
    )

    assert door.redirect_chain[-1][0] == f"{LOGIN}?next={ARTICLES}"
    assert signed_in.redirect_chain == [(ARTICLES, 302)]
    assert signed_in.status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.vn/",
        "//evil.vn/",
        "/\\evil.vn",
        "javascript:alert(1)",
        "",
        "/quan-tri/login/?next=/quan-tri/",
    ],
)
def test_the_admin_leads_nobody_elsewhere_and_never_in_a_circle(client, target):
    visitor = client.get("/quan-tri/login/", {"next": target})
    assert visitor["Location"] == f"{LOGIN}?next=/quan-tri/"

    client.force_login(make_official(Role.EDITOR, is_staff=True), backend="agencies.auth.OfficialBackend")
    assert client.get("/quan-tri/login/", {"next": target})["Location"] == "/quan-tri/"


def test_an_official_without_the_admin_is_told_so_once(client):
    official = make_official(Role.OFFICER)
    client.force_login(official, backend="agencies.auth.OfficialBackend")

    response = client.get(ARTICLES, follow=True)

    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
    page = response.content.decode()
    assert "Bạn không có quyền xem trang này" in page
    assert f"Bạn đang đăng nhập bằng tài khoản {official.username}" in page


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client):
    official = make_official(Role.COORDINATOR)
    elsewhere = Client()
    for each in (client, elsewhere):
        sign_in(each, official)
    new = "mot-mat-khau-that-dai-113"

    client.post(
        "/tai-khoan/mat-khau/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )

    assert client.get("/xu-ly/").status_code == 200
    assert elsewhere.get("/xu-ly/").status_code == 302


@pytest.mark.parametrize("name", ["", "khong-co"])
def test_a_failed_sign_in_is_told_in_plain_words(client, name):
    username = name or make_official(Role.EDITOR).username

    page = client.post(LOGIN, {"username": username, "password": "sai"}).content.decode()

    assert "<li>Tên đăng nhập hoặc mật khẩu chưa đúng.</li>" in page
    assert page.count("chưa đúng") == 1
    assert "phân biệt chữ hoa" not in page
