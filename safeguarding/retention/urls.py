"""Addresses of keeping and destroying."""

from django.urls import path

from safeguarding.retention import review_views, views

app_name = "retention"
urlpatterns = [
    path("", views.KeptList.as_view(), name="list"),
    path("children/<uuid:student>/", views.FileKept.as_view(), name="file"),
    path("children/<uuid:student>/hold/", views.HoldPlace.as_view(), name="hold-place"),
    path("holds/<uuid:pk>/lift/", views.HoldLift.as_view(), name="hold-lift"),
    path("children/<uuid:student>/review/", review_views.ReviewWrite.as_view(), name="review-write"),
    path("proposals/<uuid:pk>/", review_views.Proposal.as_view(), name="proposal"),
    path("proposals/<uuid:pk>/refuse/", review_views.ProposalRefuse.as_view(), name="proposal-refuse"),
    path("certificates/<uuid:pk>/", review_views.CertificateDetail.as_view(), name="certificate"),
    path("certificates/<uuid:pk>/pdf/", review_views.CertificatePdf.as_view(), name="certificate-pdf"),
    path("classes/", views.ClassList.as_view(), name="class-list"),
    path("classes/<uuid:pk>/", views.ClassEdit.as_view(), name="class-edit"),
]
