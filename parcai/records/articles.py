"""Articles, documents, videos, fixed pages, and the lists they are sorted by."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Document, DocumentType, Force, Page, Piece, Topic, Video
from parcai.lib.html import plain_text
from parcai.lib.listfilters import related_to
from parcai.lib.publishing import Publishable
from parcai.records.columns import (
    DOCUMENT_SHOWN,
    PAGE,
    PUBLISHED,
    UPDATED,
    agency_column,
    campaigns_column,
    documents_column,
    files_column,
    id_column,
    public_documents,
    to_article,
    to_document,
    to_topic,
    to_type,
    url_column,
    with_campaigns,
    with_public,
)
from parcai.records.filters import (
    AgencyFilter,
    CampaignFilter,
    ChoiceFilter,
    FromDay,
    NoFilter,
    NumberFilter,
    SinceFilter,
    ToDay,
    UntilFilter,
)
from parcai.records.kinds import NUMBER, Card, Column, Key, Kind, Search, Tab, Type, Words, day_of

NEWEST = ("-publish_at", "-pk")


def _since() -> SinceFilter:
    return SinceFilter("publish_at", says=_("Đăng từ ngày hoặc thời điểm này."))


def _until() -> UntilFilter:
    return UntilFilter("publish_at", says=_("Đăng đến hết ngày, hoặc đến thời điểm này."))


def _updated_since() -> SinceFilter:
    words = _("Đăng hoặc sửa từ ngày hoặc thời điểm này: để theo dõi thay đổi.")
    return SinceFilter("updated_at", "publish_at", says=words)


def gone_piece(rows: Any, key: Key = NUMBER):
    """What a piece that was public says of its absence, as its page does."""

    def gone(id_: str) -> Words | None:
        wanted = key.find(id_)
        row: Piece | None = rows.filter(amends=None, **wanted).first() if wanted else None
        if row is None or not row.was_public:
            return None
        if row.status == Publishable.Status.WITHDRAWN:
            return _("Mục này đã được gỡ. Lý do: %s") % row.withdrawn_reason
        if row.is_archived:
            return _("Mục này đã hết thời gian đăng và nằm trong lưu trữ của cổng.")
        return _("Mục này đang được chỉnh sửa và tạm thời không hiển thị.")

    return gone


class ArticleFilters(django_filters.FilterSet):
    kind = ChoiceFilter(choices=Article.Kind.choices, says=_("Loại tin bài."), example="news")
    agency = AgencyFilter()
    campaign = CampaignFilter()
    topic = NumberFilter(method="about", says=_("Chỉ những bài của chủ đề này: mã của chủ đề."), example="3")
    since = _since()
    until = _until()
    updated_since = _updated_since()

    def about(self, queryset, _name, value):
        return related_to(queryset, "topics", [value])


def _article_card(article) -> Card:
    return Card(
        title=article.title,
        url=article.get_absolute_url(),
        text=f"{article.summary}\n{plain_text(article.body)}",
        on=day_of(article.publish_at),
        by=article.agency.name,
        note="" if article.kind == Article.Kind.GUIDE else str(article.get_kind_display()),
    )


ARTICLES = Kind(
    search=Search(
        record="article",
        indexed=lambda: Article.objects.findable().prefetch_related("topics", "tags", "campaigns"),
        shown=lambda: Article.objects.published().select_related("agency"),
        card=_article_card,
        tabs=(
            Tab("guide", "huong-dan", _("Hướng dẫn"), _("Hướng dẫn dịch vụ công")),
            Tab("article", "tin-bai", _("Tin bài"), _("Tin bài")),
        ),
    ),
    name="articles",
    model=Article,
    one=_("Tin bài"),
    many=_("Tin bài"),
    says=_(
        "Tin tức, gương điển hình, sáng kiến, bài phê bình, hướng dẫn dịch vụ công và thông báo đang đăng trên cổng."
    ),
    rows=lambda: (
        Article.objects.published()
        .select_related("agency", "cover")
        .prefetch_related(
            with_campaigns(),
            "topics",
            "tags",
            "files",
            "corrections",
            with_public("documents", public_documents(), *DOCUMENT_SHOWN),
            with_public("related", Article.objects.published(), "title", "slug"),
        )
        .defer("folded")
    ),
    columns=(
        id_column(),
        url_column(),
        Column("kind", Type.TEXT, _("Loại"), _("Loại tin bài."), choices=Article.Kind),
        Column("title", Type.TEXT, _("Tiêu đề"), _("Tiêu đề của bài.")),
        Column("summary", Type.TEXT, _("Tóm tắt"), _("Một, hai câu nói bài viết về việc gì.")),
        Column(
            "body", Type.HTML, _("Nội dung"), _("Toàn văn, đã làm sạch; liên kết và ảnh có địa chỉ đầy đủ.")
        ),
        agency_column(_("Cơ quan của bài.")),
        Column(
            "author",
            Type.TEXT,
            _("Tác giả"),
            _("Tên tác giả hiện trên trang; trống khi bài không nêu."),
            get=lambda row: row.author_line,
        ),
        PUBLISHED,
        UPDATED,
        campaigns_column(),
        Column(
            "topics",
            Type.LIST,
            _("Chủ đề"),
            _("Các chủ đề của bài."),
            get=lambda row: [to_topic(each) for each in row.topics.all()],
            of=Type.REFERENCE,
            to="topics",
        ),
        Column(
            "tags",
            Type.LIST,
            _("Từ khóa"),
            _("Các từ khóa của bài."),
            get=lambda row: [each.name for each in row.tags.all()],
            of=Type.TEXT,
        ),
        Column(
            "cover",
            Type.ADDRESS,
            _("Ảnh bìa"),
            _("Địa chỉ ảnh bìa."),
            get=lambda row: row.cover and row.cover.url_plain,
            may_be_null=True,
        ),
        Column(
            "cover_alt",
            Type.TEXT,
            _("Mô tả ảnh bìa"),
            _("Lời mô tả ảnh cho người không nhìn thấy."),
            get=lambda row: row.cover and row.cover.alt,
            may_be_null=True,
        ),
        files_column(),
        documents_column(
            _("Các văn bản mà bài dẫn, trong số đang đăng trên cổng."),
            get=lambda row: [to_document(each) for each in row.documents.all()],
        ),
        Column(
            "related",
            Type.LIST,
            _("Bài liên quan"),
            _("Các bài do ban biên tập chọn, trong số đang đăng."),
            get=lambda row: [to_article(each) for each in row.related.all()],
            of=Type.REFERENCE,
            to="articles",
        ),
        Column(
            "corrections",
            Type.LIST,
            _("Đính chính"),
            _("Các lời đính chính, mới nhất trước."),
            get=lambda row: row.corrections.all(),
            of=(
                Column("text", Type.TEXT, _("Lời đính chính"), _("Sai gì, đã sửa thế nào.")),
                Column("made_at", Type.MOMENT, _("Đính chính lúc"), _("Thời điểm đính chính.")),
            ),
        ),
        Column(
            "sources",
            Type.LIST,
            _("Nguồn"),
            _("Các nguồn của bài."),
            get=lambda row: row.source_list,
            of=(
                Column(
                    "words", Type.TEXT, _("Tên nguồn"), _("Nguồn viết bằng lời."), get=lambda pair: pair[0]
                ),
                Column(
                    "url",
                    Type.ADDRESS,
                    _("Địa chỉ"),
                    _("Địa chỉ của nguồn, nếu có."),
                    get=lambda pair: pair[1],
                    may_be_null=True,
                ),
            ),
        ),
    ),
    filters=ArticleFilters,
    order=NEWEST,
    changed=("updated_at", "publish_at"),
    gone=gone_piece(Article.objects),
)


class DocumentFilters(django_filters.FilterSet):
    type = NumberFilter(field_name="kind", says=_("Loại văn bản: mã của loại."), example="3")
    force = ChoiceFilter(
        method="of_force", choices=Force.choices, says=_("Hiệu lực tính đến hôm nay."), example="in_force"
    )
    agency = AgencyFilter(says=_("Cơ quan ban hành, trong danh mục của cổng: mã của cơ quan."))
    campaign = CampaignFilter()
    issued_since = FromDay("issued_on", says=_("Ban hành từ ngày này."))
    issued_until = ToDay("issued_on", says=_("Ban hành đến hết ngày này."))
    since = _since()
    until = _until()
    updated_since = _updated_since()

    def of_force(self, queryset, _name, value):
        return queryset.filter(force_found=value)


def _documents_of(relation: str):
    return lambda row: [to_document(each) for each in getattr(row, relation).all()]


def _document_card(document) -> Card:
    return Card(
        title=f"{document.kind} {document.number}",
        url=document.get_absolute_url(),
        text=f"{document.title}\n{document.summary}",
        on=document.issued_on or day_of(document.publish_at),
        by=document.issuer_name,
        note=str(document.force.label),
    )


DOCUMENTS = Kind(
    search=Search(
        record="document",
        indexed=lambda: (
            Document.objects.findable().select_related("kind", "agency").prefetch_related("campaigns")
        ),
        shown=lambda: Document.objects.published().select_related("kind", "agency").with_force(),
        card=_document_card,
        tabs=(Tab("document", "van-ban", _("Văn bản"), _("Văn bản")),),
    ),
    name="documents",
    model=Document,
    one=_("Văn bản"),
    many=_("Văn bản"),
    says=_("Văn bản đang đăng trên cổng, với hiệu lực tính đến hôm nay."),
    rows=lambda: (
        Document.objects.published()
        .with_force()
        .select_related("agency", "kind")
        .prefetch_related(
            with_campaigns(),
            "files",
            with_public("replaces", public_documents(), *DOCUMENT_SHOWN),
            with_public("replaced_by", public_documents(), *DOCUMENT_SHOWN),
        )
        .defer("search_key")
    ),
    columns=(
        id_column(),
        url_column(),
        Column("number", Type.TEXT, _("Số, ký hiệu"), _("Số, ký hiệu như trên văn bản.")),
        Column(
            "type",
            Type.REFERENCE,
            _("Loại văn bản"),
            _("Loại văn bản."),
            get=lambda row: to_type(row.kind),
            to="document-types",
        ),
        Column("title", Type.TEXT, _("Trích yếu"), _("Trích yếu của văn bản.")),
        Column("summary", Type.TEXT, _("Tóm tắt"), _("Văn bản nói gì với người dân, bằng lời dễ hiểu.")),
        Column(
            "issuer",
            Type.TEXT,
            _("Cơ quan ban hành"),
            _("Tên cơ quan ban hành."),
            get=lambda row: row.issuer_name,
        ),
        agency_column(_("Cơ quan ban hành, khi có trong danh mục của cổng."), may_be_null=True),
        Column("signer_name", Type.TEXT, _("Người ký"), _("Tên người ký; trống khi chưa công bố.")),
        Column("signer_title", Type.TEXT, _("Chức vụ người ký"), _("Chức vụ người ký.")),
        Column("issued_on", Type.DATE, _("Ngày ban hành"), _("Ngày ban hành."), may_be_null=True),
        Column(
            "effective_on",
            Type.DATE,
            _("Có hiệu lực từ"),
            _("Ngày bắt đầu có hiệu lực; trống khi chưa xác định."),
            may_be_null=True,
        ),
        Column(
            "expires_on",
            Type.DATE,
            _("Có hiệu lực đến hết"),
            _("Ngày cuối còn hiệu lực, nếu văn bản có ghi."),
            may_be_null=True,
        ),
        Column(
            "force",
            Type.TEXT,
            _("Hiệu lực"),
            _("Hiệu lực tính đến hôm nay; đổi theo ngày mà không đổi updated_at."),
            get=lambda row: row.force.value,
            choices=Force,
        ),
        Column(
            "partly_note",
            Type.TEXT,
            _("Hết hiệu lực một phần"),
            _("Phần nào hết hiệu lực, theo văn bản nào."),
        ),
        Column("ended_on", Type.DATE, _("Bị bãi bỏ từ"), _("Ngày bị bãi bỏ."), may_be_null=True),
        Column("end_ground", Type.TEXT, _("Căn cứ bãi bỏ"), _("Văn bản nào bãi bỏ, điều khoản nào.")),
        Column(
            "replaces",
            Type.LIST,
            _("Thay thế cho"),
            _("Các văn bản mà văn bản này thay thế, trong số đang đăng."),
            get=_documents_of("replaces"),
            of=Type.REFERENCE,
            to="documents",
        ),
        Column(
            "replaced_by",
            Type.LIST,
            _("Được thay thế bởi"),
            _("Các văn bản thay thế văn bản này, trong số đang đăng."),
            get=_documents_of("replaced_by"),
            of=Type.REFERENCE,
            to="documents",
        ),
        campaigns_column(),
        files_column(),
        PUBLISHED,
        UPDATED,
    ),
    filters=DocumentFilters,
    order=NEWEST,
    changed=("updated_at", "publish_at"),
    gone=gone_piece(Document.objects),
)


class VideoFilters(django_filters.FilterSet):
    agency = AgencyFilter()
    campaign = CampaignFilter()
    since = _since()
    until = _until()
    updated_since = _updated_since()


def _video_card(video) -> Card:
    return Card(
        title=video.title,
        url=video.get_absolute_url(),
        text=f"{video.summary}\n{plain_text(video.transcript)}",
        on=day_of(video.publish_at),
        by=video.agency.name if video.agency else "",
    )


VIDEOS = Kind(
    search=Search(
        record="video",
        indexed=lambda: Video.objects.findable().prefetch_related("campaigns"),
        shown=lambda: Video.objects.published().select_related("agency"),
        card=_video_card,
        tabs=(Tab("video", "video", _("Video"), _("Video")),),
    ),
    name="videos",
    model=Video,
    one=_("Video"),
    many=_("Video"),
    says=_("Video tuyên truyền: nơi đặt video, tóm tắt và lời thoại."),
    rows=lambda: (
        Video.objects.published()
        .select_related("agency", "poster")
        .prefetch_related(with_campaigns())
        .defer("folded")
    ),
    columns=(
        id_column(),
        url_column(),
        Column("title", Type.TEXT, _("Tên"), _("Tên video.")),
        Column("summary", Type.TEXT, _("Tóm tắt"), _("Một, hai câu nói về video.")),
        agency_column(_("Cơ quan của video.")),
        Column(
            "watch_url",
            Type.ADDRESS,
            _("Xem tại"),
            _("Địa chỉ của video ở trang đặt video."),
            get=lambda row: row.source and row.source.watch_url,
            may_be_null=True,
        ),
        Column(
            "seconds",
            Type.INTEGER,
            _("Thời lượng"),
            _("Thời lượng tính bằng giây; trống khi chưa ghi."),
            get=lambda row: row.seconds or None,
            may_be_null=True,
        ),
        Column("recorded_on", Type.DATE, _("Quay ngày"), _("Ngày quay, nếu có ghi."), may_be_null=True),
        Column("transcript", Type.HTML, _("Lời thoại"), _("Lời thoại viết ra; trống khi chưa có.")),
        Column(
            "poster",
            Type.ADDRESS,
            _("Ảnh đại diện"),
            _("Địa chỉ ảnh đại diện."),
            get=lambda row: row.poster and row.poster.url_plain,
            may_be_null=True,
        ),
        campaigns_column(),
        PUBLISHED,
        UPDATED,
    ),
    filters=VideoFilters,
    order=NEWEST,
    changed=("updated_at", "publish_at"),
    gone=gone_piece(Video.objects),
)


class PageFilters(django_filters.FilterSet):
    since = _since()
    until = _until()
    updated_since = _updated_since()


def _page_card(page) -> Card:
    return Card(page.title, page.get_absolute_url(), f"{page.summary}\n{plain_text(page.body)}")


PAGES = Kind(
    search=Search(
        record="page",
        indexed=lambda: Page.objects.findable(),
        shown=lambda: Page.objects.published(),
        card=_page_card,
        tabs=(Tab("page", "trang", _("Trang"), _("Trang giới thiệu")),),
    ),
    name="pages",
    model=Page,
    one=_("Trang cố định"),
    many=_("Trang cố định"),
    says=_("Các trang giới thiệu, liên hệ, trợ năng, quyền riêng tư, điều khoản."),
    rows=lambda: Page.objects.published(),
    columns=(
        id_column(PAGE),
        url_column(),
        Column("title", Type.TEXT, _("Tiêu đề"), _("Tiêu đề của trang.")),
        Column("summary", Type.TEXT, _("Tóm tắt"), _("Một câu nói về trang.")),
        Column(
            "body", Type.HTML, _("Nội dung"), _("Toàn văn, đã làm sạch; liên kết và ảnh có địa chỉ đầy đủ.")
        ),
        PUBLISHED,
        UPDATED,
    ),
    filters=PageFilters,
    order=NEWEST,
    changed=("updated_at", "publish_at"),
    key=PAGE,
    gone=gone_piece(Page.objects, PAGE),
)


def _topics_in_use():
    """A topic shows once something public belongs to it: its name alone may tell what is being prepared."""
    published = Article.objects.published().filter(topics=OuterRef("pk")).order_by()
    return Topic.objects.filter(Exists(published))


TOPICS = Kind(
    name="topics",
    model=Topic,
    one=_("Chủ đề"),
    many=_("Chủ đề"),
    says=_("Các chủ đề có tin bài đang đăng."),
    rows=_topics_in_use,
    columns=(
        id_column(),
        url_column(),
        Column("name", Type.TEXT, _("Tên"), _("Tên chủ đề.")),
    ),
    filters=NoFilter,
    order=("pk",),
)

DOCUMENT_TYPES = Kind(
    name="document-types",
    model=DocumentType,
    one=_("Loại văn bản"),
    many=_("Loại văn bản"),
    says=_("Các loại văn bản mà cổng phân biệt."),
    rows=lambda: DocumentType.objects.all(),
    columns=(
        id_column(),
        Column(
            "url",
            Type.ADDRESS,
            _("Địa chỉ"),
            _("Danh sách văn bản của loại này."),
            get=lambda row: to_type(row).url,
        ),
        Column("name", Type.TEXT, _("Tên"), _("Tên loại văn bản.")),
    ),
    filters=NoFilter,
    order=("pk",),
)
