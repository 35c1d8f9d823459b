"""The addresses of this folder: the owner's screen, and the customer's page, short for text messages."""

from django.urls import path

from channels_app.consents import public, views

urlpatterns = [
    path("settings/consents/", views.consents, name="consents"),
    path("c/<str:token>/", public.page, name="consent_page"),
]
