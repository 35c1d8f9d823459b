"""Registers the room, and its place in the rail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        from accounts.audit_words import add_action_words
        from accounts.navigation import DESK_GROUP, ORGANIZATION_GROUP, Entry, add_main_entry, add_settings_entry
        from accounts.policies import Permission
        from tickets.queries.mentions import unread_mentions

        inbox = Entry("tickets:inbox", _("Inbox"), "inbox", Permission.USE_INBOX, order=10, count=unread_mentions)
        add_main_entry(inbox)
        # How many of hers press comes with the bell: a page need not wait for it.
        promises = Entry("tickets:promises", _("Promises"), "clock", Permission.USE_INBOX, order=15)
        add_main_entry(promises)
        # How many are to be called back is asked when the page stands, too.
        add_main_entry(Entry("tickets:call_backs", _("Call back"), "phone", Permission.USE_INBOX, order=12))
        add_main_entry(Entry("tickets:team", _("Live board"), "headset", Permission.SEE_PEOPLE, order=40))
        add_settings_entry(
            Entry(
                "tickets:rules",
                _("Rules"),
                "refresh",
                Permission.EDIT_RULES,
                order=50,
                description=_("What the hub does by itself: when, if, then"),
                group=ORGANIZATION_GROUP,
            )
        )
        add_settings_entry(
            Entry(
                "tickets:reply_list",
                _("Saved replies"),
                "send",
                Permission.USE_INBOX,
                order=60,
                description=_("Texts for the composer, with places for name, purchase, hours"),
                group=DESK_GROUP,
            )
        )
        add_settings_entry(
            Entry(
                "tickets:macro_list",
                _("Macros"),
                "check-circle",
                Permission.USE_INBOX,
                order=70,
                description=_("Several acts in one press"),
                group=DESK_GROUP,
            )
        )
        add_action_words(
            {
                "tickets.routing.set": _("Changed routing"),
                "tickets.merged": _("Merged tickets"),
                "tickets.unmerged": _("Undid a merge of tickets"),
                "tickets.promises.set_lead": _("Changed when promises alarm"),
                "tickets.rules.make": _("Made rule"),
                "tickets.rules.change": _("Changed rule"),
                "tickets.rules.move": _("Changed order of rules"),
                "tickets.rules.switch_on": _("Switched rule on"),
                "tickets.rules.switch_off": _("Switched rule off"),
                "tickets.rules.remove": _("Removed rule"),
                "tickets.availability.set": _("Set a colleague's state"),
                "tickets.broadcast.send": _("Sent a broadcast"),
                "tickets.broadcast.end": _("Took a broadcast back"),
                "tickets.attachment.save": _("Saved a file of a conversation"),
                "tickets.canned_reply.set": _("Changed a saved reply"),
                "tickets.canned_reply.delete": _("Deleted a saved reply"),
                "tickets.macro.set": _("Changed a macro"),
                "tickets.macro.delete": _("Deleted a macro"),
            }
        )
