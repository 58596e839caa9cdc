"""The directory of agencies (/co-quan/): who they are, who leads them, and what they published on the portal."""

from itertools import groupby

from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from agencies.models import Agency, by_rank, in_vietnamese_order
from articles import structured
from articles.models import Article
from feedback.models import Case
from parcai.lib import html
from parcai.lib.forms import LineInput
from parcai.lib.vietnamese import fold

LEVELS = {
    Agency.Level.PROVINCE: _("Cơ quan cấp tỉnh"),
    Agency.Level.DISTRICT: _("Ủy ban nhân dân cấp huyện"),
    Agency.Level.COMMUNE: _("Ủy ban nhân dân cấp xã"),
}


class SearchForm(forms.Form):
    q = LineInput(
        label=_("Tên cơ quan"),
        required=False,
        max_length=100,
        help_text=_("Viết có dấu hay không dấu đều được, ví dụ: so noi vu"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
        error_messages={"max_length": _("Viết ngắn hơn: nhiều nhất %(limit_value)d chữ.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].hide_optional = True  # type: ignore[attr-defined]

    @property
    def words(self) -> list[str]:
        """What is looked for, folded; nothing where nothing readable was typed."""
        return fold(self.cleaned_data["q"]).split() if self.is_valid() else []


@require_safe
def agency_list(request):
    """Bodies of today by level and kind, those of before folded away; `q` finds among both."""
    form = SearchForm({"q": request.GET.get("q", "")})
    words = form.words
    known = Agency.objects.select_related("parent").prefetch_related("successors")
    found = in_vietnamese_order(each for each in known if _is_called(each, words))
    current = [each for each in found if each.is_current]
    former = [each for each in found if each.has_ended]
    return render(
        request,
        "agencies/agency_list.html",
        {
            "form": form,
            "is_search": bool(words),
            "count": len(current) + len(former),
            "levels": [
                {"level": level, "title": LEVELS[level], "kinds": _by_kind(agencies)}
                for level, agencies in _by_level(current)
            ],
            "former": [
                {"title": LEVELS[level], "agencies": agencies} for level, agencies in _by_level(former)
            ],
            "former_count": len(former),
        },
    )


def _is_called(agency: Agency, words: list[str]) -> bool:
    """Whether each word begins a word of the name."""
    name = f" {fold(agency.name)}"
    return all(f" {word}" in name for word in words)


def _by_level(agencies: list[Agency]) -> list[tuple[Agency.Level, list[Agency]]]:
    grouped = groupby(agencies, key=lambda agency: agency.level)
    return [(Agency.Level(level), list(rows)) for level, rows in grouped]


def _by_kind(agencies: list[Agency]) -> list[dict]:
    kinds = [(kind, [each for each in agencies if each.kind == kind]) for kind in Agency.Kind]
    return [{"title": kind.label, "agencies": rows} for kind, rows in kinds if rows]


@require_safe
def agency_detail(request, code):
    """One agency: its life, its leaders, where to reach it, and the newest it published."""
    agency = get_object_or_404(Agency.objects.select_related("parent"), code=code)
    leaders = by_rank(agency.leaders.current()) if agency.is_current else []
    return render(
        request,
        "agencies/agency_detail.html",
        {
            "agency": agency,
            "data": html.data_block(
                structured.organization(agency, url=settings.SITE_URL + agency.get_absolute_url())
            ),
            "leaders": leaders,
            "leader_sources": list(dict.fromkeys(leader.source for leader in leaders)),
            "successors": in_vietnamese_order(agency.successors.all()),
            "predecessors": in_vietnamese_order(agency.predecessors.all()),
            "articles": list(Article.objects.published().filter(agency=agency).for_cards()[:3]),
            "answers": list(Case.objects.published().filter(agency=agency).for_public_list()[:5]),
        },
    )
