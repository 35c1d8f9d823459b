"""The board's place in the rail, what the bell counts of it, and the names of its acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words
from accounts.navigation import Entry, add_main_entry
from accounts.policies import Permission
from tickets.alarm_sources import AlarmSource, add_alarm_source
from voc.queries.notices import newest_unread_for, unread_count_for


def register_board() -> None:
    """Called once by this room's AppConfig."""
    add_main_entry(Entry("voc:board", _("Voices"), "chat", Permission.USE_INBOX, order=45, owner_order=2))
    add_alarm_source(AlarmSource(_("Customers' voices"), "voc:alarms", unread_count_for, newest_unread_for))
    add_action_words(
        {
            "voc.improvement.make": _("Proposed an improvement"),
            "voc.improvement.edit": _("Changed an improvement"),
            "voc.improvement.move": _("Moved an improvement"),
            "voc.improvement.answer": _("Added sentences to an improvement"),
            "voc.improvement.leave": _("Took a sentence from an improvement"),
            "voc.improvement.tell": _("Told a customer that she was heard"),
        }
    )
