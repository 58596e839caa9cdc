"""What askers want done with their own data, and doing it within the days the law gives."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import services as agencies
from feedback.models import Case, DataRequest
from feedback.services.steps import TransitionError, coordinators, day_text, record, require_words
from notifications.services import notify_official

Kind = DataRequest.Kind
WORDS_NEEDED = {Kind.CORRECT: gettext_lazy("Hãy viết điều cần sửa.")}


@transaction.atomic
def ask_about_data(case: Case, *, kind: str, note: str = "") -> DataRequest:
    """The asker, with code and PIN in hand, asks for a copy, a correction, deletion or less use of their data."""
    if kind in WORDS_NEEDED:
        require_words(note, str(WORDS_NEEDED[Kind(kind)]))
    if kind == Kind.WITHDRAW_CONSENT and case.publish_consent_at is None:
        raise TransitionError(_("Bạn không đồng ý công khai hồ sơ này nên không có gì để rút."))
    now = timezone.now()
    try:
        with transaction.atomic():
            asked = DataRequest.objects.create(
                case=case,
                kind=kind,
                note=note,
                asked_at=now,
                reply_by=agencies.due_on(now, DataRequest.REPLY_WITHIN),
                due_on=DataRequest.due_after(kind, timezone.localdate(now)),
            )
    except IntegrityError as error:
        raise TransitionError(_("Yêu cầu này của bạn đã được ghi nhận và đang chờ thực hiện.")) from error
    record(case, "data-ask", from_status=case.status)
    for official in coordinators():
        notify_official(
            official,
            "case_data_asked",
            {
                "code": case.code,
                "kind": asked.get_kind_display(),
                "reply_by": day_text(asked.reply_by),
                "due": day_text(asked.due_on),
                "path": case.get_desk_url(),
            },
            dedupe_key=f"case_data_asked:{case.pk}:{asked.pk}",
        )
    return asked
