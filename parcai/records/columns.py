"""Columns and references that several kinds share: ids that last, the page, the agency, campaigns, files, hours."""

from django.db.models import Exists, F, OuterRef, Prefetch
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models import Article, Document, DocumentType, Topic
from parcai.records.filters import CAMPAIGN
from parcai.records.kinds import NUMBER, Column, Key, Reference, Type, absolute
from plan.models import Campaign, Plan


def _by_text(field: str, longest: int) -> Key:
    def find(text: str) -> dict | None:
        return {field: text} if text and "\x00" not in text and len(text) <= longest else None

    return Key(of=lambda row: getattr(row, field), find=find)


def _year(text: str) -> dict | None:
    return {"year": int(text)} if text.isascii() and text.isdigit() and len(text) == 4 else None


def _campaign(text: str) -> dict | None:
    found = CAMPAIGN.fullmatch(text)
    return {"plan__year": int(found[1]), "number": int(found[2])} if found else None


AGENCY = _by_text("code", 40)
PAGE = _by_text("slug", 80)
PLAN = Key(of=lambda row: str(row.year), find=_year)
CAMPAIGN_KEY = Key(of=lambda row: f"{row.plan.year}-{row.number}", find=_campaign)


# References: to what everybody may read, or None ----------------------------------------------------------------


def to_agency(row: Agency | None) -> Reference | None:
    return Reference("agencies", AGENCY.of(row), row.name, absolute(row.get_absolute_url())) if row else None


def to_campaign(row: Campaign | None) -> Reference | None:
    if row is None:
        return None
    return Reference("campaigns", CAMPAIGN_KEY.of(row), row.short_title, absolute(row.get_absolute_url()))


def to_plan(row: Plan) -> Reference:
    return Reference("plans", PLAN.of(row), str(row), absolute(row.get_absolute_url()))


def to_topic(row: Topic) -> Reference:
    return Reference("topics", NUMBER.of(row), row.name, absolute(row.get_absolute_url()))


def to_type(row: DocumentType) -> Reference:
    return Reference("document-types", NUMBER.of(row), row.name, absolute(f"/van-ban/?loai={row.slug}"))


def to_document(row: Document) -> Reference:
    return Reference("documents", NUMBER.of(row), str(row), absolute(row.get_absolute_url()))


def to_article(row: Article) -> Reference:
    return Reference("articles", NUMBER.of(row), row.title, absolute(row.get_absolute_url()))


# What the rows of a relation are read with, so that nothing is asked row by row ---------------------------------


def with_campaigns() -> Prefetch:
    return Prefetch("campaigns", Campaign.objects.select_related("plan").order_by("plan", "number"))


def with_public(relation: str, rows, *shown: str) -> Prefetch:
    """Of a relation only what everybody may read now, and of that only what a reference says."""
    # Asked of each by its key: joined, SQLite begins with all public rows instead of the few that are named.
    public = Exists(rows.filter(pk=OuterRef("pk")).order_by())
    named = rows.model._default_manager.filter(public).only(*shown)
    return Prefetch(relation, named.order_by(F("pk") + 0))  # + 0: nor does it walk along the key


def public_documents():
    return Document.objects.published()


DOCUMENT_SHOWN = ("number", "title")


# Columns ---------------------------------------------------------------------------------------------------------


def id_column(key: Key = NUMBER) -> Column:
    return Column(
        "id", Type.TEXT, _("Mã"), _("Mã của mục, không đổi; dùng để hỏi lại đúng mục này."), get=key.of
    )


def url_column() -> Column:
    return Column(
        "url",
        Type.ADDRESS,
        _("Địa chỉ"),
        _("Trang dành cho người đọc trên cổng."),
        get=lambda row: row.get_absolute_url(),
    )


def agency_column(says, *, get=None, may_be_null: bool = False) -> Column:
    return Column(
        "agency",
        Type.REFERENCE,
        _("Cơ quan"),
        says,
        get=get or (lambda row: to_agency(row.agency)),
        to="agencies",
        may_be_null=may_be_null,
    )


def campaigns_column() -> Column:
    return Column(
        "campaigns",
        Type.LIST,
        _("Nội dung kế hoạch"),
        _("Các nội dung kế hoạch mà mục này thuộc về."),
        get=lambda row: [to_campaign(each) for each in row.campaigns.all()],
        of=Type.REFERENCE,
        to="campaigns",
    )


def documents_column(says, *, get) -> Column:
    return Column(
        "documents", Type.LIST, _("Văn bản được dẫn"), says, get=get, of=Type.REFERENCE, to="documents"
    )


def files_column() -> Column:
    return Column(
        "files",
        Type.LIST,
        _("Tệp"),
        _("Các tệp để tải về."),
        get=lambda row: row.files.all(),
        of=(
            Column("title", Type.TEXT, _("Tên"), _("Tên tệp hiện cho người đọc."), get=str),
            Column(
                "url",
                Type.ADDRESS,
                _("Địa chỉ"),
                _("Địa chỉ tải tệp."),
                get=lambda file: file.get_absolute_url(),
            ),
            Column("ending", Type.TEXT, _("Loại tệp"), _("Đuôi tệp, ví dụ pdf.")),
            Column("size", Type.INTEGER, _("Dung lượng"), _("Dung lượng tính bằng byte.")),
            Column("sha256", Type.TEXT, _("Mã kiểm tra"), _("SHA-256 của tệp, để so với bản đã tải.")),
        ),
    )


PUBLISHED = Column(
    "published_at",
    Type.MOMENT,
    _("Đăng lúc"),
    _("Thời điểm mục này được đăng."),
    get=lambda row: row.publish_at,
)
UPDATED = Column(
    "updated_at",
    Type.MOMENT,
    _("Cập nhật lúc"),
    _("Thời điểm mục này đổi lần cuối, không sớm hơn lúc đăng. Hỏi bằng updated_since."),
    get=lambda row: max(row.updated_at, row.publish_at),
)
