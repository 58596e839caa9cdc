"""Which words are looked for, so that editors see what is missing; counted without anything of who looked.

The page of results itself writes nothing: its script sends a note once it has stood open. Words that could name or reach
a person are not kept at all, and editors see words only when they were looked for several times.
"""

import re

from django.db.models import F
from django.utils import timezone

from parcai.lib import personal
from parcai.lib.vietnamese import fold, tidy
from parcai.search.models import AskedWords

LONGEST = 80
MOST_A_MONTH = 20_000  # different words; a flood of invented ones ends there
SEEN_FROM = 3  # times asked before editors see them
LONG_NUMBER = re.compile(r"(?:\d[\s.\-]?){6,}|@|\bPY\d\d-", re.IGNORECASE)


def note(text: str, *, is_empty: bool = False, is_click: bool = False) -> bool:
    """Count one search, or one click on a result of it. Returns whether the words were kept."""
    shown = " ".join(tidy(text[:400]).split()).lower()
    key = fold(shown)
    if not 1 < len(key) <= LONGEST or LONG_NUMBER.search(shown) or personal.find(shown):
        return False
    month = timezone.localdate().replace(day=1)
    rows = AskedWords.objects.filter(month=month)
    if not rows.filter(key=key).exists() and rows.count() >= MOST_A_MONTH:
        return False
    row, _made = AskedWords.objects.get_or_create(month=month, key=key, defaults={"shown": shown[:100]})
    changes = (
        {"clicked": F("clicked") + 1}
        if is_click
        else {"asked": F("asked") + 1, "empty": F("empty") + int(is_empty)}
    )
    AskedWords.objects.filter(pk=row.pk).update(**changes)
    return True
