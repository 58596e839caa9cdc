from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from notifications import subscriptions
from notifications.models import Message, Subscription
from notifications.services import as_email

pytestmark = pytest.mark.django_db
WHO = "nguoi.theo.doi@vidu.vn"


def ask(target=7, email=WHO):
    subscriptions.ask("case", target, path=f"/hoi-dap/{target}/", email=email)
    return Subscription.objects.get(target=target, email_key=subscriptions.email_key(email))


def link_in(message):
    """The address a mail leads to, as its reader gets it."""
    return next(word for word in as_email(message).body.split() if "/dang-ky/xac-nhan/" in word)


def path_of(url):
    return url[url.index("/dang-ky/") :]


def test_nobody_is_told_before_the_link_was_opened_and_pressed(client):
    row = ask()
    subscriptions.tell("case", 7, "follow_changed", key="1")
    [letter] = Message.objects.all()
    path = path_of(link_in(letter))
    assert WHO not in path

    assert client.get(path).status_code == 200
    row.refresh_from_db()
    assert row.confirmed_at is None  # a program that looks at mail opens links too

    client.post(path)
    subscriptions.tell("case", 7, "follow_changed", key="2")
    assert Message.objects.filter(template="follow_changed", recipient__isnull=False).count() == 1


def test_no_link_that_opens_something_lies_in_the_outbox():
    row = ask()
    [letter] = Message.objects.all()
    assert signing.dumps(str(row.pk), salt=subscriptions.CONFIRM_SALT)[:20] not in str(letter.context)
    assert "/dang-ky/xac-nhan/" in as_email(letter).body


def test_one_press_in_the_mail_programme_ends_it_and_forgets_the_address(client):
    row = ask()
    subscriptions.confirm(row)
    subscriptions.tell("case", 7, "follow_changed", key="1")
    email = as_email(Message.objects.get(template="follow_changed"))
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = email.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in email.body
    assert address in email.alternatives[0].content

    path = path_of(address)
    assert client.get(path).status_code == 200
    assert Subscription.objects.exists()
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert Message.objects.get(template="follow_changed").status == Message.Status.CANCELLED
    assert client.post(path).status_code == 200  # twice is no error
    assert client.get(path).status_code == 410


def test_the_address_is_encrypted_and_equal_addresses_are_one():
    first, second = ask(), ask(email="  Nguoi.Theo.Doi@vidu.vn ")
    assert first.pk == second.pk
    raw = Subscription.objects.extra(select={"raw": "email"}).values_list("raw", flat=True)[0]
    assert "vidu" not in raw
    assert Message.objects.count() == 1  # and asking twice within the hour writes one letter


@pytest.mark.parametrize("days", [6, 8])
def test_links_to_confirm_and_addresses_nobody_confirmed_last_a_week(client, days, monkeypatch):
    ask()
    path = path_of(link_in(Message.objects.get()))
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=days))
    assert subscriptions.forget_unconfirmed() == (1 if days > 7 else 0)
    monkeypatch.setattr(subscriptions, "CONFIRM_WITHIN", timedelta(seconds=-1))
    assert client.get(path).status_code == 410
    assert client.get(path.replace("xac-nhan", "ngung")).status_code == 410  # each link is good for one thing


def test_followers_move_and_nobody_is_there_twice():
    ask(7)
    only = ask(7, "hai@vidu.vn")
    ask(8)
    subscriptions.move("case", 7, to=8, path="/hoi-dap/8/")
    assert Subscription.objects.filter(target=8).count() == 2
    assert not Subscription.objects.filter(target=7).exists()
    only.refresh_from_db()
    assert only.path == "/hoi-dap/8/"


def test_a_thousand_followers_are_told_in_few_questions(django_assert_max_num_queries):
    Subscription.objects.bulk_create(
        Subscription(
            kind="case", target=7, path="/x/", email=WHO, email_key=str(number), confirmed_at=timezone.now()
        )
        for number in range(600)
    )
    with django_assert_max_num_queries(20):
        subscriptions.tell("case", 7, "follow_changed", key="1")
    subscriptions.tell("case", 7, "follow_changed", key="1")  # the same news twice is one letter
    assert Message.objects.count() == 600
