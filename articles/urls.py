from django.urls import path

from articles.views import articles, media, pieces

app_name = "articles"
urlpatterns = [
    path("tin-bai/", articles.ArticleList.as_view(), name="article-list"),
    path("tin-bai/<slug:slug>-<int:pk>/", articles.ArticleDetail.as_view(), name="article-detail"),
    path("tin-bai/<int:pk>/danh-gia/", articles.rate, name="article-rate"),
    path("tep/anh/<uuid:pk>-<int:width>.webp", media.image, name="image"),
    path("tep/tai/<uuid:pk>.<slug:ending>", media.file, name="file"),
    path("xem-thu/<str:token>/", pieces.preview, name="preview"),
    path("quan-tri/anh/thu-vien/", media.library, name="image-library"),
    path("quan-tri/anh/tai-len/", media.upload_image, name="image-upload"),
]
