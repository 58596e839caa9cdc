import io
import json
import re
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve
from django.utils import timezone

from agencies.models import Agency
from articles import content, images, rating, services
from articles.models import Article, Image, Tag, Topic
from parcai.demo import pictures
from parcai.demo.clock import at
from plan.models import Campaign

OWN_LINK = re.compile(r'<a href="(/[^"?#]*)[^"]*">(.*?)</a>')
FOLDER = Path(__file__).parent / "articles"
TOPICS = {  # topics of the demonstration by campaign
    1: ["Hiểu về cải cách hành chính"],
    2: ["Quyền của người dân"],
    3: ["Thủ tục hành chính", "Một cửa"],
    4: ["Tổ chức bộ máy"],
    5: ["Tài chính công"],
    6: ["Chuyển đổi số"],
    7: ["Gương điển hình"],
    8: ["Chỉ số và khảo sát"],
    9: ["Dịch vụ công trực tuyến", "Một cửa"],
    10: ["Dân hỏi – Thủ trưởng trả lời"],
}
TAGS = (
    "một cửa",
    "dịch vụ công",
    "căn cước",
    "đất đai",
    "khai sinh",
    "doanh nghiệp",
    "chuyển đổi số",
    "hài lòng",
)
VARIANTS = 2  # pictures drawn per scene; articles share them


def make_articles(people: dict) -> int:
    """All articles of the demonstration, written, approved and withdrawn by the portal's own steps."""
    campaigns = {campaign.number: campaign for campaign in Campaign.objects.filter(plan__year=2023)}
    agencies = {agency.code: agency for agency in Agency.objects.filter(code__startswith="PY-")}
    gallery: dict = {}
    made = 0
    for path in sorted(FOLDER.glob("*.json")):
        for number, text in enumerate(json.loads(path.read_text(encoding="utf-8"))):
            if Article.objects.filter(title=text["title"]).exists():
                continue
            cover = _picture(gallery, text["image"], number % VARIANTS, people["bientap"])
            _make(
                text, campaigns[int(path.stem)], agencies[text["agency"]], cover, people, hour=7 + number % 10
            )
            made += 1
    if made:
        _show_the_board_at_work(people)
    return made


def _show_the_board_at_work(people: dict) -> None:
    """What an official meets on the first day: talk, a change under way, a correction, something to look at again."""
    waiting = Article.objects.filter(status=Article.Status.IN_REVIEW).first()
    if waiting:
        services.comment(waiting, by=people["duyet"], text="Số liệu ở đoạn hai lấy từ báo cáo nào?")
        services.comment(
            waiting, by=people["bientap"], text="Từ báo cáo quý của sở; tôi sẽ ghi vào phần nguồn."
        )
    published = list(Article.objects.published().order_by("publish_at")[:3])
    if len(published) == 3:
        stale, corrected, changing = published
        Article.objects.filter(pk=stale.pk).update(review_on=timezone.localdate())
        draft = services.amend(corrected, by=people["bientap"])
        draft.correction_note = "Bản trước ghi nhầm tên bộ phận tiếp nhận; nay đã sửa (đính chính minh họa)."
        draft.save()
        services.submit(draft, by=people["bientap"])
        services.approve(draft, by=people["duyet"])
        services.amend(changing, by=people["bientap"])


def _picture(gallery: dict, image: dict, seed: int, by) -> Image:
    key = (image["scene"], seed)
    if key not in gallery:
        file = SimpleUploadedFile(
            f"{image['scene']}.png", io.BytesIO(pictures.draw(image["scene"], seed)).read()
        )
        gallery[key] = images.store(file, alt=image["alt"], credit="Hình minh họa của cổng", by=by)
    return gallery[key]


def _make(text: dict, campaign: Campaign, agency: Agency, cover: Image, people: dict, *, hour: int) -> None:
    moment = _moment(text["days_ago"], hour)
    with at(moment):
        article = Article.objects.create(
            kind=text["kind"],
            title=text["title"],
            summary=text["summary"],
            body=OWN_LINK.sub(_words_of_what_is_missing, text["body"]),
            agency=agency,
            cover=cover,
            author=people["bientap"],
            author_line=text.get("author_line", ""),
            sources=text.get("sources", ""),
        )
        article.campaigns.set([campaign])
        names = TOPICS[campaign.number]
        article.topics.set([Topic.objects.get_or_create(name=name)[0] for name in names])
        text_words = f"{article.title} {article.summary} {article.body}".lower()
        article.tags.set(Tag.objects.named([word for word in TAGS if word in text_words]))
        content.keep_revision(article, by=article.author, note="Bản đầu")
        if text["state"] == "draft":
            return
        if text["state"] == "scheduled":
            article.publish_at = timezone.now() + timedelta(days=text["days_ago"] + 2 + hour % 5)
            article.save()
        services.submit(article, by=article.author)
        if text["state"] == "in_review":
            return
        services.approve(article, by=people["duyet"])
        if text["state"] != "scheduled":
            services.announce(article)
            for reader in range(article.pk % 9):  # some are rated, some are not
                rating.rate(article, stars=5 - (article.pk + reader) % 3, voter=f"minh họa {reader}")
        if text["state"] == "withdrawn":
            services.withdraw(article, by=people["duyet"], reason=text["withdrawn_reason"])


def _words_of_what_is_missing(link: re.Match) -> str:
    """The link as it is, or its words alone while the portal has no such page yet."""
    try:
        resolve(link[1])
    except Resolver404:
        return link[2]
    return link[0]


def _moment(days_ago: int, hour: int):
    """A working hour on that day, never later than now."""
    now = timezone.now()
    local = timezone.localtime(now) - timedelta(days=days_ago)
    return min(local.replace(hour=hour, minute=30, second=0, microsecond=0), now - timedelta(minutes=5))
