"""Rows for tests: each maker fills in what the test does not care about."""

import io
import itertools
import uuid
from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow

from agencies import keys
from agencies.models import Agency, ApiKey, Leader, User
from agencies.roles import Role
from articles import content, files, images
from articles import services as publishing
from articles.models import Article, Document, DocumentType, Page, Video
from feedback import services
from feedback.models import Answer, Case, CaseEvent, CaseFile, new_code
from feedback.services import attachments
from plan.models import Campaign, Plan

PASSWORD = "mat-khau-cua-bai-kiem"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_numbers = itertools.count(1)


def make_agency(**fields) -> Agency:
    number = next(_numbers)
    fields.setdefault("code", f"CQ-{number}")
    fields.setdefault("name", f"Sở Thử nghiệm {number}")
    fields.setdefault("kind", Agency.Kind.DEPARTMENT)
    fields.setdefault("level", Agency.Level.PROVINCE)
    return Agency.objects.create(**fields)


def make_leader(agency: Agency, **fields) -> Leader:
    fields.setdefault("full_name", f"Lãnh đạo {next(_numbers)}")
    fields.setdefault("position", "Phó Giám đốc")
    fields.setdefault("source", "Quyết định mẫu")
    return Leader.objects.create(agency=agency, **fields)


def make_official(*roles: Role, agency: Agency | None = None, **fields) -> User:
    number = next(_numbers)
    fields.setdefault("username", f"canbo{number}")
    fields.setdefault("full_name", f"Cán bộ {number}")
    fields.setdefault("title", "Chuyên viên")
    fields.setdefault("email", f"canbo{number}@vidu.vn")
    user = User(agency=agency, **fields)
    user.set_password(PASSWORD)
    user.save()
    user.groups.set(Group.objects.filter(name__in=[str(role) for role in roles]))
    return user


def make_coordinator(**fields) -> User:
    return make_official(Role.COORDINATOR, **fields)


def make_officer(agency: Agency, **fields) -> User:
    return make_official(Role.OFFICER, agency=agency, **fields)


def make_head(agency: Agency, **fields) -> User:
    return make_official(Role.HEAD, agency=agency, **{"title": "Giám đốc", **fields})


def make_key(*may: str, agencies=(), secret: str = "", **fields) -> ApiKey:
    """A key that may do what is named (create, read, answer; all when nothing is); its secret is `key.secret`."""
    fields.setdefault("name", f"Hệ thống thử {next(_numbers)}")
    rights = {f"may_{each}": True for each in may or ("create", "read", "answer")}
    key = ApiKey(**rights, **fields)
    keys.make(key, by=None, secret=secret)
    key.agencies.set(agencies)
    return key


def make_campaign(**fields) -> Campaign:
    number = next(_numbers)
    plan = (
        fields.pop("plan", None)
        or Plan.objects.get_or_create(
            year=2023,
            defaults={
                "number": "113/KH-UBND",
                "issued_on": date(2023, 5, 15),
                "issuer": "UBND tỉnh",
                "title": "Kế hoạch",
            },
        )[0]
    )
    fields.setdefault("number", number)
    fields.setdefault("short_title", f"Nội dung {number}")
    fields.setdefault("summary", "Tóm tắt cho người dân.")
    return Campaign.objects.create(plan=plan, **fields)


def make_article(*, published: bool = False, campaigns=(), **fields) -> Article:
    """A draft, or with `published=True` an article a second person approved just now."""
    number = next(_numbers)
    fields.setdefault("title", f"Tin bài số {number}")
    fields.setdefault("summary", "Tóm tắt của bài.")
    fields.setdefault("body", "<p>Nội dung của bài.</p>")
    fields["agency"] = fields.get("agency") or make_agency()
    fields["author"] = fields.get("author") or make_official(Role.EDITOR, is_staff=True)
    article = Article.objects.create(**fields)
    article.campaigns.set(campaigns)
    content.note_images(article)
    if published:
        publishing.submit(article, by=article.author)
        publishing.approve(article, by=make_official(Role.PUBLISHER, is_staff=True))
    return article


def make_video(*, published: bool = False, campaigns=(), **fields) -> Video:
    """A draft, or with `published=True` a video a second person approved just now."""
    number = next(_numbers)
    fields.setdefault("title", f"Video số {number}")
    fields.setdefault("summary", "Tóm tắt của video.")
    fields.setdefault("link", "https://www.youtube.com/watch?v=MinhHoa0001")
    fields["agency"] = fields.get("agency") or make_agency()
    fields["author"] = fields.get("author") or make_official(Role.EDITOR, is_staff=True)
    video = Video.objects.create(**fields)
    video.campaigns.set(campaigns)
    content.note_images(video)
    if published:
        publishing.submit(video, by=video.author)
        publishing.approve(video, by=make_official(Role.PUBLISHER, is_staff=True))
    return video


