from datetime import UTC, date, datetime
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_network

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from agencies.roles import Role
from parcai.lib import phones
from parcai.lib.fields import BlockField, EncryptedField, LineField
from parcai.lib.vietnamese import sort_key
from parcai.search.entry import Entry

LAST_PLACE = 999
AGENCY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # agencies are no news: they follow what has a day


class AgencyQuerySet(models.QuerySet):
    def valid_on(self, day: date):
        """Agencies that exist on `day`."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def current(self):
        return self.valid_on(timezone.localdate())

    def answering(self):
        """Agencies of today a citizen may ask: provincial bodies and communes, not channels or former levels."""
        return self.current().filter(kind__in=Agency.ANSWERING_KINDS)


class Agency(models.Model):
    """A body at one stage of its life: a merger ends the row and names its successors, so old answers keep old names."""

    class Kind(models.TextChoices):
        PROVINCE = "tinh", _("Tỉnh")
        OFFICE = "van_phong", _("Văn phòng")
        DEPARTMENT = "so", _("Sở")
        INSPECTORATE = "thanh_tra", _("Thanh tra")
        COMMITTEE = "ban", _("Ban")
        BOARD = "ban_quan_ly", _("Ban quản lý")
        SERVICE_UNIT = "don_vi_su_nghiep", _("Đơn vị sự nghiệp")
        MEDIA = "bao_dai", _("Báo, đài")
        CHANNEL = "kenh", _("Kênh thông tin")
        DISTRICT = "huyen", _("UBND cấp huyện")
        COMMUNE = "xa", _("UBND cấp xã")

    class Level(models.TextChoices):
        PROVINCE = "tinh", _("Cấp tỉnh")
        DISTRICT = "huyen", _("Cấp huyện")
        COMMUNE = "xa", _("Cấp xã")

    class Precision(models.TextChoices):
        DAY = "day", _("biết rõ ngày")
        YEAR = "year", _("chỉ biết năm")

    ANSWERING_KINDS = (
        Kind.OFFICE,
        Kind.DEPARTMENT,
        Kind.INSPECTORATE,
        Kind.COMMITTEE,
        Kind.BOARD,
        Kind.SERVICE_UNIT,
        Kind.COMMUNE,
    )

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    gso_code = models.CharField(_("mã đơn vị hành chính"), max_length=10, blank=True)
    name = LineField(_("tên"), max_length=200)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    level = models.CharField(_("cấp"), max_length=10, choices=Level)
    subtype = LineField(_("loại đơn vị hành chính"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("trực thuộc"), related_name="children", null=True, blank=True
    )
    valid_from = models.DateField(_("hoạt động từ"), null=True, blank=True)
    valid_from_precision = models.CharField(
        _("độ chính xác ngày bắt đầu"), max_length=4, choices=Precision, default=Precision.DAY
    )
    valid_to = models.DateField(_("hoạt động đến hết"), null=True, blank=True)
    valid_to_precision = models.CharField(
        _("độ chính xác ngày kết thúc"), max_length=4, choices=Precision, default=Precision.DAY
    )
    successors = models.ManyToManyField(
        "self", verbose_name=_("cơ quan kế thừa"), symmetrical=False, related_name="predecessors", blank=True
    )
    address = LineField(_("địa chỉ"), max_length=250, blank=True)
    phone = LineField(_("điện thoại"), max_length=40, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    website = models.URLField(
        _("trang thông tin điện tử"),
        blank=True,
        validators=[
            URLValidator(schemes=["http", "https"], message=_("Địa chỉ bắt đầu bằng https:// hoặc http://."))
        ],
    )
    duties = BlockField(_("chức năng, nhiệm vụ"), blank=True)
    reception = BlockField(
        _("lịch tiếp công dân"), blank=True, help_text=_("Ngày, giờ, địa điểm và người tiếp.")
    )
    order = models.PositiveSmallIntegerField(
        _("thứ tự"),
        default=0,
        validators=[MaxValueValidator(LAST_PLACE)],
        help_text=_("Trong cùng cấp, số nhỏ đứng trước; bằng nhau thì theo tên."),
    )
    note = BlockField(_("ghi chú"), blank=True)
    confidence = LineField(_("độ tin cậy"), max_length=40, blank=True)
    source = BlockField(_("nguồn"), blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        ordering = ("level", "name")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="agency_ends_after_it_begins",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("agency-detail", args=[self.code])

    SEARCH_RECORD = "agency"

    def search_entry(self) -> Entry:
        """Found by name, duties and leaders, also after its end: people go on asking by the old names."""
        led_by = [
            f"{leader.full_name}, {leader.position}" for leader in self.leaders.all() if leader.is_current
        ]
        body = "\n".join([self.duties, self.reception, self.address, *led_by])
        return Entry(kind="agency", title=self.name, body=body, shown_from=AGENCY_MOMENT, agency=self.pk)

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )

    @property
    def is_current(self) -> bool:
        return self.is_valid_on(timezone.localdate())

    @property
    def has_ended(self) -> bool:
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def is_answering(self) -> bool:
        """Whether a citizen may ask it today; `AgencyQuerySet.answering` for one row."""
        return self.is_current and self.kind in self.ANSWERING_KINDS

    @property
    def begins(self) -> str:
        """When it began, as precisely as it is known; empty when it is not."""
        return _in_words(self.valid_from, self.valid_from_precision)

    @property
    def ends(self) -> str:
        return _in_words(self.valid_to, self.valid_to_precision)

    @property
    def phones(self) -> list[phones.Phone]:
        return phones.split(self.phone)

    def with_predecessors(self) -> set[int]:
        """Ids of this agency and of every body whose work it took over, at any distance."""
        pairs = Agency.successors.through.objects.values_list("to_agency_id", "from_agency_id")
        before: dict[int, list[int]] = {}
        for successor, predecessor in pairs:
            before.setdefault(successor, []).append(predecessor)
        found, waiting = {self.pk}, [self.pk]
        while waiting:
            for predecessor in before.get(waiting.pop(), ()):
                if predecessor not in found:
                    found.add(predecessor)
                    waiting.append(predecessor)
        return found


def _in_words(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    return f"năm {day.year}" if precision == Agency.Precision.YEAR else f"{day.day}/{day.month}/{day.year}"


def in_vietnamese_order(agencies) -> list[Agency]:
    """Provincial bodies first, then communes, each in the order given to it and as a Vietnamese dictionary has it."""
    levels = list(Agency.Level.values)
    return sorted(
        agencies, key=lambda agency: (levels.index(agency.level), agency.order, sort_key(agency.name))
    )


class LeaderQuerySet(models.QuerySet):
    def current(self):
        """Those who hold their post today."""
        today = timezone.localdate()
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today)
        )


class Leader(models.Model):
    """A person who leads an agency, for the time of one post; the row stays when the post ends."""

    agency = models.ForeignKey(Agency, models.CASCADE, verbose_name=_("cơ quan"), related_name="leaders")
    full_name = LineField(_("họ và tên"), max_length=120)
    position = LineField(_("chức vụ"), max_length=160)
    is_head = models.BooleanField(
        _("người đứng đầu"), default=False, help_text=_("Mỗi lúc một cơ quan chỉ có một người đứng đầu.")
    )
    field = LineField(_("lĩnh vực phụ trách"), max_length=300, blank=True)
    phone = LineField(_("điện thoại"), max_length=60, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    order = models.PositiveSmallIntegerField(
        _("thứ tự"),
        default=0,
        validators=[MaxValueValidator(LAST_PLACE)],
        help_text=_("Sau người đứng đầu, số nhỏ đứng trước; bằng nhau thì theo tên."),
    )
    valid_from = models.DateField(_("giữ chức từ"), null=True, blank=True)
    valid_to = models.DateField(
        _("giữ chức đến hết"),
        null=True,
        blank=True,
        help_text=_("Qua ngày này người đó không còn hiện trên cổng."),
    )
    source = LineField(
        _("nguồn"),
        max_length=300,
        help_text=_("Văn bản hoặc trang chính thức đã công bố, ví dụ: Quyết định số …, ngày …"),
    )

    objects = LeaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("lãnh đạo cơ quan")
        verbose_name_plural = _("lãnh đạo cơ quan")
        ordering = ("agency__name", "-is_head", "order", "full_name")
        constraints = [
            models.UniqueConstraint(
                fields=("agency",),
                condition=Q(is_head=True, valid_to=None),
                name="leader_one_head_in_office",
                violation_error_message=_("Cơ quan này đang có người đứng đầu khác."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="leader_ends_after_they_begin",
                violation_error_message=_("Ngày thôi giữ chức phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return f"{self.full_name}, {self.position}"

    @property
    def phones(self) -> list[phones.Phone]:
        return phones.split(self.phone)

    @property
    def is_current(self) -> bool:
        """Whether the post is held today; `LeaderQuerySet.current` for one row."""
        today = timezone.localdate()
        return (self.valid_from is None or self.valid_from <= today) and (
            self.valid_to is None or self.valid_to >= today
        )

    def serves_with(self, other: "Leader") -> bool:
        """Whether there is a day on which both hold their posts."""
        starts_in_time = (
            self.valid_from is None or other.valid_to is None or self.valid_from <= other.valid_to
        )
        ends_in_time = self.valid_to is None or other.valid_from is None or other.valid_from <= self.valid_to
        return starts_in_time and ends_in_time


def by_rank(leaders) -> list[Leader]:
    """The head first, then the order given, then by given name, which stands last in a Vietnamese name."""
    return sorted(
        leaders,
        key=lambda each: (
            not each.is_head,
            each.order,
            sort_key(each.full_name.rpartition(" ")[2]),
            sort_key(each.full_name),
        ),
    )


class User(AbstractUser):
    """An official. Citizens have no account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = LineField(_("họ và tên"), max_length=120)
    title = LineField(_("chức vụ"), max_length=120, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("cơ quan"), related_name="officials", null=True, blank=True
    )
    groups = models.ManyToManyField(  # type: ignore[assignment]
        Group, verbose_name=_("vai trò"), related_name="user_set", related_query_name="user", blank=True
    )
    is_active = models.BooleanField(
        _("được đăng nhập"),
        default=True,
        help_text=_(
            "Bỏ chọn khi cán bộ thôi việc hoặc tạm dừng: mọi phiên đăng nhập của người đó kết thúc ngay. Không xóa tài khoản."
        ),
    )
    is_staff = models.BooleanField(_("vào trang quản trị"), default=False, editable=False)
    session_round = models.PositiveIntegerField(_("lượt phiên đăng nhập"), default=0, editable=False)
    is_demonstration = models.BooleanField(_("tài khoản minh họa"), default=False, editable=False)
    is_machine = models.BooleanField(
        _("của một hệ thống kết nối"), default=False, editable=False
    )  # never signs in; what it may do follows from its key (ApiKey)

    REQUIRED_FIELDS = ["email", "full_name"]

    class Meta(AbstractUser.Meta):
        verbose_name = _("cán bộ")  # type: ignore[assignment]
        verbose_name_plural = _("cán bộ")  # type: ignore[assignment]

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.full_name

    def _get_session_auth_hash(self, secret=None):
        """What a session must still match: the password, and the round that ends with a deactivation."""
        salt = "agencies.models.User.get_session_auth_hash"
        return salted_hmac(
            salt, f"{self.session_round}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def name(self) -> str:
        return str(self)

    @cached_property
    def roles(self) -> frozenset[str]:
        if self.is_machine:
            return frozenset({Role.OFFICER} if self.api_key.may_answer else ())
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *roles: Role) -> bool:
        """Whether the official holds at least one of the roles."""
        return self.is_active and not self.roles.isdisjoint(roles)

    @cached_property
    def agency_scope(self) -> frozenset[int]:
        """Ids of the agencies whose work this official may see: their own and its predecessors; a machine's, its key's."""
        if self.is_machine:
            return frozenset().union(*(each.with_predecessors() for each in self.api_key.agencies.all()))
        return frozenset(self.agency.with_predecessors()) if self.agency else frozenset()


