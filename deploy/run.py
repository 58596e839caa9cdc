"""`make run`: prepares, tells the address and the demonstration accounts, then hands over to the process keeper."""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parcai.settings")

import django  # noqa: E402 - the path above comes first
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402


def refuse_a_second_one() -> None:
    """Two keepers on the same data would run two timetables; on the same port, two portals would share visitors."""
    with suppress(OSError, ValueError):
        keeper = int((settings.VAR_DIR / "supervisord.pid").read_text())
        if b"supervisord" in Path(f"/proc/{keeper}/cmdline").read_bytes() and keeper != os.getpid():
            sys.exit(f"Cổng đang chạy rồi với dữ liệu ở {settings.VAR_DIR} (tiến trình {keeper}).")
    try:
        with socket.create_server((settings.HOST, settings.PORT)):
            pass
    except OSError as error:
        sys.exit(
            f"Không mở được {settings.HOST}:{settings.PORT} ({os.strerror(error.errno or 0)}). Chọn số khác: make run PORT=8001"
        )


def greet() -> None:
    from parcai.demo.people import ACCOUNTS

    base = f"http://{settings.HOST}:{settings.PORT}"
    print(f"\nCổng đang mở tại  {base}/")
    print(f"Bàn xử lý         {base}/xu-ly/")
    print(f"Quản trị          {base}/quan-tri/")
    if settings.DEMONSTRATION:
        print("Tài khoản minh họa:", ", ".join(account[0] for account in ACCOUNTS))
        print(f"Mật khẩu chung:   {settings.DEMO_PASSWORD}")
    print(f"Thư gửi đi nằm ở  {settings.VAR_DIR / 'outbox'}/, nhật ký ở {settings.VAR_DIR / 'log'}/")
    print("Bấm Ctrl-C để dừng.\n", flush=True)


if __name__ == "__main__":
    django.setup()
    refuse_a_second_one()
    (settings.VAR_DIR / "log").mkdir(exist_ok=True)
    call_command("prepare")
    greet()
    keeper = str(Path(os.environ["VENV"], "bin", "supervisord"))
    os.execv(keeper, [keeper, "--configuration", str(ROOT / "deploy" / "supervisord.conf")])  # noqa: S606