def make_document(*, published: bool = False, campaigns=(), files=(), replaces=(), **fields) -> Document:
    """A draft, or with `published=True` a document a second person approved just now; in force unless told."""
    number = next(_numbers)
    fields.setdefault("number", f"{number}/KH-UBND")
    fields.setdefault("title", f"Về việc thử nghiệm số {number}")
    fields.setdefault("kind", DocumentType.objects.get(name="Kế hoạch"))
    fields.setdefault("issued_on", date(2023, 5, 15))
    fields.setdefault("effective_on", date(2023, 5, 15))
    if not fields.get("agency"):
        fields.setdefault("issuer", "UBND tỉnh Phú Yên")
    fields["author"] = fields.get("author") or make_official(Role.EDITOR, is_staff=True)
    document = Document.objects.create(**fields)
    for name, rows in (("campaigns", campaigns), ("files", files), ("replaces", replaces)):
        getattr(document, name).set(rows)
    if published:
        publishing.submit(document, by=document.author)
        publishing.approve(document, by=make_official(Role.PUBLISHER, is_staff=True))
    return document


def make_page(*, published: bool = False, **fields) -> Page:
    """A draft, or with `published=True` a page a second person approved just now."""
    number = next(_numbers)
    fields.setdefault("slug", f"trang-{number}")
    fields.setdefault("title", f"Trang số {number}")
    fields.setdefault("body", "<p>Nội dung của trang.</p>")
    fields["author"] = fields.get("author") or make_official(Role.EDITOR, is_staff=True)
    page = Page.objects.create(**fields)
    content.note_images(page)
    if published:
        publishing.submit(page, by=page.author)
        publishing.approve(page, by=make_official(Role.PUBLISHER, is_staff=True))
    return page


def png(
    width: int = 640, height: int = 360, colour: str = "#8e1b20", name: str = "anh.png"
) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Pillow.new("RGB", (width, height), colour).save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/png")


def make_image(**fields):
    by = fields.pop("by", None) or make_official(Role.EDITOR, is_staff=True)
    return images.store(
        fields.pop("upload", None) or png(), alt=fields.pop("alt", "Ảnh mẫu"), by=by, **fields
    )


def make_file(**fields):
    """A small PDF in the library."""
    upload = SimpleUploadedFile("van-ban.pdf", PDF, content_type="application/pdf")
    by = fields.pop("by", None) or make_official(Role.EDITOR, is_staff=True)
    return files.store(fields.pop("upload", None) or upload, title=fields.pop("title", "Văn bản mẫu"), by=by)


ANSWER = "<p>Sở trả lời như sau: …</p>"


def make_case(
    *, status: str = Case.Status.RECEIVED, agency=None, may_publish=True, answer: str = ANSWER, **fields
) -> Case:
    """A case led to `status` by the real steps (received, accepted, assigned, drafted, answered, needs_info)."""
    asker = {"name": "Nguyễn Thị Mẫu", "email": fields.pop("email", ""), "address": "Phường Tuy Hòa"}
    asker |= fields.pop("asker", {})
    case = services.receive(
        kind=fields.pop("kind", Case.Kind.QUESTION),
        title=fields.pop("title", "Làm lại giấy khai sinh cần giấy tờ gì?"),
        text=fields.pop("text", "Tôi bị mất giấy khai sinh, xin hỏi cần những giấy tờ gì để làm lại."),
        asker=asker,
        submission=fields.pop("submission", None) or uuid.uuid4(),
        may_publish=may_publish,
        **fields,
    )
    if status == Case.Status.RECEIVED:
        return case
    coordinator = make_coordinator()
    if status == Case.Status.NEEDS_INFO:
        services.ask_back(case, by=coordinator, note="Xin cho biết nơi đăng ký khai sinh trước đây.")
        return case
    services.accept(case, by=coordinator)
    if status == Case.Status.ACCEPTED:
        return case
    agency = agency or make_agency()
    services.route(case, by=coordinator, agency=agency)
    if status == Case.Status.ASSIGNED:
        return case
    services.submit_answer(case, by=make_officer(agency), body=answer, version=0)
    if status == Case.Status.DRAFTED:
        return case
    services.sign(case, by=make_head(agency), version=1)
    return case


def make_case_file(case: Case, upload=None, **fields) -> CaseFile:
    """A small PDF beside a case."""
    checked = attachments.check(upload or SimpleUploadedFile("don.pdf", PDF))
    return attachments.attach(case, [checked], **fields)[0]


def make_published_case(**fields) -> Case:
    case = make_case(status=Case.Status.ANSWERED, **fields)
    proposal = services.proposal_for_public(case)
    services.publish(case, by=make_coordinator(), **proposal)
    return case


def copies(case: Case, many: int) -> None:
    """Many cases like one, with its answers: rows for a long list, without walking every step again."""
    Case.objects.bulk_create(_copy(case, code=new_code(), submission=uuid.uuid4()) for _number in range(many))
    made = Case.objects.order_by("-pk")[:many]
    for event in case.events.filter(step="send-back"):  # of the history, what a list asks for
        CaseEvent.objects.bulk_create(_copy(event, case=each) for each in made)
    for answer in case.answers.all():
        Answer.objects.bulk_create(_copy(answer, case=each) for each in made)
        cites = Answer.documents.through
        cites.objects.bulk_create(
            cites(answer=each, document=document)
            for each in Answer.objects.filter(case__in=made)
            for document in answer.documents.all()
        )


def _copy(row, **changes):
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del kept[row._meta.pk.attname]
    for name in changes:
        kept.pop(row._meta.get_field(name).attname)
    return type(row)(**kept, **changes)


def ago(**delta):
    return timezone.now() - timedelta(**delta)
