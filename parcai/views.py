"""Pages that join several apps, and the small pages every site has."""

from datetime import date, datetime, time

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from agencies import services as agencies
from agencies.roles import DESK_ROLES
from articles import structured
from articles.models import Article, Document, Video
from feedback.models import Case
from feedback.views import asking
from notifications import services as notifications
from notifications.models import Message
from parcai import context
from parcai import home as home_page
from parcai.gallery import gallery_context
from parcai.lib import html
from parcai.lib.listfilters import related_to
from parcai.signin import typed_in, worth_keeping
from plan.models import Campaign, Plan

A_YEAR_OF_PREFERENCES = 365 * 24 * 3600
MESSAGES_A_PAGE = 25


# Home and plan ---------------------------------------------------------------------------------------------------


@require_safe
def home(request):
    who = structured.publisher() | {"@context": "https://schema.org"}
    context = {
        "parts": home_page.parts(),
        "data": html.data_block(who),
        "unfinished": asking.unfinished(request),
    }
    response = render(request, "home.html", context)
    if context["unfinished"]:
        add_never_cache_headers(response)
    return response


@require_safe
def plan_list(request):
    plans = Plan.objects.annotate(campaign_count=Count("campaigns"))
    return render(request, "plan/plan_list.html", {"plans": plans})


@require_safe
def plan_detail(request, year):
    plan = get_object_or_404(Plan, year=year)
    return render(
        request, "plan/plan_detail.html", {"plan": plan, "campaigns": home_page.campaigns_with_counts(plan)}
    )


@require_safe
def campaign_detail(request, year, number):
    campaign = get_object_or_404(
        Campaign.objects.select_related("plan", "owner"), plan__year=year, number=number
    )
    evidence = campaign.evidence.counted().select_related("agency")
    return render(
        request,
        "plan/campaign_detail.html",
        {
            "campaign": campaign,
            "articles": list(
                related_to(Article.objects.published(), "campaigns", [campaign]).for_cards()[:6]
            ),
            "documents": list(
                related_to(Document.objects.published(), "campaigns", [campaign]).for_cards()[:5]
            ),
            "videos": list(related_to(Video.objects.published(), "campaigns", [campaign]).for_cards()[:3]),
            "answers": list(Case.objects.published().filter(campaign=campaign).for_public_list()[:5]),
            "evidence": list(evidence[:20]),
            "evidence_count": evidence.count(),
            "neighbours": list(
                Campaign.objects.filter(
                    plan=campaign.plan_id, number__in=(number - 1, number + 1)
                ).select_related("plan")
            ),
        },
    )


# The working calendar --------------------------------------------------------------------------------------------


class DeadlineForm(forms.Form):
    tu_ngay = forms.DateField(
        label=_("Ngày nhận hồ sơ"),
        widget=forms.DateInput(format="%d/%m/%Y"),
        help_text=_("Ví dụ: 15/5/2026"),
        error_messages={
            "required": _("Viết ngày nhận hồ sơ."),
            "invalid": _("Viết ngày như 15/5/2026."),
        },
    )
    so_ngay = forms.IntegerField(
        label=_("Số ngày làm việc"),
        min_value=1,
        max_value=120,
        initial=15,
        error_messages={
            "required": _("Viết số ngày làm việc."),
            "invalid": _("Viết một số, ví dụ 15."),
            "min_value": _("Ít nhất là 1 ngày."),
            "max_value": _("Nhiều nhất là 120 ngày."),
        },
    )

    def clean_tu_ngay(self):
        day = self.cleaned_data["tu_ngay"]
        first = agencies.first_year_of_calendar()
        if not first <= day.year <= timezone.localdate().year + agencies.YEARS_AHEAD - 1:
            raise forms.ValidationError(
                _("Cổng có lịch làm việc từ năm %d. Hãy chọn ngày trong khoảng này.") % first
            )
        return day


