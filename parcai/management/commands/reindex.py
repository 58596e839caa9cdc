import time

from django.core.management.base import BaseCommand, CommandError

from parcai import findable
from parcai.search import services, spelling

RECORDS = {record.record: record for record in findable.INDEXED}


class Command(BaseCommand):
    help = "Dựng lại chỉ mục tìm kiếm khi cổng vẫn chạy; không lúc nào thiếu mục nào."

    def add_arguments(self, parser):
        parser.add_argument("record", nargs="*", help="Chỉ những loại này: " + ", ".join(RECORDS))

    def handle(self, *args, **options):
        if unknown := set(options["record"]) - set(RECORDS):
            raise CommandError(f"Không có loại {', '.join(sorted(unknown))}. Có: {', '.join(RECORDS)}.")
        for name in options["record"] or RECORDS:
            start, record = time.perf_counter(), RECORDS[name]
            written, removed = services.rebuild(name, record.rows(), record.entry)
            took = time.perf_counter() - start
            self.stdout.write(f"{name}: {written} mục mới hoặc đổi, {removed} mục bỏ ({took:.1f} giây).")
        self.stdout.write(f"Danh sách từ: {spelling.learn(findable.written())} từ.")
