"""Keys of other systems: made, renewed, revoked in the admin; what opens and what does not."""

import time
from datetime import timedelta
from ipaddress import ip_address

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from agencies import keys
from agencies.models import ApiKey, KeptAnswer, UsedSignature, User
from agencies.roles import Role
from tests.factories import PASSWORD, ago, make_agency, make_key, make_official

pytestmark = pytest.mark.django_db
LISTED = "/quan-tri/agencies/apikey/"


def opened(key, *, secret=None, key_id=None, caller="203.0.113.10", **changed):
    signed = {"moment": "1790000000", "method": "POST", "address": "/api/v1/x/", "body": b"{}"}
    mark = keys.signature(key.secret if secret is None else secret, *signed.values())
    return keys.opened_by(key_id or key.key_id, mark, caller=ip_address(caller), **{**signed, **changed})


@pytest.fixture
def administrator(client):
    person = make_official(Role.ADMINISTRATOR, is_staff=True)
    client.force_login(person, backend="agencies.auth.OfficialBackend")
    return person


def form(**fields):
    return {
        "name": "Tổng đài 1022",
        "may_create": "on",
        "valid_from": timezone.localdate().isoformat(),
        "networks": "",
        "calls_a_minute": "120",
        **fields,
    }


def secret_in(response) -> str:
    page = response.content.decode()
    return page.split('id="bi-mat">')[1].split("<")[0]


# What opens ------------------------------------------------------------------------------------------------------


def test_a_right_signature_opens_and_names_the_key():
    key = make_key()

    assert opened(key) == key


@pytest.mark.parametrize(
    "changed",
    [
        {"moment": "1790000001"},
        {"method": "GET"},
        {"address": "/api/v1/x/?a=1"},
        {"body": b"{} "},
        {"key_id": "PYK-KHONGCO"},
        {"key_id": "\x00"},
        {"key_id": "ê" * 3000},
        {"secret": "khác"},
        {"secret": ""},
    ],
    ids=str,
)
def test_whatever_was_changed_on_the_way_opens_nothing(changed):
    assert opened(make_key(), **changed) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_from": timezone.localdate() + timedelta(days=1)},
        {
            "valid_from": timezone.localdate() - timedelta(days=9),
            "valid_to": timezone.localdate() - timedelta(days=1),
        },
        {"networks": "203.0.113.11\n2001:db8::/32"},
        {"secret_lost": True},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_key_out_of_its_time_or_place_opens_nothing(fields):
    key = make_key(**{name: value for name, value in fields.items() if name != "secret_lost"})
    if "secret_lost" in fields:  # no key of this installation reads it any more
        ApiKey.objects.filter(pk=key.pk).update(secret="")
        assert opened(key, secret="") is None
    assert opened(key) is None


def test_a_key_may_be_held_to_addresses():
    key = make_key(networks="203.0.113.0/24\n2001:db8::/32")

    assert opened(key) == key
    assert opened(key, caller="2001:db8::7") == key
    assert opened(key, caller="198.51.100.1") is None


def test_a_demonstration_key_opens_nothing_elsewhere(settings):
    key = make_key(is_demonstration=True)
    assert opened(key) == key

    settings.DEMONSTRATION = False

    assert opened(key) is None
    assert not ApiKey.objects.live().exists()


def test_unknown_and_known_keys_cost_the_same_questions_and_comparisons(
    monkeypatch, django_assert_num_queries
):
    key, compared = make_key(), []
    real = keys.constant_time_compare
    monkeypatch.setattr(keys, "constant_time_compare", lambda *pair: compared.append(pair) or real(*pair))

    for changed in ({"key_id": "PYK-KHONGCO"}, {"secret": "sai"}, {}):
        compared.clear()
        with django_assert_num_queries(1):
            opened(key, **changed)
        assert len(compared) == 2


def test_clocks_may_differ_by_five_minutes():
    now = int(time.time())

    assert keys.is_in_time(str(now - 290))
    assert keys.is_in_time(str(now + 290))
    for wrong in (str(now - 310), str(now + 310), "", "0", "1e9", "-5", "١٢٣", "9" * 40, str(now) + " "):
        assert not keys.is_in_time(wrong), wrong


# Renewing and revoking -------------------------------------------------------------------------------------------


def test_both_secrets_open_until_the_overlap_ends():
    key = make_key()
    before = key.secret
    after = keys.renew(key, overlap=7)

    assert opened(key, secret=before) == opened(key, secret=after) == key
    ApiKey.objects.filter(pk=key.pk).update(former_until=ago(seconds=1))
    assert opened(key, secret=before) is None
    assert opened(key, secret=after) == key


