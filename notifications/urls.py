from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("dang-ky/xac-nhan/<str:token>/", views.confirm, name="confirm"),
    path("dang-ky/ngung/<str:token>/", views.leave, name="leave"),
]
