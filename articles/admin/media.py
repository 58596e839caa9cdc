from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles import images
from articles.models import File, Image


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
        return "; ".join(sorted({str(each) for each in image.used_in()})) or _("chưa dùng")

    def has_delete_permission(self, request, obj=None):
        if obj and obj.used_in():
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


@admin.register(File)
class FileAdmin(admin.ModelAdmin):
    list_display = ("title", "original_name", "ending", "size", "uploaded_at")
    search_fields = ("title", "original_name")
