import io
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.models import Agency
from articles import images, services
from articles.models import Image, Video
from parcai.demo import pictures
from parcai.demo.clock import at
from plan.models import Campaign

# No video of this number can exist: YouTube's own numbers never end in 1, 2 or 3 (eleven characters hold 64 bits, so
# only every fourth character is a last one). The pages show how a video stands on the portal, and pretend nothing.
VIDEOS: tuple[dict[str, Any], ...] = (
    {
        "title": "Một vòng quầy một cửa (minh họa)",
        "link": "https://www.youtube.com/watch?v=MinhHoa0001",
        "campaign": 3,
        "agency": "PY-SNV",
        "summary": "Từ lấy số thứ tự đến nhận kết quả: người dân đi qua những bước nào ở bộ phận một cửa.",
        "duration": "4:20",
        "scene": "quay_giao_dich",
        "days_ago": 6,
        "transcript": (
            "<p><strong>Người dẫn:</strong> Chào bà con. Hôm nay chúng ta cùng đi một vòng quầy một cửa.</p>"
            "<p>[Trên màn hình: máy lấy số thứ tự ngay cửa vào.]</p>"
            "<p><strong>Người dẫn:</strong> Việc đầu tiên là lấy số. Bà con bấm chọn lĩnh vực, ví dụ hộ tịch hay đất đai, "
            "rồi ngồi chờ đến số của mình.</p>"
            "<p><strong>Cán bộ một cửa:</strong> Tôi kiểm tra giấy tờ ngay tại quầy. Thiếu gì tôi ghi vào một tờ phiếu, "
            "để bà con chỉ phải bổ sung một lần.</p>"
            "<p><strong>Người dẫn:</strong> Đủ giấy tờ thì bà con nhận giấy hẹn, trên đó có ngày trả kết quả.</p>"
            "<p>[Hết. Video và lời thoại chỉ để minh họa.]</p>"
        ),
    },
    {
        "title": "Nộp hồ sơ tại nhà bằng điện thoại (minh họa)",
        "link": "https://youtu.be/MinhHoa0002",
        "campaign": 6,
        "agency": "PY-SKHCN",
        "summary": "Làm từng bước trên điện thoại: đăng nhập, chọn thủ tục, chụp giấy tờ, gửi và theo dõi.",
        "duration": "6:05",
        "scene": "dien_thoai",
        "days_ago": 15,
        "transcript": (
            "<p><strong>Người hướng dẫn:</strong> Bước một, mở cổng dịch vụ công và đăng nhập.</p>"
            "<p><strong>Người hướng dẫn:</strong> Bước hai, gõ tên thủ tục vào ô tìm kiếm, rồi bấm Nộp hồ sơ.</p>"
            "<p>[Trên màn hình: chụp hai mặt giấy tờ, chữ rõ, không lóa.]</p>"
            "<p><strong>Người hướng dẫn:</strong> Bước ba, chụp giấy tờ, xem lại rồi gửi. Mã hồ sơ hiện ngay trên màn hình; "
            "bà con giữ mã này để tra cứu.</p>"
            "<p>[Hết. Video và lời thoại chỉ để minh họa.]</p>"
        ),
    },
    {
        "title": "Cán bộ xã trả lời bà con về cải cách hành chính (minh họa)",
        "link": "https://www.youtube.com/watch?v=MinhHoa0003",
        "campaign": 2,
        "agency": "PY-SNV",
        "summary": "Ba câu hỏi bà con hay hỏi nhất và cách cán bộ xã trả lời.",
        "duration": "",
        "scene": "",
        "days_ago": 27,
        "transcript": "",
    },
)


def make_videos(people: dict) -> int:
    """The videos of the demonstration, written and approved by the portal's own steps."""
    campaigns = {campaign.number: campaign for campaign in Campaign.objects.filter(plan__year=2023)}
    made = 0
    for text in VIDEOS:
        if Video.objects.filter(title=text["title"]).exists():
            continue
        moment = timezone.now() - timedelta(days=text["days_ago"], minutes=5)
        with at(moment):
            video = Video.objects.create(
                title=text["title"],
                link=text["link"],
                summary=text["summary"],
                duration=text["duration"],
                recorded_on=timezone.localdate(moment) - timedelta(days=10),
                transcript=text["transcript"],
                agency=Agency.objects.get(code=text["agency"]),
                poster=_poster(text["scene"], people["bientap"]) if text["scene"] else None,
                author=people["bientap"],
            )
            video.campaigns.set([campaigns[text["campaign"]]])
            services.submit(video, by=video.author)
            services.approve(video, by=people["duyet"])
            services.announce(video)
        made += 1
    return made


def _poster(scene: str, by) -> Image:
    file = SimpleUploadedFile(f"{scene}.png", io.BytesIO(pictures.draw(scene, 1)).read())
    return images.store(file, alt="Hình vẽ minh họa cho video", credit="Hình minh họa của cổng", by=by)
