"""`make bench`: starts the portal on a fresh demonstration beside a bare page, measures, prints one table.

Figures of a shared machine drift; read ratios to "bare" of the same run. Nothing here is asserted.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.visitor import Visitor, ask  # noqa: E402 - the path above comes first

CLIENTS, SUBMISSIONS, READS = 20, 600, 200
PAGES = {
    "bare": "/khoe/",
    "home": "/",
    "articles": "/tin-bai/",
    "answers": "/hoi-dap/",
    "plan": "/ke-hoach/2023/",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def portal():
    """The portal on its own folder and port, limits off, stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="parcai-bench-"))
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "SITE_URL": base,
        "RATE_LIMITS": "off",
    }
    environment |= {"HOST": "127.0.0.1", "VENV": str(Path(sys.executable).parent.parent), "WEB_WORKERS": "2"}
    (folder / "log").mkdir()
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, check=True)
    keeper = subprocess.Popen(
        [sys.executable, "deploy/run.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _try in range(300):
            with contextlib.suppress(OSError):
                if Visitor(base).get("/khoe/")[0] == 200:
                    break
            time.sleep(0.1)
        yield base, keeper.pid
    finally:
        keeper.send_signal(signal.SIGINT)
        keeper.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def web_processes(keeper: int) -> list[int]:
    """Ids of the keeper's descendants that serve pages."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [keeper]
    while waiting:
        for child in children.get(waiting.pop(), []):
            waiting.append(child)
            with contextlib.suppress(OSError):
                if b"granian" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(child)
    return found


def cpu_seconds(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pids: list[int]) -> float:
    def one(pid: int) -> int:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    return max(one(pid) for pid in pids) / 1024


def read_pages(base: str, pids: list[int]) -> list[dict]:
    """CPU, time and bytes per page, in alternating rounds so that drift hits all alike."""
    visitor = Visitor(base)
    samples: dict[str, dict] = {name: {"cpu": 0.0, "times": [], "bytes": 0} for name in PAGES}
    rounds = 4
    for _round in range(rounds):
        for name, path in PAGES.items():
            before = cpu_seconds(pids)
            for _read in range(READS // rounds):
                start = time.perf_counter()
                _status, text = visitor.get(path)
                samples[name]["times"].append(time.perf_counter() - start)
            samples[name]["cpu"] += cpu_seconds(pids) - before
            samples[name]["bytes"] = len(text.encode())
    bare = samples["bare"]["cpu"] / READS or 1e-9
    return [
        {
            "what": name,
            "cpu_ms": round(1000 * sample["cpu"] / READS, 2),
            "ratio_to_bare": round(sample["cpu"] / READS / bare, 1),
            "p50_ms": round(1000 * statistics.median(sample["times"]), 1),
            "p99_ms": round(1000 * statistics.quantiles(sample["times"], n=100)[98], 1),
            "bytes": sample["bytes"],
        }
        for name, sample in samples.items()
    ]


def submit_all(base: str) -> dict:
    """600 questions from 20 clients at once."""
    codes: list[str] = []
    errors: list[str] = []
    times: list[float] = []
    numbers = iter(range(SUBMISSIONS))
    lock = threading.Lock()

    def client():
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            start = time.perf_counter()
            try:
                codes.append(ask(Visitor(base), number))
            except Exception as error:
                errors.append(f"{type(error).__name__}: {error}")
            times.append(time.perf_counter() - start)

    begin = time.perf_counter()
    threads = [threading.Thread(target=client) for _client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "what": f"{SUBMISSIONS} submissions, {CLIENTS} clients",
        "receipts": len(set(codes)),
        "errors": len(errors),
        "first_errors": errors[:3],
        "p50_s": round(statistics.median(times), 2),
        "p95_s": round(statistics.quantiles(times, n=20)[18], 2),
        "seconds": round(time.perf_counter() - begin, 1),
    }


def main() -> None:
    with portal() as (base, keeper):
        pids = web_processes(keeper)
        pages = read_pages(base, pids)
        submissions = submit_all(base)
        memory = memory_mb(pids)
    print(f"{'page':<12}{'CPU ms':>8}{'x bare':>8}{'p50 ms':>8}{'p99 ms':>8}{'bytes':>9}")
    for row in pages:
        print(
            f"{row['what']:<12}{row['cpu_ms']:>8}{row['ratio_to_bare']:>8}{row['p50_ms']:>8}{row['p99_ms']:>8}{row['bytes']:>9}"
        )
    print(submissions)
    print(f"largest web process: {memory:.0f} MB")
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    figures = {"pages": pages, "submissions": submissions, "memory_mb": round(memory)}
    (results / f"{stamp}.json").write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