class ApiKeyQuerySet(models.QuerySet):
    def live(self):
        """Keys that open something today."""
        today = timezone.localdate()
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today, revoked_at=None
        ).filter(Q(is_demonstration=False) if not settings.DEMONSTRATION else Q())


class ApiKey(models.Model):
    """What another system of the province signs its calls with: who it is, what it may do, and for which agencies.

    Its secrets are shown once, when they are made, and kept encrypted because a signature is checked with them.
    """

    key_id = models.CharField(_("mã khóa"), max_length=20, unique=True, editable=False)
    name = LineField(
        _("tên hệ thống"),
        max_length=120,
        unique=True,
        help_text=_(
            "Tên này ghi trong diễn biến hồ sơ, ví dụ: Tổng đài 1022 tỉnh Phú Yên. Không đổi được về sau."
        ),
    )
    account = models.OneToOneField(
        User,
        models.PROTECT,
        verbose_name=_("tài khoản ghi trong diễn biến"),
        related_name="api_key",
        editable=False,
    )
    may_create = models.BooleanField(
        _("gửi hồ sơ"), default=False, help_text=_("Chuyển câu hỏi, phản ánh của người dân vào cổng.")
    )
    may_read = models.BooleanField(
        _("xem tình trạng"),
        default=False,
        help_text=_(
            "Tình trạng, hạn và diễn biến của hồ sơ do chính hệ thống gửi và của các cơ quan đã chọn."
        ),
    )
    may_answer = models.BooleanField(
        _("trình dự thảo trả lời"),
        default=False,
        help_text=_("Dự thảo luôn chờ thủ trưởng ký trên cổng. Phải chọn cơ quan."),
    )
    agencies = models.ManyToManyField(
        Agency,
        verbose_name=_("cơ quan"),
        related_name="+",
        blank=True,
        help_text=_(
            "Để trống: hệ thống gửi hồ sơ cho mọi cơ quan (tổng đài, cổng quốc gia) và chỉ xem hồ sơ mình đã gửi. "
            "Chọn cơ quan: chỉ gửi, xem và trả lời hồ sơ của các cơ quan ấy."
        ),
    )
    secret = EncryptedField(editable=False)
    former_secret = EncryptedField(blank=True, editable=False)
    former_until = models.DateTimeField(_("bí mật cũ dùng được đến"), null=True, editable=False)
    valid_from = models.DateField(_("dùng từ ngày"), default=timezone.localdate)
    valid_to = models.DateField(
        _("dùng đến hết ngày"), null=True, blank=True, help_text=_("Để trống: đến khi thu hồi.")
    )
    networks = BlockField(
        _("địa chỉ mạng được gọi"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Mỗi dòng một địa chỉ hoặc dải địa chỉ, ví dụ 203.0.113.10 hoặc 203.0.113.0/24. Để trống: gọi từ đâu cũng được."
        ),
    )
    calls_a_minute = models.PositiveSmallIntegerField(
        _("số lượt gọi mỗi phút"),
        default=120,
        validators=[MinValueValidator(1), MaxValueValidator(6000)],
    )
    made_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("người tạo"), related_name="+", null=True, editable=False
    )
    made_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("dùng lần cuối"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, editable=False)
    is_demonstration = models.BooleanField(_("khóa minh họa"), default=False, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa kết nối")
        verbose_name_plural = _("khóa kết nối")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(may_create=True) | Q(may_read=True) | Q(may_answer=True),
                name="key_may_do_something",
                violation_error_message=_("Chọn ít nhất một việc hệ thống được làm."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="key_ends_after_it_begins",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.key_id})"

    @property
    def is_live(self) -> bool:
        """Whether it opens something today; `ApiKeyQuerySet.live` for one row."""
        today = timezone.localdate()
        in_time = self.valid_from <= today and (self.valid_to is None or self.valid_to >= today)
        return in_time and self.revoked_at is None and (settings.DEMONSTRATION or not self.is_demonstration)

    @property
    def is_rotating(self) -> bool:
        """Whether the secret before this one still opens too."""
        return (
            bool(self.former_secret) and self.former_until is not None and self.former_until > timezone.now()
        )

    def secrets(self) -> list[str]:
        """The one or two secrets a signature may be made with now."""
        found = [self.secret, self.former_secret if self.is_rotating else ""]
        return [each for each in found if each]

    def answers_from(self, address: IPv4Address | IPv6Address | None) -> bool:
        """Whether a call may come from this address."""
        ranges = [ip_network(line, strict=False) for line in self.networks.split()]
        return not ranges or any(address is not None and address in each for each in ranges)


