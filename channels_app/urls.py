"""Addresses of every way in and out; each folder brings its own."""

from __future__ import annotations

from django.urls import include, path

app_name = "channels"

urlpatterns = [
    path("", include("channels_app.api.urls")),
    path("", include("channels_app.consents.urls")),
    path("", include("channels_app.deliveries.urls")),
    path("", include("channels_app.mail.urls")),
    path("", include("channels_app.messenger.urls")),
    path("", include("channels_app.refused.urls")),
    path("", include("channels_app.sales_file.urls")),
    path("", include("channels_app.sms.urls")),
    path("", include("channels_app.telephony.urls")),
    path("", include("channels_app.widget.urls")),
]
