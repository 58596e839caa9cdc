from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path, re_path

from feedback.models import Case
from parcai import directory, feeds, searching, signin, statistics, views
from parcai.opendata import views as opendata

plan_pages = [
    path("", views.plan_list, name="plan-list"),
    path("<int:year>/", views.plan_detail, name="plan-detail"),
    path("<int:year>/<int:number>/", views.campaign_detail, name="campaign-detail"),
]
directory_pages = [
    path("", directory.agency_list, name="agency-list"),
    path("<slug:code>/", directory.agency_detail, name="agency-detail"),
]
search_pages = [
    path("", searching.results, name="search"),
    path("goi-y/", searching.suggestions, name="search-suggestions"),
    path("ghi-nhan/", searching.note, name="search-note"),
]
data_pages = [
    path("", opendata.data_sets, name="open-data"),
    path("danh-muc.jsonld", opendata.dcat, name="open-data-catalogue"),
    path("<slug:name>/", opendata.data_set, name="open-data-set"),
    path("<slug:name>/dong-bang/<str:file>", opendata.frozen_file, name="open-data-frozen"),
    path("<slug:name>/<str:file>", opendata.data_file, name="open-data-file"),
]
statistics_pages = [
    path("", statistics.statistics, name="statistics"),
    path("<int:year>/", statistics.report, name="statistics-report"),
    path("tep/<str:file>", statistics.statistics_file, name="statistics-file"),
]
account_pages = [
    path("", views.start, name="start"),
    path("dang-nhap/", signin.SignIn.as_view(), name="login"),
    path("dang-xuat/", auth.LogoutView.as_view(), name="logout"),
    path("mat-khau/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("mat-khau/xong/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("thong-bao/", views.inbox, name="inbox"),
]
feed_pages = [
    path("tin-bai/", feeds.ArticleFeed(), name="feed-articles"),
    path("tin-bai/<slug:by>/<slug:key>/", feeds.ArticleFeed(), name="feed-articles-by"),
    path("van-ban/", feeds.DocumentFeed(), name="feed-documents"),
    path("video/", feeds.VideoFeed(), name="feed-videos"),
    path("hoi-dap/", feeds.AnswerFeed(), {"kind": Case.Kind.QUESTION}, name="feed-question"),
    path("phan-anh/", feeds.AnswerFeed(), {"kind": Case.Kind.FEEDBACK}, name="feed-feedback"),
]
sitemap_pages = [
    path("sitemap.xml", feeds.sitemap_index, name="sitemap"),
    path("sitemap-tin-moi.xml", feeds.sitemap_news, name="sitemap-news"),
    re_path(
        r"^sitemap-(?P<name>trang|tin-bai|tra-loi|van-ban|video)-(?P<part>[1-9]\d{0,4})\.xml$",
        feeds.sitemap_part,
        name="sitemap-part",
    ),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("ke-hoach/", include((plan_pages, "plan"))),
    path("", include("articles.urls")),
    path("", include("feedback.urls")),
    path("", include("notifications.urls")),
    path("co-quan/", include(directory_pages)),
    path("tim-kiem/", include(search_pages)),
    path("du-lieu/", include(data_pages)),
    path("thong-ke/", include(statistics_pages)),
    path("lich-lam-viec/", views.calendar, name="calendar"),
    path("hien-thi/", views.appearance, name="appearance"),
    path("tai-khoan/", include(account_pages)),
    path("quan-tri/", admin.site.urls),
    path("trang-mau/", views.gallery, name="gallery"),
    path("khoe/", views.live, name="live"),
    path("san-sang/", views.ready, name="ready"),
    path("rss/", include(feed_pages)),
    path("api/v1/", include("parcai.api.urls")),
    *sitemap_pages,
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
