from django.core.management.base import BaseCommand

from notifications import services


class Command(BaseCommand):
    help = "Gửi ngay các thông báo đang chờ (bình thường tiến trình nền làm việc này mỗi vài giây)."

    def handle(self, *args, **options):
        total = 0
        while sent := services.deliver_due():
            total += sent
        self.stdout.write(f"Đã gửi {total} thông báo.")
