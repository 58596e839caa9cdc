"""`make bench`, part of it: the desk, figures and public lists with 200,000 cases, on SQLite and, where DATABASE_URL names
a server, PostgreSQL. Times are printed and never judged; a page that asks more than its share of questions ends it with 1.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.articles import measure_all  # noqa: E402 - the path above comes first

if __name__ == "__main__":
    sys.exit(0 if measure_all("bench.cases_measured") else 1)
