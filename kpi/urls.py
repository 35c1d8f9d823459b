"""Addresses of the room's screens."""

from django.urls import URLPattern

app_name = "kpi"

urlpatterns: list[URLPattern] = []
