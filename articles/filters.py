import django_filters
from django import forms
from django.contrib import admin
from django.db.models import Exists, F, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles import citations
from articles.models import Article, Document, DocumentType, Tag, Topic, Video
from articles.models.document import Force
from parcai.lib.listfilters import FromDayFilter, RelatedFilter, ToDayFilter, WordsFilter, related_to
from parcai.lib.vietnamese import sort_key
from plan.models import Campaign


def agencies_with_articles(_request):
    published = Article.objects.published().filter(agency=OuterRef("pk")).order_by()
    return Agency.objects.filter(Exists(published)).order_by("name")


def topics_with_articles(_request):
    published = Article.objects.published().filter(topics=OuterRef("pk")).order_by()
    return Topic.objects.filter(Exists(published))


DAY = {
    "widget": forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "15/5/2026", "inputmode": "numeric"}),
    "error_messages": {"invalid": _("Viết ngày như 15/5/2026.")},
}


class ArticleFilter(django_filters.FilterSet):
    q = WordsFilter(
        field_name="folded",
        label=_("Từ trong tiêu đề, tóm tắt"),
        max_length=200,
        error_messages={"max_length": _("Viết ngắn hơn 200 ký tự.")},
    )
    loai = django_filters.ChoiceFilter(
        field_name="kind",
        label=_("Loại tin bài"),
        choices=Article.Kind.choices,
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một loại trong danh sách.")},
    )
    noi_dung = RelatedFilter(
        field_name="campaigns",
        label=_("Nội dung kế hoạch"),
        queryset=Campaign.objects.select_related("plan").order_by("-plan__year", "number"),
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một nội dung trong danh sách.")},
    )
    co_quan = django_filters.ModelChoiceFilter(
        field_name="agency",
        label=_("Cơ quan"),
        queryset=agencies_with_articles,
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một cơ quan trong danh sách.")},
    )
    chu_de = RelatedFilter(
        field_name="topics",
        label=_("Chủ đề"),
        queryset=topics_with_articles,
        to_field_name="slug",
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một chủ đề trong danh sách.")},
    )
    tu_khoa = django_filters.CharFilter(
        label=_("Từ khóa"), method="with_tag", max_length=80, widget=forms.HiddenInput
    )
    tu_ngay = FromDayFilter(field_name="publish_at", label=_("Đăng từ ngày"), **DAY)
    den_ngay = ToDayFilter(field_name="publish_at", label=_("đến ngày"), **DAY)

    class Meta:
        model = Article
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            field.hide_optional = True

    def with_tag(self, queryset, _name, value):
        return related_to(queryset, "tags", self.tags) if value else queryset

    @cached_property
    def tags(self) -> list[Tag]:
        """The tags of that address, as far as readers know them: two words may share one (C and C++)."""
        published = Article.objects.published().filter(tags=OuterRef("pk")).order_by()
        named = Tag.objects.filter(slug=self.form.cleaned_data.get("tu_khoa", ""))
        return list(named.filter(Exists(published))[:5])


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
    if model is Article:
        found["dan-van-ban"] = (
            _("%(what)s dẫn văn bản hết hiệu lực, cần xem lại") % word,
            citations.awaiting(visible.published()),
        )
    if official.has_perm("articles.approve_article"):
        found["cho-duyet"] = (_("%(what)s chờ bạn duyệt") % word, visible.reviewable_by(official))
        found["hau-kiem"] = (_("%(what)s đăng khẩn cấp chờ hậu kiểm") % word, visible.awaiting_review())
    return found


def agencies_with_videos(_request):
    published = Video.objects.published().order_by().values("agency")
    return Agency.objects.filter(pk__in=published).order_by("name")


class VideoFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="saying",
        label=_("Từ cần tìm"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
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
        queryset=agencies_with_videos,
        empty_label=_("Tất cả"),
    )

    class Meta:
        model = Video
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            field.hide_optional = True

    def saying(self, queryset, _name, words):
        return queryset.saying(words)


