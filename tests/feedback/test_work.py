"""The officer and the head beside the answer itself: claims, templates, opinions, interim answers, signing, previews."""

from datetime import timedelta
from html import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import services as agencies
from agencies.models import User
from agencies.roles import Role
from feedback import services
from feedback.models import (
    Answer,
    AnswerTemplate,
    AnswerVersion,
    Case,
    Delegation,
    Opinion,
    RefusalReason,
    SavedFilter,
)
from feedback.timeline import timeline
from notifications.models import Message
from tests.factories import (
    PASSWORD,
    PDF,
    make_agency,
    make_case,
    make_coordinator,
    make_document,
    make_head,
    make_officer,
    make_official,
)

pytestmark = pytest.mark.django_db
Status = Case.Status


def enter(client, official):
    client.force_login(official, backend="agencies.auth.OfficialBackend")
    return official


def post(client, case, step, **data):
    return client.post(f"/xu-ly/{case.code}/{step}/", data)


def fresh(case) -> Case:
    return Case.objects.select_related("agency", "officer").get(pk=case.pk)


def told(template: str) -> set[int]:
    return set(
        Message.objects.filter(template=template, official__isnull=False).values_list("official", flat=True)
    )


def upload(name: str = "huong-dan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def let_lie(case, days: int = 20) -> None:
    Case.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - timedelta(days=days))


# Who has a case in hand ------------------------------------------------------------------------------------------


def test_a_claim_holds_against_colleagues_until_nothing_was_written_for_days(client):
    case = make_case(status=Status.ASSIGNED)
    first, second = make_officer(case.agency), make_officer(case.agency)
    services.claim(case, by=first)

    with pytest.raises(services.TransitionError, match="đang thụ lý"):
        services.claim(fresh(case), by=second)
    let_lie(case)
    enter(client, second)
    assert "Hết thời hạn giữ" in client.get(case.get_desk_url()).content.decode()
    assert case.code in client.get("/xu-ly/?hang=chua-ai-nhan").content.decode()
    assert post(client, case, "nhan").status_code == 302

    assert fresh(case).officer == second
    assert told("case_taken_over") == {first.pk}
    assert f"Nhận lại từ {first}" in case.events.last().internal_note


def test_a_word_written_keeps_the_claim():
    case = make_case(status=Status.ASSIGNED)
    officer = make_officer(case.agency)
    services.claim(case, by=officer)
    let_lie(case)
    assert services.has_lapsed(fresh(case))

    services.save_draft(fresh(case), by=officer, body="<p>Đang viết.</p>", version=0)

    assert not services.has_lapsed(fresh(case))


def test_the_claim_counts_working_days(settings):
    day = services.claims_lapse_before()
    today = timezone.localdate()
    assert agencies.working_days_left(today, day) == settings.CASE_CLAIM_DAYS


def test_a_case_is_passed_on_inside_its_agency_and_both_are_told():
    case = make_case(status=Status.ASSIGNED)
    first, second, other = make_officer(case.agency), make_officer(case.agency), make_officer(case.agency)
    services.claim(case, by=first)

    with pytest.raises(services.TransitionError):
        services.pass_on(fresh(case), by=other, to=other, note="Tôi muốn")
    with pytest.raises(services.TransitionError):
        services.pass_on(fresh(case), by=first, to=make_officer(make_agency()), note="Người ngoài")
    services.pass_on(fresh(case), by=make_head(case.agency), to=second, note="Nghỉ phép")

    assert fresh(case).officer == second
    assert told("case_passed_on") == {first.pk, second.pk}
    assert "Nghỉ phép" in case.events.last().internal_note
    assert "pass-on" not in [event["step"] for event in timeline(case)]


# Notes -----------------------------------------------------------------------------------------------------------


def test_a_note_tells_those_it_names_and_the_asker_nothing(client):
    case = make_case(status=Status.ASSIGNED, email="hoi@vidu.vn")
    enter(client, make_officer(case.agency))
    head, sent = make_head(case.agency), Message.objects.count()

    response = post(client, case, "ghi-chu", note=f"Nhờ @{head.username} xem; thư a@b.vn không phải người.")

    assert response.status_code == 302
    assert told("case_mention") == {head.pk}
    assert Message.objects.count() == sent + 2  # in the portal and by e-mail
    assert [event["step"] for event in timeline(case)][-1] == "route"


