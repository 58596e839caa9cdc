from django.core.management.base import BaseCommand

from agencies import services


class Command(BaseCommand):
    help = "Bổ sung ngày nghỉ và ngày làm bù 2023–2026 vào lịch làm việc; ngày đã sửa trong quản trị được giữ nguyên."

    def handle(self, *args, **options):
        self.stdout.write(f"Đã thêm {services.load_calendar()} ngày.")
