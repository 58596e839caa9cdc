"""Pages beside the form of a piece: its revisions, a look as the reader will see it, and what the form's script asks."""

from csp.constants import SELF
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import content, desk_tools, services
from articles.models import Autosave
from parcai.lib.headers import with_frames


class SidePages(admin.ModelAdmin):
    def side_urls(self, path) -> list:
        """Addresses below the list of this kind; each asks the admin's own door first."""
        name = f"articles_{self.opts.model_name}"
        guard = self.admin_site.admin_view
        return [
            path("giu/", guard(require_POST(self.autosave_view)), name=f"{name}_autosave_new"),
            path("<int:pk>/giu/", guard(require_POST(self.autosave_view)), name=f"{name}_autosave"),
            path("<int:pk>/dang-mo/", guard(require_POST(self.presence_view)), name=f"{name}_presence"),
            path("<int:pk>/lan-sua/", guard(self.revisions_view), name=f"{name}_revisions"),
            path("<int:pk>/xem-thu/", guard(self.preview_view), name=f"{name}_preview"),
            path("bo-phan-giu/", guard(require_POST(self.drop_view)), name=f"{name}_drop_new"),
            path("<int:pk>/bo-phan-giu/", guard(require_POST(self.drop_view)), name=f"{name}_drop"),
        ]

    def _beside(self, name: str, piece) -> str:
        key = f"admin:articles_{self.opts.model_name}_{name}"
        return reverse(key, args=[piece.pk]) if piece else reverse(f"{key}_new")

    def tools_for(self, request, piece) -> list[dict]:
        """Links above the form."""
        tools = [{"title": _("Xem thử"), "url": self._beside("preview", piece)}]
        if piece.revisions.count() > 1:
            tools.append({"title": _("Các lần sửa"), "url": self._beside("revisions", piece)})
        if piece.is_readable:
            tools.append({"title": _("Xem trên trang"), "url": piece.get_absolute_url()})
        return tools

    def editing_for(self, request, piece) -> dict:
        """What the form's script needs, and what was kept for this official."""
        if piece is not None and not self.has_change_permission(request, piece):
            return {}
        locked = self.is_locked(request, piece)
        is_asked = "nhap" in request.GET
        kept = [] if locked or is_asked or request.method == "POST" else self._kept(piece, request.user)
        return {
            "autosave_url": "" if locked else self._beside("autosave", piece),
            "presence_url": self._beside("presence", piece) if piece else "",
            "drop_url": self._beside("drop", piece),
            "others": desk_tools.note_presence(piece, by=request.user) if piece else [],
            "kept": kept,
            "is_restored": is_asked and not locked and request.method != "POST",
            "is_unsaved": is_asked or request.method == "POST",
            "is_behind": bool(kept and piece and kept[0].seen_version != piece.version),
            "most_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        }

    def _kept(self, piece, official) -> list[Autosave]:
        """What was typed into this form and not saved; where a new piece is begun, each that was begun before."""
        if piece is None:
            return list(desk_tools.begun(self.model, by=official))
        kept = desk_tools.autosaved(self.model, piece, by=official)
        return [kept] if kept else []

    def _piece(self, request, pk, *, change=False):
        piece = self.get_queryset(request).filter(pk=pk).first()
        if piece is None:
            raise Http404
        allowed = self.has_change_permission if change else self.has_view_permission
        if not allowed(request, piece):
            raise PermissionDenied
        return piece

    # What the script asks ---------------------------------------------------------------------------------------

    def autosave_view(self, request, pk=None):
        if pk is None and not self.has_add_permission(request):
            raise PermissionDenied
        piece = None if pk is None else self._piece(request, pk, change=True)
        if (
            sum(len(value) for _name, values in request.POST.lists() for value in values)
            > desk_tools.MOST_TYPED
        ):
            return JsonResponse({"error": _("Bài quá dài, không tự giữ được. Hãy bấm Lưu.")}, status=413)
        kept = desk_tools.keep_typed(self.model, piece, request.POST, by=request.user)
        return JsonResponse({"saved_at": f"{timezone.localtime(kept.saved_at):%H:%M}"})

    def presence_view(self, request, pk):
        piece = self._piece(request, pk, change=True)
        return JsonResponse(
            {"others": desk_tools.note_presence(piece, by=request.user), "version": piece.version}
        )

    def drop_view(self, request, pk=None):
        if pk is None and not self.has_add_permission(request):
            raise PermissionDenied
        piece = None if pk is None else self._piece(request, pk, change=True)
        key = request.POST.get("form_key", "")
        desk_tools.drop_autosave(self.model, piece, by=request.user, key=key)
        name = f"admin:articles_{self.opts.model_name}"
        return HttpResponseRedirect(reverse(f"{name}_change", args=[pk]) if pk else reverse(f"{name}_add"))

    # Pages ------------------------------------------------------------------------------------------------------

    def revisions_view(self, request, pk):
        piece = self._piece(request, pk)
        may_restore = self.has_change_permission(request, piece) and piece.status == self.model.Status.DRAFT
        if request.method == "POST":
            if not self.has_change_permission(request, piece):
                raise PermissionDenied
            return self._restore(request, piece)
        revisions = list(piece.revisions.select_related("by").defer("content"))  # only two of them are read
        numbers = {revision.number: revision for revision in revisions}
        newer = numbers.get(_number(request.GET.get("den"))) or (revisions[0] if revisions else None)
        older = numbers.get(_number(request.GET.get("tu")))
        if older is None and newer is not None:
            older = next((each for each in revisions if each.number < newer.number), newer)
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,  # two columns need the width
            "title": _("Các lần sửa"),
            "opts": self.opts,
            "original": piece,
            "back": reverse(f"admin:articles_{self.opts.model_name}_change", args=[pk]),
            "revisions": revisions,
            "older": older,
            "newer": newer,
            "differences": content.differences(self.model, older.content, newer.content) if newer else [],
            "may_restore": may_restore,
        }
        return render(request, "admin/articles/piece/revisions.html", context)

    def _restore(self, request, piece):
        try:
            missing = services.restore(piece, _number(request.POST.get("lan")) or 0, by=request.user)
        except services.StepError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, _("Đã khôi phục. Hãy đọc lại rồi gửi duyệt."), messages.SUCCESS)
            if missing:
                text = _("Không còn để khôi phục: %s.") % ", ".join(missing)
                self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(reverse(f"admin:articles_{self.opts.model_name}_change", args=[piece.pk]))

    def preview_view(self, request, pk):
        piece = self._piece(request, pk)
        here = self._beside("preview", piece)
        if request.method == "POST":
            if not self.has_change_permission(request, piece):
                raise PermissionDenied
            if "_revoke" in request.POST:
                services.end_previews(piece)
                self.message_user(request, _("Đã thu hồi mọi đường dẫn xem thử của bài."), messages.SUCCESS)
            else:
                desk_tools.make_preview_link(piece, by=request.user)
                self.message_user(request, _("Đã tạo đường dẫn xem thử."), messages.SUCCESS)
            return HttpResponseRedirect(here)
        links = [
            {
                "link": link,
                "url": settings.SITE_URL + reverse("articles:preview", args=[desk_tools.token(link)]),
            }
            for link in piece.preview_links.select_related("created_by")
            if link.is_alive
        ]
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,  # two screens need the width
            "title": _("Xem thử"),
            "opts": self.opts,
            "original": piece,
            "back": reverse(f"admin:articles_{self.opts.model_name}_change", args=[pk]),
            "frame": f"{piece.get_absolute_url()}?khung=1",
            "links": links,
            "days": desk_tools.PREVIEW_DAYS,
            "may_share": self.has_change_permission(request, piece),
        }
        page = render(request, "admin/articles/piece/preview.html", context)
        return with_frames(page, [SELF])


def _number(text) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else None
