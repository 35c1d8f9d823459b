"""A customer's history as screens show it: a page of sentences, newest first, with a cursor to what is older.

Which events are hers is `history`'s to say; this room puts them into words for one reader.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from accounts.models import Organization, Person
from customers.models import Event
from customers.queries.history import history_of
from customers.queries.profiles import Profile
from customers.queries.sentences import agent_emails, sentence_of
from customers.queries.wording import Sentence, Wording
from cxhub.prepared import Prepared, Told

PAGE = 50
# What the filter chips offer; "note" is what has no channel: notes, assignments, surveys, decisions.
CHANNELS = ("pos", "store", "call", "chat", "mail", "message", "note")
# Work on a conversation, of no interest to who wants to know what happened.
HOUSEKEEPING = (
    *("ticket.assigned", "ticket.unassigned", "ticket.topic", "ticket.moved", "ticket.priority", "ticket.tagged"),
    *("ticket.snoozed", "ticket.woken", "ticket.linked", "ticket.unlinked"),
    *("survey.sent", "ticket.opened", "call.ended", "call.recording"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its sentence. `is_unconfirmed` where only a claim connects it with the customer.

    `local_time` is the organization's: fifty of them go through no filter in the template.
    """

    event: Event
    sentence: Sentence
    local_time: datetime
    is_unconfirmed: bool = False

    @property
    def clock(self) -> str:
        return self.local_time.isoformat()[11:16]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`cursor` leads to what is older; "" at the end."""

    entries: tuple[Entry, ...]
    cursor: str
    agents: Mapping[str, str] = field(default_factory=dict)  # names by e-mail of those who speak on it


class BadCursor(ValueError):
    """Not a cursor that a page of history gave out."""


def history_for(
    profile: Profile,
    *,
    before: str = "",
    channels: Collection[str] = (),
    limit: int = PAGE,
    topics: dict[str, str] | None = None,
    threads: Collection[str] | None = None,
) -> HistoryPage:
    """The newest `limit` events (older than the cursor `before`), of some channels or of all. Raises BadCursor.

    The profile says what its reader may see. Four statements.
    """
    wanted = ["" if channel == "note" else channel for channel in channels if channel in CHANNELS]
    events = history_of(
        profile.organization,
        profile.ids,
        before=_read_cursor(before),
        limit=limit + 1,
        channels=wanted,
        threads=threads,
    )
    shown = events[:limit]
    cursor = _cursor_of(shown[-1]) if len(events) > limit else ""
    wording = wording_for(profile, shown, topics=topics)
    return HistoryPage(tuple(entries_of(profile, shown, wording)), cursor, wording.agents)


def entries_of(
    profile: Profile, events: Iterable[Event], wording: Wording, *, is_unconfirmed: bool = False
) -> list[Entry]:
    zone = profile.organization.zone
    return [Entry(event, sentence_of(event, wording), event.time.astimezone(zone), is_unconfirmed) for event in events]


def wording_for(
    profile: Profile,
    events: Iterable[Event],
    *,
    topics: dict[str, str] | None = None,
    agents: Mapping[str, str] | None = None,
) -> Wording:
    """What the sentences about these events need; one statement, none where `agents` names everybody in them."""
    known = dict(agents or {})
    known |= agent_names(profile.organization, agent_emails(events) - known.keys())
    return Wording(
        agents=known,
        topics=topics or {},
        sight=profile.sight,
        customer_names=profile.raw_names if profile.sight.is_masked else (),
    )


_NAMES = Prepared(
    lambda: Person.objects.filter(organization_id=Told("organization_id"), email__any_of=Told("emails")).values_list(
        "email", "name"
    )
)


def agent_names(organization: Organization, emails: set[str]) -> dict[str, str]:
    if not emails:
        return {}
    return dict(_NAMES(organization_id=organization.pk, emails=emails))


def _cursor_of(event: Event) -> str:
    microseconds = int(event.time.timestamp()) * 1_000_000 + event.time.microsecond
    return base64.urlsafe_b64encode(f"{microseconds}.{event.pk}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor[:80] + "=" * (-len(cursor) % 4)).decode("ascii")
        microseconds, pk = (int(part) for part in text.split("."))
        seconds, rest = divmod(microseconds, 1_000_000)
        time = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
        if not 0 <= pk < 1 << 63:
            raise ValueError(pk)
    except (ValueError, OverflowError, OSError, binascii.Error) as cause:
        raise BadCursor(cursor) from cause
    return time, pk
