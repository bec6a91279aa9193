"""Addresses of the pages of transfers."""

from django.urls import path

from safeguarding.transfer import package_views, views

app_name = "transfer"
urlpatterns = [
    path("", views.TransferList.as_view(), name="list"),
    path("begin/", views.TransferBegin.as_view(), name="begin"),
    path("<uuid:pk>/", views.TransferDetail.as_view(), name="detail"),
    path("<uuid:pk>/package/", package_views.PackageMake.as_view(), name="package"),
    *(
        path(f"<uuid:pk>/{what}/", views.TransferDo.as_view(what=what), name=what)
        for what in ("destination", "sent", "receipt", "chaser", "copy", "reopen", "stays")
    ),
]
