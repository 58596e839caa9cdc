"""Boxes of the admin with a search: nonsense sent in one is refused beside its field, with what was typed."""

import pytest

from agencies.roles import Role
from tests.factories import make_article, make_official

pytestmark = pytest.mark.django_db
NONSENSE = ("la", "-1", "1.5", "9" * 40, "<script>", "é")


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("field", ["cover", "files", "related"])
def test_nonsense_in_a_search_box_is_no_server_error(client, field, value):
    article = make_article()
    client.force_login(article.author, backend="agencies.auth.OfficialBackend")

    response = client.post(
        f"/quan-tri/articles/article/{article.pk}/change/", {"title": "Tên vừa gõ", field: [value]}
    )

    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert "Tên vừa gõ" in response.content.decode()


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize(
    ("role", "path", "field"),
    [
        (Role.ADMINISTRATOR, "agencies/agency", "parent"),
        (Role.ADMINISTRATOR, "agencies/leader", "agency"),
        (Role.PLAN_MANAGER, "plan/campaign", "owner"),
        (Role.PUBLISHER, "articles/block", "image"),
    ],
)
def test_every_such_box_of_the_admin_holds(client, role, path, field, value):
    client.force_login(make_official(role, is_staff=True), backend="agencies.auth.OfficialBackend")

    response = client.post(f"/quan-tri/{path}/add/", {field: value})

    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
