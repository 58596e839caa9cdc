"""What officers and heads have beside their cases in the demonstration: templates, a delegation, an opinion, drafts."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from agencies import services as calendar
from agencies.models import User
from agencies.roles import Role
from feedback import services
from feedback.models import AnswerTemplate, Case, Delegation, Opinion

TEMPLATES = [
    (
        None,
        "Mở đầu và kết thúc chung",
        "<p>Kính gửi ông/bà {ten_nguoi_gui},</p><p>{co_quan} nhận được nội dung “{tieu_de}” (mã hồ sơ {ma_ho_so}) và "
        "trả lời như sau:</p><p>…</p><p>Nếu còn điều chưa rõ, ông/bà mở hồ sơ bằng mã và mã PIN để đề nghị trả lời lại.</p>",
    ),
    (
        None,
        "Hướng dẫn nộp hồ sơ trực tuyến",
        "<p>Kính gửi ông/bà {ten_nguoi_gui},</p><p>Thủ tục này nộp được trên Cổng dịch vụ công. Ông/bà chuẩn bị giấy tờ, "
        "đăng nhập, chọn đúng thủ tục và theo dõi kết quả bằng mã biên nhận.</p>",
    ),
    (
        "PY-SNV",
        "Chế độ, chính sách của cán bộ",
        "<p>{co_quan} trả lời ông/bà {ten_nguoi_gui} về “{tieu_de}”:</p><p>…</p><p>Hồ sơ {ma_ho_so} được trả lời trước ngày {han}.</p>",
    ),
]


def make_work(people: dict) -> int:
    """Returns how many rows are new; a second call finds all of them."""
    before = _counted()
    head, officer = people["thutruong"], people["chuyenvien"]
    for code, title, body in TEMPLATES:
        agency = head.agency if code else None
        AnswerTemplate.objects.get_or_create(agency=agency, title=title, defaults={"body": body})
    deputy = _deputy(head)
    today = timezone.localdate()
    if not Delegation.objects.filter(head=head).exists():
        services.delegate(
            by=head,
            deputy=deputy,
            valid_from=today,
            valid_until=today + timedelta(days=14),
            ground="Quyết định minh họa số 12/QĐ-SNV",
        )
    mine = Case.objects.filter(agency=head.agency, status=Case.Status.ASSIGNED).order_by("pk")
    if not Opinion.objects.exists() and (case := mine.first()):
        services.ask_opinion(
            case,
            by=officer,
            agency=people["thutruong2"].agency,
            question="Đề nghị cho ý kiến về phần thuộc ngành y tế trong nội dung này.",
            due_on=calendar.due_on(timezone.now(), 5),
        )
    if (case := mine.filter(answers=None).last()) and not Case.objects.filter(
        answers__versions__number=2
    ).exists():
        draft = services.save_draft(case, by=officer, body="<p>Đơn nộp tại bộ phận một cửa.</p>", version=0)
        words = (
            "<p>Đơn nộp tại bộ phận một cửa hoặc trên Cổng dịch vụ công, không cần bản sao công chứng.</p>"
        )
        services.save_draft(case, by=officer, body=words, version=draft.version)
    return _counted() - before


def _counted() -> int:
    return sum(model.objects.count() for model in (AnswerTemplate, Delegation, Opinion))


def _deputy(head: User) -> User:
    person, created = User.objects.get_or_create(
        username="phogiamdoc",
        defaults={
            "full_name": "Phó Giám đốc Minh Họa",
            "title": "Phó Giám đốc",
            "agency": head.agency,
            "is_demonstration": True,
            "password": make_password(settings.DEMO_PASSWORD),
        },
    )
    if created:
        person.groups.add(Group.objects.get(name=Role.OFFICER))
    return person
