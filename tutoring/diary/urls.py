"""Addresses of the diary."""

from django.urls import path

from tutoring.diary import link_views, slot_views, together_views, views

app_name = "diary"
urlpatterns = [
    path("", views.DiaryWeek.as_view(), name="week"),
    path("book/", together_views.TogetherBook.as_view(), name="together-book"),
    path("<uuid:pk>/together/", together_views.TogetherPage.as_view(), name="together"),
    path("book/<uuid:student>/", views.AppointmentBook.as_view(), name="appointment-book"),
    path("<uuid:pk>/move/", views.AppointmentMove.as_view(), name="appointment-move"),
    path("<uuid:pk>/outcome/", views.AppointmentOutcome.as_view(), name="appointment-outcome"),
    path("slots/", slot_views.SlotList.as_view(), name="slot-list"),
    path("slots/<uuid:pk>/remove/", slot_views.SlotRemove.as_view(), name="slot-remove"),
    path("term/", slot_views.TermBook.as_view(), name="term-book"),
    path("calendar/", link_views.CalendarLinkPage.as_view(), name="calendar-link"),
    path("feed/<str:token>.ics", link_views.CalendarFeed.as_view(), name="calendar-feed"),
]
