"""Registers the room: its places in the navigation, and what its audit entries are called."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from accounts.audit_words import add_action_words
        from accounts.navigation import Entry, add_main_entry
        from accounts.policies import Permission

        add_main_entry(Entry("customers:counter", _("Counter"), "store", Permission.USE_COUNTER, order=20))
        add_main_entry(Entry("customers:index", _("Customers"), "users", Permission.USE_INBOX, order=30))
        add_action_words(
            {
                "customers.search": _("Searched customers"),
                "customers.list": _("Listed customers"),
                "customers.view": _("Looked at a customer"),
                "customers.reveal": _("Saw a customer in full"),
                "customers.rename": _("Changed a customer's name"),
                "customers.memo": _("Changed a customer's memo"),
                "customers.merge": _("Merged customers"),
                "customers.unmerge": _("Undid a merge of customers"),
                "customers.dismiss_suggestion": _("Dismissed a merge suggestion"),
                "customers.export": _("Exported a customer"),
                "customers.consent": _("Wrote down a consent"),
                "customers.withdraw_consent": _("Wrote down the withdrawal of a consent"),
            }
        )
