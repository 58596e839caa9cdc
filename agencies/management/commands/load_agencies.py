from django.core.management.base import BaseCommand

from agencies import services


class Command(BaseCommand):
    help = "Nạp danh mục cơ quan (cả cơ quan đã sáp nhập) từ agencies/data/agencies.csv; chạy lại không sinh bản trùng."

    def handle(self, *args, **options):
        self.stdout.write(f"Đã nạp {services.load_agencies()} cơ quan.")
