from datetime import timedelta

from django.utils import timezone

from articles import arrangement, services
from articles.models import Block, Image, SiteNotice
from parcai.demo.clock import at

LINKS = """Cổng Dịch vụ công quốc gia | https://dichvucong.gov.vn
Cổng Thông tin điện tử Chính phủ | https://chinhphu.vn
Cơ sở dữ liệu quốc gia về văn bản pháp luật | https://vbpl.vn
Lịch làm việc và cách tính hạn | /lich-lam-viec/"""


def make_site(people: dict) -> int:
    """The fixed pages, approved; blocks on the home page, a banner among them; a notice whose time is over."""
    with at(timezone.now() - timedelta(days=20)):
        pages = arrangement.load_pages(author=people["bientap"])
        for page in pages:
            services.submit(page, by=people["bientap"])
            services.announce(services.approve(page, by=people["duyet"]))
    if not Block.objects.exists():
        _make_blocks()
    if not SiteNotice.objects.exists():
        _make_notice()
    return len(pages)


def _make_blocks() -> None:
    home, kinds = Block.Place.HOME, Block.Kind
    Block.objects.create(place=home, kind=kinds.LINKS, title="Liên kết", links=LINKS, order=10)
    Block.objects.create(
        place=home,
        kind=kinds.TEXT,
        title="Không rành máy tính?",
        text="<p>Đến bộ phận một cửa của xã, phường nơi bạn ở: cán bộ nhập giúp câu hỏi và đưa bạn giấy biên nhận "
        "có mã để theo dõi.</p>",
        order=20,
    )
    image = Image.objects.exclude(alt="").order_by("uploaded_at").first()
    if image:
        Block.objects.create(
            place=home,
            kind=kinds.BANNER,
            title="Hỏi thủ trưởng, biết ngày trả lời (minh họa)",
            image=image,
            address="/hoi-dap/gui/",
            order=30,
        )


def _make_notice() -> None:
    """Planned downtime announced in time, long over: it stands in the list of the admin and on no page."""
    down = timezone.localtime().replace(hour=22, minute=0, second=0, microsecond=0) - timedelta(days=10)
    SiteNotice.objects.create(
        kind=SiteNotice.Kind.MAINTENANCE,
        text="Nâng cấp máy chủ (minh họa). Câu hỏi đang viết dở được giữ lại.",
        starts_at=down - timedelta(days=20),
        ends_at=down + timedelta(hours=4),
        down_from=down,
        down_until=down + timedelta(hours=4),
    )
