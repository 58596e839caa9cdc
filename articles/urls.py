from django.urls import path

from articles.views import articles, documents, media, pages, pieces, videos

app_name = "articles"
urlpatterns = [
    path("tin-bai/", articles.ArticleList.as_view(), name="article-list"),
    path("tin-bai/<slug:slug>-<int:pk>/", articles.ArticleDetail.as_view(), name="article-detail"),
    path("tin-bai/<int:pk>/the.png", articles.card, name="article-card"),
    path("tin-bai/<int:pk>/luot-xem/", articles.seen, name="article-seen"),
    path("tin-bai/<int:pk>/danh-gia/", articles.rate, name="article-rate"),
    path("van-ban/", documents.DocumentList.as_view(), name="document-list"),
    path("van-ban/<int:pk>/", documents.DocumentDetail.as_view(), name="document-detail"),
    path("video/", videos.VideoList.as_view(), name="video-list"),
    path("video/<slug:slug>-<int:pk>/", videos.VideoDetail.as_view(), name="video-detail"),
    path("trang/<slug:slug>/", pages.PageDetail.as_view(), name="page-detail"),
    path("tep/anh/<uuid:pk>-<int:width>.webp", media.image, name="image"),
    path("tep/anh/<uuid:pk>-<int:width>.<slug:ending>", media.image, name="image"),
    path("tep/tai/<uuid:pk>.<slug:ending>", media.file, name="file"),
    path("xem-thu/<str:token>/", pieces.preview, name="preview"),
    path("quan-tri/anh/thu-vien/", media.library, name="image-library"),
    path("quan-tri/anh/tai-len/", media.upload_image, name="image-upload"),
]
