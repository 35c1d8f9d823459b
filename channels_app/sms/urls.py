"""The address of this folder's screen."""

from django.urls import path

from channels_app.sms import views

urlpatterns = [path("settings/text-messages/", views.sms, name="sms")]
