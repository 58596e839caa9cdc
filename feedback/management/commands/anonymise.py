from collections import Counter

from django.core.management.base import BaseCommand

from feedback import services
from feedback.models import Case


class Command(BaseCommand):
    help = "Xóa dữ liệu cá nhân của hồ sơ đã kết thúc quá thời hạn lưu; --dry-run chỉ đếm."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="chỉ cho biết số hồ sơ, không xóa gì")

    def handle(self, *args, **options):
        if options["dry_run"]:
            rows = services.kept_long_enough().order_by().values_list("status", flat=True)
            found = Counter(rows.iterator(chunk_size=2000))
            for status, number in sorted(found.items()):
                self.stdout.write(f"{Case.Status(status).label}: {number}")
            self.stdout.write(f"Sẽ xóa dữ liệu cá nhân của {sum(found.values())} hồ sơ.")
            return
        done = 0
        while number := services.anonymise_old():
            done += number
        self.stdout.write(f"Đã xóa dữ liệu cá nhân của {done} hồ sơ.")
