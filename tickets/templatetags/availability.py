"""Somebody's availability on the screen: her own control on every page, and a state's name and colour."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from tickets import policies
from tickets.actions.availability import CHOSEN
from tickets.models import Availability
from tickets.models.availability import Cause, State
from tickets.queries.availability import availability_and_settings_of
from tickets.queries.people import state_of_person

register = template.Library()

_DOTS = {
    State.ONLINE: "bg-success",
    State.AWAY: "bg-warning",
    State.BUSY: "bg-error",
    State.AFTER_CALL: "bg-info",
    State.OFFLINE: "bg-base-content/30",
}


@register.filter
def state_dot(state: str) -> str:
    """The colour of a state's dot; its name stands beside it."""
    return _DOTS[State(state)]


@register.filter
def person_state(person: Person) -> State:
    """The state of a colleague who was read with it."""
    return state_of_person(person)


@register.inclusion_tag("tickets/partials/availability_slot.html", takes_context=True)
def availability_control(context: dict[str, Any], place: str) -> dict[str, Any]:
    """Her own state and the ways to change it, for who answers; nothing for others. `place` is rail or bar."""
    request: HttpRequest = context["request"]
    person = request.user
    if not isinstance(person, Person) or person.organization_id is None or not policies.may_answer(person):
        return {"is_shown": False}
    kept = request.__dict__.setdefault("own_availability", {})
    if not kept:
        kept.update(control_context(person))
    return {
        **kept,
        "is_shown": True,
        "place": place,
        "here": request.get_full_path(),
        "csrf_token": context["csrf_token"],
    }


def control_context(person: Person) -> dict[str, Any]:
    """What the control shows."""
    found, allowed = availability_and_settings_of(person)
    row = found or Availability(state=State.OFFLINE, cause=Cause.LEFT)
    return {
        "state": State(row.state),
        "cause": row.cause,
        "why": _why(row),
        "choices": CHOSEN,
        "away_after": allowed.away_after,
    }


def _why(row: Availability) -> str:
    match (row.state, row.cause):
        case (State.AFTER_CALL, _cause):
            until = formats.time_format(timezone.localtime(row.until), "H:i:s") if row.until else ""
            return _("Time to write up the call. Online again at %(time)s, or when it is written up.") % {"time": until}
        case (State.BUSY, Cause.CALL):
            return _("You are on a call.")
        case (State.AWAY, Cause.IDLE):
            return _("Away, since nothing was typed or moved for a while. Any key brings you back.")
        case (_state, Cause.LEAD):
            return _("A lead has set this for you. Choose Online when you are back.")
        case (State.OFFLINE, _cause):
            return _("Nothing is given to you. Choose Online to take part.")
    return ""
