"""Words between officials beside a case; whoever is named by @account is told."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import Role
from feedback.models import Case
from feedback.services.claims import keep_claim
from feedback.services.steps import (
    TransitionError,
    coordinators,
    record,
    require,
    require_words,
    tell_officials,
)

MENTION = re.compile(r"(?<![\w.@+-])@([\w.+-]{1,150})")
MOST_MENTIONS = 20


def people_to_mention(case: Case) -> list[User]:
    """Officials of the agency and coordinators who may see the case."""
    of_agency = User.objects.filter(
        is_active=True,
        is_machine=False,
        groups__name__in=[str(Role.OFFICER), str(Role.HEAD)],
        agency__in=case.agency.with_predecessors() if case.agency else [],
    )
    found = {person.pk: person for person in (*of_agency.distinct(), *coordinators())}
    if case.is_confidential:  # only those whom visible_to lets in
        found = {
            pk: person
            for pk, person in found.items()
            if Case.objects.visible_to(person).filter(pk=case.pk).exists()
        }
    return sorted(found.values(), key=lambda person: person.full_name)


@transaction.atomic
def add_note(case: Case, *, by: User, text: str) -> list[User]:
    """Keep the words in the history and tell those they name. Returns who was told."""
    require(by, case, Role.COORDINATOR, Role.OFFICER, Role.HEAD)
    require_words(text, _("Hãy viết ghi chú."))
    named = list(dict.fromkeys(name.rstrip(".-+").casefold() for name in MENTION.findall(text)))
    if len(named) > MOST_MENTIONS:
        raise TransitionError(_("Một ghi chú nhắc được tối đa %d người.") % MOST_MENTIONS)
    people = {person.username.casefold(): person for person in people_to_mention(case)} if named else {}
    unknown = [name for name in named if name not in people]
    if unknown:
        raise TransitionError(
            _("Không có cán bộ nào tên tài khoản “%s” xem được hồ sơ này. Hãy kiểm tra lại tên sau dấu @.")
            % unknown[0]
        )
    event = record(case, "note", from_status=case.status, by=by, internal_note=text)
    keep_claim(case, by=by)
    told = [people[name] for name in named if people[name].pk != by.pk]
    tell_officials(told, case, "case_mention", key=f"note-{event.pk}", by=str(by))
    return told