def test_a_second_renewal_does_not_throw_away_a_secret_in_use():
    key = make_key()
    before = key.secret
    keys.renew(key, overlap=7)

    with pytest.raises(keys.KeyStepError):
        keys.renew(key, overlap=7)

    assert opened(key, secret=before) == key
    keys.end_former(key)
    assert opened(key, secret=before) is None


def test_a_leaked_secret_ends_at_once():
    key = make_key()
    before = key.secret
    keys.renew(key, overlap=0)

    assert opened(key, secret=before) is None


def test_a_revoked_key_is_closed_for_good_and_keeps_no_secret():
    key = make_key()
    keys.revoke(key)
    key.refresh_from_db()

    assert (key.secret, key.account.is_active) == ("", False)
    assert opened(key, secret="") is None
    with pytest.raises(keys.KeyStepError):
        keys.renew(key, overlap=7)
    with pytest.raises(keys.KeyStepError):
        keys.revoke(key)


def test_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    key = make_key()
    keys.note_use(key)
    key.refresh_from_db()
    noted = key.last_used_at

    with django_assert_num_queries(0):
        keys.note_use(key)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=ago(seconds=61))
    key.refresh_from_db()
    keys.note_use(key)
    key.refresh_from_db()
    assert key.last_used_at > noted


def test_what_no_call_asks_for_any_more_is_deleted():
    key = make_key()
    for days in (2, 0):
        UsedSignature.objects.create(key=key, signature=f"s{days}", call="c", at=ago(days=days))
    for days in (31, 8):  # a repeated call finds its answer for a week at least
        KeptAnswer.objects.create(key=key, call=f"c{days}", request="r", at=ago(days=days))
    ApiKey.objects.filter(pk=key.pk).update(former_secret="cũ", former_until=ago(days=1))

    keys.forget()

    assert list(UsedSignature.objects.values_list("signature", flat=True)) == ["s0"]
    assert list(KeptAnswer.objects.values_list("call", flat=True)) == ["c8"]
    key.refresh_from_db()
    assert key.former_secret == ""


def test_what_is_kept_of_a_call_tells_nothing():
    key = make_key()
    keys.note_signature(key, "v1=chu-ky", "lan-goi-canary")
    keys.once(key, "lan-goi-canary", b"Canary noi dung", lambda: {"code": "PY26-CANA-RY11"})

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT call, request, answer FROM agencies_keptanswer")
        rows = repr(cursor.fetchall())
        cursor.execute("SELECT signature, call FROM agencies_usedsignature")
        rows += repr(cursor.fetchall())
    assert "anary" not in rows
    assert "CANA" not in rows
    assert "chu-ky" not in rows


# The account behind a key ----------------------------------------------------------------------------------------


def test_the_account_of_a_key_never_signs_in_and_is_no_official_of_the_list(client, administrator):
    account = make_key(name="Tổng đài 1022").account
    account.set_password(PASSWORD)  # not even with a password somebody slipped in
    account.save()

    visitor = Client()
    visitor.post("/tai-khoan/dang-nhap/", {"username": account.username, "password": PASSWORD})
    assert "_auth_user_id" not in visitor.session
    visitor.force_login(account, backend="agencies.auth.OfficialBackend")
    assert visitor.get("/xu-ly/").status_code == 302
    assert account.username not in client.get("/quan-tri/agencies/user/").content.decode()
    assert client.get(f"/quan-tri/agencies/user/{account.pk}/change/").status_code == 302
    assert str(account) == "Tổng đài 1022"


def test_the_account_may_do_what_its_key_says():
    agency, old = make_agency(), make_agency()
    old.successors.add(agency)
    account = make_key("answer", agencies=[agency]).account

    assert account.has_role(Role.OFFICER)
    assert not account.has_role(Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR)
    assert account.agency_scope == {agency.pk, old.pk}
    assert not make_key("create", "read").account.has_role(*Role)


# The admin -------------------------------------------------------------------------------------------------------


def test_a_secret_is_shown_once_and_opens(client, administrator):
    response = client.post(f"{LISTED}add/", form())

    secret, key = secret_in(response), ApiKey.objects.get()
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert secret == key.secret
    assert opened(key, secret=secret) == key
    assert (key.made_by, key.account.full_name) == (administrator, "Tổng đài 1022")
    for path in (LISTED, f"{LISTED}{key.pk}/change/", f"{LISTED}{key.pk}/history/"):
        assert secret not in client.get(path).content.decode(), path
    assert not any(secret in entry.change_message for entry in LogEntry.objects.all())
    assert not any(secret in repr(cookie) for cookie in client.cookies.values())


