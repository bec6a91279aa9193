"""Addresses of the tutor_sessions pages."""

from django.urls import path

from tutoring.sessions import (
    agreement_views,
    comment_views,
    entitlement_views,
    home_views,
    kind_views,
    own_time_views,
    reflection_views,
    step_views,
    tag_views,
    together_views,
    views,
)

app_name = "tutor_sessions"
urlpatterns = [
    path("", views.SessionList.as_view(), name="session-list"),
    path("new/<uuid:student>/", views.SessionCreate.as_view(), name="session-create"),
    path("<uuid:pk>/", views.SessionDetail.as_view(), name="session-detail"),
    path("<uuid:pk>/change/", views.SessionUpdate.as_view(), name="session-update"),
    path("<uuid:pk>/hand-over/", agreement_views.HandOver.as_view(), name="hand-over"),
    path("<uuid:pk>/agreed/", agreement_views.AgreedCopy.as_view(), name="agreed-copy"),
    path("agreed/<uuid:pk>/happened/", agreement_views.OutcomeSay.as_view(), name="agreement-outcome"),
    path("agreed/<uuid:pk>/check/", agreement_views.AgreedCheck.as_view(), name="agreed-check"),
    path("hand-back/", agreement_views.HandBack.as_view(), name="hand-back"),
    path("praise/<uuid:student>/", home_views.PraiseHome.as_view(), name="praise-home"),
    path("steps/<uuid:pk>/done/", step_views.StepDone.as_view(), name="step-done"),
    path("together/", together_views.TogetherCreate.as_view(), name="together"),
    path("together/choose/", together_views.TogetherChoose.as_view(), name="together-choose"),
    path("my-time/", own_time_views.OwnTime.as_view(), name="own-time"),
    path("tags/", tag_views.TagList.as_view(), name="tag-list"),
    path("tags/new/", tag_views.TagCreate.as_view(), name="tag-create"),
    path("tags/<uuid:pk>/", tag_views.TagEdit.as_view(), name="tag-edit"),
    path("kinds/", kind_views.KindList.as_view(), name="kind-list"),
    path("kinds/new/", kind_views.KindCreate.as_view(), name="kind-create"),
    path("kinds/<uuid:pk>/", kind_views.KindEdit.as_view(), name="kind-edit"),
    path("entitlement/", entitlement_views.EntitlementEdit.as_view(), name="entitlement-edit"),
    path("exempt/<uuid:pk>/", entitlement_views.ExemptionEdit.as_view(), name="exemption-edit"),
    path("comments/", comment_views.CommentList.as_view(), name="comment-list"),
    path("comments/<uuid:pk>/", comment_views.CommentUpdate.as_view(), name="comment-update"),
    path("comments/<uuid:pk>/check/", comment_views.CommentCheck.as_view(), name="comment-check"),
    path("reflections/<uuid:student>/", reflection_views.ReflectionList.as_view(), name="reflection-list"),
    path("reflections/<uuid:student>/write/", reflection_views.Reflect.as_view(), name="reflect"),
    path("reflections/questions/", reflection_views.ReflectionSheetEdit.as_view(), name="reflection-sheet"),
    path("steps/<uuid:pk>/", step_views.StepUpdate.as_view(), name="step-update"),
]
