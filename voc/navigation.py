"""This room's entries in the rail and on the settings page, what the bell counts of it, and its acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words
from accounts.navigation import Entry, add_main_entry, add_settings_entry
from accounts.policies import Permission
from tickets.alarm_sources import AlarmSource, add_alarm_source
from voc.queries.notices import newest_unread_for, unread_count_for

VOICES_GROUP = _("Voice of the customer")


def register_entries() -> None:
    """Called once by this room's AppConfig, as is `register_words`."""
    add_main_entry(Entry("voc:board", _("Voices"), "chat", Permission.USE_INBOX, order=45, owner_order=2))
    add_alarm_source(AlarmSource(_("Customers' voices"), "voc:alarms", unread_count_for, newest_unread_for))
    add_settings_entry(
        Entry(
            "voc:topics",
            _("Topics of conversation"),
            "tag",
            Permission.EDIT_TOPICS,
            order=80,
            description=_("What customers talk about: names, cue words, examples, merging"),
            group=VOICES_GROUP,
        )
    )
    add_settings_entry(
        Entry(
            "voc:learning",
            _("Learning"),
            "chart",
            Permission.EDIT_TOPICS,
            order=81,
            description=_("What the hub has learned from corrections, and turning it back"),
            group=VOICES_GROUP,
        )
    )


def register_words() -> None:
    add_action_words(
        {
            "voc.view": _("Read what customers said"),
            "voc.correct": _("Corrected tags"),
            "voc.topic.add": _("Added a topic"),
            "voc.topic.edit": _("Changed a topic"),
            "voc.topic.merge": _("Merged topics"),
            "voc.layer.turn_back": _("Turned back what was learned"),
            "voc.layer.use_again": _("Took up again what was learned"),
            "voc.improvement.make": _("Proposed an improvement"),
            "voc.improvement.edit": _("Changed an improvement"),
            "voc.improvement.move": _("Moved an improvement"),
            "voc.improvement.answer": _("Added sentences to an improvement"),
            "voc.improvement.leave": _("Took a sentence from an improvement"),
            "voc.improvement.tell": _("Told a customer that she was heard"),
        }
    )