def test_a_double_press_makes_one_key(client, administrator):
    client.post(f"{LISTED}add/", form())
    response = client.post(f"{LISTED}add/", form())

    assert ApiKey.objects.count() == 1
    assert "đã" in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"may_create": ""}, None),
        ({"may_answer": "on"}, "agencies"),
        ({"networks": "203.0.113.0/33"}, "networks"),
        ({"networks": "không phải địa chỉ\x00"}, "networks"),
        ({"valid_to": "2001-01-01"}, None),
        ({"calls_a_minute": "0"}, "calls_a_minute"),
        ({"name": "\x00"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"agencies": ["999999999999999999999999"]}, "agencies"),
    ],
    ids=str,
)
def test_a_careless_key_is_refused_beside_its_field(client, administrator, fields, field):
    response = client.post(f"{LISTED}add/", form(**fields))

    assert response.status_code == 200
    assert not ApiKey.objects.exists()
    errors = response.context["adminform"].form.errors
    assert errors if field is None else field in errors


def test_networks_are_kept_as_they_are_understood(client, administrator):
    client.post(f"{LISTED}add/", form(networks=" 203.0.113.7/24\r\n 2001:db8::1 "))

    assert ApiKey.objects.get().networks == "203.0.113.0/24\n2001:db8::1/128"


def test_renewing_in_the_admin_shows_the_new_secret_and_leaves_a_line(client, administrator):
    key = make_key()
    before = key.secret

    assert client.get(f"{LISTED}{key.pk}/doi-bi-mat/").status_code == 200
    response = client.post(f"{LISTED}{key.pk}/doi-bi-mat/", {"overlap": "7"})

    after = secret_in(response)
    assert opened(key, secret=before) == opened(key, secret=after) == key
    line = LogEntry.objects.get(object_id=str(key.pk))
    assert line.user == administrator
    assert "bí mật cũ dùng được thêm 7 ngày" in line.change_message
    assert after not in line.change_message
    again = client.post(f"{LISTED}{key.pk}/doi-bi-mat/", {"overlap": "0"}, follow=True)
    assert "Bí mật cũ còn dùng được" in again.content.decode()
    assert client.post(f"{LISTED}{key.pk}/ngung-bi-mat-cu/").status_code == 302
    assert opened(key, secret=before) is None
    assert client.post(f"{LISTED}{key.pk}/doi-bi-mat/", {"overlap": "8"}).status_code == 200


def test_revoking_in_the_admin_closes_the_key_and_its_form(client, administrator):
    key = make_key()

    assert client.get(f"{LISTED}{key.pk}/thu-hoi/").status_code == 200
    assert opened(key) == key  # looking is not pressing
    client.post(f"{LISTED}{key.pk}/thu-hoi/")

    assert opened(key) is None
    assert "Thu hồi khóa" in LogEntry.objects.get(object_id=str(key.pk)).change_message
    client.post(f"{LISTED}{key.pk}/change/", form(may_read="on"))
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert client.post(f"{LISTED}{key.pk}/doi-bi-mat/", {"overlap": "7"}).status_code == 404
    assert client.post(f"{LISTED}{key.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_name_in_history_does_not_change(client, administrator):
    key = make_key(name="Tổng đài 1022")

    client.post(f"{LISTED}{key.pk}/change/", form(name="Tên khác", may_read="on"))

    key.refresh_from_db()
    assert (key.name, key.may_read, key.secret != "") == ("Tổng đài 1022", True, True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR], ids=str)
def test_no_other_role_touches_keys(client, role):
    key = make_key()
    client.force_login(make_official(role, is_staff=True), backend="agencies.auth.OfficialBackend")

    for path in ("doi-bi-mat", "ngung-bi-mat-cu", "thu-hoi"):
        assert client.post(f"{LISTED}{key.pk}/{path}/", {"overlap": "0"}).status_code == 404
    assert client.get(f"{LISTED}{key.pk}/change/").status_code == 403
    assert opened(key) == key


def test_lists_of_keys_ask_the_same_number_of_questions(client, administrator, django_assert_max_num_queries):
    for _number in range(3):
        make_key(agencies=[make_agency(), make_agency()])

    with django_assert_max_num_queries(12):
        page = client.get(LISTED).content.decode()

    assert page.count("PYK-") >= 3
    assert User.objects.filter(is_machine=True).count() == 3
