from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.models import Agency
from articles import files, services
from articles.models import Article, Document, DocumentType
from parcai.demo.clock import at
from parcai.demo.papers import made_up_pdf
from plan.models import Campaign

MADE_UP = " (văn bản minh họa)"
SHORT_NAME = "Tên gọi tắt của cổng; trích yếu nguyên văn chưa được nhập."
# Real ones come first, with the facts the portal knows and no other; the rest say that they are made up.
DOCUMENTS: tuple[dict[str, Any], ...] = (
    {
        "number": "113/KH-UBND",
        "kind": "Kế hoạch",
        "title": "Thông tin, tuyên truyền công tác cải cách hành chính nhà nước trên địa bàn tỉnh Phú Yên năm 2023",
        "issuer": "UBND tỉnh Phú Yên",
        "issued_on": date(2023, 5, 15),
        "campaigns": range(1, 11),
    },
    {
        "number": "11/2022/QĐ-UBND",
        "kind": "Quyết định",
        "title": "Trách nhiệm của thủ trưởng cơ quan, đơn vị, địa phương trong chỉ đạo, điều hành công tác cải cách hành chính",
        "summary": SHORT_NAME,
        "issuer": "UBND tỉnh Phú Yên",
        "issued_on": date(2022, 3, 18),
        "campaigns": (2,),
    },
    {
        "number": "498/QĐ-UBND",
        "kind": "Quyết định",
        "title": "Công bố kết quả Chỉ số cải cách hành chính năm 2022 của các sở, ban, ngành",
        "summary": SHORT_NAME,
        "issuer": "UBND tỉnh Phú Yên",
        "issued_on": date(2023, 4, 24),
        "campaigns": (8,),
    },
    {
        "number": "251/QĐ-BNV",
        "kind": "Quyết định",
        "title": "Kế hoạch thông tin, tuyên truyền cải cách hành chính năm 2022",
        "summary": SHORT_NAME,
        "issuer": "Bộ Nội vụ",
        "issued_on": date(2022, 3, 29),
        "campaigns": (1,),
    },
    {
        "number": "42/2022/NĐ-CP",
        "kind": "Nghị định",
        "title": "Cung cấp thông tin và tương tác với người dân trên cổng thông tin điện tử của cơ quan nhà nước",
        "summary": SHORT_NAME,
        "issuer": "Chính phủ",
        "effective_on": date(2022, 8, 15),
        "campaigns": (6,),
    },
    {
        "number": "224/2026/NĐ-CP",
        "kind": "Nghị định",
        "title": "Cổng thông tin điện tử và kênh cung cấp thông tin của cơ quan nhà nước",
        "summary": SHORT_NAME,
        "issuer": "Chính phủ",
        "issued_on": date(2026, 6, 24),
        "effective_on": date(2026, 7, 1),
        "replaces": ("42/2022/NĐ-CP",),
        "campaigns": (6,),
    },
    {
        "number": "01/QĐ-MH",
        "kind": "Quyết định",
        "title": "Ban hành quy trình tiếp nhận hồ sơ tại bộ phận một cửa" + MADE_UP,
        "agency": "PY-SNV",
        "issued_on": date(2022, 3, 1),
        "effective_on": date(2022, 3, 15),
        "campaigns": (3,),
        "summary": "Người dân nộp hồ sơ ở một nơi, nhận giấy hẹn ghi rõ ngày trả kết quả.",
    },
    {
        "number": "02/QĐ-MH",
        "kind": "Quyết định",
        "title": "Sửa quy trình tiếp nhận hồ sơ tại bộ phận một cửa" + MADE_UP,
        "agency": "PY-SNV",
        "issued_on": date(2024, 2, 1),
        "effective_on": date(2024, 3, 1),
        "replaces": ("01/QĐ-MH",),
        "campaigns": (3,),
        "summary": "Thay quy trình cũ: thêm cách nộp tại nhà qua mạng.",
    },
    {
        "number": "03/HD-MH",
        "kind": "Hướng dẫn",
        "title": "Nộp hồ sơ trực tuyến bằng tài khoản định danh" + MADE_UP,
        "agency": "PY-SNV",
        "issued_on": date(2025, 6, 2),
        "effective_on": date(2025, 6, 2),
        "campaigns": (9,),
    },
    {
        "number": "04/TB-MH",
        "kind": "Thông báo",
        "title": "Lịch tiếp công dân trong đợt cao điểm" + MADE_UP,
        "agency": "PY-SNV",
        "issued_on": date(2025, 1, 6),
        "effective_on": date(2025, 1, 6),
        "expires_on": date(2025, 3, 31),
        "campaigns": (10,),
    },
    {
        "number": "05/KH-MH",
        "kind": "Kế hoạch",
        "title": "Khảo sát sự hài lòng của người dân" + MADE_UP,
        "agency": "PY-SNV",
        "ahead": 40,
        "campaigns": (8,),
        "summary": "Sẽ khảo sát ở bộ phận một cửa các xã, phường.",
    },
)


def make_documents(people: dict) -> int:
    """Documents of the demonstration: in force, not yet, past their term, one replaced and cited."""
    made = 0
    for number, text in enumerate(DOCUMENTS):
        if not Document.objects.filter(number=text["number"]).exists():
            _make(text, people, days_ago=30 - 2 * number)
            made += 1
    if made:
        _cite(people)
    return made


def _make(text: dict, people: dict, *, days_ago: int) -> None:
    today = timezone.localdate()
    days = {name: text[name] for name in ("issued_on", "effective_on", "expires_on") if name in text}
    if "ahead" in text:
        days = {"issued_on": today - timedelta(days=5), "effective_on": today + timedelta(days=text["ahead"])}
    with at(timezone.now() - timedelta(days=days_ago)):
        document = Document.objects.create(
            kind=DocumentType.objects.get(name=text["kind"]),
            number=text["number"],
            title=text["title"],
            summary=text.get("summary", ""),
            agency=Agency.objects.get(code=text["agency"]) if "agency" in text else None,
            issuer=text.get("issuer", ""),
            author=people["bientap"],
            **days,
        )
        document.campaigns.set(Campaign.objects.filter(plan__year=2023, number__in=text["campaigns"]))
        document.replaces.set(Document.objects.filter(number__in=text.get("replaces", ())))
        if MADE_UP in document.title:
            upload = SimpleUploadedFile("van-ban-minh-hoa.pdf", made_up_pdf(), content_type="application/pdf")
            document.files.add(
                files.store(upload, title=f"Bản minh họa của {document.number}", by=people["bientap"])
            )
        services.submit(document, by=document.author)
        document = services.approve(document, by=people["duyet"])
        services.announce(document)


def _cite(people: dict) -> None:
    """An article that cites the replaced one: the notice and the queue have something to show."""
    if Article.objects.filter(title__startswith="Quy trình một cửa").exists():
        return
    with at(timezone.now() - timedelta(days=3)):
        article = Article.objects.create(
            kind=Article.Kind.GUIDE,
            title="Quy trình một cửa theo Quyết định 01/QĐ-MH (bài minh họa)",
            summary="Bài minh họa: dẫn một văn bản nay đã được thay thế.",
            body="<p>Theo Quyết định số 01/QĐ-MH ngày 01/3/2022, người dân nộp hồ sơ tại bộ phận một cửa.</p>",
            agency=Agency.objects.get(code="PY-SNV"),
            author=people["bientap"],
        )
        article.campaigns.set(Campaign.objects.filter(plan__year=2023, number=3))
        services.content.note_citations(article)
        services.submit(article, by=article.author)
        services.announce(services.approve(article, by=people["duyet"]))
