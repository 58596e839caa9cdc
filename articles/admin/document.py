from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from articles import services
from articles.admin.base import PieceAdmin, PieceForm, check_years
from articles.filters import ForceFilter, QueueFilter
from articles.models import Document, DocumentType
from parcai.lib.saving import SavedAmongOthers

FIRST_ISSUED = 1945  # the year in which the State's first documents were issued
LONGEST_TERM = 100  # years ahead


class DocumentForm(PieceForm):
    def clean(self):
        cleaned = super().clean()
        self._check_issuer(cleaned)
        self._check_days(cleaned)
        self._check_end(cleaned)
        replaced = cleaned.get("replaces")
        if replaced and self.instance.closes_a_circle([row.pk for row in replaced]):
            self.add_error(
                "replaces", _("Một văn bản ở đây lại thay thế chính văn bản này. Hãy bỏ văn bản đó.")
            )
        return cleaned

    def _check_issuer(self, cleaned):
        agency, issuer = cleaned.get("agency"), cleaned.get("issuer")
        if "agency" in self.fields and not self.errors.get("agency") and bool(agency) == bool(issuer):
            words = (
                _("Chọn cơ quan trong danh mục hoặc viết tên cơ quan khác, không cả hai.")
                if agency
                else _("Chọn cơ quan ban hành, hoặc viết tên cơ quan ở ô bên dưới.")
            )
            self.add_error("issuer" if agency else "agency", words)

    def _check_days(self, cleaned):
        check_years(self, "issued_on", first=FIRST_ISSUED, ahead=1)
        check_years(self, "effective_on", "expires_on", "ended_on", first=FIRST_ISSUED, ahead=LONGEST_TERM)
        issued, begins, ends = (cleaned.get(name) for name in ("issued_on", "effective_on", "expires_on"))
        if ends and ((begins and ends < begins) or (issued and ends < issued)):
            self.add_error("expires_on", _("Ngày hết hiệu lực phải sau ngày ban hành và ngày có hiệu lực."))
        ended = cleaned.get("ended_on")
        if ended and issued and ended < issued:
            self.add_error("ended_on", _("Ngày bãi bỏ không thể trước ngày ban hành."))

    def _check_end(self, cleaned):
        ended, ground = cleaned.get("ended_on"), cleaned.get("end_ground")
        if ended and not ground:
            self.add_error("end_ground", _("Ghi văn bản nào bãi bỏ, điều khoản nào."))
        elif ground and not ended:
            self.add_error("ended_on", _("Ghi ngày bị bãi bỏ."))

    def _post_clean(self):
        super()._post_clean()  # type: ignore[misc]
        if "number" in self.fields and not self.errors:
            twin = self.instance.twin_in_words(self.official) if not self.instance.amends_id else ""
            if twin:
                self.add_error("number", twin)


@admin.register(Document)
class DocumentAdmin(PieceAdmin):
    form = DocumentForm
    list_display = ("number", "title", "issued_on", "force_shown", "state")
    list_filter = (
        QueueFilter,
        "status",
        ForceFilter,
        ("kind", admin.RelatedOnlyFieldListFilter),
        "campaigns",
        ("agency", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("agency", "kind", "author", "amends")
    search_fields = ("title", "number")
    date_hierarchy = "issued_on"
    autocomplete_fields = ("files", "replaces")
    # A document exists once: there is nothing to copy.
    steps: ClassVar[dict] = {name: step for name, step in PieceAdmin.steps.items() if name != "_copy"}
    what: ClassVar = (
        "kind",
        "number",
        "title",
        "summary",
        ("agency", "issuer"),
        ("signer_name", "signer_title"),
    )
    days: ClassVar = (
        ("issued_on", "effective_on", "expires_on"),
        "replaces",
        "partly_note",
        ("ended_on", "end_ground"),
    )
    place: ClassVar = ("files", "campaigns")
    shown = (
        "kind", "number", "title", "summary", "issuer_shown", "signer_name", "signer_title", "issued_on",
        "effective_on", "expires_on", "replaces", "partly_note", "ended_on", "end_ground", "force_shown", "files",
        "campaigns",
    )  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_force()

    def parts(self, piece, *, locked):
        if locked:
            return [(None, self.shown)]
        return [
            (None, self.what),
            (_("Ngày và hiệu lực"), self.days),
            (_("Tệp và nội dung kế hoạch"), self.place),
        ]

    def always_shown(self):
        return ("issuer_shown", "force_shown")

    @admin.display(description=_("cơ quan ban hành"))
    def issuer_shown(self, document):
        return document.issuer_name

    @admin.display(description=_("hiệu lực hôm nay"))
    def force_shown(self, document):
        if not document.pk:
            return ""
        words = document.force.label
        return _("%s (có hiệu lực trước ngày ban hành)") % words if document.is_retroactive else words

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.is_retroactive and {"issued_on", "effective_on"} & set(form.changed_data):
            words = _(
                "Ngày có hiệu lực đứng trước ngày ban hành. Luật chỉ cho phép như vậy trong trường hợp đặc biệt: hãy "
                "đối chiếu hai ngày với văn bản. Nếu đúng thì không cần sửa gì."
            )
            self.message_user(request, words, messages.WARNING)

    def get_search_results(self, request, queryset, search_term):
        """A number in any writing finds its document."""
        rows = self.offered(request, queryset)
        return (rows.holding(search_term) if search_term.strip() else rows), False

    def steps_for(self, request, piece):
        return [step for step in super().steps_for(request, piece) if step[0] != "_copy"]


@admin.register(DocumentType)
class DocumentTypeAdmin(SavedAmongOthers, admin.ModelAdmin):
    list_display = ("name", "place")
    search_fields = ("name",)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "place" in form.base_fields:
            form.base_fields["place"] = forms.IntegerField(
                label=_("Thứ tự"), min_value=0, max_value=999, initial=100,
                help_text=_("Số nhỏ đứng trước trong danh sách chọn."),
            )  # fmt: skip
        return form

    def save_model(self, request, kind, form, change):
        super().save_model(request, kind, form, change)
        if change and "name" in form.changed_data:
            services.read_kind_again(kind)

    def has_delete_permission(self, request, obj=None):
        if obj and obj.documents.exists():
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        return {}