class UsedSignature(models.Model):
    """That a signature has carried a writing call, and for which Idempotency-Key; kept as keyed hashes only."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    call = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("chữ ký đã dùng")
        verbose_name_plural = _("chữ ký đã dùng")
        constraints = [models.UniqueConstraint(fields=("key", "signature"), name="signature_used_once")]
        indexes = [models.Index(fields=("at",), name="signature_age")]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M}"


class KeptAnswer(models.Model):
    """The first answer to a writing call, for the same Idempotency-Key again; empty until the call succeeded."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    call = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    answer = EncryptedField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("câu trả lời đã giữ")
        verbose_name_plural = _("câu trả lời đã giữ")
        constraints = [models.UniqueConstraint(fields=("key", "call"), name="answer_kept_once")]
        indexes = [models.Index(fields=("at",), name="kept_answer_age")]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M}"


class WorkCalendarDay(models.Model):
    """A day that differs from the week's rule: a day off, or a Saturday worked in exchange."""

    on = models.DateField(_("ngày"), unique=True)
    is_working = models.BooleanField(_("là ngày làm việc"), default=False)
    name = LineField(_("tên ngày"), max_length=120)
    basis = LineField(_("căn cứ"), max_length=250)

    class Meta:
        verbose_name = _("ngày trong lịch làm việc")
        verbose_name_plural = _("lịch làm việc")
        ordering = ("on",)

    def __str__(self):
        return f"{self.on:%d/%m/%Y} – {self.name}"


class Attempt(models.Model):
    """How often something was tried within one window of time; the key never holds what was typed."""

    key = models.CharField(max_length=64)
    window_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("lượt thử")
        verbose_name_plural = _("lượt thử")
        constraints = [models.UniqueConstraint(fields=("key", "window_at"), name="attempt_once_a_window")]
        indexes = [models.Index(fields=("window_at",), name="attempt_window")]

    def __str__(self):
        return f"{self.window_at:%d/%m/%Y %H:%M}: {self.count}"
