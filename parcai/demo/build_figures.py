from django.utils import timezone

from feedback import services
from feedback.models import Case, ExportJob, Extension, Figure

FIRST_YEAR = 2023


def make_figures(people: dict) -> int:
    """Days as deadlines were counted by, one extension, one list taken away, and the figures of all years."""
    services.recount_deadlines()
    if not Extension.objects.exists():
        _extend(people["thutruong"])
    if not ExportJob.objects.exists():
        by = people["dieuphoi"]
        ids = list(Case.objects.visible_to(by).open().values_list("pk", flat=True)[:20])
        services.ask_for_export(ids, by=by, queue="tat-ca", ending="xlsx")
    for year in range(FIRST_YEAR, timezone.localdate().year + 1):
        services.count_figures(year)
    return Figure.objects.count()


def _extend(head) -> None:
    for case in Case.objects.visible_to(head).filter(status=Case.Status.ASSIGNED).order_by("-due_on"):
        if services.may_extend(case):
            services.extend(
                case,
                by=head,
                due_on=services.latest_extension(case),
                ground="Quy chế tiếp nhận, trả lời câu hỏi của cổng (minh họa)",
                note="Cần xác minh tại thực địa cùng UBND cấp xã.",
            )
            return
