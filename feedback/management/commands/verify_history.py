from django.core.management.base import BaseCommand, CommandError

from feedback import services


class Command(BaseCommand):
    help = "Kiểm tra chuỗi băm của lịch sử hồ sơ và của câu trả lời đã ký; báo chỗ nào đã bị sửa ngoài cổng."

    def handle(self, *args, **options):
        if wrong := services.verify_history():
            raise CommandError(f"{len(wrong)} dòng lịch sử không còn nguyên vẹn: {wrong[:20]}")
        if altered := services.altered_answers():
            raise CommandError(f"{len(altered)} câu trả lời không còn như khi ký: {altered[:20]}")
        self.stdout.write("Lịch sử nguyên vẹn.")
