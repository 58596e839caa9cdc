from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_GET, require_POST, require_safe

from articles import images
from articles.models import File, Image
from articles.views.pieces import shown_in_preview
from parcai.lib.downloads import as_attachment, open_stored

KEPT_FOR = 30 * 24 * 3600  # seconds; what lies behind one address never changes


@require_safe
def image(request, pk, width, ending="webp"):
    """A copy of a picture, only to those who may see a page that shows it."""
    found = _visible(Image, request, pk)
    if found is None or (width, ending) not in found.copies():
        raise Http404
    marks = _marks(f"{found.sha256[:32]}-{width}-{ending}", found.uploaded_at)
    if unchanged := _unchanged(request, marks, found.uploaded_at):
        return unchanged
    with open_stored(found.file_name(width, ending)) as file:
        return HttpResponse(file.read(), headers={**marks, "Content-Type": Image.TYPES[ending]})


def _marks(name: str, since) -> dict:
    """Headers of what never changes behind its address, for the eyes of whom it was given to."""
    return {
        "ETag": f'"{name}"',
        "Last-Modified": http_date(since.timestamp()),
        "Cache-Control": f"private, max-age={KEPT_FOR}, immutable",
        "X-Content-Type-Options": "nosniff",
    }


def _unchanged(request, marks: dict, since):
    """The short answer for a browser that still holds the same bytes; None for one that does not."""
    answer = get_conditional_response(
        request, marks["ETag"], int(since.timestamp()), HttpResponse(headers=marks)
    )
    return None if answer is None or answer.status_code == 200 else answer


@login_required
@permission_required("articles.view_image", raise_exception=True)
@require_GET
def library(request):
    """Pictures the editor offers: the newest, or those whose description or source has the words."""
    words = request.GET.get("q", "").strip()[:100]
    found = Image.objects.visible_to(request.user)
    if words:
        found = found.filter(Q(alt__icontains=words) | Q(credit__icontains=words))
    return JsonResponse({"images": [_for_editor(each) for each in found.order_by("-uploaded_at")[:24]]})


@login_required
@permission_required("articles.add_image", raise_exception=True)
@require_POST
def upload_image(request):
    """The editor's upload: answers as CKEditor expects."""
    upload = request.FILES.get("upload")
    if upload is None:
        return JsonResponse({"uploaded": 0, "error": {"message": "Chưa chọn tệp ảnh."}}, status=422)
    alt, credit = request.POST.get("alt", "")[:250], request.POST.get("credit", "")[:150]
    try:
        stored = images.store(upload, alt=alt, credit=credit, by=request.user)
    except ValidationError as error:
        return JsonResponse({"uploaded": 0, "error": {"message": error.messages[0]}}, status=422)
    return JsonResponse({"uploaded": 1, "fileName": f"{stored.pk}.webp", **_for_editor(stored)})


def _for_editor(image: Image) -> dict:
    width = min(image.width, 960)
    return {
        "url": image.url_medium,
        "small": image.url_small,
        "alt": image.alt,
        "width": width,
        "height": round(image.height * width / image.width),
    }


def _visible(model, request, pk):
    """A picture or file this reader may have: public, the official's, or part of what a preview link shows."""
    return model.objects.visible_to(request.user).filter(pk=pk).first() or shown_in_preview(
        model, request, pk
    )


@require_safe
def file(request, pk, ending):
    """A file as it was uploaded, only to those who may see a page that offers it; always saved, never opened here."""
    found = _visible(File, request, pk)
    if found is None or ending != found.ending:
        raise Http404
    marks = _marks(found.sha256, found.uploaded_at)
    if unchanged := _unchanged(request, marks, found.uploaded_at):
        return unchanged
    return as_attachment(found.stored_name, found.download_name, marks)
