"""The same questions to every model, page, role and setting, so that a new one is asked them the day it is born."""

import os
import re
import secrets
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from agencies import services as calendar
from agencies.models import WorkCalendarDay
from agencies.roles import Role
from articles import desk_tools
from articles import services as publishing
from feedback import services as cases
from feedback.models import Case, DataRequest, Draft, ExportJob
from notifications import services as notifications
from notifications.models import Message, Subscription
from parcai.demo.clock import at
from parcai.opendata import frozen
from parcai.records import KINDS, kind_named
from tests.factories import (
    make_agency,
    make_article,
    make_case,
    make_case_file,
    make_coordinator,
    make_document,
    make_file,
    make_head,
    make_image,
    make_officer,
    make_official,
    make_page,
    make_published_case,
    make_video,
)

ROOT = Path(settings.BASE_DIR)
OWN_APPS = ("search", "opendata", "agencies", "notifications", "plan", "articles", "feedback", "indexes")
OWN_MODELS = [model for app in OWN_APPS for model in apps.get_app_config(app).get_models()]
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]")
ANYBODY = "khách"
WHO = [ANYBODY, *Role]


# Models


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model.__name__)
def test_every_model_has_a_vietnamese_name_and_a_text(model):
    assert VIETNAMESE.search(str(model._meta.verbose_name)), model._meta.verbose_name
    assert model.__str__ is not apps.get_model("contenttypes", "ContentType").__mro__[1].__str__


@pytest.mark.django_db
def test_history_is_guarded_after_all_migrations():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
        names = [name for (name,) in cursor.fetchall()]
    expected = {
        "sqlite": [
            "feedback_caseevent_no_delete",
            "feedback_caseevent_no_update",
            "search_document_added",
            "search_document_changed",
            "search_document_removed",
        ],
        "postgresql": ["feedback_caseevent_no_change"],
    }
    assert names == expected[connection.vendor]


# Every address × every role


COORDINATOR, OFFICER, HEAD, OBSERVER = Role.COORDINATOR, Role.OFFICER, Role.HEAD, Role.OBSERVER
DESK = {COORDINATOR, OFFICER, HEAD, OBSERVER}
NOT_INTAKE = (OFFICER, HEAD, OBSERVER)  # at the desk, and yet not the coordinator
ALL_200 = dict.fromkeys(WHO, 200)


def for_roles(allowed, *, otherwise: int, anybody: int = 302) -> dict:
    return {ANYBODY: anybody} | {role: 200 if role in allowed else otherwise for role in Role}


