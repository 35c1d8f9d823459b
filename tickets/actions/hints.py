"""Takes what somebody who listens has understood of conversations. Nothing of a ticket's own hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organization
from tickets.models import Hint


@dataclass(frozen=True, slots=True)
class HintContent:
    """`mood` is one of Hint.Mood, as of `spoken_at`; `topic` a slug or "", `cue` the words that speak for it."""

    thread: str
    mood: int
    spoken_at: datetime
    topic: str = ""
    cue: str = ""


def set_hints(organization: Organization, hints: Sequence[HintContent]) -> None:
    """Writes each thread's hint over the one before. One statement, in the caller's transaction."""
    Hint.objects.bulk_create(
        [
            Hint(
                organization=organization,
                thread=hint.thread,
                mood=hint.mood,
                spoken_at=hint.spoken_at,
                topic=hint.topic[:100],
                cue=hint.cue[:100],
            )
            for hint in hints
        ],
        update_conflicts=True,
        unique_fields=["organization", "thread"],
        update_fields=["mood", "spoken_at", "topic", "cue"],
    )
