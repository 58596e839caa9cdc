"""The library: what is uploaded once and shown in many places."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from articles import files, images
from articles.models import File, Image
from articles.services import APPROVE
from parcai.lib.saving import SavedAmongOthers


class ImageForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("Tệp ảnh"),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
        allow_empty_file=True,  # told in our own words
        error_messages={"required": _("Hãy chọn tệp ảnh.")},
    )

    class Meta:
        model = Image
        fields = ("alt", "credit")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = images.allowed()

    def clean_upload(self):
        return images.decode(self.cleaned_data["upload"])


class FileForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("Tệp"),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in File.Kind.values)}),
        allow_empty_file=True,
        error_messages={"required": _("Hãy chọn tệp.")},
    )

    class Meta:
        model = File
        fields = ("title",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = files.allowed()

    def clean_upload(self):
        return files.examine(self.cleaned_data["upload"])


class MediaAdmin(SavedAmongOthers, admin.ModelAdmin):
    """Uploaded once and never exchanged; leaves only when nothing shows it any more."""

    add_form: type[forms.ModelForm]
    library = images  # `keep` and `remove` of this module
    in_use = _("%(what)s đang dùng ở: %(where)s. Hãy gỡ khỏi các nơi này trước khi xóa.")
    list_per_page = 30

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **({"form": self.add_form} if obj is None else {}), **kwargs)

    def get_queryset(self, request):
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("uploaded_by").prefetch_related(*self._uses())

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_theirs(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_theirs(request, obj)

    def _is_theirs(self, request, row) -> bool:
        """An agency's own; but what the public has before its eyes is changed by the board alone."""
        if row is None or request.user.has_perm(APPROVE):
            return True
        public = self.model.objects.published().filter(pk=row.pk)
        return (
            self.model.objects.changeable_by(request.user).filter(pk=row.pk).exists() and not public.exists()
        )

    def _uses(self):
        """What shows the rows, without the long texts."""
        for name in (*self.model.SHOWN_IN, *self.model.SWITCHED_IN):
            shown_by = self.model._meta.get_field(name).related_model
            long = [
                field.name for field in shown_by._meta.concrete_fields if isinstance(field, models.TextField)
            ]
            yield models.Prefetch(name, shown_by._default_manager.defer(*long))

    @admin.display(description=_("đang dùng"))
    def uses(self, row):
        found = len(row.used_in())
        return _("%d nơi") % found if found else _("chưa dùng")

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.places = _places(row, request.user)
        return row

    @admin.display(description=_("đang dùng ở"))
    def where_used(self, row):
        if not row.places:
            return _("Chưa dùng ở đâu.")
        lines = [
            format_html('<li><a href="{}">{}</a> <span class="quiet">{}</span></li>', url, words, state)
            if url
            else format_html("<li>{}</li>", words)
            for words, url, state in row.places
        ]
        return format_html(
            '<ul class="uses">{}</ul>', format_html_join("", "{}", ((line,) for line in lines))
        )

    # Deleting: refused in words while in use, by whichever way it is asked -------------------------------------

    def get_deleted_objects(self, objs, request):
        """What Django asks before it deletes one or many."""
        _shown, _counts, missing, _protected = super().get_deleted_objects(objs, request)
        used = [self._used_words(each) for each in objs if each.used_in()]
        return [str(each) for each in objs], {self.opts.verbose_name: len(objs)}, missing, used

    def _used_words(self, row) -> str:
        return self.in_use % {"what": row, "where": "; ".join(sorted({str(each) for each in row.used_in()}))}

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row and self.has_delete_permission(request, row) and row.used_in():
            self.message_user(request, self._used_words(row), messages.ERROR)
            return HttpResponseRedirect(_address(row))
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:  # taken into use while this page was open
            self.message_user(request, error.messages[0], messages.ERROR)
            return HttpResponseRedirect(_address(row))

    def delete_model(self, request, obj):
        self.library.remove(obj)

    def delete_queryset(self, request, queryset):
        for each in queryset:
            try:
                self.library.remove(each)
            except ValidationError:
                self.message_user(request, self._used_words(each), messages.ERROR)

    # Adding -----------------------------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        words = {name: getattr(obj, name) for name in form._meta.fields if name != "upload"}
        stored = self.library.keep(form.cleaned_data["upload"], by=request.user, **words)
        for field in self.model._meta.concrete_fields:
            setattr(obj, field.attname, getattr(stored, field.attname))
        obj._state.adding = False


def _address(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _places(row, official) -> list[tuple[str, str, str]]:
    """What shows the row, as far as this official may know: words, address in the admin, state."""
    found, hidden = [], 0
    for each in sorted(row.used_in(), key=str):
        scoped = getattr(type(each).objects, "visible_to", None)
        if scoped and not scoped(official).filter(pk=each.pk).exists():
            hidden += 1
            continue
        name = each._meta.model_name
        may_open = any(official.has_perm(f"articles.{verb}_{name}") for verb in ("view", "change"))
        state = each.get_status_display() if hasattr(each, "get_status_display") else ""
        words = f"{capfirst(each._meta.verbose_name)}: {each}"
        found.append((words, _address(each) if may_open else "", state))
    if hidden:
        found.append((str(_("%d nội dung của cơ quan khác") % hidden), "", ""))
    return found


@admin.register(Image)
class ImageAdmin(MediaAdmin):
    add_form = ImageForm
    library = images
    list_display = ("thumbnail", "alt", "credit", "measures", "uses", "uploaded_at")
    list_display_links = ("thumbnail", "alt")
    search_fields = ("alt", "credit")

    def get_readonly_fields(self, request, obj=None):
        return ("thumbnail", "where_used", "measures", "uploaded_by", "uploaded_at") if obj else ()

    @admin.display(description=_("ảnh"))
    def thumbnail(self, image):
        return format_html('<img src="{}" alt="" width="160">', image.url_small) if image.widths else ""

    @admin.display(description=_("kích thước"))
    def measures(self, image):
        return f"{image.width} × {image.height}"


@admin.register(File)
class FileAdmin(MediaAdmin):
    add_form = FileForm
    library = files
    list_display = ("title", "kind", "weight", "uses", "uploaded_at")
    search_fields = ("title", "original_name", "ending", "sha256")

    def get_readonly_fields(self, request, obj=None):
        shown = ("download", "where_used", "kind", "weight", "sha256", "uploaded_by", "uploaded_at")
        return shown if obj else ()

    @admin.display(description=_("loại tệp"), ordering="ending")
    def kind(self, file):
        return file.get_ending_display()

    @admin.display(description=_("dung lượng"), ordering="size")
    def weight(self, file):
        return filesizeformat(file.size)

    @admin.display(description=_("tải về"))
    def download(self, file):
        return format_html('<a href="{}">{}</a>', file.get_absolute_url(), file.download_name)
