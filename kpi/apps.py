"""Registers the room: its places on the settings page, and what it sends by the deliveries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpiConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "kpi"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from kpi.registering import register_figures
        from kpi.surveys.registering import register_surveys

        register_figures()
        register_surveys()
