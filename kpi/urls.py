"""Addresses of the room's screens."""

from django.urls import URLPattern, URLResolver, include, path

from kpi.views import dashboard, days, exports, goals, mails, tickets

app_name = "kpi"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kpi.surveys.urls")),
    path("kpi/", dashboard.dashboard, name="dashboard"),
    path("kpi/now/", dashboard.now, name="now"),
    path("kpi/waiting/", dashboard.waiting, name="waiting"),
    path("kpi/part/<slug:name>/", dashboard.part, name="part"),
    path("kpi/tickets/", tickets.tickets, name="tickets"),
    path("kpi/my-day/", days.my_day, name="my_day"),
    path("kpi/my-day/compared/", days.compared, name="compared"),
    path("kpi/export/", exports.export, name="export"),
    path("kpi/exports/", exports.export_list, name="export_list"),
    path("kpi/exports/<uuid:export_id>/", exports.export_detail, name="export_detail"),
    path("kpi/exports/<uuid:export_id>/progress/", exports.export_progress, name="export_progress"),
    path("kpi/exports/<uuid:export_id>/file/", exports.export_file, name="export_file"),
    path("settings/goals/", goals.goals, name="goals"),
    path("settings/goals/openness/", goals.openness, name="openness"),
    path("settings/figure-mails/", mails.mails, name="mails"),
]
