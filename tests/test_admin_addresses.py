"""Addresses of the admin written by hand: every list and every form answers, whatever stands behind the question mark."""

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

from agencies.roles import Role
from articles.models import Article
from tests.factories import make_article, make_official

pytestmark = pytest.mark.django_db
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
DIGITS = "9" * 30
ODD = ["", "abc", DIGITS, "0001-01-01", "9999-12-31 23:59", "1,²"]


@pytest.fixture
def almighty(client):
    client.force_login(
        make_official(is_staff=True, is_superuser=True), backend="agencies.auth.OfficialBackend"
    )
    return client


def names(model):
    """The fields an address may speak of."""
    return [field.name for field in model._meta.get_fields() if field.concrete and not field.auto_created]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_form_opens_whatever_the_address_fills_in(almighty, model, odd):
    add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    answer = almighty.get(add, dict.fromkeys(names(model), odd))
    assert answer.status_code in {200, 403}


def questions(model):
    """What a list may be asked, each with a nonsense value."""
    for field in model._meta.get_fields():
        if not field.concrete:
            continue
        if isinstance(field, models.DateField):
            yield from (
                (f"{field.name}__{part}", odd)
                for part in ("year", "month")
                for odd in (DIGITS, "0", "-1", "10000")
            )
            yield f"{field.name}__gte", "abc"
        elif field.is_relation:
            yield from ((f"{field.name}__{part}", DIGITS) for part in ("id__exact", "in"))
        else:
            yield from ((f"{field.name}__{part}", DIGITS) for part in ("exact", "in"))
    yield from ((name, DIGITS) for name in ("o", "p", "q", "_to_field", "viec", "hieu_luc"))


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_list_answers_whatever_it_is_asked(almighty, model):
    listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for name, odd in questions(model):
        assert almighty.get(listed, {name: odd}).status_code in {200, 302, 400, 403}, (name, odd)


@pytest.mark.parametrize("field", ["campaigns", "topics", "related", "files", "agency", "cover"])
@pytest.mark.parametrize("value", [DIGITS, "-" + DIGITS, "abc", "1.5"])
def test_a_choice_no_row_has_is_refused_beside_its_field(client, field, value):
    article = make_article(author=make_official(Role.EDITOR, is_staff=True))
    client.force_login(article.author, backend="agencies.auth.OfficialBackend")
    Article.topics.field.related_model.objects.create(name="Một cửa")
    answer = client.post(reverse("admin:articles_article_change", args=[article.pk]), {field: [value]})
    assert field in answer.context["adminform"].form.errors
