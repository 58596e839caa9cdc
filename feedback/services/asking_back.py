"""Asking the citizen for more, while the clock stands."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import services as agencies
from agencies.models import User
from agencies.roles import Role
from feedback.models import Case, CaseEvent, Pause
from feedback.services.attachments import Checked, attach
from feedback.services.steps import (
    TransitionError,
    handlers,
    move,
    require,
    require_words,
    tell_asker,
    tell_officials,
)

Status = Case.Status


@transaction.atomic
def ask_back(case: Case, *, by: User, note: str) -> None:
    """Ask the citizen for more; the clock stands still until the reply."""
    require(by, case, Role.COORDINATOR, Role.OFFICER)
    require_words(note, _("Hãy ghi rõ cần người gửi bổ sung điều gì."))
    now = timezone.now()
    move(
        case,
        Status.NEEDS_INFO,
        "ask-back",
        by=by,
        public_note=note,
        paused_at=now,
        resumes_to=case.status,
    )
    today = timezone.localdate(now)
    Pause.objects.create(
        case=case,
        started_at=now,
        not_counted_from=today if case.due_on == today else today + timedelta(days=1),
        reason=note,
    )
    tell_asker(case, "case_needs_info", note=note)


@transaction.atomic
def add_information(case: Case, *, text: str, files: Sequence[Checked] = ()) -> None:
    """The citizen's reply: the clock goes on with the working days that were left."""
    require_words(text, _("Hãy viết phần bổ sung."))
    attach(case, files, event=_resume(case, "reply", public_note=text))
    tell_officials(handlers(case), case, "case_replied")


@transaction.atomic
def note_information(case: Case, *, by: User, note: str) -> None:
    """The citizen replied by phone or at the counter: an official writes it down and the clock goes on."""
    require(by, case, Role.COORDINATOR, Role.OFFICER)
    require_words(note, _("Hãy ghi lại điều người gửi đã bổ sung."))
    _resume(case, "reply-noted", by=by, public_note=note)


def _resume(case: Case, step: str, **event) -> CaseEvent:
    """Back to where the case stood; the clock goes on with the working days that were left, at least one."""
    if case.status != Status.NEEDS_INFO:
        raise TransitionError(_("Hồ sơ không còn chờ bổ sung."))
    now, due_on = timezone.now(), case.due_on
    pause = case.pauses.filter(ended_at=None).first()
    if pause and due_on >= timezone.localdate(pause.started_at):  # what was late before the pause stays late
        paused = [*case.paused_days(), (pause.not_counted_from, timezone.localdate(now))]
        due_on = agencies.due_on(case.clock_from, case.term, paused)
    noted = move(
        case, case.resumes_to, step, claimed_at=now, paused_at=None, resumes_to="", due_on=due_on, **event
    )
    Pause.objects.filter(case=case, ended_at=None).update(ended_at=now)
    return noted
