import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from agencies import services as agencies
from agencies.models import Agency
from feedback.models import Case
from plan import services as plan


class Command(BaseCommand):
    help = "Chuẩn bị để chạy: cơ sở dữ liệu, danh mục, tệp tĩnh, và tỉnh minh họa ở lần đầu (khi không vận hành chính thức)."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        if not Agency.objects.exists():
            agencies.load_agencies()
        agencies.load_calendar()
        plan.load_plan_113()
        self._collect_static()
        if settings.DEMONSTRATION and not Case.objects.exists():
            self.stdout.write("Lần đầu: đang dựng tỉnh minh họa…")
            call_command("demo", stdout=self.stdout)

    def _collect_static(self):
        """Only when a file of ours or the installed set has changed: hashing 700 files each start would be a wait."""
        stamp = Path(settings.STATIC_ROOT).parent / "static.stamp"
        state = hashlib.sha256()
        for path in sorted(Path(settings.BASE_DIR, "static").rglob("*")):
            if path.is_file():
                state.update(f"{path}{path.stat().st_mtime_ns}{path.stat().st_size}".encode())
        state.update(Path(settings.BASE_DIR, "requirements.txt").read_bytes())
        if not stamp.exists() or stamp.read_text() != state.hexdigest():
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            stamp.write_text(state.hexdigest())
