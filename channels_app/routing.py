"""Which socket answers at which path, and whose cookie or origin counts there."""

from __future__ import annotations

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import URLPattern, path

from channels_app.desk.consumer import DeskConsumer
from channels_app.widget.consumer import WidgetConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/desk/", AllowedHostsOriginValidator(AuthMiddlewareStack(DeskConsumer.as_asgi()))),
    # Lives on other people's pages: no cookie counts, and the widget's own list of origins decides.
    path("ws/widget/<uuid:widget_id>/", WidgetConsumer.as_asgi()),
]
