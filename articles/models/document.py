"""Documents (văn bản): what they are, and whether they are in force on a day, told by dates and relations alone."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models.base import Named, Piece, PieceQuerySet
from articles.models.media import File
from parcai.lib.fields import BlockField, LineField
from parcai.lib.publishing import readable_q
from parcai.lib.vietnamese import fold, slug
from parcai.search.entry import Entry
from plan.models import Campaign, Evidence

RUN = re.compile(r"\d+|[^\W\d_]+")


def number_key(text: str) -> str:
    """A number in one form however it is written: "08/KH-UBND", "8 kh ubnd" and "8KH–UBND" give "8 kh ubnd"."""
    return " ".join(run.lstrip("0") or "0" if run.isdigit() else run for run in RUN.findall(fold(text)))


class Force(models.TextChoices):
    """Whether a document binds on a day."""

    IN_FORCE = "in_force", _("Còn hiệu lực")
    PARTLY = "partly", _("Hết hiệu lực một phần")
    NOT_YET = "not_yet", _("Chưa có hiệu lực")
    REPLACED = "replaced", _("Đã được thay thế")
    REPEALED = "repealed", _("Đã bị bãi bỏ")
    EXPIRED = "expired", _("Hết thời hạn hiệu lực")
    UNKNOWN = "unknown", _("Chưa xác định hiệu lực")


ENDED = (Force.REPLACED, Force.REPEALED, Force.EXPIRED)
BINDING = (Force.IN_FORCE, Force.PARTLY)


def force_on(on: date | None = None, *, through: str = "", now: datetime | None = None) -> Case:
    """The `Force` of a document on a day, as SQL; `through` names a relation that leads to the document.

    A replacement counts once the public may read the new document and it is in force. Without a day on which the new
    one begins, or the old one began, nothing is guessed.
    """
    on, prefix = on or timezone.localdate(), f"{through}__" if through else ""
    key = OuterRef(f"{through}_id" if through else "pk")
    replacements = Document.replaces.through.objects.filter(
        readable_q(now, through="from_document"), to_document=key
    )
    begun = replacements.filter(from_document__effective_on__lte=on)
    undated = replacements.filter(from_document__effective_on=None)
    return Case(
        When(Exists(begun), then=Value(Force.REPLACED)),
        When(Q(**{f"{prefix}ended_on__lte": on}), then=Value(Force.REPEALED)),
        When(Q(**{f"{prefix}expires_on__lt": on}), then=Value(Force.EXPIRED)),
        When(Q(**{f"{prefix}effective_on": None}) | Exists(undated), then=Value(Force.UNKNOWN)),
        When(Q(**{f"{prefix}effective_on__gt": on}), then=Value(Force.NOT_YET)),
        When(~Q(**{f"{prefix}partly_note": ""}), then=Value(Force.PARTLY)),
        default=Value(Force.IN_FORCE),
        output_field=models.CharField(),
    )


class DocumentType(Named):
    """A kind of document (loại văn bản). The law that lists them changes, so the board keeps the list."""

    name = LineField(_("tên loại"), max_length=80, unique=True)
    place = models.PositiveSmallIntegerField(
        _("thứ tự"), default=100, help_text=_("Số nhỏ đứng trước trong danh sách chọn.")
    )

    class Meta:
        verbose_name = _("loại văn bản")
        verbose_name_plural = _("loại văn bản")
        ordering = ("place", "name")


class DocumentQuerySet(PieceQuerySet):
    def with_force(self, on: date | None = None):
        """Each row with its `force` on a day (default: today in Việt Nam)."""
        return self.annotate(force_found=force_on(on))

    def of_force(self, *kinds: str, on: date | None = None):
        return self.with_force(on).filter(force_found__in=kinds)

    def in_force(self, on: date | None = None):
        """What binds on a day, a part of it at least."""
        return self.of_force(*BINDING, on=on)

    def not_yet(self, on: date | None = None):
        return self.of_force(Force.NOT_YET, on=on)

    def ended(self, on: date | None = None):
        """What no longer binds on a day: replaced, repealed, or past its term."""
        return self.of_force(*ENDED, on=on)

    def unclear(self, on: date | None = None):
        return self.of_force(Force.UNKNOWN, on=on)

    def for_cards(self):
        """With what a card shows, the newest first; one published earlier comes later, whenever it was issued."""
        return (
            self.select_related("agency", "kind").with_force().defer("summary").order_by("-publish_at", "-pk")
        )

    def holding(self, words: str):
        """Rows whose number, kind or title has all the words, in any writing."""
        found = self
        for word in number_key(words).split()[
            :12
        ]:  # a number is meant as a whole, a word may be its beginning
            found = found.filter(search_key__contains=f" {word} " if word.isdigit() else f" {word}")
        return found

    def twins_of(self, document):
        """Other rows of the same number, issuer and day: the same document entered again."""
        own = {document.pk, document.amends_id} - {None}
        return self.filter(
            amends=None,
            number_key=number_key(document.number),
            issuer_key=document.key_of_issuer(),
            issued_on=document.issued_on,
        ).exclude(pk__in=own)


class Document(Piece):
    EVIDENCE = Evidence.Kind.DOCUMENT
    WORD = _("văn bản")
    CONTENT = (
        "kind",
        "number",
        "title",
        "summary",
        "agency",
        "issuer",
        "signer_name",
        "signer_title",
        "issued_on",
        "effective_on",
        "expires_on",
        "partly_note",
        "ended_on",
        "end_ground",
        "replaces",
        "campaigns",
        "files",
    )

    kind = models.ForeignKey(
        DocumentType, models.PROTECT, verbose_name=_("loại văn bản"), related_name="documents"
    )
    number = LineField(_("số, ký hiệu"), max_length=60, help_text=_("Như trên văn bản: 113/KH-UBND."))
    number_key = models.CharField(max_length=80, editable=False, db_index=True)
    number_value = models.PositiveBigIntegerField(default=0, editable=False)
    title = LineField(_("trích yếu"), max_length=500)
    summary = BlockField(
        _("tóm tắt"),
        blank=True,
        max_length=2000,
        help_text=_("Văn bản này nói gì với người dân, bằng lời dễ hiểu."),
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        verbose_name=_("cơ quan ban hành"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Cơ quan có trong danh mục của cổng."),
    )
    issuer = LineField(
        _("hoặc cơ quan khác"),
        max_length=150,
        blank=True,
        help_text=_("Cơ quan ngoài danh mục: Chính phủ, Bộ Nội vụ, UBND tỉnh Phú Yên."),
    )
    issuer_key = models.CharField(max_length=160, editable=False, db_index=True)
    signer_name = LineField(_("người ký"), max_length=120, blank=True)
    signer_title = LineField(_("chức vụ người ký"), max_length=120, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    effective_on = models.DateField(
        _("có hiệu lực từ ngày"),
        null=True,
        blank=True,
        help_text=_("Chưa biết thì để trống: cổng ghi “chưa xác định”, không đoán."),
    )
    expires_on = models.DateField(_("có hiệu lực đến hết ngày"), null=True, blank=True)
    partly_note = BlockField(
        _("hết hiệu lực một phần"),
        blank=True,
        max_length=1000,
        help_text=_("Phần nào hết hiệu lực, theo văn bản nào. Để trống nếu còn nguyên hiệu lực."),
    )
    ended_on = models.DateField(_("bị bãi bỏ từ ngày"), null=True, blank=True)
    end_ground = BlockField(
        _("căn cứ bãi bỏ"), blank=True, max_length=1000, help_text=_("Văn bản nào bãi bỏ, điều khoản nào.")
    )
    replaces = models.ManyToManyField(
        "self",
        verbose_name=_("thay thế cho"),
        symmetrical=False,
        related_name="replaced_by",
        blank=True,
        help_text=_(
            "Văn bản cũ mà văn bản này thay thế. Văn bản cũ tự chuyển sang “đã được thay thế” từ ngày văn bản này "
            "có hiệu lực."
        ),
    )
    campaigns = models.ManyToManyField(
        Campaign, verbose_name=_("nội dung kế hoạch"), related_name="+", blank=True
    )
    files = models.ManyToManyField(File, verbose_name=_("tệp văn bản"), related_name="documents", blank=True)
    search_key = models.TextField(default="", editable=False)

    if TYPE_CHECKING:
        replacements: list["Document"]  # set where a notice needs them: articles.citations.ended

    objects: ClassVar = DocumentQuerySet.as_manager()

    class Meta(Piece.Meta):
        verbose_name = _("văn bản")
        verbose_name_plural = _("văn bản")
        ordering = (F("issued_on").desc(nulls_last=True), "-publish_at", "-pk")
        constraints = [
            *Piece.Meta.constraints,
            models.CheckConstraint(
                condition=Q(agency=None) & ~Q(issuer="") | Q(agency__isnull=False, issuer=""),
                name="document_has_one_issuer",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None)
                | (
                    (Q(issued_on=None) | Q(expires_on__gte=F("issued_on")))
                    & (Q(effective_on=None) | Q(expires_on__gte=F("effective_on")))
                ),
                name="document_effective_before_expires",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_ground="")
                | (
                    Q(ended_on__isnull=False)
                    & ~Q(end_ground="")
                    & (Q(issued_on=None) | Q(ended_on__gte=F("issued_on")))
                ),
                name="document_ended_with_ground",
            ),
            models.UniqueConstraint(
                fields=("number_key", "issuer_key", "issued_on"),
                condition=Q(amends=None, issued_on__isnull=False),
                name="document_entered_once",
            ),
            models.UniqueConstraint(
                fields=("number_key", "issuer_key"),
                condition=Q(amends=None, issued_on=None),
                name="document_undated_entered_once",
            ),
        ]
        indexes = [
            models.Index(fields=("status", "-publish_at", "-id"), name="document_newest"),
            models.Index(fields=("status", "-issued_on", "-id"), name="document_newest_issued"),
        ]

    def __str__(self):
        return Truncator(f"{self.number} – {self.title}").chars(240)

    def get_absolute_url(self):
        return reverse("articles:document-detail", args=[self.pk])

    def save(self, *args, **kwargs):
        self.number_key = number_key(self.number)
        found = re.match(r"\d{1,18}", self.number_key)
        self.number_value = int(found[0]) if found else 0
        self.issuer_key = self.key_of_issuer()
        letters = "".join(run for run in self.number_key.split() if not run.isdigit())
        self.search_key = f" {self.number_key} {letters} {fold(str(self.kind))} {number_key(self.title)} "
        if (fields := kwargs.get("update_fields")) is not None:
            derived = {"number_key", "number_value", "issuer_key", "search_key"}
            kwargs["update_fields"] = {*fields, *derived}
        super().save(*args, **kwargs)

    def as_entry(self, **hours) -> Entry:
        return Entry(
            kind="document",
            title=f"{self.kind} {self.title}",
            number=self.number,
            body="\n".join([self.summary, self.issuer_name, self.signer_name, self.signer_title]),
            agency=self.agency_id,
            campaigns=tuple(each.pk for each in self.campaigns.all()),
            **hours,
        )

    def key_of_issuer(self) -> str:
        return f"a{self.agency_id}" if self.agency_id else slug(self.issuer, 150)

    @property
    def issuer_name(self) -> str:
        """Who issued it, the one way it is shown."""
        return str(self.agency) if self.agency_id else self.issuer

    @property
    def force(self) -> Force:
        """Whether it binds today; from `with_force()` when the row came that way."""
        if "force_found" not in self.__dict__:
            rows = Document.objects.with_force().filter(pk=self.pk)
            self.force_found = rows.values_list("force_found", flat=True).first() or Force.UNKNOWN
        return Force(self.force_found)

    @property
    def is_retroactive(self) -> bool:
        """Whether it binds from a day before it was issued, which the law allows in exceptional cases only."""
        return bool(self.effective_on and self.issued_on and self.effective_on < self.issued_on)

    @property
    def is_ended(self) -> bool:
        return self.force in ENDED

    def public_replacements(self):
        """The documents that take its place, as far as the public may read them; the first in force first."""
        return (
            self.replaced_by.readable()
            .select_related("kind")
            .order_by(F("effective_on").asc(nulls_last=True), "pk")
        )

    def twin_in_words(self, by) -> str:
        """That it was entered before, for the official `by`; empty when it was not. What is not theirs to see stays unnamed."""
        twins = Document.objects.twins_of(self)
        if twin := twins.known_to(by).first():
            return str(_("Văn bản này đã có trên cổng: %s.") % twin)
        if twins.exists():
            return str(
                _(
                    "Cơ quan khác đã nhập một văn bản cùng số, cùng cơ quan và ngày ban hành, hiện chưa công khai. "
                    "Hãy kiểm tra lại số và ngày, hoặc hỏi Ban Biên tập."
                )
            )
        return ""

    def what_is_wrong(self, by) -> str:
        if twin := self.twin_in_words(by):
            return twin
        if self.pk and self.closes_a_circle([row.pk for row in self.replaces.all()]):
            return str(_("“Thay thế cho” đi thành vòng: văn bản cũ lại thay thế chính văn bản này."))
        return ""

    def closes_a_circle(self, replaced) -> bool:
        """Whether replacing those documents would make this one, by way of others, replace itself."""
        own, links = self.amends_id or self.pk, Document.replaces.through.objects
        seen: set[int] = set()
        step = set(replaced)
        while step and own not in step:
            seen |= step
            further = links.filter(from_document__in=step, from_document__amends=None)
            step = set(further.values_list("to_document", flat=True)) - seen
        return own in step