def test_a_name_that_may_not_see_the_case_is_said_and_the_words_stay(client):
    case = make_case(status=Status.ASSIGNED)
    stranger = make_officer(make_agency())
    enter(client, make_officer(case.agency))

    response = post(client, case, "ghi-chu", note=f"Hỏi @{stranger.username} giúp nhé")

    assert response.status_code == 422
    page = response.content.decode()
    assert "Không có cán bộ nào tên tài khoản" in page
    assert "giúp nhé" in page
    assert not told("case_mention")


# Opinions --------------------------------------------------------------------------------------------------------


def ask(case, agency, **fields) -> Opinion:
    by = make_officer(case.agency)
    due_on = fields.pop("due_on", case.due_on)
    return services.ask_opinion(
        case, by=by, agency=agency, question="Có cần bản gốc?", due_on=due_on, **fields
    )


def test_an_asked_agency_sees_the_question_and_not_who_asked(client):
    other = make_agency()
    case = make_case(
        status=Status.ASSIGNED, email="hoi@vidu.vn", text="Tôi là Nguyễn Thị Mẫu, gọi hoi@vidu.vn nhé."
    )
    opinion = ask(case, other)
    asked = enter(client, make_officer(other))

    page = client.get(opinion.get_absolute_url()).content.decode()
    assert "Có cần bản gốc?" in page
    for private in ("Nguyễn Thị Mẫu", "hoi@vidu.vn"):
        assert private not in page
    assert client.get(case.get_desk_url()).status_code == 404
    assert case.code in client.get("/xu-ly/y-kien/").content.decode()
    assert client.post(opinion.get_absolute_url(), {"text": "Không cần bản gốc."}).status_code == 302

    assert client.post(opinion.get_absolute_url(), {"text": "Lần hai"}).status_code == 422
    opinion.refresh_from_db()
    assert (opinion.text, opinion.answered_by) == ("Không cần bản gốc.", asked)
    assert fresh(case).agency == case.agency
    assert case.events.last().step == "opinion-give"
    assert told("case_opinion_given")


def test_nobody_else_reaches_an_opinion_nor_after_the_case_has_ended(client):
    other = make_agency()
    case = make_case(status=Status.ASSIGNED)
    opinion = ask(case, other)
    for official in (make_officer(make_agency()), make_coordinator(), make_officer(case.agency)):
        enter(client, official)
        assert client.get(opinion.get_absolute_url()).status_code == 404
    services.withdraw(fresh(case))
    enter(client, make_officer(other))
    assert client.get(opinion.get_absolute_url()).status_code == 404


def test_an_opinion_is_asked_once_at_a_time_and_reminded_once_a_day():
    other = make_agency()
    asked = make_officer(other)
    case = make_case(status=Status.ASSIGNED)
    ask(case, other, due_on=timezone.localdate())

    with pytest.raises(services.TransitionError, match="đang được xin ý kiến"):
        ask(fresh(case), other)
    with pytest.raises(services.TransitionError):
        ask(fresh(case), case.agency)
    assert (services.remind_opinions(), services.remind_opinions()) == (1, 0)
    assert told("case_opinion_due") == {asked.pk}


# Templates, documents, versions ----------------------------------------------------------------------------------


def make_template(**fields) -> AnswerTemplate:
    fields.setdefault("title", "Mẫu khai sinh")
    fields.setdefault("body", "<p>Kính gửi {ten_nguoi_gui}, hồ sơ {ma_ho_so}, hạn {han}.</p>")
    return AnswerTemplate.objects.create(**fields)


