"""Everybody's published answers."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from agencies.models import Agency
from articles import citations
from feedback import alike
from feedback.models import Case

OTHERS = 4  # answers offered below an answer


class PublicCaseList(ListView):
    kind = Case.Kind.QUESTION
    template_name = "feedback/case_list.html"
    paginate_by = 15

    def get_queryset(self):
        cases = Case.objects.published().filter(kind=self.kind).for_public_list()
        self.agency = None
        if (
            (chosen := self.request.GET.get("co_quan", "")).isascii()
            and chosen.isdigit()
            and len(chosen) < 10
        ):
            self.agency = Agency.objects.filter(pk=int(chosen)).first()
            cases = cases.filter(agency=self.agency)
        return cases

    def get_context_data(self, **kwargs):
        answering = Case.objects.published().filter(kind=self.kind).order_by().values("agency")
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            kind=self.kind,
            agency=self.agency,
            agencies=Agency.objects.filter(pk__in=answering).order_by("name"),
            query=query.urlencode(),
            **kwargs,
        )


@require_safe
def case_detail(request, kind, pk):
    """One published question with its signed answer; nothing that says who asked unless they agreed."""
    published = Case.objects.published().select_related("agency", "campaign__plan")
    case = get_object_or_404(published.defer("title", "text"), kind=kind, pk=pk)
    answer = case.answers.signed().last()
    like = alike.answered(f"{case.public_title}\n{case.public_text}", many=OTHERS, but=case)
    same = Case.objects.published().filter(kind=kind, agency=case.agency_id).exclude(pk=pk)
    rest = same.exclude(pk__in=[each.pk for each in like]).for_public_list()[: OTHERS - len(like)]
    context = {
        "case": case,
        "answer": answer,
        "days_taken": answer.days_taken,
        "others": [*like, *rest],
        "cited_ended": citations.ended(answer),
    }
    return render(request, "feedback/case_detail.html", context)
