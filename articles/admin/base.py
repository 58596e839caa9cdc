"""The admin of everything the board publishes: one form, one set of steps, one way of keeping what was typed."""

import uuid
from typing import ClassVar

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.defaultfilters import linebreaksbr
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles import citations, content, desk_tools, services
from articles.admin.bulk import BulkSteps
from articles.admin.side_pages import SidePages
from articles.models import Merged
from parcai.lib import html
from parcai.lib.fields import RichTextField
from parcai.lib.saving import SavedAmongOthers
from parcai.lib.widgets import EDITOR_POLICY, CheckGrid, DayAndHour, KeyedSearch, SearchSelect


def in_viet_nam(moment) -> str:
    hour = timezone.localtime(moment)
    return f"{hour:%H:%M} {hour.day}/{hour.month}/{hour.year}"


FIRST_YEAR, YEARS_AHEAD = 2020, 5


def check_years(form, *names: str, first: int = FIRST_YEAR, ahead: int = YEARS_AHEAD) -> None:
    """A year mistyped by a digit is no year anybody means."""
    last = timezone.localdate().year + ahead
    for name in names:
        moment = form.cleaned_data.get(name)
        if moment and not first <= moment.year <= last:
            words = _("Hãy chọn ngày từ năm %(first)d đến năm %(last)d.")
            form.add_error(name, words % {"first": first, "last": last})


class WordsField(forms.CharField):
    """Words for a step; they are no change of the piece."""

    def has_changed(self, initial, data):
        return False


class DayField(forms.DateField):
    """A day for a step; it is no change of the piece."""

    def has_changed(self, initial, data):
        return False


