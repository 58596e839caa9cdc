from django.core.management.base import BaseCommand, CommandError

from agencies.models import User
from articles import arrangement


class Command(BaseCommand):
    help = "Thêm bản nháp của năm trang cố định còn thiếu; trang đã có thì giữ nguyên."

    def add_arguments(self, parser):
        parser.add_argument("--author", required=True, help="tên đăng nhập của người đứng tên soạn")

    def handle(self, *args, **options):
        author = User.objects.filter(username=options["author"], is_active=True).first()
        if author is None:
            raise CommandError(f"Không có tài khoản đang hoạt động tên “{options['author']}”.")
        made = arrangement.load_pages(author=author)
        for page in made:
            self.stdout.write(f"Bản nháp mới: {page} ({page.get_absolute_url()})")
        self.stdout.write(f"{len(made)} trang mới, chờ gửi duyệt.")
