"""What links in messages lead to: agreeing to follow something, and leaving.

A GET changes nothing: programs that look at mail open every link. Mail clients leave with one POST (RFC 8058).
"""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import subscriptions

READ_OR_PRESS = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@READ_OR_PRESS
def confirm(request, token):
    row = subscriptions.found_by(token, subscriptions.CONFIRM_SALT)
    if row and request.method == "POST":
        subscriptions.confirm(row)
        row.refresh_from_db()
    return _show(request, "notifications/confirm.html", row)


@csrf_exempt  # the mail client has no page of ours; the signed link alone says whose subscription ends
@never_cache
@READ_OR_PRESS
def leave(request, token):
    row = subscriptions.found_by(token, subscriptions.LEAVE_SALT)
    if request.method == "POST":
        if row:
            subscriptions.leave(row)
        return render(request, "notifications/leave.html", {"is_done": True})  # twice is no error
    return _show(request, "notifications/leave.html", row)


def _show(request, template, row):
    response = render(request, template, {"row": row}, status=200 if row else 410)
    response["X-Robots-Tag"] = "noindex"
    return response
