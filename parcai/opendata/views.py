"""/du-lieu/: the list of data sets, one data set with its dictionary and first rows, and the files themselves."""

from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import services as agencies
from articles import structured
from parcai.lib import html
from parcai.lib.exports import as_text
from parcai.lib.remember import remembered
from parcai.opendata import catalogue, dataset, frozen
from parcai.opendata.models import FrozenVersion
from parcai.records import KINDS, Kind, Type, kind_named

DOWNLOADS = {"limit": 60, "seconds": 3600}  # whole files to one address: every set as CSV four times an hour
KEPT_SECONDS = 60  # counts on pages; what a file holds is asked anew each time
FIRST_ROWS = 5
LONGEST_SHOWN = 90  # characters of a cell in the table of first rows
API_DOCS = "/api/v1/docs/"


def _summary(kind: Kind) -> dict:
    return remembered(f"open-data:{kind.name}", KEPT_SECONDS, lambda: dataset.summary(kind))


def _kind(name: str) -> Kind:
    kind = kind_named(name)
    if kind is None:
        raise Http404
    return kind


def _downloads(kind: Kind) -> list[dict]:
    return [
        {
            "title": ending.upper(),
            "url": dataset.file_of(kind, ending),
            "label": f"{kind.many}, {ending.upper()}",
        }
        for ending in dataset.FORMATS
    ]


# Pages ---------------------------------------------------------------------------------------------------------


@require_safe
def data_sets(request):
    sets = [
        {"kind": kind, "url": dataset.page_of(kind), "downloads": _downloads(kind), **_summary(kind)}
        for kind in KINDS
    ]
    return render(
        request,
        "opendata/list.html",
        {"sets": sets, "licence": settings.DATA_LICENCE, "api_docs": API_DOCS},
    )


@require_safe
def data_set(request, name):
    kind = _kind(name)
    known = _summary(kind)
    shown = [kind.record(row) for row in kind.ordered()[:FIRST_ROWS]]
    versions = FrozenVersion.objects.filter(kind=kind.name).defer("held")
    page = {
        "kind": kind,
        "licence": settings.DATA_LICENCE,
        "source": settings.PUBLISHER["agency"],
        "downloads": _downloads(kind),
        "dictionary": dataset.dictionary(kind),
        "columns": kind.columns,
        "rows": [_shown(kind, record) for record in shown],
        "versions": [{"version": each, "notes": frozen.notes_of(each)} for each in versions],
        "api_docs": API_DOCS,
        "data": html.data_block(
            catalogue.schema_org(kind, known["changed"]),
            structured.breadcrumbs((_("Dữ liệu mở"), "/du-lieu/"), (kind.many, dataset.page_of(kind))),
        ),
        **known,
    }
    return render(request, "opendata/detail.html", page)


def _shown(kind: Kind, record: dataset.Record) -> list[str]:
    """A row of the table of first rows, cut short."""
    found = []
    for column, value in zip(kind.columns, dataset.cells(kind, record), strict=True):
        text = html.plain_text(value) if column.type is Type.HTML and value else as_text(value)
        found.append(Truncator(text).chars(LONGEST_SHOWN))
    return found


@require_safe
def dcat(request):
    """The catalogue for other portals, as DCAT in JSON-LD."""
    found = catalogue.dcat({kind.name: _summary(kind) for kind in KINDS})
    options = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(found, content_type="application/ld+json; charset=utf-8", json_dumps_params=options)


# Files ---------------------------------------------------------------------------------------------------------


@require_safe
def data_file(request, name, file):
    """A whole data set, with what everybody may read at this moment."""
    kind = _kind(name)
    ending = file.removeprefix(f"{kind.name}.")
    if ending not in dataset.FORMATS or file != f"{kind.name}.{ending}":
        raise Http404
    headers = _headers(file)
    if mark := dataset.tag(kind, ending):
        headers["ETag"] = mark
    # No Last-Modified: it would not move when the row last changed is withdrawn.
    answer = get_conditional_response(request, mark, None, HttpResponse(headers=headers))
    if answer is not None and answer.status_code in {304, 412}:
        return answer
    if request.method == "HEAD":
        return HttpResponse(headers=headers, content_type=dataset.FORMATS[ending])
    return _too_many(request) or _made(kind, ending, headers)


def _made(kind: Kind, ending: str, headers: dict):
    type_ = dataset.FORMATS[ending]
    if ending == "xlsx":  # a workbook is known only when it is complete: it waits in a file, not in memory
        book = TemporaryFile()  # noqa: SIM115 - the answer closes it
        dataset.write_xlsx(kind, book)
        book.seek(0)
        return FileResponse(book, headers=headers, content_type=type_)
    if ending == "csv":
        parts = dataset.as_csv(kind, dataset.records(kind))
    elif ending == "json":
        parts = dataset.as_json(dataset.records(kind))
    else:
        parts = dataset.as_zip(kind, at=timezone.now())
    return StreamingHttpResponse(parts, headers=headers, content_type=type_)


@require_safe
def frozen_file(request, name, file):
    """A frozen version; while something in it is no longer public it is not given out, until it is written again."""
    version = get_object_or_404(FrozenVersion, kind=_kind(name).name, year=_year(name, file))
    headers = _headers(file)
    if request.method == "GET" and (refusal := _too_many(request)):
        return refusal
    if not frozen.is_whole(version):
        return _refused(request, "opendata/mending.html", {"version": version}, status=503, seconds=600)
    try:
        stored = default_storage.open(version.stored_name)
    except FileNotFoundError as error:
        raise Http404 from error
    headers["ETag"] = f'"{version.sha256}"'
    # Named here too: else the answer would name the stored file.
    return FileResponse(
        stored, as_attachment=True, filename=file, headers=headers, content_type=dataset.FORMATS["zip"]
    )


def _year(name: str, file: str) -> int:
    year = file.removeprefix(f"{name}-").removesuffix(".zip")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and file == f"{name}-{year}.zip"):
        raise Http404
    return int(year)


def _headers(file: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{file}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def _too_many(request):
    """The refusal for an address that takes whole files too often, or None."""
    if agencies.is_allowed("open-data", [agencies.client_address(request)], **DOWNLOADS):
        return None
    minutes = DOWNLOADS["seconds"] // 60
    context = {"limit": DOWNLOADS["limit"], "minutes": minutes, "api_docs": API_DOCS}
    return _refused(request, "opendata/too_many.html", context, status=429, seconds=DOWNLOADS["seconds"])


def _refused(request, template: str, context: dict, *, status: int, seconds: int):
    response = render(request, template, context, status=status)
    response["Retry-After"] = str(seconds)
    return response
