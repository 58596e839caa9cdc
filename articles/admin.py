from typing import ClassVar

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles import images, services
from articles.models import Article, Image
from parcai.lib.widgets import CheckGrid, DayAndHour

# The editor writes style attributes and one event handler of its own; only its page allows them.
EDITOR_POLICY = {"script-src-attr": [UNSAFE_INLINE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"]}


class ArticleForm(forms.ModelForm):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    decision_note = forms.CharField(
        label=_("Ý kiến hoặc lý do"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cần khi trả lại bài cho người soạn hoặc gỡ bài."),
    )

    class Meta:
        model = Article
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "campaigns" in self.fields:
            self.fields["campaigns"].widget = CheckGrid(choices=self.fields["campaigns"].widget.choices)
            self.fields["campaigns"].help_text = _("Bài hiện ở trang của các nội dung được chọn.")
        if "agency" in self.fields:
            self.fields["agency"].queryset = Agency.objects.current().order_by("name")
        self.fields["seen_version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            current = Article.objects.filter(pk=self.instance.pk).values_list("version", flat=True).first()
            if cleaned.get("seen_version") != current:
                raise ValidationError(
                    _(
                        "Trong lúc bạn soạn, bài đã được người khác lưu. Phần bạn gõ vẫn còn dưới đây: "
                        "hãy chép lại, mở bài ở thẻ mới và ghép hai bản."
                    ),
                    code="stale",
                )
        start, end = cleaned.get("publish_at"), cleaned.get("unpublish_at")
        if end and end <= (start or timezone.now()):
            self.add_error("unpublish_at", _("Giờ hết hạn phải sau giờ đăng."))
        return cleaned


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ("title", "kind", "state", "agency", "author", "publish_at")
    list_filter = ("status", "kind", "campaigns", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency", "author")
    search_fields = ("title", "summary")
    date_hierarchy = "publish_at"
    autocomplete_fields = ("cover",)
    formfield_overrides: ClassVar[dict] = {models.DateTimeField: {"widget": DayAndHour}}
    list_per_page = 50
    content = (
        "kind",
        "title",
        "summary",
        "body",
        "agency",
        "campaigns",
        "cover",
        "cover_preview",
        "author_line",
        "source_line",
    )
    hours = ("publish_at", "unpublish_at")
    record = ("state", "review_note", "withdrawn_reason", "author", "approved_by", "approved_at")
    steps: ClassVar[dict] = {
        "_submit_for_review": (services.submit, _("Đã gửi Ban Biên tập duyệt.")),
        "_approve": (services.approve, _("Đã duyệt.")),
        "_take_back": (services.take_back, _("Đã đưa bài về bản nháp.")),
        "_publish_in_emergency": (
            services.publish_in_emergency,
            _("Đã đăng khẩn cấp; bài đang chờ hậu kiểm."),
        ),
        "_review_afterwards": (services.review_afterwards, _("Đã hậu kiểm.")),
    }

    class Media:
        js = ("js/editor.js",)

    changeform_view = method_decorator(csp_update(EDITOR_POLICY))(admin.ModelAdmin.changeform_view)

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_fieldsets(self, request, obj=None):
        sets = [
            (None, {"fields": (*self.content, "seen_version")}),
            (_("Giờ đăng (giờ Việt Nam)"), {"fields": (self.hours,)}),
        ]
        if obj:
            sets.append((_("Duyệt"), {"fields": (*self.record, "decision_note")}))
        return sets

    def get_readonly_fields(self, request, obj=None):
        locked: tuple[str, ...] = (
            () if obj is None or obj.status == Article.Status.DRAFT else (*self.content, *self.hours)
        )
        if (
            obj
            and obj.status == Article.Status.IN_REVIEW
            and request.user.has_perm("articles.approve_article")
        ):
            locked = self.content  # the board chooses the hour when it approves
        return (*locked, "cover_preview", *self.record)

    @admin.display(description=_("ảnh bìa đang chọn"))
    def cover_preview(self, article):
        if not article or not article.cover:
            return _("Chưa có ảnh bìa.")
        return format_html('<img src="{}" alt="{}" width="320">', article.cover.url_small, article.cover.alt)

    @admin.display(description=_("trạng thái"), ordering="status")
    def state(self, article):
        if article.is_scheduled:
            hour = timezone.localtime(article.publish_at)
            return _("Sẽ đăng lúc %s giờ Việt Nam") % f"{hour:%H:%M} {hour.day}/{hour.month}/{hour.year}"
        if article.status == Article.Status.APPROVED and article.is_expired:
            return _("Lưu trữ (hết hạn)")
        if article.bypassed_at and not article.reviewed_at and article.status == Article.Status.APPROVED:
            return _("Đã đăng khẩn cấp, chờ hậu kiểm")
        return article.get_status_display()

    def has_delete_permission(self, request, obj=None):
        """Only what nobody has seen can be deleted; the rest is withdrawn."""
        if obj is None or obj.announced_at or obj.status != Article.Status.DRAFT:
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request, article, form, change):
        if not change:
            article.author = request.user
        else:
            article.version += 1
        if set(form.changed_data) & set(self.content):
            article.edited_by = request.user
        super().save_model(request, article, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        services.note_images(form.instance)

    def response_add(self, request, article, post_url_continue=None):
        return self._take_step(request, article) or super().response_add(request, article, post_url_continue)

    def response_change(self, request, article):
        return self._take_step(request, article) or super().response_change(request, article)

    def _take_step(self, request, article):
        note = request.POST.get("decision_note", "")
        try:
            if "_send_back" in request.POST:
                services.send_back(article, by=request.user, note=note)
                done = _("Đã trả bài cho người soạn kèm ý kiến.")
            elif "_withdraw" in request.POST:
                services.withdraw(article, by=request.user, reason=note)
                done = _("Đã gỡ bài; địa chỉ của bài hiện lý do.")
            else:
                name = next((name for name in self.steps if name in request.POST), None)
                if name is None:
                    return None
                step, done = self.steps[name]
                step(article, by=request.user)
        except services.StepError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["article_steps"] = self._steps_for(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _steps_for(self, request, article) -> list[tuple[str, str | Promise]]:
        """Buttons that fit the article's state and the official's role: (name, label)."""
        found: list[tuple[str, str | Promise]] = []
        if article is None or article.status == Article.Status.DRAFT:
            found.append(("_submit_for_review", _("Lưu và gửi duyệt")))
            if article and request.user.has_perm("articles.approve_article"):
                found.append(("_publish_in_emergency", _("Lưu và đăng khẩn cấp")))
            return found
        board = request.user.has_perm("articles.approve_article")
        mine = article.author_id == request.user.pk
        if article.status == Article.Status.IN_REVIEW:
            if board and request.user.pk not in (article.author_id, article.edited_by_id):
                found += [("_approve", _("Duyệt")), ("_send_back", _("Trả lại người soạn"))]
            if mine:
                found.append(("_take_back", _("Rút lại để sửa")))
        elif article.status == Article.Status.APPROVED and board:
            if article.bypassed_at and not article.reviewed_at and article.approved_by_id != request.user.pk:
                found.append(("_review_afterwards", _("Xác nhận hậu kiểm")))
            found += [("_withdraw", _("Gỡ bài")), ("_take_back", _("Đưa về nháp để sửa"))]
        elif article.status == Article.Status.WITHDRAWN and board:
            found.append(("_take_back", _("Đưa về nháp để sửa")))
        return found


class ImageForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("Tệp ảnh"),
        help_text=_("JPEG, PNG hoặc WebP, tối đa 10 MB. Vị trí chụp và dữ liệu ẩn được xóa."),
    )

    class Meta:
        model = Image
        fields = ("alt", "credit")

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        images.decode(upload)
        upload.seek(0)
        return upload


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    list_display = ("thumbnail", "alt", "credit", "width", "height", "uploaded_at")
    list_display_links = ("thumbnail", "alt")
    search_fields = ("alt", "credit")
    list_per_page = 30

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **({"form": ImageForm} if obj is None else {}), **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ("thumbnail", "where_used") if obj else ()

    @admin.display(description=_("ảnh"))
    def thumbnail(self, image):
        return format_html('<img src="{}" alt="" width="160">', image.url_small) if image.widths else ""

    @admin.display(description=_("đang dùng ở"))
    def where_used(self, image):
        titles = [
            *image.covers.values_list("title", flat=True),
            *image.articles.values_list("title", flat=True),
        ]
        return "; ".join(sorted(set(titles))) or _("chưa dùng")

    def has_delete_permission(self, request, obj=None):
        if obj and (obj.covers.exists() or obj.articles.exists()):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        return {}  # deleting goes one by one, where use is checked

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        stored = images.store(form.cleaned_data["upload"], alt=obj.alt, credit=obj.credit, by=request.user)
        for field in Image._meta.concrete_fields:
            setattr(obj, field.attname, getattr(stored, field.attname))
        obj._state.adding = False

    def delete_model(self, request, obj):
        images.remove(obj)
