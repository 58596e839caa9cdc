"""Everybody's published answers."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import citations, structured
from articles.views.articles import share_links
from articles.views.lists import NewestList
from feedback import alike
from feedback.filters import CaseFilter
from feedback.models import Answer, Case
from parcai.lib import html

OTHERS = 4  # answers offered below an answer


WORDS = {
    Case.Kind.QUESTION: {
        "list": _("Câu hỏi đã trả lời"),
        "crumb": _("Hỏi đáp"),
        "linh_vuc": _("Câu hỏi về %s"),
        "co_quan": _("Câu hỏi %s đã trả lời"),
        "noi_dung": _("Câu hỏi thuộc nội dung: %s"),
    },
    Case.Kind.FEEDBACK: {
        "list": _("Kết quả giải quyết phản ánh, kiến nghị"),
        "crumb": _("Phản ánh, kiến nghị"),
        "linh_vuc": _("Phản ánh, kiến nghị về %s"),
        "co_quan": _("Phản ánh, kiến nghị %s đã trả lời"),
        "noi_dung": _("Phản ánh, kiến nghị thuộc nội dung: %s"),
    },
}


class PublicCaseList(NewestList):
    kind = Case.Kind.QUESTION
    filterset_class = CaseFilter
    template_name = "feedback/case_list.html"
    paginate_by = 15
    search_names = ("q", "tu_ngay", "den_ngay", "sap_xep")

    def get_queryset(self):
        return Case.objects.published().filter(kind=self.kind).for_public_list()

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"kind": self.kind}

    def heading(self):
        words, chosen = WORDS[self.kind], self.chosen()
        if len(chosen) == 1:
            [(name, value)] = chosen.items()
            if name in words:
                return str(words[name]) % self.words(name, value)
        return str(words["list"])

    def feed(self):
        return "" if self.chosen() else reverse(f"feed-{self.kind}")

    def get_context_data(self, **kwargs):
        list_url, crumb = reverse(f"feedback:{self.kind}-list"), WORDS[self.kind]["crumb"]
        sought = self.chosen().get("q", "")
        ask_url = reverse(f"feedback:{self.kind}-ask")
        return super().get_context_data(
            kind=self.kind,
            crumb=crumb,
            data=html.data_block(
                structured.breadcrumbs((_("Trang chủ"), reverse("home")), (crumb, list_url))
            ),
            ask_url=ask_url + (f"?{urlencode({'cau': sought})}" if sought else ""),
            **kwargs,
        )


def _with_case(file, case):
    """The file knows its case already: asking for it again would read the original."""
    file.case = case
    return file


@require_safe
def case_detail(request, kind, pk):
    """One published question with its signed answer; nothing that says who asked unless they agreed."""
    published = Case.objects.for_public().select_related("agency", "campaign__plan", "topic")
    case = published.filter(kind=kind, pk=pk).first()
    if case is None:
        return _not_public_now(request, kind, pk)
    answer = case.answers.for_public().last()
    like = alike.answered(f"{case.public_title}\n{case.public_text}", many=OTHERS, but=case)
    same = Case.objects.published().filter(kind=kind, agency=case.agency_id).exclude(pk=pk)
    rest = same.exclude(pk__in=[each.pk for each in like]).for_public_list()[: OTHERS - len(like)]
    address = settings.SITE_URL + case.get_absolute_url()
    context = {
        "case": case,
        "answer": answer,
        "days_taken": answer.days_taken,
        "like": like,
        "others": list(rest),
        "files": [_with_case(file, case) for file in case.files.released()],
        "cited_ended": citations.ended(answer),
        "canonical": address,
        "share": share_links(case.public_title, address),
        "data": html.data_block(qa_page(case, answer), _way(case)),
    }
    return render(request, "feedback/case_detail.html", context)


def _not_public_now(request, kind, pk):
    """Readers come back to an answer its asker was not satisfied with: they are told, and nothing of it is shown."""
    waiting = Case.objects.open().filter(
        kind=kind, pk=pk, is_confidential=False, publish_consent_at__isnull=False, reopened_at__isnull=False
    )
    if not waiting.exclude(public_title="").exists():
        raise Http404
    return render(request, "feedback/case_reopened.html", {"kind": kind}, status=404)


def _way(case: Case) -> dict:
    return structured.breadcrumbs(
        (_("Trang chủ"), reverse("home")),
        (WORDS[Case.Kind(case.kind)]["crumb"], reverse(f"feedback:{case.kind}-list")),
        (case.public_title, case.get_absolute_url()),
    )


def qa_page(case: Case, answer: Answer) -> dict:
    """schema.org QAPage of what everybody may read. Who asked is named only where they agreed."""
    asker = {"author": {"@type": "Person", "name": case.public_name}} if case.public_name else {}
    address, signed_at = settings.SITE_URL + case.get_absolute_url(), answer.signed_at or timezone.now()
    return {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "inLanguage": "vi",
        "publisher": structured.publisher(),
        "mainEntity": {
            "@type": "Question",
            "name": case.public_title,
            "text": case.public_text,
            "dateCreated": case.received_at.isoformat(),
            "answerCount": 1,
            **asker,
            "acceptedAnswer": {
                "@type": "Answer",
                "text": html.plain_text(answer.public_body),
                "dateCreated": signed_at.isoformat(),
                "upvoteCount": case.helpful,
                "url": address,
                "author": {"@type": "GovernmentOrganization", "name": answer.agency_name},
            },
        },
    }
