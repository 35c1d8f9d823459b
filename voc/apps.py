"""Registers the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VocConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "voc"
    verbose_name = _("Voice of the customer")

    def ready(self) -> None:
        from voc import navigation

        navigation.register_entries()
        navigation.register_words()
