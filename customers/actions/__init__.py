from customers.actions.groups import note_suggestions
from customers.actions.locking import NeedsExclusiveLock
from customers.actions.recording import EventRow, Recorded, Recording, record_events

__all__ = ["EventRow", "NeedsExclusiveLock", "Recorded", "Recording", "note_suggestions", "record_events"]
