"""Which tickets a list of the inbox holds: its views and filters as conditions, and what it shows of each.

Each condition is written once, for a queryset of its own and for one that is put together beforehand (`cxhub.prepared`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.models import Person
from cxhub.prepared import Told
from tickets.call_states import GOING_ON, OVER
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.policies import Reach
from tickets.queries.hints import MOOD_LASTS, angry_threads
from tickets.queries.mentions import Who, mentioned_tickets
from tickets.tag_keys import between, keys_in


class View(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    BREACHED = "breached"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    ALL = "all"
    MENTIONS = "mentions"
    ANGRY = "angry"


# By which customers come; and what we have opened ourselves.
COMING = ("chat", "call", "message", "mail", "store")
CHANNELS = (*COMING, "ticket")
# Views of which whatever is said last stands first.
NEWEST_FIRST = (View.RESOLVED, View.ALL, View.MENTIONS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person wants to see. `center` is a key of `accounts.Center`; `words` searches in all tickets.

    `tag` is a key. `resolved_since` bounds the resolved ones: of years of them nobody reads a list, and none could be
    counted live. Who is snoozed and what is past its target is told by `now`.
    """

    view: View = View.OPEN
    center: int | None = None
    channel: str = ""
    words: str = ""
    resolved_since: datetime | None = None
    priority: str = ""
    tag: str = ""
    now: datetime = field(default_factory=timezone.now)
    # Known once it has been counted: then a list in its order soon meets enough that have the tag.
    is_tag_common: bool = False

    @property
    def is_pressing(self) -> bool:
        """Whether a priority is asked for that few tickets have."""
        return self.priority not in ("", Ticket.Priority.NORMAL)

    @property
    def is_newest_first(self) -> bool:
        return bool(self.words) or self.view in NEWEST_FIRST


class Listed(NamedTuple):
    """A ticket with no more than a list shows: fifty rows of whole models take longer to make than to draw."""

    pk: int
    public_id: UUID
    thread: str
    channel: str
    status: str
    agent_email: str
    topic: str
    call_state: str
    call_since: datetime | None
    call_seconds: int | None
    opened_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    due_kind: str
    last_event_at: datetime
    last_author: str
    last_text: str
    priority: str
    tags: str
    snoozed_until: datetime | None
    customer_id: int | None
    center_id: int | None
    merged_into_id: int | None
    center_name: str | None
    store_name: str | None
    # Hint.Mood, where somebody has listened within a day.
    mood: int | None = None

    @property
    def is_open(self) -> bool:
        return self.status == Ticket.Status.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.is_open and self.waiting_since is not None

    @property
    def is_call(self) -> bool:
        return self.channel == "call"

    @property
    def is_call_over(self) -> bool:
        return self.call_state in OVER

    @property
    def is_calling(self) -> bool:
        return self.is_open and self.call_state in GOING_ON

    @property
    def root_id(self) -> int | None:
        """The customer whom the ticket's customer is part of now."""
        return self.merged_into_id or self.customer_id

    @property
    def tag_keys(self) -> list[str]:
        return keys_in(self.tags)


COLUMNS = (*Listed._fields[:-4], "customer__merged_into_id", "center__name", "store__name", "mood")

# Whom a prepared queryset will be told.
SOMEBODY = Who(Told("organization_id"), Told("person"), Told("email"))

# Gives a condition its value: the value itself, or the place where it will be told.
Say = Callable[[str, Any], Any]


def at_once(_name: str, value: Any) -> Any:
    return value


def later(name: str, _value: Any) -> Told:
    return Told(name)


def told(reach: Reach, asked: Asked, person: Person) -> dict[str, Any]:
    """All that conditions said `later` need."""
    said = {"center": asked.center, "channel": asked.channel, "since": asked.resolved_since, "priority": asked.priority}
    who = {"email": person.email, "person": person.pk}
    instants = {"now": asked.now, "angry_since": asked.now - MOOD_LASTS}
    centers = reach.centers or ()
    if asked.center is not None:
        centers = (asked.center,) if reach.centers is None or asked.center in reach.centers else ()
    places = {"place_centers": centers, "place_channels": (asked.channel,) if asked.channel else CHANNELS}
    tags = {"tag": between(asked.tag), "tag_key": asked.tag, "tag_centers": _centers_of_tag(reach, asked)}
    return {**reach.told, **said, **who, **instants, **places, **tags}


def shape(reach: Reach, asked: Asked) -> tuple[bool, ...]:
    """What differs where the text of the filters' condition does."""
    filters = (asked.center is None, not asked.channel, not asked.priority, asked.is_pressing, not asked.tag)
    return *reach.shape, *filters, asked.resolved_since is None, asked.is_tag_common


