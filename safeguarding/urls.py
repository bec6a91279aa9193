"""Addresses of the safeguarding pages."""

from django.urls import include, path

from safeguarding import chronology_views, conflict_views, desk_views, search_views, views

app_name = "safeguarding"
DOINGS = ("receive", "level", "owner", "step", "tell", "link", "unlink", "part", "reopen")
urlpatterns = [
    path("", include("safeguarding.sharing.urls")),
    path("raise-a-concern/", views.RaiseConcern.as_view(), name="raise-concern"),
    path("guidance/", views.CategoryGuidance.as_view(), name="guidance"),
    path("writing-check/", views.WritingCheck.as_view(), name="writing-check"),
    path("my-concerns/", views.ReceiptList.as_view(), name="receipt-list"),
    path("my-concerns/<uuid:pk>/", views.ReceiptDetail.as_view(), name="receipt-detail"),
    path("my-concerns/<uuid:pk>/more/", views.AddToConcern.as_view(), name="concern-more"),
    path("desk/", desk_views.Desk.as_view(), name="desk"),
    path("search/", search_views.FileSearch.as_view(), name="search"),
    path("children/<uuid:student>/", chronology_views.ChildFile.as_view(), name="child-file"),
    path("children/<uuid:student>/pdf/", chronology_views.ChildFilePdf.as_view(), name="child-file-pdf"),
    path("concerns/<uuid:pk>/", desk_views.ConcernDetail.as_view(), name="concern-detail"),
    path(
        "concerns/<uuid:pk>/files/<uuid:attachment>/",
        desk_views.AttachmentDetail.as_view(),
        name="attachment-detail",
    ),
    path("concerns/<uuid:pk>/write/", desk_views.EntryCreate.as_view(), name="entry-create"),
    path("concerns/<uuid:pk>/kept-from/", conflict_views.KeptFromCreate.as_view(), name="kept-from-create"),
    path("concerns/<uuid:pk>/may-read-again/", conflict_views.KeptFromEnd.as_view(), name="kept-from-end"),
    *(
        path(f"concerns/<uuid:pk>/{what}/", desk_views.ConcernDo.as_view(what=what), name=f"concern-{what}")
        for what in DOINGS
    ),
]
