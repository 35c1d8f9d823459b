"""Addresses of telephones: calling, listening, and the settings."""

from django.urls import path

from channels_app.telephony import settings_views, views

urlpatterns = [
    path("inbox/<uuid:ticket_id>/call/", views.call, name="call"),
    path("inbox/<uuid:ticket_id>/recordings/<uuid:event_id>/", views.recording, name="recording"),
    path("calls/<uuid:request_id>/", views.card, name="call_card"),
    path("calls/<uuid:request_id>/again/", views.again, name="call_again"),
    path("settings/telephony/", settings_views.telephony, name="telephony"),
]