# What each named address answers to a GET. An address without a row fails the test.
EXPECTED = {
    "home": ALL_200,
    "plan:plan-list": ALL_200,
    "plan:plan-detail": ALL_200,
    "plan:campaign-detail": ALL_200,
    "articles:article-list": ALL_200,
    "articles:article-rate": ALL_200,
    "articles:article-card": ALL_200,
    "articles:article-seen": dict.fromkeys(WHO, 405),
    "articles:article-detail": ALL_200,
    "articles:document-list": ALL_200,
    "articles:document-detail": ALL_200,
    "articles:page-detail": ALL_200,
    "articles:video-list": ALL_200,
    "articles:video-detail": ALL_200,
    "articles:file": for_roles(
        {Role.PUBLISHER, OBSERVER}, otherwise=404, anybody=404
    ),  # unpublished, of no editor's agency
    "articles:preview": dict.fromkeys(WHO, 302),
    "articles:image": for_roles(
        {Role.PUBLISHER, OBSERVER}, otherwise=404, anybody=404
    ),  # unpublished, of no editor's agency
    "articles:image-library": for_roles({Role.EDITOR, Role.PUBLISHER, OBSERVER}, otherwise=403),
    "articles:image-upload": for_roles((), otherwise=403) | {Role.EDITOR: 405, Role.PUBLISHER: 405},
    "feedback:question-list": ALL_200,
    "feedback:question-detail": ALL_200,
    "feedback:question-follow": ALL_200,
    "feedback:question-helpful": dict.fromkeys(WHO, 405),
    "feedback:question-ask": ALL_200,
    "feedback:question-ask-step": ALL_200,
    "feedback:question-ask-review": dict.fromkeys(WHO, 302),
    "feedback:question-receipt": dict.fromkeys(WHO, 302),
    **{
        f"feedback:{kind}-ask-{screen}": dict.fromkeys(WHO, 302)
        for kind in ("question", "feedback")
        for screen in ("alike", "matter")
    },
    "feedback:feedback-list": ALL_200,
    "feedback:feedback-detail": dict.fromkeys(WHO, 404),  # the case at hand is a question
    "feedback:feedback-follow": dict.fromkeys(WHO, 404),
    "feedback:feedback-helpful": dict.fromkeys(WHO, 405),
    "feedback:feedback-ask": ALL_200,
    "feedback:feedback-ask-step": ALL_200,
    "feedback:feedback-ask-review": dict.fromkeys(WHO, 302),
    "feedback:feedback-receipt": dict.fromkeys(WHO, 302),
    "feedback:complaint": ALL_200,
    "feedback:status": ALL_200,
    "feedback:status-case": dict.fromkeys(WHO, 302),
    "feedback:lost-pin": ALL_200,
    "feedback:new-pin": dict.fromkeys(WHO, 410),  # no such link
    "feedback:status-slip": dict.fromkeys(WHO, 302),
    "feedback:status-copy": dict.fromkeys(WHO, 302),
    "feedback:status-copy-json": dict.fromkeys(WHO, 302),
    "notifications:confirm": dict.fromkeys(WHO, 410),
    "notifications:leave": dict.fromkeys(WHO, 410),
    "feedback:status-close": dict.fromkeys(WHO, 302),
    "feedback:status-step": dict.fromkeys(WHO, 302),
    "feedback:intake-cases": dict.fromkeys(WHO, 401),  # signed calls only, whoever is signed in
    "feedback:intake-case": dict.fromkeys(WHO, 401),
    "feedback:intake-answer": dict.fromkeys(WHO, 401),
    "feedback:desk": for_roles(DESK, otherwise=403),
    "feedback:desk-overview": for_roles({COORDINATOR, HEAD, OBSERVER}, otherwise=403),
    "feedback:export-list": for_roles(DESK, otherwise=403),
    "feedback:export-file": for_roles((), otherwise=403)
    | {COORDINATOR: 200, OFFICER: 404, HEAD: 404, OBSERVER: 404},  # of the coordinator who asked for it
    "feedback:desk-case": for_roles(DESK, otherwise=403),
    "feedback:question-file": dict.fromkeys(WHO, 404),  # not released
    "feedback:feedback-file": dict.fromkeys(WHO, 404),
    "feedback:desk-copy": for_roles((), otherwise=403) | dict.fromkeys(DESK, 404),  # nobody asked for one
    "feedback:desk-publish": for_roles((), otherwise=403)
    | dict.fromkeys(DESK, 404)
    | {COORDINATOR: 302},  # public and not published by this coordinator: the reason comes first
    "feedback:desk-step": for_roles((), otherwise=403)
    | {COORDINATOR: 302, OFFICER: 404, HEAD: 404, OBSERVER: 404},
    "feedback:desk-counter": for_roles((), otherwise=403)
    | {COORDINATOR: 200}
    | dict.fromkeys(NOT_INTAKE, 404),
    "feedback:desk-spam": for_roles((), otherwise=403) | {COORDINATOR: 302} | dict.fromkeys(NOT_INTAKE, 404),
    "feedback:desk-hand-over": for_roles((), otherwise=403)
    | {COORDINATOR: 200}
    | dict.fromkeys(NOT_INTAKE, 404),
    "feedback:desk-slip": for_roles((), otherwise=403) | {COORDINATOR: 302} | dict.fromkeys(NOT_INTAKE, 404),
    "feedback:desk-file": for_roles({COORDINATOR, OFFICER, HEAD}, otherwise=403) | {OBSERVER: 404},
    "feedback:status-file": dict.fromkeys(WHO, 404),  # no case is open on this device
    "feedback:private": dict.fromkeys(WHO, 405),
    "feedback:desk-filters": for_roles(DESK, otherwise=403),
    "feedback:desk-filter": dict.fromkeys(WHO, 405),  # POST only
    "feedback:desk-opinions": for_roles((), otherwise=403)
    | {COORDINATOR: 404, OFFICER: 200, HEAD: 200, OBSERVER: 404},
    "feedback:desk-opinion": for_roles((), otherwise=403)
    | {COORDINATOR: 404, OFFICER: 404, HEAD: 404, OBSERVER: 404},  # another agency was asked
    "feedback:desk-delegations": for_roles({HEAD}, otherwise=403),
    "feedback:desk-delegation-revoke": dict.fromkeys(WHO, 405),  # POST only
    "feedback:desk-template": for_roles((), otherwise=403)
    | {COORDINATOR: 404, OFFICER: 302, HEAD: 404, OBSERVER: 404},
    "feedback:desk-cite": for_roles((), otherwise=403)
    | {COORDINATOR: 404, OFFICER: 302, HEAD: 404, OBSERVER: 404},
    "feedback:desk-drop-file": for_roles((), otherwise=403)
    | {COORDINATOR: 404, OFFICER: 302, HEAD: 404, OBSERVER: 404},
    "feedback:desk-versions": for_roles(DESK, otherwise=403),
    "feedback:alike": dict.fromkeys(WHO, 405),
    "search": ALL_200,
    "search-suggestions": ALL_200,
    "search-note": dict.fromkeys(WHO, 405),
    "agency-list": ALL_200,
    "agency-detail": ALL_200,
    "open-data": ALL_200,
    "open-data-catalogue": ALL_200,
    "open-data-set": ALL_200,
    "open-data-file": ALL_200,
    "open-data-frozen": ALL_200,
    "statistics": ALL_200,
    "statistics-report": ALL_200,
    "statistics-file": ALL_200,
    "calendar": ALL_200,
    "appearance": dict.fromkeys(WHO, 302),
    "start": dict.fromkeys(WHO, 302),
    "login": ALL_200,
    "logout": dict.fromkeys(WHO, 405),
    "password_change": for_roles(Role, otherwise=200),
    "password_change_done": for_roles(Role, otherwise=200),
    "inbox": for_roles(Role, otherwise=200),
    "gallery": dict.fromkeys(WHO, 404),
    "live": ALL_200,
    "ready": ALL_200,
    "robots": ALL_200,
    "feed-articles": ALL_200,
    "feed-articles-by": ALL_200,
    "feed-documents": ALL_200,
    "feed-videos": ALL_200,
    "feed-question": ALL_200,
    "feed-feedback": ALL_200,
    "sitemap": ALL_200,
    "sitemap-part": ALL_200,
    "sitemap-news": ALL_200,
    "favicon": dict.fromkeys(WHO, 302),
    "api:start": ALL_200,
    "api:openapi": ALL_200,
    "api:docs": ALL_200,
    "api:statistics": ALL_200,
    "api:nothing": dict.fromkeys(WHO, 404),
    **{f"api:{kind.name}-list": ALL_200 for kind in KINDS},
    # No row of that id: tests/api asks for those there are.
    **{f"api:{kind.name}-record": dict.fromkeys(WHO, 404) for kind in KINDS},
}


