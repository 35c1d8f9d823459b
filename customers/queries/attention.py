"""What whoever serves the customer next must know first: what was said in the last two days, on any channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from customers.models import Event
from customers.queries.timeline import Entry
from cxhub.prepared import Prepared, Told

LATELY = timedelta(hours=48)
SHOWN = 4
# What somebody said or left unsaid; a purchase needs no reading up on.
_SAID = Q(author="customer") | Q(type__in=("store.inquiry", "call.queued", "call.abandoned"))
_SAID_TYPES = frozenset({"store.inquiry", "call.transcript", "call.abandoned"})
# Behind a call: the note of who took it says more than that it rang.
_WRITTEN_DOWN = frozenset({"note.added"})


@dataclass(frozen=True, slots=True)
class Said:
    """The last that was said in one conversation, and how many times something was said there."""

    entry: Entry
    count: int


def said_lately(entries: Iterable[Entry], now: datetime) -> list[Said]:
    """Of a page of history, newest first: one line for each conversation of the last two days, at most four.

    Costs nothing more than the page did. Of a conversation the customer's own last words stand, else the note on it.
    """
    conversations: dict[str, list[Entry]] = {}
    for entry in entries:
        if now - entry.event.time <= LATELY and _is_telling(entry):
            conversations.setdefault(entry.event.thread or entry.event.event_id, []).append(entry)
    said = []
    for told in conversations.values():
        hers = [entry for entry in told if entry.sentence.is_of_customer and entry.sentence.quote]
        said.append(Said((hers or told)[0], len(told)))
    return said[:SHOWN]


def _is_telling(entry: Entry) -> bool:
    event = entry.event
    if event.type == "store.visit":
        return bool(entry.sentence.quote)
    is_note = event.type in _WRITTEN_DOWN and not event.data.get("promise")
    return event.author == "customer" or event.type in _SAID_TYPES or is_note


# Which of these customer rows had something to say `since` then: told are those who were seen since.
# That there is a customer is said again: the index of customers' events holds no others, and a statement that is
# planned once, without the list, could not use it.
HEARD_SINCE = Prepared(
    lambda: (
        Event.objects.filter(
            _SAID,
            organization_id=Told("organization_id"),
            customer__any_of=Told("seen", is_unseen=True),
            customer__isnull=False,
            time__gte=Told("since"),
        )
        .values_list("customer_id", flat=True)
        .distinct()
    )
)
