"""`make bench`, second part: every page that lists or shows articles, with 100,000 of them in a database of its own.

SQLite in VAR_DIR/bench, kept for the next run; PostgreSQL too where DATABASE_URL names a server: a database is made there
and dropped again. Times are printed and never judged. A page that asks more than `MOST_QUERIES` questions ends it with 1.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
OWN_DATABASE = f"parcai_bench_{os.getpid()}"


def measure(database_url: str, module: str) -> bool:
    """Fill and measure one database by a module in a process of its own; says whether it kept its limits."""
    var = Path(os.environ.get("VAR_DIR", ROOT / "var")) / module.replace(".", "-")
    var.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "VAR_DIR": str(var),
        "DATABASE_URL": database_url,
        "REDIS_URL": "",
        "ENVIRONMENT": "demonstration",
        "RATE_LIMITS": "off",
        "DATABASE_STATEMENT_TIMEOUT_MS": "120000",
        "DJANGO_SETTINGS_MODULE": "parcai.settings",
    }
    done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment)
    return done.returncode == 0


def on_postgresql(server_url: str, module: str) -> bool:
    def run(statement: str) -> None:
        with contextlib.closing(psycopg2.connect(server_url)) as connection:
            connection.autocommit = True  # a database is made outside of every transaction
            connection.cursor().execute(statement)

    run(f"CREATE DATABASE {OWN_DATABASE}")
    try:
        return measure(urlunsplit(urlsplit(server_url)._replace(path=f"/{OWN_DATABASE}")), module)
    finally:
        run(f"DROP DATABASE {OWN_DATABASE}")


def measure_all(module: str) -> bool:
    kept = [measure("", module)]
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith(("postgres://", "postgresql://")):
        kept.append(on_postgresql(server, module))
    return all(kept)


if __name__ == "__main__":
    sys.exit(0 if measure_all("bench.articles_measured") else 1)
