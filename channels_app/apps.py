"""Registers the room."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "channels_app"

    def ready(self) -> None:
        from channels_app import navigation
        from channels_app.sales_file import words as sales_file_words

        navigation.register_own_entries()
        sales_file_words.register_own_words()
