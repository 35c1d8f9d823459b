"""Registers the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VocConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "voc"
    verbose_name = _("Voice of the customer")

    def ready(self) -> None:
        from voc import board_navigation, navigation

        navigation.register_settings()
        navigation.register_words()
        board_navigation.register_board()
