from django.core.management.base import BaseCommand, CommandError

from feedback import services


class Command(BaseCommand):
    help = "Kiểm tra chuỗi băm của lịch sử hồ sơ; báo dòng nào đã bị sửa ngoài cổng."

    def handle(self, *args, **options):
        if wrong := services.verify_history():
            raise CommandError(f"{len(wrong)} dòng lịch sử không còn nguyên vẹn: {wrong[:20]}")
        self.stdout.write("Lịch sử nguyên vẹn.")