def test_a_template_is_seen_for_this_case_and_never_wipes_what_was_typed(client):
    case = make_case(status=Status.ASSIGNED)
    enter(client, make_officer(case.agency))
    template = make_template()
    typed = {"mau": template.pk, "body": "<p>Chữ tôi đã gõ</p>", "version": "0"}

    page = post(client, case, "mau", **typed).content.decode()
    assert f"Kính gửi Nguyễn Thị Mẫu, hồ sơ {case.code}" in page
    assert "Chữ tôi đã gõ" in page
    assert "Thay phần đang viết bằng mẫu" in page

    added = post(client, case, "mau", **typed, dung="them").context["main_actions"][0]["form"].initial["body"]
    assert added.startswith("<p>Chữ tôi đã gõ</p><p>Kính gửi")
    kept = post(client, case, "mau", **typed, dung="khong").context["main_actions"][0]["form"].initial["body"]
    assert kept == "<p>Chữ tôi đã gõ</p>"
    assert "Dùng mẫu này" in post(client, case, "mau", mau=template.pk, body="", version="0").content.decode()
    assert not Answer.objects.exists()


def test_templates_of_other_agencies_kinds_and_unused_ones_are_not_offered():
    case = make_case(status=Status.ASSIGNED)
    offered = make_template(agency=case.agency)
    make_template(agency=make_agency(), title="Của cơ quan khác")
    make_template(kind=Case.Kind.FEEDBACK, title="Cho phản ánh")
    make_template(is_active=False, title="Không dùng nữa")

    assert list(AnswerTemplate.objects.offered_for(case)) == [offered]


def test_what_fills_a_template_is_text_and_unknown_places_are_refused():
    case = make_case(title="Hỏi về <b>thuế</b> & phí")
    assert make_template(body="<p>{tieu_de} {la}</p>").filled(case) == (
        "<p>Hỏi về &lt;b&gt;thuế&lt;/b&gt; &amp; phí {la}</p>"
    )
    with pytest.raises(Exception, match="Không có chỗ điền sẵn tên"):
        AnswerTemplate(title="Sai", body="<p>{la}</p>").full_clean()


def test_a_document_is_found_by_number_and_cited_as_a_link(client):
    document = make_document(published=True, number="77/2020/NĐ-CP", effective_on=None)
    case = make_case(status=Status.ASSIGNED)
    enter(client, make_officer(case.agency))
    typed = {"body": "<p>Theo quy định.</p>", "version": "0", "tu_khoa": "77/2020/NĐ-CP"}

    assert "77/2020/NĐ-CP" in post(client, case, "dan-van-ban", **typed).content.decode()
    response = post(client, case, "dan-van-ban", **typed, dung="them", van_ban=[document.pk])
    body = response.context["main_actions"][0]["form"].initial["body"]
    assert f'<a href="{document.get_absolute_url()}">' in body
    nothing = post(client, case, "dan-van-ban", body="<p>Chữ</p>", version="0", tu_khoa="zzzz")
    assert "Không có văn bản nào khớp" in nothing.content.decode()

    post(client, case, "luu-nhap", body=body, version="0")
    page = client.get(case.get_desk_url()).content.decode()
    assert "Hãy xem lại trước khi dẫn" in page  # it is not known to be in force


def test_each_wording_is_kept_once_and_compared(client):
    case = make_case(status=Status.ASSIGNED)
    officer, head = make_officer(case.agency), make_head(case.agency)
    services.save_draft(case, by=officer, body="<p>Phí là mười đồng.</p>", version=0)
    services.save_draft(case, by=officer, body="<p>Phí là mười đồng.</p>", version=1)
    services.submit_answer(fresh(case), by=officer, body="<p>Phí là tám đồng.</p>", version=2)

    assert list(AnswerVersion.objects.values_list("number", flat=True)) == [1, 3]
    enter(client, head)
    page = client.get(f"{case.get_desk_url()}cac-ban/").content.decode()
    assert "<del>mười </del>" in page
    assert "<ins>tám </ins>" in page
    assert client.get(f"{case.get_desk_url()}cac-ban/?tu=x&den=99999999999999999999").status_code == 200