FORCES = {
    "con": (_("Còn hiệu lực"), (Force.IN_FORCE, Force.PARTLY)),
    "chua": (_("Chưa có hiệu lực"), (Force.NOT_YET,)),
    "het": (_("Hết hiệu lực, bị bãi bỏ"), (Force.EXPIRED, Force.REPEALED)),
    "thay-the": (_("Đã được thay thế"), (Force.REPLACED,)),
    "chua-ro": (_("Chưa xác định"), (Force.UNKNOWN,)),
}
ORDERS = {
    "dang": (_("Mới đăng"), ("-publish_at", "-pk")),
    "ban-hanh": (_("Mới ban hành"), (F("issued_on").desc(nulls_last=True), "-pk")),
    "so": (_("Theo số"), ("number_value", "number_key", "pk")),
}


def issuers_of_documents() -> list[tuple[str, str]]:
    """Who issued what the public may read, of the portal's own list or not: key and name."""
    rows = Document.objects.published().order_by().values_list("issuer_key", "agency__name", "issuer")
    names = {key: agency or issuer for key, agency, issuer in rows.distinct()}
    return sorted(names.items(), key=lambda pair: sort_key(pair[1]))


def types_with_documents(_request):
    published = Document.objects.published().filter(kind=OuterRef("pk")).order_by()
    return DocumentType.objects.filter(Exists(published))


class ForceFilter(admin.SimpleListFilter):
    """The same answers to "does it bind today" as the public list offers."""

    title = _("hiệu lực")
    parameter_name = "hieu_luc"

    def lookups(self, request, model_admin):
        return [(name, words) for name, (words, _kinds) in FORCES.items()]

    def queryset(self, request, queryset):
        found = FORCES.get(self.value())
        return queryset.of_force(*found[1]) if found else queryset


class DocumentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="holding",
        label=_("Số, ký hiệu hoặc trích yếu"),
        max_length=200,
        error_messages={"max_length": _("Viết ngắn hơn 200 ký tự.")},
    )
    loai = django_filters.ModelChoiceFilter(
        field_name="kind",
        label=_("Loại văn bản"),
        queryset=types_with_documents,
        to_field_name="slug",
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một loại trong danh sách.")},
    )
    co_quan = django_filters.ChoiceFilter(
        field_name="issuer_key",
        label=_("Cơ quan ban hành"),
        choices=(),  # asked for once a visit, below
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một cơ quan trong danh sách.")},
    )
    hieu_luc = django_filters.ChoiceFilter(
        method="of_force",
        label=_("Hiệu lực"),
        choices=[(name, words) for name, (words, _kinds) in FORCES.items()],
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một mục trong danh sách.")},
    )
    noi_dung = RelatedFilter(
        field_name="campaigns",
        label=_("Nội dung kế hoạch"),
        queryset=Campaign.objects.select_related("plan").order_by("-plan__year", "number"),
        empty_label=_("Tất cả"),
        error_messages={"invalid_choice": _("Chọn một nội dung trong danh sách.")},
    )
    tu_ngay = django_filters.DateFilter(
        field_name="issued_on", lookup_expr="gte", label=_("Ban hành từ ngày"), **DAY
    )
    den_ngay = django_filters.DateFilter(
        field_name="issued_on", lookup_expr="lte", label=_("đến ngày"), **DAY
    )
    sap_xep = django_filters.ChoiceFilter(
        method="in_order",
        label=_("Sắp xếp"),
        choices=[(name, words) for name, (words, _fields) in ORDERS.items()],
        empty_label=None,
        error_messages={"invalid_choice": _("Chọn một cách sắp xếp trong danh sách.")},
    )

    class Meta:
        model = Document
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["co_quan"].choices = issuers_of_documents()
        for field in self.form.fields.values():
            field.hide_optional = True

    def holding(self, queryset, _name, words):
        return queryset.holding(words)

    def of_force(self, queryset, _name, value):
        return queryset.of_force(*FORCES[value][1]) if value in FORCES else queryset

    def in_order(self, queryset, _name, value):
        return queryset.order_by(*ORDERS[value][1]) if value in ORDERS else queryset
