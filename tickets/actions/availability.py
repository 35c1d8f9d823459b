"""Every change of somebody's availability: by herself, by idleness, by her connection, by her calls.

One row for each person is locked and changed; each change is kept with its time, and told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actions import Refused
from accounts.models import Center, Organization, Person, Role
from accounts.policies import NotAllowed, Permission, may, people_reached
from accounts.queries import organization_for
from tickets import policies
from tickets.events import announce_availability
from tickets.models import Availability, AvailabilityChange
from tickets.models.availability import Cause, State
from tickets.queries.availability import is_on_call, settings_of
from tickets.waking import wake_on_commit

CHOSEN = (State.ONLINE, State.AWAY, State.BUSY, State.OFFLINE)
# What a lead may say of a colleague. That she is there, she alone can say.
SET_BY_LEADS = (State.AWAY, State.BUSY, State.OFFLINE)
# A page that loads anew, a train in a tunnel, a hub that restarts.
GRACE = timedelta(seconds=30)


class Move(NamedTuple):
    state: State
    cause: Cause
    until: datetime | None = None


def choose_state(person: Person, state: str, *, at: datetime) -> Availability:
    """She says what she is. Raises NotAllowed, or Refused for what is no choice."""
    if not policies.may_answer(person):
        raise NotAllowed(Permission.USE_INBOX)
    if state not in CHOSEN:
        raise Refused(_("Choose one of the states that are offered."), field="state")
    return _move(person, lambda row: Move(State(state), Cause.HERSELF), at=at)


def set_state_of(person: Person, state: str, *, by: Person, at: datetime) -> Availability:
    """A lead says it of a colleague who cannot: she has left and forgotten to. Stands until she says otherwise herself.

    Raises NotAllowed, or Refused for what is no choice.
    """
    is_hers = people_reached(by).filter(pk=person.pk, is_active=True).exists()
    if not may(by, Permission.SEE_PEOPLE) or not is_hers or by.pk == person.pk or not policies.may_answer(person):
        raise NotAllowed(Permission.SEE_PEOPLE)
    if state not in SET_BY_LEADS:
        raise Refused(_("Choose one of the states that are offered."), field="state")
    with transaction.atomic():
        before = Availability.objects.filter(person=person).values_list("state", flat=True).first()
        if (before or State.OFFLINE) == state:
            raise Refused(_("She is in that state already."), field="state")
        row = _move(person, lambda row: Move(State(state), Cause.LEAD), at=at)
        audit.record(
            organization_for(by),
            by=by,
            action="tickets.availability.set",
            obj=f"person {person.public_id}",
            before={"state": before or State.OFFLINE},
            after={"state": state},
            at=at,
        )
    return row


def arrive(person: Person, *, at: datetime) -> None:
    """A page of hers is connected. Who left or was cut off is online again; what she chose herself stands.

    Leads and owners look in for many reasons: they are offline until they say otherwise.
    """

    def back(row: Availability) -> Move | None:
        is_cut_off = row.cause == Cause.DROPPED or (row.cause == Cause.LEFT and person.role == Role.AGENT)
        return Move(State.ONLINE, Cause.ARRIVED) if row.state == State.OFFLINE and is_cut_off else None

    if not policies.may_answer(person):
        return
    standing = Availability.objects.filter(person=person).first()
    if standing is None and person.role != Role.AGENT:
        return  # who only looks in has no state yet
    if standing is None or standing.gone_since is not None or back(standing):
        _move(person, back, at=at, is_connected=True)


def note_idle(person: Person, *, at: datetime) -> Availability:
    """Her page has seen neither key nor pointer for as long as her center allows."""
    return _move(person, lambda row: Move(State.AWAY, Cause.IDLE) if row.state == State.ONLINE else None, at=at)


def note_active(person: Person, *, at: datetime) -> Availability:
    """She is back at the keyboard; away for another reason than idleness stays."""

    def back(row: Availability) -> Move | None:
        return Move(State.ONLINE, Cause.IDLE) if (row.state, row.cause) == (State.AWAY, Cause.IDLE) else None

    return _move(person, back, at=at)


def leave(person: Person, *, at: datetime) -> None:
    """She logged out, or her account was closed."""
    if Availability.objects.filter(person=person).exists():
        _move(person, lambda row: Move(State.OFFLINE, Cause.LEFT) if row.state != State.OFFLINE else None, at=at)


def finish_wrap_up(person: Person, *, at: datetime) -> None:
    """What there was to write after the call is written."""
    if Availability.objects.filter(person=person, state=State.AFTER_CALL).exists():
        _move(person, lambda row: Move(State.ONLINE, Cause.CALL) if row.state == State.AFTER_CALL else None, at=at)


def follow_calls(person: Person, *, at: datetime) -> None:
    """Busy while she talks, after-call work when the call has ended; nothing for who is offline or chose otherwise."""
    is_talking, wrap_up = is_on_call(person), settings_of(person).wrap_up

    def moved(row: Availability) -> Move | None:
        is_free = row.state in (State.ONLINE, State.AFTER_CALL) or row.cause == Cause.IDLE
        if is_talking and is_free:
            return Move(State.BUSY, Cause.CALL)
        if not is_talking and (row.state, row.cause) == (State.BUSY, Cause.CALL):
            return Move(State.AFTER_CALL, Cause.CALL, at + wrap_up) if wrap_up else Move(State.ONLINE, Cause.CALL)
        return None

    if Availability.objects.filter(person=person).exclude(state=State.OFFLINE).exists():
        _move(person, moved, at=at)


def look_after(person: Person, *, is_connected: bool | None, at: datetime) -> None:
    """What time alone does to somebody who is not offline. `is_connected` is None where that is not known."""

    def moved(row: Availability) -> Move | None:
        if not person.is_active:
            return Move(State.OFFLINE, Cause.LEFT)
        if is_connected is False and row.gone_since is not None and row.gone_since <= at - GRACE:
            return Move(State.OFFLINE, Cause.DROPPED)
        if row.state == State.AFTER_CALL and row.until is not None and row.until <= at:
            return Move(State.ONLINE, Cause.CALL)
        return None

    standing = Availability.objects.filter(person=person).exclude(state=State.OFFLINE).first()
    if standing is None:
        return
    is_known = is_connected is None or is_connected == (standing.gone_since is None)
    if moved(standing) or not is_known:
        _move(person, moved, at=at, is_connected=is_connected)


def lock_people(center: Center) -> None:
    """Locks the rows of the center's people until the transaction ends: what they are given is decided meanwhile.

    In one order for everybody: another center that shares some of them waits here.
    """
    rows = Availability.objects.filter(organization_id=center.organization_id, person__centers=center)
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def note_turns(organization: Organization, emails: Collection[str], *, at: datetime) -> None:
    """Routing has just given these people something: whose turn it is next goes by that."""
    Availability.objects.filter(organization=organization, person__email__in=emails).update(given_at=at)


def _move(
    person: Person,
    decide: Callable[[Availability], Move | None],
    *,
    at: datetime,
    is_connected: bool | None = None,
) -> Availability:
    """Locks her row, asks what it becomes, keeps and tells the change. None, or the state she is in, changes nothing."""
    assert person.organization_id is not None, "Only who belongs to an organization answers for it."
    with transaction.atomic():
        Availability.objects.get_or_create(
            person=person, defaults={"organization_id": person.organization_id, "since": at}
        )
        row = Availability.objects.select_for_update(of=("self",)).get(person=person)
        move = decide(row)
        _note_connection(row, is_connected, at=at)
        if move is None or move == (row.state, row.cause, row.until):
            return row
        is_other = move.state != row.state
        row.cause, row.until = move.cause, move.until
        if is_other:
            row.state, row.since = move.state, at
        row.save(update_fields=["state", "cause", "until", "since"])
        AvailabilityChange.objects.create(
            organization_id=person.organization_id, person=person, at=at, state=move.state, cause=move.cause
        )
        announce_availability(person)
        if is_other and move.state in (State.ONLINE, State.OFFLINE):
            wake_on_commit(person.organization_id)
    return row


def _note_connection(row: Availability, is_connected: bool | None, *, at: datetime) -> None:
    if is_connected is None or is_connected == (row.gone_since is None):
        return
    row.gone_since = None if is_connected else at
    row.save(update_fields=["gone_since"])
