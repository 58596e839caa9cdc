from urllib.parse import urlencode

from django.contrib import admin, messages
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles import links
from articles.admin.base import in_viet_nam
from articles.models import PIECES, LinkFault

PATIENCE = 20  # seconds somebody waits for "Kiểm lại"


class StateFilter(admin.SimpleListFilter):
    title = _("tình trạng")
    parameter_name = "tinh_trang"

    def lookups(self, request, model_admin):
        return [("hong", _("Đang hỏng")), ("de-biet", _("Chỉ để biết")), ("het", _("Đã hết lỗi"))]

    def queryset(self, request, queryset):
        if self.value() == "hong":
            return queryset.waiting()
        if self.value() == "de-biet":
            return queryset.filter(is_note=True, fixed_at=None)
        return queryset.exclude(fixed_at=None) if self.value() == "het" else queryset


@admin.register(LinkFault)
class LinkFaultAdmin(admin.ModelAdmin):
    """What the nightly look found: read, mended on the page itself, looked at again."""

    list_display = ("place", "target", "reason", "seen", "state")
    list_display_links = None
    list_filter = (StateFilter, "kind")
    search_fields = ("page", "address", "words")
    list_per_page = 50
    actions = ("check_again",)

    def get_queryset(self, request):
        return LinkFault.objects.reported()

    def get_changelist_instance(self, request):
        """The rows with the title of their page, asked for once a kind."""
        found = super().get_changelist_instance(request)
        titles = titles_of({fault.page for fault in found.result_list})
        for fault in found.result_list:
            fault.title = titles.get(fault.page, "")
        return found

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_check_again_permission(self, request):
        return request.user.has_perm("articles.change_linkfault")

    @admin.display(description=_("ở trang"), ordering="page")
    def place(self, fault):
        form = edit_address(fault.page)
        shown = format_html('<a href="{}">{}</a>', fault.page, getattr(fault, "title", "") or fault.page)
        return format_html('{}<br><a href="{}">{}</a>', shown, form, _("Mở để sửa")) if form else shown

    @admin.display(description=_("liên kết"), ordering="address")
    def target(self, fault):
        words = format_html("“{}”<br>", fault.words) if fault.words else ""
        return format_html("{}{}", words, fault.address)

    @admin.display(description=_("thấy"), ordering="last_seen_at")
    def seen(self, fault):
        first, last = in_viet_nam(fault.first_seen_at), in_viet_nam(fault.last_seen_at)
        return (
            _("từ %s") % first
            if first == last
            else _("từ %(first)s đến %(last)s") % {"first": first, "last": last}
        )

    @admin.display(description=_("tình trạng"), ordering="fixed_at")
    def state(self, fault):
        if fault.fixed_at:
            return _("Đã hết lỗi")
        return _("Chỉ để biết") if fault.is_note else _("Đang hỏng")

    @admin.action(description=_("Kiểm lại"), permissions=["check_again"])
    def check_again(self, request, queryset):
        gone, left = links.check_again(queryset.filter(fixed_at=None), seconds=PATIENCE)
        words = _("%d liên kết đã hết lỗi.") % gone
        self.message_user(
            request, words if gone else _("Đã kiểm lại: chưa liên kết nào hết lỗi."), messages.INFO
        )
        if left:
            self.message_user(
                request, _("Còn %d dòng chưa kịp kiểm; hãy chọn lại ít dòng hơn.") % left, messages.WARNING
            )


def _piece_at(page: str):
    """The kind of the piece whose page this is, and what its address says of it; None for other pages."""
    try:
        found = resolve(page)
    except Resolver404:
        return None
    kinds = {f"articles:{model._meta.model_name}-detail": model for model in PIECES}
    return (kinds[found.view_name], found.kwargs) if found.view_name in kinds else None


def edit_address(page: str) -> str:
    """The form of the piece whose page this is; empty for other pages."""
    if (at := _piece_at(page)) is None:
        return ""
    model, known = at
    name = model._meta.model_name
    if "pk" in known:
        return reverse(f"admin:articles_{name}_change", args=[known["pk"]])
    # A page known by its words alone: the list with nothing but it, instead of a question for each row here.
    return f"{reverse(f'admin:articles_{name}_changelist')}?{urlencode(known)}"


def titles_of(pages) -> dict[str, str]:
    """The titles of the pieces that stand at those addresses."""
    keys: dict = {}
    for page in pages:
        if at := _piece_at(page):
            model, known = at
            name = "pk" if "pk" in known else "slug"
            keys.setdefault((model, name), {})[known[name]] = page
    return {
        places[getattr(piece, name)]: str(piece)
        for (model, name), places in keys.items()
        for piece in model.objects.readable().filter(**{f"{name}__in": places})
    }
