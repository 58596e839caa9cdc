"""The client printed in docs/intake-api.md, run as another system would run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as portal

from feedback.models import Case
from tests.factories import make_key

PAGE = Path(portal.BASE_DIR) / "docs" / "intake-api.md"


@pytest.mark.django_db(transaction=True)
def test_the_printed_client_hands_in_one_case_and_reads_it(live_server, settings, tmp_path):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    key = make_key("create", "read", networks="127.0.0.1")
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    client = tmp_path / "client.py"
    client.write_text(source, encoding="utf-8")
    here = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    given = {"PORTAL": live_server.url, "PORTAL_KEY": key.key_id, "PORTAL_SECRET": key.secret}

    runs = [
        subprocess.run(
            [sys.executable, str(client)],
            env={**here, "PYTHONIOENCODING": "utf-8", "no_proxy": "*", **given},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        for _time in range(2)
    ]

    case = Case.objects.get()
    for done in runs:
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            f"{case.code} {case.pin} {case.due_on}",
            "Mới tiếp nhận ['Cổng đã nhận']",
        ]
    assert case.source == Case.Source.PHONE


def test_the_printed_client_names_the_key_of_the_demonstration(settings):
    from parcai.demo.build_keys import KEY_ID

    page = PAGE.read_text(encoding="utf-8")
    assert f'"PORTAL_KEY", "{KEY_ID}"' in page
    assert f'"PORTAL_SECRET", "{settings.DEMO_PASSWORD}"' in page
