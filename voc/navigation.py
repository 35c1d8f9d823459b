"""This room's entries on the settings page, and the names of its acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from accounts.audit_words import add_action_words
from accounts.navigation import Entry, add_settings_entry
from accounts.policies import Permission

VOICES_GROUP = _("Voice of the customer")


def register_settings() -> None:
    """Called once by this room's AppConfig."""
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
        }
    )
