"""Addresses of the room's screens."""

from django.urls import URLPattern

app_name = "voc"

urlpatterns: list[URLPattern] = []