class PieceForm(forms.ModelForm):
    seen_version = forms.IntegerField(label=_("lần lưu đã thấy"), widget=forms.HiddenInput)
    form_key = WordsField(required=False, widget=forms.HiddenInput)  # tells forms of new pieces apart
    decision_note = WordsField(
        label=_("Ý kiến hoặc lý do"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cần khi trả lại, gỡ hoặc đăng khẩn cấp. Lý do gỡ hiện cho người đọc."),
    )
    comment = WordsField(
        label=_("Viết cho người cùng làm bài"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": services.MOST_COMMENT}),
        help_text=_("Người đọc không thấy. Người soạn và người duyệt nhận thông báo."),
    )
    next_review_on = DayField(
        label=_("Ngày xem lại tiếp theo"),
        required=False,
        widget=admin.widgets.AdminDateWidget,
        error_messages={"invalid": _("Viết ngày như 15/5/2026.")},
    )
    picks: ClassVar = (
        "cover",
        "poster",
        "files",
        "related",
        "replaces",
    )  # what is chosen among rows with a scope
    official: ClassVar = None  # set by the admin: who fills the form
    autosaved: ClassVar = None  # set by the admin when the official asks for what was kept while typing

    class Meta:
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "campaigns" in self.fields:
            self.fields["campaigns"].widget = CheckGrid(choices=self.fields["campaigns"].widget.choices)
            self.fields["campaigns"].help_text = _("Hiện ở trang của các nội dung được chọn.")
        if "agency" in self.fields:
            self.fields["agency"].widget = SearchSelect()
            today = Q(pk__in=Agency.objects.current())
            if self.official and self.official.agency_id and not self.official.has_perm(services.APPROVE):
                today &= Q(pk__in=self.official.agency_scope)  # an editor writes for their own agency
            known = today | Q(pk=self.instance.agency_id)
            self.fields["agency"].queryset = Agency.objects.filter(known).order_by("name")
        self.beyond = {name: self._narrow_to_known(name) for name in self.picks if name in self.fields}
        self.fields["seen_version"].initial = self.instance.version
        if self.instance.pk:
            del self.fields["form_key"]
        else:
            self.fields["form_key"].initial = uuid.uuid4().hex
        if self.autosaved is not None and not self.is_bound:
            for name, field in self.fields.items():
                value = field.widget.value_from_datadict(self.autosaved, {}, name)
                if isinstance(field, forms.ModelChoiceField):
                    try:  # a relation that no longer exists, or never did, is left as the piece has it
                        field.clean(value)
                    except ValidationError:
                        continue
                self.initial[name] = value

    def _narrow_to_known(self, name: str) -> list:
        """Offer only what the official may know of. Returns what others chose beyond that: it stays, unseen."""
        model, about = self.fields[name].queryset.model, self._meta.model._meta.get_field(name)
        known = model.objects.known_to(self.official)
        if model is self._meta.model:  # nothing is related to itself
            known = known.exclude(pk__in=[pk for pk in (self.instance.pk, self.instance.amends_id) if pk])
        if not about.many_to_many:
            now = getattr(self.instance, about.attname)
            self.fields[name].queryset = model.objects.filter(
                Q(pk__in=known.order_by().values("pk")) | Q(pk=now)
            )
            return []
        self.fields[name].queryset = known
        if not self.instance.pk:
            return []
        chosen = getattr(self.instance, name).all()
        seen = list(chosen.filter(pk__in=known.order_by().values("pk")))
        self.initial[name] = seen
        return [each for each in chosen if each not in seen]

    def _save_m2m(self):
        for name, rows in self.beyond.items():
            if rows:
                self.cleaned_data[name] = [*self.cleaned_data[name], *rows]
        super()._save_m2m()  # type: ignore[misc]

    def _has_typed(self, cleaned) -> bool:
        """Whether the official would lose anything; a form that is locked by now gets what was typed all the same."""
        typed = {name for name in self.instance.CONTENT if name not in self.fields and self.data.get(name)}
        return bool({*self.changed_data, *typed} - {"seen_version"}) or any(
            cleaned.get(name) for name in ("decision_note", "comment")
        )

    def clean(self):
        cleaned = super().clean()
        # The row is locked since the admin read it: nobody else saves between this look and our saving.
        if self.instance.pk and cleaned.get("seen_version") != self.instance.version:
            raise ValidationError(
                _(
                    "Trong lúc bạn soạn, %(what)s đã được người khác lưu hoặc chuyển bước. Phần bạn gõ vẫn còn dưới "
                    "đây: hãy chép lại, mở %(what)s ở thẻ mới và ghép hai bản."
                )
                % {"what": self.instance.WORD}
                if self._has_typed(cleaned)
                else _(
                    "Trong lúc bạn xem, %(what)s đã được người khác lưu hoặc chuyển bước. Hãy mở lại trang, đọc bản "
                    "mới rồi quyết định."
                )
                % {"what": self.instance.WORD},
                code="stale",
            )
        check_years(self, "publish_at", "unpublish_at", "review_on")
        start, end, now = cleaned.get("publish_at"), cleaned.get("unpublish_at"), timezone.now()
        if self.instance.amends_id:
            start = self.instance.amends.publish_at
        if end and end <= now:
            self.add_error("unpublish_at", _("Giờ hết hạn đã qua. Hãy chọn giờ sau lúc này hoặc để trống."))
        elif end and start and end <= start:
            self.add_error("unpublish_at", _("Giờ hết hạn phải sau giờ đăng."))
        if (
            "review_on" in self.changed_data
            and (day := cleaned.get("review_on"))
            and day <= timezone.localdate()
        ):
            self.add_error("review_on", _("Ngày xem lại phải sau hôm nay."))
        return cleaned


class PieceAdmin(SavedAmongOthers, KeyedSearch, BulkSteps, SidePages):
    """What a kind of piece adds: `content` and `shown` (its fields while a draft and while locked)."""

    form = PieceForm
    change_form_template = "admin/articles/piece/change_form.html"
    list_display: tuple[str, ...] = ("__str__", "state", "author")
    list_select_related: ClassVar[tuple[str, ...]] = ("author", "amends")
    formfield_overrides: ClassVar[dict] = {models.DateTimeField: {"widget": DayAndHour}}
    list_per_page = 50
    view_on_site = False  # the form has one link of its own, in words that fit the state
    content: ClassVar[tuple] = ()
    shown: ClassVar[tuple] = ()
    hours: ClassVar[tuple] = ("publish_at", "unpublish_at")
    steps: ClassVar[dict] = {
        "_submit_for_review": (services.submit, _("Đã gửi Ban Biên tập duyệt.")),
        "_approve": (services.approve, _("Đã duyệt.")),
        "_take_back": (services.take_back, _("Đã đưa bài về bản nháp.")),
        "_confirm_citations": (services.confirm_citations, _("Đã ghi nhận: lời dẫn văn bản còn đúng.")),
        "_review_afterwards": (services.review_afterwards, _("Đã hậu kiểm.")),
        "_amend": (
            services.amend,
            _("Đây là bản sửa; người đọc vẫn đọc bản đang đăng cho đến khi bản này được duyệt."),
        ),
        "_copy": (services.copy, _("Đã chép thành bài mới.")),
    }

    class Media:
        js = ("js/editing.js",)

    changeform_view = method_decorator(csp_update(EDITOR_POLICY))(SavedAmongOthers.changeform_view)

    # Which rows, which fields -----------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        """The piece; for a change it is locked first, so that of two who save at once the second sees the first."""
        piece = super().get_object(request, object_id, from_field)
        if piece and request.method == "POST" and transaction.get_connection().in_atomic_block:
            return self.model.objects.select_for_update().filter(pk=piece.pk).first()
        return piece

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """A message may still lead to the draft of a change that is part of the piece now."""
        kind = ContentType.objects.get_for_model(self.model)
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 18 else 0
        merged = Merged.objects.filter(content_type=kind, object_id=number).first()
        if merged is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        self.message_user(request, _("Bản sửa này đã được duyệt; bạn đang xem %s gốc.") % self.model.WORD)
        return HttpResponseRedirect(reverse(f"admin:articles_{opts.model_name}_change", args=[merged.into]))

    def get_changeform_initial_data(self, request):
        return {"agency": request.user.agency_id, **super().get_changeform_initial_data(request)}

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        asked = "nhap" in request.GET and not self.is_locked(request, obj)
        key = request.GET.get("nhap", "")
        kept = desk_tools.autosaved(self.model, obj, by=request.user, key=key) if asked else None
        about = {"official": request.user, "autosaved": kept.typed if kept else None}
        return type(form.__name__, (form,), about)

    def offered(self, request, queryset):
        """Where a form picks pieces by typing, the very rows it accepts; in the list, those of the list."""
        is_picking = request.path == reverse("admin:autocomplete")
        return self.model.objects.known_to(request.user) if is_picking else queryset

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, self.offered(request, queryset), search_term)

    def is_locked(self, request, piece) -> bool:
        if piece is None:
            return False
        return piece.status != self.model.Status.DRAFT or not self.has_change_permission(request, piece)

    def get_fieldsets(self, request, obj=None):
        locked = self.is_locked(request, obj)
        may_change = obj is None or self.has_change_permission(request, obj)
        parts = self.parts(obj, locked=locked)
        if locked:
            parts = [
                (name, tuple(each for each in fields if self._says(obj, each))) for name, fields in parts
            ]
        sets = [(name, {"fields": fields}) for name, fields in parts]
        if may_change:
            hidden = ("seen_version",) if obj else ("seen_version", "form_key")
            sets[0][1]["fields"] = (*sets[0][1]["fields"], *hidden)
        hours = self.hours if obj is None or obj.amends_id is None else self.hours[1:]
        sets.append((_("Giờ đăng (giờ Việt Nam)"), {"fields": (*hours, "review_on")}))
        if obj:
            note = ("decision_note",) if self._takes_note(request, obj) else ()
            day = ("next_review_on",) if obj.is_stale and may_change else ()
            sets.append((_("Duyệt"), {"fields": (*self._record(obj), *note, *day)}))
            talk = ("talk", "comment") if may_change else ("talk",)
            sets.append((_("Trao đổi"), {"fields": talk}))
        return sets

    def _says(self, piece, name: str) -> bool:
        """Whether a locked form has anything to show there; empty lines only make it longer."""
        if name not in {field.name for field in self.opts.get_fields()}:
            return True
        value = getattr(piece, name)
        return value.exists() if hasattr(value, "exists") else value not in (None, "")

    def parts(self, piece, *, locked: bool) -> list[tuple]:
        """The form's parts: (heading, fields); the first one takes the hidden fields too."""
        return [(None, self.shown if locked else self.content)]

    def _record(self, piece) -> tuple[str, ...]:
        """What has been decided so far, without empty lines."""
        rows = {
            "state": True,
            "amended": piece.amends_id,
            "author_name": True,
            "editor_names": piece.editors.exists(),
            "review_note": piece.review_note,
            "approval": piece.approved_by_id,
            "first_published_at": piece.first_published_at,
            "emergency": piece.bypassed_at,
            "withdrawal": piece.withdrawn_at,
        }
        return tuple(name for name, is_shown in rows.items() if is_shown)

    def _takes_note(self, request, piece) -> bool:
        offered = {name for name, _label in self.steps_for(request, piece)}
        return bool(offered & {"_send_back", "_withdraw", "_publish_in_emergency"})

    def get_readonly_fields(self, request, obj=None):
        always = (*self._record(obj), "talk") if obj else ()
        if not self.is_locked(request, obj):
            return (*self.always_shown(), *always)
        board = request.user.has_perm(services.APPROVE)
        chooses_hour = obj.status == self.model.Status.IN_REVIEW and board
        hours = () if chooses_hour else (*self.hours, "review_on")
        return (*self.shown, *self.always_shown(), *always, *hours)

    def always_shown(self) -> tuple:
        """Read-only fields of the form in every state."""
        return ()

    # What the form shows ----------------------------------------------------------------------------------------

    @admin.display(description=_("nội dung"))
    def body_shown(self, piece):
        return format_html('<div class="rich">{}</div>', html.show(piece.body))

    @admin.display(description=_("cơ quan"))
    def agency_name(self, piece):
        return str(piece.agency)

    @admin.display(description=_("người soạn"))
    def author_name(self, piece):
        return str(piece.author)

    @admin.display(description=_("là bản sửa của"))
    def amended(self, piece):
        return format_html('<a href="{}">{}</a>', self.address(piece.amends), piece.amends)

    @admin.display(description=_("người đã sửa từ lần duyệt trước"))
    def editor_names(self, piece):
        return ", ".join(str(editor) for editor in piece.editors.all())

    @admin.display(description=_("duyệt"))
    def approval(self, piece):
        return _("%(who)s, lúc %(when)s") % {"who": piece.approved_by, "when": in_viet_nam(piece.approved_at)}

    @admin.display(description=_("đăng khẩn cấp"))
    def emergency(self, piece):
        return _("%(who)s, lúc %(when)s (%(reviewed)s). Lý do: %(why)s") % {
            "who": piece.bypassed_by,
            "when": in_viet_nam(piece.bypassed_at),
            "reviewed": _("chờ hậu kiểm") if piece.awaits_review else _("đã hậu kiểm"),
            "why": piece.bypass_reason,
        }

    @admin.display(description=_("lần gỡ gần nhất"))
    def withdrawal(self, piece):
        return _("%(who)s, lúc %(when)s. Lý do: %(why)s") % {
            "who": piece.withdrawn_by,
            "when": in_viet_nam(piece.withdrawn_at),
            "why": piece.withdrawn_reason,
        }

    @admin.display(description=_("trao đổi"))
    def talk(self, piece):
        lines = format_html_join(
            "",
            '<li><strong>{}</strong> <span class="quiet">{}</span><br>{}</li>',
            (
                (said.by, in_viet_nam(said.at), linebreaksbr(said.text, autoescape=True))
                for said in piece.comments.select_related("by")
            ),
        )
        return format_html('<ol class="talk">{}</ol>', lines) if lines else _("Chưa có trao đổi nào.")

    @admin.display(description=_("trạng thái"), ordering="publish_at")
    def state(self, piece):
        words: str | Promise
        if piece.is_scheduled:
            words = _("Sẽ đăng lúc %s giờ Việt Nam") % in_viet_nam(piece.publish_at)
        elif piece.is_archived:
            words = _("Lưu trữ (hết hạn)")
        elif piece.is_published:
            words = _("Đang đăng từ %s") % in_viet_nam(piece.publish_at)
        elif piece.amends_id:
            words = _("Bản sửa: %s") % piece.get_status_display().lower()
        else:
            words = piece.get_status_display()
        return _("%s; đăng khẩn cấp, chờ hậu kiểm") % words if piece.awaits_review else words

    # Saving -----------------------------------------------------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        """Only what the public never read can be deleted; the rest is withdrawn."""
        if obj is None or obj.was_public or obj.status != self.model.Status.DRAFT:
            return False
        return super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        """Only the pieces themselves: the rows that tie them to campaigns and pictures say nothing to a person."""
        _shown, _counts, missing, protected = super().get_deleted_objects(objs, request)
        return [str(each) for each in objs], {self.opts.verbose_name: len(objs)}, missing, protected

    def save_model(self, request, piece, form, change):
        if not change:
            piece.author = request.user
        elif form.changed_data:  # a step alone changes nothing others are typing at
            piece.version += 1
        if change and self._text_changed(form):
            piece.edited_at = timezone.now()
        if not change or form.changed_data:
            super().save_model(request, piece, form, change)
        begins = piece.publish_at
        if "publish_at" in form.changed_data and begins and begins <= timezone.now() and not piece.was_public:
            words = _("Giờ đăng đã chọn (%s) đã qua: %s sẽ lên ngay khi được duyệt.")
            self.message_user(request, words % (in_viet_nam(begins), piece.WORD), messages.WARNING)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        piece = form.instance
        changed = self._text_changed(form)
        if change and changed and piece.author_id != request.user.pk:
            piece.editors.add(request.user)
        content.note_images(piece)
        content.note_citations(piece)
        if changed or not change:
            content.keep_revision(piece, by=request.user, note=_("Lưu") if change else _("Bản đầu"))
        key = form.cleaned_data.get("form_key", "")
        desk_tools.drop_autosave(self.model, piece if change else None, by=request.user, key=key)

    def _text_changed(self, form) -> bool:
        return not set(form.changed_data).isdisjoint((*self.model.CONTENT, "correction_note"))

    def log_change(self, request, obj, message):
        """A step writes its own line of history; "nothing changed" beside it would only be noise."""
        return super().log_change(request, obj, message) if message else None

    def response_add(self, request, piece, post_url_continue=None):
        return self._take_step(request, piece) or super().response_add(request, piece, post_url_continue)

    def response_change(self, request, piece):
        return self._take_step(request, piece) or super().response_change(request, piece)

    # Steps ------------------------------------------------------------------------------------------------------

    def address(self, piece) -> str:
        return reverse(f"admin:articles_{self.opts.model_name}_change", args=[piece.pk])

    def _take_step(self, request, piece):
        next_piece = piece
        try:
            done = self._named_step(request, piece)
            if done is None:
                return None
            words, next_piece = done
        except services.StepError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.address(next_piece))

    def _named_step(self, request, piece):
        """Takes the step whose button was pressed: (words for the official, the piece to go on with), or None."""
        by, note = request.user, request.POST.get("decision_note", "")
        if "_send_back" in request.POST:
            services.send_back(piece, by=by, note=note)
            return _("Đã trả bài cho người soạn kèm ý kiến."), piece
        if "_withdraw" in request.POST:
            services.withdraw(piece, by=by, reason=note)
            if piece.was_public:
                return _("Đã gỡ bài; địa chỉ của bài hiện lý do."), piece
            return _("Đã gỡ bài trước giờ đăng; người đọc chưa từng thấy bài."), piece
        if "_publish_in_emergency" in request.POST:
            found = services.publish_in_emergency(piece, by=by, reason=note)
            return _("Đã đăng khẩn cấp; bài đang chờ hậu kiểm."), found
        if "_comment" in request.POST:
            services.comment(piece, by=by, text=request.POST.get("comment", ""))
            return _("Đã gửi lời trao đổi."), piece
        if "_look_again" in request.POST:
            services.look_again(piece, by=by, review_on=self._day(request))
            return _("Đã ghi nhận: bài còn đúng."), piece
        name = next((name for name in self.steps if name in request.POST), None)
        if name is None:
            return None
        step, done = self.steps[name]
        return done, step(piece, by=by) or piece

    def _day(self, request):
        try:
            return forms.DateField().clean(request.POST.get("next_review_on", ""))
        except ValidationError as error:
            raise services.StepError(_("Hãy chọn ngày xem lại tiếp theo, viết như 15/5/2027.")) from error

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["piece_steps"] = self.steps_for(request, obj)
        context["tools"] = self.tools_for(request, obj) if obj else []
        context["editing"] = self.editing_for(request, obj)
        if self.is_locked(request, obj):
            context |= {
                "is_locked": True,
                "show_save": False,
                "show_save_and_continue": False,
                "show_save_and_add_another": False,
                "kept_words": self._kept_words(request, context["adminform"].form),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _kept_words(self, request, form) -> list[dict]:
        """What was typed into a form that was locked meanwhile: it has no field any more that would show it."""
        found = []
        for name in self.model.CONTENT:
            field = self.model._meta.get_field(name)
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            if is_text and name not in form.fields and (typed := request.POST.get(name, "").strip()):
                found.append(
                    {"label": field.verbose_name, "text": typed, "is_rich": isinstance(field, RichTextField)}
                )
        return found

    def steps_for(self, request, piece) -> list[tuple[str, str | Promise]]:
        """Buttons that fit the state and the official's role: (name, label)."""
        if piece is None:
            return [("_submit_for_review", _("Lưu và gửi duyệt"))]
        if not self.has_change_permission(request, piece):
            return []
        found: list[tuple[str, str | Promise]] = []
        status = self.model.Status
        board = request.user.has_perm(services.APPROVE)
        is_mine = piece.author_id == request.user.pk
        is_edited = is_mine or piece.editors.filter(pk=request.user.pk).exists()
        if piece.status == status.DRAFT:
            found.append(("_submit_for_review", _("Lưu và gửi duyệt")))
            if board:
                found.append(("_publish_in_emergency", _("Lưu và đăng khẩn cấp")))
        elif piece.status == status.IN_REVIEW:
            if board and not is_edited:
                found.append(("_approve", _("Duyệt")))
            if board and not is_mine:
                found.append(("_send_back", _("Trả lại người soạn")))
            if is_mine:
                found.append(("_take_back", _("Rút lại để sửa")))
        elif piece.status == status.APPROVED:
            has_draft = piece.amendments.exists()
            found.append(("_amend", _("Mở bản sửa đang làm") if has_draft else _("Sửa mà vẫn đăng")))
            if board:
                found.append(("_withdraw", _("Gỡ bài")))
                if not has_draft:
                    found.append(("_take_back", _("Ngừng đăng, đưa về nháp")))
        elif board:
            found.append(("_take_back", _("Đưa về nháp để sửa")))
        if piece.is_published and citations.is_awaiting(piece):
            found.append(("_confirm_citations", _("Đã xem lời dẫn, còn đúng")))
        if piece.is_stale:
            found.append(("_look_again", _("Đã xem lại, còn đúng")))
        is_theirs = is_edited if piece.status == status.APPROVED else is_mine
        if board and piece.awaits_review and not is_theirs and piece.bypassed_by_id != request.user.pk:
            found.append(("_review_afterwards", _("Xác nhận hậu kiểm")))
        if self.has_add_permission(request) and piece.amends_id is None:
            found.append(("_copy", _("Chép thành bài mới")))
        return [*found, ("_comment", _("Gửi lời trao đổi"))]

    def get_urls(self):
        return [*self.side_urls(path), *super().get_urls()]
