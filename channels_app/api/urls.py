"""Addresses of the API, its document and its page."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from channels_app.api import views

urlpatterns = [
    path("api/v1/events/", views.EventsView.as_view(), name="api-events"),
    path(
        "api/schema/", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="api-schema"
    ),
    path(
        "api/docs/",
        SpectacularSwaggerView.as_view(
            url_name="channels:api-schema", authentication_classes=[], permission_classes=[]
        ),
        name="api-docs",
    ),
]