@require_safe
def calendar(request):
    """The calendar deadlines are counted by, and a calculator anybody may use."""
    form = DeadlineForm(request.GET) if "tu_ngay" in request.GET else DeadlineForm()
    found: dict = {"form": form}
    if form.is_bound and form.is_valid():
        day, term = form.cleaned_data["tu_ngay"], form.cleaned_data["so_ngay"]
        days = agencies.explain_due(timezone.make_aware(datetime.combine(day, time.min)), term)
        found |= {
            "days": days,
            "start": day,
            "term": term,
            "skipped": sum(not each["number"] for each in days),
            "unknown_years": agencies.years_without_calendar(day, days[-1]["on"]),
        }
    today = timezone.localdate()
    special = sorted(
        agencies.special_days(date(today.year, 1, 1), date(today.year + 1, 12, 31)).values(),
        key=lambda each: each.on,
    )
    found |= {
        "coming": [each for each in special if each.on >= today],
        "past": [each for each in special if each.on < today],
        "missing": agencies.years_without_calendar(today, date(today.year + 1, 1, 1)),
    }
    return render(request, "calendar.html", found)


# Display, sign-in, messages --------------------------------------------------------------------------------------


@require_GET
@never_cache
def appearance(request):
    """Keeps the chosen text size and contrast, without a script, and goes back where the visitor was."""
    target = request.GET.get("ve", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}
    ) or not target.startswith("/"):
        target = "/"
    response = HttpResponseRedirect(target)
    for cookie, choices in (("tuong_phan", context.CONTRASTS), ("co_chu", context.TEXT_SIZES)):
        if request.GET.get(cookie) in choices:
            response.set_cookie(
                cookie,
                request.GET[cookie],
                max_age=A_YEAR_OF_PREFERENCES,
                samesite="Lax",
                secure=settings.SECURE_COOKIES,
                httponly=True,
            )
    return response


@login_required
def start(request):
    """Where an official begins after signing in."""
    if request.user.has_role(*DESK_ROLES):
        return redirect("feedback:desk")
    return redirect("admin:index" if request.user.is_staff else "home")


@login_required
def inbox(request):
    if request.method == "POST":
        notifications.mark_read(request.user)
        return redirect("inbox")
    page = Paginator(Message.objects.visible_to(request.user), MESSAGES_A_PAGE).get_page(
        request.GET.get("page")
    )
    items = [
        {"message": each, "subject": notifications.subject_of(each), "text": notifications.text_of(each)}
        for each in page
    ]
    return render(request, "inbox.html", {"items": items, "page": page})


# Machines --------------------------------------------------------------------------------------------------------


@never_cache
def live(request):
    """/khoe/: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request):
    """/san-sang/: database there, migrations done, cache and worker as they should be."""
    state = {"database": True, "cache": True, "worker": True}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state["worker"] = not notifications.is_late()
    except Exception:
        state["database"] = False
    try:
        cache.get("ready")
    except Exception:
        state["cache"] = False
    # Without worker or cache the portal still takes and shows everything; without the database it does not.
    return JsonResponse(state, status=200 if state["database"] else 503)


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        # Search engines find the pages themselves; of the API only the one that explains it.
        f"Allow: {reverse('api:docs')}",
        "Disallow: /api/",
        *(f"Disallow: {path}" for path in ("/quan-tri/", "/xu-ly/", "/tai-khoan/", "/tra-cuu/", "/xem-thu/")),
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def favicon(request):
    """For programs that ask for the old name without reading the page."""
    return redirect(static("img/mark.svg"))


@require_safe
def gallery(request):
    if not settings.DEBUG:
        raise Http404
    return render(request, "gallery.html", gallery_context())


def csrf_failure(request, reason=""):
    """The page stood open too long. What was typed on our own page is offered to be sent again with a fresh token."""
    own = request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == (
        f"{request.scheme}://{request.get_host()}"
    )
    fields: list = []
    if own and request.content_type == "application/x-www-form-urlencoded":
        fields = typed_in(request)
    context = {
        "fields": fields,
        "typed": worth_keeping(fields),
        "action": request.get_full_path(),
    }
    return render(request, "403_csrf.html", context, status=403)