MACHINES = {
    "articles:article-card",
    *("live", "ready", "robots", "sitemap", "sitemap-part", "sitemap-news"),
    "search-suggestions",
    *("open-data-catalogue", "open-data-file", "open-data-frozen"),
    *("feed-articles", "feed-articles-by", "feed-question", "feed-feedback"),
    "feed-documents",
    "feed-videos",
    "statistics-file",
    *(name for name in EXPECTED if name.startswith("api:") and name != "api:docs"),
}


def named_addresses(patterns, namespace="") -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= named_addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            found.add(f"{namespace}{pattern.name}")
    return found


def test_every_address_has_its_row():
    assert named_addresses(get_resolver().url_patterns) == set(EXPECTED)


@pytest.fixture
def world():
    """One row of everything, belonging to one agency, and an official of each role there."""
    from plan import services as plan
    from plan.models import Campaign

    plan.load_plan_113()
    agency = make_agency()
    case = make_case(status=Case.Status.ASSIGNED, agency=agency)
    article = make_article(published=True, agency=agency)
    attached = make_case_file(case)
    public = make_published_case(agency=agency)
    video = make_video(published=True, agency=agency)
    document = make_document(published=True)
    page = make_page(published=True)
    image = make_image()
    stored = make_file()
    officials = {role: make_official(role, agency=agency, is_staff=True) for role in Role}
    campaign = Campaign.objects.get(number=1)
    with at(timezone.now() - timedelta(days=366)):
        make_case()
    last_year = timezone.localdate().year - 1
    cases.count_figures(last_year)
    export = cases.ask_for_export([case.pk], by=officials[COORDINATOR], queue="tat-ca", ending="csv")
    arguments = {
        "statistics-report": [last_year],
        "statistics-file": [f"{last_year}.xlsx"],
        "feedback:export-file": [export.pk],
        "plan:plan-detail": [2023],
        "plan:campaign-detail": [2023, campaign.number],
        "articles:article-detail": [article.slug, article.pk],
        "articles:article-rate": [article.pk],
        "articles:article-card": [article.pk],
        "articles:article-seen": [article.pk],
        "articles:video-detail": [video.slug, video.pk],
        "articles:document-detail": [document.pk],
        "articles:page-detail": [page.slug],
        "articles:file": [stored.pk, stored.ending],
        "articles:preview": [desk_tools.token(desk_tools.make_preview_link(article, by=article.author))],
        "articles:image": [image.pk, image.widths[0]],
        "agency-detail": [agency.code],
        "feedback:question-follow": [public.pk],
        "feedback:question-helpful": [public.pk],
        "feedback:feedback-follow": [public.pk],
        "feedback:feedback-helpful": [public.pk],
        "feedback:new-pin": ["khong-co"],
        "notifications:confirm": ["khong-co"],
        "notifications:leave": ["khong-co"],
        "feedback:question-detail": [public.pk],
        "feedback:feedback-detail": [public.pk],
        "feedback:question-ask-step": ["cau-hoi"],
        "feedback:feedback-ask-step": ["cau-hoi"],
        "feedback:complaint": ["to-cao"],
        "feedback:status-step": ["rut"],
        "feedback:intake-case": [case.code],
        "feedback:intake-answer": [case.code],
        "feedback:desk-case": [case.code],
        "feedback:desk-file": [case.code, attached.pk],
        "feedback:status-file": [attached.pk],
        "feedback:question-file": [public.pk, attached.pk],
        "feedback:feedback-file": [public.pk, attached.pk],
        "feedback:desk-copy": [case.code],
        "feedback:desk-publish": [public.code],
        "feedback:desk-step": [case.code, "giao"],
        "feedback:desk-slip": [case.code],
        "feedback:desk-filter": [1],
        "feedback:desk-opinion": [
            cases.ask_opinion(
                case,
                by=officials[COORDINATOR],
                agency=make_agency(),
                question="Xin ý kiến về giấy tờ.",
                due_on=case.due_on,
            ).pk
        ],
        "feedback:desk-delegation-revoke": [1],
        "feedback:desk-template": [case.code],
        "feedback:desk-cite": [case.code],
        "feedback:desk-drop-file": [case.code, case.submission],
        "feedback:desk-versions": [case.code],
        "open-data-set": ["articles"],
        "open-data-file": ["articles", "articles.csv"],
        "open-data-frozen": ["articles", frozen.freeze(kind_named("articles"), 2026).download_name],
        "feed-articles-by": ["loai", "news"],
        "sitemap-part": ["tin-bai", 1],
        **{f"api:{kind.name}-record": ["khong-co"] for kind in KINDS},
    }
    return officials, arguments


