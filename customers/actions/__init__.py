from customers.actions.event_rows import EventRow, SomeAreKnown
from customers.actions.groups import note_suggestions
from customers.actions.locking import NeedsExclusiveLock
from customers.actions.promises import refold_promises
from customers.actions.recording import Recorded, Recording, finish_recording, record_events

__all__ = [
    "EventRow",
    "NeedsExclusiveLock",
    "Recorded",
    "Recording",
    "SomeAreKnown",
    "finish_recording",
    "note_suggestions",
    "record_events",
    "refold_promises",
]
