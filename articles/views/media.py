from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST, require_safe

from articles import images
from articles.models import File, Image
from articles.views.pieces import shown_in_preview


def image(request, pk, width):
    """A picture, only to those who may see a page that shows it."""
    found = _visible(Image, request, pk)
    if found is None or width not in found.widths:
        raise Http404
    try:
        with default_storage.open(found.file_name(width)) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@login_required
@permission_required("articles.view_image", raise_exception=True)
@require_GET
def library(request):
    """Pictures the editor offers: the newest, or those whose description or source has the words."""
    words = request.GET.get("q", "").strip()[:100]
    found = (
        Image.objects.filter(Q(alt__icontains=words) | Q(credit__icontains=words)) if words else Image.objects
    )
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
    try:
        content = default_storage.open(found.stored_name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=found.download_name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