def status_of(client, path: str) -> int:
    response = client.get(path)
    if response.streaming:
        list(response)  # read to its end, as a browser would: that closes the file
    return response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO, ids=str)
def test_every_address_answers_each_role_as_written(world, who):
    from django.urls import reverse

    officials, arguments = world
    client = Client()
    if who != ANYBODY:
        client.force_login(officials[who], backend="agencies.auth.OfficialBackend")
    answers = {name: status_of(client, reverse(name, args=arguments.get(name))) for name in EXPECTED}
    assert answers == {name: row[who] for name, row in EXPECTED.items()}


INTAKE_TABLES = dict.fromkeys(("feedback.routingrule", "feedback.refusalreason", "feedback.outsidebody"), "+")
# Which lists of the admin a role may open, and where it may add.
ADMIN = {
    Role.ADMINISTRATOR: {
        "agencies.agency": "+",
        "agencies.leader": "+",
        "articles.sitenotice": "+",
        "agencies.user": "+",
        "agencies.apikey": "+",
        "agencies.workcalendarday": "+",
        "notifications.message": "",
        "feedback.term": "+",
        **INTAKE_TABLES,
        "feedback.exportjob": "",
        "feedback.originalview": "",
        "feedback.answertemplate": "+",
        "feedback.delegation": "",
    },
    Role.EDITOR: {
        "search.synonym": "",
        "search.bestbet": "",
        "search.askedwords": "",
        "articles.document": "+",
        "articles.documenttype": "",
        "articles.page": "+",
        "articles.article": "+",
        "articles.image": "+",
        "articles.video": "+",
        "articles.linkfault": "",
        "articles.file": "+",
        "articles.topic": "",
        "agencies.agency": "",
        "plan.campaign": "",
    },
    Role.PUBLISHER: {
        "search.synonym": "+",
        "search.bestbet": "+",
        "search.askedwords": "",
        "articles.document": "+",
        "articles.documenttype": "+",
        "articles.page": "+",
        "articles.menuitem": "+",
        "articles.block": "+",
        "articles.homesection": "+",
        "articles.sitenotice": "+",
        "articles.article": "+",
        "articles.image": "+",
        "articles.video": "+",
        "articles.linkfault": "",
        "articles.file": "+",
        "articles.topic": "+",
        "agencies.agency": "",
        "agencies.leader": "+",
        "plan.campaign": "",
    },
    Role.COORDINATOR: {"agencies.agency": "", "agencies.workcalendarday": "", **INTAKE_TABLES},
    Role.PLAN_MANAGER: {"plan.plan": "+", "plan.campaign": "+", "agencies.agency": ""},
    Role.INDEX_MANAGER: {"agencies.agency": ""},
    Role.OBSERVER: {
        **dict.fromkeys(INTAKE_TABLES, ""),
        "feedback.exportjob": "",
        "feedback.originalview": "",
        "search.synonym": "",
        "search.bestbet": "",
        "search.askedwords": "",
        "articles.document": "",
        "articles.documenttype": "",
        "articles.page": "",
        "articles.article": "",
        "articles.image": "",
        "articles.video": "",
        "articles.linkfault": "",
        "articles.file": "",
        "articles.topic": "",
        "feedback.answertemplate": "",
        "feedback.delegation": "",
        "plan.plan": "",
        "plan.campaign": "",
        "agencies.agency": "",
        "agencies.leader": "",
        "agencies.workcalendarday": "",
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role), ids=str)
def test_every_page_of_the_admin_answers_each_role_as_written(world, role):
    officials, _arguments = world
    client = Client()
    client.force_login(officials[role], backend="agencies.auth.OfficialBackend")
    may = ADMIN.get(role, {})
    for model in admin.site._registry:
        if model._meta.app_label not in OWN_APPS:
            continue
        base = f"/quan-tri/{model._meta.app_label}/{model._meta.model_name}/"
        right = may.get(model._meta.label_lower)
        assert client.get(base).status_code == (403 if right is None else 200), base
        assert client.get(f"{base}add/").status_code == (200 if right == "+" else 403), base
        assert client.get(f"{base}?q=%27%22%3Cx&p=99&o=99.-1&e=1").status_code in {302, 403, 200}


