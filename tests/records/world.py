"""Rows for every kind of public record: whole ones with all their relations, and ones nobody may read."""

import itertools
from datetime import date, timedelta

from django.utils import timezone

from agencies.models import Agency, WorkCalendarDay
from agencies.roles import Role
from articles import services as publishing
from articles.models import Article, Correction, Document, DocumentType, Page, Tag, Topic, Video
from feedback import services as cases
from feedback.models import Answer, Case, Figure
from plan import services as plan
from plan.models import Campaign, Evidence, Plan
from tests.factories import (
    ago,
    make_agency,
    make_article,
    make_campaign,
    make_case,
    make_coordinator,
    make_document,
    make_file,
    make_image,
    make_leader,
    make_official,
    make_page,
    make_published_case,
    make_video,
)

CANARY = "Canary"
_numbers = itertools.count(1)


def whole_plan() -> Plan:
    row = Plan.objects.create(
        year=2030 + next(_numbers),
        number="1/KH",
        issued_on="2030-01-02",
        issuer="UBND tỉnh",
        title="Kế hoạch",
    )
    make_campaign(plan=row)
    make_campaign(plan=row)
    return row


def whole_campaign() -> Campaign:
    campaign = make_campaign(owner=make_agency(), official_text="Nguyên văn.")
    plan.record_evidence(
        [campaign],
        kind=Evidence.Kind.ARTICLE,
        key=f"k{campaign.pk}",
        title="Việc đã làm",
        path="/tin-bai/",
        agency=campaign.owner,
        happened_at=timezone.now(),
    )
    return campaign


def whole_evidence() -> Evidence:
    return whole_campaign().evidence.get()


def whole_article() -> Article:
    number = next(_numbers)
    article = make_article(
        campaigns=[make_campaign(), make_campaign()],
        cover=make_image(),
        body='<p>Xem <a href="/van-ban/">văn bản</a> và <a href="https://vidu.vn/">trang khác</a>.</p>',
        author_line="Ban Biên tập",
        sources="Báo Phú Yên https://vidu.vn/bai\nĐài Phú Yên",
    )
    article.topics.add(Topic.objects.create(name=f"Chủ đề {number}"))
    article.tags.set(Tag.objects.named([f"từ khóa {number}"]))
    article.files.add(make_file())
    article.related.add(make_article(published=True), make_article(published=True))
    publishing.submit(article, by=article.author)
    publishing.approve(article, by=make_official(Role.PUBLISHER, is_staff=True))
    Correction.objects.create(article=article, text="Sửa một con số.", made_at=timezone.now())
    article.documents.add(make_document(published=True), make_document(published=True))
    return article


def whole_document() -> Document:
    document = make_document(
        published=True,
        agency=make_agency(),
        campaigns=[make_campaign()],
        files=[make_file()],
        replaces=[make_document(published=True), make_document(published=True)],
    )
    make_document(published=True, replaces=[document])
    return document


def whole_video() -> Video:
    return make_video(
        published=True,
        campaigns=[make_campaign()],
        poster=make_image(),
        duration="5:07",
        recorded_on=date(2026, 3, 1),
        transcript="<p>Lời thoại.</p>",
    )


def whole_page() -> Page:
    return make_page(published=True)


def _whole_case(kind: Case.Kind) -> Case:
    case = make_published_case(kind=kind)
    Case.objects.filter(pk=case.pk).update(campaign=make_campaign())
    case.answers.get().documents.add(make_document(published=True), make_document(published=True))
    case.refresh_from_db()
    return case


def whole_question() -> Case:
    return _whole_case(Case.Kind.QUESTION)


def whole_result() -> Case:
    return _whole_case(Case.Kind.FEEDBACK)


def whole_agency() -> Agency:
    agency = make_agency(
        parent=make_agency(), phone="0257 123 456", email="so@vidu.vn", website="https://so.vidu.vn"
    )
    make_leader(agency, is_head=True)
    make_leader(agency)
    agency.successors.add(make_agency(), make_agency())
    agency.predecessors.add(make_agency(valid_to=date(2025, 6, 30)))
    return agency


def whole_topic() -> Topic:
    topic = Topic.objects.create(name=f"Chủ đề {next(_numbers)}")
    make_article(published=True).topics.add(topic)
    return topic


def whole_type() -> DocumentType:
    return DocumentType.objects.create(name=f"Loại văn bản {next(_numbers)}")


def whole_day() -> WorkCalendarDay:
    on = date(2027, 1, 1) + timedelta(days=next(_numbers))
    return WorkCalendarDay.objects.create(on=on, name="Ngày nghỉ", basis="Quyết định mẫu")


def whole_figure() -> Figure:
    number = next(_numbers)
    return Figure.objects.create(
        code=f"2026-year-agency-{number}",
        year=2026,
        period="year",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        by=Figure.By.AGENCY,
        agency=make_agency(),
        topic=whole_topic(),
        label="Sở Mẫu",
        received=12,
        answered=10,
        on_time_percent=90,
        median_days=7.5,
        rated=6,
        satisfaction=4.5,
        late=5,
        counted_at=timezone.now(),
    )


