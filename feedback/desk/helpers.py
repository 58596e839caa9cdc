"""Beside the editor: words from a template, links to documents, files. What was typed comes along and goes back."""

from csp.decorators import csp_update
from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from agencies.roles import Role
from articles.models import Document
from articles.models.document import number_key
from feedback import services
from feedback.desk.access import official_required
from feedback.desk.screen import case_for, gone, show
from feedback.desk.steps import opening
from feedback.models import Answer, AnswerTemplate, Case, CaseFile
from parcai.lib import html
from parcai.lib.vietnamese import tidy
from parcai.lib.widgets import EDITOR_POLICY
from parcai.search.engines import Scope
from parcai.search.similar import similar

MOST_FOUND = 10


def _typed(request) -> str:
    """The words of the editor as rich text, whatever they were sent as."""
    body = request.POST.get("body", "")[: html.MAX_LENGTH]
    if html.is_too_heavy(body) or "<" not in body:
        body = html.text_to_html(html.plain_text(body) if "<" in body else body)
    return Answer._meta.get_field("body").to_python(body)


def _with_editor(view):
    """For officers who may see the case; by GET there is nothing to help with."""

    @csp_update(EDITOR_POLICY)
    @official_required
    def guarded(request, code, **kwargs):
        if not request.user.has_role(Role.OFFICER):
            raise Http404
        if request.method == "POST" and not Case.objects.visible_to(request.user).filter(code=code).exists():
            return gone(request, code)
        case = case_for(request, code)
        if request.method != "POST" or services.is_behind_reason(case, request.user):
            return redirect(case.get_desk_url())
        if case.status != Case.Status.ASSIGNED:
            return back(request, case, error=_("Hồ sơ không còn ở bước soạn trả lời."))
        return view(request, case, **kwargs)

    return guarded


def back(request, case, *, body: str | None = None, error: str = ""):
    """The screen of the case with the editor as it was left, or with new words in it."""
    version = request.POST.get("version", "")
    words = {
        "body": request.POST.get("body", "") if body is None else body,
        "version": version if version.isascii() and version.isdigit() and len(version) < 9 else 0,
    }
    return show(request, case, carried={"soan": words}, error=error)


@_with_editor
def use_template(request, case):
    """A template as it reads for this case; nothing typed is replaced unless the official says so."""
    choice = request.POST.get("mau", "")
    offered = AnswerTemplate.objects.offered_for(case)
    chosen = (
        offered.filter(pk=choice).first()
        if choice.isascii() and choice.isdigit() and len(choice) < 15
        else None
    )
    if request.POST.get("dung") == "khong":
        return back(request, case)
    if chosen is None:
        return back(request, case, error=_("Chọn một mẫu trả lời trước."))
    typed, filled = _typed(request), chosen.filled(case)
    if request.POST.get("dung") == "thay":
        return back(request, case, body=filled)
    if request.POST.get("dung") == "them":
        return back(request, case, body=typed + filled)
    words = html.plain_text(typed).strip()
    context = {
        "case": case,
        "template": chosen,
        "filled": filled,
        "typed": typed,
        "is_untouched": not words or words == html.plain_text(opening(case)).strip(),
        "version": request.POST.get("version", "0"),
    }
    return render(request, "feedback/desk_template.html", context)


@_with_editor
def cite(request, case):
    """Documents by number or words, to be cited as links at the end of the answer."""
    typed = _typed(request)
    if request.POST.get("dung") == "khong":
        return back(request, case)
    words = " ".join(tidy(request.POST.get("tu_khoa", "")[:200]).split())
    if request.POST.get("dung") == "them":
        keys = [
            key
            for key in request.POST.getlist("van_ban")
            if key.isascii() and key.isdigit() and len(key) < 15
        ]
        chosen = list(Document.objects.readable().filter(pk__in=keys[:MOST_FOUND]).select_related("kind"))
        if chosen:
            return back(request, case, body=typed + "".join(map(_citation, chosen)))
    found = _documents(words) if words else []
    if not found and not request.POST.get("dung"):
        error = (
            _("Không có văn bản nào khớp với “%s”.") % words
            if words
            else _("Gõ số hoặc từ trong tên văn bản.")
        )
        return back(request, case, error=error)
    context = {
        "case": case,
        "found": found,
        "words": words,
        "typed": typed,
        "version": request.POST.get("version", "0"),
        "is_empty_choice": request.POST.get("dung") == "them",
    }
    return render(request, "feedback/desk_cite.html", context)


def _documents(words: str) -> list[Document]:
    """By number first, then by what they speak of."""
    rows = Document.objects.readable().with_force().select_related("kind", "agency")
    by_number = list(rows.filter(Q(number_key=number_key(words)) | Q(number__icontains=words))[:MOST_FOUND])
    hits = similar(words, Scope(timezone.now()), many=MOST_FOUND, kinds=("document",))
    known = {row.pk for row in by_number}
    others = rows.in_bulk([hit.object_id for hit in hits if hit.object_id not in known])
    return [*by_number, *(others[hit.object_id] for hit in hits if hit.object_id in others)][:MOST_FOUND]


def _citation(document: Document) -> str:
    return format_html(
        '<p>Căn cứ <a href="{}">{} {}</a>: {}</p>',
        document.get_absolute_url(),
        document.kind,
        document.number,
        document.title,
    )


@_with_editor
def drop_file(request, case, pk):
    """Take a file off the draft; the words in the editor stay."""
    found = CaseFile.objects.filter(case=case, pk=pk, side=CaseFile.Side.OFFICIAL, answer__signed_at=None)
    get_object_or_404(found)
    services.drop(found.exclude(answer=None))
    messages.success(request, _("Đã bỏ tệp."))
    return back(request, case)
