"""The page of results, what is suggested while typing, and the notes that say which words are looked for."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from agencies import services as agencies
from parcai import findable
from parcai.filters import SearchForm
from parcai.lib.listfilters import midnight
from parcai.lib.requests import is_own
from parcai.records.kinds import Card, Tab
from parcai.search import asked, bets, spelling
from parcai.search.engines import Scope
from parcai.search.finding import MOST, Found, Hit
from parcai.search.query import LONGEST, Query, relaxed, understand
from parcai.search.snippets import marked, snippet
from parcai.search.synonyms import forms as wordings

A_PAGE = 15
SUGGESTIONS = 8
NOTES = {"limit": 120, "seconds": 3600}  # of one network
KEPT_FOR = "public, max-age=60"


@dataclass
class Search:
    """One visit of the page: what was asked for, and what comes of it."""

    asked_for: dict
    query: Query

    @classmethod
    def of(cls, form: SearchForm) -> "Search":
        form.is_valid()
        found = getattr(form, "cleaned_data", {})
        return cls(found, understand(found.get("q", ""), wordings()))

    @cached_property
    def kind(self) -> Tab | None:
        return findable.BY_SLUG.get(self.asked_for.get("loai", ""))

    def scope(self, kind: str = "") -> Scope:
        first, last = self.asked_for.get("tu_ngay"), self.asked_for.get("den_ngay")
        agency, campaign = self.asked_for.get("co_quan"), self.asked_for.get("noi_dung")
        return Scope(
            now=timezone.now(),
            kind=kind,
            agency=agency.pk if agency else None,
            campaign=campaign.pk if campaign else None,
            since=midnight(first) if first else None,
            until=midnight(last + timedelta(days=1)) if last else None,
        )

    def found(self, query: Query, kind: str = "") -> Found:
        return Found(
            query,
            self.scope(kind),
            findable.texts,
            kinds=(kind,) if kind else tuple(findable.TABS),
            by_date=self.asked_for.get("sap_xep") == "moi",
            favoured=findable.FAVOURED,
        )

    @cached_property
    def everything(self) -> Found:
        """In all kinds: the numbers on the tabs."""
        return self.found(self.query)

    @cached_property
    def closest(self) -> tuple[Found, str]:
        """What is shown, and why it is not what was asked: "" itself, "meant" other spelling, "relaxed" fewer words."""
        if self.everything.total or not self.query:
            return self.everything, ""
        if self.meant and (found := self.found(understand(self.meant, wordings()))).total:
            return found, "meant"
        less = relaxed(self.query)
        if less and (found := self.found(less)).total:
            return found, "relaxed"
        return self.everything, ""

    @cached_property
    def meant(self) -> str:
        """Another spelling that finds something; asked only where the typed one finds nothing."""
        text = spelling.meant(self.query, self.scope()) if self.query and not self.everything.total else ""
        return text if text and self.found(understand(text, wordings())).total else ""


class Results:
    """Hits as a paginator wants them: counted once, read page by page."""

    def __init__(self, found: Found) -> None:
        self.found = found

    def __len__(self) -> int:
        return self.found.total

    def __getitem__(self, wanted: slice) -> list[Hit]:
        return self.found.page(wanted.start, wanted.stop - wanted.start)


@require_safe
def results(request):
    form = SearchForm(request.GET)
    search = Search.of(form)
    everything, why = search.closest
    found = search.found(everything.query, search.kind.name) if search.kind else everything
    page: Page = Paginator(Results(found), A_PAGE).get_page(  # type: ignore[arg-type]
        request.GET.get("page")
    )
    context = {
        "form": form,
        "search": search,
        "text": search.query.text,
        "kind": search.kind,
        "why": why,
        "shown_text": everything.query.text,
        "page": page,
        "items": [_item(hit, card, everything.query) for hit, card in findable.cards(list(page.object_list))],
        "total": found.total,
        "is_capped": found.is_capped,
        "tabs": _tabs(request, search, everything),
        "bets": _bets(search.query) if page.number == 1 and not search.kind else [],
        "query": _address(request, without=("page",)),
        "is_narrowed": any(
            search.asked_for.get(name) for name in ("co_quan", "noi_dung", "tu_ngay", "den_ngay")
        ),
        "ask_url": f"{reverse('feedback:question-ask')}?{urlencode({'cau': search.query.text})}",
        "plain_url": f"{request.path}?{urlencode({'q': search.query.text})}",
        "most": MOST,
    }
    response = render(request, "search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _bets(query: Query) -> list:
    """What editors want seen first; what has been withdrawn meanwhile is not."""
    return [bet for bet in bets.for_words(query.key) if findable.is_public(bet.path)]


def _item(hit, card: Card, query: Query) -> dict:
    return {
        "kind": findable.TABS[hit.kind],
        "card": card,
        "title": marked(card.title, query),
        "text": snippet(card.text, query),
    }


def _tabs(request, search: Search, found: Found) -> list[dict]:
    """All, then each kind that has hits, and the chosen one even if it has none."""
    tabs: list[dict] = [
        {
            "title": _("Tất cả"),
            "count": found.total,
            "is_capped": found.is_capped,
            "is_current": search.kind is None,
            "slug": "",
        }
    ]
    tabs += [
        {
            "title": kind.one,
            "count": count,
            "is_capped": count >= MOST,
            "is_current": kind is search.kind,
            "slug": kind.slug,
        }
        for kind in findable.TABS.values()
        if (count := found.counts.get(kind.name, 0)) or kind is search.kind
    ]
    for tab in tabs:
        tab["url"] = f"?{_address(request, without=('page', 'loai'), loai=tab['slug'])}"
    return tabs


def _address(request, *, without: tuple[str, ...], **more: str) -> str:
    """What the visitor chose, in the order of the form; other parameters are not carried along."""
    pairs = [(name, request.GET.get(name, "")) for name in SearchForm.base_fields if name not in without]
    return urlencode([(name, value) for name, value in (*pairs, *more.items()) if value])


@require_safe
def suggestions(request):
    """Titles that fit what has been typed so far, as JSON for the script of the search box."""
    query = understand(request.GET.get("q", ""), wordings(), is_unfinished=True)
    items: list[dict] = []
    if len(query.key) > 1:
        found = Found(
            query,
            Scope(timezone.now()),
            findable.texts,
            favoured=findable.FAVOURED,
            in_titles=True,
        )
        chosen = findable.cards(found.page(0, SUGGESTIONS))
        items = [
            {"title": card.title, "url": card.url, "kind": str(findable.TABS[hit.kind].one)}
            for hit, card in chosen
        ]
        best = [{"title": bet.title, "url": bet.path, "kind": str(_("Nên xem"))} for bet in _bets(query)]
        items = [*best, *items][:SUGGESTIONS]
    response = JsonResponse({"items": items})
    response["Cache-Control"] = KEPT_FOR
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # changes one counter and nothing of the visitor's
@require_POST
def note(request):
    """The note of a page of results: these words were looked for, in vain or not, or a result of them was opened."""
    text, what = request.POST.get("q", ""), request.POST.get("viec", "")
    if is_own(request) and what in {"tim", "trong", "bam"} and len(text) <= LONGEST:
        network = agencies.network(agencies.client_address(request))
        if agencies.is_allowed("search-note", [network], **NOTES):
            asked.note(text, is_empty=what == "trong", is_click=what == "bam")
    return HttpResponse(status=204)
