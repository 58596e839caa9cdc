"""What is hidden from the public copy: proposed with reasons, added and taken off by hand, followed by the copy."""

import pytest
from django.test import Client

from feedback import services
from feedback.models import Case, OriginalView, Redaction
from parcai.lib import personal
from tests.factories import make_case, make_coordinator, make_head, make_officer, make_published_case

pytestmark = pytest.mark.django_db
Status = Case.Status
TEXT = "Cha tôi bị bệnh hiểm nghèo. Xin gọi 0912 345 678 cho tôi. Cha tôi ở nhà."
ANSWER = (
    '<p>Kính gửi bà <b>Nguyễn</b> Thị Mẫu, gọi <a href="tel:0912345678">số này</a>.</p><p>Cảm ơn R&amp;D.</p>'
)


def answered(**fields):
    return make_case(status=Status.ANSWERED, text=TEXT, answer=ANSWER, **fields)


def enter(user):
    client = Client()
    client.force_login(user, backend="agencies.auth.OfficialBackend")
    return client


def test_the_proposal_is_a_list_of_places_with_reasons_and_the_copy_follows_from_it():
    case = answered()

    masks = services.masks(case)

    assert [(each.field, each.words, each.kind) for each in masks if each.field != "name"] == [
        ("text", "0912 345 678", "số điện thoại"),
        ("answer", "địa chỉ của đường dẫn", "số điện thoại"),
    ] or [each.field for each in masks] == ["text", "answer", "answer", "name"]
    assert {each.reason for each in masks} == {"personal"}
    copy = services.proposal_for_public(case)
    assert copy["text"] == TEXT.replace("0912 345 678", personal.MASK)
    assert "tel:" not in copy["answer"]
    assert copy["name"] == ""
    assert Redaction.objects.count() == 0  # looking writes nothing


def test_words_are_masked_by_hand_wherever_they_stand_with_a_reason():
    case, by = answered(), make_coordinator()

    assert services.mask(case, by=by, field="text", words=" cha  tôi ", reason="private_life") == 2
    assert services.mask(case, by=by, field="answer", words="cảm ơn r&d", reason="personal") == 1
    assert (
        services.mask(case, by=by, field="answer", words="kính gửi bà", reason="business", note="Hợp đồng")
        == 1
    )

    copy = services.proposal_for_public(case)
    assert copy["text"].count(personal.MASK) == 3
    assert "Nguyễn" not in copy["answer"]
    assert "R&amp;D" not in copy["answer"]
    signed = case.answers.get()
    assert personal.says_the_same(copy["answer"], signed.body)
    mine = Redaction.objects.standing().filter(made_by=by)
    assert {(each.words, each.reason, each.note) for each in mine} >= {
        ("Kính gửi bà", "business", "Hợp đồng"),
        ("Cha tôi", "private_life", ""),
    }
    services.publish(case, by=by, title="Hỏi")
    case.refresh_from_db()
    assert case.public_text == copy["text"]


def test_a_place_is_shown_again_only_with_a_reason_and_the_row_says_who():
    case, by = answered(), make_coordinator()
    place = next(each.place for each in services.masks(case) if each.field == "text")

    with pytest.raises(services.TransitionError, match="vì sao"):
        services.unmask(case, by=by, place=place, why=" ")
    services.unmask(case, by=by, place=place, why="Số của cơ quan")

    row = Redaction.objects.get(field="text")
    assert (row.removed_by, row.removed_why, row.made_by) == (by, "Số của cơ quan", None)
    assert services.proposal_for_public(case)["text"] == TEXT
    with pytest.raises(services.PersonalDataError):  # the check still has its say
        services.publish(case, by=by, title="Hỏi")
    name = next(each.place for each in services.masks(case) if each.field == "name")
    with pytest.raises(services.TransitionError, match="không đồng ý nêu tên"):
        services.unmask(case, by=by, place=name, why="Muốn nêu")


def test_what_cannot_be_masked_is_said():
    case, by = answered(), make_coordinator()
    for words, reason, says in (
        ("không có", "personal", "Không thấy"),
        ("", "personal", "chép lại"),
        ("ở nhà", "other", "lý do khác"),
        ("0912", "personal", "đã được che"),
    ):
        with pytest.raises(services.TransitionError, match=says):
            services.mask(case, by=by, field="text", words=words, reason=reason)
    with pytest.raises(services.TransitionError, match="quyền"):
        services.mask(case, by=make_officer(case.agency), field="text", words="ở nhà", reason="personal")


def test_the_page_shows_both_sides_masks_and_publishes(client):
    case, by = answered(), make_coordinator()
    client, path = enter(by), f"{case.get_desk_url()}cong-khai/"

    assert (
        client.post(path, {"viec": "che", "field": "text", "words": "ở nhà", "reason": "other"}).status_code
        == 422
    )
    added = {"viec": "che", "field": "text", "words": "bệnh hiểm nghèo", "reason": "private_life"}
    assert client.post(path, added).status_code == 302
    page = client.get(path).content.decode()
    original, rest = page.split('id="ban-cong-khai"')
    assert "<mark>bệnh hiểm nghèo</mark>" in original
    assert "bị [đã che]. Xin gọi [đã che] cho tôi" in rest
    assert "Bí mật đời tư" in rest
    assert client.post(path, {"viec": "dang", "title": "Hỏi về khai sinh"}).status_code == 302

    case.refresh_from_db()
    assert case.is_public
    assert "bệnh hiểm nghèo" not in Client().get(case.get_absolute_url()).content.decode()
    for odd in ({"viec": "lạ"}, {"viec": "tep", "tep": "x"}):
        assert client.post(path, odd).status_code == 404
    for odd in ({"viec": "che", "field": "x", "words": "\x00" * 9}, {"viec": "bo-che", "place": "x" * 99}):
        assert client.post(path, odd).status_code == 422


def test_who_does_not_handle_a_public_case_says_why_before_reading_the_original():
    case = make_published_case(text=f"{TEXT} Chuyện riêng.", title="Tiêu đề riêng của tôi đây")
    Case.objects.filter(pk=case.pk).update(public_text="Bản che", public_title="Tiêu đề chung")
    stranger, desk = make_coordinator(), case.get_desk_url()
    client = enter(stranger)

    page = client.get(desk).content.decode()
    assert "Chuyện riêng" not in page
    assert "Nguyễn Thị Mẫu" not in page
    assert "Tiêu đề riêng" not in page + client.get("/xu-ly/?hang=tat-ca").content.decode()
    assert client.get(f"{desk}cong-khai/")["Location"] == desk
    assert client.post(f"{desk}xem-goc/", {"note": ""}).status_code == 422
    client.post(f"{desk}xem-goc/", {"note": "Có người khiếu nại chỗ che"})

    assert "Chuyện riêng" in client.get(desk).content.decode()
    look = OriginalView.objects.get()
    assert (look.case, look.user, look.why) == (case, stranger, "Có người khiếu nại chỗ che")
    for handling in (case.published_by, case.officer):
        assert "Chuyện riêng" in enter(handling).get(desk).content.decode()
    assert "Chuyện riêng" not in enter(make_head(case.agency)).get(desk).content.decode()
    assert OriginalView.objects.count() == 1
