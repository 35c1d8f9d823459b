"""Registers the room, and its place in the rail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        from accounts.audit_words import add_action_words
        from accounts.navigation import Entry, add_main_entry
        from accounts.policies import Permission
        from tickets.queries.mentions import unread_mentions

        inbox = Entry("tickets:inbox", _("Inbox"), "inbox", Permission.USE_INBOX, order=10, count=unread_mentions)
        add_main_entry(inbox)
        add_main_entry(Entry("tickets:team", _("Team"), "headset", Permission.SEE_PEOPLE, order=40))
        add_action_words({"tickets.routing.set": _("Changed routing")})