@pytest.mark.django_db
def test_officials_without_staff_rights_do_not_enter_the_admin(client):
    client.force_login(make_official(Role.PUBLISHER), backend="agencies.auth.OfficialBackend")
    assert client.get("/quan-tri/").status_code == 302


# Every public page


PUBLIC = [name for name, row in EXPECTED.items() if row[ANYBODY] == 200 and name not in MACHINES]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_page_keeps_the_rules(world, name):
    from django.urls import reverse

    client = Client()
    response = client.get(reverse(name, args=world[1].get(name)))
    page = response.content.decode()
    assert '<html lang="vi"' in page
    assert page.count("<h1") == 1
    assert 'class="skip" href="#noi-dung-chinh"' in page
    assert re.search(r"<title>\s*\S", page)
    runs = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", page)  # data no browser runs
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", runs)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert "private" in response["Cache-Control"]
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_that_only_read_refuse_everything_else(client, method):
    for path in ("/", "/ke-hoach/", "/hien-thi/", "/lich-lam-viec/"):
        assert getattr(client, method)(path).status_code == 405
    assert not Draft.objects.exists()


# Templates, messages, settings


def test_every_template_can_be_read():
    for path in (ROOT / "templates").rglob("*.html"):
        get_template(str(path.relative_to(ROOT / "templates")))


def test_every_message_has_its_subject_and_text():
    senders = [
        *ROOT.glob("feedback/services/*.py"),
        ROOT / "articles/services.py",
        ROOT / "notifications/subscriptions.py",
        ROOT / "parcai/adminsite.py",
    ]
    source = "".join(path.read_text() for path in senders)
    names = set(
        re.findall(
            r'"((?:case|answer|article|account|export|follow|subscription)_(?!_)[a-z_]+)"(?!:)', source
        )
    )
    written = {path.name.split(".")[0] for path in (ROOT / "templates" / "messages").glob("*.subject.txt")}
    assert names - {"case_id", "answer_consent_at"} == written
    context = {
        "code": "PY26-AAAA-BBBB",
        "title": "Tiêu đề",
        "due": "15/5/2026",
        "note": "x",
        "by": "y",
        "agency": "Sở",
    }
    for name in written:
        subject = render_to_string(f"messages/{name}.subject.txt", context, using="text")
        text = render_to_string(f"messages/{name}.txt", context, using="text")
        assert subject.strip()
        assert VIETNAMESE.search(text)


def test_every_setting_is_listed_for_those_who_run_the_portal():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "parcai" / "settings.py").read_text()))
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - listed == set()
    compose = (ROOT / "docker-compose.yml").read_text()
    assert listed - read == {"WEB_WORKERS", *re.findall(r"\$\{([A-Z_]+)", compose)}


def test_the_containers_run_what_the_portal_has():
    compose = (ROOT / "docker-compose.yml").read_text()
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    given = set(re.findall(r"^    ([A-Z_]+): ", compose.split("services:")[0], re.MULTILINE))
    assert {"DATABASE_URL", "REDIS_URL"} < given <= listed
    assert 'celery", "--app", "parcai", "beat"' in compose
    assert "parcai.wsgi:application" in (ROOT / "Dockerfile").read_text()
    assert (ROOT / "deploy" / "nginx.conf").exists()


GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "cchc.vidu.vn",
    "SITE_URL": "https://cchc.vidu.vn",
}


def start(folder, **environment):
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT,
        env={**clean, "DJANGO_SETTINGS_MODULE": "parcai.settings", "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_well_set_production_starts(tmp_path):
    done = start(tmp_path, **GOOD)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "ngắn"},
        {"SECRET_KEY": "django-insecure-" + "x" * 60},
        {"SECRET_KEY": "a" * 80},
        {"DEBUG": "1"},
        {"ALLOWED_HOSTS": "*"},
        {"ALLOWED_HOSTS": "cchc.vidu.vn,.vidu.vn"},
        {"ALLOWED_HOSTS": ""},
        {"SITE_URL": "http://cchc.vidu.vn"},
        {"SITE_URL": ""},
        {"ENVIRONMENT": "staging"},
    ],
    ids=str,
)
def test_a_careless_production_does_not_start(tmp_path, wrong):
    done = start(tmp_path, **{**GOOD, **wrong})
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr


def test_there_is_no_demonstration_in_production(tmp_path):
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env={**clean, "VAR_DIR": str(tmp_path), **GOOD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Không dựng dữ liệu minh họa" in done.stderr


# More of the same for every model, template and page ------------------------------------------------------------


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model.__name__)
def test_every_model_says_its_plural_in_vietnamese_too(model):
    assert VIETNAMESE.search(str(model._meta.verbose_name_plural)), model._meta.verbose_name_plural
    assert "__str__" in vars(model) or any("__str__" in vars(base) for base in model.__mro__[1:-3])