def test_files_go_with_the_answer_and_one_is_taken_off_without_losing_words(client):
    case = make_case(status=Status.ASSIGNED)
    enter(client, make_officer(case.agency))

    refused = post(
        client, case, "luu-nhap", body="<p>Chữ đã gõ</p>", version="0", attachments=upload("x.exe")
    )
    assert refused.status_code == 422
    assert "Chữ đã gõ" in refused.content.decode()
    assert not Answer.objects.exists()
    assert (
        post(client, case, "luu-nhap", body="<p>Một</p>", version="0", attachments=upload()).status_code
        == 302
    )
    kept = case.answers.get().files.get()
    client.post(f"{case.get_desk_url()}bo-tep/{case.submission}/")
    page = client.post(
        f"{case.get_desk_url()}bo-tep/{kept.pk}/", {"body": "<p>Chữ mới gõ</p>", "version": "1"}
    )

    assert "Chữ mới gõ" in page.content.decode()
    assert not case.answers.get().files.exists()


def test_words_typed_for_a_case_that_was_taken_away_are_shown_once_more(client):
    case = make_case(status=Status.ASSIGNED)
    enter(client, make_officer(case.agency))
    services.recall(case, by=make_coordinator(), note="Giao nhầm")

    response = post(client, case, "mau", mau="1", body="<p>Chữ quý của tôi</p>", version="0")

    assert response.status_code == 404
    assert "Chữ quý của tôi" in response.content.decode()


# Interim answers -------------------------------------------------------------------------------------------------


def propose(case, officer, **fields):
    day = agencies.due_on(timezone.now(), 20)
    data = {"body": "Đang chờ kết quả đo đạc.", "due_on": day, "ground": "Điều 10", "version": 0, **fields}
    return services.propose_interim(case, by=officer, **data)


def test_an_interim_answer_goes_through_the_head_and_moves_the_day(client):
    case = make_case(status=Status.ASSIGNED, email="hoi@vidu.vn")
    officer, head = make_officer(case.agency), make_head(case.agency)
    row = propose(case, officer)
    assert list(Case.objects.waiting_for_signature()) == [case]
    services.return_interim(fresh(case), by=head, note="Nói rõ chờ ai")
    assert list(Case.objects.sent_back()) == [case]
    row = propose(fresh(case), officer, body="Đang chờ Sở Xây dựng đo đạc.", version=2)

    enter(client, head)
    assert post(client, case, "ky-tam-thoi", version=row.version, password="sai").status_code == 422
    assert post(client, case, "ky-tam-thoi", version=row.version, password=PASSWORD).status_code == 302

    after = fresh(case)
    assert (after.status, after.due_on) == (Status.ASSIGNED, row.due_on)
    assert case.extensions.get().to_due == row.due_on
    assert "Đang chờ Sở Xây dựng đo đạc." in timeline(case)[-1]["note"]
    letter = Message.objects.get(template="case_interim")
    assert (
        letter.context["rich"] == "<p>Đang chờ Sở Xây dựng đo đạc.</p>"
        or "Sở Xây dựng" in letter.context["rich"]
    )
    with pytest.raises(services.TransitionError):
        services.sign_interim(after, by=head, version=row.version)


