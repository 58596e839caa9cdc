from django.core.management.base import BaseCommand

from feedback import services


class Command(BaseCommand):
    help = "Tính lại hạn của hồ sơ đang mở theo lịch làm việc hiện tại (tiến trình nền tự làm mỗi phút)."

    def handle(self, *args, **options):
        self.stdout.write(f"Đã đổi hạn của {services.recount_deadlines()} hồ sơ.")