def within(reach: Reach, asked: Asked, say: Say) -> TicketQuerySet:
    """The tickets of the person's reach under the filters, in whichever view."""
    reached = reach.told_rows if say is later else reach.rows
    organization_id = say("organization_id", reach.organization_id)
    return Ticket.objects.shown().filter(reached, filters(asked, say, reach), organization_id=organization_id)


# As `ticket_of_tag` is kept, for the few of all open tickets that have one tag. No tag ends with a space.
_TAG_KEYS = (
    "string_to_array(tickets_ticket.organization_id::text || E' \\n' || coalesce(tickets_ticket.center_id::text, '')"
    " || '@ ' || tickets_ticket.tags, E'\\n')"
)
_HAS_TAG = f"{_TAG_KEYS} @> ARRAY[(%s)::bigint::text || ' ', %s]"
_IS_AT_CENTER = f"{_TAG_KEYS} && %s::text[]"


def filters(asked: Asked, say: Say, reach: Reach, *, with_place: bool = True) -> Q:
    """What was chosen above the list that the reach bounds; `with_place` also the center and the channel."""
    found = Q()
    if asked.center is not None and with_place:
        found &= Q(center=say("center", asked.center))
    if asked.channel and with_place:
        found &= Q(channel=say("channel", asked.channel))
    if asked.priority:
        found &= Q(priority=say("priority", asked.priority))
        if asked.is_pressing:
            # What the index of the few that are not ordinary is kept by.
            found &= ~Q(priority=Ticket.Priority.NORMAL)
    if asked.tag:
        # What the indexes of all that have tags are kept by.
        found &= ~Q(tags="") & _has_tag(asked, say, reach)
    return found


def _has_tag(asked: Asked, say: Say, reach: Reach) -> Q:
    if connection.vendor == "postgresql" and not asked.is_tag_common:
        found = _raw(_HAS_TAG, say("organization_id", reach.organization_id), say("tag_key", asked.tag))
        # Said besides the condition on the center, so that the index leaves out those of all others.
        if (centers := _centers_of_tag(reach, asked)) is not None:
            places = say("tag_centers", centers)
            if isinstance(places, Told):
                places.is_list = True
            found &= _raw(_IS_AT_CENTER, places)
        return found
    tag = say("tag", between(asked.tag))
    return Q(GreaterThan(StrIndex(F("tags"), tag if isinstance(tag, Told) else Value(tag)), 0))


def _raw(statement: str, *parameters: Any) -> Q:
    return Q(RawSQL(statement, parameters, output_field=BooleanField()))  # noqa: S611 - nothing of an address in it


def _centers_of_tag(reach: Reach, asked: Asked) -> list[str] | None:
    """The only centers that are meant, as `ticket_of_tag` keeps them; None where that may be all."""
    if asked.center is not None:
        return [f"{asked.center}@ "]
    if reach.centers is None or reach.stores:
        return None
    return [*(f"{center}@ " for center in reach.centers), *(["@ "] if reach.has_unclaimed else [])]


def in_view(view: View, asked: Asked, say: Say, *, who: Who) -> Q:
    """The condition of one view, on tickets that stand."""
    is_open = Q(status=Ticket.Status.OPEN)
    is_snoozed = Q(snoozed_until__gt=say("now", asked.now))
    is_awake = is_open & (Q(snoozed_until=None) | Q(snoozed_until__lte=say("now", asked.now)))
    is_resolved = resolved_lately(asked, say)
    return {
        View.OPEN: is_awake,
        View.WAITING: is_awake & Q(waiting_since__isnull=False),
        View.MINE: is_awake & Q(agent_email=who.email),
        View.UNASSIGNED: is_awake & Q(agent_email=""),
        View.BREACHED: is_open & Q(due_at__lt=say("now", asked.now)),
        View.SNOOZED: is_open & is_snoozed,
        View.RESOLVED: is_resolved,
        View.ALL: is_open | is_resolved,
        View.MENTIONS: Q(pk__in=mentioned_tickets(who)),
        View.ANGRY: is_awake & Q(thread__in=angry_threads(who, since=say("angry_since", asked.now - MOOD_LASTS))),
    }[view]


def is_answered(asked: Asked, say: Say) -> Q:
    """Open, awake, and nobody waits."""
    return in_view(View.OPEN, asked, say, who=SOMEBODY) & Q(waiting_since=None)


def counted_in(view: View, asked: Asked, say: Say, *, who: Who) -> Q:
    """The condition on what is counted of a view: of mentions, the unread."""
    if view is View.MENTIONS:
        return Q(pk__in=mentioned_tickets(who, is_unread=True))
    return in_view(view, asked, say, who=who)


def resolved_lately(asked: Asked, say: Say) -> Q:
    """What was resolved lately has an event of lately: that column has the index."""
    is_resolved = Q(status=Ticket.Status.RESOLVED)
    if asked.resolved_since is None:
        return is_resolved
    since = say("since", asked.resolved_since)
    return is_resolved & Q(last_event_at__gte=since, resolved_at__gte=since)