def test_nobody_signs_their_own_interim_answer_and_the_database_says_so_too():
    case = make_case(status=Status.ASSIGNED)
    both = make_official(Role.OFFICER, Role.HEAD, agency=case.agency)
    make_officer(case.agency)
    row = propose(case, both)
    with pytest.raises(services.TransitionError, match="không tự ký"):
        services.sign_interim(fresh(case), by=both, version=row.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(signed_by=both)


# Signing ---------------------------------------------------------------------------------------------------------


def test_a_wrong_password_signs_nothing_and_tries_are_counted(client, settings):
    settings.RATE_LIMITS = True
    case = make_case(status=Status.DRAFTED)
    head = enter(client, make_head(case.agency))

    for _try in range(5):
        response = post(client, case, "ky", version="1", password="sai rồi")
        assert response.status_code == 422
    page = post(client, case, "ky", version="1", password=PASSWORD).content.decode()
    assert "Nhập sai quá nhiều lần" in page
    assert fresh(case).status == Status.DRAFTED
    assert "sai rồi" not in page
    agencies.refund("sign", [f"official:{head.pk}"], seconds=15 * 60)
    agencies.refund("sign", [f"official:{head.pk}"], seconds=15 * 60)
    assert post(client, case, "ky", version="1", password=PASSWORD).status_code == 302
    assert fresh(case).status == Status.ANSWERED


def delegated(agency, **fields) -> Delegation:
    today = timezone.localdate()
    deputy = fields.pop("deputy", None) or make_officer(agency, title="Phó Giám đốc")
    head = fields.pop("head", None) or make_head(agency)
    fields = {"valid_from": today, "valid_until": today, "ground": "Quyết định 12/QĐ-SNV", **fields}
    return services.delegate(by=head, deputy=deputy, **fields)


def test_a_deputy_signs_in_the_heads_stead(client):
    case = make_case(status=Status.DRAFTED, email="hoi@vidu.vn")
    delegation = delegated(case.agency)
    enter(client, delegation.deputy)

    assert case.code in client.get("/xu-ly/?hang=cho-ky").content.decode()
    assert post(client, case, "ky", version="1", password=PASSWORD).status_code == 302

    answer = case.answers.get()
    assert (answer.signed_by, answer.signed_for, answer.delegation) == (
        delegation.deputy,
        "KT. Giám đốc",
        delegation,
    )
    assert "Quyết định 12/QĐ-SNV" in case.events.get(step="sign").internal_note
    signer = Message.objects.get(template="case_answered").context["signer"]
    assert signer == f"{delegation.deputy.full_name}, KT. Giám đốc, Phó Giám đốc"
    assert "KT. Giám đốc" in client.get(case.get_desk_url()).content.decode()


@pytest.mark.parametrize("end", ["revoked", "over", "not begun", "head gone", "other agency"])
def test_a_delegation_that_does_not_hold_signs_nothing(client, end):
    case = make_case(status=Status.DRAFTED)
    today = timezone.localdate()
    agency = make_agency() if end == "other agency" else case.agency
    delegation = delegated(agency)
    changes = {
        "over": {"valid_from": today - timedelta(days=9), "valid_until": today - timedelta(days=1)},
        "not begun": {"valid_from": today + timedelta(days=1), "valid_until": today + timedelta(days=1)},
    }
    enter(client, delegation.deputy)
    opened = client.get(case.get_desk_url())  # the page was open while the power ended
    if end == "revoked":
        services.revoke_delegation(delegation, by=delegation.head)
    if end == "head gone":
        User.objects.filter(pk=delegation.head_id).update(is_active=False)
    Delegation.objects.filter(pk=delegation.pk).update(**changes.get(end, {}))

    response = post(client, case, "ky", version="1", password=PASSWORD)

    assert fresh(case).status == Status.DRAFTED
    if end == "other agency":
        assert (opened.status_code, response.status_code) == (404, 404)
    else:
        assert response.status_code == 422
        assert "Chưa có gì được ký" in response.content.decode()


def test_delegations_are_made_and_taken_back_at_the_desk(client):
    agency = make_agency()
    head, deputy = enter(client, make_head(agency)), make_officer(agency)
    today = timezone.localdate()
    data = {
        "deputy": deputy.pk,
        "valid_from": f"{today:%d/%m/%Y}",
        "valid_until": f"{today:%d/%m/%Y}",
        "ground": "QĐ 1",
    }

    assert client.post("/xu-ly/uy-quyen/", {**data, "valid_until": "01/01/2020"}).status_code == 422
    assert (
        client.post("/xu-ly/uy-quyen/", {**data, "deputy": make_officer(make_agency()).pk}).status_code == 422
    )
    assert client.post("/xu-ly/uy-quyen/", data).status_code == 302
    assert client.post("/xu-ly/uy-quyen/", data).status_code == 422  # the days overlap
    made = Delegation.objects.get()
    assert client.post(f"/xu-ly/uy-quyen/{made.pk}/thu-hoi/").status_code == 302
    assert not Delegation.objects.in_force().exists()
    assert told("case_delegation") == told("case_delegation_revoked") == {deputy.pk}
    enter(client, make_head(make_agency()))
    assert client.post(f"/xu-ly/uy-quyen/{made.pk}/thu-hoi/").status_code == 404
    assert head.delegations_given.count() == 1


def test_the_single_official_of_an_agency_signs_their_own_and_it_is_kept(client):
    agency = make_agency()
    only = make_official(Role.OFFICER, Role.HEAD, agency=agency)
    case = make_case(status=Status.ASSIGNED, agency=agency)
    services.submit_answer(case, by=only, body="<p>Trả lời.</p>", version=0)
    answer = case.answers.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(signed_by=only)
    colleague = make_officer(agency)
    with pytest.raises(services.TransitionError, match="không tự ký"):
        services.sign(fresh(case), by=only, version=1)
    User.objects.filter(pk=colleague.pk).update(is_active=False)

    enter(client, only)
    assert post(client, case, "ky", version="1", password=PASSWORD).status_code == 302

    answer.refresh_from_db()
    assert answer.is_sole_signer
    assert "chỉ có một cán bộ" in case.events.get(step="sign").internal_note


def test_a_head_who_read_an_older_draft_signs_nothing():
    case = make_case(status=Status.DRAFTED)
    head, officer = make_head(case.agency), make_officer(case.agency)
    services.send_back(fresh(case), by=head, note="Sửa")
    services.submit_answer(fresh(case), by=officer, body="<p>Đã sửa.</p>", version=1)

    with pytest.raises(services.TransitionError, match="vừa thay đổi"):
        services.sign(fresh(case), by=head, version=1)


# Seen before it goes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "role", "step", "data", "shown"),
    [
        (
            Status.RECEIVED,
            Role.COORDINATOR,
            "hoi-lai",
            {"note": "Xin gửi số thửa đất"},
            "Xin gửi số thửa đất",
        ),
        (
            Status.RECEIVED,
            Role.COORDINATOR,
            "khong-tiep-nhan",
            {"note": "Không rõ nội dung"},
            "Không rõ nội dung",
        ),
        (Status.RECEIVED, Role.COORDINATOR, "chuyen", {"body": "Tòa án tỉnh", "note": ""}, "Tòa án tỉnh"),
        (Status.DRAFTED, Role.HEAD, "ky", {"version": "1"}, "Sở trả lời như sau"),
        (
            Status.ANSWERED,
            Role.COORDINATOR,
            "cong-khai",
            {"title": "Hỏi về khai sinh", "viec": "dang"},
            "Hỏi về khai sinh",
        ),
    ],
)
def test_what_would_be_sent_is_seen_and_nothing_is_done(client, status, role, step, data, shown):
    case = make_case(status=status, email="hoi@vidu.vn")
    enter(client, make_official(role, agency=case.agency))
    if step == "khong-tiep-nhan":
        data = {**data, "reason": str(RefusalReason.objects.usable_for(case.kind)[0].pk)}
    before = (fresh(case).version, case.events.count(), Message.objects.count())

    response = post(client, case, step, **data, **{"xem-truoc": "1"})

    assert response.status_code == 200
    page = response.content.decode()
    assert shown in page
    assert len(response.context["letters"]) == 1
    assert response.context["letters"][0].html
    assert (fresh(case).version, case.events.count(), Message.objects.count()) == before
    back = post(client, case, step, **data, **{"quay-lai": "1"}).content.decode()
    assert all(value in back for value in data.values() if value and "<" not in value)


