"""Registers the room."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "channels_app"

    def ready(self) -> None:
        from channels_app import navigation
        from channels_app.api import words as api_words
        from channels_app.consents import registering as consents
        from channels_app.deliveries import metrics
        from channels_app.deliveries import words as delivery_words
        from channels_app.mail import words as mail_words
        from channels_app.messenger import words as messenger_words
        from channels_app.refused import words as refused_words
        from channels_app.sales_file import words as sales_file_words
        from channels_app.sms import words as sms_words
        from channels_app.telephony import words as telephony_words

        navigation.register_own_entries()
        consents.register_consents()
        metrics.register_own_figures()
        delivery_words.register_own_words()
        mail_words.register_own_words()
        messenger_words.register_own_words()
        api_words.register_own_words()
        refused_words.register_own_words()
        sales_file_words.register_own_words()
        sms_words.register_own_words()
        telephony_words.register_own_words()
