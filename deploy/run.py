"""`make run`: tells the address and the demonstration accounts, then hands over to the process keeper."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parcai.settings")

from django.conf import settings  # noqa: E402 - the path above comes first


def main() -> None:
    from parcai.demo.people import ACCOUNTS

    print(f"\nCổng đang mở tại  http://{settings.HOST}:{settings.PORT}/")
    print(f"Bàn xử lý         http://{settings.HOST}:{settings.PORT}/xu-ly/")
    print(f"Quản trị          http://{settings.HOST}:{settings.PORT}/quan-tri/")
    if settings.DEMONSTRATION:
        print("Tài khoản minh họa:", ", ".join(account[0] for account in ACCOUNTS))
        print(f"Mật khẩu chung:   {settings.DEMO_PASSWORD}")
    print(f"Thư gửi đi nằm ở  {settings.VAR_DIR / 'outbox'}/, nhật ký ở {settings.VAR_DIR / 'log'}/")
    print("Bấm Ctrl-C để dừng.\n", flush=True)
    keeper = str(Path(os.environ["VENV"], "bin", "supervisord"))
    os.execv(keeper, [keeper, "--configuration", str(ROOT / "deploy" / "supervisord.conf")])  # noqa: S606


if __name__ == "__main__":
    import django

    django.setup()
    main()