def test_what_was_written_on_the_way_goes_with_the_personal_data():
    case, other = make_case(status=Status.ASSIGNED), make_agency()
    officer = make_officer(case.agency)
    opinion = ask(case, other)
    services.submit_answer(fresh(case), by=officer, body="<p>Chào Nguyễn Thị Mẫu.</p>", version=0)
    services.sign(fresh(case), by=make_head(case.agency), version=1)
    Case.objects.filter(pk=case.pk).update(reopened_at=timezone.now())

    services.anonymise(fresh(case), by=make_coordinator())

    opinion.refresh_from_db()
    assert (opinion.question, opinion.text) == ("", "")
    assert not AnswerVersion.objects.exists()


def test_the_seen_letter_is_the_sent_letter(client):
    from notifications.services import as_email

    case = make_case(email="hoi@vidu.vn")
    enter(client, make_coordinator())
    words = {"note": "Xin cho biết số thửa & tờ bản đồ"}
    response = post(client, case, "hoi-lai", **words, **{"xem-truoc": "1"})
    seen = response.context["letters"][0]
    assert f'srcdoc="{escape(seen.html)}"' in response.content.decode()
    post(client, case, "hoi-lai", **words)

    sent = as_email(Message.objects.get(template="case_needs_info"))
    assert (seen.subject, seen.text, seen.html) == (sent.subject, sent.body, sent.alternatives[0][0])


