"""`make bench`: 200 matters of another system, each handed in by 50 calls at once under one Idempotency-Key.

One case each, or it ends with 1. SQLite in VAR_DIR, and PostgreSQL where DATABASE_URL names a server.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.articles import measure_all  # noqa: E402 - the path above comes first

if __name__ == "__main__":
    sys.exit(0 if measure_all("bench.idempotency_measured") else 1)
