"""Envelopes in the form of EVENTS.md, with ids that follow from what they tell, never from a counter or a clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_app.demo.hours import SEOUL

Envelope = dict[str, Any]


def envelope(source: str, event_id: str, event_type: str, at: datetime, data: dict[str, Any]) -> Envelope:
    """One event. Its time is told to the second, in Seoul's offset."""
    time = at.astimezone(SEOUL).replace(microsecond=0).isoformat()
    return {"specversion": "1.0", "id": event_id, "source": source, "type": event_type, "time": time, "data": data}


def time_of(event: Envelope) -> datetime:
    return datetime.fromisoformat(event["time"])


class ThreadWriter:
    """Writes the events of one conversation in order; each id is the thread and a number."""

    def __init__(self, source: str, thread: str) -> None:
        self.source = source
        self.thread = thread
        self.events: list[Envelope] = []

    def add(self, event_type: str, at: datetime, **data: Any) -> None:
        """Appends one event of this thread. Empty values are left out."""
        told = {"thread": self.thread} | {key: value for key, value in data.items() if value not in ("", None, {})}
        event_id = f"{self.thread}-{len(self.events) + 1:02d}"
        self.events.append(envelope(self.source, event_id, event_type, at, told))
