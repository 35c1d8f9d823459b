"""Addresses of the sales imports; included by channels_app.urls under the namespace `channels`."""

from django.urls import path

from channels_app.sales_file import views

urlpatterns = [
    path("settings/imports/", views.import_list, name="import_list"),
    path("settings/imports/<uuid:import_id>/", views.import_detail, name="import_detail"),
    path("settings/imports/<uuid:import_id>/progress/", views.import_progress, name="import_progress"),
    path("settings/imports/<uuid:import_id>/columns/", views.import_columns, name="import_columns"),
    path("settings/imports/<uuid:import_id>/encoding/", views.import_encoding, name="import_encoding"),
    path("settings/imports/<uuid:import_id>/reopen/", views.import_reopen, name="import_reopen"),
    path("settings/imports/<uuid:import_id>/start/", views.import_start, name="import_start"),
    path("settings/imports/<uuid:import_id>/cancel/", views.import_cancel, name="import_cancel"),
    path("settings/imports/<uuid:import_id>/refused.csv", views.import_refused, name="import_refused"),
]
