"""The queues of the desk (/xu-ly/), by role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from agencies import services as agencies
from agencies.roles import DESK_ROLES, Role
from feedback import forms, services
from feedback.desk import age
from feedback.desk import filters as saved_filters
from feedback.desk.access import official_required, title_for
from feedback.models import Case, DataRequest, Opinion, Term
from parcai.lib.counting import capped_counts

PER_PAGE = 25
SPAM = "thu-rac"
OVERVIEW_ROLES = (Role.COORDINATOR, Role.HEAD, Role.OBSERVER)
MOST_COUNTED = 999  # a longer queue says 999+
MOST_PAGED = 10_000  # nobody turns further pages than these rows: filters lead there
LOOKED_BACK = timedelta(days=400)  # the calendar that is read at once; longer than any claim holds
Status = Case.Status


@dataclass(frozen=True)
class Queue:
    name: str
    title: str | Promise
    roles: tuple[Role, ...]
    select: Callable  # of cases, an official and the working calendar
    order: tuple[str, ...] = ("due_on", "received_at")
    waits_for: str = ""  # the step intake owes these cases; the list then tells how long they have waited
    may_spam: bool = False


def _soon(cases, user, calendar):
    return cases.due_soon(agencies.due_on(timezone.now(), services.DUE_SOON, calendar=calendar))


def _all(cases, user, calendar):
    """Everything but spam, which is few: the count of all need not look at each row for it."""
    return cases.exclude(pk__in=Case.objects.filter(spam_at__isnull=False).values("pk"))


QUEUES = [
    Queue(
        "moi",
        gettext_lazy("Mới tiếp nhận"),
        (Role.COORDINATOR,),
        lambda c, u, k: c.filter(status=Status.RECEIVED),
        ("received_at",),
        Term.Step.SCREEN,
        True,
    ),
    Queue(
        "cho-giao",
        gettext_lazy("Chờ giao"),
        (Role.COORDINATOR,),
        lambda c, u, k: c.filter(status=Status.ACCEPTED),
        ("received_at",),
        Term.Step.TRANSFER,
        True,
    ),
    Queue("cua-toi", gettext_lazy("Tôi thụ lý"), (Role.OFFICER,), lambda c, u, k: c.open().filter(officer=u)),
    Queue(
        "chua-ai-nhan",
        gettext_lazy("Chưa ai nhận"),
        (Role.OFFICER,),
        lambda c, u, k: (
            c.filter(status=Status.ASSIGNED, officer=None)
            | c.held_since_before(services.claims_lapse_before(k))
        ),
    ),
    Queue("tra-lai", gettext_lazy("Bị trả lại"), (Role.OFFICER,), lambda c, u, k: c.sent_back()),
    Queue(
        "cho-ky",
        gettext_lazy("Chờ ký"),
        (Role.HEAD, Role.OFFICER),
        lambda c, u, k: c.waiting_for_signature(),
    ),
    Queue("co-quan", gettext_lazy("Cả cơ quan"), (Role.OFFICER, Role.HEAD), lambda c, u, k: c.open()),
    Queue(
        "dang-giai-quyet",
        gettext_lazy("Đang giải quyết"),
        DESK_ROLES,
        lambda c, u, k: c.filter(status=Status.ASSIGNED),
    ),
    Queue("sap-han", gettext_lazy("Sắp đến hạn"), DESK_ROLES, _soon),
    Queue("qua-han", gettext_lazy("Quá hạn"), DESK_ROLES, lambda c, u, k: c.overdue()),
    Queue(
        "tam-dung",
        gettext_lazy("Chờ bổ sung"),
        DESK_ROLES,
        lambda c, u, k: c.filter(status=Status.NEEDS_INFO),
    ),
    Queue(
        "cho-cong-khai",
        gettext_lazy("Chờ công khai"),
        (Role.COORDINATOR,),
        lambda c, u, k: c.filter(
            status=Status.ANSWERED, published_at=None, publish_consent_at__isnull=False, is_confidential=False
        ),
        ("answered_at",),
    ),
    Queue(
        "dan-van-ban",
        gettext_lazy("Dẫn văn bản hết hiệu lực"),
        (Role.COORDINATOR,),
        lambda c, u, k: services.citing_ended(c),
        ("answered_at",),
    ),
    Queue(
        SPAM,
        gettext_lazy("Rác"),
        (Role.COORDINATOR,),
        lambda c, u, k: c.filter(spam_at__isnull=False),
        ("-spam_at",),
    ),
    Queue(
        "yeu-cau-du-lieu",
        gettext_lazy("Yêu cầu về dữ liệu"),
        (Role.COORDINATOR,),
        lambda c, u, k: c.filter(pk__in=DataRequest.objects.open().values("case")),
        ("received_at",),
    ),
    Queue("tat-ca", gettext_lazy("Tất cả"), DESK_ROLES, _all, ("-received_at",)),
]


def calendar_at_hand() -> dict:
    """The working calendar as far back as nearly every list needs it, read once a page."""
    return agencies.work_calendar(timezone.localdate() - LOOKED_BACK)


@official_required
def desk(request):
    queues = [queue for queue in QUEUES if request.user.has_role(*queue.roles)]
    visible = Case.objects.visible_to(request.user)
    asked = Opinion.objects.visible_to(request.user).filter(answered_at=None)
    today, calendar = timezone.localdate(), calendar_at_hand()
    held = {queue.name: queue.select(visible, request.user, calendar) for queue in queues}
    sizes = capped_counts({**held, "opinions": asked}, MOST_COUNTED)
    chosen = next((queue for queue in queues if queue.name == request.GET.get("hang")), None)
    if chosen is None:
        chosen = next((queue for queue in queues if sizes[queue.name] and queue.name != SPAM), queues[-1])
    narrowing = forms.QueueFilterForm(request.GET, user=request.user, sees_all=_sees_all(request.user))
    cases = narrowing.narrow(chosen.select(visible, request.user, calendar))
    cases = cases.select_related("agency", "officer").defer("text", "public_text")
    order, sortings = age.order_of(chosen, request.GET.get("xep", ""))
    paginator = Paginator(cases.order_by(*order, "pk"), PER_PAGE)
    is_counted = not narrowing.query and sizes[chosen.name] <= MOST_COUNTED
    paginator.count = sizes[chosen.name] if is_counted else capped_counts({"": cases}, MOST_PAGED - 1)[""]
    page = paginator.get_page(request.GET.get("page"))
    tabs = [
        {
            "title": queue.title,
            "count": sizes[queue.name] if sizes[queue.name] <= MOST_COUNTED else f"{MOST_COUNTED}+",
            "url": f"?hang={queue.name}",
            "is_current": queue is chosen,
        }
        for queue in queues
    ]
    first = min([today, *(case.due_on for case in page), *age.since(chosen, page)])
    if first < today - LOOKED_BACK:
        calendar = agencies.work_calendar(first)
    waits = age.waits(chosen, page, calendar)
    lapse_before = services.claims_lapse_before(calendar)
    rows = [
        {
            "case": case,
            "title": title_for(case, request.user),
            "days": agencies.working_days_left(case.due_on, today, calendar),
            "wait": waits.get(case.pk),
            "has_lapsed": bool(
                case.status == Status.ASSIGNED
                and case.officer_id
                and case.claimed_at
                and timezone.localdate(case.claimed_at) < lapse_before
            ),
        }
        for case in page
    ]
    context = {
        "tabs": tabs,
        "queue": chosen,
        "page": page,
        "rows": rows,
        "query": urlencode({"hang": chosen.name, **narrowing.query})
        + (sortings[0]["query"] if sortings else ""),
        "sortings": sortings,
        "may_take_in": request.user.has_role(Role.COORDINATOR),
        "sees_overview": request.user.has_role(*OVERVIEW_ROLES),
        "may_spam": chosen.may_spam and request.user.has_role(Role.COORDINATOR),
        "filters": narrowing,
        "is_narrowed": bool(narrowing.query),
        "saved": saved_filters.own(request.user),
        "has_opinions": request.user.has_role(Role.OFFICER, Role.HEAD),
        "opinions_waiting": sizes["opinions"],
        "may_delegate": request.user.has_role(Role.HEAD) and request.user.agency_id is not None,
    }
    return render(request, "feedback/desk.html", context)


def _sees_all(user) -> bool:
    return user.has_role(Role.COORDINATOR, Role.OBSERVER)
