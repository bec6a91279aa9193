"""Addresses of this room, in the name space of the file."""

from django.urls import path

from safeguarding.sharing import cover_views, glass_views, handover_views, line_views, views

urlpatterns = [
    path("kept-from/", views.KeptList.as_view(), name="kept-list"),
    path("kept-from/<uuid:pk>/", views.ConfirmationDecide.as_view(), name="confirmation-decide"),
    path("lines/", line_views.LineList.as_view(), name="line-list"),
    path("lines/<uuid:pk>/", line_views.LineDetail.as_view(), name="line-detail"),
    path("handovers/", handover_views.HandoverLines.as_view(), name="handover-lines"),
    path("children/<uuid:student>/line/", line_views.LineCreate.as_view(), name="line-create"),
    path("cover/", cover_views.LeadCoverCreate.as_view(), name="lead-cover"),
    path("glass/", glass_views.BreakGlass.as_view(), name="glass-break"),
    path("glass/now/", glass_views.GlassFile.as_view(), name="glass-file"),
    path("glass/<uuid:pk>/", glass_views.GlassDetail.as_view(), name="glass-detail"),
    path("for-you/<uuid:pk>/", line_views.LineForMe.as_view(), name="line-for-me"),
]
