"""Addresses of the refused events' screens; included by channels_app.urls under the namespace `channels`."""

from __future__ import annotations

from django.urls import path

from channels_app.refused import views

urlpatterns = [
    path("settings/refused/", views.refused_list, name="refused_list"),
    path("settings/refused/send-again/", views.refused_send_again, name="refused_send_again"),
    path("settings/refused/<uuid:refused_id>/", views.refused_detail, name="refused_detail"),
    path("settings/refused/<uuid:refused_id>/discard/", views.refused_discard, name="refused_discard"),
]
