from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles import links
from articles.models import LinkFault


class Command(BaseCommand):
    help = "Kiểm các liên kết, ảnh và mục trên trang của cổng ngay bây giờ, không đợi đến đêm."

    def add_arguments(self, parser):
        parser.add_argument(
            "--pages", type=int, default=None, help="Số trang nhiều nhất; mặc định là LINK_CHECK_PAGES."
        )

    def handle(self, *args, **options):
        pages = settings.LINK_CHECK_PAGES if options["pages"] is None else options["pages"]
        if pages < 1:
            raise CommandError("--pages là một số từ 1.")
        try:
            listed = links.list_pages()
        except links.MapError as error:
            raise CommandError(f"Không đọc được bản đồ trang: {error}") from error
        done = links.run(pages=pages)
        waiting = LinkFault.objects.waiting()
        self.stdout.write(f"Đã kiểm {done} trên {listed} trang; còn {waiting.count()} liên kết hỏng cần sửa.")
        for fault in waiting.order_by("page", "address")[:50]:
            self.stdout.write(f"{fault.page} → {fault.address}: {fault.reason}")
