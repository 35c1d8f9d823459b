"""People who are available, centers that route, and a clock within office hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.actions import set_center_schedule
from accounts.models import Center, Person
from channels_app.hub.routing import route_center
from cxhub.presence import note_socket
from tests.cast import SETUP
from tickets.actions.availability import choose_state
from tickets.actions.routing import Content, Special, set_center_routing
from tickets.models import Ticket
from tickets.routing import Mode


def routes(
    center: Center,
    mode: str = Mode.LEAST_LOADED,
    *,
    limit: int = 4,
    specials: dict[int, Special] | None = None,
    wrap_up_seconds: int = 60,
) -> None:
    """The center routes, and is always open: whenever the tests run."""
    at = timezone.now()
    set_center_schedule(center, hours={}, holidays=[], targets={}, by=SETUP, at=at)
    content = Content(mode=mode, chat_limit=limit, wrap_up_seconds=wrap_up_seconds)
    set_center_routing(center, content, specials or {}, by=SETUP, at=at)


def online(*people: Person) -> None:
    for person in people:
        note_socket(person.pk, "test")
        choose_state(person, "online", at=timezone.now())


def route(center: Center, *, at: datetime | None = None) -> int:
    center = Center.objects.select_related("organization").get(pk=center.pk)
    return route_center(center, at=at or timezone.now())


def owners() -> dict[str, str]:
    """Whose each ticket is, by thread."""
    return dict(Ticket.objects.standing().values_list("thread", "agent_email"))


def later(**much: float) -> datetime:
    return timezone.now() + timedelta(**much)
