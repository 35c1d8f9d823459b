"""Sends the invented history through the one door, as any sender would, and says how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Organization
from channels_app.demo.history import generate
from channels_app.demo.marks import SOURCES, Mark
from channels_app.intake import Sender, receive
from channels_app.outcomes import CREATED, DUPLICATE, REFUSED

# What the Events API takes at most, and so what the door is built for.
BATCH_SIZE = 500
SENDER = Sender(label="demo", sources=SOURCES)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many events have gone in of how many, and what became of them."""

    sent: int
    total: int
    created: int
    duplicates: int
    refused: int


def load_history(organization: Organization, mark: Mark) -> Iterator[Progress]:
    """Sends everything, batch by batch, oldest first. What is there already is a duplicate and changes nothing."""
    events = list(generate(mark.seed, mark.present, customers=mark.customers))
    became: Counter[str] = Counter()
    for start in range(0, len(events), BATCH_SIZE):
        batch = events[start : start + BATCH_SIZE]
        outcomes = receive(organization, batch, sender=SENDER, at=timezone.now())
        became.update(outcome.status for outcome in outcomes)
        yield Progress(start + len(batch), len(events), became[CREATED], became[DUPLICATE], became[REFUSED])
