from django.urls import path

from articles import views

app_name = "articles"
urlpatterns = [
    path("tin-bai/", views.ArticleList.as_view(), name="article-list"),
    path("tin-bai/<slug:slug>-<int:pk>/", views.ArticleDetail.as_view(), name="article-detail"),
    path("tin-bai/<int:pk>/danh-gia/", views.rate, name="article-rate"),
    path("tep/anh/<uuid:pk>-<int:width>.webp", views.image, name="image"),
    path("quan-tri/anh/thu-vien/", views.library, name="image-library"),
    path("quan-tri/anh/tai-len/", views.upload_image, name="image-upload"),
]