def test_a_step_on_a_case_that_went_on_is_refused_and_the_words_stay(client):
    case = make_case()
    enter(client, make_coordinator())
    seen = case.version
    services.accept(case, by=make_coordinator())

    response = post(client, case, "hoi-lai", note="Lời tôi đã gõ", ho_so_ban=str(seen))

    assert response.status_code == 422
    page = response.content.decode()
    assert "vừa được người khác xử lý" in page
    assert "Lời tôi đã gõ" in page
    assert fresh(case).status == Status.ACCEPTED


# Filters ---------------------------------------------------------------------------------------------------------


def test_a_queue_is_narrowed_by_what_stands_in_the_address(client):
    wanted = make_case(title="Cấp sổ đỏ cho thửa đất trồng rừng ở miền núi")
    make_case(title="Làm lại giấy khai sinh bị mất", kind=Case.Kind.FEEDBACK)
    enter(client, make_coordinator())

    def found(query):
        response = client.get(f"/xu-ly/?hang=tat-ca&{query}")
        assert response.status_code == 200
        return {row["case"].pk for row in response.context["rows"]}

    everything = set(Case.objects.values_list("pk", flat=True))
    assert found("q=trong+rung") == found("q=trồng rừng") == {wanted.pk}
    assert found(f"q={wanted.code}") == found("loai=question") == {wanted.pk}
    assert found("tt=answered") == set()
    assert found("tu=1/1/2020&den=1/1/2099") == everything
    for nonsense in (
        "loai=x",
        "tu=ngày+mai",
        "co_quan=9999999999999999999999",
        "nguoi='",
        "den=%ED%A0%80",
    ):
        assert found(nonsense) in (everything, set())


def test_a_choice_is_saved_renamed_and_deleted_by_its_own_official_alone(client):
    enter(client, make_coordinator())
    saved = client.post(
        "/xu-ly/bo-loc/", {"name": "Đất đai", "dieu_kien": "hang=moi&q=%C4%91%E1%BA%A5t&la=1"}
    )
    assert saved.status_code == 302
    row = SavedFilter.objects.get()
    assert row.query == "hang=moi&q=%C4%91%E1%BA%A5t"
    assert "Đất đai" in client.get("/xu-ly/").content.decode()
    client.post(f"/xu-ly/bo-loc/{row.pk}/", {"name": "Đất"})
    row.refresh_from_db()
    assert row.name == "Đất"
    assert client.post("/xu-ly/bo-loc/", {"name": "", "dieu_kien": "hang=moi"}).status_code == 422
    for number in range(SavedFilter.MOST - 1):
        client.post("/xu-ly/bo-loc/", {"name": f"Số {number}", "dieu_kien": "hang=moi"})
    assert client.post("/xu-ly/bo-loc/", {"name": "Thừa", "dieu_kien": "hang=moi"}).status_code == 422
    stranger = enter(client, make_coordinator())
    assert client.post(f"/xu-ly/bo-loc/{row.pk}/", {"viec": "xoa"}).status_code == 404
    assert not stranger.saved_filters.exists()


def test_the_screen_asks_the_same_number_of_queries_with_many_opinions_and_versions(client):
    case = make_case(status=Status.ASSIGNED)
    officer = make_officer(case.agency)

    def add(version):
        services.save_draft(fresh(case), by=officer, body=f"<p>Bản {version}</p>", version=version)
        ask(fresh(case), make_agency())

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(case.get_desk_url())
        return len(queries)

    add(0)
    enter(client, officer)
    asked()
    one = asked()
    for version in (1, 2, 3):
        add(version)
    assert asked() == one
