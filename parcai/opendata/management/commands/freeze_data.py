from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parcai.opendata import frozen

FIRST_YEAR = 2000


class Command(BaseCommand):
    help = "Đóng băng các bộ dữ liệu mở của một năm; bộ nào đã đóng băng thì giữ nguyên."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, required=True, help="Năm, ví dụ 2026.")

    def handle(self, *args, **options):
        year = options["year"]
        if not FIRST_YEAR <= year <= timezone.localdate().year:
            raise CommandError(f"Năm từ {FIRST_YEAR} đến năm nay.")
        made = frozen.freeze_year(year)
        for version in made:
            self.stdout.write(f"{version}: {version.rows} dòng, SHA-256 {version.sha256}")
        self.stdout.write(f"Năm {year}: {len(made)} bộ mới đóng băng.")