@pytest.mark.parametrize(
    "model",
    [model for model in OWN_MODELS if model in admin.site._registry],
    ids=lambda model: model.__name__,
)
def test_every_model_listed_in_the_admin_has_an_order(model):
    assert model._meta.ordering or admin.site._registry[model].ordering


def test_every_field_people_see_has_a_vietnamese_name():
    missing = []
    for model in OWN_MODELS:
        if model in admin.site._registry:
            for field in model._meta.get_fields():
                if getattr(field, "editable", False) and not field.auto_created and field.model is model:
                    name = str(field.verbose_name)
                    if name == field.name.replace("_", " "):
                        missing.append(f"{model.__name__}.{field.name}")
    # Written by Django itself, in Vietnamese through its own translations, or shown nowhere.
    assert missing == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role), ids=str)
def test_no_role_reaches_what_belongs_to_the_frame(world, role):
    client = Client()
    client.force_login(world[0][role], backend="agencies.auth.OfficialBackend")
    foreign = [model for model in admin.site._registry if model._meta.app_label not in OWN_APPS]
    assert {model._meta.label for model in foreign} == {"auth.Group"}
    for model in foreign:
        base = f"/quan-tri/{model._meta.app_label}/{model._meta.model_name}/"
        assert (client.get(base).status_code, client.get(f"{base}add/").status_code) == (403, 403), base


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role), ids=str)
def test_no_role_may_make_itself_an_almighty_account(world, role):
    officials, _arguments = world
    client = Client()
    client.force_login(officials[role], backend="agencies.auth.OfficialBackend")
    person = officials[Role.EDITOR]

    client.post(
        f"/quan-tri/agencies/user/{person.pk}/change/",
        {
            "username": person.username,
            "full_name": "Đổi tên",
            "email": "",
            "groups": [person.groups.get().pk],
            "is_superuser": "on",
            "is_active": "on",
        },
    )

    person.refresh_from_db()
    assert person.is_superuser is False
    assert (person.full_name == "Đổi tên") is (role is Role.ADMINISTRATOR)


@pytest.mark.django_db
def test_visitors_are_sent_from_every_admin_page_to_the_one_door(client):
    for model in admin.site._registry:
        base = f"/quan-tri/{model._meta.app_label}/{model._meta.model_name}/"
        for path in (base, f"{base}add/", f"{base}1/change/", f"{base}1/delete/", f"{base}1/history/"):
            response = client.get(path, follow=True)
            assert response.redirect_chain[-1][0].startswith("/tai-khoan/dang-nhap/"), path


