"""Hands in each matter by many calls at once and counts what came of it; run by bench/idempotency.py."""

import logging
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - settings come first
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402

from agencies import keys  # noqa: E402
from agencies.models import ApiKey  # noqa: E402
from feedback.models import Case, CaseEvent  # noqa: E402
from tests.feedback.signing import INTAKE, new_case, post  # noqa: E402

logging.disable(logging.INFO)  # one line a call would be ten thousand
MATTERS, AT_ONCE = 200, 50
HOST = "127.0.0.1"


def main() -> int:
    call_command("migrate", verbosity=0)
    key = ApiKey(name=f"Đo lần gọi trùng {time.time():.3f}", may_create=True)
    keys.make(key, by=None)
    before, run = Case.objects.count(), f"{time.time():.0f}"
    gate = threading.Barrier(AT_ONCE)

    def call(matter: int):
        content = new_case(title=f"Câu hỏi số {matter} của lần đo {run}?")
        gate.wait(timeout=60)
        answer = post(Client(SERVER_NAME=HOST), key, INTAKE, content, call=f"do-{run}-{matter}")
        return answer.status_code, answer.json().get("code"), "Idempotency-Replayed" in answer

    statuses: Counter = Counter()
    wrong, begin = [], time.monotonic()
    with ThreadPoolExecutor(AT_ONCE, initializer=connections.close_all) as pool:
        for matter in range(MATTERS):
            answers = list(pool.map(call, [matter] * AT_ONCE))
            statuses.update(status for status, _code, _again in answers)
            codes = {code for status, code, _again in answers if status == 201}
            if len(codes) != 1 or sum(not again for status, _code, again in answers if status == 201) != 1:
                wrong.append(matter)
    took = time.monotonic() - begin
    made = Case.objects.count() - before
    events = CaseEvent.objects.filter(case__title__contains=f"lần đo {run}").count()
    print(
        f"lần gọi trùng, {connection.vendor}: {MATTERS} khóa × {AT_ONCE} lần gọi cùng lúc, {made} hồ sơ, "
        f"{events} dòng lịch sử, {dict(statuses)}, {took:.0f} giây, {MATTERS * AT_ONCE / took:.0f} lần gọi/giây"
    )
    return 0 if (made, events, wrong) == (MATTERS, MATTERS, []) else 1


if __name__ == "__main__":
    sys.exit(main())
