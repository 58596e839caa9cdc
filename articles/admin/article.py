from typing import ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.base import PieceAdmin, PieceForm
from articles.filters import QueueFilter
from articles.models import Article, Tag, Topic
from articles.models.article import tag_key
from parcai.lib.saving import SavedAmongOthers
from parcai.lib.widgets import CheckGrid

MOST_TAGS = 12


class TagsField(forms.CharField):
    """Tags as words with commas between; capitals and blanks make no second tag."""

    def clean(self, value):
        names = [" ".join(name.split()) for name in super().clean(value).split(",")]
        names = [name for name in names if tag_key(name)]
        if len(names) > MOST_TAGS:
            raise ValidationError(_("Nhiều nhất %d từ khóa.") % MOST_TAGS)
        if long := next((name for name in names if len(name) > 60), None):
            raise ValidationError(_("Từ khóa “%s…” quá dài: nhiều nhất 60 ký tự.") % long[:30])
        return names

    def prepare_value(self, value):
        if isinstance(value, list):
            return ", ".join(str(each) for each in value)
        return value

    def has_changed(self, initial, data):
        before = {tag.key for tag in initial or ()}
        return before != {tag_key(name) for name in (data or "").split(",") if tag_key(name)}


class ArticleForm(PieceForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "topics" in self.fields:
            self.fields["topics"].widget = CheckGrid(choices=self.fields["topics"].widget.choices)
            self.fields["topics"].help_text = ""
        if "tags" in self.fields:
            self.fields["tags"] = TagsField(
                label=_("Từ khóa"),
                required=False,
                help_text=_("Cách nhau bằng dấu phẩy: một cửa, căn cước, đất đai."),
                widget=forms.TextInput(attrs={"class": "vTextField"}),
            )

    def _save_m2m(self):
        if "tags" in self.cleaned_data:
            self.cleaned_data["tags"] = Tag.objects.named(self.cleaned_data["tags"])
        super()._save_m2m()


@admin.register(Article)
class ArticleAdmin(PieceAdmin):
    form = ArticleForm
    list_display = ("title", "state", "agency", "author")
    list_filter = (
        QueueFilter,
        "status",
        "kind",
        "campaigns",
        "topics",
        ("agency", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("agency", "author", "amends")
    search_fields = ("title", "summary")
    date_hierarchy = "publish_at"
    autocomplete_fields = ("cover", "files", "related")
    text: ClassVar = ("kind", "title", "summary", "body")
    place: ClassVar = ("agency", "campaigns", "topics", "tags")
    extras: ClassVar = ("cover", "cover_preview", "files", "related", "author_line", "sources")
    switches: ClassVar = ("has_rating", "has_share", "has_read_aloud")
    shown = (
        "kind",
        "title",
        "summary",
        "body_shown",
        "agency_name",
        "campaigns",
        "topics",
        "tags",
        "cover_preview",
        "files",
        "related",
        "author_line",
        "sources",
        *switches,
    )

    def parts(self, piece, *, locked):
        note = ("correction_note",) if piece and (piece.amends_id or piece.first_published_at) else ()
        if locked:
            return [(None, (*self.shown, *note))]
        return [
            (None, self.text),
            *([(_("Đính chính"), note)] if note else []),
            (_("Thuộc về"), tuple(name for name in self.place if name != "topics" or Topic.objects.exists())),
            (_("Ảnh, tệp và nguồn"), self.extras),
            (_("Người đọc được"), (self.switches,)),
        ]

    def get_readonly_fields(self, request, obj=None):
        note = ("correction_note",) if self.is_locked(request, obj) else ()
        return (*super().get_readonly_fields(request, obj), *note)

    def always_shown(self):
        return ("cover_preview",)

    @admin.display(description=_("ảnh bìa đang chọn"))
    def cover_preview(self, article):
        if not article or not article.cover:
            return _("Chưa có ảnh bìa.")
        return format_html('<img src="{}" alt="{}" width="320">', article.cover.url_small, article.cover.alt)


@admin.register(Topic)
class TopicAdmin(SavedAmongOthers, admin.ModelAdmin):
    list_display = ("name", "articles_of")
    search_fields = ("name",)

    @admin.display(description=_("số tin bài"))
    def articles_of(self, topic):
        return Article.objects.filter(topics=topic).count()

    def has_delete_permission(self, request, obj=None):
        if obj and Article.objects.filter(topics=obj).exists():
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        return {}
