"""What an agency has not published is its own: no other agency reads it by choosing, guessing or changing something."""

import pytest
from django.urls import reverse

from agencies.roles import Role
from articles import services
from articles.models import Article, Document, DocumentType
from tests.factories import make_agency, make_article, make_document, make_file, make_image, make_official

pytestmark = pytest.mark.django_db
SECRET = "Chưa cho ai đọc"


@pytest.fixture
def own():
    return make_agency(name="Sở Của Tôi")


@pytest.fixture
def editor(own):
    return make_official(Role.EDITOR, agency=own, is_staff=True)


@pytest.fixture
def stranger():
    return make_official(Role.EDITOR, agency=make_agency(name="Sở Khác"), is_staff=True)


def sign_in(client, official):
    client.force_login(official, backend="agencies.auth.OfficialBackend")


def typed(**fields):
    return {
        "kind": DocumentType.objects.get(name="Kế hoạch").pk,
        "number": "5/KH-SCT",
        "title": "Kế hoạch của tôi",
        "issued_on": "15/05/2023",
        "effective_on": "15/05/2023",
        "seen_version": 1,
        "_save": "1",
        **fields,
    }


def offered(client, kind: str, field: str, term: str = "") -> set[str]:
    about = {"app_label": "articles", "model_name": kind, "field_name": field, "term": term}
    return {each["text"] for each in client.get(reverse("admin:autocomplete"), about).json()["results"]}


# Choosing --------------------------------------------------------------------------------------------------------


def test_a_draft_of_others_is_not_named_by_replacing_it(client, editor, stranger, own):
    secret = make_document(author=stranger, agency=stranger.agency, title=SECRET)
    public = make_document(published=True, agency=stranger.agency)
    amendment = services.amend(public, by=stranger)
    sign_in(client, editor)
    add = reverse("admin:articles_document_add")
    for row in (secret, amendment):
        page = client.post(add, typed(agency=own.pk, replaces=[row.pk]))
        assert "replaces" in page.context["adminform"].form.errors
        assert SECRET not in page.content.decode()
        assert SECRET not in client.get(f"{add}?replaces={row.pk}").content.decode()
    client.post(add, typed(agency=own.pk, replaces=[public.pk]))
    assert list(Document.objects.get(number="5/KH-SCT").replaces.all()) == [public]


@pytest.mark.parametrize("kind", ["document", "article"])
def test_a_box_offers_what_the_form_accepts(client, editor, stranger, own, kind):
    make, field = (make_document, "replaces") if kind == "document" else (make_article, "related")
    theirs = make(published=True, author=stranger, agency=stranger.agency, title="Bảng giá đất")
    make(author=stranger, agency=stranger.agency, title=SECRET)
    services.amend(theirs, by=stranger)
    mine = make(author=editor, agency=own, title="Tôi đang soạn")
    sign_in(client, editor)
    assert offered(client, kind, field) == {str(theirs), str(mine)}
    assert offered(client, kind, field, "bảng giá") == {str(theirs)}
    assert SECRET not in client.get(f"/quan-tri/articles/{kind}/").content.decode()
    assert "Bảng giá đất" not in client.get(f"/quan-tri/articles/{kind}/").content.decode()


def test_what_others_chose_beyond_ones_sight_stays_unseen(client, editor, stranger, own):
    secret = make_document(author=stranger, agency=stranger.agency, title=SECRET)
    document = make_document(author=editor, agency=own, number="5/KH-SCT", replaces=[secret])
    sign_in(client, editor)
    change = reverse("admin:articles_document_change", args=[document.pk])
    assert SECRET not in client.get(change).content.decode()
    client.post(change, typed(agency=own.pk, title="Tiêu đề mới"))
    document.refresh_from_db()
    assert (document.title, list(document.replaces.all())) == ("Tiêu đề mới", [secret])


# Guessing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_public", [True, False])
def test_a_twin_is_named_only_to_who_may_see_it(client, editor, stranger, own, is_public):
    make_document(published=is_public, author=stranger, agency=own, number="05/KH-SCT", title=SECRET)
    Document.objects.filter(agency=own).update(issuer="Bộ Nội vụ", agency=None, issuer_key="bo-noi-vu")
    sign_in(client, editor)
    page = client.post(reverse("admin:articles_document_add"), typed(issuer="Bộ Nội vụ"))
    [words] = page.context["adminform"].form.errors["number"]
    assert ("Văn bản này đã có trên cổng" in words) is is_public
    assert (SECRET in page.content.decode()) is is_public


