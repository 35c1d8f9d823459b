"""What was promised to a customer, when it falls due, and whether it was kept.

A promise is a note that says `promise: {text, due}`; a later note with `promise_kept` closes it. Both stand in a
conversation and name no customer, so they are found through her conversations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from customers.models import Event
from customers.queries.history import STANDS_IN_A_THREAD, threads_of
from customers.queries.profiles import Profile
from customers.queries.timeline import wording_for
from cxhub.prepared import Prepared, Told

# Of the newest notes only: whoever has more of them has a person who knows her by heart.
NOTES_READ = 300


@dataclass(frozen=True, slots=True)
class Promise:
    """`due_at` is the end of the day where only a day was told; None where what was told is no date."""

    event: UUID
    event_id: str
    thread: str
    text: str
    agent: str
    made_at: datetime
    due_at: datetime | None
    has_hour: bool
    kept_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.kept_at is None

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now


NOTES = Prepared(
    lambda: (
        Event.objects.filter(
            Q(data__has_key="promise") | Q(data__has_key="promise_kept"),
            STANDS_IN_A_THREAD,
            organization_id=Told("organization_id"),
            thread__any_of=Told("threads"),
            type="note.added",
        )
        .only("public_id", "event_id", "thread", "time", "data", "text", "agent_email")
        .order_by("-time", "-id")[:NOTES_READ]
    )
)


def promises_for(
    profile: Profile, *, threads: Collection[str] | None = None, agents: Mapping[str, str] | None = None
) -> list[Promise]:
    """Open ones first, the earliest due first; then the kept ones, newest first. Three statements.

    `threads` are her conversations and `agents` names by e-mail, where the caller has read them already: a statement
    less for each.
    """
    if threads is None:
        threads = threads_of(profile.organization, profile.ids)
    if not threads:
        return []
    events = NOTES(organization_id=profile.organization.pk, threads=threads)
    kept = {str(event.data["promise_kept"]): event.time for event in reversed(events) if event.data.get("promise_kept")}
    made = [event for event in events if isinstance(event.data.get("promise"), dict)]
    if not made:
        return []
    wording = wording_for(profile, made, agents=agents)
    promises = []
    for event in made:
        told = event.data["promise"]
        due_at, has_hour = _due(told.get("due"), profile.organization.zone)
        promises.append(
            Promise(
                event=event.public_id,
                event_id=event.event_id,
                thread=event.thread,
                text=wording.words(told.get("text") or event.text),
                agent=wording.agent(event),
                made_at=event.time,
                due_at=due_at,
                has_hour=has_hour,
                kept_at=kept.get(str(event.public_id)) or kept.get(event.event_id),
            )
        )
    far = datetime.max.replace(tzinfo=UTC)
    still_open = sorted((one for one in promises if one.is_open), key=lambda one: one.due_at or far)
    return still_open + [one for one in promises if not one.is_open]


def _due(told: object, zone: ZoneInfo) -> tuple[datetime | None, bool]:
    try:
        if isinstance(told, str) and len(told) == len("2026-11-25"):
            return datetime.combine(date.fromisoformat(told), time.max, tzinfo=zone), False
        due = datetime.fromisoformat(str(told))
    except ValueError:
        return None, False
    return (due if due.tzinfo else due.replace(tzinfo=zone)), True
