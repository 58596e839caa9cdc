"""Accounts in the admin: who may change whom, what the person hears of it, and one form for a new official."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from agencies.models import User
from agencies.roles import ADMIN_ROLES, WHAT_A_ROLE_DOES, Role
from notifications.models import Message
from tests.factories import PASSWORD, make_agency, make_official

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "mot-mat-khau-that-dai-113"


def signed_in(official) -> Client:
    client = Client()
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return client


def ids(*roles: Role) -> list[int]:
    return list(Group.objects.filter(name__in=[str(role) for role in roles]).values_list("pk", flat=True))


def address(person, page="change") -> str:
    return f"/quan-tri/agencies/user/{person.pk}/{page}/"


def change(client, person, **fields):
    """Sends the form of an account as the page shows it, with `fields` changed."""
    data = {
        "username": person.username,
        "full_name": person.full_name,
        "title": person.title,
        "agency": person.agency_id or "",
        "email": person.email,
        "groups": list(person.groups.values_list("pk", flat=True)),
        "is_active": "on",
    }
    return client.post(
        address(person), {name: each for name, each in {**data, **fields}.items() if each is not None}
    )


@pytest.fixture
def administrator():
    return make_official(Role.ADMINISTRATOR, is_staff=True)


def test_an_administrator_cannot_touch_who_has_every_right(administrator):
    almighty = make_official(is_superuser=True, is_staff=True)
    client = signed_in(administrator)

    changed = change(client, almighty, full_name="Đổi tên", groups=ids(Role.EDITOR))
    reset = client.post(address(almighty, "password"), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert (changed.status_code, reset.status_code) == (403, 403)
    assert client.get(address(almighty, "delete")).status_code == 403
    almighty.refresh_from_db()
    assert almighty.check_password(PASSWORD)
    assert almighty.full_name != "Đổi tên"


def test_who_has_every_right_may_change_their_like():
    one, other = (make_official(is_superuser=True, is_staff=True) for _number in range(2))

    change(signed_in(one), other, full_name="Đổi tên", is_superuser="on")

    other.refresh_from_db()
    assert (other.full_name, other.is_superuser, other.is_staff) == ("Đổi tên", True, True)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_raises_or_moves_themselves(is_superuser):
    person = make_official(Role.ADMINISTRATOR, is_staff=True, is_superuser=is_superuser)

    change(
        signed_in(person),
        person,
        full_name="Tên mới",
        agency=make_agency().pk,
        groups=ids(*Role),
        is_active=None,
        is_superuser="on",
    )

    person.refresh_from_db()
    assert person.full_name == "Tên mới"
    assert list(person.groups.values_list("name", flat=True)) == [str(Role.ADMINISTRATOR)]
    assert (person.is_active, person.is_superuser, person.agency) == (True, is_superuser, None)


def test_ones_own_password_is_changed_where_the_old_one_is_asked_for(administrator):
    client = signed_in(administrator)

    response = client.post(
        address(administrator, "password"), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )

    assert response["Location"] == "/tai-khoan/mat-khau/"
    administrator.refresh_from_db()
    assert administrator.check_password(PASSWORD)


def test_a_change_of_role_is_told_and_written_down(administrator, client):
    person = make_official(Role.EDITOR, is_staff=True)

    change(signed_in(administrator), person, groups=ids(Role.PUBLISHER, Role.OBSERVER))

    texts = {message.channel: message.context["what"] for message in Message.objects.all()}
    assert texts == dict.fromkeys(("email", "in_app"), "vai trò của bạn nay là: Ban Biên tập, Giám sát.")
    assert Message.objects.get(channel="email").recipient == person.email
    client.force_login(person, backend="agencies.auth.OfficialBackend")
    assert (
        "Tài khoản cán bộ của bạn vừa được thay đổi" in client.get("/tai-khoan/thong-bao/").content.decode()
    )
    written = LogEntry.objects.get(object_id=str(person.pk)).get_change_message()
    assert "Biên tập viên → Ban Biên tập, Giám sát" in written


def test_a_change_without_a_new_role_tells_nobody(administrator):
    person = make_official(Role.EDITOR, is_staff=True)

    change(signed_in(administrator), person, full_name="Tên mới")

    assert not Message.objects.exists()


def test_a_new_password_from_an_administrator_is_told_written_down_and_ends_sessions(administrator):
    person = make_official(Role.COORDINATOR)
    theirs = signed_in(person)
    assert theirs.get("/xu-ly/").status_code == 200

    signed_in(administrator).post(
        address(person, "password"), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )

    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert theirs.get("/xu-ly/").status_code == 302
    assert set(Message.objects.values_list("channel", "template")) == {
        ("email", "account_changed"),
        ("in_app", "account_changed"),
    }
    assert LogEntry.objects.filter(object_id=str(person.pk), user=administrator).count() == 1


def test_a_short_password_changes_and_tells_nothing(administrator):
    person = make_official(Role.COORDINATOR)

    response = signed_in(administrator).post(
        address(person, "password"), {"password1": "ngan", "password2": "ngan"}
    )

    assert response.status_code == 200
    assert 'name="usable_password"' not in response.content.decode()
    assert not Message.objects.exists()


def test_a_new_address_is_told_to_the_old_one_too(administrator):
    person = make_official(Role.EDITOR, is_staff=True, email="cu@vidu.vn")

    change(signed_in(administrator), person, email="moi@vidu.vn")

    told = Message.objects.filter(channel="email").values_list("recipient", flat=True)
    assert sorted(told) == ["cu@vidu.vn", "moi@vidu.vn"]


def test_sessions_of_a_dismissed_official_do_not_come_back_with_the_account(administrator):
    person = make_official(Role.COORDINATOR)
    theirs, admins = signed_in(person), signed_in(administrator)
    assert theirs.get("/xu-ly/").status_code == 200

    change(admins, person, is_active=None)
    assert theirs.get("/xu-ly/").status_code == 302
    change(admins, person)

    person.refresh_from_db()
    assert person.is_active
    assert theirs.get("/xu-ly/").status_code == 302
    assert signed_in(person).get("/xu-ly/").status_code == 200


# One form for a new official


def new(client, **fields):
    data = {
        "username": "canbomoi",
        "full_name": "Cán bộ Mới",
        "title": "Chuyên viên",
        "email": "moi@vidu.vn",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
        **fields,
    }
    return client.post("/quan-tri/agencies/user/add/", data)


def test_the_form_for_a_new_official_asks_everything_once(administrator):
    page = signed_in(administrator).get("/quan-tri/agencies/user/add/").content.decode()

    for name in ("username", "full_name", "title", "agency", "email", "password1", "password2"):
        assert f'name="{name}"' in page, name
    for role in Role:
        assert f"{role}: {WHAT_A_ROLE_DOES[role]}" in page
    assert page.count('type="checkbox" name="groups"') == len(Role)
    for gone in ("is_staff", "is_superuser", "usable_password", "Tình trạng nhân viên", "LDAP"):
        assert gone not in page, gone


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_who_enters_the_admin_follows_from_the_role(administrator, role):
    new(signed_in(administrator), groups=ids(role), agency=make_agency().pk)

    made = User.objects.get(username="canbomoi")
    assert made.roles == {str(role)}
    assert made.is_staff is (role in ADMIN_ROLES)
    assert made.check_password(NEW_PASSWORD)
    assert signed_in(made).get("/quan-tri/").status_code == (200 if role in ADMIN_ROLES else 302)


def test_losing_the_role_closes_the_admin(administrator):
    person = make_official(Role.EDITOR, agency=make_agency(), is_staff=True)

    change(signed_in(administrator), person, groups=ids(Role.OFFICER), agency=person.agency.pk)

    person.refresh_from_db()
    assert person.is_staff is False


def test_an_account_without_any_role_is_refused(administrator):
    client, person = signed_in(administrator), make_official(Role.EDITOR, is_staff=True)

    assert "Chọn ít nhất một vai trò" in new(client).content.decode()
    assert "Chọn ít nhất một vai trò" in change(client, person, groups=[]).content.decode()

    assert not User.objects.filter(username="canbomoi").exists()
    assert person.groups.count() == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD], ids=str)
def test_who_answers_for_an_agency_needs_one(administrator, role):
    response = new(signed_in(administrator), groups=ids(role))

    assert f"Vai trò {role} cần có cơ quan." in response.content.decode()
    assert not User.objects.filter(username="canbomoi").exists()


def test_groups_that_are_no_role_stay_when_roles_change(administrator):
    person = make_official(Role.EDITOR, is_staff=True)
    person.groups.add(Group.objects.create(name="Nhóm riêng"))

    change(signed_in(administrator), person, groups=ids(Role.PUBLISHER))

    assert set(person.groups.values_list("name", flat=True)) == {"Nhóm riêng", str(Role.PUBLISHER)}
