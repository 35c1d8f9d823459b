"""What was heard in one conversation, line by line: the marks beside a customer's messages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from tickets.models import Ticket, Topic
from voc.models import Voice

# Of the last ones: a page shows no more lines at once.
MARKED_AT_MOST = 300


@dataclass(frozen=True, slots=True)
class ShownTopic:
    topic: Topic
    sentiment: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence as a mark shows it."""

    public_id: UUID
    text: str
    act: str
    act_label: str
    sentiment: int
    severity: str
    severity_label: str
    is_corrected: bool
    language: str
    topics: tuple[ShownTopic, ...]

    @property
    def says_something(self) -> bool:
        """A greeting needs no mark."""
        return bool(self.topics or self.sentiment or self.severity or self.is_corrected)


@dataclass(frozen=True, slots=True)
class LineMarks:
    """`line` is the event's public id without dashes, `part` the number of a call's segment."""

    line: str
    part: int
    marks: list[Mark]


def marks_in(ticket: Ticket) -> list[LineMarks]:
    """Of the ticket's conversation and those merged into it. Two statements."""
    threads = [ticket.thread, *ticket.absorbed_threads]
    rows = (
        Voice.objects.filter(organization_id=ticket.organization_id, thread__in=threads)
        .select_related("event")
        .prefetch_related("topics__topic__parent")
        .defer("event__data", "event__text")
        .order_by("-time", "-pk")[:MARKED_AT_MOST]
    )
    found: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for voice in sorted(rows, key=lambda row: (row.time, row.event_id, row.part, row.start)):
        mark = mark_of(voice)
        if mark.says_something:
            found[voice.event.public_id.hex, voice.part].append(mark)
    return [LineMarks(line, part, marks) for (line, part), marks in found.items()]


def mark_of(voice: Voice) -> Mark:
    return Mark(
        public_id=voice.public_id,
        text=voice.text,
        act=voice.act,
        act_label=str(voice.get_act_display()),
        sentiment=voice.sentiment,
        severity=voice.severity,
        severity_label=str(voice.get_severity_display()),
        is_corrected=voice.is_corrected,
        language=voice.language,
        topics=tuple(
            ShownTopic(row.topic, row.sentiment)
            for row in sorted(voice.topics.all(), key=lambda row: (-row.confidence, row.topic.position))
        ),
    )
