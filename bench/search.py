"""`make bench`, part of it: searching 100,000 articles of 300 words, on SQLite and, where DATABASE_URL names a server, PostgreSQL.

Prints what indexing takes and the times of one to three words, common and rare, through the whole page of results. Times are
printed and never judged.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.articles import measure_all  # noqa: E402 - the path above comes first

if __name__ == "__main__":
    sys.exit(0 if measure_all("bench.search_measured") else 1)
