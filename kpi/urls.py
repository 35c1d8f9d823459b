"""Addresses of the room's screens."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "kpi"

urlpatterns: list[URLPattern | URLResolver] = [path("", include("kpi.surveys.urls"))]
