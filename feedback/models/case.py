import secrets
import uuid
from datetime import date, datetime, time

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.roles import Role
from articles.models import Topic
from parcai.lib.fields import BlockField, EncryptedField, LineField
from parcai.lib.html import plain_text
from parcai.search.entry import Entry
from plan.models import Campaign

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1, I: they are misread on paper and on the phone


def new_code() -> str:
    """A code such as PY26-7KQ4-M2XD: the year of receipt and 40 bits nobody can guess."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _place in range(8))
    return f"PY{timezone.localdate():%y}-{letters[:4]}-{letters[4:]}"


def new_pin() -> str:
    return f"{secrets.randbelow(10**6):06d}"


# The public copy of a case. Whoever shows cases to everybody reads these columns and no others: `for_public`.
PUBLIC = (
    "kind",
    "status",
    "agency",
    "campaign",
    "topic",
    "helpful",
    "received_at",
    "published_at",
    "is_confidential",
    "public_title",
    "public_text",
    "public_excerpt",
    "public_name",
    "public_changed_at",
    "reopened_at",
)


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class CaseQuerySet(models.QuerySet):
    def for_public(self):
        """The one layer pages, lists, feeds, API, open data and search read published cases through: the original, the
        asker and the PIN do not leave the database."""
        return self.published().select_related("agency").only(*PUBLIC)

    def published(self):
        """Cases everybody may read: answered, signed, agreed to by the asker, masked and put online."""
        return self.filter(published_at__lte=timezone.now(), is_confidential=False)

    def findable(self):
        """Cases that belong in the search index: what everybody may read."""
        return self.for_public()

    def findable_inside(self):
        """Cases officials may find by their words."""
        return self.filter(
            is_confidential=False, spam_at=None, anonymised_at=None, restricted_at=None
        ).exclude(status=Case.Status.WITHDRAWN)

    def for_public_list(self):
        """With what a public list shows and nothing about the asker, newest first."""
        return (
            self.for_public()
            .only(
                "helpful",
                "kind",
                "public_title",
                "public_excerpt",
                "published_at",
                "agency__name",
                "is_confidential",
            )
            .order_by("-published_at", "-pk")
        )

    def visible_to(self, user):
        """The only door to cases for officials: intake and the observer see all, the rest their own agency's.

        What was set aside as confidential (khiếu nại, tố cáo: Luật Tố cáo 2018, Điều 56) is seen by those named to
        (`CaseReader`) and by nobody else. Another system sees the cases of its key's agencies and those it sent itself.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_machine:
            return self.filter(
                Q(agency__in=user.agency_scope, is_confidential=False) | Q(self._sent_by(user))
            )
        named = Q(is_confidential=True) & self._named(user)
        if user.has_role(Role.COORDINATOR):
            return self.filter(Q(is_confidential=False) | named)
        if user.has_role(Role.OBSERVER):
            return self.filter(is_confidential=False, spam_at=None)
        if user.has_role(Role.OFFICER, Role.HEAD) and user.agency_id:
            return self.filter(Q(agency__in=user.agency_scope, is_confidential=False) | named)
        return self.none()

    def _named(self, user):
        readers = apps.get_model("feedback.CaseReader").objects
        return Q(Exists(readers.filter(case=OuterRef("pk"), user=user)))

    def sent_by(self, user):
        """Cases another system handed in."""
        return self.filter(self._sent_by(user))

    def _sent_by(self, user):
        events = apps.get_model("feedback.CaseEvent").objects
        return Exists(events.filter(case=OuterRef("pk"), step="receive", by=user))

    def open(self):
        return self.filter(status__in=Case.OPEN)

    def running(self):
        """Open cases whose clock is not paused."""
        return self.open().exclude(status=Case.Status.NEEDS_INFO)

    def overdue(self, today: date | None = None):
        return self.running().filter(due_on__lt=today or timezone.localdate())

    def waiting_for_signature(self):
        """An answer, or an interim answer, lies before the head."""
        interim = apps.get_model("feedback.InterimAnswer").objects
        waiting = Exists(interim.filter(case=OuterRef("pk"), signed_at=None, is_waiting=True))
        return self.filter(Q(status=Case.Status.DRAFTED) | Q(waiting, status=Case.Status.ASSIGNED))

    def sent_back(self):
        """What the head wants written better, and has not been handed in again."""
        events = apps.get_model("feedback.CaseEvent").objects.filter(
            case=OuterRef("pk"), step__in=("submit", "send-back", "interim-submit", "interim-back", "interim")
        )
        last = Subquery(events.order_by("-pk").values("step")[:1])
        return (
            self.filter(status=Case.Status.ASSIGNED)
            .alias(last_step=last)
            .filter(last_step__in=("send-back", "interim-back"))
        )

    def held_since_before(self, day: date):
        """Claimed cases whose officer has written nothing since before a day."""
        return self.filter(
            status=Case.Status.ASSIGNED, officer__isnull=False, claimed_at__lt=beginning_of(day)
        )

    def due_soon(self, until: date, today: date | None = None):
        """Running cases due from today to `until`, both included."""
        return self.running().filter(due_on__gte=today or timezone.localdate(), due_on__lte=until)


