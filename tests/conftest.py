import os
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader
from django.test import TransactionTestCase

from feedback import history
from parcai.search import schema

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside the live server


@pytest.fixture(autouse=True)
def _own_place(settings, tmp_path):
    """Every test has its own letter box and media, keeps its own counts, and reads static files without a manifest."""
    settings.ASK_LEAST_SECONDS = 0  # tests type quicker than people
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "notifications.mail.OutboxFolderBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


_teardown = TransactionTestCase._fixture_teardown
SEEDED = ("agencies", "notifications", "plan", "articles", "feedback", "search")
NO_ROWS = (schema.build,)  # tables and triggers stay when rows go


def _seed():
    """What migrations put into the database (roles, terms, history's guard), again after tables were emptied."""
    loader = MigrationLoader(connection)
    steps = SimpleNamespace(connection=connection)
    for app in SEEDED:
        for _key, migration in sorted(pair for pair in loader.disk_migrations.items() if pair[0][0] == app):
            for operation in migration.operations:
                if isinstance(operation, RunPython) and operation.code not in NO_ROWS:
                    operation.code(apps, steps)


def _teardown_without_guard(self):
    """Emptying tables between tests is the one thing history's guard must let through."""
    history.unguard(connection)
    _teardown(self)
    _seed()


TransactionTestCase._fixture_teardown = _teardown_without_guard


REDIS_DATABASES = 16  # as a Redis server comes


def _own_redis():
    """Each test process empties its cache before a test: with a Redis database of its own it empties only its own."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    if django_settings.REDIS_URL:
        url = urlsplit(django_settings.REDIS_URL)
        number = (int(url.path.strip("/") or 0) + int(process)) % REDIS_DATABASES
        django_settings.CACHES["default"]["LOCATION"] = url._replace(path=f"/{number}").geturl()


def pytest_configure(config):
    _own_redis()
    # Static files as they are in the tree, not as they were collected some time ago.
    django_settings.WHITENOISE_AUTOREFRESH = django_settings.WHITENOISE_USE_FINDERS = True
    django_settings.STATIC_ROOT = django_settings.VAR_DIR / "static-of-tests"
    django_settings.STATIC_ROOT.mkdir(exist_ok=True)
