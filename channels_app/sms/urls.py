"""The addresses of this folder: the owner's screen, and where a provider tells what became of a text."""

from django.urls import path

from channels_app.sms import report_views, views

urlpatterns = [
    path("settings/text-messages/", views.sms, name="sms"),
    path("hooks/sms/<uuid:account_id>/", report_views.reports, name="sms_reports"),
]