def rules_of_a_page(page: str) -> dict[str, bool]:
    return {
        "lang": '<html lang="vi"' in page,
        "one h1": page.count("<h1") == 1,
        "skip link": 'class="skip" href="#noi-dung-chinh"' in page and 'id="noi-dung-chinh"' in page,
        "title": bool(re.search(r"<title>[^<]*\S[^<]* – Cải cách hành chính", page)),
        "nothing inline": not re.search(
            r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", page
        ),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/khong-co-trang-nay/", 404),
        ("/hoi-dap/999999/", 404),
        ("/tin-bai/khong-co-1/", 404),
        ("/ke-hoach/1999/", 404),
        ("/ke-hoach/2023/99/", 404),
        ("/?q=%00", 400),
        ("/hoi-dap/%00/", 400),
    ],
)
def test_pages_that_refuse_keep_the_rules_too(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert rules_of_a_page(response.content.decode()) == dict.fromkeys(
        ("lang", "one h1", "skip link", "title", "nothing inline"), True
    )
    assert response.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/xu-ly/", "/quan-tri/agencies/agency/"])
def test_the_page_for_those_without_the_right_keeps_the_rules(client, path):
    client.force_login(make_official(is_staff=True), backend="agencies.auth.OfficialBackend")

    response = client.get(path)

    assert response.status_code == 403
    assert set(rules_of_a_page(response.content.decode()).values()) == {True}


@pytest.mark.django_db
@pytest.mark.parametrize("case_status", Case.Status.values)
def test_the_desk_and_the_asker_page_keep_the_rules_in_every_status(client, case_status):
    case = make_case(status=Case.Status.ASSIGNED, email="dan@vidu.vn")
    Case.objects.filter(pk=case.pk).update(status=case_status, duplicate_of=make_case())
    client.force_login(make_official(*Role, agency=case.agency), backend="agencies.auth.OfficialBackend")
    client.post("/tra-cuu/", {"code": case.code, "pin": case.pin})

    for path in (case.get_desk_url(), "/tra-cuu/ho-so/", "/xu-ly/?hang=tat-ca", "/tai-khoan/thong-bao/"):
        response = client.get(path)
        rules = rules_of_a_page(response.content.decode())
        if path == case.get_desk_url():
            rules.pop("nothing inline")  # the editor brings a style of its own
        assert (response.status_code, set(rules.values())) == (200, {True}), path
        assert "no-store" in response["Cache-Control"]


SOURCES = sorted((ROOT / "templates").rglob("*.html"))
OFFERED_TO_TEMPLATES = {
    "include": r'{%\s*include\s+"([^"]+)"',
    "extends": r'{%\s*extends\s+"([^"]+)"',
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_what_a_template_names_exists(path):
    source = path.read_text(encoding="utf-8")
    for pattern in OFFERED_TO_TEMPLATES.values():
        for name in re.findall(pattern, source):
            get_template(name)
    for name in re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", source):
        assert finders.find(name), name
    known = named_addresses(get_resolver().url_patterns)
    for name in re.findall(r"{%\s*url\s+['\"]([^'\"]+)['\"]", source):
        assert name in known or name.startswith("admin:"), name


def test_every_include_says_what_it_shows():
    loose = []
    for path in SOURCES:
        for tag in re.findall(r"{%\s*include\s+\"components/[^%]*%}", path.read_text(encoding="utf-8")):
            if not tag.removesuffix("%}").rstrip().endswith("only"):
                loose.append(f"{path.name}: {tag}")
    assert loose == []


@pytest.mark.django_db
def test_every_message_finds_its_words_in_what_the_step_gave_it():
    tell_every_story()

    messages = list(Message.objects.all())

    written = {path.name.split(".")[0] for path in (ROOT / "templates" / "messages").glob("*.subject.txt")}
    assert {message.template for message in messages} == written
    for message in messages:
        if not message.context:
            continue  # its asker had everything deleted
        given = {*message.context, "site_url", "portal_name"}
        for ending in ("subject.txt", "txt"):
            source = (ROOT / "templates" / "messages" / f"{message.template}.{ending}").read_text()
            assert set(re.findall(r"{{\s*(\w+)", source)) <= given, message.template
        if message.channel == Message.Channel.EMAIL:
            email = notifications.as_email(message)
            assert "{{" not in email.body
            assert email.subject
            assert "Canary" not in email.body + email.subject + email.alternatives[0].content


def tell_every_story():
    """Each message once: a case through every step, and an article through its review."""
    agency, coordinator = make_agency(), make_coordinator()
    officer, head = make_officer(agency), make_head(agency)

    def case(status=Case.Status.RECEIVED):
        return make_case(
            status=status, agency=agency, email="dan@vidu.vn", text="Canary nội dung, không vào thư nào cả."
        )

    cases.reject(case(), by=coordinator, note="Lý do")
    cases.forward(case(), by=coordinator, body="Tòa án nhân dân")
    cases.mark_duplicate(case(), by=coordinator, of=make_published_case())
    ended = case()
    cases.mark_duplicate(case(), by=coordinator, of=ended)
    cases.reject(ended, by=coordinator, note="Lý do")
    asked = case(Case.Status.ASSIGNED)
    cases.ask_back(asked, by=officer, note="Cần thêm")
    cases.add_information(asked, text="Canary bổ sung")
    cases.return_to_intake(asked, by=officer, note="Không thuộc Sở")
    extended = case(Case.Status.ASSIGNED)
    later = cases.latest_extension(extended)
    cases.extend(extended, by=head, due_on=later, ground="Quy chế, Điều 7", note="Phải xác minh")
    cases.withdraw(case(Case.Status.ASSIGNED))
    halves = {"title": "Việc một", "text": "Canary một", "part_title": "Việc hai", "part_text": "Canary hai"}
    cases.split(case(), by=coordinator, kind=Case.Kind.FEEDBACK, **halves)
    followed, joined, shut = (make_published_case(agency=agency, email="dan@vidu.vn") for _number in range(3))
    for each in (followed, joined, shut):
        cases.ask_to_follow(each, email="nguoi.theo.doi@vidu.vn")
    Subscription.objects.update(confirmed_at=timezone.now())
    words = cases.proposal_for_public(followed)
    cases.publish(followed, by=coordinator, **words | {"title": "Tiêu đề khác"})
    cases.ask_for_pin(followed.code, "dan@vidu.vn")
    cases.withdraw_consent(followed)
    cases.reopen(joined, note="Canary chưa rõ")
    cases.add_more(joined, text="Canary thêm")
    cases.submit_answer(joined, by=officer, body="<p>Trả lời lần hai.</p>", version=0)
    cases.sign(joined, by=head, version=1)
    cases.publish(joined, by=coordinator, **cases.proposal_for_public(joined))
    cases.reopen(shut, note="Canary chưa rõ")
    cases.mark_duplicate(shut, by=coordinator, of=joined)
    asked = cases.ask_about_data(case(), kind="delete", note="Canary")
    cases.do_data_request(asked, by=coordinator)
    late = cases.ask_about_data(case(), kind="access")
    DataRequest.objects.filter(pk=late.pk).update(reply_by=timezone.localdate())
    cases.remind_data_requests()
    cases.accept_data_request(late, by=coordinator)
    cases.refuse_data_request(late, by=coordinator, ground="Điều luật", answer="Lời giải thích")
    drafted = case(Case.Status.DRAFTED)
    cases.send_back(drafted, by=head, note="Sửa")
    answered = case(Case.Status.ANSWERED)
    cases.reopen(answered, note="Canary chưa rõ")
    cases.recall(case(Case.Status.ASSIGNED), by=coordinator, note="Giao nhầm")
    original = case(Case.Status.ANSWERED)
    cases.mark_duplicate(case(), by=coordinator, of=original)
    cases.publish(original, by=coordinator, **{**cases.proposal_for_public(original), "text": "Câu hỏi"})
    Case.objects.filter(pk=case().pk).update(clock_from=timezone.now() - timedelta(days=30))
    today = timezone.localdate()
    for days in (0, 9):
        waiting = case(Case.Status.ASSIGNED)
        Case.objects.filter(pk=waiting.pk).update(due_on=today - timedelta(days=days))
    for days in (1, 0):
        waiting = case(Case.Status.ASSIGNED)
        due = calendar.due_on(timezone.now(), days) if days else today
        Case.objects.filter(pk=waiting.pk).update(due_on=due)
    cases.remind_deadlines()
    recounted = case(Case.Status.ASSIGNED)
    WorkCalendarDay.objects.create(on=recounted.due_on, name="Nghỉ bão", basis="Công điện")
    cases.recount_deadlines()
    ExportJob.objects.create(by=coordinator, queue="tat-ca", ending="csv", ids=[recounted.pk], count=1)
    cases.make_exports()
    tell_of_the_work(case(Case.Status.ASSIGNED), officer, head)
    make_article(published=True)
    article = make_article()
    publishing.submit(article, by=article.author)
    publishing.send_back(article, by=make_official(Role.PUBLISHER), note="Sửa")
    publishing.comment(article, by=make_official(Role.PUBLISHER), text="Thêm số liệu")
    publishing.publish_in_emergency(article, by=make_official(Role.PUBLISHER), reason="Bão")
    publishing.withdraw(article, by=make_official(Role.PUBLISHER), reason="Sai")
    admin.site.tell(officer, "mật khẩu được đặt lại.", by=make_official(Role.ADMINISTRATOR))


def tell_of_the_work(case, officer, head):
    """What officers, heads and other agencies tell one another on the way to an answer."""
    today, second = timezone.localdate(), make_officer(case.agency)
    other = make_agency()
    make_officer(other)
    cases.claim(case, by=officer)
    Case.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - timedelta(days=30))
    case.refresh_from_db()
    cases.claim(case, by=second)
    cases.pass_on(case, by=head, to=officer, note="Nghỉ phép")
    cases.add_note(case, by=officer, text=f"Canary, nhờ @{head.username} xem")
    opinion = cases.ask_opinion(case, by=officer, agency=other, question="Canary hỏi", due_on=today)
    cases.remind_opinions()
    cases.give_opinion(opinion, by=other.officials.get(), text="Canary trả lời")
    later = {"due_on": cases.latest_extension(case), "ground": "Điều 7", "body": "Đang xác minh."}
    cases.propose_interim(case, by=officer, version=0, **later)
    cases.return_interim(case, by=head, note="Nói rõ hơn")
    row = cases.propose_interim(case, by=officer, version=2, **later)
    cases.sign_interim(case, by=head, version=row.version)
    given = cases.delegate(by=head, deputy=second, valid_from=today, valid_until=today, ground="QĐ 1")
    cases.revoke_delegation(given, by=head)


def test_every_group_of_settings_says_its_default():
    """The listed value of a setting that has a simple default is that default."""
    source = (ROOT / "parcai" / "settings.py").read_text()
    listed = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    simple = dict(re.findall(r'env\.int\("([A-Z_]+)", default=([\d_]+)\)', source))
    assert len(simple) >= 5
    assert {name: listed[name] for name in simple} == {
        name: str(int(value.replace("_", ""))) for name, value in simple.items()
    }


def test_the_guard_of_history_is_the_last_step_of_its_migrations():
    """SQLite drops triggers when a table is rebuilt: whoever touches the table must guard it again."""
    folder = ROOT / "feedback" / "migrations"
    touching = [
        path
        for path in sorted(folder.glob("0*.py"))
        if re.search(r"caseevent", path.read_text(), re.IGNORECASE) and path.name != "0001_initial.py"
    ]
    for path in touching:
        assert "history.guard" in path.read_text(), path.name
    assert "history.guard" in (folder / "0002_guard_and_terms.py").read_text()


@pytest.mark.django_db
def test_pages_leave_compressed_and_pictures_as_they_are(client):
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    picture = make_image()
    make_article(published=True, cover=picture)
    assert not client.get(picture.url_small, headers={"Accept-Encoding": "gzip"}).has_header(
        "Content-Encoding"
    )
    assert not client.get("/").has_header("Content-Encoding")
