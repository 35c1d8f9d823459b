"""The address of this folder's screen."""

from django.urls import path

from channels_app.messenger import views

urlpatterns = [path("settings/messenger/", views.messenger, name="messenger")]
