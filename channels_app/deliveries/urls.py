"""Addresses of the deliveries' screens; included by channels_app.urls under the namespace `channels`."""

from __future__ import annotations

from django.urls import path

from channels_app.deliveries import views

urlpatterns = [
    path("settings/deliveries/", views.delivery_list, name="delivery_list"),
    path("settings/deliveries/again/", views.deliveries_again, name="deliveries_again"),
    path("settings/deliveries/<uuid:delivery_id>/", views.delivery_detail, name="delivery_detail"),
]
