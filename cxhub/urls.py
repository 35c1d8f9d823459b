"""Which room answers at which address."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # First what is asked most often: Django tries one after the other.
    path("", include("channels_app.urls")),
    path("", include("tickets.urls")),
    path("", include("customers.urls")),
    path("", include("accounts.urls")),
    path("", include("voc.urls")),
    path("", include("kpi.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.login_urls")),
]

handler400 = "accounts.views.errors.bad_request"
handler403 = "accounts.views.errors.forbidden"
handler404 = "accounts.views.errors.not_found"
handler500 = "accounts.views.errors.server_error"
