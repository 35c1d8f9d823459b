"""Which merges of conversations stand, as their events tell. Pure. An undone merge is left out, as if it had never been."""

from __future__ import annotations

from collections.abc import Sequence

from tickets.fold import CARRIED_OVER, FROM, INTO, MERGED, UNMERGED
from tickets.state import ThreadEvent


def without_undone(events: Sequence[ThreadEvent]) -> list[ThreadEvent]:
    """The events of one conversation, in their order, without the merges that a later one undid."""
    standing: dict[str, int] = {}
    undone = set()
    for event in events:
        if event.type == MERGED:
            standing[event.text] = event.pk
        elif event.type == UNMERGED and event.text in standing:
            undone.add(standing.pop(event.text))
    return [event for event in events if event.pk not in undone]


def merged_into_it(events: Sequence[ThreadEvent]) -> set[str]:
    """The conversations of which this one's events say that they were merged into it."""
    return {event.text for event in events if event.type == MERGED and event.qualifier.partition(" ")[0] == FROM}


def carried_over(events: Sequence[ThreadEvent], *, into: str) -> list[ThreadEvent]:
    """What the conversation that goes on hears of a merged one, of all its events: what was said since it was merged.

    Nothing where its own events do not say so: both sides must.
    """
    heard: list[ThreadEvent] = []
    is_merged = False
    for event in without_undone(events):
        if event.type == MERGED and event.qualifier == INTO:
            is_merged = event.text == into
        elif is_merged and event.type in CARRIED_OVER:
            heard.append(event._replace(is_foreign=True, seq=0, center_id=None, store_id=None))
    return heard
