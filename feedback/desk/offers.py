"""Which agency may be the right one for a case, and why: rules first, then the asker's wish, then like cases."""

from agencies.roles import Role
from feedback import alike, services
from feedback.models import Case, Routing

MOST = 5
NEW = (Case.Status.RECEIVED, Case.Status.ACCEPTED)


def offers_for(case: Case, user) -> list[services.Offer]:
    """Each agency once, with the strongest of its reasons; only such as a citizen may ask today."""
    if case.is_confidential or case.status not in NEW or not user.has_role(Role.COORDINATOR):
        return []
    found = services.offers_by_rules(case)
    if asked := case.asked_agency:
        found += [
            services.Offer(heir, Routing.Source.ASKED, instead_of=None if heir == asked else asked)
            for heir in services.heirs_of(asked)
        ]
    found += [
        services.Offer(each.agency, Routing.Source.LIKE, cases=each.cases, instead_of=each.instead_of)
        for each in alike.agencies_for(case, user=user)
    ]
    first: dict[int, services.Offer] = {}
    for offer in found:
        if offer.agency.is_answering:
            first.setdefault(offer.agency.pk, offer)
    return list(first.values())[:MOST]
