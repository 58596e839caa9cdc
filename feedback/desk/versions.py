"""The drafts of an answer side by side."""

from django.shortcuts import redirect, render

from feedback import services
from feedback.desk.access import masked, may_see_asker, official_required
from feedback.desk.screen import case_for
from feedback.models import AnswerVersion
from parcai.lib.differences import compare_lines, is_cut
from parcai.lib.outline import outline


@official_required
def versions(request, code):
    """Two versions of the newest draft; without a choice, the last two."""
    case = case_for(request, code)
    if services.is_behind_reason(case, request.user):
        return redirect(case.get_desk_url())
    found = AnswerVersion.objects.filter(answer__case=case).select_related("by", "answer")
    rows = list(found.order_by("answer__round", "number"))
    older = _chosen(rows, request.GET.get("tu"), rows[-2] if len(rows) > 1 else None)
    newer = _chosen(rows, request.GET.get("den"), rows[-1] if rows else None)
    context = {"case": case, "rows": rows[::-1], "older": older, "newer": newer}
    if older and newer:
        before, after = _text(request, case, older), _text(request, case, newer)
        lines = compare_lines(before, after)
        context |= {
            "lines": lines,
            "is_cut": is_cut(before, after),
            "is_same": not any(line.is_changed for line in lines),
        }
    return render(request, "feedback/desk_versions.html", context)


def _chosen(rows, key, otherwise):
    return next((row for row in rows if str(row.pk) == key), otherwise)


def _text(request, case, version) -> str:
    text = outline(version.body)
    return text if may_see_asker(request.user) else masked(case, text)
