import django_filters
from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models import Article
from plan.models import Campaign


def agencies_with_articles(_request):
    published = Article.objects.published().order_by().values("agency")
    return Agency.objects.filter(pk__in=published).order_by("name")


class ArticleFilter(django_filters.FilterSet):
    loai = django_filters.ChoiceFilter(
        field_name="kind", label=_("Loại tin bài"), choices=Article.Kind.choices, empty_label=_("Tất cả")
    )
    noi_dung = django_filters.ModelChoiceFilter(
        field_name="campaigns",
        label=_("Nội dung kế hoạch"),
        queryset=Campaign.objects.order_by("-plan__year", "number"),
        empty_label=_("Tất cả"),
    )
    co_quan = django_filters.ModelChoiceFilter(
        field_name="agency",
        label=_("Cơ quan"),
        queryset=agencies_with_articles,
        empty_label=_("Tất cả"),
    )

    tu_ngay = django_filters.DateFilter(
        field_name="publish_at",
        lookup_expr="date__gte",
        label=_("Đăng từ ngày"),
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "15/5/2026"}),
        error_messages={"invalid": _("Viết ngày như 15/5/2026.")},
    )
    den_ngay = django_filters.DateFilter(
        field_name="publish_at",
        lookup_expr="date__lte",
        label=_("đến ngày"),
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "31/12/2026"}),
        error_messages={"invalid": _("Viết ngày như 15/5/2026.")},
    )

    class Meta:
        model = Article
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            field.hide_optional = True


class QueueFilter(admin.SimpleListFilter):
    """The lists behind "what waits for you": the very querysets their numbers are counted from."""

    title = _("việc cần làm")
    parameter_name = "viec"

    def lookups(self, request, model_admin):
        return [(name, words) for name, (words, _rows) in queues(model_admin.model, request.user).items()]

    def queryset(self, request, queryset):
        found = queues(queryset.model, request.user).get(self.value())
        return queryset.filter(pk__in=found[1].order_by().values("pk")) if found else queryset


def queues(model, official) -> dict:
    """What waits for this official among the pieces of a kind they may see: name, words, rows."""
    visible, word = model.objects.visible_to(official), {"what": model.WORD}
    found = {
        "tra-lai": (_("%(what)s của bạn được trả lại để sửa") % word, visible.returned_to(official)),
        "hen-gio": (_("%(what)s đã duyệt, đang chờ đến giờ đăng") % word, visible.scheduled()),
        "xem-lai": (_("%(what)s đến ngày xem lại còn đúng không") % word, visible.stale()),
    }
    if official.has_perm("articles.approve_article"):
        found["cho-duyet"] = (_("%(what)s chờ bạn duyệt") % word, visible.reviewable_by(official))
        found["hau-kiem"] = (_("%(what)s đăng khẩn cấp chờ hậu kiểm") % word, visible.awaiting_review())
    return found
