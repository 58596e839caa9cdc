"""Steps for many pieces at once: on the very list that was shown, each row reported by itself."""

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from articles import services
from parcai.lib.vietnamese import tidy

MOST_ROWS = 200


class BulkSteps(admin.ModelAdmin):
    """Each action first shows what it would do. What is pressed then names every row as it stood on that page: a row
    that changed meanwhile is left alone, and said so."""

    actions = ("submit_many", "approve_many", "send_back_many", "withdraw_many")

    def changelist_view(self, request, extra_context=None):
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if len(_keys(chosen)) != len(chosen):  # made by hand: Django would stumble over it
            self.message_user(request, _("Hãy chọn lại các mục trong danh sách."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # deleting goes one by one, where what was public is checked
        if not request.user.has_perm(services.APPROVE):
            for name in ("approve_many", "send_back_many", "withdraw_many"):
                actions.pop(name, None)
        return actions

    @admin.action(description=_("Gửi duyệt các mục đã chọn"), permissions=["change"])
    def submit_many(self, request, queryset):
        return self._many(
            request, queryset, "submit_many", lambda piece, _note: services.submit(piece, by=request.user)
        )

    @admin.action(description=_("Duyệt các mục đã chọn"), permissions=["change"])
    def approve_many(self, request, queryset):
        return self._many(
            request, queryset, "approve_many", lambda piece, _note: services.approve(piece, by=request.user)
        )

    @admin.action(description=_("Trả lại các mục đã chọn"), permissions=["change"])
    def send_back_many(self, request, queryset):
        def step(piece, note):
            services.send_back(piece, by=request.user, note=note)

        return self._many(request, queryset, "send_back_many", step, asks=_("Ý kiến cho người soạn"))

    @admin.action(description=_("Gỡ các mục đã chọn"), permissions=["change"])
    def withdraw_many(self, request, queryset):
        def step(piece, note):
            services.withdraw(piece, by=request.user, reason=note)

        return self._many(request, queryset, "withdraw_many", step, asks=_("Lý do gỡ (người đọc sẽ thấy)"))

    def _many(self, request, queryset, action, step, *, asks=""):
        label = self.get_actions(request)[action][2]
        if "_confirmed" not in request.POST:
            rows = list(queryset[: MOST_ROWS + 1])
            if len(rows) > MOST_ROWS:
                text = _("Mỗi lần làm nhiều nhất %d mục. Hãy chọn ít hơn.") % MOST_ROWS
                self.message_user(request, text, messages.ERROR)
                return None
            return self._ask(request, action, label, rows, asks)
        note = tidy(request.POST.get("note", ""))
        seen = dict(each.split(":", 1) for each in request.POST.getlist("row") if each.count(":") == 1)
        found = {str(piece.pk): piece for piece in self.get_queryset(request).filter(pk__in=_keys(seen))}
        if asks and not note:
            rows = list(found.values())
            return self._ask(request, action, label, rows, asks, seen=seen, error=_("Hãy viết phần này."))
        report = [self._take(request, found.get(pk), version, step, note) for pk, version in seen.items()]
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "opts": self.opts,
            "report": report,
            "done": sum(each["is_done"] for each in report),
        }
        return render(request, "admin/articles/piece/bulk_report.html", context)

    def _take(self, request, piece, version, step, note) -> dict:
        if piece is None:
            return {"title": _("(mục không còn)"), "words": _("Không tìm thấy."), "is_done": False}
        title = str(piece)
        if str(piece.version) != version:
            words = _("Đã thay đổi từ lúc bạn xem danh sách; bỏ qua. Hãy mở ra xem lại.")
            return {"title": title, "url": self.address(piece), "words": words, "is_done": False}
        if not self.has_change_permission(request, piece):
            return {"title": title, "words": _("Bạn không có quyền sửa mục này."), "is_done": False}
        try:
            living = step(piece, note) or piece
        except services.StepError as error:
            return {"title": title, "url": self.address(piece), "words": str(error), "is_done": False}
        return {"title": title, "url": self.address(living), "words": _("Đã xong."), "is_done": True}

    def _ask(self, request, action, label, rows, asks, *, seen=None, error=""):
        """`seen` holds the versions of the list that was shown first: asking again does not renew them."""
        versions = seen or {}
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "opts": self.opts,
            "rows": [
                {
                    "piece": piece,
                    "state": self.state(piece),
                    "key": f"{piece.pk}:{versions.get(str(piece.pk), piece.version)}",
                }
                for piece in rows
            ],
            "action": action,
            "asks": asks,
            "error": error,
        }
        return render(request, "admin/articles/piece/bulk_ask.html", context, status=422 if error else 200)


def _keys(seen) -> list[int]:
    return [int(pk) for pk in seen if pk.isascii() and pk.isdecimal() and len(pk) < 19]
