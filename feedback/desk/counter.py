"""Nhập hộ: a coordinator types for who stands at the counter or is on the phone, and hands out the slip."""

import segno
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback import alike, services
from feedback.desk.bulk import coordinator_required
from feedback.forms.counter import COUNTER_PARTS, DoorForm
from feedback.models import Case
from parcai.lib.html import trusted

CONSENT_NOTES = {
    "loi-noi": gettext_lazy("Người gửi đồng ý bằng lời."),
    "giay": gettext_lazy("Người gửi đồng ý và ký trên giấy."),
}


@coordinator_required
def take_down(request):
    """One page: the same questions, checks and intake as for whoever asks by themselves."""
    data = request.POST if request.method == "POST" else None
    door = DoorForm(data)
    parts = {name: form(data, kind=door.kind) for name, form in COUNTER_PARTS.items()}
    if request.method != "POST":
        return _show(request, door, parts)
    # Each says what is wrong, not the first alone.
    valid = [form.is_valid() for form in (door, *parts.values())]
    door.look_at(parts["content"].cleaned_data)
    if not all(valid) or door.errors:
        return _show(request, door, parts, status=422)
    case, is_new = _receive(request.user, door, parts)
    if case is None:
        door.add_error(None, _("Tờ này đã được dùng. Hãy mở lại trang Nhập hộ và gõ vào tờ mới."))
        return _show(request, door, parts, status=422)
    return _show_slip(request, case, case.pin if is_new else "")


def _receive(user, door, parts) -> tuple[Case | None, bool]:
    """The case and whether it was made just now; none when that sheet belongs to somebody else's case."""
    submission = door.cleaned_data["submission"]
    known = Case.objects.filter(submission=submission).exists()
    content, asker, consent = (parts[name].cleaned_data for name in ("content", "asker", "consent"))
    is_business = asker["asker_kind"] == Case.AskerKind.BUSINESS
    case = services.receive(
        kind=door.kind,
        title=content["title"],
        text=content["text"],
        asked_agency=content["agency"],
        asker={
            "kind": asker["asker_kind"],
            "name": asker["name"],
            "tax_code": asker["tax_code"] if is_business else "",
            "email": asker["email"],
            "phone": asker["phone"],
            "address": asker["address"],
        },
        may_publish=consent["publish_consent"],
        show_name=consent["show_name"],
        submission=submission,
        source=door.cleaned_data["source"],
        by=user,
        note=str(CONSENT_NOTES[consent["consent_given"]]),
        notice_version=consent["notice"],
    )
    if not case.events.filter(step="receive", by=user).exists():
        return None, False
    return case, not known


def _show(request, door, parts, status=200):
    said = "\n".join(parts["content"].data.get(name, "") for name in ("title", "text")).strip()[:800]
    context = {
        "door": door,
        "parts": list(parts.values()),
        "forms": [door, *parts.values()],
        "content": parts["content"],
        "asker": parts["asker"],
        "consent": parts["consent"],
        "has_errors": status == 422,
        "complaint": door.complaint if status == 422 else "",
        "alike": alike.answered(said) if said else [],
    }
    return render(request, "feedback/desk_counter.html", context, status=status)


@coordinator_required
def slip(request, code):
    """The slip once more: with a new PIN, because nobody can say who has read the old one."""
    case = get_object_or_404(Case.objects.visible_to(request.user), code=code)
    if request.method != "POST":
        return redirect(case.get_desk_url())
    try:
        pin = services.reissue_pin(case, by=request.user)
    except services.TransitionError as error:
        messages.error(request, str(error))
        return redirect(case.get_desk_url())
    return _show_slip(request, case, pin)


def _show_slip(request, case, pin):
    """Answered to the POST itself: a page that is loaded again shows the PIN to nobody."""
    status_url = settings.SITE_URL + reverse("feedback:status")
    qr = segno.make(status_url, error="m").svg_inline(scale=4, border=1, omitsize=True)
    context = {"case": case, "pin": pin, "status_url": status_url, "qr": trusted(qr)}
    return render(request, "feedback/desk_slip.html", context)
