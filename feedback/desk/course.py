"""How a case came to where it is: why it was routed there, and what it was cut from or into."""

from agencies.roles import Role
from feedback.desk.access import masked, may_see_asker
from feedback.models import Case, Split


def course(case: Case, user) -> dict:
    """The last routing with its reasons, and the other half of a letter with two matters, as far as one may see it."""
    counter = case.source in (Case.Source.COUNTER, Case.Source.PHONE)
    return {
        "routing": case.routings.select_related("agency").last(),
        "halves": _halves(case, user),
        "may_reprint": counter and not case.is_confidential and user.has_role(Role.COORDINATOR),
    }


def _halves(case: Case, user) -> list[dict]:
    may_see = Case.objects.visible_to(user)
    cut_out = case.splits.select_related("part").filter(part__in=may_see)
    cut_from = Split.objects.select_related("case").filter(part=case, case__in=may_see)
    rows = [(each, each.part, True) for each in cut_out] + [(each, each.case, False) for each in cut_from]

    def shown(text: str) -> str:
        return text if may_see_asker(user) else masked(case, text)

    return [
        {
            "code": other.code,
            "url": other.get_desk_url(),
            "title": shown(other.title),
            "is_part": is_part,
            "whole_title": shown(split.title),
            "whole_text": shown(split.text),
        }
        for split, other, is_part in rows
    ]
