"""Registers the accounts room: who belongs to which organization, and what was done by whom."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import audit_words, navigation

        audit_words.register_own_words()
        navigation.register_own_entries()
