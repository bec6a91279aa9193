"""Addresses of investigations."""

from django.urls import path

from safeguarding.investigations import finding_views, statement_views, views

app_name = "investigations"
urlpatterns = [
    path("", views.InvestigationList.as_view(), name="list"),
    path("open/", views.InvestigationOpen.as_view(), name="open"),
    path("<uuid:pk>/", views.InvestigationDetail.as_view(), name="detail"),
    path("<uuid:pk>/add/<slug:kind>/", views.EntryCreate.as_view(), name="entry-create"),
    path("<uuid:pk>/person/", views.PersonCreate.as_view(), name="person-create"),
    path("<uuid:pk>/ask/", statement_views.StatementAsk.as_view(), name="ask"),
    path("<uuid:pk>/statement/<uuid:statement>/", statement_views.StatementTake.as_view(), name="statement-take"),
    path(
        "<uuid:pk>/statement/<uuid:statement>/let-go/",
        statement_views.StatementLetGo.as_view(),
        name="statement-let-go",
    ),
    path("<uuid:pk>/finding/", finding_views.FindingCreate.as_view(), name="finding"),
    path("<uuid:pk>/follow-up/<uuid:follow_up>/", finding_views.FollowUpAnswer.as_view(), name="follow-up"),
    path("asked/<uuid:pk>/", statement_views.StatementOfMine.as_view(), name="asked"),
]
