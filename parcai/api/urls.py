"""Addresses of the open API; included at /api/v1/ under the name `api`."""

from django.urls import path, re_path

from parcai.api import views
from parcai.records import KINDS

app_name = "api"
urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("openapi.json", views.Description.as_view(), name="openapi"),
    path("docs/", views.docs, name="docs"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    *(path(f"{kind.name}/", views.RecordList.as_view(kind=kind), name=f"{kind.name}-list") for kind in KINDS),
    *(
        path(f"{kind.name}/<str:id>/", views.Record.as_view(kind=kind), name=f"{kind.name}-record")
        for kind in KINDS
    ),
    re_path(r"^.*/$", views.Nothing.as_view(), name="nothing"),
]
