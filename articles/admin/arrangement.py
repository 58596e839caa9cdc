"""Menus, blocks, the home page and notices: the board's own, in effect at once; the history of each says who did what."""

from typing import ClassVar

from csp.decorators import csp_update
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles import arrangement
from articles.admin.base import check_years, in_viet_nam
from articles.models import Block, HomeSection, MenuItem, Page, SiteNotice
from articles.models.arrangement import MOST_LINKS
from parcai.lib.addresses import parse_links
from parcai.lib.html import image_ids, plain_text
from parcai.lib.saving import SavedAmongOthers
from parcai.lib.widgets import EDITOR_POLICY, NAMED_SEARCH, DayAndHour, KeyedSearch


class RowForm(forms.ModelForm):
    """A row of a list that is changed in the list: each box says to whom it belongs."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class ArrangementAdmin(SavedAmongOthers, admin.ModelAdmin):
    """A list in the order the public sees, changed right in the list, with the way to look at it."""

    change_list_template = "admin/articles/arrangement/change_list.html"
    formfield_overrides: ClassVar[dict] = {models.DateTimeField: {"widget": DayAndHour}}
    list_editable: ClassVar[tuple[str, ...]] = ("order", "is_shown")
    list_per_page = 100
    view_on_site = False
    advice: str | Promise = ""

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{"form": RowForm, **kwargs})

    def changelist_view(self, request, extra_context=None):
        context = {"advice": self.advice, "look_at": reverse("home"), **(extra_context or {})}
        return super().changelist_view(request, context)


# Menus -----------------------------------------------------------------------------------------------------------


class MenuItemForm(forms.ModelForm):
    class Meta:
        model = MenuItem
        fields = ("place", "title", "parent", "path", "page", "url", "order", "is_shown")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        heads = MenuItem.objects.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = heads
        self.fields["parent"].label_from_instance = lambda item: f"{item.get_place_display()}: {item}"
        self.fields["page"].queryset = Page.objects.originals()

    def clean(self):
        cleaned = super().clean()
        targets = ("path", "page", "url")
        if self.errors.keys() & set(targets):
            return cleaned
        given = [name for name in targets if cleaned.get(name)]
        if not given:
            words = _("Chọn nơi mục này dẫn tới: một địa chỉ trong cổng, một trang hoặc một địa chỉ ngoài.")
            self.add_error("path", words)
        for name in given[1:]:
            self.add_error(name, _("Mục chỉ dẫn tới một nơi: chỉ điền một trong ba ô."))
        parent, place = cleaned.get("parent"), cleaned.get("place")
        if parent and self.instance.pk and self.instance.children.exists():
            self.add_error("parent", _("Mục này đang có mục con nên phải đứng ở hàng đầu."))
        elif parent and parent.place != place:
            self.add_error("parent", _("Mục mẹ phải ở cùng nơi hiện."))
        elif self.instance.pk and self.instance.children.exclude(place=place).exists():
            self.add_error("place", _("Mục này đang có mục con ở nơi cũ. Hãy chuyển các mục con trước."))
        return cleaned


@admin.register(MenuItem)
class MenuItemAdmin(ArrangementAdmin):
    form = MenuItemForm
    list_display = ("title", "order", "is_shown", "place", "parent", "leads_to")
    list_select_related = ("parent", "page")
    advice = _(
        "Sửa thứ tự và ô “hiện” ngay trong bảng rồi bấm Lưu; người đọc thấy ngay. Danh mục chính nên vừa một hàng "
        "trên máy tính: khoảng tám mục ngắn; nhiều hơn thì gom vào mục con."
    )
    fieldsets = (
        (None, {"fields": ("place", "title", "parent")}),
        (_("Dẫn tới (chỉ điền một ô)"), {"fields": ("path", "page", "url")}),
        (_("Hiện"), {"fields": ("order", "is_shown")}),
    )

    @admin.display(description=_("dẫn tới"))
    def leads_to(self, item):
        if item.page and not item.page.is_published:
            return _("%s (trang chưa đăng, mục chưa hiện)") % item.address
        return item.address


# Blocks ----------------------------------------------------------------------------------------------------------


class BlockForm(forms.ModelForm):
    class Meta:
        model = Block
        fields = (
            *("place", "kind", "title", "text", "links", "image", "address"),
            *("order", "is_shown", "shown_from", "shown_until"),
        )

    def clean_links(self):
        parse_links(self.cleaned_data["links"], most=MOST_LINKS)
        return self.cleaned_data["links"]

    def clean_text(self):
        if image_ids(self.cleaned_data["text"]):
            raise ValidationError(_("Khối chữ không chứa ảnh. Hãy xóa ảnh, hoặc dùng loại biểu ngữ."))
        return self.cleaned_data["text"]

    def clean_image(self):
        image = self.cleaned_data["image"]
        if image and not image.alt.strip():
            raise ValidationError(_("Ảnh này chưa có mô tả. Hãy viết mô tả trong thư viện ảnh trước."))
        return image

    def clean(self):
        cleaned = super().clean()
        check_years(self, "shown_from", "shown_until")
        needed = {
            Block.Kind.TEXT: (
                ("title", _("Khối chữ cần một tiêu đề.")),
                ("text", _("Hãy viết chữ của khối.")),
            ),
            Block.Kind.LINKS: (
                ("title", _("Khối liên kết cần một tiêu đề.")),
                ("links", _("Hãy viết ít nhất một liên kết.")),
            ),
            Block.Kind.BANNER: (("image", _("Biểu ngữ cần một ảnh.")),),
        }
        for name, words in needed.get(cleaned.get("kind"), ()):
            value = cleaned.get(name)
            is_empty = not plain_text(value) if name == "text" and value else not value
            if is_empty and name not in self.errors:
                self.add_error(name, words)
        start, end = cleaned.get("shown_from"), cleaned.get("shown_until")
        if start and end and end <= start:
            self.add_error("shown_until", _("Giờ kết thúc phải sau giờ bắt đầu."))
        return cleaned


@admin.register(Block)
class BlockAdmin(KeyedSearch, ArrangementAdmin):
    form = BlockForm
    list_display = ("name", "order", "is_shown", "kind", "place", "when")
    list_select_related = ("image",)
    autocomplete_fields = ("image",)
    advice = _(
        "Khối ở trang chủ hiện trong phần “Khối liên kết, biểu ngữ” (mục Bố cục trang chủ). Khối có giờ thì tự hiện và tự ẩn."
    )
    fieldsets = (
        (None, {"fields": ("place", "kind", "title")}),
        (_("Khối chữ"), {"fields": ("text",)}),
        (_("Danh sách liên kết"), {"fields": ("links",)}),
        (_("Biểu ngữ"), {"fields": ("image", "image_shown", "address")}),
        (_("Hiện (giờ Việt Nam)"), {"fields": ("order", "is_shown", "shown_from", "shown_until")}),
    )
    readonly_fields = ("image_shown",)

    class Media:
        js = NAMED_SEARCH

    changeform_view = method_decorator(csp_update(EDITOR_POLICY))(SavedAmongOthers.changeform_view)

    @admin.display(description=_("khối"), ordering="title")
    def name(self, block):
        return str(block)

    @admin.display(description=_("ảnh đang chọn"))
    def image_shown(self, block):
        if not block or not block.image:
            return _("Chưa có ảnh.")
        return format_html('<img src="{}" alt="{}" width="320">', block.image.url_small, block.image.alt)

    @admin.display(description=_("thời gian hiện"))
    def when(self, block):
        start = in_viet_nam(block.shown_from) if block.shown_from else ""
        end = in_viet_nam(block.shown_until) if block.shown_until else ""
        if start and end:
            return f"{start} – {end}"
        return (_("từ %s") % start if start else "") or (_("đến %s") % end if end else _("luôn hiện"))


# Home page -------------------------------------------------------------------------------------------------------


class HomeSectionForm(forms.ModelForm):
    class Meta:
        model = HomeSection
        fields = ("kind", "title", "many", "article_kind", "campaign", "topic", "order", "is_shown")

    def clean(self):
        cleaned = super().clean()
        given = [name for name in HomeSection.NARROWING if cleaned.get(name)]
        if given and cleaned.get("kind") != HomeSection.Kind.ARTICLES:
            self.add_error(given[0], _("Chỉ phần “Tin bài” mới chọn được loại, nội dung hay chủ đề."))
        for name in given[1:]:
            self.add_error(name, _("Chỉ chọn một: loại, nội dung kế hoạch hoặc chủ đề."))
        return cleaned


@admin.register(HomeSection)
class HomeSectionAdmin(ArrangementAdmin):
    form = HomeSectionForm
    list_display = ("name", "shows", "many", "order", "is_shown")
    list_select_related = ("campaign", "topic")
    list_editable = ("many", "order", "is_shown")
    advice = _(
        "Ba lối vào (hỏi thủ trưởng, phản ánh, tra cứu) luôn ở đầu trang. Các phần dưới đây hiện theo thứ tự, số nhỏ "
        "trước: sửa số, số mục và ô “hiện” ngay trong bảng rồi bấm Lưu; người đọc thấy ngay. “Câu trả lời mới” đứng "
        "liền với “Việc trả lời” thì hai phần nằm cạnh nhau."
    )
    fieldsets = (
        (None, {"fields": ("kind", "title", "many", "order", "is_shown")}),
        (
            _("Chỉ cho phần “Tin bài” (để trống: bài mới nhất)"),
            {"fields": HomeSection.NARROWING},
        ),
    )

    @admin.display(description=_("tiêu đề"))
    def name(self, section):
        return section.title or _("(tiêu đề có sẵn)")

    @admin.display(description=_("phần"), ordering="kind")
    def shows(self, section):
        narrowing = section.get_article_kind_display() or section.campaign or section.topic
        kind = section.get_kind_display()
        return f"{kind}: {narrowing}" if narrowing else kind


# Notices ---------------------------------------------------------------------------------------------------------


class SiteNoticeForm(forms.ModelForm):
    class Meta:
        model = SiteNotice
        fields = (
            *("kind", "text", "address", "starts_at", "ends_at"),
            *("down_from", "down_until", "is_urgent", "urgent_reason"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "down_from" in self.fields:
            first = arrangement.earliest_downtime(timezone.now())
            self.fields["down_from"].help_text = (
                _("Chỉ cho bảo trì: giờ cổng bắt đầu ngừng. Công bố ngay bây giờ thì sớm nhất là ngày %s.")
                % f"{first.day}/{first.month}/{first.year}"
            )

    def clean(self):
        cleaned = super().clean()
        check_years(self, "starts_at", "ends_at", "down_from", "down_until")
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("Giờ kết thúc phải sau giờ bắt đầu."))
        if cleaned.get("kind") == SiteNotice.Kind.MAINTENANCE:
            self._check_hours(cleaned)
            self._check_urgency(cleaned)
        else:
            self._refuse_downtime(cleaned)
        return cleaned

    def _refuse_downtime(self, cleaned):
        for name in ("down_from", "down_until", "is_urgent"):
            if cleaned.get(name):
                self.add_error(name, _("Chỉ dùng cho thông báo loại “Bảo trì theo kế hoạch”."))

    def _check_hours(self, cleaned):
        down, back, end = (cleaned.get(name) for name in ("down_from", "down_until", "ends_at"))
        for name, words in (
            ("down_from", _("Hãy chọn giờ cổng bắt đầu ngừng.")),
            ("down_until", _("Hãy chọn giờ dự kiến hoạt động trở lại.")),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        if down and back and back <= down:
            self.add_error("down_until", _("Giờ hoạt động trở lại phải sau giờ bắt đầu ngừng."))
        elif back and end and end < back:
            self.add_error("ends_at", _("Thông báo phải còn hiện đến khi cổng hoạt động trở lại."))

    def _check_urgency(self, cleaned):
        if cleaned.get("is_urgent"):
            if not (cleaned.get("urgent_reason") or "").strip() and "urgent_reason" not in self.errors:
                self.add_error("urgent_reason", _("Hãy ghi lý do không thể báo trước 7 ngày làm việc."))
            return
        down, start = cleaned.get("down_from"), cleaned.get("starts_at")
        settled = {"kind", "starts_at", "down_from", "is_urgent"}.isdisjoint(self.changed_data)
        if not down or not start or (self.instance.pk and settled):
            return  # what was announced in time stays so while a word is mended
        announced = max(start, timezone.now())
        if not arrangement.is_early_enough(down, announced):
            first = arrangement.earliest_downtime(announced)
            self.add_error(
                "down_from",
                _(
                    "Bảo trì theo kế hoạch phải báo trước ít nhất 7 ngày làm việc. Công bố lúc %(when)s thì cổng được "
                    "ngừng sớm nhất từ ngày %(first)s. Không chờ được thì chọn “bảo trì khẩn cấp” và ghi lý do."
                )
                % {"when": in_viet_nam(announced), "first": f"{first.day}/{first.month}/{first.year}"},
            )


@admin.register(SiteNotice)
class SiteNoticeAdmin(ArrangementAdmin):
    form = SiteNoticeForm
    list_display = ("text", "kind", "when", "starts_at", "ends_at", "down_from")
    list_filter = ("kind", "is_urgent")
    list_editable = ()
    search_fields = ("text",)
    date_hierarchy = "starts_at"
    advice = _("Thông báo hiện ở đầu mọi trang, từ giờ này đến giờ kia, tự hiện và tự hết.")
    fieldsets = (
        (None, {"fields": ("kind", "text", "address")}),
        (_("Thông báo hiện (giờ Việt Nam)"), {"fields": ("starts_at", "ends_at")}),
        (
            _("Bảo trì theo kế hoạch"),
            {
                "fields": ("down_from", "down_until", "is_urgent", "urgent_reason", "urgent_by"),
                "description": _("Báo trước ít nhất 7 ngày làm việc, kèm giờ hoạt động trở lại."),
            },
        ),
    )
    readonly_fields = ("urgent_by",)

    @admin.display(description=_("lúc này"))
    def when(self, notice):
        now = timezone.now()
        if notice.starts_at > now:
            return _("chưa đến giờ")
        return _("đang hiện") if notice.ends_at > now else _("đã hết giờ")

    def save_model(self, request, notice, form, change):
        if not notice.is_urgent:
            notice.urgent_by = None
        elif notice.urgent_by is None or {"is_urgent", "urgent_reason", "down_from"} & set(form.changed_data):
            notice.urgent_by = request.user
        super().save_model(request, notice, form, change)
