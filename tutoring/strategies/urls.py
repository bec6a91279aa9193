"""Addresses of the pages of strategies."""

from django.urls import path

from tutoring.strategies import handling_views, views

app_name = "strategies"
urlpatterns = [
    path("", views.StrategyList.as_view(), name="list"),
    path("<uuid:student>/cards/", views.Cards.as_view(), name="cards"),
    path("<uuid:student>/sheet/", views.Sheet.as_view(), name="sheet"),
    path("<uuid:student>/own-words/", views.OwnWordsWrite.as_view(), name="own-words"),
    path("cards/<uuid:pk>/still-true/", views.CardStillTrue.as_view(), name="card-still-true"),
    path("cards/<uuid:pk>/put-away/", views.CardPutAway.as_view(), name="card-put-away"),
    path("<uuid:student>/handling/", handling_views.Handling.as_view(), name="handling"),
    path("<uuid:student>/handling/write/", handling_views.HandlingWrite.as_view(), name="handling-write"),
    path("<uuid:student>/handling/agree/", handling_views.HandlingAgree.as_view(), name="handling-agree"),
]