def test_a_twin_nobody_may_see_is_not_named_by_a_step(editor, stranger):
    make_document(author=stranger, issuer="Bộ Nội vụ", number="05/KH", title=SECRET, issued_on=None)
    twin = make_document(author=editor, issuer="Bộ Nội vụ", number="6/KH", issued_on=None)
    twin.number = "5/KH"
    with pytest.raises(services.StepError) as refused:
        services.submit(twin, by=editor)
    assert "chưa công khai" in str(refused.value)
    assert SECRET not in str(refused.value)


# The library -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["image", "file"])
def library(request):
    """A kind of what lies in the library: (name, maker, the field of an article that shows it, the field of its words)."""
    if request.param == "image":
        return "image", make_image, "cover", "alt"
    return "file", make_file, "files", "title"


def shown_in(article, field: str, row) -> None:
    if field == "files":
        article.files.add(row)
    else:
        Article.objects.filter(pk=article.pk).update(cover=row)


def address(row) -> str:
    return row.get_absolute_url() if hasattr(row, "original_name") else row.url_medium


def status(client, path) -> int:
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def test_what_lies_unpublished_in_the_library_is_its_agencys_own(client, editor, stranger, own, library):
    kind, make, field, words = library
    theirs = make(by=stranger, **{words: SECRET})
    colleague = make_official(Role.EDITOR, agency=own, is_staff=True)
    ours, given = make(by=colleague), make(by=make_official(Role.PUBLISHER, is_staff=True))
    shown_in(make_article(author=editor, agency=own), field, given)
    listed, change = f"/quan-tri/articles/{kind}/", f"/quan-tri/articles/{kind}/{theirs.pk}/change/"
    sign_in(client, editor)
    assert [status(client, address(row)) for row in (theirs, ours, given)] == [404, 200, 200]
    assert SECRET not in client.get(listed).content.decode()
    assert SECRET not in client.get(change, follow=True).content.decode()
    assert SECRET not in str(offered(client, "article", field))
    if kind == "image":
        assert SECRET not in client.get(reverse("articles:image-library")).content.decode()
    for official in (
        make_official(Role.PUBLISHER, is_staff=True),
        make_official(Role.OBSERVER, is_staff=True),
    ):
        sign_in(client, official)
        assert status(client, address(theirs)) == 200
        assert SECRET in client.get(listed).content.decode()


def test_a_form_takes_nothing_of_anothers_library(client, editor, stranger, own, library):
    _kind, make, field, words = library
    theirs = make(by=stranger, **{words: SECRET})
    sign_in(client, editor)
    about = {"title": "Bài", "summary": "Tóm tắt", "body": "<p>Chữ</p>", "kind": "news", "agency": own.pk}
    page = client.post(
        reverse("admin:articles_article_add"), {**about, "seen_version": 1, field: [str(theirs.pk)]}
    )
    assert field in page.context["adminform"].form.errors
    assert SECRET not in page.content.decode()


@pytest.mark.parametrize(
    "whose", ["own", "colleague's, in own text", "others', published", "own agency's, used by others"]
)
def test_words_are_changed_by_whom_they_belong_to(client, editor, stranger, own, library, whose):
    kind, make, field, words = library
    colleague = make_official(Role.EDITOR, agency=own, is_staff=True)
    by = {"own": editor, "others', published": stranger}.get(whose, colleague)
    row = make(by=by, **{words: "Lời cũ"})
    user = own if whose in {"own", "colleague's, in own text"} else stranger.agency
    article = make_article(published=user != own, agency=user)  # what the public sees is the board's
    shown_in(article, field, row)
    sign_in(client, editor)
    client.post(f"/quan-tri/articles/{kind}/{row.pk}/change/", {words: "Lời mới", "_save": "1"})
    row.refresh_from_db()
    changed = whose in {"own", "colleague's, in own text"}
    assert getattr(row, words) == ("Lời mới" if changed else "Lời cũ")
