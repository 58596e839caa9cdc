"""The coordinator: rules for routing, refusing with a ground, spam, two matters in one letter, agencies that end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.roles import Role
from articles.models import Topic
from feedback import services
from feedback.desk.offers import offers_for
from feedback.models import Case, OutsideBody, RefusalReason, Routing, RoutingRule, Split, phrases
from notifications.models import Message
from parcai.search.models import SearchDocument
from tests.factories import (
    make_agency,
    make_case,
    make_coordinator,
    make_head,
    make_officer,
    make_official,
    make_published_case,
)

pytestmark = pytest.mark.django_db
Status = Case.Status
LAST_YEAR = timezone.localdate() - timedelta(days=365)


def signed_in(official) -> Client:
    client = Client()
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return client


def make_rule(agency, **fields) -> RoutingRule:
    fields.setdefault("name", f"Quy tắc {RoutingRule.objects.count() + 1}")
    return RoutingRule.objects.create(agency=agency, **fields)


def steps_of(case) -> list[str]:
    return list(case.events.values_list("step", flat=True))


def text_of(response) -> str:
    return response.content.decode()


# Rules


def test_words_are_single_and_phrases_stand_in_quotes():
    assert phrases('“sổ đỏ”, thửa  "giấy chứng  nhận"; --- thửa') == ["sổ đỏ", "giấy chứng nhận", "thửa"]
    with pytest.raises(ValueError, match="sổ"):
        phrases('"sổ đỏ')


@pytest.mark.parametrize(
    ("rule", "case", "words"),
    [
        ({"words": '"sổ đỏ"'}, {"title": "Xin cap lai SO DO bi mat"}, ("sổ đỏ",)),
        ({"words": '"sổ đỏ"'}, {"title": "Sổ hộ khẩu màu đỏ của tôi"}, None),
        (
            {"words": "sổ"},
            {"title": "Hỏi về nhà số mới của tôi"},
            ("sổ",),
        ),  # written without its marks it is the same
        ({"words": "đất", "place": '"Sông Cầu"'}, {"title": "Chuyển mục đích đất vườn"}, None),
        (
            {"words": "đất", "place": '"Sông Cầu"'},
            {"title": "Chuyển mục đích đất vườn", "asker_address": "Phường Sông Cầu"},
            ("đất", "Sông Cầu"),
        ),
        ({"words": "đất", "is_active": False}, {"title": "Chuyển mục đích đất vườn"}, None),
        ({"words": "đất", "valid_to": LAST_YEAR}, {"title": "Chuyển mục đích đất vườn"}, None),
    ],
)
def test_a_rule_fits_by_folded_words_and_place(rule, case, words):
    make_rule(make_agency(), **rule)
    asked = make_case(text="Nội dung đủ dài để được nhận.")
    Case.objects.filter(pk=asked.pk).update(title=case["title"])
    asked.refresh_from_db()
    asked.asker_address = case.get("asker_address", "")

    found = services.offers_by_rules(asked)

    assert [offer.words for offer in found] == ([] if words is None else [words])


def test_the_first_rule_stands_first_and_a_topic_narrows():
    first, second, third = make_agency(), make_agency(), make_agency()
    land = Topic.objects.create(name="Đất đai thử")
    make_rule(third, order=30, words="thửa")
    make_rule(second, order=10, words="thửa", topic=land)
    make_rule(first, order=20, words="thửa")
    case = make_case(title="Thửa ruộng của tôi ở đâu", text="Nội dung đủ dài để nhận.")

    assert [offer.agency for offer in services.offers_by_rules(case)] == [first, third]
    case.topic = land
    assert [offer.agency for offer in services.offers_by_rules(case)] == [second, first, third]


def test_an_ended_agency_is_suggested_by_each_of_its_heirs():
    old, one, two = make_agency(name="Phường Cũ", valid_to=LAST_YEAR), make_agency(), make_agency()
    old.successors.add(one, two)
    make_rule(old, words="thửa")
    coordinator = make_coordinator()

    found = offers_for(make_case(title="Thửa ruộng của tôi ở đâu"), coordinator)

    assert {offer.agency for offer in found} == {one, two}
    assert all("kế thừa Phường Cũ" in offer.why for offer in found)


def test_what_was_suggested_and_what_was_taken_stay_with_the_case():
    right, other = make_agency(), make_agency()
    field = Topic.objects.create(name="Đất đai thử")
    rule = make_rule(right, words="thửa", sets_topic=field)
    client, case = signed_in(make_coordinator()), make_case(title="Thửa ruộng của tôi ở đâu")

    page = text_of(client.get(case.get_desk_url()))
    assert "theo quy tắc “Quy tắc 1”, vì có “thửa”" in page
    refused = client.post(f"{case.get_desk_url()}giao/", {"suggested": right.pk, "agency": other.pk})
    assert refused.status_code == 422
    assert "hai cơ quan khác nhau" in text_of(refused)
    assert client.post(f"{case.get_desk_url()}giao/", {}).status_code == 422
    client.post(f"{case.get_desk_url()}giao/", {"suggested": right.pk, "topic": field.pk})

    case.refresh_from_db()
    kept = Routing.objects.get(case=case)
    assert (case.agency, case.topic, case.status) == (right, field, Status.ASSIGNED)
    assert (kept.source, kept.agency) == ("rule", right)
    assert [(each["rule"], each["words"]) for each in kept.offered] == [(rule.pk, ["thửa"])]
    assert "Theo quy tắc “Quy tắc 1”" in text_of(client.get(case.get_desk_url()))


def test_another_agency_than_suggested_is_kept_as_the_coordinators_choice():
    right, other = make_agency(), make_agency()
    make_rule(right, words="thửa")
    client, case = signed_in(make_coordinator()), make_case(title="Thửa ruộng của tôi ở đâu")

    client.post(f"{case.get_desk_url()}giao/", {"agency": other.pk})

    kept = Routing.objects.get(case=case)
    assert (kept.source, kept.agency, kept.offered[0]["agency"]) == ("other", other, right.pk)


def test_the_dry_run_counts_hits_misses_and_what_no_rule_fits(django_assert_num_queries):
    land, health = make_agency(), make_agency()
    make_rule(land, order=1, words="thửa")
    make_rule(health, order=2, words="thửa, thuốc")
    make_case(status=Status.ASSIGNED, agency=land, title="Thửa ruộng của tôi ở đâu")
    make_case(status=Status.ASSIGNED, agency=health, title="Thửa ruộng cạnh bệnh viện")
    make_case(status=Status.ASSIGNED, agency=health, title="Mua thuốc ở đâu cho đúng")
    make_case(status=Status.ASSIGNED, agency=health, title="Học phí năm nay bao nhiêu")
    make_case(title="Thửa ruộng chưa giao cho ai")

    with django_assert_num_queries(2):
        run = services.dry_run()

    assert (run.looked_at, run.hits, run.misses, run.unmatched, run.share) == (4, 2, 1, 1, 67)
    assert [(each.agency, each.went, each.sent, each.hits) for each in run.by_agency] == [
        (health, 3, 1, 1),
        (land, 1, 2, 1),
    ]
    assert [(each["fits"], each["right"]) for each in run.by_rule] == [(2, 1), (1, 1)]
    assert services.dry_run(many=2).looked_at == 2
    assert services.dry_run(seconds=-1).is_cut


def test_the_dry_run_page_names_cases_only_to_who_may_see_them():
    land, health = make_agency(), make_agency()
    make_rule(land, words="thửa")
    case = make_case(status=Status.ASSIGNED, agency=health, title="Thửa ruộng cạnh bệnh viện")
    url = reverse("admin:feedback_routingrule_dry_run")

    for official, named in (
        (make_coordinator(is_staff=True), True),
        (make_official(Role.ADMINISTRATOR, is_staff=True), False),
    ):
        page = signed_in(official).get(url, {"so": "10"})
        assert page.status_code == 200
        assert (case.code in text_of(page)) is named
    assert signed_in(make_official(Role.EDITOR, is_staff=True)).get(url).status_code == 403
    for odd in ("0", "99999", "x", "-1"):
        assert signed_in(make_coordinator(is_staff=True)).get(url, {"so": odd}).status_code == 200


def test_a_rule_without_a_condition_or_with_an_open_quote_is_refused():
    client, agency = signed_in(make_coordinator(is_staff=True)), make_agency()
    url = reverse("admin:feedback_routingrule_add")
    for words, says in (("", "Cần ít nhất một điều kiện"), ('"sổ đỏ', "ngoặc kép chưa đóng")):
        page = client.post(url, {"order": 1, "name": "Thử", "words": words, "agency": agency.pk})
        assert says in text_of(page)
    client.post(url, {"order": 1, "name": "Thử", "words": '"sổ đỏ"', "agency": agency.pk, "is_active": "on"})
    assert RoutingRule.objects.get().words == '"sổ đỏ"'


# Refusing, forwarding


def test_refusing_tells_the_words_the_ground_and_what_was_added():
    reason = RefusalReason.objects.get(name="Nội dung không rõ")
    client = signed_in(make_coordinator())
    case = make_case(kind=Case.Kind.FEEDBACK, email="dan@vidu.vn")
    question = make_case()

    assert "Nghị định 20/2008/NĐ-CP, Điều 7; Điều 9" in text_of(client.get(case.get_desk_url()))
    assert "Nội dung không rõ" not in text_of(client.get(question.get_desk_url()))
    assert client.post(f"{case.get_desk_url()}khong-tiep-nhan/", {"note": "x"}).status_code == 422
    client.post(f"{case.get_desk_url()}khong-tiep-nhan/", {"reason": reason.pk, "note": "Xin gửi lại."})

    case.refresh_from_db()
    told = Message.objects.get(template="case_rejected").context["note"]
    assert (case.status, case.refusal) == (Status.REJECTED, reason)
    assert told == f"{reason.words}\nCăn cứ: {reason.basis}.\nXin gửi lại."
    assert case.events.last().public_note == told


def test_forwarding_tells_how_to_reach_the_body():
    body = OutsideBody.objects.create(name="Công ty Điện lực thử", phone="1900 0000")
    client, case = signed_in(make_coordinator()), make_case(email="dan@vidu.vn")
    url = f"{case.get_desk_url()}chuyen/"

    for wrong in ({}, {"to": "b999999"}, {"to": f"b{body.pk}", "body": "Nơi khác"}, {"to": "\x00"}):
        assert client.post(url, wrong).status_code == 422
    client.post(url, {"to": f"b{body.pk}", "note": "Mời ông bà liên hệ."})

    case.refresh_from_db()
    assert (case.status, case.forwarded_to) == (Status.FORWARDED, body)
    assert case.events.last().public_note == (
        "Đã chuyển đến Công ty Điện lực thử (điện thoại: 1900 0000). Mời ông bà liên hệ."
    )


# Spam


def test_spam_leaves_search_and_lists_tells_nobody_and_comes_back():
    coordinator, case = make_coordinator(), make_case(email="dan@vidu.vn")
    services.accept(case, by=coordinator)
    client, before = signed_in(coordinator), Message.objects.count()
    due_on = case.due_on

    client.post(f"{case.get_desk_url()}rac/")

    case.refresh_from_db()
    assert (case.status, Message.objects.count()) == (Status.REJECTED, before)
    assert not SearchDocument.objects.filter(record=Case.INSIDE, object_id=case.pk).exists()
    assert case not in Case.objects.visible_to(make_official(Role.OBSERVER))
    assert case.code not in text_of(client.get("/xu-ly/?hang=tat-ca"))
    assert case.code in text_of(client.get("/xu-ly/?hang=thu-rac"))
    client.post(f"{case.get_desk_url()}khoi-phuc/")
    case.refresh_from_db()
    assert (case.status, case.spam_at, case.due_on) == (Status.ACCEPTED, None, due_on)
    assert SearchDocument.objects.filter(record=Case.INSIDE, object_id=case.pk).exists()
    assert steps_of(case) == ["receive", "accept", "spam", "unspam"]


def test_spam_is_not_undone_after_its_time_nor_a_refusal_by_that_door():
    coordinator, case, refused = make_coordinator(), make_case(), make_case()
    services.mark_spam(case, by=coordinator)
    Case.objects.filter(pk=case.pk).update(spam_at=timezone.now() - timedelta(days=31))
    case.refresh_from_db()
    services.reject(refused, by=coordinator, note="Lý do")

    for each in (case, refused):
        with pytest.raises(services.TransitionError, match="30 ngày"):
            services.undo_spam(each, by=coordinator)
    with pytest.raises(services.TransitionError, match="chưa giao"):
        services.mark_spam(make_case(status=Status.ASSIGNED), by=coordinator)


def test_several_ticked_cases_are_put_away_as_they_were_seen():
    coordinator, one, two, three = make_coordinator(), make_case(), make_case(), make_case()
    client, url = signed_in(coordinator), reverse("feedback:desk-spam")
    ticked = [f"{each.pk}:{each.version}" for each in (one, two)]
    assert f'value="{ticked[0]}"' in text_of(client.get("/xu-ly/?hang=moi"))

    asked = text_of(client.post(url, {"ho_so": [*ticked, "x", "1:2:3", "9" * 30 + ":1"]}))
    assert one.code in asked
    assert three.code not in asked
    services.accept(two, by=coordinator)  # meanwhile
    report = text_of(client.post(url, {"ho_so": [*ticked, "999999:1"], "chac": "1"}))

    statuses = {case.pk: case.status for case in Case.objects.all()}
    assert statuses == {one.pk: Status.REJECTED, two.pk: Status.ACCEPTED, three.pk: Status.RECEIVED}
    assert "Xong 1 trên 3 hồ sơ" in report
    assert "Đã thay đổi từ lúc bạn xem danh sách" in report
    assert client.post(url, {}).status_code == 302


# The queue


def test_new_cases_tell_how_long_they_have_waited_and_turn_round(django_assert_max_num_queries):
    client = signed_in(make_coordinator())
    old, new = make_case(title="Câu hỏi đã lâu rồi"), make_case(title="Câu hỏi vừa mới gửi")
    Case.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=14))

    page = text_of(client.get("/xu-ly/?hang=moi"))
    turned = text_of(client.get("/xu-ly/?hang=moi&xep=moi"))

    assert page.index(old.code) < page.index(new.code)
    assert turned.index(new.code) < turned.index(old.code)
    assert "quá hạn xem xét" in page
    assert "nhận hôm nay" in page
    with django_assert_max_num_queries(15):
        client.get("/xu-ly/?hang=moi")


# Two matters


def test_one_letter_with_two_matters_becomes_two_cases():
    coordinator = make_coordinator()
    case = make_case(email="dan@vidu.vn", title="Sổ đỏ và học phí", text="Sổ đỏ chậm. Học phí cao.")
    Case.objects.filter(pk=case.pk).update(received_at=timezone.now() - timedelta(days=3))
    case.refresh_from_db()
    client = signed_in(coordinator)
    halves = {"title": "Sổ đỏ", "text": "Sổ đỏ chậm.", "part_title": "Học phí", "part_text": "Học phí cao."}
    same = {**halves, "part_text": halves["text"], "kind": "question"}
    assert client.post(f"{case.get_desk_url()}tach/", same).status_code == 422

    client.post(f"{case.get_desk_url()}tach/", {**halves, "kind": "feedback"})

    case.refresh_from_db()
    part = Split.objects.get(case=case).part
    assert (case.text, part.text, part.kind) == ("Sổ đỏ chậm.", "Học phí cao.", "feedback")
    assert (part.received_at, part.due_on, part.status) == (case.received_at, case.due_on, Status.RECEIVED)
    assert (part.asker_email, part.publish_consent_at) == (case.asker_email, case.publish_consent_at)
    assert part.code != case.code
    assert (steps_of(case), steps_of(part)) == (["receive", "split"], ["split-off"])
    mail = Message.objects.filter(template="case_split")
    assert [part.pin in str(each.context) for each in mail] == [False]
    assert "Sổ đỏ chậm. Học phí cao." in text_of(client.get(case.get_desk_url()))
    asker = Client()
    asker.post(reverse("feedback:status"), {"code": case.code, "pin": case.pin})
    shown = text_of(asker.get(reverse("feedback:status-case")))
    assert part.code in shown
    assert part.pin in shown
    services.verify_history()


def test_only_a_case_nobody_works_on_is_split():
    case = make_case(status=Status.ASSIGNED)
    with pytest.raises(services.TransitionError, match="chưa giao"):
        services.split(
            case, by=make_coordinator(), kind=case.kind, title="a", text="b", part_title="c", part_text="d"
        )


# Doubles


def test_who_was_joined_follows_the_main_case_with_their_own_code():
    coordinator = make_coordinator()
    main, double, third = make_case(), make_case(email="hai@vidu.vn"), make_case(email="ba@vidu.vn")
    services.mark_duplicate(third, by=coordinator, of=double)
    services.mark_duplicate(double, by=coordinator, of=main)
    services.route(main, by=coordinator, agency=make_agency(name="Sở Giải quyết"))

    third.refresh_from_db()
    asker = Client()
    asker.post(reverse("feedback:status"), {"code": third.code, "pin": third.pin})
    shown = text_of(asker.get(reverse("feedback:status-case")))

    assert third.duplicate_of == main
    assert "Đã giao Sở Giải quyết giải quyết" in shown
    assert main.code not in shown
    assert steps_of(main) == ["receive", "joined", "accept", "route"]
    told = Message.objects.filter(template="case_duplicate", channel=Message.Channel.EMAIL)
    assert sorted(each.recipient for each in told) == ["ba@vidu.vn", "ba@vidu.vn", "hai@vidu.vn"]


# Fields


def test_the_field_is_set_later_and_leaves_a_line():
    field, case = Topic.objects.create(name="Đất đai thử"), make_case(status=Status.ASSIGNED)
    client = signed_in(make_coordinator())

    client.post(f"{case.get_desk_url()}linh-vuc/", {"topic": field.pk})

    case.refresh_from_db()
    assert case.topic == field
    assert case.events.last().internal_note == "chưa xếp → Đất đai thử"
    assert client.post(f"{case.get_desk_url()}linh-vuc/", {"topic": field.pk}).status_code == 422
    officer = signed_in(make_officer(case.agency))
    assert officer.post(f"{case.get_desk_url()}linh-vuc/", {"topic": ""}).status_code == 404


# Agencies that end


def test_open_cases_go_to_the_heir_after_a_dry_list():
    heir, other = make_agency(), make_agency()
    officer, head = make_officer(heir), make_head(heir)
    case = make_case(status=Status.DRAFTED)
    stale, done = (
        make_case(status=Status.ASSIGNED, agency=case.agency),
        make_published_case(agency=case.agency),
    )
    old = case.agency
    old.valid_to = LAST_YEAR
    old.save()
    client, url = signed_in(make_coordinator()), f"/xu-ly/chuyen-giao/?co_quan={old.code}"
    rows = [f"{each.pk}:{each.version}" for each in (case, stale)]

    assert "chưa ghi" in text_of(client.get("/xu-ly/chuyen-giao/"))
    old.successors.add(heir)
    dry = text_of(client.get(url))
    assert all(f'value="{row}"' in dry for row in rows)
    assert done.code not in dry
    services.claim(stale, by=make_officer(old))
    client.post(url, {"ho_so": rows, "ke_thua": other.code})
    assert not Case.objects.filter(agency=heir).exists()
    report = text_of(client.post(url, {"ho_so": rows, "ke_thua": heir.code, "chac": "1"}))

    case.refresh_from_db()
    stale.refresh_from_db()
    assert (case.agency, case.status, case.answers.count()) == (heir, Status.DRAFTED, 1)
    assert stale.agency == old
    assert "Xong 1 trên 2 hồ sơ" in report
    assert case.events.last().step == "hand-over"
    assert set(
        Message.objects.filter(template="case_assigned", official__in=(officer, head)).values_list(
            "official", flat=True
        )
    ) == {officer.pk, head.pk}
    for odd in ("", "khong-co", other.code):
        assert client.get("/xu-ly/chuyen-giao/", {"co_quan": odd}).status_code == 200


# Nhập hộ


def counter_data(**changes) -> dict:
    page = signed_in(make_coordinator()).get(reverse("feedback:desk-counter"))
    return {
        "source": "phone",
        "matter": "hoi",
        "submission": str(page.context["door"]["submission"].value()),
        "notice": page.context["consent"]["notice"].value(),
        "title": "Làm lại sổ đỏ bị mất ra sao?",
        "text": "Nhà tôi bị mất sổ đỏ, xin hỏi phải làm gì.",
        "asker_kind": "cong_dan",
        "name": "Trần Văn Quầy",
        "consent_given": "loi-noi",
        "answer_consent": "on",
        **changes,
    }


def test_what_is_typed_for_somebody_goes_through_the_same_intake_once():
    coordinator = make_coordinator()
    client, url, data = signed_in(coordinator), reverse("feedback:desk-counter"), counter_data()

    first, second = client.post(url, data), client.post(url, data)

    case = Case.objects.get()
    event = case.events.get()
    assert (case.source, case.asker_name, case.publish_consent_at) == ("phone", "Trần Văn Quầy", None)
    assert case.notice_version
    assert (event.step, event.by, event.internal_note) == (
        "receive",
        coordinator,
        "Người gửi đồng ý bằng lời.",
    )
    assert case.pin in text_of(first)
    assert case.pin not in text_of(second)
    assert case.code in text_of(second)
    stranger = signed_in(make_coordinator()).post(url, data)
    assert stranger.status_code == 422
    assert case.code not in text_of(stranger)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"matter": "to-cao"}, "không nhận qua cổng"),
        ({"matter": "phan-anh"}, "Nghị định 20/2008/NĐ-CP, Điều 7"),
        ({"answer_consent": ""}, "Hãy hỏi người gửi"),
        ({"consent_given": ""}, "Chọn một mục"),
        ({"notice": "cũ" * 99}, "vừa được sửa"),
        ({"asker_kind": "doanh_nghiep", "tax_code": "0100109107"}, "chữ số kiểm tra không khớp"),
        ({"text": "Tôi tố cáo ông chủ tịch xã nhận tiền của dân."}, "có vẻ là khiếu nại hoặc tố cáo"),
        ({"text": "Gọi cho tôi số 0912 345 678 để trả lời."}, "Có thông tin riêng tư"),
        ({"submission": "x"}, "Có chỗ cần sửa"),
        ({"matter": "\x00", "source": "web", "title": "a" * 9000}, "Có chỗ cần sửa"),
    ],
)
def test_what_the_form_of_the_asker_refuses_is_refused_here_too(changes, says):
    page = signed_in(make_coordinator()).post(reverse("feedback:desk-counter"), counter_data(**changes))

    assert page.status_code == 422
    assert says in text_of(page)
    assert "Trần Văn Quầy" in text_of(page)
    assert not Case.objects.exists()


def test_a_business_at_the_counter_and_words_that_were_asked_about():
    data = counter_data(
        asker_kind="doanh_nghiep",
        tax_code="0100109106",
        text="Tôi tố cáo ông chủ tịch xã nhận tiền của dân.",
        no_complaint="on",
    )
    signed_in(make_coordinator()).post(reverse("feedback:desk-counter"), data)

    assert Case.objects.get().tax_code == "0100109106"


def test_a_new_slip_has_a_new_pin_and_is_written_down():
    client = signed_in(make_coordinator())
    client.post(reverse("feedback:desk-counter"), counter_data(source="counter"))
    case, web = Case.objects.get(), make_case()
    former = case.pin

    page = text_of(client.post(reverse("feedback:desk-slip", args=[case.code])))

    case.refresh_from_db()
    assert case.pin != former
    assert case.pin in page
    assert services.find_by_code(case.code, former) is None
    assert steps_of(case) == ["receive", "pin-reissued"]
    refused = client.post(reverse("feedback:desk-slip", args=[web.code]))
    assert refused.status_code == 302
    assert steps_of(web) == ["receive"]
