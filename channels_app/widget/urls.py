"""Addresses of the widget; included by channels_app.urls under the namespace `channels`."""

from django.urls import path

from channels_app.widget import settings_views, shop, transcripts, views

urlpatterns = [
    path("widget.js", views.widget_js, name="widget_js"),
    path("widget/<uuid:widget_id>/session/", views.session, name="widget_session"),
    path("widget/<uuid:widget_id>/messages/", views.messages, name="widget_messages"),
    path("widget/<uuid:widget_id>/fetch/", views.fetch, name="widget_fetch"),
    path("widget/<uuid:widget_id>/about/", views.about, name="widget_about"),
    path("widget/<uuid:widget_id>/conversations/", views.conversations, name="widget_conversations"),
    path("widget/<uuid:widget_id>/begin/", views.begin, name="widget_begin"),
    path("widget/<uuid:widget_id>/survey/", views.survey, name="widget_survey"),
    path("widget/<uuid:widget_id>/files/", views.upload, name="widget_upload"),
    path("widget/<uuid:widget_id>/files/read/", views.read_file, name="widget_read_file"),
    path("widget/<uuid:widget_id>/files/drop/", views.drop_file, name="widget_drop_file"),
    path("widget/<uuid:widget_id>/transcript/", transcripts.transcript, name="widget_transcript"),
    path("settings/widget/", settings_views.widget_list, name="widget_list"),
    path("settings/widget/new/", settings_views.widget_new, name="widget_new"),
    path("settings/widget/<uuid:widget_id>/", settings_views.widget_detail, name="widget_detail"),
    path("settings/widget/<uuid:widget_id>/secret/", settings_views.widget_secret, name="widget_secret"),
    path("shop/", shop.shop, name="shop"),
]
