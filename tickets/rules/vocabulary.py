"""The words a rule is put together from: what sets it off, what is asked, what is done; and what each takes as value.

A rule, its screen, its trial and its run all read these lists: a new word is one entry here and one function beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Trigger(StrEnum):
    """What sets a rule off: something that happened, or a time that has passed."""

    OPENED = "opened"
    CUSTOMER_MESSAGE = "customer_message"
    HANDOFF = "handoff"
    CALL_ABANDONED = "call_abandoned"
    ASSIGNED = "assigned"
    MOVED = "moved"
    TAGGED = "tagged"
    PRIORITIZED = "prioritized"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    BREACHED = "breached"
    UNANSWERED = "unanswered"
    SILENT = "silent"
    AFTER_RESOLVE = "after_resolve"


# These are set off by nothing that happens, but by so many minutes in which it did not.
TIMED = (Trigger.UNANSWERED, Trigger.SILENT, Trigger.AFTER_RESOLVE)
LONGEST_MINUTES = 30 * 24 * 60


class Value(StrEnum):
    """What stands beside a word: nothing, one or some of a list, words parted by commas, a text, a number."""

    NONE = "none"
    CHOICES = "choices"
    CHOICE = "choice"
    WORDS = "words"
    TEXT = "text"
    NUMBER = "number"


class Listed(StrEnum):
    """Which list the value is chosen from."""

    CHANNELS = "channels"
    CENTERS = "centers"
    TOPICS = "topics"
    PRIORITIES = "priorities"
    TARGETS = "targets"
    PEOPLE = "people"
    ALARMED = "alarmed"


@dataclass(frozen=True, slots=True)
class Word:
    """`is_optional`: the value may be left out."""

    label: Promise
    value: Value = Value.NONE
    listed: Listed | None = None
    is_optional: bool = False
    hint: Promise | str = ""


TRIGGERS: Mapping[str, Word] = {
    Trigger.OPENED: Word(_("A ticket is opened")),
    Trigger.CUSTOMER_MESSAGE: Word(_("The customer writes")),
    Trigger.HANDOFF: Word(_("The bot hands over to people")),
    Trigger.CALL_ABANDONED: Word(_("A call is missed")),
    Trigger.ASSIGNED: Word(_("Somebody takes the ticket")),
    Trigger.MOVED: Word(_("The ticket is handed to another center")),
    Trigger.TAGGED: Word(_("The ticket's tags are changed")),
    Trigger.PRIORITIZED: Word(_("The priority is changed")),
    Trigger.RESOLVED: Word(_("The ticket is resolved")),
    Trigger.REOPENED: Word(_("The ticket is opened again")),
    Trigger.BREACHED: Word(_("A target is missed")),
    Trigger.UNANSWERED: Word(_("The customer has waited for so many minutes"), Value.NUMBER),
    Trigger.SILENT: Word(_("The customer has not answered us for so many minutes"), Value.NUMBER),
    Trigger.AFTER_RESOLVE: Word(_("So many minutes have passed since it was resolved"), Value.NUMBER),
}

TESTS: Mapping[str, Word] = {
    "channel_is": Word(_("The channel is"), Value.CHOICES, Listed.CHANNELS),
    "channel_is_not": Word(_("The channel is not"), Value.CHOICES, Listed.CHANNELS),
    "center_is": Word(_("The center is"), Value.CHOICES, Listed.CENTERS),
    "topic_is": Word(_("The topic is"), Value.CHOICES, Listed.TOPICS),
    "topic_missing": Word(_("No topic is set")),
    "priority_is": Word(_("The priority is"), Value.CHOICES, Listed.PRIORITIES),
    "tagged": Word(_("It has one of these tags"), Value.WORDS, hint=_("Several, parted by commas.")),
    "untagged": Word(_("It has none of these tags"), Value.WORDS, hint=_("Several, parted by commas.")),
    "taken": Word(_("Somebody has it")),
    "untaken": Word(_("Nobody has it")),
    "reopened_at_least": Word(_("It was opened again at least so many times"), Value.NUMBER),
    "says": Word(_("The customer's message has one of these words"), Value.WORDS, hint=_("Several, parted by commas.")),
    "says_not": Word(
        _("The customer's message has none of these words"), Value.WORDS, hint=_("Several, parted by commas.")
    ),
    "customer_known": Word(_("We know the customer")),
    "customer_unknown": Word(_("We do not know the customer")),
    "purchases_at_least": Word(_("She has bought at least so many times"), Value.NUMBER),
    "purchases_below": Word(_("She has bought fewer times than"), Value.NUMBER),
    "in_hours": Word(_("Within the center's hours")),
    "out_of_hours": Word(_("Outside of the center's hours")),
    "target_is": Word(_("The missed target is"), Value.CHOICES, Listed.TARGETS),
}

ACTS: Mapping[str, Word] = {
    "reply": Word(
        _("Reply to the customer"),
        Value.TEXT,
        hint=_("At most once a day in each ticket. It counts as no person's answer: who waits goes on waiting."),
    ),
    "note": Word(_("Write an internal note"), Value.TEXT),
    "priority": Word(_("Set the priority"), Value.CHOICE, Listed.PRIORITIES),
    "tag": Word(_("Put on tags"), Value.WORDS, hint=_("Several, parted by commas.")),
    "assign": Word(_("Assign, where nobody has it"), Value.CHOICE, Listed.PEOPLE),
    "move": Word(_("Hand to another center"), Value.CHOICE, Listed.CENTERS),
    "notify": Word(
        _("Notify"),
        Value.CHOICE,
        Listed.ALARMED,
        hint=_("In the list of alarms, as a notification of the browser and by mail, as each of them has set it."),
    ),
    "resolve": Word(_("Resolve the ticket"), Value.CHOICE, Listed.TOPICS, is_optional=True, hint=_("With this topic.")),
}
# Whom `notify` tells besides single people.
LEADS = "leads"
