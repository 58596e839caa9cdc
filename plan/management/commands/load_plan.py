from django.core.management.base import BaseCommand

from plan import services


class Command(BaseCommand):
    help = "Nạp Kế hoạch 113/KH-UBND năm 2023 với mười nội dung; phần đã sửa trong quản trị được giữ nguyên."

    def handle(self, *args, **options):
        self.stdout.write(f"Đã thêm {services.load_plan_113()} nội dung.")
