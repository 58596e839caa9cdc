"""Readers of published cases: following one by e-mail, and saying that an answer helped."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from feedback.models import Case, HelpfulVote
from feedback.services.steps import TransitionError
from notifications import subscriptions
from parcai.lib.voting import is_first

KIND = "case"  # of notifications.Subscription
# What is told of a page nobody can open now carries no link to it.
OFFLINE = {"follow_reopened", "follow_withdrawn"}


def ask_to_follow(case: Case, *, email: str) -> None:
    subscriptions.ask(KIND, case.pk, path=case.get_absolute_url(), email=email)


def follows(case: Case):
    """The confirmed subscriptions to a case."""
    return subscriptions.Subscription.objects.of(KIND, case.pk).confirmed()


def tell_followers(case: Case, template: str) -> None:
    """Those who follow a public case learn what became of it; the mail holds a link and no word of the case."""
    path = "" if template in OFFLINE else case.get_absolute_url()
    subscriptions.tell(KIND, case.pk, template, key=str(case.version), path=path)


def join_followers(case: Case, of: Case) -> None:
    """A case turned out to be the same as another: whoever followed it follows the other, and is told."""
    path = of.get_absolute_url()
    key = f"of-{of.pk}"
    subscriptions.tell(KIND, case.pk, "follow_joined", key=key, path=path if of.is_public else "")
    subscriptions.move(KIND, case.pk, to=of.pk, path=path)


@transaction.atomic
def find_helpful(case: Case, *, voter: str) -> None:
    """A reader found the public answer helpful, once. `voter` tells readers apart and is kept as a keyed hash only."""
    if not case.is_public:
        raise TransitionError(_("Câu trả lời này không còn công khai."))
    if not is_first(HelpfulVote, "feedback.helpful", voter, case=case):
        raise TransitionError(_("Bạn đã cho biết câu trả lời này hữu ích. Cảm ơn bạn."))
    Case.objects.filter(pk=case.pk).update(helpful=F("helpful") + 1)
