import pytest
from django.contrib.auth.models import Group

from agencies.models import User
from agencies.roles import Role
from tests.factories import PASSWORD, make_official

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/dang-nhap/"


def sign_in(client, official, password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": official.username, "password": password, **extra})


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
