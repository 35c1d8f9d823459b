"""Which socket answers at which path."""

from django.urls import URLPattern

websocket_urlpatterns: list[URLPattern] = []