class Case(models.Model):
    """A question to the head of an agency, or a report (phản ánh, kiến nghị), from first word to signed answer."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Câu hỏi")
        FEEDBACK = "feedback", _("Phản ánh, kiến nghị")

    class Status(models.TextChoices):
        RECEIVED = "received", _("Mới tiếp nhận")
        ACCEPTED = "accepted", _("Đã vào sổ, chờ phân công")
        ASSIGNED = "assigned", _("Đang giải quyết")
        DRAFTED = "drafted", _("Chờ thủ trưởng ký")
        ANSWERED = "answered", _("Đã trả lời")
        REJECTED = "rejected", _("Không tiếp nhận")
        NEEDS_INFO = "needs_info", _("Chờ bổ sung thông tin")
        FORWARDED = "forwarded", _("Đã chuyển cơ quan khác")
        DUPLICATE = "duplicate", _("Trùng với hồ sơ khác")
        WITHDRAWN = "withdrawn", _("Người gửi đã rút")

    class Source(models.TextChoices):
        WEB = "web", _("Cổng thông tin")
        COUNTER = "counter", _("Tại quầy (nhập hộ)")
        PHONE = "phone", _("Qua điện thoại (nhập hộ)")
        IMPORT = "import", _("Nhập từ hệ thống khác")

    class AskerKind(models.TextChoices):
        CITIZEN = "cong_dan", _("Công dân")
        BUSINESS = "doanh_nghiep", _("Doanh nghiệp")
        ORGANISATION = "to_chuc", _("Tổ chức")

    OPEN = (Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.DRAFTED, Status.NEEDS_INFO)
    TRANSITIONS = {
        Status.RECEIVED: {
            Status.ACCEPTED,
            Status.REJECTED,
            Status.NEEDS_INFO,
            Status.FORWARDED,
            Status.DUPLICATE,
            Status.WITHDRAWN,
        },
        Status.ACCEPTED: {
            Status.ASSIGNED,
            Status.REJECTED,
            Status.NEEDS_INFO,
            Status.FORWARDED,
            Status.DUPLICATE,
            Status.WITHDRAWN,
        },
        Status.ASSIGNED: {
            Status.DRAFTED,
            Status.ACCEPTED,
            Status.NEEDS_INFO,
            Status.FORWARDED,
            Status.DUPLICATE,
            Status.WITHDRAWN,
        },
        Status.DRAFTED: {Status.ANSWERED, Status.ASSIGNED, Status.WITHDRAWN},
        Status.ANSWERED: {Status.ASSIGNED},
        Status.NEEDS_INFO: {
            Status.RECEIVED,
            Status.ACCEPTED,
            Status.ASSIGNED,
            Status.REJECTED,
            Status.FORWARDED,
            Status.WITHDRAWN,
        },
        Status.REJECTED: {Status.RECEIVED, Status.ACCEPTED},  # only what was taken for spam
        Status.FORWARDED: set(),
        Status.DUPLICATE: set(),
        Status.WITHDRAWN: set(),
    }

    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    code = models.CharField(_("mã hồ sơ"), max_length=14, unique=True, default=new_code, editable=False)
    pin = EncryptedField(default=new_pin, editable=False)
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    source = models.CharField(_("nguồn"), max_length=10, choices=Source, default=Source.WEB)
    status = models.CharField(_("trạng thái"), max_length=12, choices=Status, default=Status.RECEIVED)

    title = LineField(_("tiêu đề"), max_length=200)
    text = BlockField(_("nội dung"), max_length=10_000)
    asker_kind = models.CharField(
        _("người gửi là"), max_length=12, choices=AskerKind, default=AskerKind.CITIZEN
    )
    asker_name = EncryptedField(_("họ và tên"))
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    asker_email = EncryptedField(_("thư điện tử"), blank=True)
    asker_phone = EncryptedField(_("điện thoại"), blank=True)
    asker_address = EncryptedField(_("nơi ở"), blank=True)
    answer_consent_at = models.DateTimeField(_("đồng ý xử lý dữ liệu lúc"))
    notice_version = models.CharField(_("bản thông báo về dữ liệu cá nhân"), max_length=20, blank=True)
    publish_consent_at = models.DateTimeField(_("đồng ý công khai lúc"), null=True)
    show_name = models.BooleanField(_("đồng ý nêu tên"), default=False)

    asked_agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("cơ quan được hỏi"), related_name="+", null=True, blank=True
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        verbose_name=_("cơ quan giải quyết"),
        related_name="cases",
        null=True,
        blank=True,
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, verbose_name=_("nội dung kế hoạch"), related_name="+", null=True, blank=True
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, verbose_name=_("lĩnh vực"), related_name="+", null=True, blank=True
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người thụ lý"),
        related_name="+",
        null=True,
        blank=True,
    )
    claimed_at = models.DateTimeField(_("người thụ lý viết gần nhất lúc"), null=True, editable=False)
    is_confidential = models.BooleanField(_("không công khai"), default=False)
    refusal = models.ForeignKey(
        "RefusalReason",
        models.PROTECT,
        verbose_name=_("lý do không tiếp nhận"),
        related_name="+",
        null=True,
        blank=True,
    )
    spam_at = models.DateTimeField(_("đánh dấu rác lúc"), null=True, editable=False)
    forwarded_to = models.ForeignKey(
        "OutsideBody",
        models.PROTECT,
        verbose_name=_("cơ quan ngoài cổng đã nhận"),
        related_name="+",
        null=True,
        blank=True,
    )
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("trùng với"), related_name="duplicates", null=True, blank=True
    )

    received_at = models.DateTimeField(_("nhận lúc"), default=timezone.now)
    clock_from = models.DateTimeField(_("tính hạn từ"), default=timezone.now)
    term = models.PositiveSmallIntegerField(_("số ngày làm việc"))
    due_on = models.DateField(_("hạn trả lời"))
    paused_at = models.DateTimeField(_("tạm dừng từ"), null=True)
    resumes_to = models.CharField(max_length=12, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True)
    closed_at = models.DateTimeField(_("kết thúc lúc"), null=True)
    reopened_at = models.DateTimeField(_("mở lại lúc"), null=True)
    reminded_on = models.DateField(null=True)

    published_at = models.DateTimeField(_("công khai lúc"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("người công khai"),
        related_name="+",
        null=True,
    )
    public_title = LineField(_("tiêu đề công khai"), max_length=200, blank=True)
    public_text = BlockField(_("nội dung công khai"), blank=True)
    public_excerpt = LineField(max_length=300, blank=True, editable=False)
    public_name = LineField(_("tên công khai"), max_length=150, blank=True)

    public_changed_at = models.DateTimeField(_("sửa sau khi công khai lúc"), null=True, editable=False)
    helpful = models.PositiveIntegerField(_("lượt thấy hữu ích"), default=0, editable=False)

    rating = models.PositiveSmallIntegerField(_("đánh giá"), null=True)
    rating_comment = BlockField(_("ý kiến đánh giá"), max_length=1000, blank=True)
    rated_at = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(_("hạn chế xử lý từ"), null=True, editable=False)
    anonymised_at = models.DateTimeField(_("xóa dữ liệu cá nhân lúc"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        ordering = ("-received_at",)
        permissions = [("view_original", "Đọc bản chưa che và biết người gửi là ai")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["assigned", "drafted", "answered"]) | Q(agency__isnull=False),
                name="case_in_work_has_agency",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None)
                | (Q(publish_consent_at__isnull=False) & Q(answered_at__isnull=False) & ~Q(public_title="")),
                name="case_public_with_consent_and_answer",
            ),
            models.CheckConstraint(
                condition=~Q(status="duplicate") | Q(duplicate_of__isnull=False),
                name="case_duplicate_of_what",
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("id")), name="case_not_its_own_duplicate"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)), name="case_rating_1_to_5"
            ),
        ]
        indexes = [
            models.Index(
                fields=("kind", "-published_at", "-id"),
                condition=Q(published_at__isnull=False),
                name="case_public",
            ),
            models.Index(
                fields=("kind", "-helpful", "-id"),
                condition=Q(published_at__isnull=False),
                name="case_public_helpful",
            ),
            models.Index(fields=("agency", "status", "due_on"), name="case_desk"),
            models.Index(fields=("status", "due_on"), name="case_due"),
            models.Index(fields=("status", "-received_at"), name="case_queue"),
            models.Index(fields=("-spam_at",), condition=Q(spam_at__isnull=False), name="case_spam"),
            models.Index(fields=("-received_at", "id"), name="case_newest"),
            models.Index(
                fields=("answered_at",), condition=Q(answered_at__isnull=False), name="case_answered"
            ),
            models.Index(
                fields=("reopened_at",), condition=Q(reopened_at__isnull=False), name="case_reopened"
            ),
            models.Index(
                fields=("answered_at", "id"),
                condition=Q(status="answered", published_at=None),
                name="case_to_publish",
            ),
            models.Index(
                fields=("closed_at",),
                condition=Q(anonymised_at=None, closed_at__isnull=False),
                name="case_kept",
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        name = "question-detail" if self.kind == self.Kind.QUESTION else "feedback-detail"
        return reverse(f"feedback:{name}", args=[self.pk])

    def get_desk_url(self):
        return reverse("feedback:desk-case", args=[self.code])

    SEARCH_RECORD = "case"

    def search_entry(self) -> Entry | None:
        """The masked words everybody may read, and nothing else of the case; None unless it is public."""
        if self.published_at is None or self.is_confidential:
            return None
        signed = [answer for answer in self.answers.all() if answer.signed_at]
        answer = plain_text(signed[-1].public_body) if signed else ""
        return Entry(
            kind=self.kind,
            title=self.public_title,
            body="\n".join([self.public_text, answer, str(self.agency or "")]),
            shown_from=self.published_at,
            agency=self.agency_id,
            campaigns=(self.campaign_id,) if self.campaign_id else (),
        )

    INSIDE = "inside"  # the record officials find like cases by

    def inside_entry(self) -> Entry | None:
        """The asker's own words, for officials alone; None once they are withdrawn or set aside."""
        if (
            self.is_confidential
            or self.spam_at
            or self.status == self.Status.WITHDRAWN
            or self.is_kept_out_of_use
        ):
            return None
        return Entry(self.INSIDE, self.title, self.text, shown_from=self.received_at, is_inside=True)

    def can_become(self, status: str) -> bool:
        return status in self.TRANSITIONS[self.Status(self.status)]

    def paused_days(self) -> list[tuple[date, date]]:
        """First and last day that each ended pause takes out of the count, in Việt Nam."""
        ended = self.pauses.filter(ended_at__isnull=False).values_list("not_counted_from", "ended_at")
        return [(start, timezone.localdate(end)) for start, end in ended]

    def known_of_asker(self) -> list[tuple[str, str]]:
        """What tells who asked, as (kind, text), for masking; the name only when it must not be shown."""
        contacts = [
            ("thư điện tử", self.asker_email),
            ("số điện thoại", self.asker_phone),
            # A commune alone tells nobody; a house number does.
            ("địa chỉ", self.asker_address if any(letter.isdigit() for letter in self.asker_address) else ""),
        ]
        name = [] if self.show_name else [("tên người gửi", self.asker_name)]
        return [(kind, text) for kind, text in (*name, *contacts) if text]

    @property
    def is_kept_out_of_use(self) -> bool:
        """Its asker had its use restricted, or nothing private is left in it."""
        return self.anonymised_at is not None or self.restricted_at is not None

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_paused(self) -> bool:
        return self.status == self.Status.NEEDS_INFO

    @property
    def is_overdue(self) -> bool:
        return self.is_open and not self.is_paused and self.due_on < timezone.localdate()

    @property
    def is_public(self) -> bool:
        return (
            self.published_at is not None and self.published_at <= timezone.now() and not self.is_confidential
        )

    @property
    def answer_excerpt(self) -> str:
        return self.public_excerpt
