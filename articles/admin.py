from typing import ClassVar

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles import images, services
from articles.filters import QueueFilter
from articles.models import Article, Image
from parcai.lib import html
from parcai.lib.widgets import EDITOR_POLICY, CheckGrid, DayAndHour, SearchSelect


def in_viet_nam(moment) -> str:
    hour = timezone.localtime(moment)
    return f"{hour:%H:%M} {hour.day}/{hour.month}/{hour.year}"


class NoteField(forms.CharField):
    """Words for a step; they are no change of the article."""

    def has_changed(self, initial, data):
        return False


class ArticleForm(forms.ModelForm):
    seen_version = forms.IntegerField(label=_("lần lưu đã thấy"), widget=forms.HiddenInput)
    decision_note = NoteField(
        label=_("Ý kiến hoặc lý do"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cần khi trả lại, gỡ hoặc đăng khẩn cấp. Lý do gỡ hiện cho người đọc."),
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
            self.fields["agency"].widget = SearchSelect()
            today = Q(pk__in=Agency.objects.current()) | Q(pk=self.instance.agency_id)
            self.fields["agency"].queryset = Agency.objects.filter(today).order_by("name")
        self.fields["seen_version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean()
        # The row is locked since the admin read it: nobody else saves between this look and our saving.
        if self.instance.pk and cleaned.get("seen_version") != self.instance.version:
            raise ValidationError(
                _(
                    "Trong lúc bạn soạn, bài đã được người khác lưu hoặc chuyển bước. Phần bạn gõ vẫn còn dưới đây: "
                    "hãy chép lại, mở bài ở thẻ mới và ghép hai bản."
                ),
                code="stale",
            )
        start, end, now = cleaned.get("publish_at"), cleaned.get("unpublish_at"), timezone.now()
        if end and end <= now:
            self.add_error("unpublish_at", _("Giờ hết hạn đã qua. Hãy chọn giờ sau lúc này hoặc để trống."))
        elif end and start and end <= start:
            self.add_error("unpublish_at", _("Giờ hết hạn phải sau giờ đăng."))
        return cleaned


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ("title", "state", "agency", "author")
    list_filter = (QueueFilter, "status", "kind", "campaigns", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency", "author")
    search_fields = ("title", "summary")
    date_hierarchy = "publish_at"
    autocomplete_fields = ("cover",)
    formfield_overrides: ClassVar[dict] = {models.DateTimeField: {"widget": DayAndHour}}
    list_per_page = 50
    view_on_site = False  # the form has one link of its own, in words that fit the state
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
    shown = (
        "kind",
        "title",
        "summary",
        "body_shown",
        "agency_name",
        "campaigns",
        "cover_preview",
        "author_line",
        "source_line",
    )
    hours = ("publish_at", "unpublish_at")
    steps: ClassVar[dict] = {
        "_submit_for_review": (services.submit, _("Đã gửi Ban Biên tập duyệt.")),
        "_approve": (services.approve, _("Đã duyệt.")),
        "_take_back": (services.take_back, _("Đã đưa bài về bản nháp.")),
        "_review_afterwards": (services.review_afterwards, _("Đã hậu kiểm.")),
    }

    changeform_view = method_decorator(csp_update(EDITOR_POLICY))(admin.ModelAdmin.changeform_view)

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        """The article; for a change it is locked first, so that of two who save at once the second sees the first."""
        article = super().get_object(request, object_id, from_field)
        if article and request.method == "POST" and transaction.get_connection().in_atomic_block:
            return Article.objects.select_for_update().filter(pk=article.pk).first()
        return article

    def get_changeform_initial_data(self, request):
        return {"agency": request.user.agency_id, **super().get_changeform_initial_data(request)}

    def _is_locked(self, request, article) -> bool:
        if article is None:
            return False
        return article.status != Article.Status.DRAFT or not self.has_change_permission(request, article)

    def get_fieldsets(self, request, obj=None):
        content = self.shown if self._is_locked(request, obj) else self.content
        may_change = obj is None or self.has_change_permission(request, obj)
        sets = [
            (None, {"fields": (*content, "seen_version") if may_change else content}),
            (_("Giờ đăng (giờ Việt Nam)"), {"fields": (self.hours,)}),
        ]
        if obj:
            note = ("decision_note",) if self._takes_note(request, obj) else ()
            sets.append((_("Duyệt"), {"fields": (*self._record(obj), *note)}))
        return sets

    def _record(self, article) -> tuple[str, ...]:
        """What has been decided about the article so far, without empty lines."""
        rows = {
            "state": True,
            "author_name": True,
            "editor_names": article.editors.exists(),
            "review_note": article.review_note,
            "approval": article.approved_by_id,
            "first_published_at": article.first_published_at,
            "emergency": article.bypassed_at,
            "withdrawal": article.withdrawn_at,
        }
        return tuple(name for name, is_shown in rows.items() if is_shown)

    def _takes_note(self, request, article) -> bool:
        offered = {name for name, _label in self._steps_for(request, article)}
        return bool(offered & {"_send_back", "_withdraw", "_publish_in_emergency"})

    def get_readonly_fields(self, request, obj=None):
        always = ("cover_preview", *(self._record(obj) if obj else ()))
        if not self._is_locked(request, obj):
            return always
        chooses_hour = obj.status == Article.Status.IN_REVIEW and request.user.has_perm(
            "articles.approve_article"
        )
        return (*self.shown, *always, *(() if chooses_hour else self.hours))

    @admin.display(description=_("nội dung"))
    def body_shown(self, article):
        return format_html('<div class="rich">{}</div>', html.show(article.body))

    @admin.display(description=_("cơ quan"))
    def agency_name(self, article):
        return str(article.agency)

    @admin.display(description=_("người soạn"))
    def author_name(self, article):
        return str(article.author)

    @admin.display(description=_("người đã sửa từ lần duyệt trước"))
    def editor_names(self, article):
        return ", ".join(str(editor) for editor in article.editors.all())

    @admin.display(description=_("duyệt"))
    def approval(self, article):
        return _("%(who)s, lúc %(when)s") % {
            "who": article.approved_by,
            "when": in_viet_nam(article.approved_at),
        }

    @admin.display(description=_("đăng khẩn cấp"))
    def emergency(self, article):
        return _("%(who)s, lúc %(when)s (%(reviewed)s). Lý do: %(why)s") % {
            "who": article.bypassed_by,
            "when": in_viet_nam(article.bypassed_at),
            "reviewed": _("chờ hậu kiểm") if article.awaits_review else _("đã hậu kiểm"),
            "why": article.bypass_reason,
        }

    @admin.display(description=_("lần gỡ gần nhất"))
    def withdrawal(self, article):
        return _("%(who)s, lúc %(when)s. Lý do: %(why)s") % {
            "who": article.withdrawn_by,
            "when": in_viet_nam(article.withdrawn_at),
            "why": article.withdrawn_reason,
        }

    @admin.display(description=_("ảnh bìa đang chọn"))
    def cover_preview(self, article):
        if not article or not article.cover:
            return _("Chưa có ảnh bìa.")
        return format_html('<img src="{}" alt="{}" width="320">', article.cover.url_small, article.cover.alt)

    @admin.display(description=_("trạng thái"), ordering="publish_at")
    def state(self, article):
        words: str | Promise
        if article.is_scheduled:
            words = _("Sẽ đăng lúc %s giờ Việt Nam") % in_viet_nam(article.publish_at)
        elif article.is_archived:
            words = _("Lưu trữ (hết hạn)")
        elif article.is_published:
            words = _("Đang đăng từ %s") % in_viet_nam(article.publish_at)
        else:
            words = article.get_status_display()
        return _("%s; đăng khẩn cấp, chờ hậu kiểm") % words if article.awaits_review else words

    def has_delete_permission(self, request, obj=None):
        """Only what the public never read can be deleted; the rest is withdrawn."""
        if obj is None or obj.was_public or obj.status != Article.Status.DRAFT:
            return False
        return super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        """Only the articles themselves: the rows that tie them to campaigns and pictures say nothing to a person."""
        _shown, _counts, missing, protected = super().get_deleted_objects(objs, request)
        return [str(each) for each in objs], {_("tin bài"): len(objs)}, missing, protected

    def save_model(self, request, article, form, change):
        if not change:
            article.author = request.user
        else:
            article.version += 1
        if change and self._text_changed(form):
            article.edited_at = timezone.now()
        super().save_model(request, article, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        article = form.instance
        if change and self._text_changed(form) and article.author_id != request.user.pk:
            article.editors.add(request.user)
        services.note_images(article)

    def _text_changed(self, form) -> bool:
        return not set(form.changed_data).isdisjoint(self.content)

    def log_change(self, request, obj, message):
        """A step writes its own line of history; "nothing changed" beside it would only be noise."""
        return super().log_change(request, obj, message) if message else None

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
                done = (
                    _("Đã gỡ bài; địa chỉ của bài hiện lý do.")
                    if article.was_public
                    else _("Đã gỡ bài trước giờ đăng; người đọc chưa từng thấy bài.")
                )
            elif "_publish_in_emergency" in request.POST:
                services.publish_in_emergency(article, by=request.user, reason=note)
                done = _("Đã đăng khẩn cấp; bài đang chờ hậu kiểm.")
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
        if self._is_locked(request, obj):
            context |= {
                "show_save": False,
                "show_save_and_continue": False,
                "show_save_and_add_another": False,
                "kept_words": self._kept_words(request, context["adminform"].form),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _kept_words(self, request, form) -> list[dict]:
        """What was typed into a form that was locked meanwhile: it has no field any more that would show it."""
        found = []
        for name in ("title", "summary", "body", "author_line", "source_line"):
            if name not in form.fields and (typed := request.POST.get(name, "").strip()):
                label = Article._meta.get_field(name).verbose_name
                found.append({"label": label, "text": typed, "is_rich": name == "body"})
        return found

    def _steps_for(self, request, article) -> list[tuple[str, str | Promise]]:
        """Buttons that fit the article's state and the official's role: (name, label)."""
        if article is None:
            return [("_submit_for_review", _("Lưu và gửi duyệt"))]
        if not self.has_change_permission(request, article):
            return []
        found: list[tuple[str, str | Promise]] = []
        board = request.user.has_perm("articles.approve_article")
        is_mine = article.author_id == request.user.pk
        is_edited = is_mine or article.editors.filter(pk=request.user.pk).exists()
        if article.status == Article.Status.DRAFT:
            found.append(("_submit_for_review", _("Lưu và gửi duyệt")))
            if board:
                found.append(("_publish_in_emergency", _("Lưu và đăng khẩn cấp")))
        elif article.status == Article.Status.IN_REVIEW:
            if board and not is_edited:
                found.append(("_approve", _("Duyệt")))
            if board and not is_mine:
                found.append(("_send_back", _("Trả lại người soạn")))
            if is_mine:
                found.append(("_take_back", _("Rút lại để sửa")))
        elif board:
            if article.status == Article.Status.APPROVED:
                found.append(("_withdraw", _("Gỡ bài")))
            found.append(("_take_back", _("Đưa về nháp để sửa")))
        if board and article.awaits_review and not is_mine and article.bypassed_by_id != request.user.pk:
            found.append(("_review_afterwards", _("Xác nhận hậu kiểm")))
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
