"""What the pages of every kind of piece share: who may read it when, and the look before it is public."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView

from articles import desk_tools
from parcai.lib.headers import in_own_frame

PREVIEW_COOKIE = "xem_thu"


class PieceDetail(DetailView):
    """A piece the public may read; at other times to officials who may see it and to holders of a preview link."""

    list_name = ""  # the list of all of its kind, offered where one is gone
    list_title: str | Promise = ""

    def get(self, request, *args, **kwargs):
        self.object = piece = self.get_object()
        if not piece.is_readable and not self._may_preview(piece):
            if piece.was_public:
                return self._gone(piece)
            raise Http404
        if kwargs.get("slug", "") != getattr(piece, "slug", "") and "slug" in kwargs:
            return redirect(piece, permanent=piece.is_readable)
        is_preview = not piece.is_readable
        answer = self.render_to_response(self.get_context_data(is_preview=is_preview))
        if is_preview:
            answer["Cache-Control"] = "private, no-store"
            answer["X-Robots-Tag"] = "noindex"
        if "khung" in request.GET and self._is_official(piece):
            return in_own_frame(answer)
        return answer

    def _gone(self, piece):
        listed = reverse(self.list_name) if self.list_name else ""
        context = {"piece": piece, "list_url": listed, "list_title": self.list_title}
        return render(self.request, "articles/piece_gone.html", context, status=410)

    def _is_official(self, piece) -> bool:
        return type(piece).objects.visible_to(self.request.user).filter(pk=piece.pk).exists()

    def _may_preview(self, piece) -> bool:
        link = preview_link(self.request)
        return bool(link and link.piece == piece) or self._is_official(piece)


def preview_link(request):
    """The living preview link this visitor opened, if any."""
    token = request.COOKIES.get(PREVIEW_COOKIE, "")
    return desk_tools.previewed(token) if token else None


def shown_in_preview(model, request, pk):
    """A picture or file that belongs to the piece behind the visitor's preview link."""
    link = preview_link(request)
    found = model.objects.filter(pk=pk).first() if link else None
    return found if found and link.piece in found.used_in() else None


@never_cache
def preview(request, token):
    """/xem-thu/…/: remembers the link in a cookie of this browser and leads to the page itself."""
    link = desk_tools.previewed(token)
    if link is None or link.piece is None:
        return render(request, "articles/preview_over.html", status=410)
    response = redirect(link.piece)
    response.set_cookie(
        PREVIEW_COOKIE,
        token,
        max_age=link.expires_at - timezone.now(),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
