"""Why an answer is due on its day."""

from agencies import services as agencies
from feedback import services


def why(case) -> dict:
    """Why the answer is due on its day, for the page that tells it."""
    days = services.explain(case)
    last = days[-1]["on"] if days else case.due_on
    return {"days": days, "unknown_years": agencies.years_without_calendar(last, last)}
