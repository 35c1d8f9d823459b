"""Who can be given work, what they have to do, and what is set for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Center, Person
from cxhub.prepared import Prepared, Told
from tickets.call_states import ON_CALL
from tickets.models import AgentRouting, Availability, CenterRouting, Ticket

# A telephone system that never tells of a call's end must not keep somebody busy for ever.
LONGEST_CALL = timedelta(hours=4)
# An answered chat takes a place until the customer has been silent for so long.
GOING_ON = timedelta(hours=1)

_ALLOWS = ("away_after_minutes", "wrap_up_seconds")
_COLUMNS = [field.attname for field in Availability._meta.concrete_fields]
# Hers, as often as she has centers, with what each of those allows.
_STANDING: Prepared[tuple[Any, ...]] = Prepared(
    lambda: Person.objects.filter(pk=Told("person")).values_list(
        *(f"centers__routing__{name}" for name in _ALLOWS),
        *(f"availability__{name}" for name in _COLUMNS),
    )
)


@dataclass(frozen=True, slots=True)
class Own:
    """What her centers allow her; of several the most generous counts."""

    away_after: timedelta
    wrap_up: timedelta


def availability_and_settings_of(person: Person) -> tuple[Availability | None, Own]:
    """Her state, None where she has never come to the desk, and what is allowed to her. One short statement."""
    rows = _STANDING(person=person.pk)
    allowed = [
        CenterRouting() if row[0] is None else CenterRouting(**dict(zip(_ALLOWS, row, strict=False))) for row in rows
    ]
    state = rows[0][2:] if rows else ()
    found = Availability.from_db(connection.alias, _COLUMNS, state) if state and state[0] is not None else None
    return found, _most_generous(allowed)


def settings_of(person: Person) -> Own:
    """What holds for her in all of her centers. One statement."""
    return _allowed_by(Center.objects.filter(people=person).select_related("routing"))


def _allowed_by(centers: Iterable[Center]) -> Own:
    return _most_generous([getattr(center, "routing", None) or CenterRouting() for center in centers])


def _most_generous(found: Sequence[CenterRouting]) -> Own:
    rows = found or [CenterRouting()]
    return Own(
        away_after=timedelta(minutes=max(row.away_after_minutes for row in rows)),
        wrap_up=timedelta(seconds=max(row.wrap_up_seconds for row in rows)),
    )


def is_on_call(person: Person) -> bool:
    return person.email in on_call_among(person.organization_id or 0, [person.email])


def on_call_among(organization_id: int, emails: Collection[str]) -> set[str]:
    """Those of them who talk with a customer now. One statement."""
    talking = Ticket.objects.open().filter(
        organization_id=organization_id,
        agent_email__in=emails,
        call_state__in=ON_CALL,
        last_event_at__gt=timezone.now() - LONGEST_CALL,
    )
    return set(talking.values_list("agent_email", flat=True))


def loads_of(organization_id: int, emails: Collection[str], *, at: datetime) -> Counter[str]:
    """How many conversations each of them has going on: the customer waits, or spoke within the hour. Not calls."""
    going_on = (
        Ticket.objects.open()
        .filter(Q(waiting_since__isnull=False) | Q(last_message_at__gt=at - GOING_ON))
        .filter(organization_id=organization_id, agent_email__in=emails)
        .exclude(channel="call")
    )
    return Counter(going_on.values_list("agent_email", flat=True))


def limits_of(people: Iterable[int]) -> dict[int, int]:
    """The limits of their own, of those who have one. One statement."""
    rows = AgentRouting.objects.filter(person__in=people, chat_limit__isnull=False)
    return {person: limit for person, limit in rows.values_list("person_id", "chat_limit") if limit is not None}
