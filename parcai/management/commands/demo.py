from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agencies import services as agencies
from parcai.demo.build_articles import make_articles
from parcai.demo.build_cases import make_cases
from parcai.demo.build_directory import make_directory
from parcai.demo.build_documents import make_documents
from parcai.demo.build_figures import make_figures
from parcai.demo.build_keys import make_key
from parcai.demo.build_readers import make_readers
from parcai.demo.build_site import make_site
from parcai.demo.build_videos import make_videos
from parcai.demo.build_work import make_work
from parcai.demo.people import ACCOUNTS, make_accounts
from plan import services as plan


class Command(BaseCommand):
    help = "Dựng tỉnh minh họa: tài khoản mọi vai trò, tin bài, hồ sơ ở mọi trạng thái. Chạy lại chỉ thêm phần còn thiếu."

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("Không dựng dữ liệu minh họa khi vận hành chính thức.")
        agencies.load_agencies()
        agencies.load_calendar()
        plan.load_plan_113()
        people = make_accounts()
        self.stdout.write(f"{make_articles(people)} tin bài và {make_cases(people)} hồ sơ minh họa mới.")
        self.stdout.write(f"{make_readers()} lượt theo dõi minh họa mới.")
        self.stdout.write(f"{make_figures(people)} dòng số liệu giải quyết.")
        self.stdout.write(f"{make_site(people)} trang cố định mới.")
        self.stdout.write(f"{make_documents(people)} văn bản minh họa mới.")
        self.stdout.write(f"{make_videos(people)} video minh họa mới.")
        self.stdout.write(f"{make_directory()} lãnh đạo minh họa mới trong danh bạ cơ quan.")
        self.stdout.write(f"{make_work(people)} mẫu trả lời, ủy quyền ký và lần xin ý kiến minh họa mới.")
        self.stdout.write(f"{make_key(people)} khóa kết nối minh họa mới.")
        self.stdout.write("Tài khoản: " + ", ".join(account[0] for account in ACCOUNTS))