WHOLE = {
    "plans": whole_plan,
    "campaigns": whole_campaign,
    "evidence": whole_evidence,
    "articles": whole_article,
    "documents": whole_document,
    "videos": whole_video,
    "pages": whole_page,
    "questions": whole_question,
    "feedback-results": whole_result,
    "agencies": whole_agency,
    "topics": whole_topic,
    "document-types": whole_type,
    "calendar-days": whole_day,
    "case-figures": whole_figure,
}


# What nobody may read ------------------------------------------------------------------------------------------------


def _hidden_pieces(make, **fields) -> dict:
    """One piece of a kind in every state the public does not see, by the name of the state."""
    board = make_official(Role.PUBLISHER, is_staff=True)

    def piece(state: str):
        return make(**{"title": f"{CANARY} {state}", **fields})

    def approved(state: str):
        row = piece(state)
        publishing.submit(row, by=row.author)
        publishing.approve(row, by=board)
        return row

    found = {"draft": piece("nháp"), "in review": piece("chờ duyệt")}
    publishing.submit(found["in review"], by=found["in review"].author)
    found["embargoed"] = approved("hẹn giờ")
    type(found["embargoed"]).objects.filter(pk=found["embargoed"].pk).update(
        publish_at=timezone.now() + timedelta(hours=1), first_published_at=None
    )
    found["withdrawn"] = approved("đã gỡ")
    publishing.withdraw(found["withdrawn"], by=board, reason="Số liệu sai")
    found["expired"] = approved("hết hạn")
    type(found["expired"]).objects.filter(pk=found["expired"].pk).update(
        publish_at=ago(days=2), unpublish_at=ago(days=1)
    )
    public = make(published=True)
    found["amendment"] = publishing.amend(public, by=public.author)
    type(public).objects.filter(pk=found["amendment"].pk).update(title=f"{CANARY} bản sửa")
    return found


def _hidden_cases(kind: Case.Kind) -> dict:
    def answered(state: str):
        return make_case(status=Case.Status.ANSWERED, kind=kind, title=f"{CANARY} {state}")

    found = {
        "received": make_case(kind=kind, title=f"{CANARY} mới nhận"),
        "answered": answered("đã trả lời, chưa công khai"),
        "without consent": make_case(
            status=Case.Status.ANSWERED, kind=kind, title=f"{CANARY} không đồng ý", may_publish=False
        ),
    }
    for state in ("unpublished", "confidential", "embargoed"):
        found[state] = make_published_case(kind=kind, title=f"{CANARY} {state}")
    cases.unpublish(found["unpublished"], by=make_coordinator(), note="Gỡ")
    Case.objects.filter(pk=found["confidential"].pk).update(is_confidential=True)
    Case.objects.filter(pk=found["embargoed"].pk).update(published_at=timezone.now() + timedelta(hours=1))
    return found


def _hidden_evidence() -> dict:
    campaign = make_campaign()
    row = make_article(published=True, campaigns=[campaign], title=f"{CANARY} minh chứng")
    publishing.announce(row)
    evidence = campaign.evidence.get()
    publishing.withdraw(row, by=make_official(Role.PUBLISHER, is_staff=True), reason="Sai")
    return {"withdrawn": evidence}


HIDDEN = {
    "articles": lambda: _hidden_pieces(make_article),
    "documents": lambda: _hidden_pieces(make_document),
    "videos": lambda: _hidden_pieces(make_video),
    "pages": lambda: _hidden_pieces(make_page),
    "questions": lambda: _hidden_cases(Case.Kind.QUESTION),
    "feedback-results": lambda: _hidden_cases(Case.Kind.FEEDBACK),
    "evidence": _hidden_evidence,
}


def everything_hidden() -> dict[str, dict]:
    """Canaries of every kind, also as relations of what is public; by kind and state."""
    found = {name: make() for name, make in HIDDEN.items()}
    documents = list(found["documents"].values())
    article, document = whole_article(), whole_document()
    article.related.add(*found["articles"].values())
    article.documents.add(*documents)
    document.replaces.add(*documents)
    document.replaced_by.add(*documents)
    case = whole_question()
    case.answers.get().documents.add(*documents)
    Answer.objects.filter(case=case).update(body=f"<p>{CANARY} lời đã ký, chưa che</p>")
    Case.objects.filter(pk=case.pk).update(title=f"{CANARY} tiêu đề gốc", text=f"{CANARY} nội dung gốc")
    Case.objects.filter(pk=case.pk).update(
        rating=1, rating_comment=f"{CANARY} ý kiến", rated_at=timezone.now()
    )
    row = Case.objects.get(pk=case.pk)
    row.asker_name, row.asker_email = f"{CANARY} họ tên", "canary@vidu.vn"
    row.asker_phone, row.asker_address = "0912 345 678 canary", f"{CANARY} địa chỉ"
    row.save()
    for each in found["articles"].values():
        each.topics.add(Topic.objects.get_or_create(name=f"{CANARY} chủ đề")[0])
        each.tags.set(Tag.objects.named([f"{CANARY} từ khóa"]))
    agency = make_agency(valid_to=date(2024, 12, 31), phone="0257 999 999 canary", note=f"{CANARY} ghi chú")
    make_leader(agency, full_name=f"{CANARY} lãnh đạo cơ quan cũ")
    make_leader(make_agency(), full_name=f"{CANARY} đã thôi chức", valid_to=date(2025, 1, 1))
    return found
