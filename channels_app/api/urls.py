"""Addresses of the API, its document and pages, and the screens of its keys."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from channels_app.api import customers, key_views, mail, problem_pages, views
from kpi.api import FiguresView

_PUBLIC: dict[str, Any] = {"authentication_classes": [], "permission_classes": []}

urlpatterns = [
    path("api/v1/events/", views.EventsView.as_view(), name="api-events"),
    path("api/v1/mail/", mail.MailView.as_view(), name="api-mail"),
    path("api/v1/customers/", customers.CustomersView.as_view(), name="api-customers"),
    path("api/v1/customers/<uuid:customer_id>/", customers.CustomerView.as_view(), name="api-customer"),
    path("api/v1/kpi/", FiguresView.as_view(), name="api-kpi"),
    path("api/schema/", SpectacularJSONAPIView.as_view(**_PUBLIC), name="api-schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="channels:api-schema", template_name="channels_app/api/docs.html", **_PUBLIC
        ),
        name="api-docs",
    ),
    re_path(r"^api/", views.not_found, name="api-not-found"),
    path("problems/", problem_pages.problem_list, name="problem_list"),
    path("problems/<slug:slug>/", problem_pages.problem_detail, name="problem_detail"),
    path("settings/api-keys/", key_views.key_list, name="key_list"),
    path("settings/api-keys/new/", key_views.key_new, name="key_new"),
    path("settings/api-keys/<uuid:key_id>/revoke/", key_views.key_revoke, name="key_revoke"),
]
