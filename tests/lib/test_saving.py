"""Two officials save at the same moment: one is told beside the field and finds what was typed, whatever the form."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.contrib import admin
from django.db import connections
from django.test import Client
from django.urls import reverse

from agencies.models import Leader, WorkCalendarDay
from articles.models import Document, DocumentType, Topic
from parcai.lib.saving import SavedAmongOthers
from plan.models import Plan
from tests.factories import make_agency, make_official
from tests.test_project import OWN_APPS


def at_once(monkeypatch, address: str, *typed: dict) -> list:
    """What each gets who sends the form when all have passed its checks, before any is saved."""
    checked, before = threading.Barrier(len(typed)), admin.ModelAdmin.save_model

    def save_model(self, *args):
        with suppress(threading.BrokenBarrierError):  # where saving goes one by one anyway, nobody else comes
            checked.wait(timeout=2)
        return before(self, *args)

    monkeypatch.setattr(admin.ModelAdmin, "save_model", save_model)
    clients = []
    for _each in typed:
        clients.append(Client())
        official = make_official(is_staff=True, is_superuser=True)
        clients[-1].force_login(official, backend="agencies.auth.OfficialBackend")

    def press(pair):
        client, fields = pair
        try:
            return client.post(address, {"seen_version": 1, **fields})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(typed)) as pool:
        return list(pool.map(press, zip(clients, typed, strict=True)))


def told(answers) -> dict:
    """The messages beside the fields of the one form that was not saved."""
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    answer = next(answer for answer in answers if answer.status_code == 200)
    return answer.context["adminform"].form.errors


def leader(agency, name: str) -> dict:
    return {
        "agency": agency.pk, "full_name": name, "position": "Giám đốc", "is_head": "on", "order": 0,
        "source": "Quyết định mẫu",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_of_an_agency_the_second_is_told(monkeypatch):
    agency = make_agency()
    answers = at_once(
        monkeypatch,
        reverse("admin:agencies_leader_add"),
        leader(agency, "Nguyễn Thị Một"),
        leader(agency, "Trần Văn Hai"),
    )

    assert list(told(answers)) == ["is_head"]
    page = next(answer for answer in answers if answer.status_code == 200).content.decode()
    assert {"Nguyễn Thị Một" in page, "Trần Văn Hai" in page} == {
        True
    }  # the head there is, and what was typed
    assert Leader.objects.filter(agency=agency, is_head=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_head_written_down_meanwhile_is_seen_by_the_list_of_the_agency(monkeypatch):
    agency = make_agency()

    def typed(name):
        row = {f"leaders-0-{key}": value for key, value in leader(agency, name).items()}
        return {
            "name": agency.name, "code": agency.code, "kind": agency.kind, "level": agency.level, "order": 0,
            "valid_from_precision": "day", "valid_to_precision": "day", "confidence": agency.confidence,
            "leaders-TOTAL_FORMS": 1, "leaders-INITIAL_FORMS": 0, "leaders-0-id": "", **row,
        }  # fmt: skip

    answers = at_once(
        monkeypatch,
        reverse("admin:agencies_agency_change", args=[agency.pk]),
        typed("Nguyễn Thị Một"),
        typed("Trần Văn Hai"),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    answer = next(answer for answer in answers if answer.status_code == 200)
    assert list(answer.context["inline_admin_formsets"][0].formset.errors[0]) == ["is_head"]
    assert Leader.objects.filter(agency=agency, is_head=True).count() == 1


def document(number: str) -> dict:
    kind = DocumentType.objects.get(name="Kế hoạch")
    return {
        "kind": kind.pk, "number": number, "title": "Về việc thử nghiệm", "issuer": "UBND tỉnh",
        "issued_on": "15/05/2023", "_save": "1",
    }  # fmt: skip


FORMS = {
    "document": ("articles_document_add", lambda: (document("5/KH-UBND"), document("05/KH UBND")), "number"),
    "topic": ("articles_topic_add", lambda: ({"name": "Một cửa"}, {"name": "Một cửa"}), "name"),
    "kind": (
        "articles_documenttype_add",
        lambda: ({"name": "Thư ngỏ", "place": 1}, {"name": "Thư ngỏ", "place": 2}),
        "name",
    ),
    "plan": (
        "plan_plan_add",
        lambda: tuple(
            {"year": 2031, "number": number, "issued_on": "01/02/2031", "issuer": "UBND", "title": "Kế hoạch"}
            for number in ("1/KH", "2/KH")
        ),
        "year",
    ),
    "day": (
        "agencies_workcalendarday_add",
        lambda: tuple({"on": "02/09/2031", "name": name, "basis": "Luật"} for name in ("Một", "Hai")),
        "on",
    ),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.django_db(transaction=True)
def test_what_exists_once_is_refused_beside_its_field(monkeypatch, name):
    address, typed, beside = FORMS[name]
    before = {
        model: model.objects.count() for model in (Document, DocumentType, Topic, Plan, WorkCalendarDay)
    }

    answers = at_once(monkeypatch, reverse(f"admin:{address}"), *typed())

    assert list(told(answers)) == [beside]
    assert sum(model.objects.count() - count for model, count in before.items()) == 1


@pytest.mark.django_db
def test_names_alike_but_for_their_marks_get_addresses_of_their_own(client):
    client.force_login(make_official(is_staff=True, is_superuser=True))
    Topic.objects.create(name="Một cửa")
    answer = client.post(reverse("admin:articles_topic_add"), {"name": "Một cưa"})
    assert answer.status_code == 302
    assert sorted(Topic.objects.values_list("slug", flat=True)) == ["mot-cua", "mot-cua-2"]


def test_every_form_of_the_admin_looks_again():
    ours = [each for each in admin.site._registry.values() if each.model._meta.app_label in OWN_APPS]
    plain = {row.opts.model_name for row in ours if not isinstance(row, SavedAmongOthers)}
    # Lists and journals nobody writes in.
    assert plain == {"message", "linkfault", "delegation", "exportjob", "originalview"}
