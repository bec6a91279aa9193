"""Addresses of referrals and of the directory."""

from django.urls import path

from tutoring.referrals import agency_views, around_views, meeting_views, mentoring_views, views

app_name = "referrals"
urlpatterns = [
    path("", views.ReferralList.as_view(), name="referral-list"),
    path("new/<uuid:student>/", views.ReferralCreate.as_view(), name="referral-create"),
    path("<uuid:pk>/", views.ReferralDetail.as_view(), name="referral-detail"),
    path("<uuid:pk>/tap/", views.ReferralTap.as_view(), name="referral-tap"),
    path("<uuid:pk>/key-person/", views.ReferralHandOver.as_view(), name="referral-hand-over"),
    path("<uuid:pk>/close/", views.ReferralClose.as_view(), name="referral-close"),
    path("directory/", agency_views.Directory.as_view(), name="directory"),
    path("agencies/", agency_views.AgencyList.as_view(), name="agency-list"),
    path("agencies/usual/", agency_views.AgencyKeepUsual.as_view(), name="agency-keep-usual"),
    path("agencies/new/", agency_views.AgencyCreate.as_view(), name="agency-create"),
    path("agencies/<uuid:pk>/", agency_views.AgencyEdit.as_view(), name="agency-edit"),
    path("agencies/<uuid:agency>/contacts/new/", agency_views.ContactCreate.as_view(), name="contact-create"),
    path("contacts/<uuid:pk>/", agency_views.ContactEdit.as_view(), name="contact-edit"),
    path("around/new/<uuid:student>/", around_views.PersonCreate.as_view(), name="person-create"),
    path("around/<uuid:pk>/", around_views.PersonEdit.as_view(), name="person-edit"),
    path("around/key-person/<uuid:student>/", around_views.KeyPersonSet.as_view(), name="key-person"),
    path("mentored/", mentoring_views.Mentored.as_view(), name="mentored"),
    path("mentoring/new/<uuid:student>/", mentoring_views.MentoringBegin.as_view(), name="mentoring-begin"),
    path("mentoring/<uuid:pk>/", mentoring_views.MentoringEdit.as_view(), name="mentoring-edit"),
    path("mentoring/<uuid:pk>/end/", mentoring_views.MentoringEnd.as_view(), name="mentoring-end"),
    path("meetings/new/<uuid:student>/", meeting_views.MeetingCreate.as_view(), name="meeting-create"),
    path("meetings/<uuid:pk>/", meeting_views.MeetingUpdate.as_view(), name="meeting-update"),
    path("meetings/<uuid:pk>/next/", meeting_views.NextMeeting.as_view(), name="meeting-next"),
]
