"""What the settings refuse, what they derive, and what the demonstration makes up."""

import json
import logging
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

from parcai.lib.fields import decrypt, encrypt

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "cchc.vidu.vn,www.cchc.vidu.vn",
    "SITE_URL": "https://cchc.vidu.vn",
}
SHOW = """
import json
from django.conf import settings
names = ("CASE_CUTOFF_HOUR", "DEFAULT_FROM_EMAIL", "PUBLISHER", "MAIL_LEAVES", "EMAIL_BACKEND", "AXES_ENABLED")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def start(folder, **environment):
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={**clean, "DJANGO_SETTINGS_MODULE": "parcai.settings", "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def read(folder, **environment) -> dict:
    done = start(folder, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "wrong",
    [
        {"CASE_CUTOFF_HOUR": "25"},
        {"CASE_CUTOFF_HOUR": "-1"},
        {"CASE_CUTOFF_HOUR": "17h"},
        {"CASE_CUTOFF_HOUR": "16.5"},
        {"SITE_URL": "https://khac.vidu.vn"},
        {"SITE_URL": "https://evil.vn#cchc.vidu.vn"},
        {"DEFAULT_FROM_EMAIL": "Cổng <khong-tra-loi@localhost>"},
    ],
    ids=str,
)
def test_a_production_that_would_mislead_does_not_start(tmp_path, wrong):
    done = start(tmp_path, **{**PRODUCTION, **wrong})

    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert next(iter(wrong)) in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(("given", "hour"), [("", 24), (" ", 24), ("24", 24), ("0", 0), ("17", 17)])
def test_the_cut_off_hour_may_be_left_empty(tmp_path, given, hour):
    assert read(tmp_path, **PRODUCTION, CASE_CUTOFF_HOUR=given)["CASE_CUTOFF_HOUR"] == hour


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({}, "Cải cách hành chính Phú Yên <khong-tra-loi@cchc.vidu.vn>"),
        ({"DEFAULT_FROM_EMAIL": ""}, "Cải cách hành chính Phú Yên <khong-tra-loi@cchc.vidu.vn>"),
        ({"DEFAULT_FROM_EMAIL": "Cổng <cong@vidu.vn>"}, "Cổng <cong@vidu.vn>"),
    ],
)
def test_mail_comes_from_the_portals_own_name(tmp_path, given, sender):
    assert read(tmp_path, **PRODUCTION, **given)["DEFAULT_FROM_EMAIL"] == sender


def test_production_starts_without_a_mail_server_and_knows_it(tmp_path):
    without = read(tmp_path, **PRODUCTION)
    with_one = read(tmp_path, **PRODUCTION, EMAIL_URL="smtp+tls://a:b@thu.vidu.vn:587")

    assert (without["MAIL_LEAVES"], without["EMAIL_BACKEND"]) == (
        False,
        "notifications.mail.OutboxFolderBackend",
    )
    assert (with_one["MAIL_LEAVES"], with_one["EMAIL_BACKEND"]) == (
        True,
        "notifications.mail.WatchedSMTPBackend",
    )


def test_contacts_are_made_up_in_the_demonstration_only_and_say_so(tmp_path):
    shown = read(tmp_path)["PUBLISHER"]
    told = read(tmp_path, PUBLISHER_PHONE="0257 3 811 111")["PUBLISHER"]
    official = read(tmp_path, **PRODUCTION)["PUBLISHER"]

    assert all("minh họa" in shown[name] for name in ("responsible", "address", "phone"))
    assert shown["email"].endswith(".example")
    assert told["phone"] == "0257 3 811 111"
    assert {name: official[name] for name in ("responsible", "address", "phone", "email")} == dict.fromkeys(
        ("responsible", "address", "phone", "email"), ""
    )


@pytest.mark.parametrize(
    ("environment", "limited"), [({}, False), (PRODUCTION, True)], ids=["demo", "production"]
)
def test_limits_are_off_in_the_demonstration_only(tmp_path, environment, limited):
    assert read(tmp_path, **environment, RATE_LIMITS="off")["AXES_ENABLED"] is limited


def test_a_lost_key_is_heard_of_without_what_it_hid(settings, caplog):
    token = encrypt("Nguyễn Thị Mẫu")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with caplog.at_level(logging.ERROR, logger="parcai.fields"):
        assert decrypt(token) == ""

    [line] = caplog.records
    assert "personal data cannot be read" in line.getMessage()
    assert token not in caplog.text
    assert "Mẫu" not in caplog.text


@pytest.mark.django_db
def test_the_footer_shows_the_contacts(client):
    page = client.get("/").content.decode()

    assert "Điện thoại: 0257 000 0113 (số minh họa)" in page
    assert "(địa chỉ minh họa)" in page
