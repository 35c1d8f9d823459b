"""Addresses of the channel accounts' screens; included by channels_app.urls under the namespace `channels`."""

from __future__ import annotations

from django.urls import path

from channels_app.mail import account_views

urlpatterns = [
    path("settings/channels/", account_views.account_list, name="account_list"),
    path("settings/channels/new/", account_views.account_new, name="account_new"),
    path("settings/channels/<uuid:account_id>/", account_views.account_detail, name="account_detail"),
    path("settings/channels/<uuid:account_id>/trial/", account_views.account_trial, name="account_trial"),
]
